"""The entry: commands, files to open, exit codes, and a window before anything heavy."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crm_desktop import __main__ as entry
from crm_desktop import __version__
from crm_desktop.base import preflight
from crm_desktop.base.errors import UserError

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("pyqtgraph", "networkx", "fastembed", "onnxruntime", "alembic", "sqlalchemy", "numpy")


def run_python(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, **more
    )


@pytest.fixture
def no_preflight(monkeypatch):
    monkeypatch.setattr(preflight, "check", lambda: None)


@pytest.fixture
def opened(monkeypatch, no_preflight):
    """What the window was asked to open, instead of a window."""
    from crm_desktop import app

    asked: list[dict[str, object]] = []
    monkeypatch.setattr(app, "run", lambda **more: asked.append(more) or 0)
    return asked


@pytest.mark.parametrize(
    "arguments",
    [
        ["top"],
        ["top", "--json"],
        ["--db", "x.sqlite", "import", "a.mbox"],
        ["--db=x.sqlite", "infer-relationships"],
        ["no-such-command"],
    ],
)
def test_a_bare_word_is_a_command(monkeypatch, arguments):
    from crm_desktop import cli

    given: list[tuple[str, ...]] = []
    monkeypatch.setattr(cli, "main", lambda more: given.append(tuple(more)) or 5)
    assert entry.main(arguments) == 5
    assert given == [tuple(arguments)]


def test_files_open_the_window_with_their_import(tmp_path, opened):
    mailbox, folder = tmp_path / "Inbox with spaces.mbox", tmp_path / "cards"
    mailbox.touch()
    folder.mkdir()
    database = tmp_path / "mine.sqlite"
    code = entry.main(["--db", str(database), mailbox.as_uri(), str(folder)])
    assert code == 0
    assert opened == [{"database": database, "files": (mailbox, folder)}]


def test_without_arguments_the_window_opens(opened):
    assert entry.main([]) == 0
    assert opened == [{"database": None, "files": ()}]


def test_a_file_named_like_a_command_is_opened_by_its_path(tmp_path, monkeypatch, opened):
    (tmp_path / "top").touch()
    monkeypatch.chdir(tmp_path)
    assert entry.main(["./top"]) == 0
    assert entry.main(["--", "top"]) == 0
    assert [call["files"] for call in opened] == [(Path("top"),), (Path("top"),)]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--db"], "--db wants the name of a database file after it."),
        (["--db="], "--db wants the name of a database file after it."),
        (["--colour"], "There is no option --colour. See crm-desktop --help."),
        (["./gone.mbox"], "There is nothing at “gone.mbox”. Check the name and try again."),
    ],
)
def test_wrong_usage_is_one_sentence(capsys, arguments, sentence):
    assert entry.main(arguments) == 1
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", sentence + "\n")


def test_help_names_the_commands_and_the_window(capsys):
    assert entry.main(["--help"]) == 0
    text = capsys.readouterr().out
    assert "top" in text
    assert "--selftest" in text


def test_a_missing_library_ends_with_its_package_and_no_abort(capsys, monkeypatch):
    monkeypatch.setattr(preflight, "check", lambda: "sudo apt install libxcb-cursor0")
    assert entry.main([]) == 1
    assert "libxcb-cursor0" in capsys.readouterr().err


def test_no_screen_is_one_sentence():
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    }
    result = run_python("-m", "crm_desktop", env=environment)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == preflight.NO_SCREEN + "\n"


def test_a_fault_of_the_world_is_said_as_it_is(capsys, monkeypatch, no_preflight):
    from crm_desktop import app

    def fail(**_more: object) -> int:
        raise UserError("The disk is full. Free some space.")

    monkeypatch.setattr(app, "run", fail)
    assert entry.main([]) == 1
    assert capsys.readouterr().err == "The disk is full. Free some space.\n"


def test_a_fault_of_ours_has_a_reference_in_the_log(
    capsys, monkeypatch, no_preflight, expected_log, private_folders
):
    from crm_desktop import app

    def fail(**_more: object) -> int:
        raise ValueError("ours")

    monkeypatch.setattr(app, "run", fail)
    assert entry.main([]) == 70
    told = capsys.readouterr().err
    (log,) = private_folders.rglob("crm-desktop.log")
    reference = told.rstrip(".\n").rsplit(" ", 1)[1]
    assert f"fault {reference}: ValueError" in log.read_text()
    assert "Traceback" not in told
    assert expected_log


def test_the_version_needs_neither_qt_nor_anything_else():
    script = (
        "import sys; from crm_desktop.__main__ import main; code = main(['--version']);"
        "print(sorted(m for m in sys.modules if m.partition('.')[0] in sys.argv[1:]))"
    )
    result = run_python("-c", script, "PySide6", "click", "platformdirs", *HEAVY)
    assert result.stdout == f"crm-desktop, version {__version__}\n[]\n", result.stderr


FIRST_PAINT = """
import os, sys
from crm_desktop import app
from crm_desktop.__main__ import main
def report(desktop):
    print(sorted(m for m in sys.modules if m.partition(".")[0] in sys.argv[2:]), flush=True)
    os._exit(0)
app.Desktop.settle_in = report
sys.exit(main(["--db", sys.argv[1]]))
"""


def test_nothing_heavy_is_loaded_at_the_first_paint(tmp_path):
    result = run_python("-c", FIRST_PAINT, str(tmp_path / "people.sqlite"), *HEAVY)
    assert result.stdout == "[]\n", result.stderr
    assert not (tmp_path / "people.sqlite").exists()


def test_the_selftest_opens_every_page_and_says_how_fast(private_folders):
    result = run_python("-m", "crm_desktop", "--selftest")
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["version"] == __version__
    assert 0 < report["first_paint_ms"] < report["ready_ms"]
    assert not list(private_folders.rglob("*.sqlite"))


@pytest.mark.parametrize(
    "break_it",
    [
        "import crm_desktop.ui.views.people as page; page.PeoplePage.__init__ = None",
        "import crm_desktop.services.refresh as service; del service.stale_kinds",
        "import crm_desktop.model.database as model; model.Database.open = None",
    ],
    ids=["a page", "a service on a lane", "the database"],
)
def test_the_selftest_fails_when_anything_fails(break_it):
    script = f"{break_it}\nimport sys; from crm_desktop.__main__ import main"
    result = run_python("-c", f"{script}\nsys.exit(main(['--selftest']))")
    assert result.returncode == 70
    assert "Error" in result.stderr


INTERRUPTED = """
import sys
from crm_desktop import app
from crm_desktop.__main__ import main
attach = app.Session.attach
def attach_and_say(session, *arguments, **more):
    attach(session, *arguments, **more)
    print("ready", flush=True)
app.Session.attach = attach_and_say
sys.exit(main(["--db", sys.argv[1]]))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_ctrl_c_closes_the_window_and_leaves_the_database_whole(tmp_path, number):
    database = tmp_path / "people.sqlite"
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(database)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.wait(60) == 0
    assert database.exists()
    assert not database.with_name("people.sqlite-wal").exists()


def test_folders_that_cannot_be_written_are_named(private_folders):
    blocked = private_folders / "config" / "crm-desktop"
    blocked.touch()
    result = run_python("-m", "crm_desktop")
    assert result.returncode == 1, result.stderr
    assert str(blocked) in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr
