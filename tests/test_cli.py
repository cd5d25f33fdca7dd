"""The command line as a person types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.base import preflight
from crm_desktop.cli import main
from crm_desktop.cli.importing import _print_import
from crm_desktop.cli.output import print_json
from crm_desktop.domain.contacts import IdentifierKind
from crm_desktop.domain.imports import ImportReport, Reject
from crm_desktop.domain.relationships import RelationshipSource
from crm_desktop.model.database import Database
from tests.mail_samples import START, correspondence, message, people, write_mbox

ME = "ada.abel@south.example"

Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on one database: exit code, standard output (parsed with --json), errors."""
    database = tmp_path / "people.sqlite"

    def run_command(*arguments: object) -> tuple[int, Any, str]:
        code = main(["--db", str(database), *(str(argument) for argument in arguments)])
        captured = capsys.readouterr()
        output = json.loads(captured.out) if "--json" in arguments and not code else captured.out
        return code, output, captured.err

    return run_command


@pytest.fixture
def box(tmp_path: Path) -> Path:
    texts = correspondence(200, seed=11, crowd=30)
    for index, (name, address) in enumerate(people(9)[1:]):
        day = START + timedelta(days=100 + index)
        texts.append(
            message(sender=f"Ada Abel <{ME}>", to=address, subject=f"Plan number {index}", date=day)
        )
        texts.append(
            message(
                sender=f"{name} <{address}>",
                to=ME,
                subject=f"Re: Plan number {index}",
                date=day + timedelta(hours=5),
                body="Agreed.",
            )
        )
    return write_mbox(tmp_path / "box.mbox", texts)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_DESKTOP_NOW", (START + timedelta(days=110)).isoformat())


@pytest.mark.usefixtures("now")
def test_from_an_archive_to_who_matters(run: Run, box: Path):
    code, report, _ = run("import", box, "--self", ME, "--json")
    assert code == 0
    assert set(report) == {
        "read",
        "imported",
        "duplicates",
        "rejected",
        "contacts",
        "conversations",
    }
    assert report["read"] == report["imported"] + report["duplicates"] + len(report["rejected"])
    code, top, _ = run("top", "--json")
    assert set(top) == {"relationships", "window_start", "window_end", "total_count"}
    assert top["relationships"][0].keys() == {
        "person_id",
        "score",
        "last_contact_at",
        "display_name",
        "organization",
        "emails",
        "phones",
    }
    listed = [address for row in top["relationships"] for address in row["emails"]]
    assert ME not in listed
    assert not {"letter@shop.example", "garden@lists.example"} & set(listed)
    assert run("import", box, "--json")[1]["imported"] == 0


@pytest.mark.usefixtures("now")
def test_relationships_of_a_person(run: Run, box: Path):
    run("import", box, "--self", ME)
    code, rows, _ = run("show-relationships", "--contact", ME, "--json")
    assert code == 0
    assert rows
    assert list(rows[0]) == [
        "id",
        "type",
        "label",
        "from_id",
        "from_name",
        "to_id",
        "to_name",
        "source",
        "strength",
        "shared_conversations",
        "shared_messages",
        "first_interaction",
        "last_interaction",
        "description",
    ]
    assert all("Ada Abel" in (row["from_name"], row["to_name"]) for row in rows)
    strengths = [row["strength"] for row in rows]
    assert strengths == sorted(strengths, reverse=True)
    strong = run("show-relationships", "--min-strength", "0.3", "--json")[1]
    assert all(row["strength"] >= 0.3 for row in strong)
    assert run("show-relationships", "--source", "manual", "--json")[1] == []


