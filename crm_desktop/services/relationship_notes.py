"""Notes of a person on relationships: adding, changing and deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.changes import Done
from crm_desktop.domain.wording import paragraphs, within
from crm_desktop.services.undo import record

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access

MAX_NOTE = 20_000


def add_note(
    access: Access, relationship_id: int, content: str, *, created_at: int | None = None
) -> Done[int]:
    """The id of a new note, dated now or at `created_at` (epoch seconds UTC). Raises InvalidInput
    for a blank or endless note, and when the relationship is gone."""
    text = note_text(content)

    def add(store: UnitOfWork) -> int:
        if store.relationships.detail(relationship_id) is None:
            raise InvalidInput("This relationship is no longer there.")
        note_id = store.relationships.notes.add(relationship_id, text, created_at=created_at)
        store.relationships.update(relationship_id)
        return note_id

    return record(access, "Add note", add)


def edit_note(access: Access, note_id: int, content: str) -> Done[None]:
    """Change the words of a note; its date stays. Raises InvalidInput as `add_note` does."""
    text = note_text(content)

    def edit(store: UnitOfWork) -> None:
        relationship_id = _note_owner(store, note_id)
        notes = store.relationships.notes.of(relationship_id)
        if any(note.id == note_id and note.content != text for note in notes):
            store.relationships.notes.edit(note_id, text)
            store.relationships.update(relationship_id)

    return record(access, "Edit note", edit)


def remove_note(access: Access, note_id: int) -> Done[None]:
    """Delete a note. Raises InvalidInput when it is gone."""

    def remove(store: UnitOfWork) -> None:
        relationship_id = _note_owner(store, note_id)
        store.relationships.notes.delete(note_id)
        store.relationships.update(relationship_id)

    return record(access, "Delete note", remove)


def note_text(content: str) -> str:
    """A note as it is stored. Raises InvalidInput when it is blank or endless."""
    text = within(paragraphs(content), MAX_NOTE, "The note")
    if not text:
        raise InvalidInput("The note is empty. Write something in it.")
    return text


def _note_owner(store: UnitOfWork, note_id: int) -> int:
    relationship_id = store.relationships.notes.relationship_of(note_id)
    if relationship_id is None:
        raise InvalidInput("This note is no longer there.")
    return relationship_id
