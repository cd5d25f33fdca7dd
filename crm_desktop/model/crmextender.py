"""Databases of CRMExtender: recognising one, and bringing version 3 to version 4.

The migration is one transaction of SQLite on the file itself, the changes of the schema included,
so that a process killed at any moment leaves version 3 or version 4. A checked copy of the file
as it was is beside it before anything is changed.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from crm_desktop.base.clock import now
from crm_desktop.base.errors import UserError
from crm_desktop.base.still_files import StillFile, is_sqlite, still
from crm_desktop.domain.crmextender import MigrationReport, Version
from crm_desktop.model import crmextender_tables as tables
from crm_desktop.model import files
from crm_desktop.model.engine import connect, storage_errors

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_ROOM_TO_OPEN = 256 * 1024
_NO_WRITING = {errno.EACCES, errno.EPERM, errno.EROFS}


def migrate_to_v4(path: Path, *, dry_run: bool = False) -> MigrationReport:
    """Bring a CRMExtender database of version 3 to version 4; one of version 4 stays as it is.

    `dry_run` does everything on a copy beside the file, which is removed again, and leaves the
    file untouched. Raises UserError, and leaves the file as it was, for anything that is no such
    database and for whatever keeps it or its folder from being written.
    """
    try:
        _check_ordinary(path)
        path = path.resolve()
        with storage_errors(path), _full_disk_named(path):
            version, count = _look(path)
            if version is Version.V4:
                return MigrationReport(path, dry_run, is_needed=False, relationships=count)
            files.remove_leftovers(path)
            return _rehearse(path) if dry_run else _migrate(path)
    except OSError as error:
        raise _told(path, error) from error


@contextmanager
def _opened_still(path: Path) -> Iterator[tuple[StillFile, Any]]:
    """The file as it is now, and a connection that reads it without writing to it."""
    with still(path) as found, closing(connect(found.path, options=found.options)) as connection:
        try:
            tables.prepare(connection)
            if found.is_copy:
                connection.execute("PRAGMA journal_mode=DELETE").fetchone()
                found.hide()
            yield found, connection
        except dbapi2.DatabaseError as error:
            found.check()
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE:
                raise UserError(_damaged(path, str(error))) from error
            raise


@contextmanager
def _full_disk_named(path: Path) -> Iterator[None]:
    """Give a full disk its name where SQLite, sharing memory through a file, only says that the
    disk failed."""
    try:
        yield
    except dbapi2.OperationalError as error:
        is_failure = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR
        if is_failure and shutil.disk_usage(path.parent).free < _ROOM_TO_OPEN:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise


def _check_ordinary(path: Path) -> None:
    if os.path.isdir(path):  # unlike the path's own method false for a name too long
        raise UserError(f"“{path.name}” is a folder. Name the database file of CRMExtender.")
    if not os.path.lexists(path):
        raise UserError(f"There is no file “{path}”. Check the name and try again.")
    if not path.is_file():
        raise UserError(f"“{path.name}” is not an ordinary file. Choose a database file.")


def _look(path: Path) -> tuple[Version, int]:
    """The version of the file, which is one of the two, and how many relationships it holds; else
    UserError."""
    if not is_sqlite(path):
        raise UserError(
            f"“{path.name}” is not a database, or it is encrypted. "
            "Choose a database file of CRMExtender."
        )
    with _opened_still(path) as (_, connection):
        version = tables.version_in(connection)
        if version is Version.OTHER:
            raise UserError(_no_crmextender(path))
        return version, tables.count_in(connection)


def _no_crmextender(path: Path) -> str:
    if files.is_ours(path, None):
        return (
            f"“{path.name}” is a database of CRM Desktop itself, which needs no migration. "
            "Name the database file of CRMExtender."
        )
    return (
        f"“{path.name}” is not a CRMExtender database of version 3. "
        "Choose the database file of CRMExtender."
    )


def _told(path: Path, error: OSError) -> UserError:
    if error.errno in _NO_WRITING:
        return UserError(
            f"“{path.name}” cannot be migrated because it or its folder “{path.parent}” cannot "
            "be read and written; the backup is made beside it. Allow writing there, or copy the "
            "database to another folder first."
        )
    if error.errno == errno.ENOSPC:
        return UserError(
            f"There is no room in “{path.parent}” for the backup of “{path.name}”. Nothing was "
            "changed; free some space and try again."
        )
    reason = error.strerror or "it cannot be read"
    return UserError(f"“{path.name}” could not be migrated ({reason}). Nothing was changed.")


# The real thing


def _migrate(path: Path) -> MigrationReport:
    with files.part_beside(path):
        pass  # SQLite would not say which of file and folder cannot be written
    with closing(connect(path)) as connection:
        tables.prepare(connection)
        # Whoever else would write waits from here on, so that the backup is what is migrated.
        connection.execute("BEGIN IMMEDIATE")
        if tables.version_in(connection) is not Version.V3:
            connection.execute("ROLLBACK")
            if tables.version_in(connection) is Version.V4:  # another program was faster
                count = tables.count_in(connection)
                return MigrationReport(path, False, is_needed=False, relationships=count)
            raise UserError(_no_crmextender(path))
        with files.part_beside(path) as part:
            # A connection that writes cannot be copied from; another one sees what it sees.
            with closing(connect(path, options="mode=ro")) as reader:
                _copy_checked(reader, part, path)
            backup = _put_beside(part, path)
        try:
            moved = _rebuilt(connection, path)
            connection.execute("COMMIT")
        except BaseException:
            _give_up(connection, backup)
            raise
    return MigrationReport(
        path,
        is_dry_run=False,
        is_needed=True,
        backup=backup,
        relationships=moved.relationships,
        types=moved.types,
        broken_references=moved.broken_references,
    )


def _give_up(connection: Any, backup: Path) -> None:
    """Take everything back. The backup goes too once the file is certain to be as it was."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")
    if tables.version_in(connection) is Version.V3:
        backup.unlink(missing_ok=True)


