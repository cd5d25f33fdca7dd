"""Kills real migrations of a CRMExtender database, before every single statement and at random
moments, and tells how each attempt left the file. Run by test_crmextender in a process of its own,
which forks.

Arguments: the database of version 3, an empty folder to work in, how many random moments, the
seed. Prints JSON: how often the file was of which version, how often there was a backup, and what
was wrong.
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from crm_desktop.model import crmextender, crmextender_tables, files


class Deadly:
    """A connection that kills its process instead of running its n-th statement."""

    def __init__(self, connection: Any, left: list[int]) -> None:
        self._connection = connection
        self._left = left

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._connection, name)
        if name not in ("execute", "executemany", "backup", "close"):
            return found

        def counted(*arguments: Any) -> Any:
            self._left[0] -= 1
            if self._left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return found(*arguments)

        return counted


def run(path: Path, *, statement: int = 0, after_s: float | None = None) -> int:
    """The wait status of a child that migrates and is killed before that statement (0 never), or
    after that time."""
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        status = 1
        try:
            if statement:
                deadly(statement)
            crmextender.migrate_to_v4(path)
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    select.select([reader], [], [], after_s)
    if after_s is not None:
        os.kill(process, signal.SIGKILL)
    os.close(reader)
    return os.waitpid(process, 0)[1]


def deadly(statement: int) -> None:
    """Let every connection of the migration count down to one deadly statement."""
    left = [statement]
    connect: Callable[..., Any] = crmextender.connect

    def counting(*arguments: Any, **options: Any) -> Any:
        return Deadly(connect(*arguments, **options), left)

    crmextender.connect = counting  # type: ignore[attr-defined]


def contents(path: Path) -> tuple[str, list[Any], list[str]]:
    """The version, the relationships without their types, and what SQLite finds wrong."""
    with closing(dbapi2.connect(str(path), isolation_level=None)) as connection:
        version = str(crmextender_tables.version_in(connection))
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
        found = connection.execute(
            "SELECT id, from_entity_id, to_entity_id, properties FROM relationships ORDER BY id"
        ).fetchall()
        problems = files.problems_in(connection)
        has_types = "relationship_types" in names
        if has_types != (version == "4") or "relationships_new" in names:
            problems.append(f"half done: {sorted(names)}")
        if version == "4" and not set(crmextender_tables.INDEXES) <= names:
            problems.append("indexes are missing")
    return version, found, problems


def main() -> None:
    origin, folder = Path(sys.argv[1]), Path(sys.argv[2])
    moments, rng = int(sys.argv[3]), random.Random(int(sys.argv[4]))
    path = folder / "crm.db"
    _, wanted, _ = contents(origin)
    report: dict[str, Any] = {"3": 0, "4": 0, "backups": 0, "statements": 0, "problems": []}

    def attempt(**how: Any) -> int:
        for leftover in folder.iterdir():
            leftover.unlink()
        shutil.copyfile(origin, path)
        status = run(path, **how)
        version, found, problems = contents(path)
        report[version] = report.get(version, 0) + 1
        if found != wanted:
            problems.append(f"{len(found)} relationships")
        backups = list(folder.glob("crm.v3-backup-*.db"))
        report["backups"] += len(backups)
        for backup in backups:
            if contents(backup) != ("3", wanted, []):
                problems.append("the backup is not the old file")
        if version == "4" and not backups:
            problems.append("changed without a backup")
        if contents(path)[0] == "3":  # what was interrupted can be done again
            if run(path) != 0 or contents(path)[:2] != ("4", wanted):
                problems.append("it cannot be repeated")
            files.remove_leftovers(path)
        parts = list(folder.glob(".*part*"))
        if parts:
            problems.append(f"left over {[part.name for part in parts]}")
        report["problems"] += [f"{how}: {problem}" for problem in problems]
        return status

    began = time.monotonic()
    if attempt() != 0 or report["4"] != 1:
        report["problems"].append("undisturbed: not version 4")
    duration_s = time.monotonic() - began
    statement = 0
    while True:
        statement += 1
        if os.WIFEXITED(attempt(statement=statement)):
            break
    report["statements"] = statement - 1
    for _ in range(moments):
        attempt(after_s=rng.uniform(0, duration_s))
    print(json.dumps(report))


if __name__ == "__main__":
    main()