def test_relationships_read_from_the_side_of_the_person_asked_for(
    run: Run, box: Path, tmp_path: Path
):
    run("import", box)
    (boss, boss_mail), (aide, aide_mail) = people(3)[1:]
    path = tmp_path / "people.sqlite"
    with closing(Database.open(path)) as database, database.write() as store:
        ends = [
            store.contacts.contact_of(IdentifierKind.EMAIL, mail) for mail in (boss_mail, aide_mail)
        ]
        store.relationships.add("rt-reports-to", *ends, source=RelationshipSource.MANUAL)
    asked = ("show-relationships", "--type", "REPORTS_TO", "--contact")
    for mail, line in (
        (boss_mail, (boss, "Has direct report", aide)),
        (aide_mail, (aide, "Reports to", boss)),
    ):
        words = " ".join(run(*asked, mail)[1].split())
        assert " ".join(line) in words
        [row] = run(*asked, mail, "--json")[1]
        assert (row["from_name"], row["to_name"]) == (boss, aide)
        assert row["label"] == line[1]


def test_types_are_listed(run: Run):
    types = run("list-relationship-types", "--json")[1]
    assert [row["name"] for row in types] == sorted(row["name"] for row in types)
    assert {row["id"] for row in types} >= {"rt-knows", "rt-employee"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("top", "--window", "90"), "number of days from 1 to 3650"),
        (("top", "--window", "0d"), "number of days from 1 to 3650"),
        (("top", "--limit", "0"), "from 1 to 500"),
        (("top", "--offset", "-1"), "0 or more"),
        (("top",), "which contact is you"),
        (("top", "--person", "nobody@nowhere.example"), "Nobody here has the address"),
        (("import", "absent.mbox"), "nothing at"),
        (("show-relationships", "--type", "FRIEND"), "There is no type"),
        (("remove-import", "7"), "no import 7"),
        (("top", "--offset", "9" * 20), "offset is too large"),
        (("top", "--limit", "9" * 20), "from 1 to 500"),
        (("import", ""), "name of a file is empty"),
        (("backup", ""), "name of a file is empty"),
        (("backup", "x" * 300), "cannot be written"),
        (("import", ".", "--self", "ada"), "not an e-mail address"),
        (("import", ".", "--self", "ada\udc80@south.example"), "not an e-mail address"),
    ],
)
def test_wrong_input_gets_one_sentence_and_exit_1(run: Run, arguments: tuple[str, ...], words: str):
    code, output, errors = run(*arguments)
    assert code == 1
    assert words in errors
    assert "Traceback" not in errors
    assert output == ""


def test_unknown_options_and_commands_are_usage_errors(run: Run):
    assert run("top", "--colour", "red")[0] == 2
    assert run("dance")[0] == 2
    assert run("show-relationships", "--min-strength", "7")[0] == 2
    assert run("show-relationships", "--min-strength", "nan")[0] == 2
    assert run("remove-import", "9" * 22)[0] == 2


def test_faults_of_ours_exit_70_with_a_reference(
    run: Run, monkeypatch: pytest.MonkeyPatch, expected_log: list[Any]
):
    personal = "ada@private.example"

    def explode(*_arguments: object, **_more: object) -> None:
        raise RuntimeError(personal)

    monkeypatch.setattr("crm_desktop.services.imports.list_imports", explode)
    code, _, errors = run("imports")
    assert code == 70
    assert "the log has the details" in errors
    assert "private" not in errors
    assert not any("private" in record.getMessage() for record in expected_log)


def test_an_import_is_listed_and_removed(run: Run, box: Path):
    run("import", box)
    (record,) = run("imports", "--json")[1]
    assert record["imported"] > 0
    assert run("remove-import", record["id"])[0] == 0
    assert run("imports", "--json")[1] == []
    assert run("show-relationships", "--json")[1] == []
    assert run("check", "--json")[1]["ok"] is True


def test_a_dry_run_changes_nothing(run: Run, box: Path):
    rehearsed = run("import", box, "--dry-run", "--json")[1]
    assert rehearsed["imported"] > 0
    assert run("imports", "--json")[1] == []


def test_an_old_archive_says_how_to_look_back(run: Run, box: Path):
    run("import", box, "--self", ME)
    code, _, errors = run("top", "--window", "1d")
    assert code == 0
    assert "CRM_DESKTOP_NOW=2025-" in errors


