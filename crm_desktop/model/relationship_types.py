"""The catalogue of relationship types."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import UserError
from crm_desktop.domain.relationships import EntityKind, RelationshipType

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
        rows = self._connection.exec_driver_sql(
            f"SELECT {_COLUMNS} FROM relationship_types ORDER BY name"
        )
        return tuple(_type(row) for row in rows)

    def get(self, type_id: str) -> RelationshipType | None:
        """The type with this id, or None."""
        row = self._connection.exec_driver_sql(
            f"SELECT {_COLUMNS} FROM relationship_types WHERE id = ?", (type_id,)
        ).first()
        return None if row is None else _type(row)

    def get_by_name(self, name: str) -> RelationshipType | None:
        """The type with this name, whatever its case, or None."""
        row = self._connection.exec_driver_sql(
            f"SELECT {_COLUMNS} FROM relationship_types WHERE name = ?", (name.strip(),)
        ).first()
        return None if row is None else _type(row)

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
    ) -> str:
        """The id of a new type. Raises UserError for a blank or taken name, or a blank label."""
        name, forward, reverse = name.strip(), forward_label.strip(), reverse_label.strip()
        if not (name and forward and reverse):
            raise UserError("A relationship type needs a name and a label for each side.")
        if self.get_by_name(name) is not None:
            raise UserError(f"There is already a relationship type “{name}”. Choose another name.")
        type_id = type_id or f"rt-{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')}"
        if type_id == "rt-" or self.get(type_id) is not None:
            type_id = f"rt-{uuid4()}"
        now = now_seconds()
        self._connection.exec_driver_sql(
            "INSERT INTO relationship_types (id, name, from_entity_type, to_entity_type,"
            " forward_label, reverse_label, is_system, description, created_by, updated_by,"
            " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, 0, ?, 1, 1, ?, ?)",
            (
                *(type_id, name, from_entity_type, to_entity_type),
                *(forward, reverse, description, now, now),
            ),
        )
        return type_id


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
