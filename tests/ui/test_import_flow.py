from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.base.errors import UserError
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.imports import ImportReport, Reject
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.imports import list_imports
from crm_desktop.ui.context import WindowContext
from crm_desktop.ui.dialogs.rejects import RejectsDialog
from crm_desktop.ui.import_flow import ImportFlow, account_of, noun_of, title_of
from tests.crmextender_builder import small_life as small_crm
from tests.ui.page_sample import SELF, small_life, store_life

MBOX = """From ada@example.org Mon Apr 20 09:00:00 2026
From: Ada Lovelace <ada@example.org>
To: Mira <mira@example.org>
Date: Mon, 20 Apr 2026 09:00:00 +0000
Message-ID: <1@example.org>
Subject: The engine

It weaves algebraic patterns.
"""


class Toasts:
    """Hears what the messages say."""

    def __init__(self, context: WindowContext, monkeypatch: pytest.MonkeyPatch) -> None:
        self.said: list[str] = []
        self.actions: list[object] = []
        self.errors: list[BaseException] = []
        monkeypatch.setattr(context.messages, "toast", self._toast)
        monkeypatch.setattr(context.messages, "error", self._error)

    def _toast(
        self, text: str, action: str | None = None, callback: object = None, icon: str = "check"
    ) -> None:
        self.said.append(f"{text} [{action}]" if action else text)
        self.actions.append(callback)

    def _error(self, error: BaseException, title: str | None = None) -> None:
        self.errors.append(error)


@pytest.fixture
def toasts(context: WindowContext, monkeypatch: pytest.MonkeyPatch) -> Toasts:
    return Toasts(context, monkeypatch)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[QWidget]:
    """The windows over which the question for one's own address was opened."""
    windows: list[QWidget] = []

    class Question:
        def __init__(self, _context: WindowContext, window: QWidget) -> None:
            self._window = window

        def open(self) -> None:
            windows.append(self._window)

    monkeypatch.setattr("crm_desktop.ui.dialogs.self_person.SelfPersonDialog", Question)
    return windows


@pytest.fixture
def flow(context: WindowContext, host: QWidget, asked: object) -> Iterator[ImportFlow]:
    yield ImportFlow(context, host)
    context.lanes.close()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "Inbox.mbox"
    path.write_text(MBOX)
    return path


def test_an_import_is_a_listed_job_and_accounts_for_every_record(
    qtbot: QtBot,
    context: WindowContext,
    flow: ImportFlow,
    toasts: Toasts,
    archive: Path,
    access: DirectAccess,
) -> None:
    names: list[str] = []
    changes: list[Changes] = []
    context.lanes.job_added.connect(lambda handle: names.append(handle.name))
    context.bus.changed.connect(changes.append)
    for _ in range(2):
        with qtbot.waitSignal(flow.imported):
            flow.start([archive])
    assert names == ["Importing Inbox.mbox"] * 2
    assert toasts.said == [
        "Read 1 message: 1 new.",
        "Read 1 message: 0 new, 1 already here.",
    ]
    assert ChangeKind.MESSAGES in changes[0].kinds
    assert len(list_imports(access)) >= 1


def test_a_crmextender_database_is_imported_like_any_file(
    qtbot: QtBot,
    context: WindowContext,
    flow: ImportFlow,
    toasts: Toasts,
    tmp_path: Path,
    access: DirectAccess,
) -> None:
    changes: list[Changes] = []
    context.bus.changed.connect(changes.append)
    path = small_crm(tmp_path / "crm.db")
    for _ in range(2):
        with qtbot.waitSignal(flow.imported):
            flow.start([path])
    assert toasts.said == [
        "Read 9 records: 9 new.",
        "Read 9 records: 0 new, 9 already here.",
    ]
    assert {ChangeKind.RELATIONSHIPS, ChangeKind.RELATIONSHIP_TYPES} <= changes[0].kinds
    assert [record.source for record in list_imports(access)] == ["crmextender"] * 2


