"""The grid under the pointer against looking at every point."""

from __future__ import annotations

import numpy as np
import pytest

from crm_desktop.ui.graph.hit_test import PointGrid, pick


@pytest.mark.parametrize("count", [0, 1, 2, 500])
@pytest.mark.parametrize("cell", [0.05, 1.0, 50.0])
def test_near_finds_every_point_within_the_radius(count: int, cell: float) -> None:
    random = np.random.default_rng(count)
    x, y = random.normal(0, 5, count), random.normal(0, 2, count)
    grid = PointGrid(x, y, cell)
    for at_x, at_y, radius in random.uniform((-12, -6, 0.1), (12, 6, 3), (60, 3)):
        expected = set(np.flatnonzero(np.hypot(x - at_x, y - at_y) <= radius).tolist())
        found = grid.near(at_x, at_y, radius).tolist()
        assert expected <= set(found)
        assert len(found) == len(set(found))


def test_a_tiny_cell_does_not_take_all_memory() -> None:
    x = np.array([0.0, 1e6])
    grid = PointGrid(x, x, 1e-6)
    assert grid.near(1e6, 1e6, 1.0).tolist() == [1]


def test_pick_takes_the_nearest_rim_within_reach() -> None:
    px, py = np.array([0.0, 30.0, 100.0]), np.array([0.0, 0.0, 0.0])
    radius = np.array([10.0, 4.0, 3.0])
    everyone = np.arange(3, dtype=np.int32)
    assert pick(px, py, radius, everyone, (5, 0), 4) == 0
    assert pick(px, py, radius, everyone, (24, 0), 4) == 1
    assert pick(px, py, radius, everyone, (18, 0), 4) == -1
    assert pick(px, py, radius, everyone, (106.5, 0), 4) == 2
    assert pick(px, py, radius, everyone[:0], (0, 0), 4) == -1


def test_inside_two_dots_the_small_one_on_top_wins() -> None:
    px, py = np.array([0.0, 6.0]), np.array([0.0, 0.0])
    radius = np.array([20.0, 4.0])
    assert pick(px, py, radius, np.arange(2, dtype=np.int32), (5.5, 0), 4) == 1
