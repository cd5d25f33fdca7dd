"""The map of a database: who is on it, where they stand, and that they stay there."""

from __future__ import annotations

import pytest

from crm_desktop.base.errors import UserError
from crm_desktop.domain.relationships import EntityKind, RelationshipSource
from crm_desktop.services.graph import relationship_graph
from tests.archive_builder import ArchiveBuilder


@pytest.fixture
def archive(database) -> ArchiveBuilder:
    return ArchiveBuilder(database)


def knows(database, *edges: tuple[int, int, float]) -> None:
    rows = [(low, high, f'{{"strength":{strength}}}', "") for low, high, strength in edges]
    with database.write() as store:
        store.relationships.inferred.insert([rows], 0)


def circles(archive: ArchiveBuilder) -> list[int]:
    """Two circles of five, and self, who knows everyone."""
    people = [archive.contact(f"Person {number}") for number in range(11)]
    me, first, second = people[0], people[1:6], people[6:]
    edges = [(me, other, 0.9) for other in people[1:]]
    for circle in (first, second):
        edges += [(low, high, 0.6) for low in circle for high in circle if low < high]
    knows(archive.database, *edges)
    with archive.database.write() as store:
        store.settings.set("self_person_id", str(me))
    return people


def test_an_empty_database_has_an_empty_map(access):
    graph = relationship_graph(access)
    assert (graph.nodes, graph.edges, graph.omitted) == ((), (), 0)


def test_circles_and_self(access, archive):
    people = circles(archive)
    graph = relationship_graph(access)
    by_id = {node.id: node for node in graph.nodes}
    assert set(by_id) == set(people)
    assert by_id[people[0]].is_self
    assert by_id[people[0]].community == -1
    assert [by_id[person].community for person in people[1:]] == [0] * 5 + [1] * 5
    assert all(0.0 <= node.weight <= 1.0 for node in graph.nodes)
    ends = {
        (graph.nodes[edge.source_index].id, graph.nodes[edge.target_index].id)
        for edge in graph.edges
    }
    assert len(ends) == len(graph.edges) == 30
    assert {(edge.type, edge.label) for edge in graph.edges} == {("KNOWS", "Knows")}
    assert all(edge.relationship_id > 0 for edge in graph.edges)


def test_places_stay_when_drawn_again_and_when_someone_joins(access, archive):
    people = circles(archive)
    first = relationship_graph(access)
    assert relationship_graph(access) == first
    before = {node.id: (node.x, node.y) for node in first.nodes}
    newcomer = archive.contact("Newcomer")
    with archive.database.write() as store:
        store.relationships.add(
            "rt-works-with", people[1], newcomer, source=RelationshipSource.MANUAL
        )
    after = {node.id: (node.x, node.y) for node in relationship_graph(access).nodes}
    assert {id_: after[id_] for id_ in before} == before
    assert newcomer in after


def test_a_map_that_grows_much_is_laid_out_afresh_and_stays(access, archive):
    circles(archive)
    first = relationship_graph(access, limit=5)
    everyone = relationship_graph(access, limit=50)
    assert len(first.nodes) == 5
    assert first.omitted == 6
    assert len(everyone.nodes) == 11
    assert relationship_graph(access, limit=50) == everyone


def test_companies_stand_among_people(access, archive):
    people = circles(archive)
    acme, unrelated = archive.company("Acme"), archive.company("Elsewhere")
    with archive.database.write() as store:
        store.relationships.add("rt-employee", acme, people[1], source=RelationshipSource.MANUAL)
    graph = relationship_graph(access)
    companies = [node for node in graph.nodes if node.kind is EntityKind.COMPANY]
    assert [(node.id, node.name) for node in companies] == [(acme, "Acme")]
    assert unrelated != acme
    [employment] = [edge for edge in graph.edges if edge.type == "EMPLOYEE"]
    assert graph.nodes[employment.source_index] == companies[0]
    assert graph.nodes[employment.target_index].id == people[1]
    # What was entered has the colour of its type; what was found has none of its own.
    assert employment.color_index == 1
    assert {edge.color_index for edge in graph.edges if edge.type == "KNOWS"} == {None}


def test_lists_and_bots_are_not_on_the_map(access, archive):
    ada, ben = archive.contact("Ada"), archive.contact("Ben")
    robot = archive.contact("Robot", kind="bot")
    knows(archive.database, (ada, ben, 0.5), (ada, robot, 0.9))
    graph = relationship_graph(access)
    assert {node.id for node in graph.nodes} == {ada, ben}
    assert len(graph.edges) == 1


def test_a_limit_below_one_is_refused(access):
    with pytest.raises(UserError, match="at least one"):
        relationship_graph(access, limit=0)
