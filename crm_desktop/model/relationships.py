"""Typed relationships: reading all of them, and writing those that people enter or import."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.relationships import (
    Decision,
    EntityKind,
    Relationship,
    RelationshipDetail,
    RelationshipSource,
    RelationshipType,
)
from crm_desktop.model.bulk import fetch_raw
from crm_desktop.model.card_relationships import CardRelationshipStore
from crm_desktop.model.inferred import InferredStore
from crm_desktop.model.relationship_notes import NoteStore
from crm_desktop.model.relationship_queries import RelationshipQueries
from crm_desktop.model.relationship_types import LOCAL_USER, RelationshipTypeStore

_SELECT = """
SELECT r.id, r.relationship_type_id, t.name, t.forward_label, t.reverse_label,
    r.from_entity_type, r.from_entity_id, coalesce(fc.name, fo.name),
    r.to_entity_type, r.to_entity_id, coalesce(tc.name, tk.name),
    r.source, r.properties, r.description, r.attitude, r.proximity{more}
FROM relationships r
JOIN relationship_types t ON t.id = r.relationship_type_id
LEFT JOIN contacts fc ON r.from_entity_type = 'contact' AND fc.id = r.from_entity_id
LEFT JOIN companies fo ON r.from_entity_type = 'company' AND fo.id = r.from_entity_id
LEFT JOIN contacts tc ON r.to_entity_type = 'contact' AND tc.id = r.to_entity_id
LEFT JOIN companies tk ON r.to_entity_type = 'company' AND tk.id = r.to_entity_id
"""
_DETAIL = ", r.started_on, r.ended_on, r.created_at, r.updated_at"
_BOTH_ENDS_EXIST = (
    "coalesce(fc.id, fo.id) IS NOT NULL",
    "coalesce(tc.id, tk.id) IS NOT NULL",
)


@dataclass(frozen=True, slots=True)
class RelationshipEnds:
    """What decides whether a relationship may be changed."""

    id: int
    type_id: str
    from_entity_type: EntityKind
    from_entity_id: int
    to_entity_type: EntityKind
    to_entity_id: int
    source: RelationshipSource


class RelationshipStore:
    """Reads and writes `relationships` and the decisions on them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def inferred(self) -> InferredStore:
        """What inference reads, and the rows that it owns."""
        return InferredStore(self._connection)

    @cached_property
    def notes(self) -> NoteStore:
        """The notes on relationships."""
        return NoteStore(self._connection)

    @cached_property
    def cards(self) -> CardRelationshipStore:
        """What address-book cards say, and the rows that follow from them."""
        return CardRelationshipStore(self._connection)

    @cached_property
    def lists(self) -> RelationshipQueries:
        """What long lists of relationships are filtered and sorted by."""
        return RelationshipQueries(self._connection)

    def load(
        self,
        *,
        contact_ids: Collection[int] | None = None,
        min_strength: float | None = None,
        relationship_type_id: str | None = None,
        source: RelationshipSource | None = None,
    ) -> tuple[Relationship, ...]:
        """The relationships that meet every condition, strongest first, then newest.

        `contact_ids` match either end. A relationship without a strength counts as 0.
        """
        conditions = list(_BOTH_ENDS_EXIST)
        parameters: list[object] = []
        if contact_ids is not None:
            ids = json.dumps(sorted(contact_ids))
            conditions.append(
                "r.id IN (SELECT id FROM relationships WHERE from_entity_type = 'contact'"
                " AND from_entity_id IN (SELECT value FROM json_each(?))"
                " UNION SELECT id FROM relationships WHERE to_entity_type = 'contact'"
                " AND to_entity_id IN (SELECT value FROM json_each(?)))"
            )
            parameters += [ids, ids]
        if relationship_type_id is not None:
            conditions.append("r.relationship_type_id = ?")
            parameters.append(relationship_type_id)
        if source is not None:
            conditions.append("r.source = ?")
            parameters.append(str(source))
        rows = fetch_raw(
            self._connection,
            f"{_SELECT.format(more='')} WHERE {' AND '.join(conditions)}",
            parameters,
        )
        found = [_relationship(row) for row in rows]
        if min_strength is not None:
            found = [row for row in found if (row.strength or 0.0) >= min_strength]
        found.sort(key=lambda row: (-(row.strength or 0.0), -(row.last_interaction or 0), -row.id))
        return tuple(found)

    def get(self, relationship_id: int) -> Relationship | None:
        """One relationship, or None."""
        row = self._connection.exec_driver_sql(
            f"{_SELECT.format(more='')} WHERE r.id = ?", (relationship_id,)
        ).first()
        return None if row is None else _relationship(row)

    def rows(self, ids: Sequence[int]) -> list[Relationship]:
        """These relationships in the order given; gone ones are left out."""
        rows = fetch_raw(
            self._connection,
            f"{_SELECT.format(more='')} WHERE r.id IN (SELECT value FROM json_each(?))"
            f" AND {' AND '.join(_BOTH_ENDS_EXIST)}",
            (json.dumps(list(ids)),),
        )
        found = {row[0]: _relationship(row) for row in rows}
        return [found[id_] for id_ in ids if id_ in found]

    def add(
        self,
        relationship_type_id: str,
        from_entity_id: int,
        to_entity_id: int,
        *,
        source: RelationshipSource,
        description: str | None = None,
        attitude: int | None = None,
        proximity: int | None = None,
        started_on: str | None = None,
        ended_on: str | None = None,
        import_id: int | None = None,
    ) -> int:
        """The id of a new relationship; a symmetric pair is stored lower id first.

        An inferred row of the same pair and type becomes this one: it keeps its id and loses its
        measures, which would otherwise go stale.
        Raises InvalidInput for an unknown type, an end that does not exist, a relationship with
        oneself and one that is already there.
        """
        type_ = RelationshipTypeStore(self._connection).get(relationship_type_id)
        if type_ is None:
            raise InvalidInput(f"There is no relationship type “{relationship_type_id}”.")
        from_type, to_type = type_.from_entity_type, type_.to_entity_type
        if type_.is_symmetric and from_entity_id > to_entity_id:
            from_entity_id, to_entity_id = to_entity_id, from_entity_id
        self.check_ends(type_, from_entity_id, to_entity_id)
        for value, name in ((attitude, "attitude"), (proximity, "proximity")):
            if value is not None and not 1 <= value <= 5:
                raise InvalidInput(f"The {name} must be from 1 to 5; it was {value}.")
        now = now_seconds()
        created = self._connection.exec_driver_sql(
            "INSERT INTO relationships (relationship_type_id, from_entity_type, from_entity_id,"
            " to_entity_type, to_entity_id, source, description, attitude, proximity, started_on,"
            " ended_on, import_id, created_by, updated_by, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, ?, ?)"
            " ON CONFLICT (from_entity_id, to_entity_id, relationship_type_id) DO UPDATE SET"
            " source = excluded.source, properties = NULL, description = excluded.description,"
            " attitude = excluded.attitude, proximity = excluded.proximity,"
            " started_on = excluded.started_on, ended_on = excluded.ended_on,"
            " import_id = excluded.import_id,"
            " created_by = 1, updated_by = 1, updated_at = excluded.updated_at"
            " WHERE relationships.source = 'inferred' AND excluded.source <> 'inferred'"
            " RETURNING id",
            (
                *(relationship_type_id, str(from_type), from_entity_id),
                *(str(to_type), to_entity_id),
                *(str(source), description, attitude, proximity),
                *(started_on, ended_on, import_id, now, now),
            ),
        ).scalar()
        if created is None:
            raise InvalidInput(
                "This relationship is already there. Change the existing one instead."
            )
        return int(created)

    def check_ends(self, type_: RelationshipType, from_entity_id: int, to_entity_id: int) -> None:
        """Raises InvalidInput when an end does not exist or both are the same."""
        from_type, to_type = type_.from_entity_type, type_.to_entity_type
        if (from_type, from_entity_id) == (to_type, to_entity_id):
            raise InvalidInput("A relationship needs two different ends. Choose someone else.")
        self._check_end(from_type, from_entity_id)
        self._check_end(to_type, to_entity_id)

    def ends(self, ids: Collection[int]) -> list[RelationshipEnds]:
        """What decides whether these relationships may be changed, by id; gone ones left out."""
        rows = fetch_raw(
            self._connection,
            "SELECT id, relationship_type_id, from_entity_type, from_entity_id, to_entity_type,"
            " to_entity_id, source FROM relationships"
            " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (json.dumps(sorted(ids)),),
        )
        return [
            RelationshipEnds(
                row[0],
                row[1],
                EntityKind(row[2]),
                row[3],
                EntityKind(row[4]),
                row[5],
                RelationshipSource(row[6]),
            )
            for row in rows
        ]

    def between(
        self, type_id: str, from_ids: Collection[int], to_ids: Collection[int]
    ) -> list[int]:
        """The relationships of a type from any of these to any of those."""
        rows = self._connection.exec_driver_sql(
            "SELECT r.id FROM json_each(?) f CROSS JOIN json_each(?) t CROSS JOIN relationships r"
            " ON r.from_entity_id = f.value AND r.to_entity_id = t.value"
            " AND r.relationship_type_id = ? ORDER BY r.id",
            (json.dumps(sorted(from_ids)), json.dumps(sorted(to_ids)), type_id),
        )
        return [row[0] for row in rows]

    def update(self, relationship_id: int, **values: object) -> None:
        """Set columns of a relationship and note that the person did."""
        columns = {**values, "updated_by": LOCAL_USER, "updated_at": now_seconds()}
        assignments = ", ".join(f"{name} = ?" for name in columns)
        self._connection.exec_driver_sql(
            f"UPDATE relationships SET {assignments} WHERE id = ?",
            (*columns.values(), relationship_id),
        )

    def claim(self, relationship_id: int, **values: object) -> None:
        """Make a relationship that was found or imported the person's own, without measures."""
        self.update(
            relationship_id,
            source=str(RelationshipSource.MANUAL),
            properties=None,
            import_id=None,
            created_by=LOCAL_USER,
            **values,
        )

    def delete(self, ids: Iterable[int]) -> None:
        """Delete relationships with their notes."""
        self._connection.exec_driver_sql(
            "DELETE FROM relationships WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(ids)),),
        )

    def detail(self, relationship_id: int) -> RelationshipDetail | None:
        """All that is known of a relationship, or None when it or an end of it is gone."""
        row = self._connection.exec_driver_sql(
            f"{_SELECT.format(more=_DETAIL)} WHERE r.id = ? AND {' AND '.join(_BOTH_ENDS_EXIST)}",
            (relationship_id,),
        ).first()
        if row is None:
            return None
        found = _relationship(row)
        decision = self.decision(
            found.relationship_type_id, found.from_entity_id, found.to_entity_id
        )
        return RelationshipDetail(
            found, row[16], row[17], self.notes.of(relationship_id), decision, row[18], row[19]
        )

    def decide(
        self, relationship_type_id: str, from_entity_id: int, to_entity_id: int, decision: str
    ) -> None:
        """Keep that the person `confirmed` or `rejected` a relationship, given by its own ends."""
        # Not REPLACE: the row that it deletes is not recorded for undo.
        self._connection.exec_driver_sql(
            "INSERT INTO relationship_decisions"
            " (from_entity_id, to_entity_id, relationship_type_id, decision, created_at)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET decision = excluded.decision,"
            " created_at = excluded.created_at",
            (from_entity_id, to_entity_id, relationship_type_id, str(decision), now_seconds()),
        )

    def decision(
        self, relationship_type_id: str, from_entity_id: int, to_entity_id: int
    ) -> Decision | None:
        """What the person said of a relationship, given by its own ends."""
        found = self._connection.exec_driver_sql(
            "SELECT decision FROM relationship_decisions WHERE from_entity_id = ?"
            " AND to_entity_id = ? AND relationship_type_id = ?",
            (from_entity_id, to_entity_id, relationship_type_id),
        ).scalar()
        return None if found is None else Decision(found)

    def forget_decision(
        self, relationship_type_id: str, from_entity_id: int, to_entity_id: int
    ) -> None:
        """Forget what the person said of a relationship, given by its own ends."""
        self._connection.exec_driver_sql(
            "DELETE FROM relationship_decisions WHERE from_entity_id = ? AND to_entity_id = ?"
            " AND relationship_type_id = ?",
            (from_entity_id, to_entity_id, relationship_type_id),
        )

    def _check_end(self, entity_type: EntityKind, entity_id: int) -> None:
        is_contact = entity_type is EntityKind.CONTACT
        table = "contacts" if is_contact else "companies"
        found = self._connection.exec_driver_sql(
            f"SELECT 1 FROM {table} WHERE id = ?", (entity_id,)
        ).first()
        if found is None:
            noun = "person" if is_contact else "company"
            raise InvalidInput(f"This {noun} is no longer there. Choose another.")


def _relationship(row: Any) -> Relationship:
    properties = json.loads(row[12]) if row[12] else {}
    return Relationship(
        id=row[0],
        relationship_type_id=row[1],
        type=row[2],
        forward_label=row[3],
        reverse_label=row[4],
        from_entity_type=EntityKind(row[5]),
        from_entity_id=row[6],
        from_name=row[7],
        to_entity_type=EntityKind(row[8]),
        to_entity_id=row[9],
        to_name=row[10],
        source=RelationshipSource(row[11]),
        strength=properties.get("strength"),
        shared_conversations=properties.get("shared_conversations"),
        shared_messages=properties.get("shared_messages"),
        first_interaction=properties.get("first_interaction"),
        last_interaction=properties.get("last_interaction"),
        description=row[13],
        attitude=row[14],
        proximity=row[15],
    )
