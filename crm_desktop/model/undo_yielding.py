"""Relationships that the program found by itself yield to what undo and redo put back.

What inference or an address-book card says, and the person has said nothing about, may stand by
now where a relationship was that comes back, or name a contact that goes. It is put aside, and
becomes part of the step, so that replaying the step the other way brings it back: later steps may
be about it.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from crm_desktop.domain.undo import RowChange, RowImage, UndoStep

_TABLE = "relationships"
_FOUND = (
    "updated_by IS NULL AND (source = 'inferred'"
    " OR source = 'imported' AND json_extract(properties, '$.card') IS NOT NULL)"
)
_ENDS = {"contacts": "contact", "companies": "company"}


class Yielding:
    """Puts relationships aside during one replay."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # Without those that SQLite works out from others.
        rows = connection.exec_driver_sql(f"PRAGMA main.table_info({_TABLE})")
        self._columns = tuple(row[1] for row in rows)
        self._images: list[RowImage] = []

    def make_way(self, from_id: object, to_id: object, type_id: object, row_id: object) -> None:
        """Put aside what was found in the place of the relationship `row_id`."""
        self._put_aside(
            "from_entity_id = ? AND to_entity_id = ? AND relationship_type_id = ? AND id <> ?",
            (from_id, to_id, type_id, row_id),
        )

    def let_go(self, table: str, row_id: object) -> None:
        """Put aside what was found for a contact or company that goes."""
        if table in _ENDS:
            for end in ("from", "to"):
                self._put_aside(
                    f"{end}_entity_id = ? AND {end}_entity_type = ?", (row_id, _ENDS[table])
                )

    def _put_aside(self, condition: str, parameters: tuple[object, ...]) -> None:
        gone = self._connection.exec_driver_sql(
            f"DELETE FROM {_TABLE} WHERE {_FOUND} AND {condition}"
            f" RETURNING {', '.join(self._columns)}",
            parameters,
        )
        self._images.extend(tuple(row) for row in gone)

    def part_of(self, step: UndoStep, *, is_redo: bool) -> UndoStep:
        """The step that was just undone, or redone, with what was put aside."""
        if not self._images:
            return step
        columns = {**step.columns, _TABLE: self._columns}
        if is_redo:
            first = tuple(RowChange(_TABLE, image, None) for image in self._images)
            return replace(step, rows=first + step.rows, columns=columns)
        last = tuple(RowChange(_TABLE, None, image) for image in self._images)
        return replace(step, rows=step.rows + last, columns=columns)


def is_found(columns: tuple[str, ...], image: RowImage) -> bool:
    """Whether a relationship is one that the program found by itself; the person may have said
    something about it."""
    source = image[columns.index("source")]
    properties = image[columns.index("properties")]
    return source == "inferred" or (source == "imported" and '"card"' in str(properties))
