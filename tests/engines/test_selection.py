"""Whom and what the map shows."""

from __future__ import annotations

import numpy as np

from crm_desktop.engines.selection import EDGES_PER_NODE, SELF_EDGES, select


def choose(edges, *, self_key=None, limit=10, companies=()):
    """The selection of (first, second, strength, is inferred) edges."""
    first = np.array([edge[0] for edge in edges], np.int64)
    second = np.array([edge[1] for edge in edges], np.int64)
    return select(
        first,
        second,
        np.array([edge[2] for edge in edges], np.float64),
        np.array([edge[3] for edge in edges], np.bool_),
        ~(np.isin(first, companies) | np.isin(second, companies)),
        self_key,
        limit,
    )


def test_the_best_connected_are_chosen_and_the_rest_counted():
    chosen = choose([(1, 2, 0.9, True), (2, 3, 0.5, True), (4, 5, 0.2, True)], limit=3)
    assert chosen.keys.tolist() == [1, 2, 3]
    assert chosen.edges.tolist() == [0, 1]
    assert chosen.omitted == 2
    assert chosen.weights.max() == 1.0
    assert chosen.weights.argmax() == 1


def test_a_tie_goes_to_the_lowest_key():
    assert choose([(4, 5, 0.5, True), (1, 2, 0.5, True)], limit=2).keys.tolist() == [1, 2]


def test_self_is_always_there():
    edges = [(1, 2, 0.9, True), (2, 3, 0.9, True), (3, 9, 0.1, True)]
    assert choose(edges, self_key=9, limit=2).keys.tolist() == [2, 9]


def test_companies_come_along_with_entered_relationships_only():
    edges = [(1, 2, 0.9, True), (100, 1, 0.5, False), (101, 2, 0.5, True), (102, 7, 0.5, False)]
    chosen = choose(edges, companies=(100, 101, 102), limit=2)
    assert chosen.keys.tolist() == [1, 2, 100]
    assert chosen.edges.tolist() == [0, 1]


def test_each_node_shows_its_strongest_edges_and_everything_entered():
    hub = [(0, other, other / 100, True) for other in range(1, 41)]
    ring = [
        (low, high, 0.9, True) for low in range(1, 41) for high in range(low + 1, min(low + 9, 41))
    ]
    entered = [(0, 1, 0.0, False)]
    chosen = choose(hub + ring + entered, limit=100)
    drawn = set(chosen.edges.tolist())
    assert len(hub + ring) in drawn
    assert set(range(40 - EDGES_PER_NODE, 40)) <= drawn
    assert 19 not in drawn


def test_self_shows_a_few_edges_only():
    edges = [(0, other, other / 200, True) for other in range(1, 101)]
    chosen = choose(edges, self_key=0, limit=200)
    assert chosen.edges.tolist() == list(range(100 - SELF_EDGES, 100))
    assert len(chosen.keys) == 101


def test_nothing_gives_nothing():
    chosen = choose([])
    assert len(chosen.keys) == len(chosen.edges) == chosen.omitted == 0
