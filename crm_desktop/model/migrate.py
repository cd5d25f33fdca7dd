"""New databases and new schemas, built in a private copy that then takes the file's place.

Whatever moment the process dies at, the file is the old one or the new one.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from crm_desktop.base.errors import UserError
from crm_desktop.model import files
from crm_desktop.model.engine import connect

SCRIPTS = Path(__file__).with_name("migrations")

logging.getLogger("alembic").setLevel(logging.WARNING)


def create(path: Path, key: str | None = None) -> None:
    """A new database at `path`, mode 0600; FileExistsError if a file with content is there."""
    with files.part_beside(path) as part:
        _migrate(part, key, ())
        is_empty_file = path.exists() and path.stat().st_size == 0
        files.put_in_place(part, path, replace=is_empty_file)


def upgrade(path: Path, key: str | None = None, *, versions: Sequence[Path] = ()) -> None:
    """Bring the database at `path` to the newest schema.

    The work happens on a verified copy that replaces the file. `versions` are folders with
    further migrations. Raises UserError when the database is open elsewhere or is damaged; the
    file then stays as it was. Returns without a change if another process replaced the file.
    """
    before = _identity(path)
    with closing(connect(path, key=key)) as guard:
        try:
            _take(guard, path)
        except dbapi2.OperationalError:  # SQLite notices when the file under it was moved
            if _identity(path) == before:
                raise
        if _identity(path) != before:
            return
        with files.part_beside(path) as part:
            with closing(connect(path, key=key, options="mode=ro")) as source:
                files.copy_database(source, part, key)
            _migrate(part, key, versions)
            if sys.platform == "win32":  # an open file cannot be replaced there
                guard.close()
            os.chmod(part, 0o600)
            files.put_in_place(part, path, replace=True)


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _take(guard: Any, path: Path) -> None:
    """Keep every other writer out until `guard` closes.

    Leaving WAL mode needs the file to itself and folds the log, a crash's included, into the
    file, so that no log of the old file can ever be replayed into the new one.
    """
    (mode,) = guard.execute("PRAGMA journal_mode=DELETE").fetchone()
    if mode != "delete":
        raise UserError(
            f"“{path.name}” must be brought up to date but is open in another window. "
            "Close it there and try again."
        )
    guard.execute("BEGIN IMMEDIATE")


def configuration(versions: Sequence[Path] = ()) -> Config:
    """Alembic's configuration, with further migrations from the folders `versions`."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    if versions:
        config.set_main_option("path_separator", "newline")
        places = "\n".join(map(str, (SCRIPTS / "versions", *versions)))
        config.set_main_option("version_locations", places.replace("%", "%%"))
    else:
        config.set_main_option("path_separator", "os")
    return config


def newest_version(config: Config) -> int:
    """The schema version that the newest migration leads to."""
    head = ScriptDirectory.from_config(config).get_current_head()
    if head is None:
        raise RuntimeError("the program has lost its migrations")
    return int(head)


def _migrate(part: Path, key: str | None, versions: Sequence[Path]) -> None:
    config = configuration(versions)
    with closing(connect(part, key=key)) as raw:
        # The copy is worthless until it is finished, so nothing needs to be durable before.
        raw.execute("PRAGMA journal_mode=MEMORY").fetchone()
        raw.execute("PRAGMA synchronous=OFF")
        # Rebuilding a table must not cascade; the check at the end looks at every reference.
        raw.execute("PRAGMA foreign_keys=OFF")
        engine = sqlalchemy.create_engine(
            "sqlite://", module=dbapi2, creator=lambda: raw, poolclass=StaticPool
        )
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.exec_driver_sql(f"PRAGMA application_id = {files.APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version = {newest_version(config)}")
            connection.commit()
        problems = files.problems_in(raw)
        if problems:
            raise UserError(
                f"The database cannot be brought up to date because it is damaged "
                f"({problems[0]}). Restore it from a backup."
            )
        raw.execute("PRAGMA journal_mode=WAL").fetchone()
