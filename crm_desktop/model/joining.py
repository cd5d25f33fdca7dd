"""Two contacts become one: everything of the other goes over, what a person entered first of all.

Homes of identifiers stay, so that a join by an address-book card can be taken back with the card.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from crm_desktop.domain.edits import (
    PRIMARY,
    edited_columns,
    marks_json,
    marks_of,
    removed_identifier,
    removed_tag,
)

NOTE_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Joinable:
    """What decides whether a contact may be joined with another, and which of them stays."""

    contact_id: int
    name_key: str
    marks: frozenset[str]
    is_own: bool  # entered or edited by the person
    different_from: frozenset[int]

    @property
    def is_named(self) -> bool:
        """Whether the person gave the name."""
        return "name" in self.marks


class JoiningStore:
    """Joins contacts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def joinable(self, contact_ids: Collection[int]) -> list[Joinable]:
        """What decides about these contacts, by id."""
        ids = (json.dumps(sorted(contact_ids)),)
        different: dict[int, set[int]] = {}
        for low, high in self._connection.exec_driver_sql(
            "SELECT d.low_contact_id, d.high_contact_id FROM json_each(?) j"
            " CROSS JOIN identity_decisions d ON d.low_contact_id = j.value"
            " WHERE d.decision = 'different'",
            ids,
        ):
            different.setdefault(low, set()).add(high)
            different.setdefault(high, set()).add(low)
        rows = self._connection.exec_driver_sql(
            "SELECT c.id, c.name_key, c.edited_fields, c.created_by IS NOT NULL"
            " FROM json_each(?) j CROSS JOIN contacts c ON c.id = j.value ORDER BY c.id",
            ids,
        )
        return [
            Joinable(
                row[0],
                row[1],
                marks_of(row[2]),
                bool(row[3]) or bool(edited_columns(marks_of(row[2]))),
                frozenset(different.get(row[0], ())),
            )
            for row in rows
        ]

    def join(self, into: int, other: int) -> list[int]:
        """Give everything of `other` to `into` and delete `other`; the ids of the conversations
        that must be recounted come back."""
        conversations = [
            row[0]
            for row in self._connection.exec_driver_sql(
                "SELECT conversation_id FROM conversation_participants WHERE contact_id = ?",
                (other,),
            )
        ]
        self._join_edits(into, other)
        self._move_relationships(into, other)
        self._move_decisions(into, other)
        pair = {"into": into, "other": other}
        for statement in _JOIN_STATEMENTS:
            self._connection.exec_driver_sql(statement, pair)
        return conversations

    def _join_edits(self, into: int, other: int) -> None:
        """Keep what the person set on `other`: of two notes both, else what `into` says wins."""
        kept, given = self._row(into), self._row(other)
        marks, others = marks_of(kept["edited_fields"]), marks_of(given["edited_fields"])
        columns = edited_columns(others) - {PRIMARY}
        written: dict[str, Any] = {name: given[name] for name in columns - marks}
        if "name" in written:
            written["name_key"] = given["name_key"]
        if "notes" in columns & marks and given["notes"] not in (None, kept["notes"]):
            written["notes"] = NOTE_GAP.join(filter(None, (kept["notes"], given["notes"])))
        if kept["cadence_days"] is None and given["cadence_days"] is not None:
            written["cadence_days"] = given["cadence_days"]
        wanted = (marks | others - {PRIMARY}) - self._held(into)
        if written or wanted != marks:
            self._write(into, {**written, "edited_fields": marks_json(wanted)})

    def _row(self, contact_id: int) -> Mapping[str, Any]:
        rows = self._connection.exec_driver_sql(
            "SELECT * FROM contacts WHERE id = ?", (contact_id,)
        )
        return dict(rows.mappings().one())

    def _write(self, contact_id: int, values: Mapping[str, Any]) -> None:
        self._connection.exec_driver_sql(
            f"UPDATE contacts SET {', '.join(f'{name} = ?' for name in values)} WHERE id = ?",
            (*values.values(), contact_id),
        )

    def _held(self, contact_id: int) -> set[str]:
        """The marks that would say that a contact lost what it has."""
        identifiers = self._connection.exec_driver_sql(
            "SELECT kind, value FROM contact_identifiers WHERE contact_id = ?", (contact_id,)
        )
        held = {removed_identifier(row[0], row[1]) for row in identifiers}
        tags = self._connection.exec_driver_sql(
            "SELECT tag FROM contact_tags WHERE contact_id = ? AND source = 'manual'",
            (contact_id,),
        )
        return held | {removed_tag(row[0]) for row in tags}

    def _move_relationships(self, into: int, other: int) -> None:
        """Let the relationships that a person entered, imported or touched on `other` lead to
        `into`. One that is there already keeps its own words and gets the notes."""
        for row in self._connection.exec_driver_sql(_OWN_RELATIONSHIPS, (other,)).all():
            ends = _moved_ends(row, into, other)
            if ends is None:
                continue
            found = self._connection.exec_driver_sql(
                "SELECT id, source = 'inferred' AND updated_by IS NULL FROM relationships"
                " WHERE from_entity_id = ? AND to_entity_id = ? AND relationship_type_id = ?",
                (*ends, row.relationship_type_id),
            ).first()
            if found is not None and found[1]:
                self._connection.exec_driver_sql(
                    "DELETE FROM relationships WHERE id = ?", (found[0],)
                )
            elif found is not None:
                self._connection.exec_driver_sql(
                    "UPDATE relationship_notes SET relationship_id = ? WHERE relationship_id = ?",
                    (found[0], row.id),
                )
                continue
            self._connection.exec_driver_sql(
                "UPDATE relationships SET from_entity_id = ?, to_entity_id = ? WHERE id = ?",
                (*ends, row.id),
            )

    def _move_decisions(self, into: int, other: int) -> None:
        """Let what the person said of relationships that were found for `other` hold for `into`,
        of which nothing was said."""
        for row in self._connection.exec_driver_sql(_DECISIONS, (other,)).all():
            ends = _moved_ends(row, into, other)
            if ends is not None:
                self._connection.exec_driver_sql(
                    "UPDATE OR IGNORE relationship_decisions SET from_entity_id = ?,"
                    " to_entity_id = ? WHERE from_entity_id = ? AND to_entity_id = ?"
                    " AND relationship_type_id = ?",
                    (*ends, row.from_entity_id, row.to_entity_id, row.relationship_type_id),
                )


