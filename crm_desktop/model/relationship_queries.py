"""What long lists of relationships are filtered and sorted by, as arrays.

Every column comes in the usual order, strongest first, read from one index that holds them all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from crm_desktop.domain.contacts import name_key
from crm_desktop.domain.relationship_list import SOURCES, STRENGTH_STEPS, ListColumn
from crm_desktop.model.bulk import Ints, kept, listed_columns, parsed_list
from crm_desktop.model.fulltext import (
    MAX_CHARACTERS,
    MAX_WORDS,
    match_expression,
    searchable_words,
)

T = TypeVar("T")

_EXPRESSIONS = {
    ListColumn.ID: "id",
    ListColumn.FROM_END: "from_entity_id * 2 + (from_entity_type = 'company')",
    ListColumn.TO_END: "to_entity_id * 2 + (to_entity_type = 'company')",
    ListColumn.TYPE: (
        "(SELECT t.rowid FROM relationship_types t WHERE t.id = relationship_type_id)"
    ),
    ListColumn.SOURCE: (
        "CASE source "
        + " ".join(f"WHEN '{source}' THEN {place}" for place, source in enumerate(SOURCES))
        + " END"
    ),
    # Whole numbers are read faster.
    ListColumn.STRENGTH: f"ifnull(CAST(strength * {STRENGTH_STEPS} AS INTEGER), -1)",
    ListColumn.SHARED_CONVERSATIONS: "ifnull(shared_conversations, -1)",
    ListColumn.SHARED_MESSAGES: "ifnull(shared_messages, -1)",
    ListColumn.LAST_INTERACTION: "ifnull(last_interaction, -1)",
}
# The index is named, since the planner takes the table, which is seven times as large.
_LIST = """
SELECT {lists} FROM (SELECT {columns} FROM relationships INDEXED BY idx_relationships_list
    ORDER BY strength DESC, last_interaction DESC, id DESC)
"""
_NAMES = """
SELECT json_group_array(name_key), group_concat(entity) FROM (
    SELECT name_key, id * 2 AS entity FROM contacts
    UNION ALL SELECT name_key, id * 2 + 1 FROM companies
    ORDER BY name_key, entity)
"""


class RelationshipQueries:
    """Reads what decides which relationships a list shows, and in which order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def columns(self, wanted: Collection[ListColumn]) -> Mapping[ListColumn, Ints]:
        """These columns of all relationships, in parallel: strongest first, then the latest, then
        the newest. What was read before is not read again until anything is written."""
        known: dict[ListColumn, Ints] = self.kept("relationship columns", dict)
        missing = [column for column in wanted if column not in known]
        if missing:
            lists = ", ".join(f"group_concat({column})" for column in missing)
            columns = ", ".join(f"{_EXPRESSIONS[column]} AS {column}" for column in missing)
            sql = _LIST.format(lists=lists, columns=columns)
            known.update(zip(missing, listed_columns(self._connection, sql), strict=True))
        return {column: known[column] for column in wanted}

    def type_number(self, type_id: str) -> int:
        """The number of a type in its column; 0, which none has, for an unknown one."""
        found = self._connection.exec_driver_sql(
            "SELECT rowid FROM relationship_types WHERE id = ?", (type_id,)
        ).scalar()
        return int(found or 0)

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """See `bulk.kept`."""
        return kept(self._connection, name, make)

    def names(self) -> tuple[list[str], Ints]:
        """The comparable names of all contacts and companies, and whose they are, as ends. By
        code points, which is nearly the order in which people look for names."""
        names, ends = self._connection.exec_driver_sql(_NAMES).one()
        return json.loads(names), parsed_list(ends)

    def type_names(self, *, is_label: bool) -> dict[int, str]:
        """The comparable names, or forward labels, of the types, by their numbers."""
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
