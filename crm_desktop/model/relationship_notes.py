"""The notes on relationships."""

from __future__ import annotations

from sqlalchemy import Connection

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.relationships import Note

_GONE = "This relationship is no longer there."


class NoteStore:
    """Reads and writes `relationship_notes`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, relationship_id: int, content: str, *, created_at: int | None = None) -> int:
        """The id of a new note on a relationship. Raises InvalidInput when there is no such one."""
        created = self._connection.exec_driver_sql(
            "INSERT INTO relationship_notes (relationship_id, content, created_at)"
            " SELECT id, ?, ? FROM relationships WHERE id = ? RETURNING id",
            (content, now_seconds() if created_at is None else created_at, relationship_id),
        ).scalar()
        if created is None:
            raise InvalidInput(_GONE)
        return int(created)

    def of(self, relationship_id: int) -> tuple[Note, ...]:
        """The notes of a relationship, oldest first."""
        rows = self._connection.exec_driver_sql(
            "SELECT id, content, created_at FROM relationship_notes WHERE relationship_id = ?"
            " ORDER BY created_at, id",
            (relationship_id,),
        )
        return tuple(Note(*row) for row in rows)

    def relationship_of(self, note_id: int) -> int | None:
        """The relationship that a note is on, or None when there is no such note."""
        found = self._connection.exec_driver_sql(
            "SELECT relationship_id FROM relationship_notes WHERE id = ?", (note_id,)
        ).scalar()
        return None if found is None else int(found)

    def edit(self, note_id: int, content: str) -> None:
        """Change the words of a note; its date stays."""
        self._connection.exec_driver_sql(
            "UPDATE relationship_notes SET content = ? WHERE id = ?", (content, note_id)
        )

    def delete(self, note_id: int) -> None:
        """Delete a note."""
        self._connection.exec_driver_sql("DELETE FROM relationship_notes WHERE id = ?", (note_id,))
