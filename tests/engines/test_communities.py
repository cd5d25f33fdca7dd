"""Circles are found, largest first, and the same each time."""

from __future__ import annotations

import numpy as np

from crm_desktop.engines.communities import ALONE, communities


def cliques(*sizes: int, bridges: bool = True):
    """Complete groups, each tied weakly to the next; node numbers run through the groups."""
    sources, targets, weights = [], [], []
    start = 0
    for size in sizes:
        for first in range(start, start + size):
            for second in range(first + 1, start + size):
                sources.append(first)
                targets.append(second)
                weights.append(1.0)
        if bridges and start:
            sources.append(start - 1)
            targets.append(start)
            weights.append(0.05)
        start += size
    return start, np.array(sources), np.array(targets), np.array(weights)


def test_circles_are_numbered_by_size():
    count, sources, targets, weights = cliques(4, 9, 6)
    assert communities(count, sources, targets, weights).tolist() == [2] * 4 + [0] * 9 + [1] * 6


def test_equal_circles_are_numbered_by_their_first_node():
    count, sources, targets, weights = cliques(5, 5, 5)
    assert communities(count, sources, targets, weights).tolist() == [0] * 5 + [1] * 5 + [2] * 5


def test_the_lone_have_no_circle():
    count, sources, targets, weights = cliques(3)
    found = communities(count + 2, sources, targets, weights)
    assert found.tolist() == [0, 0, 0, ALONE, ALONE]
    empty = np.empty(0, np.int64)
    assert communities(2, empty, empty, np.empty(0)).tolist() == [ALONE, ALONE]
    assert communities(0, empty, empty, np.empty(0)).tolist() == []


def test_loops_and_weightless_edges_join_nobody():
    found = communities(3, np.array([0, 1]), np.array([0, 2]), np.array([1.0, 0.0]))
    assert found.tolist() == [ALONE] * 3


def test_the_same_each_time():
    generator = np.random.default_rng(2)
    sources, targets = generator.integers(0, 300, (2, 1200))
    weights = generator.uniform(0.1, 1, 1200)
    first = communities(300, sources, targets, weights)
    assert np.array_equal(first, communities(300, sources, targets, weights))
