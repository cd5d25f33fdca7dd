"""Opening, refusing, reading, writing and closing a database."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlcipher3 import dbapi2

from crm_desktop.base.errors import Cancelled, UserError
from crm_desktop.base.jobs import CancelToken
from crm_desktop.model import engine, files
from crm_desktop.model.database import Database, UnitOfWork

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def increment(store: UnitOfWork) -> None:
    """Read a counter, then write it one higher."""
    store.settings.set("counter", str(int(store.settings.get("counter") or 0) + 1))


def counter(database: Database) -> int:
    """The counter's value."""
    with database.read() as store:
        return int(store.settings.get("counter") or 0)


def contents(folder: Path) -> dict[str, str]:
    """The hash of every file in a folder, by name."""
    return {
        item.name: hashlib.sha256(item.read_bytes()).hexdigest()
        for item in folder.iterdir()
        if item.is_file()
    }


def mode(path: Path) -> int:
    """The permission bits of a file."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def common_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 20)


# Coming into being


def test_files_are_private_from_birth(tmp_path: Path, common_umask: None) -> None:
    folder = tmp_path / "new" / "folder"
    database = Database.open(folder / "people.sqlite")
    with database.write() as store:
        increment(store)
    names = {item.name for item in folder.iterdir()}
    assert names == {"people.sqlite", "people.sqlite-wal", "people.sqlite-shm"}
    assert {mode(item) for item in folder.iterdir()} == {0o600}
    assert mode(folder) == 0o700
    database.close()
    assert [item.name for item in folder.iterdir()] == ["people.sqlite"]
    assert mode(folder / "people.sqlite") == 0o600


def test_a_file_of_ours_that_others_could_read_is_made_private(tmp_path: Path) -> None:
    path = tmp_path / "people.sqlite"
    Database.open(path).close()
    path.chmod(0o644)
    Database.open(path).close()
    assert mode(path) == 0o600


def test_new_database_is_marked_as_ours_and_durable(database: Database) -> None:
    with database.write() as store:

        def pragma(name: str) -> Any:
            return store.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()

        assert pragma("application_id") == files.APPLICATION_ID
        assert pragma("user_version") == files.SCHEMA_VERSION
        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2
        assert pragma("foreign_keys") == 1
        assert pragma("trusted_schema") == 0
        assert pragma("cell_size_check") == 1
        assert pragma("busy_timeout") == 5000
    with database.read() as store:
        assert store.connection.exec_driver_sql("PRAGMA query_only").scalar_one() == 1


def test_opening_an_up_to_date_file_does_not_import_alembic(tmp_path: Path) -> None:
    path = tmp_path / "people.sqlite"
    Database.open(path).close()
    script = (
        "import sys; from pathlib import Path; from crm_desktop.model.database import Database;"
        "Database.open(Path(sys.argv[1])).close();"
        "print('alembic' in sys.modules, 'sqlalchemy.orm' in sys.modules)"
    )
    out = run_python(script, str(path))
    assert out.split() == ["False", "False"]


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    path = tmp_path / "people.sqlite"
    path.touch(0o644)
    Database.open(path).close()
    assert mode(path) == 0o600
    assert files.is_ours(path, None)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "people.sqlite"
    link = tmp_path / "people.sqlite"
    link.symlink_to(target)
    Database.open(link).close()
    assert link.is_symlink()
    assert files.is_ours(target, None)


def test_a_log_without_its_database_is_not_replayed_into_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "people.sqlite"
    database = Database.open(path)
    with database.write() as store:
        store.settings.set("old", "life")
    wal = path.with_name("people.sqlite-wal").read_bytes()
    database.close()
    path.unlink()
    path.with_name("people.sqlite-wal").write_bytes(wal)
    database = Database.open(path)
    with database.read() as store:
        assert store.settings.get("old") is None
    database.close()


def test_leftovers_of_dead_processes_are_removed(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    stale = [
        tmp_path / f".people.sqlite.{gone.pid}-0123abcd.part",
        tmp_path / f".people.sqlite.{gone.pid}-0123abcd.part-journal",
        tmp_path / f".people.sqlite.{os.getpid()}-0123abcd.part",
    ]
    kept = [
        tmp_path / f".people.sqlite.{os.getppid()}-0123abcd.part",
        tmp_path / f".other.sqlite.{gone.pid}-0123abcd.part",
        tmp_path / ".people.sqlite.part",
    ]
    for item in stale + kept:
        item.touch()
    Database.open(tmp_path / "people.sqlite").close()
    assert not [item for item in stale if item.exists()]
    assert all(item.exists() for item in kept)


# Refusing


def make_newer(path: Path) -> None:
    Database.open(path).close()
    with closing(dbapi2.connect(str(path), isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version = 99")


def make_foreign(path: Path) -> None:
    with closing(dbapi2.connect(str(path), isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version = 1")
        connection.execute("CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT)")


def make_foreign_with_a_log(path: Path) -> None:
    """What a crash of another program leaves: a database and its write-ahead log."""
    other = path.with_name("origin")
    with closing(dbapi2.connect(str(other), isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE moz_places (id INTEGER PRIMARY KEY)")
        path.write_bytes(other.read_bytes() or b"SQLite format 3\0")
        log = other.with_name("origin-wal").read_bytes()
        path.with_name(path.name + "-wal").write_bytes(log)
    other.unlink()


def make_text(path: Path) -> None:
    path.write_text("Dear Ada,\n" * 400)


def make_short(path: Path) -> None:
    path.write_bytes(b"x")


def make_truncated(path: Path) -> None:
    Database.open(path).close()
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (make_newer, "newer version"),
        (make_foreign, "another program"),
        (make_foreign_with_a_log, "another program|not a CRM Desktop database|damaged"),
        (make_text, "not a CRM Desktop database"),
        (make_short, "not a CRM Desktop database"),
        (make_truncated, "damaged"),
    ],
)
def test_refused_files_stay_as_they_are(tmp_path: Path, make: Any, words: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "people.sqlite"
    make(path)
    before = contents(folder)
    with pytest.raises(UserError, match=words):
        Database.open(path)
    assert contents(folder) == before


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a folder"):
        Database.open(tmp_path)


def test_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "people.sqlite")
    with pytest.raises(UserError, match="is not a file"):
        Database.open(tmp_path / "people.sqlite")


def test_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be opened or created"):
        Database.open(tmp_path / "file" / "people.sqlite")


def test_old_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dbapi2, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(UserError, match=r"3\.51\.3 or newer"):
        Database.open(tmp_path / "people.sqlite")
    assert not (tmp_path / "people.sqlite").exists()


# Encryption

SECRET = "Tannhauser Gate"


@pytest.mark.parametrize("key", ['correct "horse" battery\'s staple', "0f" * 32])
def test_keyed_database_reveals_nothing_and_opens_with_its_key_only(
    tmp_path: Path, key: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "people.sqlite"
    database = Database.open(path, key=key)
    with database.write() as store:
        store.settings.set("secret", SECRET)
    assert not any(SECRET.encode() in item.read_bytes() for item in tmp_path.glob("people*"))
    database.close()
    before = contents(tmp_path)
    for wrong in (None, "another"):
        with pytest.raises(UserError, match="encrypted with another key"):
            Database.open(path, key=wrong)
    assert contents(tmp_path) == before
    assert capfd.readouterr().err == ""
    database = Database.open(path, key=key)
    with database.read() as store:
        assert store.settings.get("secret") == SECRET
    database.close()


# Reading and writing


def test_write_commits_or_rolls_back(database: Database) -> None:
    with database.write() as store:
        increment(store)

    def fail() -> None:
        with database.write() as store:
            increment(store)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert counter(database) == 1


def test_read_cannot_write(database: Database) -> None:
    with pytest.raises(UserError, match="read-only"), database.read() as store:
        increment(store)


def test_read_is_one_snapshot_from_its_beginning(database: Database) -> None:
    with database.read() as snapshot:
        with database.write() as store:
            increment(store)
        assert snapshot.settings.get("counter") is None
        with database.read() as later:
            assert later.settings.get("counter") == "1"
        assert snapshot.settings.get("counter") is None


def test_read_during_a_write_on_another_thread(database: Database) -> None:
    writing, seen = threading.Event(), threading.Event()

    def write() -> None:
        with database.write() as store:
            increment(store)
            writing.set()
            assert seen.wait(30)

    thread = threading.Thread(target=write)
    thread.start()
    assert writing.wait(30)
    assert counter(database) == 0
    seen.set()
    thread.join()
    assert counter(database) == 1


def test_four_threads_that_increment_at_once_end_at_four(database: Database) -> None:
    start = threading.Barrier(4)

    def run() -> None:
        start.wait(30)
        with database.write() as store:
            increment(store)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter(database) == 4


INCREMENT = """
import sys
from pathlib import Path
from crm_desktop.model.database import Database

