"""Old databases become new ones whole or not at all."""

from __future__ import annotations

import hashlib
import json
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from crm_desktop.base.errors import UserError
from crm_desktop.model import engine, files, migrate
from crm_desktop.model.database import Database

KILLS = 60
PEOPLE = 2_000

FIRST_STEP = """
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    connection = op.get_bind()
    connection.exec_driver_sql("ALTER TABLE contacts ADD COLUMN nickname TEXT")
    connection.exec_driver_sql("UPDATE contacts SET nickname = upper(name)")
"""
SECOND_STEP = """
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    connection = op.get_bind()
    connection.exec_driver_sql(
        "CREATE TABLE nicknames (contact_id INTEGER PRIMARY KEY REFERENCES contacts(id)"
        " ON DELETE CASCADE, nickname TEXT NOT NULL)"
    )
    connection.exec_driver_sql("INSERT INTO nicknames SELECT id, nickname FROM contacts")
"""


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """A folder with two further migrations."""
    folder = tmp_path / "a folder: 100% odd"
    folder.mkdir()
    (folder / "0002_nickname.py").write_text(FIRST_STEP)
    (folder / "0003_nicknames.py").write_text(SECOND_STEP)
    return folder


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database of the first schema with people in one conversation, closed."""
    return make_old(tmp_path / "life" / "people.sqlite")


def make_old(path: Path, key: str | None = None) -> Path:
    database = Database.open(path, key=key)
    with database.write() as store:
        execute = store.connection.exec_driver_sql
        execute("INSERT INTO conversations (id, source) VALUES (1, 'mail')")
        execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " INSERT INTO contacts (id, name, name_key, created_at, updated_at)"
            " SELECT i, 'Person ' || i, 'person ' || i, 0, 0 FROM n",
            (PEOPLE,),
        )
        execute(
            "INSERT INTO conversation_participants (conversation_id, contact_id)"
            " SELECT 1, id FROM contacts"
        )
        store.fulltext.rebuild()
    database.close()
    return path


def ask(path: Path, sql: str, key: str | None = None) -> object:
    with closing(engine.connect(path, key=key)) as connection:
        return connection.execute(sql).fetchone()[0]


def test_schema_version_is_the_newest_migration() -> None:
    assert migrate.newest_version(migrate.configuration()) == files.SCHEMA_VERSION


@pytest.mark.parametrize("key", [None, "a passphrase"])
def test_upgrade_runs_every_step(tmp_path: Path, versions: Path, key: str | None) -> None:
    path = make_old(tmp_path / "life" / "people.sqlite", key)
    migrate.upgrade(path, key, versions=[versions])
    assert ask(path, "PRAGMA user_version", key) == 3
    assert ask(path, "PRAGMA application_id", key) == files.APPLICATION_ID
    assert ask(path, "PRAGMA journal_mode", key) == "wal"
    assert ask(path, "SELECT count(*) FROM nicknames", key) == PEOPLE
    assert ask(path, "SELECT nickname FROM contacts WHERE id = 7", key) == "PERSON 7"
    found = "SELECT count(*) FROM contact_fts WHERE contact_fts MATCH 'person'"
    assert ask(path, found, key) == PEOPLE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_newer_file_is_refused_by_this_version(old: Path, versions: Path) -> None:
    migrate.upgrade(old, versions=[versions])
    before = hashlib.sha256(old.read_bytes()).digest()
    with pytest.raises(UserError, match="newer version"):
        Database.open(old)
    assert hashlib.sha256(old.read_bytes()).digest() == before
    assert [item.name for item in old.parent.iterdir()] == [old.name]


def test_opening_an_old_file_upgrades_it(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(dbapi2.connect(str(old), isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version = 0")
    database = Database.open(old)
    with database.read() as store:
        assert files.schema_version(store.connection) == files.SCHEMA_VERSION
    database.close()


def test_upgrade_takes_the_log_of_a_crash_along(old: Path, versions: Path, tmp_path: Path) -> None:
    crashed = tmp_path / "crashed" / "people.sqlite"
    crashed.parent.mkdir()
    database = Database.open(old)
    with database.write() as store:
        store.settings.set("last", "word")
    for suffix in ("", "-wal", "-shm"):
        source = old.with_name(old.name + suffix)
        crashed.with_name(crashed.name + suffix).write_bytes(source.read_bytes())
    database.close()
    migrate.upgrade(crashed, versions=[versions])
    assert ask(crashed, "SELECT value FROM system_settings WHERE key = 'last'") == "word"
    assert ask(crashed, "PRAGMA user_version") == 3


def test_upgrade_of_a_database_that_is_open_elsewhere_is_refused(
    old: Path, versions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 20)
    database = Database.open(old)
    with (
        pytest.raises(UserError, match=r"in use|open in another window"),
        engine.storage_errors(old),
    ):
        migrate.upgrade(old, versions=[versions])
    with database.write() as store:
        store.settings.set("still", "here")
    database.close()
    assert ask(old, "PRAGMA user_version") == 1


def test_failing_migration_leaves_the_old_file(old: Path, versions: Path) -> None:
    (versions / "0003_nicknames.py").write_text(SECOND_STEP + "    raise KeyError('a bug')\n")
    with pytest.raises(KeyError, match="a bug"):
        migrate.upgrade(old, versions=[versions])
    assert ask(old, "PRAGMA user_version") == 1
    assert ask(old, "SELECT count(*) FROM pragma_table_info('contacts') WHERE name='nickname'") == 0
    assert [item.name for item in old.parent.iterdir()] == [old.name]


def test_migration_that_breaks_references_leaves_the_old_file(old: Path, versions: Path) -> None:
    broken = SECOND_STEP + '    connection.exec_driver_sql("DELETE FROM conversations")\n'
    (versions / "0003_nicknames.py").write_text(broken)
    with pytest.raises(UserError, match="rows of conversation_participants refer"):
        migrate.upgrade(old, versions=[versions])
    assert ask(old, "PRAGMA user_version") == 1


def test_file_replaced_meanwhile_is_left_alone(
    old: Path, versions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process was faster: what this one holds open is no longer the database."""
    take = migrate._take

    def take_after_another(guard: object, path: Path) -> None:
        other = path.with_name("other")
        other.write_bytes(path.read_bytes())
        other.replace(path)
        take(guard, path)

    monkeypatch.setattr(migrate, "_take", take_after_another)
    before = old.stat().st_ino
    migrate.upgrade(old, versions=[versions])
    assert old.stat().st_ino != before
    assert ask(old, "PRAGMA user_version") == 1


