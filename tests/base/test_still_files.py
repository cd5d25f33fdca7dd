"""Databases are read as they are, and nothing shows that they were."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from crm_desktop.base import still_files
from crm_desktop.base.errors import UserError
from crm_desktop.base.still_files import StillFile, is_sqlite, still
from crm_desktop.model.database import Database
from tests.mounts import read_only, small_disk


def crashed(folder: Path, journal: str) -> Path:
    """A file with one committed row, and a second that only its log holds, or that its journal
    takes back, as a crash leaves it."""
    origin, path = folder / "origin" / "crm.db", folder / "crashed" / "crm.db"
    for place in (origin, path):
        place.parent.mkdir(parents=True)
    connection = sqlite3.connect(origin, isolation_level=None)
    with closing(connection):
        connection.execute(f"PRAGMA journal_mode={journal}")
        connection.execute("CREATE TABLE t (a)")
        connection.execute("INSERT INTO t VALUES (1)")
        connection.execute("PRAGMA cache_size=1")
        connection.execute("BEGIN")
        # More than the cache holds, so that it reaches the file or the log.
        connection.execute("INSERT INTO t SELECT zeroblob(9000) FROM (VALUES (1), (2), (3), (4))")
        if journal == "wal":
            connection.execute("COMMIT")
        for item in origin.parent.iterdir():
            if not item.name.endswith("-shm"):
                shutil.copyfile(item, path.parent / item.name)
    return path


def count(found: StillFile) -> int:
    with closing(sqlite3.connect(f"{found.path.as_uri()}?{found.options}", uri=True)) as opened:
        return int(opened.execute("SELECT count(*) FROM t").fetchone()[0])


@pytest.mark.parametrize(("journal", "expected"), [("wal", 5), ("delete", 1)])
def test_what_waits_beside_the_file_is_read_along(tmp_path: Path, journal: str, expected: int):
    path = crashed(tmp_path, journal)
    before = {item.name: item.read_bytes() for item in path.parent.iterdir()}
    assert len(before) == 2
    with read_only(path.parent), still(path) as found:
        assert found.is_copy
        assert count(found) == expected
        copy = found.path
    assert not copy.parent.exists()
    assert {item.name: item.read_bytes() for item in path.parent.iterdir()} == before


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_a_file_alone_is_read_where_it_is(tmp_path: Path, journal: str):
    path = tmp_path / "alone" / "crm.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA journal_mode={journal}")
        connection.execute("CREATE TABLE t (a)")
    before = path.read_bytes()
    with read_only(path.parent), still(path) as found:
        assert not found.is_copy
        assert count(found) == 0
        found.check()
    assert [item.name for item in path.parent.iterdir()] == ["crm.db"]
    assert path.read_bytes() == before


def test_a_file_that_changes_meanwhile_is_noticed(tmp_path: Path):
    path = crashed(tmp_path, "delete")
    path.with_name("crm.db-journal").unlink()
    with still(path) as found:
        path.write_bytes(path.read_bytes() + b"\0" * 4096)
        with pytest.raises(UserError, match="being changed by another program"):
            found.check()


def test_a_file_that_never_rests_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = crashed(tmp_path, "wal")
    copyfile = shutil.copyfile

    def busy(source: str, target: Path) -> None:
        copyfile(source, target)
        with open(source, "ab") as stream:
            stream.write(b"more")

    monkeypatch.setattr(still_files.shutil, "copyfile", busy)
    with pytest.raises(UserError, match="being changed by another program"), still(path):
        pass


def test_no_room_for_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = crashed(tmp_path, "wal")
    with small_disk(tmp_path / "disk", 16) as disk:
        monkeypatch.setattr(still_files.tempfile, "tempdir", str(disk))
        with pytest.raises(UserError, match="no room for a temporary copy"), still(path):
            pass
        assert list(disk.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="an open file has its name there")
def test_a_hidden_copy_can_still_be_read(tmp_path: Path):
    path = crashed(tmp_path, "wal")
    with still(path) as found:
        uri = f"{found.path.as_uri()}?{found.options}"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
            found.hide()
            assert not found.path.parent.exists()
            assert connection.execute("SELECT count(*) FROM t").fetchone() == (5,)
            found.check()


def test_the_open_database_is_not_looked_at(database: Database):
    with pytest.raises(UserError, match="open database itself"):
        is_sqlite(database.path)
    with pytest.raises(UserError, match="open database itself"), still(database.path):
        pass


def test_what_is_not_there(tmp_path: Path):
    with pytest.raises(FileNotFoundError), still(tmp_path / "crm.db"):
        pass
