"""Backups: whole, private, and never at the cost of another file."""

from __future__ import annotations

import os
import socket
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from crm_desktop.base.errors import UserError
from crm_desktop.model import files
from crm_desktop.model.database import Database


def value_in(path: Path, key: str | None = None) -> str | None:
    database = Database.open(path, key=key)
    with database.read() as store:
        value = store.settings.get("word")
    database.close()
    return value


def set_word(database: Database, word: str) -> None:
    with database.write() as store:
        store.settings.set("word", word)


def back_up(database: Database, target: Path) -> None:
    with database.read() as store:
        store.backup.copy_to(target)


def test_backup_holds_what_the_log_holds(database: Database, tmp_path: Path) -> None:
    set_word(database, "first")
    target = tmp_path / "safe" / "backup.sqlite"
    target.parent.mkdir()
    back_up(database, target)
    assert [item.name for item in target.parent.iterdir()] == ["backup.sqlite"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert value_in(target) == "first"


def test_backup_is_the_snapshot_of_its_beginning(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "backup.sqlite"
    set_word(database, "before")
    with database.read() as store:
        set_word(database, "after")
        store.backup.copy_to(target)
    assert value_in(target) == "before"


def test_backup_replaces_an_older_one(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "backup.sqlite"
    for word in ("old", "new"):
        set_word(database, word)
        back_up(database, target)
    assert value_in(target) == "new"


def test_backup_of_a_keyed_database_is_keyed(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "people.sqlite", key="a passphrase")
    set_word(database, "Tannhauser")
    target = tmp_path / "backup.sqlite"
    back_up(database, target)
    database.close()
    assert b"Tannhauser" not in target.read_bytes()
    assert value_in(target, "a passphrase") == "Tannhauser"
    with pytest.raises(UserError, match="encrypted with another key"):
        value_in(target)


def test_other_files_are_not_overwritten(database: Database, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ada")
    foreign = tmp_path / "foreign.sqlite"
    with closing(dbapi2.connect(str(foreign))) as connection:
        connection.execute("CREATE TABLE t (a)")
    before = foreign.read_bytes()
    for target in (letter, foreign):
        with pytest.raises(UserError, match="would be lost"):
            back_up(database, target)
    assert letter.read_text() == "Dear Ada"
    assert foreign.read_bytes() == before


def test_unsuitable_targets_are_refused(database: Database, tmp_path: Path) -> None:
    link = tmp_path / "link.sqlite"
    link.symlink_to(database.path)
    for target in (database.path, link):
        with pytest.raises(UserError, match="cannot replace the database itself"):
            back_up(database, target)
    with pytest.raises(UserError, match="is a folder"):
        back_up(database, tmp_path)
    with pytest.raises(UserError, match=r"cannot be written.*Choose another place"):
        back_up(database, tmp_path / "nowhere" / "backup.sqlite")


def test_database_in_use_is_not_replaced(database: Database, tmp_path: Path) -> None:
    other = Database.open(tmp_path / "other.sqlite")
    set_word(other, "kept")
    with pytest.raises(UserError, match="database in use"):
        back_up(database, other.path)
    other.close()
    assert value_in(other.path) == "kept"


def test_damage_is_found_before_the_old_backup_goes(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "backup.sqlite"
    set_word(database, "good")
    back_up(database, target)
    with database.write() as store:
        store.connection.exec_driver_sql(
            "INSERT INTO contacts (id, name, name_key, created_at, updated_at)"
            " VALUES (1, 'Ada', 'ada', 0, 0)"
        )
        store.fulltext.refresh_contacts([1])
        store.connection.exec_driver_sql(
            "UPDATE contact_fts_data SET block = zeroblob(length(block)) WHERE id > 100"
        )
    with pytest.raises(UserError, match="No backup was made because the database is damaged"):
        back_up(database, target)
    assert value_in(target) == "good"
    assert sorted(item.name for item in tmp_path.glob("*backup*")) == ["backup.sqlite"]


def test_only_files_are_replaced(database: Database, tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(tmp_path / "socket"))
        for target in (pipe, link, tmp_path / "socket", Path(os.devnull)):
            with pytest.raises(UserError, match="not a file"):
                back_up(database, target)
    assert pipe.is_fifo()
    assert not Path(os.devnull).is_file()


def test_a_name_too_long_is_one_sentence(database: Database, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        back_up(database, tmp_path / ("x" * 300))


def test_damage_that_stops_the_copy_is_the_databases(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "backup.sqlite"

    def fail(*_arguments: object) -> None:
        with closing(dbapi2.connect(str(broken))) as connection:
            connection.execute("SELECT * FROM sqlite_schema").fetchall()

    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"SQLite format 3\0" + b"\xff" * 2_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "copy_database", fail)
        with pytest.raises(UserError, match="because the database is damaged"):
            back_up(database, target)
    assert not target.exists()
