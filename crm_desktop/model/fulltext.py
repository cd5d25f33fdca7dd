"""The full-text tables: keeping them in step with what they describe, and asking them.

They hold no text of their own: a row is deleted by its id and written anew. Whoever changes a
contact, company or message refreshes its row in the same write.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

MAX_WORDS = 12
MAX_CHARACTERS = 200
PEOPLE_CANDIDATES = 100
MESSAGE_CANDIDATES = 1_000

_CONTACT_ROWS = """
INSERT INTO contact_fts (rowid, name, identifiers, organization, tags, notes)
SELECT c.id, c.name,
    (SELECT group_concat(CASE WHEN i.raw = i.value THEN i.value ELSE i.value || ' ' || i.raw END,
        ' ') FROM contact_identifiers i WHERE i.contact_id = c.id),
    coalesce(o.name, '') || ' ' || coalesce(c.title, ''),
    (SELECT group_concat(t.tag, ' ') FROM contact_tags t WHERE t.contact_id = c.id),
    c.notes
FROM contacts c LEFT JOIN companies o ON o.id = c.company_id
WHERE c.kind = 'person'
"""
_COMPANY_ROWS = """
INSERT INTO company_fts (rowid, name, domain, notes)
SELECT id, name, domain, notes FROM companies WHERE true
"""
_MESSAGE_ROWS = """
INSERT INTO message_fts (rowid, subject, preview, body)
SELECT m.id, m.subject, m.preview, t.body
FROM messages m LEFT JOIN message_texts t ON t.message_id = m.id WHERE true
"""
_TABLES = ("contact_fts", "company_fts", "message_fts")


@dataclass(frozen=True, slots=True)
class MessageMatch:
    """A conversation of which messages match, and the best matching message.

    `sent_at` is epoch seconds UTC, or None.
    """

    conversation_id: int
    message_id: int
    sent_at: int | None


def searchable_words(text: str) -> list[str]:
    """The words of a search box that can match anything, in order, at most MAX_WORDS.

    NUL and lone surrogates, which SQLite does not take, are dropped; so are words of nothing but
    punctuation, which FTS5 would read as an empty phrase.
    """
    clean = text[:MAX_CHARACTERS].replace("\0", " ").encode("utf-8", "ignore").decode()
    words = [word for word in clean.split() if any(_is_token_character(c) for c in word)]
    return words[:MAX_WORDS]


def _is_token_character(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LN" or category == "Co"


def match_expression(words: Sequence[str], *, prefix_all: bool = False) -> str:
    """An FTS5 expression that wants every word, the last (or each) as a prefix.

    Each word is quoted, so nothing in it is read as FTS5 syntax.
    """
    quoted = ['"' + word.replace('"', '""') + '"' for word in words]
    last = len(quoted) - 1
    return " ".join(
        word + "*" if prefix_all or index == last else word for index, word in enumerate(quoted)
    )


class FulltextStore:
    """Reads and writes `contact_fts`, `company_fts` and `message_fts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Keeping in step

    def refresh_contacts(self, contact_ids: Iterable[int]) -> None:
        """Write the rows of these contacts anew; those that are gone or no persons have none."""
        self._refresh("contact_fts", _CONTACT_ROWS + " AND c.id", contact_ids)

    def remove_contacts(self, contact_ids: Iterable[int]) -> None:
        """Delete the rows of these contacts."""
        self._remove("contact_fts", contact_ids)

    def refresh_companies(self, company_ids: Iterable[int] | None = None) -> None:
        """Write the rows of these companies, or of all, anew."""
        if company_ids is None:
            self._empty("company_fts")
            self._connection.exec_driver_sql(_COMPANY_ROWS)
        else:
            self._refresh("company_fts", _COMPANY_ROWS + " AND id", company_ids)

    def add_messages(self, message_ids: Sequence[int]) -> None:
        """Add the rows of messages that were just stored and have none yet."""
        if message_ids:
            self._connection.exec_driver_sql(
                _MESSAGE_ROWS + " AND m.id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(message_ids)),),
            )

    def remove_messages(self, message_ids: Iterable[int]) -> None:
        """Delete the rows of these messages."""
        self._remove("message_fts", message_ids)

    def rebuild(self) -> None:
        """Write every row of every table anew."""
        for table, rows in zip(_TABLES, (_CONTACT_ROWS, _COMPANY_ROWS, _MESSAGE_ROWS), strict=True):
            self._empty(table)
            self._connection.exec_driver_sql(rows)

    def _empty(self, table: str) -> None:
        # Row by row: after 'delete-all' a connection that read the index before calls it damaged.
        self._connection.exec_driver_sql(f"DELETE FROM {table}")

    def _refresh(self, table: str, insert: str, ids: Iterable[int]) -> None:
        marks = json.dumps(sorted(set(ids)))
        self._remove_marked(table, marks)
        self._connection.exec_driver_sql(f"{insert} IN (SELECT value FROM json_each(?))", (marks,))

    def _remove(self, table: str, ids: Iterable[int]) -> None:
        self._remove_marked(table, json.dumps(list(ids)))

    def _remove_marked(self, table: str, marks: str) -> None:
        self._connection.exec_driver_sql(
            f"DELETE FROM {table} WHERE rowid IN (SELECT value FROM json_each(?))", (marks,)
        )

    # Asking

    def find_contacts(self, words: Sequence[str]) -> list[int]:
        """Persons that match every word as a prefix, best text match first, at most
        PEOPLE_CANDIDATES."""
        return self._ranked("contact_fts", "10.0, 6.0, 3.0, 3.0, 1.0", words)

    def find_close_contacts(self, words: Sequence[str], self_person_id: int) -> list[int]:
        """Persons that match every word as a prefix and to whom self is closest, best score
        first, at most PEOPLE_CANDIDATES."""
        rows = self._connection.exec_driver_sql(
            "SELECT f.rowid FROM contact_fts f CROSS JOIN crm_relationships r"
            " ON r.self_person_id = ? AND r.person_id = f.rowid WHERE contact_fts MATCH ?"
            f" ORDER BY r.score DESC, f.rowid LIMIT {PEOPLE_CANDIDATES}",
            (self_person_id, match_expression(words, prefix_all=True)),
        )
        return [row[0] for row in rows]

    def matching_contacts(self, words: Sequence[str]) -> list[int]:
        """All persons that match every word as a prefix, by id."""
        rows = self._connection.exec_driver_sql(
            "SELECT rowid FROM contact_fts WHERE contact_fts MATCH ? ORDER BY rowid",
            (match_expression(words, prefix_all=True),),
        )
        return [row[0] for row in rows]

    def find_companies(self, words: Sequence[str]) -> list[int]:
        """Companies that match every word as a prefix, best text match first, at most
        PEOPLE_CANDIDATES."""
        return self._ranked("company_fts", "10.0, 6.0, 1.0", words)

    def _ranked(self, table: str, weights: str, words: Sequence[str]) -> list[int]:
        rows = self._connection.exec_driver_sql(
            f"SELECT rowid FROM {table} WHERE {table} MATCH ?"
            f" ORDER BY bm25({table}, {weights}), rowid LIMIT {PEOPLE_CANDIDATES}",
            (match_expression(words, prefix_all=True),),
        )
        return [row[0] for row in rows]

    def find_conversations(self, words: Sequence[str], limit: int) -> list[MessageMatch]:
        """Conversations with a message that matches, at most `limit`.

        Few matches are ordered by how well they match; of many, where that would take long, the
        messages stored last are taken and ordered newest first.
        """
        expression = _message_expression(words)
        ids = [
            row[0]
            for row in self._connection.exec_driver_sql(
                "SELECT rowid FROM message_fts WHERE message_fts MATCH ?"
                f" ORDER BY rowid DESC LIMIT {MESSAGE_CANDIDATES}",
                (expression,),
            )
        ]
        if len(ids) < MESSAGE_CANDIDATES:
            rows = self._connection.exec_driver_sql(
                "SELECT m.conversation_id, m.id, m.sent_at FROM ("
                "  SELECT rowid AS id, bm25(message_fts, 4.0, 1.0, 1.0) AS rank FROM message_fts"
                "  WHERE message_fts MATCH ?) f"
                " CROSS JOIN messages m ON m.id = f.id ORDER BY f.rank, m.sent_at DESC, m.id",
                (expression,),
            )
        else:
            rows = self._connection.exec_driver_sql(
                "SELECT m.conversation_id, m.id, m.sent_at FROM json_each(?) j"
                " CROSS JOIN messages m ON m.id = j.value ORDER BY m.sent_at DESC, m.id DESC",
                (json.dumps(ids),),
            )
        found: dict[int, MessageMatch] = {}
        for row in rows:
            found.setdefault(row[0], MessageMatch(*row))
            if len(found) == limit:
                break
        rows.close()
        return list(found.values())


def _message_expression(words: Sequence[str]) -> str:
    """As `match_expression`, but a word of which one letter is typed waits for the second, or
    counts as a whole word when it is alone: it would begin nearly every message and take long.
    """
    if not (len(words[-1]) == 1 and words[-1].isascii()):
        return match_expression(words)
    if len(words) > 1:
        return match_expression(words[:-1])
    return match_expression(words).removesuffix("*")