def test_search_finds_people_and_conversations(run: Run, box: Path):
    run("import", box, "--self", ME)
    hits = run("search", "Ada Ab", "--json")[1]
    assert hits[0]["kind"] == "person"
    assert hits[0]["title"] == "Ada Abel"
    assert any(hit["kind"] == "conversation" for hit in run("search", "choir", "--json")[1])
    assert run("search", '"*(', "--json")[0] == 0


def test_backup_and_check(run: Run, box: Path, tmp_path: Path):
    run("import", box)
    assert run("check", "--json")[1] == {"ok": True, "problems": []}
    target = tmp_path / "copy.sqlite"
    assert run("backup", target)[0] == 0
    assert target.stat().st_mode & 0o777 == 0o600
    assert main(["--db", str(target), "check"]) == 0


def test_the_sample_life_has_its_own_file(run: Run, tmp_path: Path):
    code, output, _ = run("demo", "--no-window")
    assert code == 0
    assert "people.sqlite" in output
    assert run("top", "--limit", "5", "--json")[1]["relationships"]


def test_the_sample_is_not_shown_where_a_window_cannot_be(
    run: Run, monkeypatch: pytest.MonkeyPatch
):
    problem = (
        "It cannot open its window. Install what is missing:\n\n    sudo apt install libegl1\n"
    )
    monkeypatch.setattr(preflight, "check", lambda: problem)
    code, _, errors = run("demo")
    assert code == 1
    assert problem in errors


@pytest.mark.parametrize("now", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_an_impossible_present_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch, now: str):
    monkeypatch.setenv("CRM_DESKTOP_NOW", now)
    code, _, errors = run("top")
    assert code == 1
    assert "which is not a date and time" in errors


def test_a_wrong_self_is_told_before_anything_is_imported(run: Run, box: Path):
    assert run("import", box, "--self", "ada")[0] == 1
    assert run("imports", "--json")[1] == []


def test_data_cannot_command_the_terminal(run: Run, tmp_path: Path):
    name = "=?utf-8?q?Eve=1B]0;owned=07=C2=9B31m?="
    text = message(sender=f"{name} <eve@north.example>", to=ME, subject="Hello", date=START)
    answer = message(sender=f"Ada <{ME}>", to="eve@north.example", subject="Hello", date=START)
    folder = tmp_path / "bell\x1b[31m\n"
    folder.mkdir()
    run("import", write_mbox(folder / "box.mbox", [text, answer]), "--self", ME)
    for command in (
        "imports",
        "show-relationships",
        ("search", "hello"),
        ("import", folder / "no"),
    ):
        _, output, errors = run(*((command,) if isinstance(command, str) else command))
        written = (output + errors).replace("\n", "")
        assert written
        assert not [c for c in written if ord(c) < 32 or 0x7F <= ord(c) < 0xA0]
    assert len(run("imports")[1].splitlines()) == 2


def test_json_has_no_raw_controls_and_loses_nothing(capsys: pytest.CaptureFixture[str]):
    value = ["\x1b[1m\x7f\x9b", "é", "\U0001f600"]
    print_json(value)
    written = capsys.readouterr().out
    assert not {"\x1b", "\x7f", "\x9b"} & set(written)
    assert json.loads(written) == value


@pytest.mark.parametrize("count", [20, 21])
def test_many_rejects_are_counted(capsys: pytest.CaptureFixture[str], count: int):
    rejects = tuple(Reject(f"box.mbox, message {n}", "no\x1bdate", n) for n in range(count))
    _print_import(ImportReport((1,), count, 0, 0, rejects, 0, 0), dry_run=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "  box.mbox, message 0: no\ufffddate"
    assert len(lines) == min(count + 1, 22)
    assert (lines[-1].startswith("  … and 1 more")) is (count == 21)


def test_whether_a_source_can_be_read_is_found_by_reading_it(
    run: Run, box: Path, monkeypatch: pytest.MonkeyPatch
):
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, *more: path != str(box) and access(path, *more))
    code, report, _ = run("import", box, "--json")
    assert code == 0
    assert report["imported"] > 0