database = Database.open(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
with database.write() as store:
    store.settings.set("counter", str(int(store.settings.get("counter") or 0) + 1))
database.close()
"""


def run_python(script: str, *arguments: str) -> str:
    """What a Python process with this script prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *arguments],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_four_processes_that_create_and_increment_at_once_end_at_four(tmp_path: Path) -> None:
    path = tmp_path / "people.sqlite"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", INCREMENT, str(path)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    assert [item.name for item in tmp_path.glob("*people*")] == [path.name]
    database = Database.open(path)
    assert counter(database) == 4
    database.close()


def test_write_inside_a_write_is_a_fault_of_ours(database: Database) -> None:
    with (
        database.write() as store,
        pytest.raises(RuntimeError, match="already open"),
        database.write(),
    ):
        increment(store)
    with database.write() as store:
        increment(store)
    assert counter(database) == 1


def test_connections_serve_many_threads(database: Database) -> None:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            for _ in range(25):
                with database.write() as store:
                    increment(store)
                counter(database)
        except Exception as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert counter(database) == 200


# Cancelling


@pytest.mark.parametrize("kind", ["read", "write"])
def test_a_long_statement_stops_when_its_token_is_set(database: Database, kind: str) -> None:
    token = CancelToken()
    canceller = threading.Timer(0.05, token.cancel)
    opened = database.read(token) if kind == "read" else database.write(token)

    def count_for_ever() -> None:
        with opened as store:
            canceller.start()
            store.connection.exec_driver_sql(ENDLESS).scalar_one()

    with pytest.raises(Cancelled):
        count_for_ever()
    canceller.join()
    with database.write() as store:  # the connection is as good as new
        increment(store)
    assert counter(database) == 1


