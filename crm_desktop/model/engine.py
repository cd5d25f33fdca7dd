"""The two engines on one database file, and the one place where SQLite's errors get words.

Read connections see one snapshot per transaction and cannot write. There is one write
connection, whose transactions take the write lock at once: SQLite's own deferred transactions
lose updates when two of them read before they write.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from crm_desktop.base.errors import Cancelled, UserError
from crm_desktop.base.jobs import CancelToken

BUSY_TIMEOUT_MS = 5_000
CANCEL_CHECK_OPCODES = 10_000
READERS = 4
MINIMUM_SQLITE = (3, 51, 3)

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    # A row that gives way to INSERT OR REPLACE counts as deleted, so that undo sees it go.
    "recursive_triggers=ON",
    # What is private stays out of temporary files.
    "temp_store=MEMORY",
)
_RAW_KEY = re.compile(r"[0-9A-Fa-f]{64}")

# Primary result codes; the extended ones keep them in their low byte.
_MESSAGES = {
    sqlite3.SQLITE_BUSY: "{name} is in use by another program. Close it there and try again.",
    sqlite3.SQLITE_LOCKED: "{name} is in use by another program. Close it there and try again.",
    sqlite3.SQLITE_FULL: "There is no room left on the disk for {name}. Nothing of this step was "
    "saved; free some space and try again.",
    sqlite3.SQLITE_NOTADB: "{name} is not a CRM Desktop database, or it is encrypted with another "
    "key. Choose another file.",
    sqlite3.SQLITE_CORRUPT: "{name} is damaged. Restore it from a backup.",
    sqlite3.SQLITE_READONLY: "{name} cannot be changed because the file or its folder is "
    "read-only. Allow writing to it and try again.",
    sqlite3.SQLITE_PERM: "{name} cannot be opened because you lack the permission. Allow reading "
    "and writing it and try again.",
    sqlite3.SQLITE_CANTOPEN: "{name} cannot be opened. Check that the file and its folder exist "
    "and that you may read and write them.",
    sqlite3.SQLITE_IOERR: "The disk reported an error while {name} was in use. Check the disk and "
    "the connection to it, then try again.",
}


def check_sqlite_version() -> None:
    """Raise UserError when the SQLite in use is older than 3.51.3, which can damage a database
    that several connections write to (the WAL-reset bug)."""
    if dbapi2.sqlite_version_info < MINIMUM_SQLITE:
        needed = ".".join(map(str, MINIMUM_SQLITE))
        raise UserError(
            f"The installed SQLite {dbapi2.sqlite_version} can damage databases. "
            f"Install sqlcipher3 0.6.4 or newer, which brings SQLite {needed} or newer."
        )


def translated(error: BaseException, path: Path) -> UserError | None:
    """The sentence for the person if SQLite's `error` is the world's fault, else None."""
    code = getattr(error, "sqlite_errorcode", None)
    template = _MESSAGES.get(code & 0xFF) if code is not None else None
    return UserError(template.format(name=f"“{path.name}”")) if template else None


def _was_interrupted(error: BaseException) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF == sqlite3.SQLITE_INTERRUPT


@contextmanager
def storage_errors(path: Path, token: CancelToken | None = None) -> Iterator[None]:
    """Run a block in which SQLite's errors become UserError, or Cancelled when `token` is set.

    Errors that are our own fault pass through as they are.
    """
    try:
        yield
    except (sqlalchemy.exc.DBAPIError, dbapi2.Error) as error:
        cause = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
        if cause is None:
            raise
        if token and _was_interrupted(cause):
            raise Cancelled from error
        told = translated(cause, path)
        if told is None:
            raise
        raise told from error


def connect(path: Path, *, key: str | None = None, options: str = "mode=rw") -> Any:
    """A bare DB-API connection to an existing file, in autocommit, usable from any thread.

    `options` are SQLite URI parameters. `key` is a passphrase, or 64 hexadecimal digits for a
    raw key.
    """
    uri = f"{path.absolute().as_uri()}?{options}"
    connection = dbapi2.connect(
        uri,
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_TIMEOUT_MS / 1000,
    )
    if key is not None:
        # SQLCipher would tell standard error of a wrong key; the caller is told as it is.
        connection.execute("PRAGMA cipher_log_level = NONE").fetchall()
        quoted = "x'" + key + "'" if _RAW_KEY.fullmatch(key) else key
        connection.execute(f'PRAGMA key = "{quoted.replace(chr(34), chr(34) * 2)}"')
    return connection


@dataclass(frozen=True, slots=True)
class Engines:
    """The engine for snapshots and the engine for changes."""

    read: sqlalchemy.Engine
    write: sqlalchemy.Engine

    def dispose(self) -> None:
        """Close every connection."""
        self.read.dispose()
        self.write.dispose()


def _engine(creator: Callable[[], Any], begin: str, *, size: int) -> sqlalchemy.Engine:
    engine = sqlalchemy.create_engine(
        "sqlite://",
        module=dbapi2,
        creator=creator,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=size - 1,
        pool_timeout=60,
        # The connection used last has its pages, and what else is kept on it, at hand.
        pool_use_lifo=True,
    )

    @event.listens_for(engine, "begin")
    def start(connection: sqlalchemy.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def open_engines(path: Path, *, key: str | None = None) -> Engines:
    """Both engines on an existing database. Nothing is opened until the first block."""

    def opened(*more: str) -> Any:
        connection = connect(path, key=key)
        for pragma in (*_PRAGMAS, *more):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        return connection

    return Engines(
        read=_engine(lambda: opened("query_only=ON"), "BEGIN", size=READERS),
        write=_engine(opened, "BEGIN IMMEDIATE", size=1),
    )


@contextmanager
def cancellable(connection: sqlalchemy.Connection, token: CancelToken | None) -> Iterator[None]:
    """Run a block whose statements stop, within about a millisecond, when `token` is set."""
    if token is None:
        yield
        return
    token.raise_if_set()
    raw: Any = connection.connection.dbapi_connection
    raw.set_progress_handler(lambda: bool(token), CANCEL_CHECK_OPCODES)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)
