"""Whether the database is whole and its derived tables say what the others do."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from crm_desktop.model import files

_COUNTED = ("contacts", "companies", "conversations", "messages", "relationships")

# What other programs counted: of one participant the most that an import says.
_COUNTED_ELSEWHERE = """
SELECT conversation_id, contact_id, max(communication_count) AS sent,
    min(first_seen_at) AS first_at, max(last_seen_at) AS last_at
FROM counted_participants GROUP BY conversation_id, participant_key, contact_id
"""
_RECOUNTED_PARTICIPANTS = f"""
SELECT conversation_id, contact_id, sum(sent), min(first_at), max(last_at) FROM (
    SELECT m.conversation_id, p.contact_id, max(p.role = 'sender') AS sent,
        m.sent_at AS first_at, m.sent_at AS last_at
    FROM messages m CROSS JOIN message_people p ON p.message_id = m.id WHERE m.is_active
    GROUP BY m.id, p.contact_id
    UNION ALL SELECT * FROM ({_COUNTED_ELSEWHERE}))
GROUP BY conversation_id, contact_id
"""
_STORED_PARTICIPANTS = """
SELECT conversation_id, contact_id, communication_count, first_seen_at, last_seen_at
FROM conversation_participants
"""
_RECOUNTED_CONVERSATIONS = f"""
SELECT c.id, coalesce(sum(s.count), 0), min(s.first_at), max(s.last_at)
FROM conversations c LEFT JOIN (
    SELECT conversation_id, 1 AS count, sent_at AS first_at, sent_at AS last_at FROM messages
    UNION ALL SELECT conversation_id, sent, first_at, last_at FROM ({_COUNTED_ELSEWHERE})) s
ON s.conversation_id = c.id GROUP BY c.id
"""
_STORED_CONVERSATIONS = (
    "SELECT id, message_count, first_message_at, last_message_at FROM conversations"
)
_WROTE = """
SELECT s.contact_id AS a, r.contact_id AS b FROM messages m
CROSS JOIN message_people s ON s.message_id = m.id AND s.role = 'sender'
CROSS JOIN message_people r ON r.message_id = m.id AND r.role <> 'sender'
CROSS JOIN contacts cs ON cs.id = s.contact_id AND cs.kind = 'person'
CROSS JOIN contacts cr ON cr.id = r.contact_id AND cr.kind = 'person'
WHERE m.is_active AND m.status <> 'failed' AND m.sent_at IS NOT NULL
    AND s.contact_id <> r.contact_id
"""
_STORED_PAIRS = "SELECT self_person_id, person_id FROM crm_relationships"


@dataclass(frozen=True, slots=True)
class FulltextState:
    """How the rows of one full-text table differ from the rows they describe."""

    noun: str
    missing: int
    surplus: int


class CheckQueries:
    """Counts what does not fit together."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counts(self) -> tuple[tuple[str, int], ...]:
        """The rows of the chief tables, by noun."""
        return tuple((table, self._count(f"SELECT 1 FROM {table}")) for table in _COUNTED)

    def damage(self) -> list[str]:
        """What SQLite itself finds wrong with the file: pages, indexes, references, full text."""
        for table in ("contact_fts", "company_fts", "message_fts"):
            # The check looks into the index as this connection last saw it; a search looks anew.
            # Where it finds damage, the check will say so.
            with suppress(DatabaseError):
                self._connection.exec_driver_sql(
                    f"SELECT rowid FROM {table} WHERE {table} MATCH 'a' LIMIT 1"
                ).first()
        return files.problems_in(self._connection.connection.dbapi_connection)

    def fulltext(self) -> list[FulltextState]:
        """The state of each full-text table."""
        wanted = {
            ("people", "contact_fts"): "SELECT id FROM contacts WHERE kind = 'person'",
            ("companies", "company_fts"): "SELECT id FROM companies",
            ("messages", "message_fts"): "SELECT id FROM messages",
        }
        states = []
        for (noun, table), expected in wanted.items():
            stored = f"SELECT id FROM {table}_docsize"
            missing = self._count(f"{expected} EXCEPT {stored}")
            states.append(FulltextState(noun, missing, self._count(f"{stored} EXCEPT {expected}")))
        return states

    def wrong_participants(self) -> int:
        """Rows of `conversation_participants` that the messages do not bear out, or that lack."""
        return self._difference(_RECOUNTED_PARTICIPANTS, _STORED_PARTICIPANTS)

    def wrong_conversations(self) -> int:
        """Conversations whose counts or times their messages do not bear out."""
        return self._count(f"{_STORED_CONVERSATIONS} EXCEPT {_RECOUNTED_CONVERSATIONS}")

    def wrong_pairs(self) -> int:
        """Pairs of `crm_relationships` without any message between the two, or that lack."""
        expected = f"WITH w AS MATERIALIZED ({_WROTE}) SELECT a, b FROM w UNION SELECT b, a FROM w"
        return self._difference(expected, _STORED_PAIRS)

    def loose_ends(self) -> int:
        """Relationships of which an end is gone."""
        return self._count(
            "SELECT 1 FROM relationships r WHERE NOT EXISTS (SELECT 1 FROM contacts c"
            "   WHERE r.from_entity_type = 'contact' AND c.id = r.from_entity_id"
            "   UNION ALL SELECT 1 FROM companies o"
            "   WHERE r.from_entity_type = 'company' AND o.id = r.from_entity_id)"
            " OR NOT EXISTS (SELECT 1 FROM contacts c"
            "   WHERE r.to_entity_type = 'contact' AND c.id = r.to_entity_id"
            "   UNION ALL SELECT 1 FROM companies o"
            "   WHERE r.to_entity_type = 'company' AND o.id = r.to_entity_id)"
        )

    def _count(self, query: str) -> int:
        return int(self._connection.exec_driver_sql(f"SELECT count(*) FROM ({query})").scalar_one())

    def _difference(self, expected: str, stored: str) -> int:
        """Rows in one of the two queries only, a changed row counting once."""
        one_way = self._count(f"SELECT * FROM ({stored}) EXCEPT SELECT * FROM ({expected})")
        other_way = self._count(f"SELECT * FROM ({expected}) EXCEPT SELECT * FROM ({stored})")
        return max(one_way, other_way)
