"""The KNOWS relationships that inference owns, and what it needs to read to find them.

`properties` of an inferred row is JSON with the keys strength, shared_conversations,
shared_messages, first_interaction and last_interaction (epoch seconds UTC, or null).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Connection

from crm_desktop.domain.relationships import KNOWS_TYPE_ID
from crm_desktop.model.bulk import MISSING, change_stamp, fetch_raw, integer_columns

InferredRow: TypeAlias = tuple[int, int, str, str | None]
"""A KNOWS relationship as inference wants it stored: lower contact id, higher contact id, the
text of `properties`, description. A plain tuple, since there are many and the garbage collector
looks into everything else."""


@dataclass(frozen=True, slots=True)
class InferredChanges:
    """What must be written so that the inferred rows are exactly those wanted."""

    inserts: tuple[InferredRow, ...]
    updates: tuple[tuple[int, InferredRow], ...]
    deletes: tuple[int, ...]


class InferredStore:
    """Reads conversations for inference; reads and writes `relationships` of source inferred."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def change_stamp(self) -> tuple[int, int]:
        """See `bulk.change_stamp`."""
        return change_stamp(self._connection)

    def participants(self) -> tuple[Any, ...]:
        """Columns of `conversation_participants` as int64 arrays: conversation id, contact id,
        messages sent, first and last seen (`bulk.MISSING` where unknown)."""
        return integer_columns(
            self._connection,
            "SELECT conversation_id, contact_id, communication_count,"
            " coalesce(first_seen_at, ?), coalesce(last_seen_at, ?) FROM conversation_participants",
            5,
            (MISSING, MISSING),
        )

    def participating_contacts(self) -> tuple[list[int], list[str], list[bool]]:
        """Ids, comparable names and whether a person, of the contacts in any conversation."""
        rows = list(
            fetch_raw(
                self._connection,
                "SELECT id, name_key, kind = 'person' FROM contacts"
                " WHERE id IN (SELECT contact_id FROM conversation_participants)",
            )
        )
        return [row[0] for row in rows], [row[1] for row in rows], [bool(row[2]) for row in rows]

    def namesakes(self, contact_id: int) -> tuple[list[int], list[str], list[int]]:
        """The persons who share the comparable name of a contact (itself included), nobody where it
        has none: ids, name keys and numbers of participant rows."""
        rows = self._connection.exec_driver_sql(
            "SELECT id, name_key, (SELECT count(*) FROM conversation_participants p"
            " WHERE p.contact_id = contacts.id) FROM contacts WHERE kind = 'person'"
            " AND name_key = (SELECT name_key FROM contacts WHERE id = ? AND name_key <> '')",
            (contact_id,),
        ).all()
        return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]

    def different_people(self) -> list[tuple[int, int]]:
        """The pairs of contacts that the person said are not the same."""
        rows = self._connection.exec_driver_sql(
            "SELECT low_contact_id, high_contact_id FROM identity_decisions"
            " WHERE decision = 'different'"
        )
        return [(row[0], row[1]) for row in rows]

    def subjects(self) -> tuple[list[int], list[str]]:
        """Ids and subjects of the conversations that have a subject."""
        rows = list(
            fetch_raw(self._connection, "SELECT id, subject FROM conversations WHERE subject <> ''")
        )
        return [row[0] for row in rows], [row[1] for row in rows]

    def blocked_pairs(self) -> set[tuple[int, int]]:
        """The pairs, lower id first, that a person entered, imported or rejected as KNOWS."""
        rows = self._connection.exec_driver_sql(
            "SELECT from_entity_id, to_entity_id FROM relationships"
            " WHERE relationship_type_id = ? AND source <> 'inferred'"
            " UNION SELECT from_entity_id, to_entity_id FROM relationship_decisions"
            " WHERE relationship_type_id = ? AND decision = 'rejected'",
            (KNOWS_TYPE_ID, KNOWS_TYPE_ID),
        )
        return {(min(row[0], row[1]), max(row[0], row[1])) for row in rows}

    def changes(self, wanted: Iterable[InferredRow]) -> InferredChanges:
        """How the stored inferred rows differ from those wanted."""
        stale: dict[tuple[int, int], tuple[int, str, str | None]] = {}
        deletes: list[int] = []
        for id_, type_id, low, high, properties, description in fetch_raw(
            self._connection,
            "SELECT id, relationship_type_id, from_entity_id, to_entity_id, properties,"
            " description FROM relationships WHERE source = 'inferred'",
        ):
            if type_id == KNOWS_TYPE_ID:
                stale[low, high] = (id_, properties, description)
            else:
                deletes.append(id_)
        inserts: list[InferredRow] = []
        updates: list[tuple[int, InferredRow]] = []
        for row in wanted:
            stored = stale.pop(row[:2], None)
            if stored is None:
                inserts.append(row)
            elif stored[1:] != row[2:]:
                updates.append((stored[0], row))
        deletes.extend(stored[0] for stored in stale.values())
        return InferredChanges(tuple(inserts), tuple(updates), tuple(deletes))

    def apply(self, changes: InferredChanges, now: int) -> None:
        """Write those changes. Rows of other sources are never touched, and a pair that a person
        entered or of which a contact has gone meanwhile is left out."""
        execute = self._connection.exec_driver_sql
        if changes.deletes:
            execute(
                "DELETE FROM relationships WHERE id = ? AND source = 'inferred'",
                [(id_,) for id_ in changes.deletes],
            )
        if changes.updates:
            execute(
                "UPDATE relationships SET properties = ?, description = ?, updated_at = ?"
                " WHERE id = ? AND source = 'inferred'",
                [(*row[2:], now, id_) for id_, row in changes.updates],
            )
        if changes.inserts:
            execute(
                "INSERT INTO relationships (relationship_type_id, from_entity_type,"
                " from_entity_id, to_entity_type, to_entity_id, source, properties, description,"
                f" created_at, updated_at) SELECT '{KNOWS_TYPE_ID}', 'contact', ?1, 'contact', ?2,"
                " 'inferred', ?3, ?4, ?5, ?5 WHERE EXISTS (SELECT 1 FROM contacts WHERE id = ?1)"
                " AND EXISTS (SELECT 1 FROM contacts WHERE id = ?2)"
                " ON CONFLICT (from_entity_id, to_entity_id, relationship_type_id) DO NOTHING",
                [(*row, now) for row in changes.inserts],
            )
