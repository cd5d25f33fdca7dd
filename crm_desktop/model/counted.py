"""Conversations of which another program handed over counts and not the messages.

What an import counted is kept as it said it, in `counted_participants`; the conversations'
participants follow from these rows and the messages together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crm_desktop.model.messages import MessageStore, NewConversation


@dataclass(frozen=True, slots=True)
class CountedParticipant:
    """A row as one import says it. Times are epoch seconds UTC or None."""

    conversation_id: int
    participant_key: int
    contact_id: int
    identifier_id: int | None
    communication_count: int
    first_seen_at: int | None
    last_seen_at: int | None

    @property
    def statement(self) -> tuple[int, int, int, int | None, int | None]:
        """What it says of whom, whichever import said it."""
        return (
            self.conversation_id,
            self.participant_key,
            self.communication_count,
            self.first_seen_at,
            self.last_seen_at,
        )


class CountedStore:
    """Reads and writes `counted_participants`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._messages = MessageStore(connection)

    def add_conversation(self, source: str, key: str, subject: str, import_id: int) -> int:
        """The id of a new conversation without messages."""
        conversation_id = self._messages.next_ids()[1]
        self._messages.insert_conversations(
            [NewConversation(conversation_id, source, key, subject, None)], import_id
        )
        return conversation_id

    def statements(
        self, conversation_ids: Iterable[int]
    ) -> set[tuple[int, int, int, int | None, int | None]]:
        """What is known of the participants of these conversations; see
        `CountedParticipant.statement`."""
        rows = self._connection.exec_driver_sql(
            "SELECT p.conversation_id, p.participant_key, p.communication_count, p.first_seen_at,"
            " p.last_seen_at FROM json_each(?) j CROSS JOIN counted_participants p"
            " ON p.conversation_id = j.value",
            (json.dumps(list(conversation_ids)),),
        )
        return {(row[0], row[1], row[2], row[3], row[4]) for row in rows}

    def save(self, rows: Sequence[CountedParticipant], import_id: int) -> None:
        """Keep what an import says, and count the conversations anew."""
        if not rows:
            return
        self._connection.exec_driver_sql(
            "INSERT INTO counted_participants (conversation_id, participant_key, import_id,"
            " contact_id, identifier_id, communication_count, first_seen_at, last_seen_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (conversation_id, participant_key, import_id) DO UPDATE SET"
            " communication_count = max(communication_count, excluded.communication_count)",
            [
                (
                    *(row.conversation_id, row.participant_key, import_id, row.contact_id),
                    *(row.identifier_id, row.communication_count),
                    *(row.first_seen_at, row.last_seen_at),
                )
                for row in rows
            ],
        )
        self._messages.rebuild_participants(dict.fromkeys(row.conversation_id for row in rows))

    def remove(self, import_id: int, limit: int) -> int:
        """Take back what an import says of up to `limit` conversations; how many those were."""
        ids = [
            row[0]
            for row in self._connection.exec_driver_sql(
                "SELECT DISTINCT conversation_id FROM counted_participants WHERE import_id = ?"
                " LIMIT ?",
                (import_id, limit),
            )
        ]
        self._connection.exec_driver_sql(
            "DELETE FROM counted_participants WHERE import_id = ?"
            " AND conversation_id IN (SELECT value FROM json_each(?))",
            (import_id, json.dumps(ids)),
        )
        self._messages.rebuild_participants(ids)
        return len(ids)
