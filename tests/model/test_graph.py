"""What the map reads and keeps."""

from __future__ import annotations

from crm_desktop.domain.relationships import KNOWS_TYPE_ID, RelationshipSource
from crm_desktop.model.graph import ENTERED_STRENGTH
from tests.archive_builder import ArchiveBuilder


def test_edges_of_every_kind(database):
    archive = ArchiveBuilder(database)
    ada, ben = archive.contact("Ada", company="Acme"), archive.contact("Ben")
    acme = archive.company("Acme")
    archive.contact("News", kind="list")
    with database.write() as store:
        row = (ada, ben, '{"strength":0.75}', "1 conversation.")
        store.relationships.inferred.insert([[row]], 0)
        store.relationships.add("rt-employee", acme, ben, source=RelationshipSource.MANUAL)
    with database.read() as store:
        edges, strengths = store.graph.edges()
        types = store.graph.types()
        assert store.graph.person_ids().tolist() == [ada, ben]
        assert store.graph.contacts([ada, ben, 99]) == {ada: ("Ada", "Acme"), ben: ("Ben", None)}
        assert store.graph.companies([acme]) == {acme: ("Acme", None)}
    assert edges[:, 1:5].tolist() == [[0, ada, 0, ben], [1, acme, 0, ben]]
    assert edges[:, 6].tolist() == [1, 0]
    assert [types[number] for number in edges[:, 5].tolist()] == [
        ("KNOWS", "Knows", 0),
        ("EMPLOYEE", "Employs", 1),
    ]
    assert strengths.tolist() == [0.75, ENTERED_STRENGTH]
    assert KNOWS_TYPE_ID == "rt-knows"


def test_an_empty_database_has_no_edges(database):
    with database.read() as store:
        edges, strengths = store.graph.edges()
    assert edges.shape == (0, 7)
    assert len(strengths) == 0


def test_places_are_kept_and_replaced(database):
    with database.write() as store:
        store.graph.save_positions([(0, 1, 0.5, -2.0), (1, 1, 3.0, 4.0)])
        store.graph.save_positions([(0, 1, 1.5, 2.5)])
        store.graph.save_positions([])
    with database.read() as store:
        assert store.graph.positions() == {(0, 1): (1.5, 2.5), (1, 1): (3.0, 4.0)}
