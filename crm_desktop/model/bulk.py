"""Whole columns out of the database as arrays, and whether anything was written meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

MISSING = int(np.iinfo(np.int64).min)
"""Stands for NULL in integer columns; queries put it there with coalesce(column, ?)."""

T = TypeVar("T")
Ints = npt.NDArray[np.int64]

_FETCH_ROWS = 5_000


def fetch_raw(
    connection: Connection, sql: str, parameters: Sequence[object] = ()
) -> Iterator[tuple[Any, ...]]:
    """The rows as plain tuples, straight from the driver: several times faster than Row objects.

    Read them all before the transaction ends.
    """
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, tuple(parameters))
        while rows := cursor.fetchmany(_FETCH_ROWS):
            yield from rows
    finally:
        cursor.close()


def integer_columns(
    connection: Connection, sql: str, count: int, parameters: Sequence[object] = ()
) -> tuple[npt.NDArray[np.int64], ...]:
    """The `count` integer columns of a query as int64 arrays. No value may be NULL."""
    rows: Iterable[tuple[int, ...]] = fetch_raw(connection, sql, parameters)
    flat = np.fromiter(chain.from_iterable(rows), np.int64)
    return tuple(np.ascontiguousarray(column) for column in flat.reshape(-1, count).T)


def listed_columns(
    connection: Connection, sql: str, parameters: Sequence[object] = ()
) -> tuple[Ints, ...]:
    """The int64 arrays of a query that gives one row of `group_concat(...)` of whole numbers.

    As text, long columns are read some three times faster than row by row. No value may be NULL,
    which `group_concat` leaves out.
    """
    row = connection.exec_driver_sql(sql, tuple(parameters)).one()
    return tuple(parsed_list(text) for text in row)


def parsed_list(text: str | None) -> Ints:
    """The whole numbers of a `group_concat`, of which there are none for NULL."""
    return np.fromstring(text, np.int64, sep=",") if text else np.empty(0, np.int64)


def kept(connection: Connection, name: str, make: Callable[[], T]) -> T:
    """What `make` gives; not made again on this connection until anybody changes the database."""
    stamp = change_stamp(connection)
    known = connection.info.get(name)
    if known is None or known[0] != stamp:
        known = connection.info[name] = (stamp, make())
    value: T = known[1]
    return value


def change_stamp(connection: Connection) -> tuple[int, int]:
    """A value that differs after any change to the database, by this connection or another.

    Compare only stamps taken at the start of write transactions: they all run on one connection.
    """
    raw: Any = connection.connection.dbapi_connection
    version = connection.exec_driver_sql("PRAGMA data_version").scalar_one()
    return int(raw.total_changes), int(version)
