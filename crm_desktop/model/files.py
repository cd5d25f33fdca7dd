"""Database files: whose they are, and how one comes into being or is replaced as a whole.

Recognising an up-to-date file takes plain SQL; Alembic is imported only to create or migrate.
"""

from __future__ import annotations

import ctypes
import os
import re
import secrets
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlcipher3 import dbapi2

from crm_desktop.base.errors import UserError
from crm_desktop.base.paths import create_private_file
from crm_desktop.domain.crmextender import Version
from crm_desktop.model.engine import connect

if TYPE_CHECKING:
    from sqlalchemy import Connection

APPLICATION_ID = 0x43524D44  # "CRMD"
SCHEMA_VERSION = 1
SMALLEST_PAGE = 512
SIDE_FILES = ("-wal", "-shm", "-journal")

_ATTEMPTS = 5
_CODES = {
    "database or disk is full": sqlite3.SQLITE_FULL,
    "disk I/O error": sqlite3.SQLITE_IOERR,
    "attempt to write a readonly database": sqlite3.SQLITE_READONLY,
    "unable to open database file": sqlite3.SQLITE_CANTOPEN,
    "database disk image is malformed": sqlite3.SQLITE_CORRUPT,
    "file is not a database": sqlite3.SQLITE_NOTADB,
    "database is locked": sqlite3.SQLITE_BUSY,
}
_PART = re.compile(r"\.(?P<process>[0-9]+)-[0-9a-f]{8}\.part(?:-wal|-shm|-journal)?$")
_active_parts: set[Path] = set()


def prepare(path: Path, key: str | None) -> None:
    """Make sure that `path` is a database of this program with the current schema.

    Raises UserError, and leaves the file as it is, when it cannot be.
    """
    for _ in range(_ATTEMPTS):
        remove_leftovers(path)
        if _is_new(path):
            from crm_desktop.model import migrate

            _set_orphans_aside(path)
            with suppress(FileExistsError):  # another process was faster
                migrate.create(path, key)
            continue
        version = _recognised_version(path, key)
        check_schema_version(path, version)
        if version == SCHEMA_VERSION:
            with suppress(OSError):  # somebody else's file in a shared folder stays as it is
                path.chmod(0o600)
            return
        from crm_desktop.model import migrate

        migrate.upgrade(path, key)
    raise UserError(f"“{path.name}” keeps being replaced by another program. Close it there first.")


def check_schema_version(path: Path, version: int) -> None:
    """Raise UserError when `version` is newer than this program knows."""
    if version > SCHEMA_VERSION:
        raise UserError(
            f"“{path.name}” was made by a newer version of CRM Desktop. "
            "Update the program to open it."
        )


