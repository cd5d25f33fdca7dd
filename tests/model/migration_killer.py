"""Kills a real migration in two steps at random moments, again and again, and tells how each
attempt left the database. Run by test_migrate in a process of its own, which forks.

Arguments: the old database, an empty folder to work in, the folder of the further migrations,
how many attempts, the seed. Prints JSON: how often the file was old, how often new, how many
attempts were under way when they were killed, and what was wrong.
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
from contextlib import closing
from pathlib import Path

from sqlcipher3 import dbapi2

from crm_desktop.model import files, migrate

OLD_VERSION, NEW_VERSION = 1, 3
ROWS = 2_000


def start(path: Path, versions: Path) -> tuple[int, int]:
    """A child process that migrates and then leaves without further ado: its id, and a pipe that
    ends when it does."""
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        status = 1
        try:
            migrate.upgrade(path, versions=[versions])
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    return process, reader


def finish(process: int, reader: int, kill_after_s: float | None) -> int:
    """The exit status of the child, killed after that time unless it was faster."""
    select.select([reader], [], [], kill_after_s)
    if kill_after_s is not None:
        os.kill(process, signal.SIGKILL)
    os.close(reader)
    return os.waitpid(process, 0)[1]


def state(path: Path) -> tuple[str, str]:
    """Whether the file is old or new, and what contradicts that ("" when nothing does)."""
    with closing(dbapi2.connect(str(path), isolation_level=None)) as connection:

        def one(sql: str) -> object:
            return connection.execute(sql).fetchone()[0]

        version = one("PRAGMA user_version")
        facts = (
            one("SELECT version_num FROM alembic_version"),
            one("SELECT count(*) FROM pragma_table_info('contacts') WHERE name = 'nickname'"),
            one("SELECT count(*) FROM sqlite_schema WHERE name = 'nicknames'"),
            one("SELECT count(*) FROM contacts"),
            one("SELECT count(*) FROM conversation_participants"),
        )
        problems = files.problems_in(connection)
        if (
            version == NEW_VERSION
            and not problems
            and one("SELECT count(*) FROM nicknames") != ROWS
        ):
            problems = ["the second step is half done"]
    expected = {
        OLD_VERSION: ("old", ("0001", 0, 0, ROWS, ROWS)),
        NEW_VERSION: ("new", ("0003", 1, 1, ROWS, ROWS)),
    }
    name, wanted = expected.get(version, ("unknown", ()))
    if facts != wanted:
        problems.append(f"version {version} with {facts}")
    return name, "; ".join(problems)


def main() -> None:
    origin, folder, versions = (Path(argument) for argument in sys.argv[1:4])
    attempts, seed = int(sys.argv[4]), int(sys.argv[5])
    rng = random.Random(seed)
    path = folder / "people.sqlite"

    shutil.copyfile(origin, path)
    began = time.monotonic()
    status = finish(*start(path, versions), None)
    duration_s = time.monotonic() - began
    problems = [] if status == 0 and state(path) == ("new", "") else ["undisturbed: not new"]

    counts = {"old": 0, "new": 0, "unknown": 0}
    under_way = 0
    for attempt in range(attempts):
        for leftover in folder.iterdir():
            leftover.unlink()
        shutil.copyfile(origin, path)
        finish(*start(path, versions), rng.uniform(0, 1.1 * duration_s))
        under_way += any(item.name.endswith(".part") for item in folder.iterdir())
        name, problem = state(path)
        counts[name] += 1
        if problem:
            problems.append(f"attempt {attempt}: {problem}")
        files.remove_leftovers(path)
        # SQLite itself may have left a journal that it plays back or ignores.
        names = {item.name for item in folder.iterdir()} - {f"{path.name}-journal"}
        if names != {path.name}:
            problems.append(f"attempt {attempt}: left over {sorted(names)}")
        if attempt % 10 == 0:  # what was interrupted can be done again
            migrate.upgrade(path, versions=[versions])
            if state(path) != ("new", "") or [item.name for item in folder.iterdir()] != [
                path.name
            ]:
                problems.append(f"attempt {attempt}: cannot be repeated")
    print(json.dumps({**counts, "under_way": under_way, "problems": problems}))


if __name__ == "__main__":
    main()
