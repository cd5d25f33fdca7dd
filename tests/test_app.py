"""The application: a window, its database, another database, and the end of it all."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_desktop import app
from crm_desktop.app import Desktop, Session
from crm_desktop.base.errors import UserError
from crm_desktop.domain.changes import ChangeKind
from crm_desktop.model.database import Database
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.imports import import_paths, list_imports
from crm_desktop.services.refresh import stale_kinds
from crm_desktop.services.relationships import load_relationships
from tests.mail_samples import correspondence, write_mbox

CARD = (
    "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:1\r\nFN:Ada Abel\r\nEMAIL:ada@north.example\r\nEND:VCARD\r\n"
)


@pytest.fixture
def desktop(qtbot, qapp) -> Iterator[Desktop]:
    made = Desktop(qapp)
    yield made
    if made._sessions:
        with qtbot.waitSignal(made.ended):
            made.close()
    made.end()


def open_session(qtbot, desktop: Desktop, path: Path, files: tuple[Path, ...] = ()) -> Session:
    session = desktop.open(path, files)
    with qtbot.waitSignal(session.opened):
        pass
    return session


def close(qtbot, desktop: Desktop) -> None:
    with qtbot.waitSignal(desktop.ended):
        desktop.close()


def test_the_window_comes_first_and_then_its_database(qtbot, desktop, tmp_path):
    path = tmp_path / "people.sqlite"
    session = desktop.open(path)
    assert session.window.isVisible()
    assert not path.exists()
    with qtbot.waitSignal(session.opened):
        pass
    assert session.database is not None
    assert session.database.path == path.resolve()
    close(qtbot, desktop)
    assert not path.with_name("people.sqlite-wal").exists()


def test_a_file_that_is_no_database_is_explained_and_left_alone(qtbot, desktop, tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ada, " * 200)
    before = path.read_bytes()
    session = desktop.open(path)
    with qtbot.waitSignal(session.failed) as blocker:
        pass
    assert isinstance(blocker.args[0], UserError)
    close(qtbot, desktop)
    assert path.read_bytes() == before


def test_files_given_at_the_start_are_imported(qtbot, desktop, tmp_path):
    card = tmp_path / "ada.vcf"
    card.write_text(CARD)
    path = tmp_path / "people.sqlite"
    session = desktop.open(path, (card,))
    with qtbot.waitSignal(session.opened):
        pass
    (handle,) = session.lanes.importing.handles()
    with qtbot.waitSignal(handle.succeeded):
        pass
    close(qtbot, desktop)
    database = Database.open(path)
    (record,) = list_imports(DirectAccess(database))
    database.close()
    assert (record.read, record.imported) == (1, 1)


def test_work_that_a_killed_program_left_is_finished_at_the_next_start(qtbot, desktop, tmp_path):
    path = tmp_path / "people.sqlite"
    database = Database.open(path)
    access = DirectAccess(database)
    import_paths(access, [write_mbox(tmp_path / "box.mbox", correspondence(120))])
    assert stale_kinds(access) == ("inference", "interactions")
    database.close()
    session = desktop.open(path)
    changed: set[ChangeKind] = set()
    session.bus.changed.connect(lambda changes: changed.update(changes.kinds))
    qtbot.waitUntil(lambda: ChangeKind.INTERACTIONS in changed, timeout=20_000)
    assert [handle.name for handle in session.lanes.ended()] == [
        "Measuring contact",
        "Finding relationships",
    ]
    close(qtbot, desktop)
    database = Database.open(path)
    access = DirectAccess(database)
    assert stale_kinds(access) == ()
    assert load_relationships(access)
    database.close()


def test_another_database_gets_a_window_and_the_old_one_goes(qtbot, desktop, tmp_path):
    old = open_session(qtbot, desktop, tmp_path / "old.sqlite")
    with qtbot.waitSignals([old.ended, old.switch_ready]):
        old.window.open_requested.emit(tmp_path / "new.sqlite")
    new = desktop.session
    assert new is not old
    qtbot.waitUntil(lambda: new.database is not None)
    assert new.database.path == (tmp_path / "new.sqlite").resolve()
    assert not (tmp_path / "old.sqlite-wal").exists()


def test_a_database_that_cannot_be_opened_leaves_the_old_one(qtbot, desktop, tmp_path, monkeypatch):
    session = open_session(qtbot, desktop, tmp_path / "old.sqlite")
    told: list[BaseException] = []
    monkeypatch.setattr(session.window.messages, "error", told.append)
    session.window.open_requested.emit(tmp_path)
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], UserError)
    assert desktop.session is session
    assert session.window.isVisible()
    # And the open one again is no reason to do anything.
    session.window.open_requested.emit(tmp_path / "old.sqlite")
    assert session.lanes.writer.handles() == ()


def test_closing_while_the_database_opens_closes_that_too(qtbot, desktop, tmp_path, monkeypatch):
    entered, release = threading.Event(), threading.Event()
    opened: list[Database] = []

    def slowly(path: Path, _ctx: object) -> Database:
        entered.set()
        assert release.wait(10)
        opened.append(Database.open(path))
        return opened[0]

    monkeypatch.setattr(app, "open_database", slowly)
    desktop.open(tmp_path / "people.sqlite")
    qtbot.waitUntil(entered.is_set)
    with qtbot.waitSignal(desktop.ended):
        desktop.close()
        release.set()
    assert opened
    assert not (tmp_path / "people.sqlite-wal").exists()


def test_a_long_last_write_is_said_and_waited_for(qtbot, desktop, tmp_path, monkeypatch):
    from crm_desktop.workers.job import USER

    monkeypatch.setattr(app, "PATIENCE_MS", 1)
    session = open_session(qtbot, desktop, tmp_path / "people.sqlite")
    gate, written = threading.Event(), []
    session.lanes.writer.submit(lambda _ctx: (gate.wait(10), written.append("note")), priority=USER)
    with qtbot.waitSignal(desktop.ended):
        desktop.close()
        qtbot.waitUntil(lambda: session._note is not None and session._note.isVisible())
        assert not session.window.isVisible()
        gate.set()
    assert written == ["note"]


def test_faults_that_nobody_caught_are_shown_from_any_thread(qtbot, desktop, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    session = open_session(qtbot, desktop, tmp_path / "people.sqlite")
    told: list[BaseException] = []
    monkeypatch.setattr(session.window.messages, "error", told.append)
    desktop.catch_faults()

    def fail() -> None:
        raise ValueError("ours")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(told) == 1)
    error = KeyError("ours too")
    sys.excepthook(KeyError, error, None)
    assert told[1] is error


def test_an_appearance_that_makes_no_sense_follows_the_system(qapp):
    from crm_desktop.ui.memory import WindowMemory
    from crm_desktop.ui.theme import Appearance

    memory = WindowMemory()
    memory.keep("appearance", "sepia")
    assert app._appearance(memory) is Appearance.SYSTEM
    memory.keep("appearance", "dark")
    assert app._appearance(memory) is Appearance.DARK
