"""The notes on relationships."""

from __future__ import annotations

import pytest

from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.relationships import Note, RelationshipSource
from tests.archive_builder import ArchiveBuilder

MANUAL = RelationshipSource.MANUAL


@pytest.fixture
def pair(database) -> int:
    archive = ArchiveBuilder(database)
    ends = archive.contact("Ada"), archive.contact("Ben")
    with database.write() as store:
        return store.relationships.add("rt-works-with", *ends, source=MANUAL)


def test_notes_are_kept_by_date_and_go_with_the_relationship(database, pair):
    with database.write() as store:
        notes = store.relationships.notes
        second, first = (
            notes.add(pair, "second", created_at=20),
            notes.add(pair, "f", created_at=10),
        )
        notes.edit(first, "first")
        assert notes.of(pair) == (Note(first, "first", 10), Note(second, "second", 20))
        assert notes.relationship_of(first) == pair
        notes.delete(first)
        assert notes.relationship_of(first) is None
        assert notes.of(pair) == (Note(second, "second", 20),)
        store.relationships.delete([pair])
        assert notes.of(pair) == ()


def test_a_note_needs_a_relationship(database, pair):
    with database.write() as store, pytest.raises(InvalidInput, match="no longer there"):
        store.relationships.notes.add(pair + 1, "lost")