def schema_version(connection: Connection) -> int:
    """The schema version of the open database."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _is_new(path: Path) -> bool:
    try:
        is_empty = path.stat().st_size == 0
    except FileNotFoundError:
        return True
    wal = path.with_name(path.name + "-wal")
    return is_empty and path.is_file() and not (wal.exists() and wal.stat().st_size > 0)


def _recognised_version(path: Path, key: str | None) -> int:
    """The schema version of a file of ours. UserError for any other file.

    The file is opened as immutable, so that nothing is created next to it; both numbers are
    always in the file itself because a file of ours is put in its place whole.
    """
    if not path.is_file():
        raise UserError(f"“{path.name}” is not a file. Choose a database file.")
    if 0 < path.stat().st_size < SMALLEST_PAGE:  # SQLite would read it as an empty database
        raise UserError(f"“{path.name}” is not a CRM Desktop database. Choose another file.")
    try:
        application, version = _identity(path, key, "mode=ro&immutable=1")
    except dbapi2.DatabaseError:
        # Read past a log that a crash left behind before calling the file damaged.
        if not path.with_name(path.name + "-wal").exists():
            raise
        application, version = _identity(path, key, "mode=ro")
    if application != APPLICATION_ID:
        raise UserError(_whose(path))
    return version


def _whose(path: Path) -> str:
    """What to do with a database that is not ours."""
    from crm_desktop.model import crmextender_tables

    with closing(connect(path, options="mode=ro&immutable=1")) as connection:
        version = crmextender_tables.version_in(connection)
    if version is Version.OTHER:
        return f"“{path.name}” is a database of another program. Choose a CRM Desktop database."
    return (
        f"“{path.name}” is a CRMExtender database. Open or make a database of your own and import "
        "it there."
    )


def is_ours(path: Path, key: str | None) -> bool:
    """Whether the file is a database of this program, of whatever version."""
    try:
        return _identity(path, key, "mode=ro&immutable=1")[0] == APPLICATION_ID
    except dbapi2.DatabaseError:
        return False


def _identity(path: Path, key: str | None, options: str) -> tuple[int, int]:
    with closing(connect(path, key=key, options=options)) as connection:
        # Before the first read SQLite answers 0 for a file that is no database.
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    return application, version


def _set_orphans_aside(path: Path) -> None:
    """Rename a log without its database: SQLite would replay it into the new one."""
    for suffix in SIDE_FILES:
        orphan = path.with_name(path.name + suffix)
        if orphan.exists() and _is_new(path):
            orphan.replace(path.with_name(f"{path.name}{suffix}.orphan"))


# Files that are built aside and put in their place whole


@contextmanager
def part_beside(path: Path) -> Iterator[Path]:
    """An empty private file in the folder of `path`, removed at the end if it is still there."""
    part = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    create_private_file(part)
    _active_parts.add(part)
    try:
        yield part
    finally:
        for suffix in ("", *SIDE_FILES):
            part.with_name(part.name + suffix).unlink(missing_ok=True)
        _active_parts.discard(part)


def remove_leftovers(path: Path) -> None:
    """Delete the unfinished files that killed processes left beside `path`."""
    for leftover in path.parent.glob(f".{escape(path.name)}.*.part*"):
        match = _PART.search(leftover.name)
        if match is None:
            continue
        process = int(match["process"])
        if process == os.getpid():
            base = leftover.name[: leftover.name.rindex(".part") + len(".part")]
            if leftover.with_name(base) in _active_parts:
                continue
        elif _is_alive(process):
            continue
        with suppress(OSError):  # locked or not ours: the next opening tries again
            leftover.unlink()


def _is_alive(process: int) -> bool:
    if sys.platform == "win32":
        handle = ctypes.windll.kernel32.OpenProcess(0x1000, False, process)
        if handle:
            ctypes.windll.kernel32.CloseHandle(handle)
        return bool(handle)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def copy_database(source: Any, part: Path, key: str | None) -> None:
    """A consistent copy of the open connection `source` in the empty file `part`."""
    with closing(connect(part, key=key)) as target:
        target.execute("PRAGMA journal_mode=MEMORY").fetchone()
        target.execute("PRAGMA synchronous=OFF")
        try:
            source.backup(target)
        except dbapi2.OperationalError as error:
            # WORKAROUND sqlcipher3: an error of a backup has words, but not always its code.
            if not hasattr(error, "sqlite_errorcode"):
                error.sqlite_errorcode = _CODES.get(str(error), sqlite3.SQLITE_ERROR)
            raise


def problems_in(connection: Any) -> list[str]:
    """What SQLite finds wrong with an open database; empty when it is whole."""
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
    problems = [] if found == ["ok"] else found
    broken = {row[0] for row in connection.execute("PRAGMA foreign_key_check")}
    return problems + [f"rows of {table} refer to rows that are gone" for table in sorted(broken)]


def put_in_place(part: Path, path: Path, *, replace: bool) -> None:
    """Make the finished file `part` durable and let it appear at `path` in one step.

    Without `replace` an existing `path` is a FileExistsError.
    """
    _sync(part)
    if replace:
        os.replace(part, path)
    else:
        try:
            os.link(part, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if path.exists():
                raise FileExistsError(path) from None
            os.rename(part, path)
    sync_directory(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_directory(folder: Path) -> None:
    """Make renames in `folder` durable, where the system has a call for it."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