def test_a_set_token_starts_nothing(database: Database) -> None:
    token = CancelToken()
    token.cancel()
    for opened in (database.read(token), database.write(token)):
        with pytest.raises(Cancelled), opened:
            pytest.fail("the block must not run")


def test_waiting_for_the_writer_can_be_cancelled(database: Database) -> None:
    token = CancelToken()
    outcome: list[type[BaseException]] = []

    def wait() -> None:
        try:
            with database.write(token):
                pass
        except Cancelled as error:
            outcome.append(type(error))

    with database.write():
        thread = threading.Thread(target=wait)
        thread.start()
        token.cancel()
        thread.join()
    assert outcome == [Cancelled]


# What the world does to us


def test_locked_database_says_so(tmp_path: Path, impatient: None) -> None:
    database = Database.open(tmp_path / "people.sqlite")
    with closing(dbapi2.connect(str(database.path), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UserError, match="in use by another program"), database.write() as store:
            increment(store)
        assert counter(database) == 0
    database.close()


def test_full_disk_keeps_what_was_saved(database: Database) -> None:
    with database.write() as store:
        increment(store)
        pages = store.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        store.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")

    def save_much() -> None:
        with database.write() as store:
            increment(store)
            store.settings.set("long", "x" * 1_000_000)

    with pytest.raises(UserError, match="no room left on the disk"):
        save_much()
    assert counter(database) == 1
    with database.write() as store:
        store.connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    save_much()
    assert counter(database) == 2


def test_damaged_page_says_so(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "people.sqlite")
    with database.write() as store:
        root = store.connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'system_settings'"
        ).scalar_one()
        size = store.connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    database.close()
    data = bytearray(database.path.read_bytes())
    data[(root - 1) * size : root * size] = b"\xff" * size
    database.path.write_bytes(data)
    database = Database.open(database.path)
    with pytest.raises(UserError, match="is damaged"), database.read() as store:
        store.settings.get("region")
    database.close()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (5, "in use"),
        (261, "in use"),  # SQLITE_BUSY_RECOVERY
        (13, "no room"),
        (26, "not a CRM Desktop database"),
        (11, "damaged"),
        (8, "read-only"),
        (3, "permission"),
        (14, "cannot be opened"),
        (10, "disk reported an error"),
        (4874, "disk reported an error"),  # SQLITE_IOERR_SHMSIZE
    ],
)
def test_faults_of_the_world_get_a_sentence(tmp_path: Path, code: int, words: str) -> None:
    error = dbapi2.OperationalError("told by SQLite")
    error.sqlite_errorcode = code
    with (
        pytest.raises(UserError, match=words) as caught,
        engine.storage_errors(tmp_path / "people.sqlite"),
    ):
        raise error
    assert "“people.sqlite”" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_faults_of_ours_pass_through(database: Database) -> None:
    with pytest.raises(sqlalchemy.exc.OperationalError), database.read() as store:
        store.connection.exec_driver_sql("SELECT * FROM nowhere")
    with pytest.raises(sqlalchemy.exc.IntegrityError), database.write() as store:
        store.connection.exec_driver_sql("INSERT INTO contact_tags VALUES (99, 'x', 'manual')")


def test_close_moves_the_log_into_the_file(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "people.sqlite")
    with database.write() as store:
        increment(store)
    database.close()
    assert contents(tmp_path).keys() == {"people.sqlite"}
    database = Database.open(database.path)
    assert counter(database) == 1
    database.close()


def test_a_log_that_cannot_be_moved_does_not_fail_the_closing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database.open(tmp_path / "people.sqlite")
    with database.write() as store:
        increment(store)
    connect = engine.connect

    class Full:
        def __init__(self, connection: Any) -> None:
            self._connection = connection

        def execute(self, statement: str, *more: Any) -> Any:
            if "wal_checkpoint" in statement:
                error = dbapi2.OperationalError("database or disk is full")
                error.sqlite_errorcode = 13  # SQLITE_FULL
                raise error
            return self._connection.execute(statement, *more)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._connection, name)

    database._engines.write.dispose()
    monkeypatch.setattr(engine, "connect", lambda *a, **more: Full(connect(*a, **more)))
    with caplog.at_level("INFO", logger="crm_desktop"):
        database.close()
    assert "SQLite error 13" in caplog.text
    monkeypatch.undo()
    with closing(Database.open(tmp_path / "people.sqlite")) as again:
        assert counter(again) == 1
