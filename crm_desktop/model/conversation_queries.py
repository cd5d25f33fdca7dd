"""Conversations as cards and search results show them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crm_desktop.domain.contacts import ContactKind
from crm_desktop.domain.conversations import ConversationPerson, KnownMessage
from crm_desktop.domain.messages import ConversationSummary

SHOWN_PARTICIPANTS = 4
MAX_PARTICIPANTS = 12
SEARCHED_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Participant:
    """Who takes part in a conversation."""

    contact_id: int
    name: str
    is_person: bool


@dataclass(frozen=True, slots=True)
class FoundConversation:
    """A conversation with the texts of the message by which it was found."""

    conversation_id: int
    subject: str
    message_subject: str
    preview: str
    body: str | None


def _message(
    id_: int,
    sent_at: int | None,
    subject: str,
    preview: str,
    attachment_count: int,
    is_active: int,
    sender: str | None,
) -> KnownMessage:
    sender_id, name = json.loads(sender) if sender else (None, "")
    return KnownMessage(
        id_, sent_at, subject, preview, attachment_count, bool(is_active), sender_id, name
    )


class ConversationQueries:
    """Reads summaries of conversations."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def latest_of(self, contact_id: int, *, limit: int, now: int) -> list[int]:
        """The conversations that a contact takes part in, latest message first.

        Dates after `now` (epoch seconds UTC) count as now, so that a wrong one does not lead.
        """
        rows = self._connection.exec_driver_sql(
            "SELECT c.id FROM conversation_participants p"
            " CROSS JOIN conversations c ON c.id = p.conversation_id WHERE p.contact_id = ?"
            " ORDER BY min(c.last_message_at, ?) DESC, c.last_message_at, c.id DESC LIMIT ?",
            (contact_id, now, limit),
        )
        return [row[0] for row in rows]

    def summaries(self, conversation_ids: Sequence[int]) -> list[ConversationSummary]:
        """The summaries of these conversations, in the order given; gone ones are left out.

        The preview is the start of the latest message that says anything, junk and bounces last.
        """
        ids = json.dumps(list(conversation_ids))
        participants = self.participants(conversation_ids)
        rows = self._connection.exec_driver_sql(
            "SELECT c.id, c.subject, coalesce((SELECT m.preview FROM messages m"
            "   WHERE m.conversation_id = c.id AND m.preview <> ''"
            "   ORDER BY m.is_active DESC, m.sent_at DESC, m.id DESC LIMIT 1), ''),"
            " c.message_count, c.last_message_at"
            " FROM json_each(?) j CROSS JOIN conversations c ON c.id = j.value ORDER BY j.key",
            (ids,),
        )
        return [
            ConversationSummary(
                id=row[0],
                subject=row[1],
                preview=row[2],
                message_count=row[3],
                last_message_at=row[4],
                participants=tuple(
                    participant.name
                    for participant in participants.get(row[0], ())[:SHOWN_PARTICIPANTS]
                ),
            )
            for row in rows
        ]

    def participants(self, conversation_ids: Sequence[int]) -> dict[int, list[Participant]]:
        """Who takes part in each conversation: people before lists and machines, who wrote most
        first, at most MAX_PARTICIPANTS each."""
        rows = self._connection.exec_driver_sql(
            "SELECT p.conversation_id, p.contact_id, n.name, n.kind = 'person' FROM json_each(?) j"
            " CROSS JOIN conversation_participants p ON p.conversation_id = j.value"
            " CROSS JOIN contacts n ON n.id = p.contact_id"
            " ORDER BY n.kind <> 'person', p.communication_count DESC, p.contact_id",
            (json.dumps(list(conversation_ids)),),
        )
        found: dict[int, list[Participant]] = {}
        for conversation_id, contact_id, name, is_person in rows:
            everyone = found.setdefault(conversation_id, [])
            if len(everyone) < MAX_PARTICIPANTS:
                everyone.append(Participant(contact_id, name, bool(is_person)))
        return found

    def heading(self, conversation_id: int) -> tuple[str, int] | None:
        """Subject and number of messages, or None when the conversation is gone."""
        row = self._connection.exec_driver_sql(
            "SELECT subject, message_count FROM conversations WHERE id = ?", (conversation_id,)
        ).first()
        return None if row is None else (row[0], row[1])

    def everyone(self, conversation_id: int, *, limit: int) -> tuple[ConversationPerson, ...]:
        """Who takes part, with how many messages each sent: who wrote most first."""
        rows = self._connection.exec_driver_sql(
            "SELECT n.id, n.name, n.kind, p.communication_count FROM conversation_participants p"
            " CROSS JOIN contacts n ON n.id = p.contact_id WHERE p.conversation_id = ?"
            " ORDER BY n.kind <> 'person', p.communication_count DESC, p.contact_id LIMIT ?",
            (conversation_id, limit),
        )
        return tuple(
            ConversationPerson(row[0], row[1], ContactKind(row[2]), row[3]) for row in rows
        )

    def latest_messages(self, conversation_id: int, *, limit: int) -> tuple[KnownMessage, ...]:
        """The last `limit` messages, oldest first, those without a date before all others."""
        rows = self._connection.exec_driver_sql(
            "SELECT m.id, m.sent_at, m.subject, m.preview, m.attachment_count, m.is_active,"
            " (SELECT json_array(p.contact_id, n.name) FROM message_people p"
            "   CROSS JOIN contacts n ON n.id = p.contact_id"
            "   WHERE p.message_id = m.id AND p.role = 'sender' LIMIT 1)"
            " FROM messages m WHERE m.conversation_id = ?"
            " ORDER BY m.sent_at DESC, m.id DESC LIMIT ?",
            (conversation_id, limit),
        ).all()
        return tuple(_message(*row) for row in reversed(rows))

    def found(self, message_ids: Sequence[int]) -> list[FoundConversation]:
        """The conversations of these messages with the messages' texts (of a
        body the first SEARCHED_CHARACTERS), in the order given."""
        rows = self._connection.exec_driver_sql(
            "SELECT c.id, c.subject, m.subject, m.preview,"
            f" substr(t.body, 1, {SEARCHED_CHARACTERS}) FROM json_each(?) j"
            " CROSS JOIN messages m ON m.id = j.value"
            " JOIN conversations c ON c.id = m.conversation_id"
            " LEFT JOIN message_texts t ON t.message_id = m.id ORDER BY j.key",
            (json.dumps(list(message_ids)),),
        )
        return [FoundConversation(*row) for row in rows]
