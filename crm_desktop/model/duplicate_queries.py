"""What the review of likely duplicates compares."""

from __future__ import annotations

import json

from sqlalchemy import Connection

from crm_desktop.domain.contacts import IdentifierKind
from crm_desktop.domain.duplicates import DuplicateMember
from crm_desktop.model.bulk import fetch_raw


class DuplicateQueries:
    """Reads people as the review compares and shows them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def people(self) -> list[DuplicateMember]:
        """Every person, by id."""
        values: dict[int, dict[str, list[str]]] = {}
        for contact_id, kind, value in fetch_raw(
            self._connection,
            "SELECT contact_id, kind, value FROM contact_identifiers ORDER BY is_primary DESC, id",
        ):
            values.setdefault(contact_id, {}).setdefault(kind, []).append(value)
        rows = fetch_raw(
            self._connection,
            "SELECT c.id, c.name, o.name,"
            " coalesce(sum(p.communication_count), 0), max(p.last_seen_at) FROM contacts c"
            " LEFT JOIN companies o ON o.id = c.company_id"
            " LEFT JOIN conversation_participants p ON p.contact_id = c.id"
            " WHERE c.kind = 'person' GROUP BY c.id",
        )
        return [
            DuplicateMember(
                row[0],
                row[1],
                tuple(values.get(row[0], {}).get(IdentifierKind.EMAIL.value, ())),
                tuple(values.get(row[0], {}).get(IdentifierKind.PHONE.value, ())),
                row[2],
                row[3],
                row[4],
            )
            for row in rows
        ]

    def named(self) -> frozenset[int]:
        """The contacts whose name is known, and not only read from their address."""
        rows = fetch_raw(self._connection, "SELECT id FROM contacts WHERE name_key <> ''")
        return frozenset(row[0] for row in rows)

    def card_phones(self) -> dict[int, list[str]]:
        """The numbers on address-book cards by contact, those that another contact holds too."""
        found: dict[int, list[str]] = {}
        for contact_id, data in fetch_raw(
            self._connection,
            "SELECT contact_id, json_extract(data, '$.phones') FROM cards"
            " WHERE json_extract(data, '$.phones') IS NOT NULL",
        ):
            found.setdefault(contact_id, []).extend(map(str, json.loads(data)))
        return found

    def decided_pairs(self) -> frozenset[tuple[int, int]]:
        """The pairs, lower id first, of which the person has said whether they are the same."""
        rows = fetch_raw(
            self._connection, "SELECT low_contact_id, high_contact_id FROM identity_decisions"
        )
        return frozenset((row[0], row[1]) for row in rows)
