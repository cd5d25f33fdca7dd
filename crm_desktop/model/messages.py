"""Messages and conversations: bulk look-ups and inserts for imports, in raw SQL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crm_desktop.model.bulk import fetch_raw


@dataclass(slots=True)
class KnownMessage:
    """What duplicates and replies need to know of a stored message."""

    id: int
    content_key: int
    sent_at: int | None
    import_id: int | None
    conversation_id: int


@dataclass(slots=True)
class ConversationState:
    """A conversation while a batch adds to it. Times are epoch seconds UTC or None."""

    id: int
    message_count: int
    first_message_at: int | None
    last_message_at: int | None


@dataclass(frozen=True, slots=True)
class NewConversation:
    """A row for `conversations`, with the id it will have."""

    id: int
    source: str
    external_id: str | None
    subject: str
    subject_key: int | None


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A row for `messages`, with the id it will have."""

    id: int
    conversation_id: int
    source_type: str
    external_id: str
    content_key: int
    sent_at: int | None
    subject: str
    preview: str
    attachment_count: int
    kind: str
    is_active: bool


class MessageStore:
    """Reads and writes `messages`, `conversations` and the tables that hang on them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_external_id(self, source_type: str, ids: Iterable[str]) -> dict[str, KnownMessage]:
        """Stored messages by external id, for those of `ids` that are stored."""
        rows = self._connection.exec_driver_sql(
            "SELECT m.external_id, m.id, m.content_key, m.sent_at, m.import_id, m.conversation_id"
            " FROM json_each(?) j CROSS JOIN messages m"
            " ON m.source_type = ? AND m.external_id = j.value",
            (json.dumps(list(ids)), source_type),
        )
        return {row[0]: KnownMessage(*row[1:]) for row in rows}

    def by_content_key(self, source_type: str, keys: Iterable[int]) -> dict[int, KnownMessage]:
        """Stored messages by content key, for those of `keys` that are stored."""
        rows = self._connection.exec_driver_sql(
            "SELECT m.id, m.content_key, m.sent_at, m.import_id, m.conversation_id"
            " FROM json_each(?) j CROSS JOIN messages m INDEXED BY idx_messages_content_key"
            " ON m.content_key = j.value WHERE m.source_type = ? ORDER BY m.id DESC",
            (json.dumps(list(keys)), source_type),
        )
        return {row[1]: KnownMessage(*row) for row in rows}

    def senders(self, message_ids: Iterable[int]) -> dict[int, str]:
        """The sender's canonical address of each message that has one."""
        rows = self._connection.exec_driver_sql(
            "SELECT p.message_id, i.value FROM json_each(?) j"
            " CROSS JOIN message_people p ON p.message_id = j.value AND p.role = 'sender'"
            " JOIN contact_identifiers i ON i.id = p.identifier_id",
            (json.dumps(list(message_ids)),),
        )
        return {row[0]: row[1] for row in rows}

    def next_ids(self) -> tuple[int, int]:
        """The ids the next message and the next conversation will have. Only the one writer
        may rely on them, within its transaction."""
        row = self._connection.exec_driver_sql(
            "SELECT (SELECT coalesce(max(id), 0) + 1 FROM messages),"
            " (SELECT coalesce(max(id), 0) + 1 FROM conversations)"
        ).one()
        return row[0], row[1]

    def conversations_by_external_id(self, source: str, ids: Iterable[str]) -> dict[str, int]:
        """Conversation ids by the source's own conversation id."""
        rows = self._connection.exec_driver_sql(
            "SELECT c.external_id, c.id FROM json_each(?) j CROSS JOIN conversations c"
            " ON c.source = ? AND c.external_id = j.value",
            (json.dumps(list(ids)), source),
        )
        return {row[0]: row[1] for row in rows}

    def conversations_referring_to(self, reference_keys: Iterable[int]) -> dict[int, int]:
        """For each key of a Message-ID, the conversation of the first message that refers to it."""
        rows = self._connection.exec_driver_sql(
            "SELECT r.reference_key, m.conversation_id, min(r.message_id) FROM json_each(?) j"
            " CROSS JOIN message_references r ON r.reference_key = j.value"
            " JOIN messages m ON m.id = r.message_id GROUP BY r.reference_key",
            (json.dumps(list(reference_keys)),),
        )
        return {row[0]: row[1] for row in rows}

    def conversations_about(
        self, source: str, subject_key: int, earliest: int, latest: int, limit: int
    ) -> list[int]:
        """Conversations of one subject with a message between two instants, latest first."""
        # Once per message of an import, so straight to the driver.
        rows = fetch_raw(
            self._connection,
            "SELECT id FROM conversations WHERE subject_key = ? AND last_message_at >= ?"
            " AND first_message_at <= ? AND source = ? ORDER BY last_message_at DESC, id LIMIT ?",
            (subject_key, earliest, latest, source, limit),
        )
        return [row[0] for row in rows]

    def shared_people(self, conversation_id: int, contact_ids: Iterable[int]) -> set[int]:
        """Which of the contacts take part in the conversation."""
        marks = ",".join(str(int(contact_id)) for contact_id in contact_ids)
        rows = fetch_raw(
            self._connection,
            "SELECT contact_id FROM conversation_participants"
            f" WHERE conversation_id = ? AND contact_id IN ({marks})",
            (conversation_id,),
        )
        return {row[0] for row in rows}

    def load_conversations(self, ids: Iterable[int]) -> dict[int, ConversationState]:
        """The running state of stored conversations by id."""
        rows = self._connection.exec_driver_sql(
            "SELECT c.id, c.message_count, c.first_message_at, c.last_message_at"
            " FROM json_each(?) j CROSS JOIN conversations c ON c.id = j.value",
            (json.dumps(list(ids)),),
        )
        return {row[0]: ConversationState(*row) for row in rows}

    def insert_conversations(self, rows: Sequence[NewConversation], import_id: int) -> None:
        """Add conversations; their counts and times follow with `save_conversations`."""
        if rows:
            self._connection.exec_driver_sql(
                "INSERT INTO conversations (id, source, external_id, subject, subject_key,"
                " import_id) VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (r.id, r.source, r.external_id, r.subject, r.subject_key, import_id)
                    for r in rows
                ],
            )

    def save_conversations(self, states: Iterable[ConversationState]) -> None:
        """Write counts and times back."""
        parameters = [
            (s.message_count, s.first_message_at, s.last_message_at, s.id) for s in states
        ]
        if parameters:
            self._connection.exec_driver_sql(
                "UPDATE conversations SET message_count = ?, first_message_at = ?,"
                " last_message_at = ? WHERE id = ?",
                parameters,
            )

    def insert_messages(self, rows: Sequence[NewMessage], import_id: int) -> None:
        """Add messages."""
        if rows:
            self._connection.exec_driver_sql(
                "INSERT INTO messages (id, conversation_id, source_type, external_id, content_key,"
                " sent_at, subject, preview, attachment_count, kind, is_active, import_id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        r.id,
                        r.conversation_id,
                        r.source_type,
                        r.external_id,
                        r.content_key,
                        r.sent_at,
                        r.subject,
                        r.preview,
                        r.attachment_count,
                        r.kind,
                        r.is_active,
                        import_id,
                    )
                    for r in rows
                ],
            )

    def insert_people(self, rows: Sequence[tuple[int, int, str, int]]) -> None:
        """Add (message_id, contact_id, role, identifier_id) rows; repeated ones are ignored."""
        if rows:
            self._connection.exec_driver_sql(
                "INSERT OR IGNORE INTO message_people (message_id, contact_id, role,"
                " identifier_id) VALUES (?, ?, ?, ?)",
                list(rows),
            )

    def insert_references(self, rows: Sequence[tuple[int, int]]) -> None:
        """Add (reference_key, message_id) rows; repeated ones are ignored."""
        if rows:
            self._connection.exec_driver_sql(
                "INSERT OR IGNORE INTO message_references (reference_key, message_id)"
                " VALUES (?, ?)",
                list(rows),
            )

    def insert_texts(self, rows: Sequence[tuple[int, str]]) -> None:
        """Keep full texts: (message_id, body) rows."""
        if rows:
            self._connection.exec_driver_sql(
                "INSERT INTO message_texts (message_id, body) VALUES (?, ?)", list(rows)
            )

    def add_participation(self, rows: Sequence[tuple[int, int, int, int | None]]) -> None:
        """Count messages into `conversation_participants`.

        Rows are (conversation_id, contact_id, 1 if the contact sent it else 0, sent_at).
        """
        if rows:
            self._connection.exec_driver_sql(
                "INSERT INTO conversation_participants (conversation_id, contact_id,"
                " communication_count, first_seen_at, last_seen_at)"
                " VALUES (?1, ?2, ?3, ?4, ?4)"
                " ON CONFLICT (conversation_id, contact_id) DO UPDATE SET"
                " communication_count = communication_count + excluded.communication_count,"
                " first_seen_at = min(coalesce(first_seen_at, excluded.first_seen_at),"
                " coalesce(excluded.first_seen_at, first_seen_at)),"
                " last_seen_at = max(coalesce(last_seen_at, excluded.last_seen_at),"
                " coalesce(excluded.last_seen_at, last_seen_at))",
                list(rows),
            )

    def note_copies(self, message_ids: Iterable[int], import_id: int) -> None:
        """Remember that this import contained messages that another one had brought."""
        rows = [(message_id, import_id) for message_id in message_ids]
        if rows:
            self._connection.exec_driver_sql(
                "INSERT OR IGNORE INTO message_imports (message_id, import_id) VALUES (?, ?)",
                rows,
            )

    def rebuild_participants(self, conversation_ids: Iterable[int]) -> None:
        """Recount `conversation_participants` and the running state of conversations from their
        messages and from what other programs counted; those of which neither is left are
        deleted."""
        ids = json.dumps(list(conversation_ids))
        for statement in (
            "DELETE FROM conversations WHERE id IN (SELECT value FROM json_each(?))"
            " AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = conversations.id)"
            " AND NOT EXISTS (SELECT 1 FROM counted_participants n"
            "   WHERE n.conversation_id = conversations.id)",
            "DELETE FROM conversation_participants"
            " WHERE conversation_id IN (SELECT value FROM json_each(?))",
            "INSERT INTO conversation_participants (conversation_id, contact_id,"
            " communication_count, first_seen_at, last_seen_at)"
            " SELECT conversation_id, contact_id, sum(sent), min(first_at), max(last_at) FROM ("
            "   SELECT m.conversation_id, p.contact_id, max(p.role = 'sender') AS sent,"
            "          m.sent_at AS first_at, m.sent_at AS last_at"
            "   FROM json_each(?1) j CROSS JOIN messages m ON m.conversation_id = j.value"
            "   JOIN message_people p ON p.message_id = m.id WHERE m.is_active"
            "   GROUP BY m.id, p.contact_id"
            "   UNION ALL SELECT n.conversation_id, n.contact_id, max(n.communication_count),"
            "          min(n.first_seen_at), max(n.last_seen_at)"
            "   FROM json_each(?1) j CROSS JOIN counted_participants n"
            "   ON n.conversation_id = j.value"
            "   GROUP BY n.conversation_id, n.participant_key, n.contact_id)"
            " GROUP BY conversation_id, contact_id",
            "UPDATE conversations SET"
            " (message_count, first_message_at, last_message_at) ="
            " (SELECT coalesce(sum(count), 0), min(first_at), max(last_at) FROM ("
            "   SELECT 1 AS count, m.sent_at AS first_at, m.sent_at AS last_at FROM messages m"
            "   WHERE m.conversation_id = conversations.id"
            "   UNION ALL SELECT max(n.communication_count), min(n.first_seen_at),"
            "          max(n.last_seen_at) FROM counted_participants n"
            "   WHERE n.conversation_id = conversations.id"
            "   GROUP BY n.participant_key, n.contact_id))"
            " WHERE id IN (SELECT value FROM json_each(?))",
        ):
            self._connection.exec_driver_sql(statement, (ids,))

    def newest_at(self) -> int | None:
        """When the newest dated active message was sent, epoch seconds UTC."""
        value = self._connection.exec_driver_sql(
            "SELECT max(sent_at) FROM messages WHERE is_active"
        ).scalar_one_or_none()
        return None if value is None else int(value)