def test_imports_of_ones_own_survive_a_new_sample(run: Run, box: Path):
    assert run("demo", "--no-window")[0] == 0
    run("import", box)
    code, _, errors = run("demo", "--no-window")
    assert code == 1
    assert "--db FILE demo" in errors
    rows = run("imports", "--json")[1]
    own = [row["id"] for row in rows if row["path"].endswith("box.mbox")]
    assert len(own) == 1
    run("remove-import", own[0])
    assert run("demo", "--no-window")[0] == 0


# As a process: encodings, closed outputs, folders


def start(*arguments: object, **more: Any) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | more.pop("environment", {})
    return subprocess.run(
        [sys.executable, "-m", "crm_desktop", *map(str, arguments)],
        env=environment,
        stderr=subprocess.PIPE,
        check=False,
        **({"stdout": subprocess.PIPE} | more),
    )


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_any_output_encoding_will_do(run: Run, tmp_path: Path, encoding: str):
    text = message(sender="Zoë Ω <zoe@north.example>", to=ME, subject="Grüße Ω", date=START)
    run("import", write_mbox(tmp_path / "box.mbox", [text]))
    database = tmp_path / "people.sqlite"
    environment = {"PYTHONIOENCODING": encoding}
    for more in ((), ("--json",)):
        ended = start("--db", database, "search", "Grüße", *more, environment=environment)
        assert ended.returncode == 0, ended.stderr
        assert b"Traceback" not in ended.stderr
    assert "Ω" in json.loads(ended.stdout.decode(encoding))[0]["title"]
    absent = start("--db", database, "import", "Ω", environment=environment)
    assert absent.returncode == 1


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("list-relationship-types",)])
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("kind", ["full", "left"])
def test_a_full_output_is_one_sentence_and_a_reader_who_left_is_none(
    tmp_path: Path, arguments: tuple[str, ...], unbuffered: str, kind: str
):
    if kind == "full":
        output = os.open("/dev/full", os.O_WRONLY)
    else:
        reader, output = os.pipe()
        os.close(reader)
    named = () if arguments[0].startswith("-") else ("--db", tmp_path / "people.sqlite")
    environment = {"PYTHONUNBUFFERED": unbuffered}
    try:
        ended = start(*named, *arguments, stdout=output, environment=environment)
    finally:
        os.close(output)
    if kind == "left":
        assert (ended.returncode, ended.stderr) == (0, b"")
        return
    assert ended.returncode == 1
    assert ended.stderr.count(b"\n") == 1
    assert ended.stderr.startswith(b"The output ")


def test_without_any_output_a_command_still_works(tmp_path: Path):
    command = f"exec {sys.executable} -m crm_desktop --db {tmp_path}/p.sqlite imports >&-"
    ended = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_help_needs_no_folder_for_the_log(tmp_path: Path):
    (tmp_path / "file").write_text("")
    inside = str(tmp_path / "file" / "state")
    environment = {"XDG_STATE_HOME": inside, "HOME": inside, "LOCALAPPDATA": inside}
    ended = start("top", "--help", environment=environment)
    assert ended.returncode == 0
    assert ended.stderr == b""
    database = tmp_path / "people.sqlite"
    listed = start("--db", database, "imports", environment=environment)
    assert (listed.returncode, listed.stderr) == (0, b"")


@pytest.mark.parametrize("command", [("imports",), ("demo", "--no-window")])
def test_places_that_cannot_be_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
):
    assert main(["--db", str(tmp_path / ("x" * 300)), *command]) == 1
    assert "File name too long" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    environment = {"XDG_DATA_HOME": str(tmp_path / "file"), "HOME": str(tmp_path / "file")}
    ended = start(*command, environment=environment)
    assert ended.returncode == 1
    assert "--db FILE" in ended.stderr.decode()
