"""Merging two contacts because the person says so: a join that also keeps every differing word.

A card's join can be taken back with the card; a merge is undone by the person, and outlives the
removal of imports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from crm_desktop.base.clock import now_seconds
from crm_desktop.domain.edits import MERGED, marks_json, marks_of
from crm_desktop.model.joining import JoiningStore

_FIELDS = (
    *("name", "given_name", "family_name", "company_id", "title", "birthday", "cadence_days"),
    *("notes", "photo"),
)
"""What a contact says of itself; of these the merged contact keeps one value."""

_EDGE_WORDS = {
    "description": "Also described as",
    "attitude": "Attitude before the merge",
    "proximity": "Closeness before the merge",
    "started_on": "Start before the merge",
    "ended_on": "End before the merge",
}

_EQUAL_EDGES = """
FROM relationships o
JOIN relationship_types t ON t.id = o.relationship_type_id
JOIN relationships k ON k.relationship_type_id = o.relationship_type_id AND k.id <> o.id
    AND k.id IN (SELECT id FROM relationships WHERE from_entity_id = ?1
        UNION SELECT id FROM relationships WHERE to_entity_id = ?1)
WHERE o.id IN (SELECT id FROM relationships WHERE from_entity_id = ?2
        UNION SELECT id FROM relationships WHERE to_entity_id = ?2)
    AND (o.source <> 'inferred' OR o.updated_by IS NOT NULL)
    AND (k.source <> 'inferred' OR k.updated_by IS NOT NULL)
    AND ((t.from_entity_type = 'contact' AND (o.from_entity_id, k.from_entity_id) = (?2, ?1)
            AND o.to_entity_id = k.to_entity_id)
        OR (t.to_entity_type = 'contact' AND (o.to_entity_id, k.to_entity_id) = (?2, ?1)
            AND o.from_entity_id = k.from_entity_id)
        OR (t.forward_label = t.reverse_label AND t.from_entity_type = 'contact'
            AND t.to_entity_type = 'contact'
            AND (((o.from_entity_id, k.to_entity_id) = (?2, ?1)
                    AND o.to_entity_id = k.from_entity_id)
                OR ((o.to_entity_id, k.from_entity_id) = (?2, ?1)
                    AND o.from_entity_id = k.to_entity_id))))
