"""A copy of the database in one file, whole and checked before it appears."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlcipher3 import dbapi2

from crm_desktop.base.errors import UserError
from crm_desktop.model import files
from crm_desktop.model.engine import connect, storage_errors

if TYPE_CHECKING:
    from sqlalchemy import Connection


_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class BackupStore:
    """Copies the database as the open transaction sees it."""

    def __init__(self, connection: Connection, path: Path, key: str | None) -> None:
        self._connection = connection
        self._path = path
        self._key = key

    def copy_to(self, target: Path) -> None:
        """Put a copy at `target`, mode 0600, encrypted as the database is; it replaces an older
        copy in one step.

        Raises UserError when `target` is the database itself, is in use, is some other file or no
        file, or cannot be written, and when the database is damaged; what was there then stays.
        """
        source: Any = self._connection.connection.dbapi_connection
        try:
            target = Path(os.path.realpath(target))
            self._check_target(target)
            with storage_errors(target), files.part_beside(target) as part:
                problem = self._copy_and_check(source, part)
                if problem is not None:
                    raise UserError(
                        f"No backup was made because the database is damaged ({problem}). "
                        "Restore it from an earlier backup."
                    )
                files.put_in_place(part, target, replace=True)
        except OSError as error:
            raise UserError(
                f"The backup cannot be written to “{target}” ({os.strerror(error.errno or 0)}). "
                "Choose another place."
            ) from error

    def _copy_and_check(self, source: Any, part: Path) -> str | None:
        """What is wrong with the copy made in `part`, or None. The part was empty, so that damage
        found on the way is the source's."""
        try:
            files.copy_database(source, part, self._key)
            with closing(connect(part, key=self._key)) as copy:
                return next(iter(files.problems_in(copy)), None)
        except dbapi2.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE:
                return str(error)
            raise

    def _check_target(self, target: Path) -> None:
        try:
            status = target.stat()
        except FileNotFoundError:
            return
        if stat.S_ISDIR(status.st_mode):
            raise UserError(f"“{target.name}” is a folder. Name the file for the backup.")
        if not stat.S_ISREG(status.st_mode):
            raise UserError(f"“{target}” is a device, not a file. Choose another file.")
        if target == self._path or target.samefile(self._path):
            raise UserError("A backup cannot replace the database itself. Choose another file.")
        if status.st_size == 0:
            return
        if target.with_name(target.name + "-wal").exists():
            raise UserError(f"“{target.name}” is a database in use. Choose another file.")
        if not files.is_ours(target, self._key):
            raise UserError(
                f"“{target.name}” is not a backup of CRM Desktop and would be lost. "
                "Choose another file."
            )
