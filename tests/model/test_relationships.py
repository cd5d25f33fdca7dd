"""Entering relationships: order of symmetric pairs, checks, notes."""

from __future__ import annotations

import pytest

from crm_desktop.base.errors import UserError
from crm_desktop.domain.relationships import KNOWS_TYPE_ID, EntityKind, RelationshipSource
from tests.archive_builder import ArchiveBuilder

MANUAL = RelationshipSource.MANUAL


@pytest.fixture
def archive(database) -> ArchiveBuilder:
    return ArchiveBuilder(database)


def test_a_symmetric_pair_is_stored_lower_id_first(database, archive):
    ada, ben = archive.contact("Ada"), archive.contact("Ben")
    with database.write() as store:
        id_ = store.relationships.add(
            "rt-works-with",
            *(ben, ada),
            source=MANUAL,
            description="Same desk",
            attitude=4,
            proximity=5,
            started_on="2020-02",
        )
        found = store.relationships.get(id_)
        with pytest.raises(UserError, match="already there"):
            store.relationships.add("rt-works-with", ada, ben, source=MANUAL)
    assert found is not None
    assert (found.from_entity_id, found.to_entity_id) == (ada, ben)
    assert (found.description, found.attitude, found.proximity) == ("Same desk", 4, 5)
    assert archive.execute("SELECT started_on FROM relationships") == [("2020-02",)]


def test_a_directed_pair_keeps_its_order_and_may_run_both_ways(database, archive):
    ada, ben = archive.contact("Ada"), archive.contact("Ben")
    with database.write() as store:
        one = store.relationships.add("rt-reports-to", ben, ada, source=MANUAL)
        other = store.relationships.add("rt-reports-to", ada, ben, source=MANUAL)
        found = store.relationships.get(one)
    assert one != other
    assert found is not None
    assert (found.from_entity_id, found.to_entity_id) == (ben, ada)
    assert found.label_for(EntityKind.CONTACT, ben) == "Has direct report"


def test_ends_are_checked_by_what_the_type_joins(database, archive):
    ada, acme = archive.contact("Ada", id_=7), archive.company("Acme")
    with database.write() as store:
        with pytest.raises(UserError, match="two different ends"):
            store.relationships.add(KNOWS_TYPE_ID, ada, ada, source=MANUAL)
        with pytest.raises(UserError, match="person is no longer there"):
            store.relationships.add(KNOWS_TYPE_ID, ada, acme, source=MANUAL)
        with pytest.raises(UserError, match="company is no longer there"):
            store.relationships.add("rt-employee", ada, ada, source=MANUAL)
        with pytest.raises(UserError, match="no relationship type"):
            store.relationships.add("rt-nothing", ada, acme, source=MANUAL)
        with pytest.raises(UserError, match="attitude must be from 1 to 5"):
            store.relationships.add("rt-employee", acme, ada, source=MANUAL, attitude=6)
        assert store.relationships.load() == ()


def test_a_company_and_a_contact_with_one_number_are_two_ends(database, archive):
    ada, acme = archive.contact("Ada", id_=1), archive.company("Acme")
    assert ada == acme
    with database.write() as store:
        assert store.relationships.add("rt-employee", acme, ada, source=MANUAL)


def test_entering_an_inferred_pair_takes_the_row_over(database, archive):
    ada, ben = archive.contact("Ada"), archive.contact("Ben")
    with database.write() as store:
        rows = [(ada, ben, '{"strength":0.5}', "1 conversation.")]
        store.relationships.inferred.insert([rows], 0)
        [inferred] = store.relationships.load()
        id_ = store.relationships.add(KNOWS_TYPE_ID, ben, ada, source=MANUAL)
        [entered] = store.relationships.load()
    assert inferred.strength == 0.5
    assert entered.id == id_ == inferred.id
    assert (entered.source, entered.strength, entered.description) == (MANUAL, None, None)


def test_notes_are_kept_in_order_and_go_with_the_relationship(database, archive):
    ada, ben = archive.contact("Ada"), archive.contact("Ben")
    with database.write() as store:
        id_ = store.relationships.add(KNOWS_TYPE_ID, ada, ben, source=MANUAL)
        store.relationships.notes.add(id_, "second", created_at=20)
        store.relationships.notes.add(id_, "first", created_at=10)
        assert [note.content for note in store.relationships.notes.of(id_)] == ["first", "second"]
        with pytest.raises(UserError, match="no longer there"):
            store.relationships.notes.add(id_ + 1, "lost")
    archive.execute("DELETE FROM relationships")
    assert archive.execute("SELECT count(*) FROM relationship_notes") == [(0,)]


def test_a_relationship_of_a_contact_that_is_gone_is_not_shown(database, archive):
    ada, ben = archive.contact("Ada"), archive.contact("Ben")
    with database.write() as store:
        store.relationships.add(KNOWS_TYPE_ID, ada, ben, source=MANUAL)
    archive.execute("DELETE FROM contacts WHERE id = ?", ben)
    with database.read() as store:
        assert store.relationships.load() == ()
