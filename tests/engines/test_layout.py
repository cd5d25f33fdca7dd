"""The map: finite, the same each time, neighbours near, discs apart, growing in place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from crm_desktop.base.errors import Cancelled
from crm_desktop.base.jobs import JobContext
from crm_desktop.engines import repulsion
from crm_desktop.engines.layout import align, attraction, extend, layout
from crm_desktop.engines.packing import GAP, remove_overlaps


def circles(count: int, size: int, seed: int = 1):
    """Groups of `size` people with many ties inside and few outside: sources, targets, strengths,
    group of each node."""
    generator = np.random.default_rng(seed)
    member = np.arange(count) // size
    inside = generator.integers(0, size, (count * 4, 2)) + (
        generator.integers(0, count // size, count * 4)[:, np.newaxis] * size
    )
    outside = generator.integers(0, count, (count // 4, 2))
    edges = np.unique(np.sort(np.concatenate((inside, outside)), axis=1), axis=0)
    edges = edges[edges[:, 0] != edges[:, 1]]
    return edges[:, 0], edges[:, 1], generator.uniform(0.1, 1.0, len(edges)), member


def neighbourhood_preservation(positions, sources, targets) -> float:
    """The mean share of a node's neighbours among its degree-nearest nodes in the picture."""
    neighbours: dict[int, set[int]] = {}
    for source, target in zip(sources.tolist(), targets.tolist(), strict=True):
        neighbours.setdefault(source, set()).add(target)
        neighbours.setdefault(target, set()).add(source)
    tree = cKDTree(positions)
    shares = []
    for node, known in neighbours.items():
        _, nearest = tree.query(positions[node], len(known) + 1)
        shares.append(len(known & set(np.atleast_1d(nearest).tolist())) / len(known))
    return float(np.mean(shares))


def overlaps(positions, radii) -> int:
    pairs = cKDTree(positions).query_pairs(2 * radii.max(), output_type="ndarray")
    apart = np.hypot(*(positions[pairs[:, 0]] - positions[pairs[:, 1]]).T)
    return int(np.count_nonzero(apart < radii[pairs[:, 0]] + radii[pairs[:, 1]] - 1e-6))


@pytest.mark.parametrize("count", [120, 600])
def test_a_planted_partition_is_drawn_as_such(count):
    sources, targets, strengths, member = circles(count, 20)
    radii = np.linspace(0.15, 0.45, count)
    positions = layout(count, sources, targets, strengths, radii)
    assert np.isfinite(positions).all()
    assert overlaps(positions, radii) == 0
    assert neighbourhood_preservation(positions, sources, targets) > 0.4
    middles = np.array([positions[member == group].mean(axis=0) for group in np.unique(member)])
    _, nearest = cKDTree(middles).query(positions)
    assert np.mean(nearest == member) > 0.85
    again = layout(count, sources, targets, strengths, radii)
    assert np.array_equal(positions, again)


def test_nobody_flies_off():
    count = 300
    sources, targets, strengths, _ = circles(count, 20)
    connected = sources < 200
    connected &= targets < 200
    sources, targets = sources[connected], targets[connected]
    radii = np.full(count, 0.3)
    positions = layout(count, sources, targets, strengths[connected], radii)
    assert overlaps(positions, radii) == 0
    distance = np.hypot(*positions.T)
    assert distance.max() < 4 * np.median(distance)


@pytest.mark.parametrize(
    ("count", "edges"),
    [(0, []), (1, []), (2, []), (2, [(0, 1)]), (5, [(0, 1), (3, 4)]), (3, [(1, 1)])],
)
def test_tiny_graphs(count, edges):
    ends = np.array(edges, np.int64).reshape(-1, 2)
    radii = np.full(count, 0.3)
    positions = layout(count, ends[:, 0], ends[:, 1], np.ones(len(ends)), radii)
    assert positions.shape == (count, 2)
    assert np.isfinite(positions).all()
    if count > 1:
        assert overlaps(positions, radii) == 0


def test_cancel():
    sources, targets, strengths, _ = circles(200, 20)
    ctx = JobContext()
    ctx.token.cancel()
    with pytest.raises(Cancelled):
        layout(200, sources, targets, strengths, np.full(200, 0.3), ctx=ctx)


