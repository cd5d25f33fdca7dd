"""Contacts as the people table and search results list them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crm_desktop.domain.contacts import ContactKind, ContactRow
from crm_desktop.model.bulk import fetch_raw

_ROWS = """
SELECT c.id, c.name, c.kind, o.name, c.title,
    (SELECT i.value FROM contact_identifiers i WHERE i.contact_id = c.id AND i.kind = 'email'
        ORDER BY i.is_primary DESC, i.id LIMIT 1),
    r.score, r.last_contact_at, r.decay_bucket
FROM json_each(?) j
CROSS JOIN contacts c ON c.id = j.value
LEFT JOIN companies o ON o.id = c.company_id
LEFT JOIN crm_relationships r ON r.self_person_id = ? AND r.person_id = c.id
ORDER BY j.key
"""


@dataclass(frozen=True, slots=True)
class SortValues:
    """What lists of contacts are sorted by. `last_contact_at` is epoch seconds UTC."""

    id: int
    name: str
    score: float | None
    last_contact_at: int | None


@dataclass(frozen=True, slots=True)
class ContactText:
    """What of a contact can be searched, in the forms that are shown."""

    name: str
    identifiers: tuple[tuple[str, str], ...]  # kind, value
    organization: str | None
    title: str | None
    tags: tuple[str, ...]
    notes: str | None


class ContactQueries:
    """Reads contacts for lists."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sort_values(
        self, *, kind: ContactKind | None, self_person_id: int | None
    ) -> list[SortValues]:
        """What every contact of a kind (None: any) is sorted by, by id."""
        rows = fetch_raw(
            self._connection,
            "SELECT c.id, c.name, r.score, r.last_contact_at FROM contacts c"
            " LEFT JOIN crm_relationships r ON r.self_person_id = ? AND r.person_id = c.id"
            " WHERE ?2 IS NULL OR c.kind = ?2 ORDER BY c.id",
            (self_person_id, None if kind is None else str(kind)),
        )
        return [SortValues(*row) for row in rows]

    def containing(self, text: str, kind: ContactKind | None) -> list[int]:
        """Contacts of a kind (None: any) whose name or identifier contains `text`, by id."""
        escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = self._connection.exec_driver_sql(
            "SELECT id FROM contacts c WHERE (:kind IS NULL OR kind = :kind)"
            " AND (name LIKE :text ESCAPE '\\' OR EXISTS (SELECT 1 FROM contact_identifiers i"
            " WHERE i.contact_id = c.id AND i.value LIKE :text ESCAPE '\\')) ORDER BY id",
            {"kind": None if kind is None else str(kind), "text": f"%{escaped}%"},
        )
        return [row[0] for row in rows]

    def rows(self, contact_ids: Sequence[int], self_person_id: int | None) -> list[ContactRow]:
        """These contacts in the order given; gone ones are left out."""
        found = fetch_raw(self._connection, _ROWS, (json.dumps(list(contact_ids)), self_person_id))
        return [ContactRow(row[0], row[1], ContactKind(row[2]), *row[3:]) for row in found]

    def best(self, self_person_id: int | None, limit: int) -> list[int]:
        """The persons closest to self, best score first, then others by name; at most `limit`."""
        scored = self._connection.exec_driver_sql(
            "SELECT r.person_id FROM crm_relationships r JOIN contacts c ON c.id = r.person_id"
            " WHERE r.self_person_id = ? AND c.kind = 'person'"
            " ORDER BY r.score DESC, r.last_contact_at DESC, r.person_id LIMIT ?",
            (self_person_id, limit),
        )
        found = [row[0] for row in scored]
        named = self._connection.exec_driver_sql(
            "SELECT id FROM contacts WHERE kind = 'person' AND name_key <> ''"
            " AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY name_key, id LIMIT ?",
            (json.dumps(found), limit - len(found)),
        )
        return found + [row[0] for row in named]

    def texts(self, contact_ids: Sequence[int]) -> dict[int, ContactText]:
        """What of these contacts can be searched, by id."""
        ids = (json.dumps(list(contact_ids)),)
        identifiers: dict[int, list[tuple[str, str]]] = {}
        for contact_id, kind, value in self._connection.exec_driver_sql(
            "SELECT i.contact_id, i.kind, i.value FROM json_each(?) j"
            " CROSS JOIN contact_identifiers i ON i.contact_id = j.value"
            " ORDER BY i.is_primary DESC, i.id",
            ids,
        ):
            identifiers.setdefault(contact_id, []).append((kind, value))
        tags: dict[int, list[str]] = {}
        for contact_id, tag in self._connection.exec_driver_sql(
            "SELECT t.contact_id, t.tag FROM json_each(?) j"
            " CROSS JOIN contact_tags t ON t.contact_id = j.value",
            ids,
        ):
            tags.setdefault(contact_id, []).append(tag)
        rows = self._connection.exec_driver_sql(
            "SELECT c.id, c.name, o.name, c.title, c.notes FROM json_each(?) j"
            " CROSS JOIN contacts c ON c.id = j.value"
            " LEFT JOIN companies o ON o.id = c.company_id",
            ids,
        )
        return {
            id_: ContactText(
                name,
                tuple(identifiers.get(id_, ())),
                organization,
                title,
                tuple(tags.get(id_, ())),
                notes,
            )
            for id_, name, organization, title, notes in rows
        }