def _moved_ends(row: Any, into: int, other: int) -> list[int] | None:
    """The ends of a relationship with `into` in the place of `other`, the lower first where there
    is no direction; None when both would be the same."""
    kinds = row.from_entity_type, row.to_entity_type
    ids = row.from_entity_id, row.to_entity_id
    ends = [
        into if (kind, id_) == ("contact", other) else id_
        for kind, id_ in zip(kinds, ids, strict=True)
    ]
    if kinds[0] == kinds[1] and ends[0] == ends[1]:
        return None
    return sorted(ends) if row.is_symmetric else ends


_OWN_RELATIONSHIPS = """
SELECT r.id, r.relationship_type_id, r.from_entity_type, r.from_entity_id,
    r.to_entity_type, r.to_entity_id,
    t.forward_label = t.reverse_label AND t.from_entity_type = t.to_entity_type AS is_symmetric
FROM relationships r JOIN relationship_types t ON t.id = r.relationship_type_id
WHERE (r.source <> 'inferred' OR r.updated_by IS NOT NULL)
    AND ((r.from_entity_type = 'contact' AND r.from_entity_id = ?1)
        OR (r.to_entity_type = 'contact' AND r.to_entity_id = ?1))
ORDER BY r.id
"""
_DECISIONS = """
SELECT d.relationship_type_id, t.from_entity_type, d.from_entity_id, t.to_entity_type,
    d.to_entity_id,
    t.forward_label = t.reverse_label AND t.from_entity_type = t.to_entity_type AS is_symmetric
FROM relationship_decisions d JOIN relationship_types t ON t.id = d.relationship_type_id
WHERE (t.from_entity_type = 'contact' AND d.from_entity_id = ?1)
    OR (t.to_entity_type = 'contact' AND d.to_entity_id = ?1)
"""
_JOIN_STATEMENTS = (
    "UPDATE contact_identifiers SET contact_id = :into, is_primary = 0 WHERE contact_id = :other",
    "UPDATE message_people SET contact_id = :into WHERE contact_id = :other",
    "UPDATE counted_participants SET contact_id = :into WHERE contact_id = :other",
    "UPDATE cards SET contact_id = :into WHERE contact_id = :other",
    "INSERT INTO contact_tags (contact_id, tag, source)"
    " SELECT :into, tag, source FROM contact_tags WHERE contact_id = :other"
    " ON CONFLICT (contact_id, tag) DO UPDATE SET source = 'manual'"
    " WHERE excluded.source = 'manual' AND source <> 'manual'",
    "INSERT OR IGNORE INTO identity_decisions"
    " (low_contact_id, high_contact_id, decision, created_at)"
    " SELECT min(id, :into), max(id, :into), decision, created_at FROM ("
    "  SELECT CASE low_contact_id WHEN :other THEN high_contact_id ELSE low_contact_id END AS id,"
    "   decision, created_at FROM identity_decisions"
    "  WHERE low_contact_id = :other OR high_contact_id = :other) WHERE id <> :into",
    "DELETE FROM relationships WHERE (from_entity_type = 'contact' AND from_entity_id = :other)"
    " OR (to_entity_type = 'contact' AND to_entity_id = :other)",
    "UPDATE tips SET contact_id = :into WHERE contact_id = :other",
    "UPDATE system_settings SET value = CAST(:into AS TEXT)"
    " WHERE key = 'self_person_id' AND value = CAST(:other AS TEXT)",
    "DELETE FROM contact_fts WHERE rowid = :other",
    "DELETE FROM contacts WHERE id = :other",
)
