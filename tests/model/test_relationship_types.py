"""The catalogue of types: the seed, look-ups and new types."""

from __future__ import annotations

import pytest

from crm_desktop.base.errors import UserError
from crm_desktop.domain.relationships import SEED_TYPES, EntityKind, RelationshipSource
from tests.archive_builder import ArchiveBuilder

CONTACT, COMPANY = EntityKind.CONTACT, EntityKind.COMPANY


def test_a_new_database_has_the_seed_types(database):
    with database.read() as store:
        assert sorted(store.relationship_types.list(), key=lambda row: row.id) == sorted(
            SEED_TYPES, key=lambda row: row.id
        )


def test_look_ups(database):
    with database.read() as store:
        knows = store.relationship_types.get("rt-knows")
        assert knows is not None
        assert knows.is_system
        assert knows.is_symmetric
        assert store.relationship_types.get_by_name(" knows ") == knows
        assert store.relationship_types.get("rt-nothing") is None
        assert store.relationship_types.get_by_name("nothing") is None


def test_a_new_type(database):
    with database.write() as store:
        id_ = store.relationship_types.add(
            " MENTORS ", CONTACT, CONTACT, "Mentors", "Is mentored by", description="Guidance"
        )
        found = store.relationship_types.get(id_)
    assert id_ == "rt-mentors"
    assert found is not None
    assert (found.name, found.description, found.is_system) == ("MENTORS", "Guidance", False)
    assert not found.is_symmetric


def test_names_without_latin_letters_get_ids_too(database):
    with database.write() as store:
        ids = {
            store.relationship_types.add(name, COMPANY, CONTACT, "a", "b")
            for name in ("友達", "Друг", "rt")
        }
    assert len(ids) == 3
    assert "rt-" not in ids


@pytest.mark.parametrize("name", ["KNOWS", "knows"])
def test_a_taken_name_is_refused(database, name):
    with database.write() as store, pytest.raises(UserError, match="already"):
        store.relationship_types.add(name, CONTACT, CONTACT, "a", "b")


@pytest.mark.parametrize("blank", [0, 1, 2])
def test_blanks_are_refused(database, blank):
    texts = ["NAME", "forward", "reverse"]
    texts[blank] = "  "
    with database.write() as store, pytest.raises(UserError, match="needs a name"):
        store.relationship_types.add(texts[0], CONTACT, CONTACT, texts[1], texts[2])


def test_ends_of_two_kinds_are_never_symmetric(database):
    with database.write() as store:
        type_id = store.relationship_types.add("Ally", COMPANY, CONTACT, "Ally of", "Ally of")
        found = store.relationship_types.get(type_id)
    assert found is not None
    assert not found.is_symmetric


def test_uses_deletion_and_what_was_deleted(database):
    archive = ArchiveBuilder(database)
    ends = archive.contact("Ada"), archive.contact("Ben")
    with database.write() as store:
        store.relationships.add("rt-works-with", *ends, source=RelationshipSource.MANUAL)
        types = store.relationship_types
        assert types.uses() == dict.fromkeys((row.id for row in SEED_TYPES), 0) | {
            "rt-works-with": 1
        }
        assert types.deleted() == frozenset()
        types.delete("rt-vendor")
        types.delete("rt-partner")
        assert types.deleted() == {"rt-vendor", "rt-partner"}
        assert types.get("rt-vendor") is None


def test_pairs_in_both_directions_and_their_order(database):
    archive = ArchiveBuilder(database)
    ada, ben, cy = (archive.contact(name) for name in ("Ada", "Ben", "Cy"))
    with database.write() as store:
        for pair in ((ada, ben), (ben, ada), (cy, ada)):
            store.relationships.add("rt-reports-to", *pair, source=RelationshipSource.MANUAL)
        store.relationships.decide("rt-reports-to", cy, ben, "rejected")
        assert store.relationship_types.mutual("rt-reports-to") == [("Ada", "Ben")]
        store.relationships.delete([2])
        store.relationship_types.put_lower_end_first("rt-reports-to")
        rows = store.relationships.load()
        assert {(row.from_entity_id, row.to_entity_id) for row in rows} == {(ada, ben), (ada, cy)}
        assert store.relationships.decision("rt-reports-to", ben, cy) == "rejected"


def test_users(database):
    with database.read() as store:
        assert store.relationship_types.knows_user(1)
        assert not store.relationship_types.knows_user(2)
