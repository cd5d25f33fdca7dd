"""The KNOWS relationships that inference owns, and what it needs to read to find them.

`properties` of an inferred row is JSON with the keys strength, shared_conversations,
shared_messages, first_interaction and last_interaction (epoch seconds UTC, or null), and
recent_conversations, the ids of the latest conversations the two share.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from sqlalchemy import Connection

from crm_desktop.domain.relationships import KNOWS_TYPE_ID
from crm_desktop.model.bulk import MISSING, fetch_raw, integer_columns

_TIED = """
WITH RECURSIVE tied(id) AS (
    SELECT id FROM contacts WHERE id = ? AND kind = 'person'
    UNION
    SELECT n.id FROM tied JOIN contacts c ON c.id = tied.id
        JOIN contacts n ON n.name_key = c.name_key AND n.name_key <> '' AND n.kind = 'person'
    UNION
    SELECT o.id FROM tied JOIN (
        SELECT low_contact_id AS one, high_contact_id AS other FROM identity_decisions
            WHERE decision = 'same'
        UNION ALL SELECT high_contact_id, low_contact_id FROM identity_decisions
            WHERE decision = 'same'
    ) d ON d.one = tied.id JOIN contacts o ON o.id = d.other AND o.kind = 'person'
)
SELECT c.id, c.name_key,
    (SELECT count(*) FROM conversation_participants p WHERE p.contact_id = c.id)
