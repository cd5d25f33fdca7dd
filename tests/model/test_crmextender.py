"""CRMExtender's databases become version 4 whole, with a backup, or stay as they are."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.base.errors import UserError
from crm_desktop.domain.crmextender import MigrationReport
from crm_desktop.model import crmextender, engine, files
from crm_desktop.model.crmextender import migrate_to_v4
from crm_desktop.model.database import Database
from tests.crmextender_builder import V3_RELATIONSHIPS, CrmExtender, rows, small_life, uuid
from tests.mounts import read_only, small_disk

RANDOM_KILLS = 25
SEED_NAMES = {"KNOWS", "EMPLOYEE", "REPORTS_TO", "WORKS_WITH", "PARTNER", "VENDOR"}
COLUMNS = "id, from_entity_type, from_entity_id, to_entity_type, to_entity_id, properties"


def folder_of(path: Path) -> dict[str, str]:
    """What lies beside a file and in it, by content."""
    return {
        item.name: hashlib.sha256(item.read_bytes()).hexdigest()
        for item in path.parent.iterdir()
        if item.is_file()
    }


def kept(path: Path) -> list[tuple[object, ...]]:
    return rows(path, f"SELECT {COLUMNS}, created_at FROM relationships ORDER BY id")


def types(path: Path) -> dict[str, tuple[str, str]]:
    """Name of the type and source of each relationship, by id."""
    found = rows(
        path,
        "SELECT r.id, t.name, r.source FROM relationships r"
        " JOIN relationship_types t ON t.id = r.relationship_type_id",
    )
    return {row[0]: (row[1], row[2]) for row in found}


@pytest.fixture
def v3(tmp_path: Path) -> Path:
    folder = tmp_path / "crm"
    folder.mkdir()
    return small_life(folder / "crm.db")


@contextmanager
def building(tmp_path: Path, name: str = "crm.db") -> Iterator[tuple[CrmExtender, Path]]:
    folder = tmp_path / "crm"
    folder.mkdir(exist_ok=True)
    with CrmExtender(folder / name) as made:
        yield made, folder / name


def test_every_relationship_is_there_with_its_type(v3: Path):
    before = kept(v3)
    report = migrate_to_v4(v3)
    assert kept(v3) == before
    assert sorted(types(v3).values()) == [
        ("Friend of the family", "manual"),
        ("KNOWS", "inferred"),
        ("KNOWS", "inferred"),
        ("KNOWS", "inferred"),
        ("MENTOR_OF", "manual"),
    ]
    assert report.is_needed
    assert report.relationships == 5
    assert {(t.text, t.count, t.is_new) for t in report.types} == {
        ("KNOWS", 3, False),
        ("MENTOR_OF", 1, True),
        ("Friend of the family", 1, True),
    }


def test_the_schema_is_that_of_version_4(v3: Path):
    migrate_to_v4(v3)
    assert {row[0] for row in rows(v3, "SELECT name FROM relationship_types")} == SEED_NAMES | {
        "MENTOR_OF",
        "Friend of the family",
    }
    assert rows(v3, "SELECT id FROM relationship_types WHERE is_system") == [("rt-knows",)]
    indexes = rows(
        v3,
        "SELECT m.name, i.name FROM sqlite_schema m, pragma_index_info(m.name) i"
        " WHERE m.type = 'index' AND m.tbl_name = 'relationships' AND m.sql IS NOT NULL",
    )
    assert sorted(indexes) == [
        ("idx_relationships_from", "from_entity_id"),
        ("idx_relationships_source", "source"),
        ("idx_relationships_to", "to_entity_id"),
        ("idx_relationships_type", "relationship_type_id"),
    ]
    assert ("relationship_types", "RESTRICT") in rows(
        v3, 'SELECT "table", on_delete FROM pragma_foreign_key_list(?)', "relationships"
    )
    assert rows(v3, "PRAGMA foreign_key_check") == []
    with closing(sqlite3.connect(v3, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            connection.execute("DELETE FROM relationship_types WHERE name = 'MENTOR_OF'")
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            connection.execute("UPDATE relationships SET from_entity_id = 1, to_entity_id = 2")


def test_the_backup_is_the_old_file_and_private(v3: Path, frozen_now: str):
    before = kept(v3)
    v3.chmod(0o640)
    backup = migrate_to_v4(v3).backup
    assert backup is not None
    assert backup.parent == v3.parent
    assert backup.name.startswith("crm.v3-backup-20260")
    assert backup.suffix == ".db"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert stat.S_IMODE(v3.stat().st_mode) == 0o640
    assert kept(backup) == before
    assert rows(backup, "SELECT count(*) FROM relationships WHERE relationship_type = 'KNOWS'") == [
        (3,)
    ]
    assert sorted(folder_of(v3)) == sorted([v3.name, backup.name])


@pytest.mark.usefixtures("frozen_now")
def test_a_backup_never_replaces_another(v3: Path):
    again = v3.with_name("again.db")
    shutil.copyfile(v3, again)
    first = migrate_to_v4(v3).backup
    shutil.copyfile(again, v3)
    second = migrate_to_v4(v3).backup
    assert first is not None
    assert second is not None
    assert first != second
    assert kept(first) == kept(second)


def test_a_second_run_changes_nothing(v3: Path):
    migrate_to_v4(v3)
    before = folder_of(v3)
    for dry_run in (False, True):
        report = migrate_to_v4(v3, dry_run=dry_run)
        assert not report.is_needed
        assert report.backup is None
        assert report.relationships == 5
    assert folder_of(v3) == before


def test_a_file_made_as_version_4_stays_as_it_is(tmp_path: Path):
    (tmp_path / "crm").mkdir()
    with CrmExtender(tmp_path / "crm" / "crm.db", 4) as made:
        made.relationship(made.contact("A"), made.contact("B"), "rt-works-with", source="manual")
    before = folder_of(made.path)
    assert not migrate_to_v4(made.path).is_needed
    assert folder_of(made.path) == before


def test_a_dry_run_leaves_no_trace_and_says_the_same(v3: Path):
    before = folder_of(v3)
    rehearsed = migrate_to_v4(v3, dry_run=True)
    assert folder_of(v3) == before
    done = migrate_to_v4(v3)
    assert rehearsed.is_dry_run
    assert rehearsed.backup is None
    assert (rehearsed.types, rehearsed.relationships) == (done.types, done.relationships)


def test_both_directions_and_two_types_of_one_pair_survive(tmp_path: Path):
    with building(tmp_path) as (made, path):
        a, b = made.contact("A"), made.contact("B")
        for ends in ((a, b), (b, a)):
            for text in ("KNOWS", "MENTOR", "mentor", " MENTOR", "", "  ", "knows"):
                made.relationship(*ends, text)
    before = kept(path)
    report = migrate_to_v4(path)
    assert kept(path) == before
    assert len(before) == 14
    assert len({moved.type_id for moved in report.types}) == 7
    assert [moved.count for moved in report.types] == [2] * 7
    assert {moved.name for moved in report.types} >= {"KNOWS", "MENTOR", "mentor", "knows"}
    assert sum(source == "inferred" for _, source in types(path).values()) == 2


def test_texts_that_are_names_of_seeds(tmp_path: Path):
    with building(tmp_path) as (made, path):
        a, b, firm = made.contact("A"), made.contact("B"), made.company("Firm")
        peers = made.relationship(a, b, "WORKS_WITH")
        staff = made.relationship(firm, b, "EMPLOYEE", kinds=("company", "contact"))
        odd = made.relationship(a, b, "EMPLOYEE")
        knows = made.relationship(firm, b, "KNOWS", kinds=("company", "contact"))
    migrate_to_v4(path)
    found = types(path)
    assert found[peers] == ("WORKS_WITH", "manual")
    assert found[staff] == ("EMPLOYEE", "manual")
    assert found[odd] == ("EMPLOYEE (contact to contact)", "manual")
    # Inference finds people only: it would delete this one and never find it again.
    assert found[knows] == ("KNOWS (company to contact)", "manual")


def test_hostile_names_and_huge_ones(tmp_path: Path):
    texts = [
        "'); DROP TABLE contacts;--",
        '"; DELETE FROM relationships',
        "x" * 300_000,
        "נוסע \u202e drawkcab",
        "友達",
        "\x00zero",
        "tab\tand\nline",
        "%s ?1 :name",
    ]
    with building(tmp_path) as (made, path):
        a, b = made.contact("A'--"), made.contact("B" * 100_000)
        for text in texts:
            made.relationship(a, b, text)
    before = kept(path)
    report = migrate_to_v4(path)
    assert kept(path) == before
    assert [moved.text for moved in report.types] == sorted(texts, key=lambda t: t.encode())
    labels = rows(path, "SELECT forward_label, reverse_label FROM relationship_types")
    assert all(0 < len(label) <= 220 and label.isprintable() for row in labels for label in row)


def test_text_that_is_no_text(tmp_path: Path):
    with building(tmp_path) as (made, path):
        a, b = made.contact("A"), made.contact("B")
        for number, value in enumerate((b"\xff\xfe", b"KNOWS", 7, 1.5)):
            made.connection.execute(
                "INSERT INTO relationships (id, from_entity_id, to_entity_id, relationship_type,"
                " created_at, updated_at) VALUES (?, ?, ?, ?, '', '')",
                (f"r{number}", a, b, value),
            )
        made.relationship(a, b, "KNOWS")
    before = kept(path)
    report = migrate_to_v4(path)
    assert kept(path) == before
    assert len({moved.type_id for moved in report.types}) == 5
    assert types(path)["r1"][1] == "manual"


def test_rows_that_refer_to_nobody_are_kept(tmp_path: Path):
    with building(tmp_path) as (made, path):
        a = made.contact("A")
        made.relationship(a, uuid("nobody"), "MENTOR")
        made.relationship(uuid("gone"), a)
        made.conversation("Lost", [("x@y.example", uuid("nobody"), 1, None, None)])
    before = kept(path)
    report = migrate_to_v4(path)
    assert kept(path) == before
    assert report.broken_references == 1


def test_a_file_without_relationships(tmp_path: Path):
    with building(tmp_path) as (_made, path):
        pass
    report = migrate_to_v4(path)
    assert (report.is_needed, report.relationships, report.types) == (True, 0, ())
    assert not migrate_to_v4(path).is_needed


def test_numbers_as_ids_and_further_columns_and_indexes(tmp_path: Path):
    path = tmp_path / "crm.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            "CREATE TABLE relationships (id INTEGER PRIMARY KEY, from_contact_id INTEGER,"
            " to_contact_id INTEGER, relationship_type TEXT, remark TEXT, created_at TEXT);"
            "CREATE INDEX by_remark ON relationships(remark);"
            "CREATE INDEX by_text ON relationships(relationship_type, remark);"
        )
        connection.executemany(
            "INSERT INTO relationships VALUES (?, ?, ?, ?, 'Remark', '2025')",
            [(number, number, number + 1, "KNOWS") for number in range(2000)],
        )
    migrate_to_v4(path)
    assert rows(
        path, "SELECT count(*), min(remark), sum(to_entity_id), min(source) FROM relationships"
    ) == [(2000, "Remark", 2_001_000, "inferred")]
    names = {row[0] for row in rows(path, "SELECT name FROM sqlite_schema WHERE type = 'index'")}
    assert "by_remark" in names
    assert "by_text" not in names


def test_types_left_by_an_interrupted_migration_of_the_other_program(tmp_path: Path):
    with building(tmp_path) as (made, path):
        made.connection.executescript(
            "CREATE TABLE relationship_types (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
            " from_entity_type TEXT, to_entity_type TEXT, forward_label TEXT, reverse_label TEXT,"
            " is_system INTEGER, description TEXT, created_by TEXT, updated_by TEXT,"
            " created_at TEXT, updated_at TEXT);"
            "INSERT INTO relationship_types VALUES ('rt-knows', 'KNOWS', 'contact', 'contact',"
            " 'Knows', 'Knows', 1, NULL, NULL, NULL, '', ''), ('t1', 'MENTOR', 'contact',"
            " 'contact', 'Mentors', 'Is mentored by', 0, NULL, NULL, NULL, '', '');"
            "CREATE TABLE relationships_new (id TEXT)"
        )
        made.relationship(made.contact("A"), made.contact("B"), "MENTOR")
    report = migrate_to_v4(path)
    assert [(moved.type_id, moved.is_new) for moved in report.types] == [("t1", False)]
    assert rows(path, "SELECT count(*) FROM relationship_types") == [(7,)]


def test_content_of_a_log_is_migrated_and_backed_up(tmp_path: Path):
    crashed = tmp_path / "crashed" / "crm.db"
    crashed.parent.mkdir()
    with building(tmp_path) as (made, path):
        made.connection.execute("PRAGMA wal_autocheckpoint=0")
        a, b = made.contact("A"), made.contact("B")
        made.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        made.relationship(a, b, "MENTOR")
        assert Path(f"{path}-wal").stat().st_size > 0
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{path}{suffix}", f"{crashed}{suffix}")
    before = folder_of(crashed)
    assert migrate_to_v4(crashed, dry_run=True).relationships == 1
    assert folder_of(crashed) == before
    backup = migrate_to_v4(crashed).backup
    assert backup is not None
    assert rows(backup, "SELECT relationship_type FROM relationships") == [("MENTOR",)]
    assert list(types(crashed).values()) == [("MENTOR", "manual")]


def test_a_file_whose_schema_is_still_in_the_log(tmp_path: Path):
    crashed = tmp_path / "crashed" / "crm.db"
    crashed.parent.mkdir()
    with building(tmp_path) as (made, path):
        made.relationship(made.contact("A"), made.contact("B"), "MENTOR")
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{path}{suffix}", f"{crashed}{suffix}")
    assert crashed.stat().st_size < 8192
    assert migrate_to_v4(crashed).relationships == 1


@pytest.mark.skipif(sys.platform == "win32", reason="NOT TESTED: there is no fork on Windows")
def test_killed_at_any_moment_it_is_one_version_or_the_other(tmp_path: Path):
    with building(tmp_path) as (made, path):
        people = [made.contact(f"P{number}") for number in range(40)]
        made.connection.execute("BEGIN")
        for number, (a, b) in enumerate(pairwise(people)):
            for text in ("KNOWS", "MENTOR", f"text {number}"):
                made.relationship(a, b, text, properties="{}")
        made.connection.execute("COMMIT")
    folder = tmp_path / "work"
    folder.mkdir()
    killer = Path(__file__).with_name("crmextender_killer.py")
    done = subprocess.run(
        [sys.executable, str(killer), str(path), str(folder), str(RANDOM_KILLS), "5"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["problems"] == []
    assert report["statements"] > 40
    assert report["3"] > 40
    assert report["4"] >= 2
    assert set(report) == {"3", "4", "backups", "statements", "problems"}


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_read_only_folder_is_named(v3: Path, dry_run: bool):
    before = folder_of(v3)
    with read_only(v3.parent), pytest.raises(UserError, match=r"folder .* cannot be read and wri"):
        migrate_to_v4(v3, dry_run=dry_run)
    assert folder_of(v3) == before


def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    backups: list[Path] = []
    put_beside = crmextender._put_beside
    monkeypatch.setattr(
        crmextender,
        "_put_beside",
        lambda *places: backups.append(put_beside(*places)) or backups[-1],
    )
    with building(tmp_path) as (made, path):
        a, b = made.contact("A"), made.contact("B")
        made.connection.execute("BEGIN")
        for number in range(1500):
            made.relationship(a, b, f"text {number}", properties='{"x": "' + "y" * 300 + '"}')
        made.connection.execute("COMMIT")
    size_kb = path.stat().st_size // 1024
    outcomes = []
    # From room for hardly the backup to room for everything.
    for extra in (0.3, 1.02, 1.5, 2.0, 2.5, 6.0):
        with small_disk(tmp_path / "disk", int(size_kb * (1 + extra)) + 16) as disk:
            copy = disk / "crm.db"
            shutil.copyfile(path, copy)
            before = folder_of(copy)
            try:
                migrate_to_v4(copy)
            except UserError as error:
                outcomes.append("full" if "no room" in str(error) else str(error))
                assert folder_of(copy) == before
            else:
                assert len(kept(copy)) == 1500
                assert kept(copy) == kept(path)
                outcomes.append("done")
    assert set(outcomes) == {"full", "done"}
    assert outcomes[0] == "full"
    assert outcomes[-1] == "done"
    assert len(backups) > outcomes.count("done"), "the disk was never full behind the backup"


HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE contacts SET name = name")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_by_another_program(path: Path) -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield
        process.communicate()


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_a_file_that_another_program_writes_to_is_refused(
    tmp_path: Path, journal: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    path = tmp_path / "crm.db"
    with CrmExtender(path, journal=journal) as made:
        made.relationship(made.contact("A"), made.contact("B"), "MENTOR")
    with held_by_another_program(path), pytest.raises(UserError, match="in use by another program"):
        migrate_to_v4(path)
    assert list(tmp_path.glob("*backup*")) == []
    assert migrate_to_v4(path).relationships == 1


def odd_files(folder: Path) -> Iterator[tuple[str, Path, str]]:
    yield "nothing there", folder / "missing.db", "There is no file"
    yield "a folder", folder, "is a folder"
    empty = folder / "empty.db"
    empty.touch()
    yield "an empty file", empty, "is not a database"
    text = folder / "text.db"
    text.write_text("no database at all, and long enough to be one: " + "x" * 2000)
    yield "text", text, "is not a database"
    headed = folder / "headed.db"
    headed.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    yield "only a header", headed, "damaged"
    foreign = folder / "foreign.db"
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE relationships (id, kind)")
    yield "another program's", foreign, "not a CRMExtender database"
    view = folder / "view.db"
    with closing(sqlite3.connect(view)) as connection:
        connection.execute(
            "CREATE VIEW relationships AS SELECT 1 AS id, 2 AS from_entity_id, 3 AS to_entity_id,"
            " 'KNOWS' AS relationship_type"
        )
    yield "a view", view, "not a CRMExtender database"
    ours = folder / "people.sqlite"
    Database.open(ours).close()
    yield "our own", ours, "database of CRM Desktop itself"
    locked = folder / "locked.sqlite"
    Database.open(locked, key="a passphrase").close()
    yield "our own, encrypted", locked, "encrypted"


def test_whatever_is_no_version_3_is_refused_and_stays(tmp_path: Path):
    folder = tmp_path / "odd"
    folder.mkdir()
    for what, path, words in odd_files(folder):
        before = folder_of(folder / "x")
        for dry_run in (False, True):
            with pytest.raises(UserError, match=words):
                migrate_to_v4(path, dry_run=dry_run)
        assert folder_of(folder / "x") == before, what


def test_the_open_database_is_never_touched(database: Database):
    with pytest.raises(UserError, match="open database itself"):
        migrate_to_v4(database.path)


def test_a_damaged_file_is_refused(tmp_path: Path):
    with building(tmp_path) as (made, path):
        a = made.contact("A")
        made.connection.execute("BEGIN")
        for number in range(600):
            made.relationship(a, uuid(str(number)), "KNOWS", properties="{}")
        made.connection.execute("COMMIT")
    content = bytearray(path.read_bytes())
    content[-4096 * 3 :] = b"\xa5" * (4096 * 3)
    path.write_bytes(content)
    before = folder_of(path)
    for dry_run in (True, False):
        with pytest.raises(UserError, match="damaged"):
            migrate_to_v4(path, dry_run=dry_run)
    assert folder_of(path) == before


def test_rows_that_version_4_cannot_hold_take_everything_back(tmp_path: Path):
    path = tmp_path / "crm.db"
    loose = V3_RELATIONSHIPS.replace(
        "UNIQUE (from_entity_id, to_entity_id, relationship_type)", "CHECK (1)"
    )
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(loose)
        connection.executemany(
            "INSERT INTO relationships VALUES (?, 'contact', 'a', 'contact', 'b', 'X', 0, '', '')",
            [("1",), ("2",)],
        )
    before = folder_of(path)
    for dry_run in (True, False):
        with pytest.raises(UserError, match="do not fit version 4"):
            migrate_to_v4(path, dry_run=dry_run)
        assert folder_of(path) == before


def test_triggers_are_not_lost(tmp_path: Path):
    with building(tmp_path) as (made, path):
        made.connection.execute(
            "CREATE TRIGGER mine AFTER INSERT ON relationships BEGIN SELECT 1; END"
        )
    with pytest.raises(UserError, match="triggers of its own"):
        migrate_to_v4(path)
    assert rows(path, "SELECT name FROM sqlite_schema WHERE type = 'trigger'") == [("mine",)]


def test_a_failure_after_the_backup_takes_the_backup_away(
    v3: Path, monkeypatch: pytest.MonkeyPatch
):
    before = folder_of(v3)

    def fail(*_arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr(crmextender.tables, "_compared", fail)
    with pytest.raises(MemoryError):
        migrate_to_v4(v3)
    assert folder_of(v3) == before
    assert files.is_ours(v3, None) is False


_TEXTS = st.one_of(
    st.sampled_from(["KNOWS", "knows", "MENTOR", "EMPLOYEE", "WORKS_WITH", "", " ", "MENTOR (2)"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
_KINDS = st.sampled_from(["contact", "company", "project"])
_CONTENTS = st.lists(
    st.tuples(
        st.integers(0, 4), st.integers(0, 4), _TEXTS, _KINDS, _KINDS, st.none() | st.text("ab")
    ),
    max_size=25,
    unique_by=lambda row: row[:3],
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contents=_CONTENTS)
def test_no_relationship_is_ever_lost(
    tmp_path_factory: pytest.TempPathFactory, contents: list[tuple[int, int, str, str, str, str]]
):
    path = tmp_path_factory.mktemp("random") / "crm.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(V3_RELATIONSHIPS)
        connection.executemany(
            "INSERT INTO relationships VALUES (?, ?, ?, ?, ?, ?, ?, 'then', 'later')",
            [
                (f"r{number}", first, f"e{a}", second, f"e{b}", text, properties)
                for number, (a, b, text, first, second, properties) in enumerate(contents)
            ],
        )
    before = kept(path)
    rehearsed = migrate_to_v4(path, dry_run=True)
    report: MigrationReport = migrate_to_v4(path)
    assert report.types == rehearsed.types
    assert kept(path) == before
    found = types(path)
    meanings: dict[str, set[tuple[str, bool, bool]]] = {}
    for number, (_, _, text, first, second, _) in enumerate(contents):
        name, source = found[f"r{number}"]
        is_knows = text == "KNOWS" and "company" not in (first, second)
        assert (name == "KNOWS", source) == (is_knows, "inferred" if is_knows else "manual")
        meanings.setdefault(name, set()).add((text, first == "company", second == "company"))
    assert all(len(meaning) == 1 for meaning in meanings.values())