def _put_beside(part: Path, path: Path) -> Path:
    """Give a finished backup its name beside the database; an existing file is never replaced."""
    stamp = now().astimezone().strftime("%Y%m%d_%H%M%S")
    number = 1
    while True:
        more = "" if number == 1 else f"-{number}"
        backup = path.with_name(f"{path.stem}.v3-backup-{stamp}{more}.db")
        try:
            files.put_in_place(part, backup, replace=False)
        except FileExistsError:
            number += 1
        else:
            return backup


def _copy_checked(source: Any, part: Path, path: Path) -> None:
    try:
        files.copy_database(source, part, None)
        with closing(connect(part, options="mode=ro&immutable=1")) as copy:
            found = [row[0] for row in copy.execute("PRAGMA integrity_check(1)")]
    except dbapi2.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGE:
            raise
        found = [str(error)]
    if found != ["ok"]:
        raise UserError(_damaged(path, found[0]))


def _damaged(path: Path, problem: str) -> str:
    return (
        f"“{path.name}” is damaged ({problem}), so it was not migrated. Nothing was changed; "
        "restore it from a backup."
    )


@contextmanager
def _own_words(path: Path) -> Iterator[None]:
    """SQLite's complaints about contents or an odd schema, which are the file's fault."""
    try:
        yield
    except (dbapi2.IntegrityError, dbapi2.OperationalError) as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code not in (sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_ERROR):
            raise
        raise UserError(
            f"“{path.name}” could not be migrated because its contents do not fit version 4 "
            f"({error}). It is as it was."
        ) from error


def _rebuilt(connection: Any, path: Path) -> tables.Moved:
    with _own_words(path):
        return tables.rebuild(connection, path.name)


# What would happen


def _rehearse(path: Path) -> MigrationReport:
    with files.part_beside(path) as part:
        with _opened_still(path) as (found, source):
            _copy_checked(source, part, path)
            found.check()
        with closing(connect(part)) as connection:
            tables.prepare(connection)
            connection.execute("BEGIN IMMEDIATE")
            moved = _rebuilt(connection, path)
            connection.execute("COMMIT")
    return MigrationReport(
        path,
        is_dry_run=True,
        is_needed=True,
        relationships=moved.relationships,
        types=moved.types,
        broken_references=moved.broken_references,
    )
