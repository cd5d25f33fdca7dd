"""Small archives for tests: contacts, conversations and messages written straight to the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_desktop.base.clock import now_seconds
from crm_desktop.domain.contacts import name_key

if TYPE_CHECKING:
    from crm_desktop.model.database import Database

DAY_S = 86_400


class ArchiveBuilder:
    """Adds rows to a database; conversation participants follow the messages."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def execute(self, sql: str, *parameters: object) -> list[Any]:
        """The rows of one statement, run in a write transaction of its own."""
        with self.database.write() as store:
            result = store.connection.exec_driver_sql(sql, parameters)
            return [tuple(row) for row in result] if result.returns_rows else []

    def contact(
        self,
        name: str,
        *,
        kind: str = "person",
        email: str | None = None,
        phone: str | None = None,
        company: str | None = None,
        id_: int | None = None,
    ) -> int:
        """The id of a new contact, with an address of its own."""
        company_id = None if company is None else self.company(company)
        [(contact_id,)] = self.execute(
            "INSERT INTO contacts (id, name, name_key, kind, company_id, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, 0, 0) RETURNING id",
            *(id_, name, name_key(name), kind, company_id),
        )
        self.identifier(contact_id, "email", email or f"contact{contact_id}@example.org", True)
        if phone:
            self.identifier(contact_id, "phone", phone)
        return int(contact_id)

    def company(self, name: str) -> int:
        """The id of the company of this name, new or not."""
        found = self.execute("SELECT id FROM companies WHERE name = ?", name)
        if not found:
            found = self.execute(
                "INSERT INTO companies (name, name_key, created_at, updated_at)"
                " VALUES (?, ?, 0, 0) RETURNING id",
                *(name, name_key(name)),
            )
        return int(found[0][0])

    def identifier(self, contact_id: int, kind: str, value: str, is_primary: bool = False) -> None:
        """Give a contact one more address or number."""
        self.execute(
            "INSERT INTO contact_identifiers"
            " (contact_id, home_contact_id, kind, value, raw, is_primary)"
            " VALUES (?1, ?1, ?2, ?3, ?3, ?4)",
            *(contact_id, kind, value, is_primary),
        )

    def conversation(self, subject: str = "") -> int:
        """The id of a new conversation."""
        [(conversation_id,)] = self.execute(
            "INSERT INTO conversations (source, subject) VALUES ('mail', ?) RETURNING id", subject
        )
        return int(conversation_id)

    def participant(
        self,
        conversation_id: int,
        contact_id: int,
        sent: int = 1,
        first: int | None = None,
        last: int | None = None,
    ) -> None:
        """Say that a contact takes part in a conversation."""
        self.execute(
            "INSERT INTO conversation_participants VALUES (?, ?, ?, ?, ?)",
            *(conversation_id, contact_id, sent, first, last),
        )

    def message(
        self,
        conversation_id: int,
        sender: int,
        receivers: list[int],
        sent_at: int | None,
        *,
        cc: tuple[int, ...] = (),
        attachments: int = 0,
        status: str = "ok",
        is_active: bool = True,
    ) -> int:
        """The id of a new message; its people take part in the conversation."""
        [(count,)] = self.execute("SELECT count(*) FROM messages")
        [(message_id,)] = self.execute(
            "INSERT INTO messages (conversation_id, source_type, external_id, content_key, sent_at,"
            " attachment_count, status, is_active) VALUES (?, 'mail', ?, ?, ?, ?, ?, ?)"
            " RETURNING id",
            *(conversation_id, f"m{count}", count, sent_at, attachments, status, is_active),
        )
        roles = [(sender, "sender")]
        roles += [(receiver, "recipient") for receiver in receivers]
        roles += [(receiver, "cc") for receiver in cc]
        for contact_id, role in roles:
            self.execute(
                "INSERT INTO message_people (message_id, contact_id, role, identifier_id)"
                " SELECT ?1, ?2, ?3, id FROM contact_identifiers WHERE contact_id = ?2 LIMIT 1",
                *(message_id, contact_id, role),
            )
            self.execute(
                "INSERT INTO conversation_participants VALUES (?1, ?2, ?3, ?4, ?4)"
                " ON CONFLICT DO UPDATE SET"
                " communication_count = communication_count + excluded.communication_count,"
                " first_seen_at = min(coalesce(first_seen_at, excluded.first_seen_at),"
                " coalesce(excluded.first_seen_at, first_seen_at)),"
                " last_seen_at = max(coalesce(last_seen_at, excluded.last_seen_at),"
                " coalesce(excluded.last_seen_at, last_seen_at))",
                *(conversation_id, contact_id, int(role == "sender"), sent_at),
            )
        return int(message_id)


def two_friends(archive: ArchiveBuilder) -> tuple[int, int, int]:
    """Ada and Ben, and a conversation they share."""
    ada, ben = archive.contact("Ada"), archive.contact("Ben")
    conversation = archive.conversation("Re: Golf on Sunday")
    now = now_seconds()
    archive.message(conversation, ada, [ben], now - 10 * DAY_S)
    archive.message(conversation, ben, [ada], now - 5 * DAY_S)
    return ada, ben, conversation