"""
"""Relationships `o` of the contact ?2 that lead where a relationship `k` of the contact ?1 does."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge left to do: conversations to recount, and the values (field, value) of the
    other contact that differ from those kept."""

    conversation_ids: tuple[int, ...]
    conflicts: tuple[tuple[str, object], ...]


class MergeStore:
    """Merges contacts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def merge(self, into: int, other: int) -> Merged:
        """Give everything of `other` to `into` and delete `other`.

        `into` takes over what it lacks. Of relationships to the same third that both had, one
        stays, with the notes of both; what else the other's said becomes a note.
        """
        execute = self._connection.exec_driver_sql
        kept, given = self._row(into), self._row(other)
        pair = {"into": into, "other": other}
        moved = [
            (row[0],)
            for row in execute("SELECT id FROM contact_identifiers WHERE contact_id = :other", pair)
        ]
        self._keep_words_of_edges(into, other)
        self._move_decisions(into, other)
        execute(
            "UPDATE history SET entity_id = :into"
            " WHERE entity_type = 'contact' AND entity_id = :other",
            pair,
        )
        conversations = JoiningStore(self._connection).join(into, other)
        if moved:
            execute(
                "UPDATE contact_identifiers SET home_contact_id = contact_id WHERE id = ?", moved
            )
        conflicts = self._fill(into, kept, given)
        return Merged(tuple(conversations), tuple(conflicts))

    def add_to_notes(self, contact_id: int, lines: Iterable[str]) -> None:
        """Put lines under the notes of a contact."""
        row = self._row(contact_id)
        self._write(
            contact_id,
            {
                "notes": "\n".join([*filter(None, [row["notes"]]), *lines]),
                "edited_fields": marks_json(marks_of(row["edited_fields"]) | {"notes"}),
            },
        )

    def _fill(
        self, into: int, kept: Mapping[str, Any], given: Mapping[str, Any]
    ) -> list[tuple[str, object]]:
        """Write what the kept contact takes over; what of the other differs from its own."""
        now = self._row(into)
        marks = marks_of(now["edited_fields"]) | {"name", MERGED}
        values: dict[str, Any] = {"name": kept["name"], "name_key": kept["name_key"]}
        conflicts: list[tuple[str, object]] = []
        for field in _FIELDS:
            if given[field] is None or given[field] == kept[field]:
                continue
            if kept[field] is None:
                values[field] = given[field]
                marks |= {field}
            elif field == "photo" or (field == "notes" and now["notes"] != kept["notes"]):
                continue  # notes have been joined already
            else:
                conflicts.append((field, given[field]))
        if "person" in (kept["kind"], given["kind"]):
            values["kind"] = "person"
            marks |= {"kind"} if kept["kind"] != given["kind"] else frozenset()
        if kept["uid"] is None and given["uid"] is not None:
            values["uid"] = given["uid"]
        self._write(into, {**values, "edited_fields": marks_json(marks)})
        return conflicts

    def _row(self, contact_id: int) -> dict[str, Any]:
        rows = self._connection.exec_driver_sql(
            "SELECT * FROM contacts WHERE id = ?", (contact_id,)
        )
        return dict(rows.mappings().one())

    def _write(self, contact_id: int, values: Mapping[str, Any]) -> None:
        assignments = ", ".join(f"{name} = ?" for name in values)
        self._connection.exec_driver_sql(
            f"UPDATE contacts SET {assignments}, updated_by = 1, updated_at = ? WHERE id = ?",
            (*values.values(), now_seconds(), contact_id),
        )

    def _keep_words_of_edges(self, into: int, other: int) -> None:
        """Before the join: what the other's relationships say that the kept one's do not."""
        fields = ", ".join(f"o.{name}, k.{name}" for name in _EDGE_WORDS)
        rows = self._connection.exec_driver_sql(
            f"SELECT k.id, {fields} {_EQUAL_EDGES}", (into, other)
        ).all()
        for kept_id, *values in rows:
            for name, theirs, mine in zip(_EDGE_WORDS, values[::2], values[1::2], strict=True):
                if theirs is None or theirs == mine:
                    continue
                if mine is None:
                    self._connection.exec_driver_sql(
                        f"UPDATE relationships SET {name} = ?, updated_by = 1 WHERE id = ?",
                        (theirs, kept_id),
                    )
                else:
                    self._connection.exec_driver_sql(
                        "INSERT INTO relationship_notes (relationship_id, content, created_at)"
                        " VALUES (?, ?, ?)",
                        (kept_id, f"{_EDGE_WORDS[name]}: {theirs}", now_seconds()),
                    )

    def _move_decisions(self, into: int, other: int) -> None:
        """Move what was confirmed and rejected; a symmetric type keeps the lower id first."""
        rows = self._connection.exec_driver_sql(
            "SELECT d.from_entity_id, d.to_entity_id, d.relationship_type_id, d.decision,"
            " d.created_at, t.from_entity_type = 'contact', t.to_entity_type = 'contact',"
            " t.forward_label = t.reverse_label AND t.from_entity_type = t.to_entity_type"
            " FROM relationship_decisions d"
            " JOIN relationship_types t ON t.id = d.relationship_type_id"
            " WHERE (t.from_entity_type = 'contact' AND d.from_entity_id = ?1)"
            " OR (t.to_entity_type = 'contact' AND d.to_entity_id = ?1)",
            (other,),
        ).all()
        for from_id, to_id, type_id, decision, created_at, is_from, is_to, is_symmetric in rows:
            self._connection.exec_driver_sql(
                "DELETE FROM relationship_decisions WHERE from_entity_id = ?"
                " AND to_entity_id = ? AND relationship_type_id = ?",
                (from_id, to_id, type_id),
            )
            ends = (
                into if is_from and from_id == other else from_id,
                into if is_to and to_id == other else to_id,
            )
            if is_symmetric:
                ends = (min(ends), max(ends))
            if is_from and is_to and ends[0] == ends[1]:
                continue
            self._connection.exec_driver_sql(
                "INSERT OR IGNORE INTO relationship_decisions (from_entity_id, to_entity_id,"
                " relationship_type_id, decision, created_at) VALUES (?, ?, ?, ?, ?)",
                (*ends, type_id, decision, created_at),
            )
