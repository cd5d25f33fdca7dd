"""The arrays of a graph: neighbours, filters and colours."""

from __future__ import annotations

import numpy as np
import pytest

from crm_desktop.domain.graph import Graph, GraphEdge, GraphNode
from crm_desktop.domain.relationships import EntityKind
from crm_desktop.ui.graph.data import COLOURS, GREY, NEVER, GraphFilter, build_data
from crm_desktop.ui.graph.walk import neighbour_towards
from tests.ui.graph.graphs import social_graph

PERSON, COMPANY = EntityKind.CONTACT, EntityKind.COMPANY
KNOWS, EMPLOYS = ("KNOWS", "Knows"), ("EMPLOYEE", "Employs")


def _small() -> Graph:
    """A cross round Ada, a company to the lower right, and Zoe alone."""
    nodes = (
        GraphNode(PERSON, 11, "Ada", 0, 0, 1.0, 0, "Acme", is_self=True),
        GraphNode(PERSON, 12, "Ben", 5, 0.5, 0.5, 0),
        GraphNode(PERSON, 13, "Clara", -4, 0, 0.4, 1),
        GraphNode(PERSON, 14, "Dmitri", 0, 6, 0.3, 1),
        GraphNode(COMPANY, 11, "Acme", 3, 3, 0.6, 0),
        GraphNode(PERSON, 15, "Zoe", 9, 9, 0.1, -1),
    )
    edges = (
        GraphEdge(0, 1, 0.9, 1, *KNOWS),
        GraphEdge(2, 0, 0.5, 2, *KNOWS),
        GraphEdge(0, 3, 0.2, 3, *KNOWS),
        GraphEdge(4, 0, 1.0, 4, *EMPLOYS),
        GraphEdge(4, 1, 1.0, 5, *EMPLOYS),
    )
    return Graph(nodes, edges, omitted=3)


def test_neighbours_are_those_at_the_other_end_of_shown_lines() -> None:
    data = build_data(_small())
    everything = data.filtered(GraphFilter())
    assert data.neighbours(0, everything).tolist() == [1, 2, 3, 4]
    assert data.neighbours(5, everything).tolist() == []
    strong = data.filtered(GraphFilter(min_strength=0.5))
    assert data.neighbours(0, strong).tolist() == [1, 2, 4]
    assert sorted(data.lines(0, strong).tolist()) == [0, 1, 3]


def test_lines_that_were_entered_have_the_colour_of_their_type() -> None:
    graph = _small()
    edges = (
        *graph.edges[:3],
        GraphEdge(4, 0, 1.0, 4, *EMPLOYS, color_index=7),
        GraphEdge(4, 1, 1.0, 5, *EMPLOYS, color_index=7),
        GraphEdge(1, 3, 0.5, 6, *KNOWS, color_index=2),
    )
    data = build_data(Graph(graph.nodes, edges))
    assert data.edge_colour.tolist() == [0, GREY, GREY, 7, 7, 2]
    # Most of those who know each other were found, so the type as such has no colour.
    assert [(kind.name, kind.colour) for kind in data.kinds] == [("KNOWS", None), ("EMPLOYEE", 7)]


def test_neighbours_agree_with_the_edges_of_a_larger_graph() -> None:
    graph = social_graph(200)
    data = build_data(graph)
    shown = data.filtered(GraphFilter(min_strength=0.3))
    expected: dict[int, set[int]] = {}
    for edge in graph.edges:
        if edge.strength >= 0.3:
            expected.setdefault(edge.source_index, set()).add(edge.target_index)
            expected.setdefault(edge.target_index, set()).add(edge.source_index)
    for node in range(len(graph.nodes)):
        assert set(data.neighbours(node, shown).tolist()) == expected.get(node, set())


def test_nothing_is_filtered_to_begin_with() -> None:
    shown = build_data(_small()).filtered(GraphFilter())
    assert shown.node_count == 6
    assert shown.edge_count == 5


def test_who_loses_every_line_goes_but_loners_and_oneself_stay() -> None:
    data = build_data(_small())
    shown = data.filtered(GraphFilter(min_strength=0.95))
    assert np.flatnonzero(shown.nodes).tolist() == [0, 1, 4, 5]
    nobody = data.filtered(GraphFilter(hidden_types=frozenset({"KNOWS", "EMPLOYEE"})))
    assert np.flatnonzero(nobody.nodes).tolist() == [0, 5]


def test_types_companies_and_communities_can_be_hidden() -> None:
    data = build_data(_small())
    assert [(kind.label, kind.count) for kind in data.kinds] == [("Knows", 3), ("Employs", 2)]
    people = data.filtered(GraphFilter(shows_companies=False))
    assert not people.nodes[4]
    assert people.edge_count == 3
    known = data.filtered(GraphFilter(hidden_types=frozenset({"EMPLOYEE"})))
    assert np.flatnonzero(known.edges).tolist() == [0, 1, 2]
    first = data.filtered(GraphFilter(hidden_communities=frozenset({1})))
    assert np.flatnonzero(first.nodes).tolist() == [0, 1, 4, 5]


def test_ids_of_people_and_companies_do_not_meet() -> None:
    data = build_data(_small())
    assert data.index_of[(PERSON, 11)] == 0
    assert data.index_of[(COMPANY, 11)] == 4
    assert data.self_index == 0
    assert data.omitted == 3


def test_lines_between_communities_and_loners_are_grey() -> None:
    data = build_data(_small())
    assert data.colour.tolist() == [0, 0, 1, 1, 0, GREY]
    assert data.edge_colour.tolist() == [0, GREY, GREY, 0, 0]


def test_later_communities_take_a_colour_that_is_far_away() -> None:
    nodes = [
        GraphNode(PERSON, 10 * c + i, "Ada", 100.0 * c, float(i), 0.5, c)
        for c in range(COLOURS)
        for i in range(3)
    ]
    nodes += [GraphNode(PERSON, 900 + i, "Ben", 2.0, float(i), 0.5, COLOURS) for i in range(3)]
    data = build_data(Graph(tuple(nodes), ()))
    assert data.colour[-1] == COLOURS - 1


def test_an_empty_graph_has_empty_arrays() -> None:
    data = build_data(Graph((), ()))
    assert data.filtered(GraphFilter(min_strength=0.5)).node_count == 0
    assert data.bounds(np.zeros(0, dtype=bool)) == (-0.5, -0.5, 0.5, 0.5)


def test_spacing_is_the_distance_of_neighbours_on_an_even_grid() -> None:
    nodes = tuple(
        GraphNode(PERSON, i, "Ada", 2.0 * (i % 30), 2.0 * (i // 30), 0.5, 0) for i in range(900)
    )
    assert build_data(Graph(nodes, ())).spacing == pytest.approx(2.0, rel=0.35)


@pytest.mark.parametrize(
    ("direction", "expected"),
    [((1, 0), 1), ((-1, 0), 2), ((0, 1), 3), ((1, 1), 4), ((0, -1), NEVER)],
)
def test_walking_goes_to_the_neighbour_in_the_direction(
    direction: tuple[int, int], expected: int
) -> None:
    data = build_data(_small())
    assert neighbour_towards(data, data.filtered(GraphFilter()), 0, *direction) == expected


def test_walking_ignores_filtered_lines() -> None:
    data = build_data(_small())
    shown = data.filtered(GraphFilter(shows_companies=False))
    assert neighbour_towards(data, shown, 0, 0, 1) == 3
    assert neighbour_towards(data, shown, 5, 1, 0) == NEVER
