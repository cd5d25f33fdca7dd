"""The history of contacts and companies, written from the images of each command."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from sqlalchemy import Connection

from crm_desktop.domain.history import FieldChange, HistoryEntry
from crm_desktop.domain.relationships import EntityKind
from crm_desktop.domain.undo import RowChange, UndoStep

Entity: TypeAlias = tuple[EntityKind, int]

_OWN_FIELDS = {
    "contacts": (
        *("name", "given_name", "family_name", "company_id", "title", "kind", "birthday"),
        *("cadence_days", "notes", "photo"),
    ),
    "companies": ("name", "domain", "notes"),
    "contact_identifiers": ("raw", "is_primary", "contact_id"),
    "contact_tags": ("tag",),
    "relationships": (
        *("relationship_type_id", "source", "description", "attitude", "proximity"),
        *("started_on", "ended_on"),
    ),
    "relationship_notes": ("content",),
}
"""What a history tells of each table; the rest follows from it or means nothing to people."""

_TABLES = {EntityKind.CONTACT: "contacts", EntityKind.COMPANY: "companies"}
_RELATIONSHIP_COLUMNS = (
    *("id", "from_entity_type", "from_entity_id", "to_entity_type", "to_entity_id"),
    "relationship_type_id",
)

MAX_TEXT = 500
"""Characters kept of a long value; the whole of it is in the row itself."""


class HistoryStore:
    """Reads and writes `history`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, step: UndoStep, now: int) -> None:
        """Keep what a step changed about each contact and company."""
        details: dict[Entity, list[dict[str, str | None]]] = defaultdict(list)
        for row in step.rows:
            if row.table not in _OWN_FIELDS:
                continue
            changes = list(self._field_changes(step, row))
            for entity in self._entities(step, row):
                details[entity].extend(changes)
        self._insert(step.label, details, now)

    def of(self, entity_type: EntityKind, entity_id: int, *, limit: int) -> list[HistoryEntry]:
        """The last `limit` entries about a contact or company, newest first."""
        rows = self._connection.exec_driver_sql(
            "SELECT id, label, changed_at, details FROM history"
            " WHERE entity_type = ? AND entity_id = ? ORDER BY id DESC LIMIT ?",
            (str(entity_type), entity_id, limit),
        )
        return [
            HistoryEntry(
                row[0], row[1], row[2], tuple(FieldChange(**c) for c in json.loads(row[3]))
            )
            for row in rows
        ]

    def names(self, entities: Iterable[Entity]) -> dict[Entity, str]:
        """The names of contacts and companies; for one that a person deleted its last name. Who
        went otherwise has none."""
        found: dict[Entity, str] = {}
        wanted = set(entities)
        for kind, table in _TABLES.items():
            rows = self._connection.exec_driver_sql(
                f"SELECT id, name FROM {table} WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps([id_ for k, id_ in wanted if k is kind]),),
            )
            found.update(((kind, row[0]), row[1]) for row in rows)
        for kind, id_ in wanted - found.keys():
            details = self._connection.exec_driver_sql(
                "SELECT details FROM history WHERE entity_type = ? AND entity_id = ?"
                " ORDER BY id DESC LIMIT 1",
                (str(kind), id_),
            ).scalar()
            for change in json.loads(details) if details else ():
                if (change["table"], change["field"]) == (_TABLES[kind], "name"):
                    found[kind, id_] = change["before"]
        return found

    def _insert(
        self, label: str, details: dict[Entity, list[dict[str, str | None]]], now: int
    ) -> None:
        rows = [
            (str(kind), id_, label, json.dumps(changes, ensure_ascii=False), now)
            for (kind, id_), changes in details.items()
            if changes
        ]
        if rows:
            self._connection.exec_driver_sql(
                "INSERT INTO history (entity_type, entity_id, label, details, changed_by,"
                " changed_at) VALUES (?, ?, ?, ?, 1, ?)",
                rows,
            )

    def _field_changes(self, step: UndoStep, row: RowChange) -> Iterator[dict[str, str | None]]:
        columns = step.columns[row.table]
        subject = self._subject(step, row)
        for field in _OWN_FIELDS[row.table]:
            position = columns.index(field)
            before = None if row.before is None else _text(row.before[position])
            after = None if row.after is None else _text(row.after[position])
            if before != after:
                change = {"table": row.table, "field": field, "before": before, "after": after}
                yield change if subject is None else {**change, "subject": subject}

    def _subject(self, step: UndoStep, row: RowChange) -> str | None:
        """Which of several is meant; None for the contact or company itself."""
        if row.table == "contact_identifiers":
            return str(step.values(row, "raw")[-1][0])
        if row.table == "relationships":
            return _relationship_subject(step.values(row, *_RELATIONSHIP_COLUMNS)[-1])
        if row.table == "relationship_notes":
            relationship_id = _id(step.values(row, "relationship_id")[-1][0])
            found = self._connection.exec_driver_sql(
                f"SELECT {', '.join(_RELATIONSHIP_COLUMNS)} FROM relationships WHERE id = ?",
                (relationship_id,),
            ).first()
            return None if found is None else _relationship_subject(tuple(found))
        return None

    def _entities(self, step: UndoStep, row: RowChange) -> set[Entity]:
        if row.table == "contacts":
            return {(EntityKind.CONTACT, _id(v)) for (v,) in step.values(row, "id")}
        if row.table == "companies":
            return {(EntityKind.COMPANY, _id(v)) for (v,) in step.values(row, "id")}
        if row.table in ("contact_identifiers", "contact_tags"):
            return {(EntityKind.CONTACT, _id(v)) for (v,) in step.values(row, "contact_id")}
        if row.table == "relationships":
            ends = step.values(
                row, "from_entity_type", "from_entity_id", "to_entity_type", "to_entity_id"
            )
            return {
                (EntityKind(str(kind)), _id(id_))
                for end in ends
                for kind, id_ in (end[:2], end[2:])
            }
        return self._ends_of(_id(step.values(row, "relationship_id")[-1][0]))

    def _ends_of(self, relationship_id: int) -> set[Entity]:
        row = self._connection.exec_driver_sql(
            "SELECT from_entity_type, from_entity_id, to_entity_type, to_entity_id"
            " FROM relationships WHERE id = ?",
            (relationship_id,),
        ).first()
        if row is None:
            return set()  # it went together with its notes, and tells of that itself
        return {(EntityKind(row[0]), row[1]), (EntityKind(row[2]), row[3])}


def _relationship_subject(values: tuple[object, ...]) -> str:
    """Id, both ends and type, so that history can tell of a relationship that is gone."""
    id_, from_type, from_id, to_type, to_id, type_id = values
    return f"{id_} {from_type}:{from_id} {to_type}:{to_id} {type_id}"


def _id(value: object) -> int:
    assert isinstance(value, int)
    return value


def _text(value: object) -> str | None:
    if value is None:
        return None
    return f"{len(value)} bytes" if isinstance(value, bytes) else str(value)[:MAX_TEXT]