def test_creation_does_not_overwrite(old: Path) -> None:
    with pytest.raises(FileExistsError):
        migrate.create(old)
    assert ask(old, "SELECT count(*) FROM contacts") == PEOPLE
    assert [item.name for item in old.parent.iterdir()] == [old.name]


def test_creation_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "put_in_place", fail)
    with pytest.raises(UserError, match="No space left on device"):
        Database.open(tmp_path / "people.sqlite")
    assert list(tmp_path.glob("*people*")) == []


def test_creation_works_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_source: object, _target: object) -> None:
        raise PermissionError("no hard links here")

    monkeypatch.setattr(files.os, "link", refuse)
    path = tmp_path / "people.sqlite"
    migrate.create(path)
    with pytest.raises(FileExistsError):
        migrate.create(path)
    assert [item.name for item in tmp_path.glob("*people*")] == [path.name]


def test_migration_killed_at_random_moments_leaves_the_old_or_the_new_file(
    old: Path, versions: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    script = Path(__file__).with_name("migration_killer.py")
    done = subprocess.run(
        [sys.executable, str(script), *map(str, (old, folder, versions, KILLS, 20261120))],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["problems"] == []
    assert result["old"] + result["new"] == KILLS
    assert result["under_way"] >= KILLS // 4, "too few were killed while they worked"
    assert done.stderr == ""
