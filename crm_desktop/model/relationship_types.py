"""The catalogue of relationship types."""

from __future__ import annotations

import builtins
import json
import re
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.contacts import name_key
from crm_desktop.domain.relationships import EntityKind, RelationshipType
from crm_desktop.domain.wording import one_line

COLORS = 12
LOCAL_USER = 1
DELETED_SETTING = "deleted_relationship_types"
"""The ids of the types a person deleted, as JSON: nothing brings them back by itself."""

_COLUMNS = (
    "id, name, from_entity_type, to_entity_type, forward_label, reverse_label, is_system,"
    " description, color_index"
)


class RelationshipTypeStore:
    """Reads and writes `relationship_types`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> tuple[RelationshipType, ...]:
        """Every type, by name."""
        rows = self._connection.exec_driver_sql(f"SELECT {_COLUMNS} FROM relationship_types")
        types = (_type(row) for row in rows)
        return tuple(sorted(types, key=lambda type_: (name_key(type_.name), type_.id)))

    def get(self, type_id: str) -> RelationshipType | None:
        """The type with this id, or None."""
        row = self._connection.exec_driver_sql(
            f"SELECT {_COLUMNS} FROM relationship_types WHERE id = ?", (type_id,)
        ).first()
        return None if row is None else _type(row)

    def get_by_name(self, name: str) -> RelationshipType | None:
        """The type with this name, whatever its case in any alphabet, or None."""
        # SQLite's NOCASE knows ASCII only.
        key = name_key(name)
        return next((type_ for type_ in self.list() if name_key(type_.name) == key), None)

    def add(
        self,
        name: str,
        from_entity_type: EntityKind,
        to_entity_type: EntityKind,
        forward_label: str,
        reverse_label: str,
        *,
        description: str | None = None,
        type_id: str | None = None,
        color_index: int | None = None,
        created_by: int | None = None,
    ) -> str:
        """The id of a new type; without a colour it gets one that few types have.

        Raises InvalidInput for a blank or taken name, and for a blank label.
        """
        name, forward, reverse = (one_line(text) for text in (name, forward_label, reverse_label))
        if not (name and forward and reverse):
            raise InvalidInput("A relationship type needs a name and a label for each side.")
        known = self.get_by_name(name)
        if known is not None:
            raise InvalidInput(
                f"There is already a relationship type “{known.name}”. Choose another name."
            )
        type_id = type_id or f"rt-{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')}"
        if type_id == "rt-" or self.get(type_id) is not None:
            type_id = f"rt-{uuid4()}"
        color = self._rare_color() if color_index is None else color_index
        user = LOCAL_USER if created_by is None else created_by
        now = now_seconds()
        self._connection.exec_driver_sql(
            "INSERT INTO relationship_types (id, name, from_entity_type, to_entity_type,"
            " forward_label, reverse_label, is_system, description, color_index, created_by,"
            " updated_by, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)",
            (
                *(type_id, name, str(from_entity_type), str(to_entity_type)),
                *(forward, reverse, description, color, user, user, now, now),
            ),
        )
        return type_id

    def _rare_color(self) -> int:
        counts = dict.fromkeys(range(COLORS), 0)
        for type_ in self.list():
            counts[type_.color_index] += 1
        return min(counts, key=lambda color: (counts[color], color))

    def save(self, type_: RelationshipType, *, updated_by: int | None = None) -> None:
        """Write the labels, the description and the colour of a type that is there."""
        self._connection.exec_driver_sql(
            "UPDATE relationship_types SET forward_label = ?, reverse_label = ?, description = ?,"
            " color_index = ?, updated_by = ?, updated_at = ? WHERE id = ?",
            (
                *(type_.forward_label, type_.reverse_label, type_.description, type_.color_index),
                *(LOCAL_USER if updated_by is None else updated_by, now_seconds(), type_.id),
            ),
        )

    def delete(self, type_id: str) -> None:
        """Delete a type that no relationship uses, for good."""
        self._connection.exec_driver_sql("DELETE FROM relationship_types WHERE id = ?", (type_id,))
        deleted = json.dumps(sorted({*self.deleted(), type_id}))
        self._connection.exec_driver_sql(
            "INSERT INTO system_settings (key, value) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (DELETED_SETTING, deleted),
        )

    def deleted(self) -> frozenset[str]:
        """The ids of the types that a person deleted."""
        value = self._connection.exec_driver_sql(
            "SELECT value FROM system_settings WHERE key = ?", (DELETED_SETTING,)
        ).scalar()
        return frozenset(json.loads(value) if value else ())

    def uses(self) -> dict[str, int]:
        """How many relationships use each type, by id; 0 where none does."""
        rows = self._connection.exec_driver_sql(
            "SELECT t.id, (SELECT count(*) FROM relationships r"
            " WHERE r.relationship_type_id = t.id) FROM relationship_types t"
        )
        return {row[0]: row[1] for row in rows}

    def knows_user(self, user_id: int) -> bool:
        """Whether there is such a user."""
        found = self._connection.exec_driver_sql("SELECT 1 FROM users WHERE id = ?", (user_id,))
        return found.first() is not None

    def mutual(self, type_id: str) -> builtins.list[tuple[str, str]]:
        """The names of both ends of each pair of contacts, or of companies, that a type joins in
        both directions; each pair once."""
        rows = self._connection.exec_driver_sql(
            "SELECT coalesce(fc.name, fo.name), coalesce(tc.name, tk.name) FROM relationships r"
            " JOIN relationships o ON o.relationship_type_id = r.relationship_type_id"
            "  AND o.from_entity_id = r.to_entity_id AND o.to_entity_id = r.from_entity_id"
            " LEFT JOIN contacts fc ON r.from_entity_type = 'contact' AND fc.id = r.from_entity_id"
            " LEFT JOIN companies fo"
            "  ON r.from_entity_type = 'company' AND fo.id = r.from_entity_id"
            " LEFT JOIN contacts tc ON r.to_entity_type = 'contact' AND tc.id = r.to_entity_id"
            " LEFT JOIN companies tk ON r.to_entity_type = 'company' AND tk.id = r.to_entity_id"
            " WHERE r.relationship_type_id = ? AND r.from_entity_id < r.to_entity_id ORDER BY r.id",
            (type_id,),
        )
        return [(row[0] or "?", row[1] or "?") for row in rows]

    def put_lower_end_first(self, type_id: str) -> None:
        """Store every pair of a type as pairs without a direction are: lower id first."""
        for table in ("relationships", "relationship_decisions"):
            self._connection.exec_driver_sql(
                f"UPDATE OR IGNORE {table} SET from_entity_id = to_entity_id,"
                " to_entity_id = from_entity_id"
                " WHERE relationship_type_id = ? AND from_entity_id > to_entity_id",
                (type_id,),
            )


def _type(row: Any) -> RelationshipType:
    return RelationshipType(
        row[0],
        row[1],
        EntityKind(row[2]),
        EntityKind(row[3]),
        row[4],
        row[5],
        bool(row[6]),
        *row[7:],
    )
