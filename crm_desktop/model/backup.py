"""A copy of the database in one file, whole and checked before it appears."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_desktop.base.errors import UserError
from crm_desktop.model import files
from crm_desktop.model.engine import connect, storage_errors

if TYPE_CHECKING:
    from sqlalchemy import Connection


class BackupStore:
    """Copies the database as the open transaction sees it."""

    def __init__(self, connection: Connection, path: Path, key: str | None) -> None:
        self._connection = connection
        self._path = path
        self._key = key

    def copy_to(self, target: Path) -> None:
        """Put a copy at `target`, mode 0600, encrypted as the database is; it replaces an older
        copy in one step.

        Raises UserError when `target` is the database itself, is in use, is some other file, or
        cannot be written; what was there then stays.
        """
        target = target.resolve()
        if target == self._path or (target.exists() and target.samefile(self._path)):
            raise UserError("A backup cannot replace the database itself. Choose another file.")
        self._check_target(target)
        source: Any = self._connection.connection.dbapi_connection
        try:
            with storage_errors(target), files.part_beside(target) as part:
                files.copy_database(source, part, self._key)
                with closing(connect(part, key=self._key)) as copy:
                    problems = files.problems_in(copy)
                if problems:
                    raise UserError(
                        f"No backup was made because the database is damaged ({problems[0]}). "
                        "Restore it from an earlier backup."
                    )
                files.put_in_place(part, target, replace=True)
        except OSError as error:
            raise UserError(
                f"The backup cannot be written to “{target}” ({os.strerror(error.errno or 0)}). "
                "Choose another place."
            ) from error

    def _check_target(self, target: Path) -> None:
        if target.is_dir():
            raise UserError(f"“{target.name}” is a folder. Name the file for the backup.")
        if not target.exists() or target.stat().st_size == 0:
            return
        if target.with_name(target.name + "-wal").exists():
            raise UserError(f"“{target.name}” is a database in use. Choose another file.")
        if not files.is_ours(target, self._key):
            raise UserError(
                f"“{target.name}” is not a backup of CRM Desktop and would be lost. "
                "Choose another file."
            )