FROM tied CROSS JOIN contacts c ON c.id = tied.id ORDER BY c.id
"""

_PARTICIPANTS = (
    "SELECT p.conversation_id, p.contact_id, p.communication_count,"
    " coalesce(p.first_seen_at, ?1), coalesce(p.last_seen_at, ?1) FROM"
)
_DELETE = (
    "DELETE FROM relationships WHERE source = 'inferred' AND updated_by IS NULL",
    "UPDATE relationships SET source = 'manual', properties = NULL WHERE source = 'inferred'",
)
_INSERT = (
    "INSERT INTO relationships (relationship_type_id, from_entity_type, from_entity_id,"
    " to_entity_type, to_entity_id, source, properties, description, created_at, updated_at)"
    f" SELECT '{KNOWS_TYPE_ID}', 'contact', low, 'contact', high, 'inferred', properties,"
    " description, ?1, ?1 FROM temp.inferred_rows WHERE true"
    " ON CONFLICT (from_entity_id, to_entity_id, relationship_type_id) DO NOTHING"
)
_LIST_INDEX = "idx_relationships_list"
_ROWS_PER_STATEMENT = 20_000
_ROW = "r.id, r.from_entity_id, r.to_entity_id, r.properties, r.description"

InferredRow: TypeAlias = tuple[int, int, str, str | None]
"""A KNOWS relationship as inference wants it stored: lower contact id, higher contact id, the
text of `properties`, description (None where a person cleared it). A plain tuple, since there are
many and the garbage collector looks into everything else."""

StoredRow: TypeAlias = tuple[int, int, int, str, str | None]
"""The same as stored, with its id in front."""


class InferredStore:
    """Reads conversations for inference; reads and writes `relationships` of source inferred."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def participants(self, conversation_ids: Iterable[int] | None = None) -> tuple[Any, ...]:
        """Columns of `conversation_participants`, of all or of these conversations, as int64
        arrays: conversation id, contact id, messages sent, first and last seen (`bulk.MISSING`
        where unknown)."""
        if conversation_ids is None:
            return integer_columns(
                self._connection, f"{_PARTICIPANTS} conversation_participants p", 5, (MISSING,)
            )
        return integer_columns(
            self._connection,
            f"{_PARTICIPANTS} json_each(?2) j CROSS JOIN conversation_participants p"
            " ON p.conversation_id = j.value",
            5,
            (MISSING, _json(conversation_ids)),
        )

    def conversations(self) -> tuple[Any, ...]:
        """Ids, ascending, and last times (`bulk.MISSING` where unknown) of all conversations, as
        int64 arrays."""
        return integer_columns(
            self._connection,
            "SELECT id, coalesce(last_message_at, ?) FROM conversations ORDER BY id",
            2,
            (MISSING,),
        )

    def last_times(self, conversation_ids: Iterable[int]) -> dict[int, int]:
        """The last times of these conversations (`bulk.MISSING` where unknown), by id."""
        rows = fetch_raw(
            self._connection,
            "SELECT c.id, coalesce(c.last_message_at, ?) FROM json_each(?) j"
            " CROSS JOIN conversations c ON c.id = j.value",
            (MISSING, _json(conversation_ids)),
        )
        return {row[0]: row[1] for row in rows}

    def conversation_count(self) -> int:
        """How many conversations there are."""
        return self._number("SELECT count(*) FROM conversations")

    def highest_conversation_id(self) -> int:
        """The highest id of a conversation, or 0."""
        return self._number("SELECT coalesce(max(id), 0) FROM conversations")

    def subjects(self, conversation_ids: Iterable[int] | None = None) -> dict[int, str]:
        """The subjects, by id, of those conversations, or of these, that have a subject."""
        if conversation_ids is None:
            sql = "SELECT id, subject FROM conversations WHERE subject <> ''"
            return dict(fetch_raw(self._connection, sql))
        sql = (
            "SELECT c.id, c.subject FROM json_each(?) j CROSS JOIN conversations c"
            " ON c.id = j.value WHERE c.subject <> ''"
        )
        return dict(fetch_raw(self._connection, sql, (_json(conversation_ids),)))

    def people_in(self, conversation_ids: Iterable[int]) -> dict[int, int]:
        """How many contacts take part in each of these conversations."""
        rows = fetch_raw(
            self._connection,
            "SELECT j.value, (SELECT count(*) FROM conversation_participants p"
            " WHERE p.conversation_id = j.value) FROM json_each(?) j",
            (_json(conversation_ids),),
        )
        return dict(rows)

    def contacts(self) -> tuple[list[int], list[str], list[bool]]:
        """Ids, comparable names and whether a person, of all contacts."""
        rows = list(
            fetch_raw(self._connection, "SELECT id, name_key, kind = 'person' FROM contacts")
        )
        return [row[0] for row in rows], [row[1] for row in rows], [bool(row[2]) for row in rows]

    def name_keys(self, contact_ids: Iterable[int]) -> dict[int, str]:
        """The comparable names of these contacts, by id."""
        rows = fetch_raw(
            self._connection,
            "SELECT c.id, c.name_key FROM json_each(?) j CROSS JOIN contacts c ON c.id = j.value",
            (_json(contact_ids),),
        )
        return dict(rows)

    def row_counts(self, contact_ids: Iterable[int]) -> dict[int, int]:
        """In how many conversations each of these contacts takes part."""
        rows = fetch_raw(
            self._connection,
            "SELECT j.value, (SELECT count(*) FROM conversation_participants p"
            " WHERE p.contact_id = j.value) FROM json_each(?) j",
            (_json(contact_ids),),
        )
        return dict(rows)

    def conversations_of(self, contact_ids: Iterable[int]) -> list[int]:
        """The conversations in which any of these contacts takes part."""
        rows = fetch_raw(
            self._connection,
            "SELECT DISTINCT p.conversation_id FROM json_each(?) j"
            " CROSS JOIN conversation_participants p ON p.contact_id = j.value",
            (_json(contact_ids),),
        )
        return [row[0] for row in rows]

    def shared_conversations(self, some: Iterable[int], others: Iterable[int]) -> list[int]:
        """The conversations in which one of `some` and one of `others` take part. Quicker when
        `some` are those who take part in fewer."""
        rows = fetch_raw(
            self._connection,
            "SELECT DISTINCT p.conversation_id FROM json_each(?1) j"
            " CROSS JOIN conversation_participants p ON p.contact_id = j.value"
            " WHERE EXISTS (SELECT 1 FROM json_each(?2) o JOIN conversation_participants q"
            " ON q.conversation_id = p.conversation_id AND q.contact_id = o.value)",
            (_json(some), _json(others)),
        )
        return [row[0] for row in rows]

    def possible_aliases(
        self, contact_id: int
    ) -> tuple[list[int], list[str], dict[int, int], list[tuple[int, int]], list[tuple[int, int]]]:
        """The persons tied to a contact by a shared name or by a decision, over any number of
        steps: ids, name keys, numbers of participant rows by id, and the pairs among them that the
        person said are different, and the same."""
        rows = self._connection.exec_driver_sql(_TIED, (contact_id,)).all()
        ids = [row[0] for row in rows]
        decided = _json(ids)
        return (
            ids,
            [row[1] for row in rows],
            {row[0]: row[2] for row in rows},
            self.decided("different", decided),
            self.decided("same", decided),
        )

    def decided(self, decision: str, ids: str | None = None) -> list[tuple[int, int]]:
        """The pairs of contacts, lower id first, that the person said are the "same" or
        "different"; among `ids` (JSON) only, if given."""
        rows = self._connection.exec_driver_sql(
            "SELECT low_contact_id, high_contact_id FROM identity_decisions WHERE decision = ?1"
            " AND (?2 IS NULL OR (low_contact_id IN (SELECT value FROM json_each(?2))"
            " AND high_contact_id IN (SELECT value FROM json_each(?2)))) ORDER BY 1, 2",
            (decision, ids),
        )
        return [(row[0], row[1]) for row in rows]

    def blocked_pairs(self) -> set[tuple[int, int]]:
        """The pairs, lower id first, that a person entered, imported or rejected as KNOWS."""
        rows = self._connection.exec_driver_sql(
            # The source leads to the few among many; the type has most of them.
            "SELECT from_entity_id, to_entity_id FROM relationships"
            " INDEXED BY idx_relationships_source"
            " WHERE relationship_type_id = ? AND source IN ('manual', 'imported')"
            " UNION SELECT from_entity_id, to_entity_id FROM relationship_decisions"
            " WHERE relationship_type_id = ? AND decision = 'rejected'",
            (KNOWS_TYPE_ID, KNOWS_TYPE_ID),
        )
        return {(min(row[0], row[1]), max(row[0], row[1])) for row in rows}

    def stored(self) -> Iterator[StoredRow]:
        """The inferred rows by (lower id, higher id). Read them all before the block ends."""
        return fetch_raw(
            self._connection,
            f"SELECT {_ROW} FROM relationships r INDEXED BY sqlite_autoindex_relationships_1"
            " WHERE r.source = 'inferred' AND r.relationship_type_id = ?"
            " ORDER BY r.from_entity_id, r.to_entity_id",
            (KNOWS_TYPE_ID,),
        )

    def count(self) -> int:
        """How many inferred rows there are."""
        return self._number("SELECT count(*) FROM relationships WHERE source = 'inferred'")

    def strays(self) -> list[int]:
        """The ids of inferred rows of other types, which nobody owns."""
        rows = self._connection.exec_driver_sql(
            "SELECT id FROM relationships WHERE source = 'inferred' AND relationship_type_id <> ?",
            (KNOWS_TYPE_ID,),
        )
        return [row[0] for row in rows]

    def rows_of_pairs(self, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], StoredRow]:
        """The inferred rows of these pairs, by pair."""
        rows = fetch_raw(
            self._connection,
            f"SELECT {_ROW} FROM json_each(?) j CROSS JOIN relationships r"
            " ON r.from_entity_id = json_extract(j.value, '$[0]')"
            " AND r.to_entity_id = json_extract(j.value, '$[1]') AND r.relationship_type_id = ?"
            " WHERE r.source = 'inferred'",
            (_json(pairs), KNOWS_TYPE_ID),
        )
        return {(row[1], row[2]): row for row in rows}

    def rows_of_people(self, contact_ids: Iterable[int]) -> dict[tuple[int, int], StoredRow]:
        """The inferred rows with one of these contacts at an end, by pair."""
        ids = _json(contact_ids)
        rows = fetch_raw(
            self._connection,
            f"SELECT {_ROW} FROM json_each(?1) j CROSS JOIN relationships r"
            " ON r.from_entity_id = j.value WHERE r.source = 'inferred'"
            " AND r.relationship_type_id = ?2"
            f" UNION SELECT {_ROW} FROM json_each(?1) j CROSS JOIN relationships r"
            " ON r.to_entity_id = j.value WHERE r.source = 'inferred'"
            " AND r.relationship_type_id = ?2",
            (ids, KNOWS_TYPE_ID),
        )
        return {(row[1], row[2]): row for row in rows}

    def rows_last_seen(self, after: int, before: int) -> Iterator[StoredRow]:
        """The inferred rows whose last interaction lies between two times (exclusive). Read them
        all before the block ends."""
        return fetch_raw(
            self._connection,
            f"SELECT {_ROW} FROM relationships r WHERE r.source = 'inferred'"
            " AND r.relationship_type_id = ?1"
            " AND json_extract(r.properties, '$.last_interaction') > ?2"
            " AND json_extract(r.properties, '$.last_interaction') < ?3",
            (KNOWS_TYPE_ID, after, before),
        )

    def existing(self, contact_ids: Iterable[int]) -> set[int]:
        """Those of these contacts that there are."""
        rows = fetch_raw(
            self._connection,
            "SELECT c.id FROM json_each(?) j CROSS JOIN contacts c ON c.id = j.value",
            (_json(contact_ids),),
        )
        return {row[0] for row in rows}

    def delete(self, ids: Iterable[int]) -> None:
        """Delete inferred rows by id. What a person noted on them is kept, as the person's own."""
        rows = [(id_,) for id_ in ids]
        if rows:
            for statement in _DELETE:
                self._connection.exec_driver_sql(f"{statement} AND id = ?", rows)

    def delete_pairs(self, pairs: Iterable[tuple[int, int]]) -> None:
        """The same for the inferred rows of these pairs."""
        rows = [(low, high, KNOWS_TYPE_ID) for low, high in pairs]
        if rows:
            for statement in _DELETE:
                self._connection.exec_driver_sql(
                    f"{statement} AND from_entity_id = ? AND to_entity_id = ?"
                    " AND relationship_type_id = ?",
                    rows,
                )

    def update(self, rows: Iterable[tuple[int, InferredRow]], now: int) -> None:
        """Write rows in place of those with these ids, unless a person took them over."""
        values = [(*row[2:], now, id_) for id_, row in rows]
        if values:
            self._connection.exec_driver_sql(
                "UPDATE relationships SET properties = ?, description = ?, updated_at = ?"
                " WHERE id = ? AND source = 'inferred'",
                values,
            )

    def insert(self, slices: Iterable[Sequence[InferredRow]], now: int) -> None:
        """Add rows. A pair that a person has entered meanwhile is left out."""
        execute = self._connection.exec_driver_sql
        # By way of a table of their own they take half the time: one statement for many.
        execute("CREATE TEMP TABLE inferred_rows (low, high, properties, description)")
        waiting = 0
        try:
            for rows in slices:
                if rows:
                    execute("INSERT INTO temp.inferred_rows VALUES (?, ?, ?, ?)", list(rows))
                waiting += len(rows)
                if waiting >= _ROWS_PER_STATEMENT:
                    execute(_INSERT, (now,))
                    execute("DELETE FROM temp.inferred_rows")
                    waiting = 0
            execute(_INSERT, (now,))
        finally:
            execute("DROP TABLE IF EXISTS temp.inferred_rows")

    @contextmanager
    def without_list_index(self) -> Iterator[None]:
        """Do without the widest index for a block that adds very many rows, and make it anew: that
        takes a third of the time that keeping it up takes."""
        execute = self._connection.exec_driver_sql
        sql = execute(
            "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ?", (_LIST_INDEX,)
        ).scalar_one()
        execute(f"DROP INDEX {_LIST_INDEX}")
        yield
        execute(sql)

    def _number(self, sql: str) -> int:
        return int(self._connection.exec_driver_sql(sql).scalar_one())


def _json(values: Iterable[Any]) -> str:
    return json.dumps(list(values))
