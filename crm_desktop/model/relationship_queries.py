"""What long lists of relationships are filtered and sorted by, as arrays.

Every column comes in the usual order, strongest first, read from one index that holds them all.
An end of a relationship is one number: twice the id, and one more for a company.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from crm_desktop.domain.contacts import name_key
from crm_desktop.domain.relationship_list import RelationshipSort
from crm_desktop.domain.relationships import RelationshipSource
from crm_desktop.model.bulk import Ints, kept, listed_columns, parsed_list
from crm_desktop.model.fulltext import (
    MAX_CHARACTERS,
    MAX_WORDS,
    match_expression,
    searchable_words,
)

T = TypeVar("T")

_FROM_END = "from_entity_id * 2 + (from_entity_type = 'company')"
_TO_END = "to_entity_id * 2 + (to_entity_type = 'company')"
_TYPE = "(SELECT t.rowid FROM relationship_types t WHERE t.id = relationship_type_id)"

_KEYS = {
    RelationshipSort.FROM: _FROM_END,
    RelationshipSort.TO: _TO_END,
    RelationshipSort.LABEL: _TYPE,
    RelationshipSort.TYPE: _TYPE,
    RelationshipSort.SOURCE: (
        f"CASE source WHEN '{RelationshipSource.MANUAL}' THEN 0"
        f" WHEN '{RelationshipSource.INFERRED}' THEN 1 ELSE 2 END"
    ),
    # In steps finer than any two strengths differ: whole numbers are read faster.
    RelationshipSort.STRENGTH: "ifnull(CAST(strength * 1e15 AS INTEGER), -1)",
    RelationshipSort.SHARED_CONVERSATIONS: "ifnull(shared_conversations, -1)",
    RelationshipSort.SHARED_MESSAGES: "ifnull(shared_messages, -1)",
    RelationshipSort.LAST_INTERACTION: "ifnull(last_interaction, -1)",
}

# The index is named, since the planner takes the table, which is seven times as large.
_LIST = """
SELECT id, relationship_type_id, source, from_entity_type, from_entity_id, to_entity_type,
    to_entity_id, strength, shared_conversations, shared_messages, last_interaction
FROM relationships INDEXED BY idx_relationships_list
{where} ORDER BY strength DESC, last_interaction DESC, id DESC
"""
_OF_CONTACTS = """
id IN (SELECT id FROM relationships WHERE from_entity_type = 'contact'
        AND from_entity_id IN (SELECT value FROM json_each(?))
    UNION ALL SELECT id FROM relationships WHERE to_entity_type = 'contact'
        AND to_entity_id IN (SELECT value FROM json_each(?)))
"""
_NAMES = """
SELECT json_group_array(name_key), group_concat(entity) FROM (
    SELECT name_key, id * 2 AS entity FROM contacts
    UNION ALL SELECT name_key, id * 2 + 1 FROM companies
    ORDER BY name_key, entity)
"""


@dataclass(frozen=True, slots=True)
class ListColumns:
    """Parallel arrays, one row per relationship; empty where they were not asked for.

    A key is what rows are sorted by: an end, the number of a type, the place of a source
    (entered, found, imported) or a measure, of which a missing one is -1.
    """

    ids: Ints
    from_ends: Ints
    to_ends: Ints
    keys: Ints


class RelationshipQueries:
    """Reads what decides which relationships a list shows, and in which order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def columns(
        self,
        *,
        key: RelationshipSort | None = None,
        has_ends: bool = False,
        type_id: str | None = None,
        source: RelationshipSource | None = None,
        min_strength: float = 0.0,
        contact_ids: Collection[int] | None = None,
    ) -> ListColumns:
        """The relationships that meet every condition, strongest first, then the latest, then the
        newest. `contact_ids` match either end. Without `key` and `has_ends` only the ids."""
        conditions: list[str] = []
        parameters: list[object] = []
        if type_id is not None:
            conditions.append("relationship_type_id = ?")
            parameters.append(type_id)
        if source is not None:
            conditions.append("source = ?")
            parameters.append(str(source))
        if min_strength > 0:
            conditions.append("strength >= ?")
            parameters.append(min_strength)
        if contact_ids is not None:
            conditions.append(_OF_CONTACTS)
            parameters += [json.dumps(sorted(contact_ids))] * 2
        wanted = ["id"]
        wanted += [_FROM_END, _TO_END] if has_ends else ["NULL", "NULL"]
        wanted += ["NULL" if key is None else _KEYS[key]]
        lists = ", ".join(f"group_concat({expression})" for expression in wanted)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        sql = f"SELECT {lists} FROM ({_LIST.format(where=where)})"

        def read() -> ListColumns:
            return ListColumns(*listed_columns(self._connection, sql, parameters))

        if not has_ends:
            return read()
        # Of all that is asked for while the person types, only the names change.
        return kept(self._connection, "relationship columns", (sql, *parameters), read)

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """See `bulk.kept`."""
        return kept(self._connection, name, None, make)

    def names(self) -> tuple[list[str], Ints]:
        """The comparable names of all contacts and companies, and whose they are, as ends. By
        code points, which is nearly the order in which people look for names."""
        names, ends = self._connection.exec_driver_sql(_NAMES).one()
        return json.loads(names), parsed_list(ends)

    def type_names(self, *, is_label: bool) -> dict[int, str]:
        """The comparable names, or forward labels, of the types, by their numbers in keys."""
        column = "forward_label" if is_label else "name"
        rows = self._connection.exec_driver_sql(f"SELECT rowid, {column} FROM relationship_types")
        return {row[0]: name_key(row[1]) for row in rows}

    def named(self, text: str) -> list[tuple[Ints, ...]]:
        """For each word of `text`, in several arrays, the ends whose names hold it anywhere or
        have a word that begins so, whatever its diacritics. Any text is a valid one."""
        clean = text[:MAX_CHARACTERS].replace("\0", " ").encode("utf-8", "ignore").decode()
        words = name_key(clean).split()[:MAX_WORDS]
        if not words:
            return []
        people = self._holding("contacts", "id * 2", words)
        companies = self._holding("companies", "id * 2 + 1", words)
        return [
            (
                *holding,
                *self._beginning("contact_fts", "rowid * 2", word),
                *self._beginning("company_fts", "rowid * 2 + 1", word),
            )
            for *holding, word in zip(people, companies, words, strict=True)
        ]

    def _holding(self, table: str, end: str, words: Sequence[str]) -> tuple[Ints, ...]:
        lists = ", ".join(
            f"group_concat({end}) FILTER (WHERE instr(name_key, ?) > 0)" for _ in words
        )
        return listed_columns(self._connection, f"SELECT {lists} FROM {table}", words)

    def _beginning(self, table: str, end: str, word: str) -> tuple[Ints, ...]:
        # One letter begins words of half the names.
        if len(word) < 2 or not searchable_words(word):
            return ()
        return listed_columns(
            self._connection,
            f"SELECT group_concat({end}) FROM {table} WHERE {table} MATCH ?",
            (f"name : {match_expression([word])}",),
        )