def test_newcomers_appear_beside_those_they_know_and_nobody_else_moves():
    count = 200
    sources, targets, strengths, member = circles(count, 20)
    radii = np.full(count, 0.3)
    before = layout(count, sources, targets, strengths, radii)
    known = before.copy()
    new = np.arange(0, count, 20)
    known[new] = np.nan
    grown = extend(known, sources, targets, strengths, radii)
    stayed = np.setdiff1d(np.arange(count), new)
    assert np.array_equal(grown[stayed], before[stayed])
    assert np.isfinite(grown).all()
    middles = np.array([before[member == group].mean(axis=0) for group in range(count // 20)])
    _, nearest = cKDTree(middles).query(grown[new])
    assert np.mean(nearest == member[new]) >= 0.8


def test_newcomers_who_know_nobody_stand_at_the_rim():
    positions = np.array([[0.0, 0.0], [3.0, 0.0], [np.nan, np.nan], [np.nan, np.nan]])
    empty = np.empty(0, np.int64)
    radii = np.full(4, 0.3)
    grown = extend(positions, empty, empty, np.empty(0), radii)
    assert np.array_equal(grown[:2], positions[:2])
    assert (np.hypot(*grown[2:].T) < 6).all()
    assert overlaps(grown, radii) == 0


def test_a_chain_of_newcomers_is_placed_one_after_the_other():
    positions = np.array([[5.0, 5.0], [np.nan, np.nan], [np.nan, np.nan]])
    grown = extend(positions, np.array([0, 1]), np.array([1, 2]), np.ones(2), np.full(3, 0.3))
    assert np.isfinite(grown).all()
    assert (np.hypot(*(grown[1:] - 5.0).T) < 8).all()


def test_aligning_undoes_turning_mirroring_and_moving():
    generator = np.random.default_rng(3)
    before = generator.normal(size=(30, 2)) * 10
    turn = np.array([[0.6, 0.8], [0.8, -0.6]])
    partly = before.copy()
    partly[::3] = np.nan
    assert align(before @ turn + 7.0, partly) == pytest.approx(before)
    assert np.array_equal(align(before, np.full((30, 2), np.nan)), before)


def test_shared_neighbours_and_strength_pull_more():
    sources, targets = np.array([0, 0, 1, 2]), np.array([1, 2, 2, 3])
    matrix = attraction(4, sources, targets, np.array([1.0, 1.0, 1.0, 1.0])).toarray()
    assert (matrix == matrix.T).all()
    assert matrix[0, 1] > matrix[2, 3]
    stronger = attraction(4, sources, targets, np.array([1.0, 4.0, 1.0, 1.0])).toarray()
    assert stronger[0, 2] > stronger[0, 1]


def test_the_grid_agrees_with_every_pair(monkeypatch: pytest.MonkeyPatch):
    generator = np.random.default_rng(4)
    positions = generator.uniform(-12, 12, (400, 2))
    masses = generator.uniform(0.5, 3.0, 400)
    exact = repulsion.exact_forces(positions, masses)
    monkeypatch.setattr(repulsion, "CELL", 0.1)
    grid = repulsion.grid_forces(positions, masses)
    assert np.abs(grid - exact).mean() < 0.02 * np.abs(exact).mean()
    alone = repulsion.grid_forces(np.array([[0.3, 0.7]]), np.ones(1))
    assert alone == pytest.approx(np.zeros((1, 2)), abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.floats(0.05, 1.0)),
        min_size=1,
        max_size=40,
    )
)
def test_any_heap_of_discs_comes_apart(discs):
    columns = np.array(discs)
    placed = remove_overlaps(columns[:, :2], columns[:, 2])
    assert np.isfinite(placed).all()
    if len(placed) > 1:
        assert overlaps(placed, columns[:, 2]) == 0


def test_immovable_discs_do_not_move():
    placed = remove_overlaps(
        np.zeros((3, 2)), np.full(3, 0.5), movable=np.array([False, True, True])
    )
    assert np.array_equal(placed[0], [0.0, 0.0])
    assert np.hypot(*placed[1:].T).min() >= 1.0 + GAP / 2
