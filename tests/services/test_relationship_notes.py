"""Notes on relationships: dated, many, changed and deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.changes import Done
from crm_desktop.domain.relationships import Note
from crm_desktop.model.database import UnitOfWork
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.relationship_edits import add_note, edit_note, remove_note
from crm_desktop.services.relationships import relationship_detail
from crm_desktop.services.undo import undo
from tests.life import NOW, Life

pytestmark = pytest.mark.usefixtures("frozen_now")


@pytest.fixture
def found(access: DirectAccess) -> int:
    """A relationship that was found in conversations."""

    def make(store: UnitOfWork) -> int:
        life = Life(store)
        return life.relationship("rt-knows", life.contact("Ada"), life.contact("Bob"), "inferred")

    return access.write(make)


def notes(access: DirectAccess, id_: int) -> tuple[Note, ...]:
    detail = relationship_detail(access, id_)
    assert detail is not None
    return detail.notes


def test_notes(access: DirectAccess, found: int):
    newer = add_note(access, found, " Met in Riga \r\nHer idea ").value
    older = add_note(access, found, "At school", created_at=5).value
    assert [(note.id, note.content, note.created_at) for note in notes(access, found)] == [
        (older, "At school", 5),
        (newer, "Met in Riga\nHer idea", NOW),
    ]
    edit_note(access, older, "At the school of music")
    assert notes(access, found)[0].created_at == 5
    assert notes(access, found)[0].content == "At the school of music"
    assert not edit_note(access, older, "At the school of music").changes
    remove_note(access, newer)
    assert [note.id for note in notes(access, found)] == [older]
    assert undo(access).value == "Delete note"
    assert undo(access).value == "Edit note"
    assert undo(access).value == "Add note"
    assert [note.id for note in notes(access, found)] == [newer]


def test_a_note_says_that_the_person_cares_for_what_was_found(access: DirectAccess, found: int):
    def touched() -> object:
        with access.read() as store:
            return store.connection.exec_driver_sql(
                "SELECT updated_by FROM relationships WHERE id = ?", (found,)
            ).scalar()

    assert touched() is None
    add_note(access, found, "Met in Riga")
    assert touched() == 1
    undo(access)
    assert touched() is None


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (lambda access, id_: add_note(access, id_, " \n\0"), "The note is empty"),
        (lambda access, id_: add_note(access, id_, "x" * 20_001), "note is 20,001 characters"),
        (lambda access, _: add_note(access, 99, "x"), "relationship is no longer there"),
        (lambda access, _: edit_note(access, 99, "x"), "note is no longer there"),
        (lambda access, _: edit_note(access, 99, ""), "The note is empty"),
        (lambda access, _: remove_note(access, 99), "note is no longer there"),
    ],
)
def test_notes_that_are_refused(
    access: DirectAccess,
    found: int,
    command: Callable[[DirectAccess, int], Done[Any]],
    words: str,
):
    with pytest.raises(InvalidInput, match=words):
        command(access, found)
    assert access.undo_status.undo_label is None
