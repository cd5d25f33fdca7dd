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