def test_the_person_is_asked_once_who_they_are(
    qtbot: QtBot, flow: ImportFlow, toasts: Toasts, archive: Path, asked: list[QWidget]
) -> None:
    for _ in range(2):
        with qtbot.waitSignal(flow.imported):
            flow.start([archive])
    qtbot.waitUntil(lambda: len(asked) == 1)


def test_who_is_known_is_not_asked(
    qtbot: QtBot,
    flow: ImportFlow,
    toasts: Toasts,
    archive: Path,
    asked: list[QWidget],
    access: DirectAccess,
    context: WindowContext,
) -> None:
    store_life(access, small_life())
    with qtbot.waitSignal(flow.imported):
        flow.start([archive])
    with qtbot.waitSignal(context.lanes.reader.submit(lambda ctx: None).finished):
        assert asked == []


def test_one_can_say_who_one_is_at_once(
    qtbot: QtBot,
    flow: ImportFlow,
    toasts: Toasts,
    archive: Path,
    asked: list[QWidget],
    access: DirectAccess,
) -> None:
    with qtbot.waitSignal(flow.imported):
        flow.start([archive], SELF.address)
    with access.read() as store:
        assert store.settings.self_person_id is not None


def test_a_file_that_cannot_be_read_is_told_and_what_is_stored_is_shown(
    qtbot: QtBot, context: WindowContext, flow: ImportFlow, toasts: Toasts, tmp_path: Path
) -> None:
    with qtbot.waitSignal(context.bus.changed):
        flow.start([tmp_path / "missing.mbox"])
    assert isinstance(toasts.errors[0], UserError)


def test_a_stopped_import_says_what_is_kept(
    qtbot: QtBot,
    context: WindowContext,
    flow: ImportFlow,
    toasts: Toasts,
    archive: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun = threading.Event()

    def wait(_access: object, _paths: object, _self_email: object, ctx: JobContext) -> ImportReport:
        begun.set()
        stopped = threading.Event()
        while not stopped.wait(0.005):
            ctx.tick(1)
        raise AssertionError

    monkeypatch.setattr("crm_desktop.ui.import_flow.run_import", wait)
    flow.start([archive])
    assert begun.wait(10)
    with qtbot.waitSignal(context.bus.changed):
        context.lanes.active()[0].cancel()
    assert toasts.said[0].startswith("Import stopped.")


def test_what_was_not_read_can_be_shown(
    qtbot: QtBot,
    flow: ImportFlow,
    toasts: Toasts,
    archive: Path,
    host: QWidget,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = ImportReport((1,), 4, 2, 1, (Reject("Inbox.mbox, message 3", "no date", 3),), 1, 1)
    monkeypatch.setattr("crm_desktop.ui.import_flow.run_import", lambda *_: report)
    with qtbot.waitSignal(flow.imported):
        flow.start([archive])
    assert toasts.said == [
        "Read 4 messages: 2 new, 1 already here, 1 could not be read. [Show them]"
    ]
    callback = toasts.actions[0]
    assert callable(callback)
    callback()
    (dialog,) = host.findChildren(RejectsDialog)
    assert dialog.table.model().index(0, 1).data() == "no date"
    dialog.accept()


def test_nothing_chosen_starts_nothing(context: WindowContext, flow: ImportFlow) -> None:
    flow.start([])
    assert context.lanes.active() == ()


def test_words() -> None:
    assert title_of([Path("/a/b.mbox")]) == "Importing b.mbox"
    assert title_of([Path("a"), Path("b")]) == "Importing 2 files"
    assert noun_of([Path("a.VCF")]) == ("contact", "contacts")
    assert noun_of([Path("a.mbox"), Path("folder")]) == ("message", "messages")
    assert noun_of([Path("a.vcf"), Path("a.mbox")]) == ("record", "records")
    assert noun_of([Path("crm.db")]) == ("record", "records")
    none = ImportReport((), 0, 0, 0, (), 0, 0)
    assert account_of(none, ("message", "messages")) == "There were no messages in it."
