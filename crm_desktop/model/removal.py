"""Taking an import back: what only it brought goes, what others also say stays.

Every step is a bounded piece of work that may be repeated, so that a removal that was interrupted
goes on where it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from crm_desktop.domain.edits import MERGED, marks_json, marks_of
from crm_desktop.domain.threads import bare_subject, subject_key
from crm_desktop.model.fulltext import FulltextStore
from crm_desktop.model.messages import MessageStore

_KEPT_CONTACT = (
    "(c.import_id IS NULL"
    # What was taken off a contact (a mark with a colon) is not worth keeping it for.
    " OR EXISTS (SELECT 1 FROM json_each(c.edited_fields) f WHERE f.value NOT LIKE '%:%')"
    " OR EXISTS (SELECT 1 FROM system_settings s"
    "            WHERE s.key = 'self_person_id' AND s.value = CAST(c.id AS TEXT))"
    " OR EXISTS (SELECT 1 FROM contact_identifiers h"
    "            WHERE h.contact_id = c.id AND h.import_id IS NULL)"
    " OR EXISTS (SELECT 1 FROM contact_tags t"
    "            WHERE t.contact_id = c.id AND t.source = 'manual')"
    " OR EXISTS (SELECT 1 FROM relationships r"
    "            WHERE (r.source = 'manual' OR r.updated_by IS NOT NULL)"
    "            AND ((r.from_entity_type = 'contact' AND r.from_entity_id = c.id)"
    "              OR (r.to_entity_type = 'contact' AND r.to_entity_id = c.id))))"
)
"""The person made something of a contact: it outlives what imports say of it."""


@dataclass(frozen=True, slots=True)
class IdentifierGroup:
    """Identifiers (id, home contact id) that belong together. `stays`: to the contact they are
    at, because the person says so or because no message would miss them."""

    identifiers: tuple[tuple[int, int], ...]
    stays: bool


def _named_by_imports(identifier: str) -> str:
    """The condition that an import speaks for an identifier."""
    tables = ("message_people", "card_identifiers", "counted_participants")
    found = (
        f"EXISTS (SELECT 1 FROM {t} WHERE {t}.identifier_id = {identifier}.id)" for t in tables
    )
    return f"({' OR '.join(found)})"


class RemovalStore:
    """The steps of removing one import."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, import_id: int) -> bool:
        """Mark the import as being removed; False when there is no such import."""
        result = self._connection.exec_driver_sql(
            "UPDATE imports SET finished_at = NULL, checkpoint = '{\"removing\": true}'"
            " WHERE id = ?",
            (import_id,),
        )
        return bool(result.rowcount)

    def message_count(self, import_id: int) -> int:
        """How many messages still belong to the import."""
        return int(
            self._connection.exec_driver_sql(
                "SELECT count(*) FROM messages WHERE import_id = ?", (import_id,)
            ).scalar_one()
        )

    def remove_messages(self, import_id: int, limit: int) -> int:
        """Hand over or delete up to `limit` messages; how many that were."""
        connection = self._connection
        connection.exec_driver_sql("DELETE FROM message_imports WHERE import_id = ?", (import_id,))
        rows = connection.exec_driver_sql(
            "SELECT m.id, m.conversation_id, (SELECT min(i.import_id) FROM message_imports i"
            " WHERE i.message_id = m.id) FROM messages m WHERE m.import_id = ?"
            " ORDER BY m.id LIMIT ?",
            (import_id, limit),
        ).all()
        handed_over = [(row[2], row[0]) for row in rows if row[2] is not None]
        if handed_over:
            connection.exec_driver_sql(
                "UPDATE messages SET import_id = ? WHERE id = ?", handed_over
            )
            connection.exec_driver_sql(
                "DELETE FROM message_imports WHERE import_id = ? AND message_id = ?", handed_over
            )
        gone = [row[0] for row in rows if row[2] is None]
        headless = self._opened_by(gone)
        FulltextStore(connection).remove_messages(gone)
        connection.exec_driver_sql(
            "DELETE FROM messages WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(gone),),
        )
        MessageStore(connection).rebuild_participants(
            dict.fromkeys(row[1] for row in rows if row[2] is None)
        )
        self._rename(headless)
        return len(rows)

    def _opened_by(self, message_ids: list[int]) -> list[int]:
        """The conversations whose first message, which gave them their subject, is among these."""
        rows = self._connection.exec_driver_sql(
            "SELECT m.conversation_id FROM json_each(?) j CROSS JOIN messages m ON m.id = j.value"
            " WHERE NOT EXISTS (SELECT 1 FROM messages o"
            "   WHERE o.conversation_id = m.conversation_id AND o.id < m.id)",
            (json.dumps(message_ids),),
        )
        return [row[0] for row in rows]

    def _rename(self, conversation_ids: list[int]) -> None:
        """Take the subject of conversations from the first message they still have."""
        rows = self._connection.exec_driver_sql(
            "SELECT c.id, c.external_id, m.subject, min(m.id) FROM json_each(?) j"
            " CROSS JOIN conversations c ON c.id = j.value"
            " JOIN messages m ON m.conversation_id = c.id GROUP BY c.id",
            (json.dumps(conversation_ids),),
        ).all()
        if rows:
            self._connection.exec_driver_sql(
                "UPDATE conversations SET subject = ?, subject_key = ? WHERE id = ?",
                [
                    (
                        bare_subject(subject) or subject,
                        None if external_id else subject_key(subject),
                        conversation_id,
                    )
                    for conversation_id, external_id, subject, _ in rows
                ],
            )

    def remove_cards(self, import_id: int) -> list[int]:
        """Hand over or delete the cards of the import; the contacts concerned."""
        contacts = [
            row[0]
            for row in self._connection.exec_driver_sql(
                "SELECT DISTINCT contact_id FROM cards WHERE import_id = ?", (import_id,)
            )
        ]
        for statement in (
            "DELETE FROM card_imports WHERE import_id = ?",
            "UPDATE cards SET import_id = (SELECT min(i.import_id) FROM card_imports i"
            " WHERE i.card_id = cards.id) WHERE import_id = ?",
            "DELETE FROM card_imports WHERE EXISTS (SELECT 1 FROM cards k"
            " WHERE k.id = card_id AND k.import_id = card_imports.import_id)",
        ):
            parameters = (import_id,) if "?" in statement else ()
            self._connection.exec_driver_sql(statement, parameters)
        self._connection.exec_driver_sql("DELETE FROM cards WHERE import_id IS NULL")
        return contacts

    def joined_contacts(self) -> list[int]:
        """Contacts that hold identifiers first given to another contact."""
        rows = self._connection.exec_driver_sql(
            "SELECT DISTINCT contact_id FROM contact_identifiers"
            " WHERE home_contact_id <> contact_id ORDER BY 1"
        )
        return [row[0] for row in rows]

    def keep_names(self, contact_ids: Iterable[int]) -> list[int]:
        """Let those of the contacts that are the person's, and of which nothing speaks any more,
        keep the names and kinds by which the person knows them: their ids."""
        rows = self._connection.exec_driver_sql(
            "SELECT c.id, c.edited_fields FROM json_each(?) j"
            " CROSS JOIN contacts c ON c.id = j.value WHERE c.name_key <> ''"
            " AND NOT EXISTS (SELECT 1 FROM message_people p WHERE p.contact_id = c.id)"
            " AND NOT EXISTS (SELECT 1 FROM counted_participants n WHERE n.contact_id = c.id)"
            " AND NOT EXISTS (SELECT 1 FROM cards k WHERE k.contact_id = c.id)"
            f" AND {_KEPT_CONTACT}",
            (json.dumps(list(contact_ids)),),
        ).all()
        named = [
            (marks_json(marks | {"name", "kind"}), row[0])
            for row in rows
            if not {"name", "kind"} <= (marks := marks_of(row[1]))
        ]
        if named:
            self._connection.exec_driver_sql(
                "UPDATE contacts SET edited_fields = ? WHERE id = ?", named
            )
        return [row[0] for row in rows]

    def identifier_groups(self, contact_id: int) -> list[IdentifierGroup]:
        """The identifiers of a contact in groups that cards, or the person's own word, hold
        together; the group with the oldest identifier first."""
        homes: dict[int, int] = {}
        unused: set[int] = set()
        for identifier_id, home, is_unused in self._connection.exec_driver_sql(
            "SELECT i.id, i.home_contact_id, NOT EXISTS (SELECT 1 FROM message_people p"
            "  WHERE p.identifier_id = i.id UNION ALL SELECT 1 FROM counted_participants n"
            "  WHERE n.identifier_id = i.id) FROM contact_identifiers i WHERE i.contact_id = ?"
            " ORDER BY i.id",
            (contact_id,),
        ):
            homes[identifier_id] = home
            if is_unused:
                unused.add(identifier_id)
        parent = {identifier_id: identifier_id for identifier_id in homes}

        def root(identifier_id: int) -> int:
            while parent[identifier_id] != identifier_id:
                identifier_id = parent[identifier_id]
            return identifier_id

        links = self._connection.exec_driver_sql(
            "SELECT k.card_id, k.identifier_id FROM card_identifiers k"
            " JOIN contact_identifiers i ON i.id = k.identifier_id WHERE i.contact_id = ?1"
            " UNION ALL SELECT 0, id FROM contact_identifiers"
            " WHERE contact_id = ?1 AND import_id IS NULL"
            " UNION ALL SELECT 0, i.id FROM contact_identifiers i"
            " JOIN contacts c ON c.id = i.contact_id"
            " WHERE c.id = ?1 AND i.home_contact_id = c.id AND c.edited_fields LIKE ?2",
            (contact_id, f'%"{MERGED}"%'),
        )
        first: dict[int, int] = {}
        for link, identifier_id in links:
            known = first.setdefault(link, identifier_id)
            parent[root(identifier_id)] = root(known)
        own = root(first[0]) if 0 in first else None
        groups: dict[int, list[tuple[int, int]]] = {}
        for identifier_id, home in homes.items():
            groups.setdefault(root(identifier_id), []).append((identifier_id, home))
        return [
            IdentifierGroup(
                tuple(members),
                key == own or all(id_ in unused and home == contact_id for id_, home in members),
            )
            for key, members in groups.items()
        ]

    def restore_contact(self, contact_id: int, like: int) -> None:
        """Bring back a contact that was joined into `like`, if it is gone."""
        self._connection.exec_driver_sql(
            "INSERT OR IGNORE INTO contacts (id, name, name_key, import_id, created_at, updated_at)"
            " SELECT ?, '', '', coalesce((SELECT min(import_id) FROM contact_identifiers"
            " WHERE home_contact_id = ?), import_id), created_at, updated_at"
            " FROM contacts WHERE id = ?",
            (contact_id, contact_id, like),
        )

    def set_home(self, identifier_ids: list[int], contact_id: int) -> None:
        """Say that identifiers belong to a contact by themselves, without a card."""
        self._connection.exec_driver_sql(
            "UPDATE contact_identifiers SET home_contact_id = ?"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (contact_id, json.dumps(identifier_ids)),
        )

    def addresses_without_identifier(self) -> list[tuple[int, int, int, str]]:
        """(card id, contact id, import id, address) of what cards name and nobody holds."""
        rows = self._connection.exec_driver_sql(
            "SELECT k.id, k.contact_id, k.import_id, e.value"
            " FROM cards k, json_each(k.data, '$.emails') e"
            " WHERE NOT EXISTS (SELECT 1 FROM contact_identifiers i"
            "   WHERE i.kind = 'email' AND i.value = e.value)"
            # The person may have taken it off the contact.
            " AND NOT EXISTS (SELECT 1 FROM contacts c, json_each(c.edited_fields) f"
            "   WHERE c.id = k.contact_id AND f.value = 'email:' || e.value) ORDER BY k.id"
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    def remove_votes(self, import_id: int, limit: int) -> tuple[list[int], int]:
        """Take back the votes on up to `limit` identifiers: the contacts concerned, and how many
        identifiers that were."""
        ids = [
            row[0]
            for row in self._connection.exec_driver_sql(
                "SELECT DISTINCT identifier_id FROM identifier_votes WHERE import_id = ? LIMIT ?",
                (import_id, limit),
            )
        ]
        marks = json.dumps(ids)
        self._connection.exec_driver_sql(
            "DELETE FROM identifier_votes WHERE import_id = ?"
            " AND identifier_id IN (SELECT value FROM json_each(?))",
            (import_id, marks),
        )
        contacts = self._connection.exec_driver_sql(
            "SELECT DISTINCT contact_id FROM contact_identifiers"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (marks,),
        )
        return [row[0] for row in contacts], len(ids)

    def remove_unused(self) -> None:
        """Delete identifiers that no message and no card names any more and contacts that nothing
        speaks for, except those the person made something of: such a contact keeps what there is
        when later imports would otherwise not know it again."""
        self._connection.exec_driver_sql(
            "DELETE FROM contact_identifiers AS i WHERE i.import_id IS NOT NULL"
            f" AND NOT {_named_by_imports('i')}"
            " AND (EXISTS (SELECT 1 FROM contact_identifiers h WHERE h.contact_id = i.contact_id"
            "      AND h.import_id IS NULL AND h.kind = 'email')"
            "  OR EXISTS (SELECT 1 FROM contact_identifiers o WHERE o.contact_id = i.contact_id"
            f"      AND {_named_by_imports('o')})"
            "  OR NOT EXISTS (SELECT 1 FROM contacts c"
            f"     WHERE c.id = i.contact_id AND {_KEPT_CONTACT}))"
        )
        gone = [
            row[0]
            for row in self._connection.exec_driver_sql(
                "SELECT c.id FROM contacts c WHERE"
                " NOT EXISTS (SELECT 1 FROM contact_identifiers i WHERE i.contact_id = c.id)"
                " AND NOT EXISTS (SELECT 1 FROM cards k WHERE k.contact_id = c.id)"
                f" AND NOT {_KEPT_CONTACT}"
            )
        ]
        marks = (json.dumps(gone),)
        FulltextStore(self._connection).remove_contacts(gone)
        self._connection.exec_driver_sql(
            "DELETE FROM relationships WHERE (from_entity_type = 'contact'"
            " AND from_entity_id IN (SELECT value FROM json_each(?1)))"
            " OR (to_entity_type = 'contact'"
            " AND to_entity_id IN (SELECT value FROM json_each(?1)))",
            marks,
        )
        self._connection.exec_driver_sql(
            "DELETE FROM contacts WHERE id IN (SELECT value FROM json_each(?))", marks
        )

    def hand_over(self, import_id: int) -> None:
        """Give what stays to the earliest other import that speaks for it."""
        for statement in _HAND_OVER:
            self._connection.exec_driver_sql(statement, {"import": import_id})

    def finish(self, import_id: int) -> None:
        """Delete the record of the import itself."""
        self._connection.exec_driver_sql("DELETE FROM imports WHERE id = ?", (import_id,))


_HAND_OVER = (
    "UPDATE contact_identifiers SET import_id = coalesce("
    " (SELECT min(m.import_id) FROM message_people p JOIN messages m ON m.id = p.message_id"
    "  WHERE p.identifier_id = contact_identifiers.id),"
    " (SELECT min(c.import_id) FROM card_identifiers k JOIN cards c ON c.id = k.card_id"
    "  WHERE k.identifier_id = contact_identifiers.id),"
    " (SELECT min(n.import_id) FROM counted_participants n"
    "  WHERE n.identifier_id = contact_identifiers.id)) WHERE import_id = :import",
    "UPDATE contacts SET import_id = coalesce("
    " (SELECT min(i.import_id) FROM contact_identifiers i WHERE i.contact_id = contacts.id),"
    " (SELECT min(k.import_id) FROM cards k WHERE k.contact_id = contacts.id))"
    " WHERE import_id = :import",
    "UPDATE companies SET import_id = coalesce((SELECT min(c.import_id) FROM contacts c"
    " WHERE c.company_id = companies.id), (SELECT min(i.import_id) FROM company_imports i"
    " WHERE i.company_id = companies.id)) WHERE import_id = :import",
    "UPDATE conversations SET import_id = coalesce((SELECT min(m.import_id) FROM messages m"
    " WHERE m.conversation_id = conversations.id), (SELECT min(n.import_id)"
    " FROM counted_participants n WHERE n.conversation_id = conversations.id))"
    " WHERE import_id = :import",
)
