"""`migrate-to-v4` and the import of CRMExtender databases as a person types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.cli import main
from tests.crmextender_builder import CrmExtender, rows, small_life

Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command: exit code, standard output (parsed with --json), errors."""

    def run_command(*arguments: object) -> tuple[int, Any, str]:
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        output = json.loads(captured.out) if "--json" in arguments and not code else captured.out
        return code, output, captured.err

    return run_command


@pytest.fixture
def v3(tmp_path: Path) -> Path:
    folder = tmp_path / "crm"
    folder.mkdir()
    return small_life(folder / "crm.db")


def test_migrating_as_it_is_spelled(run: Run, v3: Path):
    before = v3.read_bytes()
    code, output, _ = run("migrate-to-v4", "--db", v3, "--dry-run")
    assert code == 0
    assert "would be of version 4, with all its 5 relationships" in output
    assert "MENTOR_OF" in output
    assert "new type" in output
    assert "copy, which is removed again" in output
    assert v3.read_bytes() == before
    assert [item.name for item in v3.parent.iterdir()] == ["crm.db"]
    code, output, _ = run("migrate-to-v4", "--db", v3)
    assert code == 0
    assert "is now of version 4" in output
    [backup] = v3.parent.glob("crm.v3-backup-*.db")
    assert backup.name in output
    code, output, _ = run("migrate-to-v4", "--db", v3)
    assert (code, output) == (0, "“crm.db” is of version 4 already. Nothing was changed.\n")


def test_migrating_as_json(run: Run, v3: Path):
    code, rehearsed, _ = run("migrate-to-v4", "--db", v3, "--dry-run", "--json")
    assert code == 0
    assert (rehearsed["dry_run"], rehearsed["migrated"], rehearsed["backup"]) == (True, False, None)
    code, done, _ = run("migrate-to-v4", "--db", v3, "--json")
    assert code == 0
    assert (done["dry_run"], done["migrated"], done["already_v4"]) == (False, True, False)
    assert Path(done["backup"]).is_file()
    assert done["types"] == rehearsed["types"]
    assert done["relationships"] == 5
    [mentor] = [moved for moved in done["types"] if moved["from_type"] == "MENTOR_OF"]
    assert mentor == {
        "from_type": "MENTOR_OF",
        "id": "rt-mentor-of",
        "name": "MENTOR_OF",
        "forward_label": "Mentor of",
        "reverse_label": "Mentor of (reverse)",
        "source": "manual",
        "is_new": True,
        "relationships": 1,
    }
    code, again, _ = run("migrate-to-v4", "--db", v3, "--json")
    assert code == 0
    assert (again["already_v4"], again["migrated"], again["backup"]) == (True, False, None)
    assert again["relationships"] == 5


def test_the_option_before_the_command_means_the_same(run: Run, v3: Path, tmp_path: Path):
    code, _, _ = run("--db", v3, "migrate-to-v4", "--dry-run")
    assert code == 0
    # The one behind the command is meant where there are two.
    own = tmp_path / "people.sqlite"
    code, _, _ = run("--db", own, "migrate-to-v4", "--db", v3)
    assert code == 0
    assert not own.exists()
    assert rows(v3, "SELECT count(*) FROM relationship_types") == [(8,)]


def test_no_file_is_assumed(run: Run, private_folders: Path):
    code, output, errors = run("migrate-to-v4")
    assert (code, output) == (1, "")
    assert "Name the CRMExtender database" in errors
    assert not list(private_folders.rglob("*.sqlite"))


def test_a_refusal_is_one_sentence_and_code_1(run: Run, tmp_path: Path):
    code, output, errors = run("migrate-to-v4", "--db", tmp_path / "none.db", "--json")
    assert (code, output) == (1, "")
    assert errors.startswith("There is no file")
    assert errors.count("\n") == 1


def test_names_cannot_command_a_terminal(run: Run, tmp_path: Path):
    with CrmExtender(tmp_path / "crm.db") as made:
        made.relationship(made.contact("A"), made.contact("B"), "\x1b[2J" + "x" * 5000)
    code, output, _ = run("migrate-to-v4", "--db", tmp_path / "crm.db")
    assert code == 0
    assert "\x1b" not in output
    assert "x" * 100 not in output


def test_importing_by_recognition_and_by_name(run: Run, v3: Path, tmp_path: Path):
    own = tmp_path / "people.sqlite"
    before = v3.read_bytes()
    code, rehearsed, _ = run("--db", own, "import", v3, "--dry-run", "--json")
    assert code == 0
    code, report, _ = run("--db", own, "import", v3, "--json")
    assert code == 0
    assert report == rehearsed
    assert report == {
        "read": 9,
        "imported": 9,
        "duplicates": 0,
        "rejected": [],
        "contacts": 3,
        "conversations": 1,
    }
    code, again, _ = run("--db", own, "import", v3, "--format", "crmextender", "--json")
    assert (code, again["imported"], again["duplicates"]) == (0, 0, 9)
    code, rows_, _ = run("--db", own, "show-relationships", "--json")
    assert code == 0
    assert {(row["type"], row["source"]) for row in rows_} == {
        ("MENTOR_OF", "imported"),
        ("Friend of the family", "imported"),
        ("EMPLOYEE", "imported"),
        ("KNOWS", "inferred"),
    }
    [knows] = [row for row in rows_ if row["type"] == "KNOWS"]
    assert (knows["shared_conversations"], knows["shared_messages"]) == (1, 5)
    code, listed, _ = run("--db", own, "imports", "--json")
    assert [(row["source"], row["read"]) for row in listed] == [("crmextender", 9)] * 2
    for row in listed:
        assert run("--db", own, "remove-import", row["id"])[0] == 0
    assert run("--db", own, "show-relationships", "--json")[1] == []
    assert v3.read_bytes() == before
    assert [item.name for item in v3.parent.iterdir()] == ["crm.db"]


def test_opening_it_says_to_import_it(run: Run, v3: Path, tmp_path: Path):
    before = v3.read_bytes()
    code, _, errors = run("--db", v3, "top")
    assert code == 1
    assert "is a CRMExtender database" in errors
    assert "import it" in errors
    assert v3.read_bytes() == before
    own = tmp_path / "people.sqlite"
    assert run("--db", own, "check")[0] == 0
    code, _, errors = run("--db", tmp_path / "other.sqlite", "import", own)
    assert code == 1
    assert "a database of CRM Desktop; open it instead" in errors
