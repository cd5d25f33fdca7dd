"""What the review of likely duplicates compares."""

from __future__ import annotations

import json
from collections.abc import Iterable

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
        return self._members("c.kind = 'person'", "TRUE", ())

    def members(self, contact_ids: Iterable[int]) -> list[DuplicateMember]:
        """These contacts of any kind, by id; who is gone is missing."""
        chosen = "IN (SELECT value FROM json_each(?1))"
        return self._members(
            f"c.id {chosen}", f"contact_id {chosen}", (json.dumps(list(contact_ids)),)
        )

    def _members(
        self, contacts: str, identifiers: str, parameters: tuple[str, ...]
    ) -> list[DuplicateMember]:
        values: dict[int, dict[str, list[str]]] = {}
        for contact_id, kind, value in fetch_raw(
            self._connection,
            "SELECT contact_id, kind, value FROM contact_identifiers"
            f" WHERE {identifiers} ORDER BY is_primary DESC, id",
            parameters,
        ):
            values.setdefault(contact_id, {}).setdefault(kind, []).append(value)
        rows = fetch_raw(
            self._connection,
            "SELECT c.id, c.name, o.name,"
            " coalesce(sum(p.communication_count), 0), max(p.last_seen_at) FROM contacts c"
            " LEFT JOIN companies o ON o.id = c.company_id"
            " LEFT JOIN conversation_participants p ON p.contact_id = c.id"
            f" WHERE {contacts} GROUP BY c.id",
            parameters,
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

    def decisions(self) -> dict[tuple[int, int], str]:
        """Of which pairs, lower id first, the person has said "same" or "different"."""
        rows = fetch_raw(
            self._connection,
            "SELECT low_contact_id, high_contact_id, decision FROM identity_decisions",
        )
        return {(row[0], row[1]): row[2] for row in rows}
