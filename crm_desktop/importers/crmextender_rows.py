"""The rows of a CRMExtender database, whichever of its tables and columns a file has."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cached_property
from typing import Any

from crm_desktop.base.clock import now_seconds, parse, to_seconds
from crm_desktop.base.still_files import StillFile
from crm_desktop.domain.crmextender import Version, version_of
from crm_desktop.importers.dates import believable, parse_date

APPLICATION_ID = 0x43524D44  # of our own databases
CHUNK = 500
MAX_TEXT = 100_000
"""More of a text is not read: names and subjects are far shorter."""
MAX_COUNT = 1_000_000


class Rows:
    """Reads an open database. Texts are cut to MAX_TEXT characters and always valid."""

    def __init__(self, connection: sqlite3.Connection, found: StillFile) -> None:
        self._connection = connection
        self._found = found
        self._offset = 0
        self._now = now_seconds()
        self.name = found.original.name

    def next_offset(self) -> int:
        """The ordinal behind the record that is about to be handed over."""
        self._offset += 1
        return self._offset

    @cached_property
    def application_id(self) -> int:
        """What program the file says it is of; CRMExtender says nothing (0)."""
        return int(self._connection.execute("PRAGMA application_id").fetchone()[0])

    @cached_property
    def columns(self) -> dict[str, frozenset[str]]:
        """The columns of each ordinary table. Views count as missing."""
        tables = self._connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        ).fetchall()
        return {
            table: frozenset(
                row[0]
                for row in self._connection.execute(
                    "SELECT name FROM pragma_table_info(?)", (table,)
                )
            )
            for (table,) in tables
        }

    @cached_property
    def version(self) -> Version:
        """What the database is."""
        is_ours = self.application_id == APPLICATION_ID
        return Version.OTHER if is_ours else version_of(self.columns)

    def has(self, table: str, *columns: str) -> bool:
        """Whether the table is there and has these columns."""
        return table in self.columns and self.columns[table].issuperset(columns)

    def column(self, table: str, name: str, alias: str = "") -> str:
        """SQL for a column that may be missing: then NULL. Texts are cut."""
        if not self.has(table, name):
            return "NULL"
        place = f'{alias or table}."{name}"'
        return (
            f"CASE typeof({place}) WHEN 'text' THEN substr({place}, 1, {MAX_TEXT}) ELSE {place} END"
        )

    def count(self, *tables: str) -> int:
        """How many rows these tables hold together."""
        return sum(
            int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for table in tables
            if table in self.columns
        )

    def select(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, each certain to be from the file as it was when opened.

        Raises UserError when another program has changed it since.
        """
        with closing(self._connection.execute(sql, parameters)) as cursor:
            while chunk := cursor.fetchmany(CHUNK):
                self._found.check()
                yield from chunk

    def instant(self, value: object) -> int | None:
        """Epoch seconds of an ISO 8601 text, or of a number of seconds, that can be believed."""
        found: int | None = None
        if isinstance(value, str):
            try:
                found = to_seconds(parse(value.strip()))
            except (ValueError, OverflowError):
                found = parse_date(value[:200])
        elif isinstance(value, int | float) and abs(value) < 1e12:
            found = int(value)
        return found if believable(found, self._now) else None


def text(value: object) -> str:
    """A cell as text, whatever it holds; "" for NULL."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value[:MAX_TEXT].decode("utf-8", "replace")
    return str(value)


def count(value: object) -> int:
    """A cell as a count that can be added up; 0 for what is none."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:9])
    if isinstance(value, float):
        value = int(value) if abs(value) < MAX_COUNT else 0
    return min(max(value, 0), MAX_COUNT) if isinstance(value, int) else 0
