"""Imported address-book cards, and which identifiers they join."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crm_desktop.domain.contacts import name_key


@dataclass(frozen=True, slots=True)
class KnownCard:
    """A stored card as duplicates and joins need it."""

    id: int
    contact_id: int
    import_id: int | None
    name: str


class AddressBookStore:
    """Reads and writes `cards`, `card_imports` and `card_identifiers`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_content_key(self, content_key: int) -> KnownCard | None:
        """The card with exactly this content, or None."""
        return self._one("content_key = ?", content_key)

    def by_uid(self, uid: str) -> KnownCard | None:
        """The newest card with this UID, or None."""
        return self._one("uid = ? AND uid <> ''", uid)

    def contacts_of(self, uids: Iterable[str]) -> dict[str, int]:
        """The contact of the newest card with each of these UIDs, for those there are."""
        rows = self._connection.exec_driver_sql(
            "SELECT k.uid, k.contact_id FROM json_each(?) j CROSS JOIN cards k"
            " ON k.uid = j.value WHERE k.uid <> '' ORDER BY k.id",
            (json.dumps(sorted(set(uids))),),
        )
        return {row[0]: row[1] for row in rows}

    def _one(self, condition: str, value: object) -> KnownCard | None:
        row = self._connection.exec_driver_sql(
            "SELECT id, contact_id, import_id, json_extract(data, '$.name') FROM cards"
            f" WHERE {condition} ORDER BY id DESC LIMIT 1",
            (value,),
        ).first()
        return None if row is None else KnownCard(*row)

    def is_called(self, contact_id: int, key: str) -> bool | None:
        """Whether a contact, or one of its cards, has this comparable name; None without cards."""
        name, has_cards = self._connection.exec_driver_sql(
            "SELECT name_key, EXISTS (SELECT 1 FROM cards WHERE contact_id = contacts.id)"
            " FROM contacts WHERE id = ?",
            (contact_id,),
        ).one()
        if not has_cards or name == key:
            return bool(has_cards) or None
        rows = self._connection.exec_driver_sql(
            "SELECT json_extract(data, '$.name') FROM cards WHERE contact_id = ?", (contact_id,)
        )
        return key in {name_key(row[0]) for row in rows if row[0]}

    def note_copy(self, card_id: int, import_id: int) -> None:
        """Remember that this import contained a card that another one had brought."""
        self._connection.exec_driver_sql(
            "INSERT OR IGNORE INTO card_imports (card_id, import_id) VALUES (?, ?)",
            (card_id, import_id),
        )

    def add(
        self,
        contact_id: int,
        *,
        import_id: int,
        uid: str,
        content_key: int,
        data: str,
        photo: bytes | None,
        identifier_ids: Iterable[int],
    ) -> int:
        """The id of a new card of `contact_id` that ties the identifiers together."""
        card_id = int(
            self._connection.exec_driver_sql(
                "INSERT INTO cards (contact_id, import_id, uid, content_key, data, photo)"
                " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
                (contact_id, import_id, uid, content_key, data, photo),
            ).scalar_one()
        )
        links = [(card_id, identifier_id) for identifier_id in sorted(set(identifier_ids))]
        if links:
            self._connection.exec_driver_sql(
                "INSERT INTO card_identifiers (card_id, identifier_id) VALUES (?, ?)", links
            )
        return card_id

    def link(self, card_id: int, identifier_id: int) -> None:
        """Say that a card names an identifier."""
        self._connection.exec_driver_sql(
            "INSERT OR IGNORE INTO card_identifiers (card_id, identifier_id) VALUES (?, ?)",
            (card_id, identifier_id),
        )

    def organizations(self) -> dict[int, str]:
        """The organisation each contact's newest card that has one gives, by contact id."""
        rows = self._connection.exec_driver_sql(
            "SELECT contact_id, json_extract(data, '$.organization') FROM cards"
            " WHERE json_extract(data, '$.organization') <> '' ORDER BY id"
        )
        return {row[0]: row[1] for row in rows}

    def split_identifiers(self, identifier_ids: Sequence[int], to_contact: int) -> list[int]:
        """Move identifiers with their messages and cards to another contact; the ids of the
        conversations that must be recounted come back."""
        ids = json.dumps(list(identifier_ids))
        conversations = [
            row[0]
            for row in self._connection.exec_driver_sql(
                "SELECT m.conversation_id FROM json_each(?1) j"
                " CROSS JOIN message_people p ON p.identifier_id = j.value"
                " JOIN messages m ON m.id = p.message_id"
                " UNION SELECT p.conversation_id FROM json_each(?1) j"
                " CROSS JOIN counted_participants p ON p.identifier_id = j.value",
                (ids,),
            )
        ]
        for table in ("message_people", "counted_participants"):
            self._connection.exec_driver_sql(
                f"UPDATE {table} SET contact_id = ?"
                " WHERE identifier_id IN (SELECT value FROM json_each(?))",
                (to_contact, ids),
            )
        self._connection.exec_driver_sql(
            "UPDATE cards SET contact_id = ? WHERE id IN (SELECT card_id FROM card_identifiers"
            " WHERE identifier_id IN (SELECT value FROM json_each(?)))",
            (to_contact, ids),
        )
        self._connection.exec_driver_sql(
            "UPDATE contact_identifiers SET contact_id = ?, is_primary = 1"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (to_contact, ids),
        )
        return conversations
