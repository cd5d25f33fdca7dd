from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.base.errors import Cancelled, UserError
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.imports import ImportRecord, Reject
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.imports import list_imports
from crm_desktop.services.removal import remove_import
from crm_desktop.ui.context import WindowContext
from crm_desktop.ui.dialogs.rejects import RejectsDialog
from crm_desktop.ui.views.import_row import ImportRow, is_worked_on
from crm_desktop.ui.views.job_row import JobRow, describe
from crm_desktop.ui.views.jobs import JobsPage
from crm_desktop.workers.job import JobState
from tests.ui.page_sample import small_life, store_life

NOW = 1_777_626_000


@pytest.fixture
def page(qtbot: QtBot, context: WindowContext) -> Iterator[JobsPage]:
    made = JobsPage(context)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    yield made
    context.lanes.close()


def said(widget: QWidget) -> str:
    return "\n".join(
        label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()
    )


def pressable(widget: QWidget) -> dict[str, QPushButton]:
    return {b.text(): b for b in widget.findChildren(QPushButton) if b.isVisible()}


def test_nothing_yet_says_so_and_offers_an_import(
    qtbot: QtBot, page: JobsPage, context: WindowContext
) -> None:
    qtbot.waitUntil(lambda: "No imports yet." in said(page))
    assert "Nothing is running." in said(page)
    with qtbot.waitSignal(context.navigate.run_action) as asked:
        pressable(page)["Import mail"].click()
    assert asked.args == ["import-mail"]


def test_a_job_shows_its_progress_and_can_be_cancelled(
    qtbot: QtBot, page: JobsPage, context: WindowContext
) -> None:
    gate = threading.Event()

    def work(ctx: JobContext) -> None:
        ctx.tick(1, 4, "Reading Inbox")
        assert gate.wait(10)
        ctx.tick(2, 4)

    handle = context.lanes.importing.submit(work, name="Importing <i>Inbox</i>")
    waiting = context.lanes.importing.submit(lambda ctx: None, name="Second")
    qtbot.waitUntil(lambda: "Reading Inbox · 25 %" in said(page))
    assert "Importing <i>Inbox</i>" in said(page)
    assert "Waiting for its turn" in said(page)
    rows = {row.handle.name: row for row in page.job_rows()}
    pressable(rows["Second"])["Cancel"].click()
    qtbot.waitUntil(lambda: waiting.state is JobState.CANCELLED)
    pressable(rows["Importing <i>Inbox</i>"])["Cancel"].click()
    assert "Stopping" in said(page)
    gate.set()
    qtbot.waitUntil(lambda: handle.state is JobState.CANCELLED)
    qtbot.waitUntil(lambda: "Stopped just now" in said(page))
    assert "Cancel" not in pressable(page)


def test_a_failed_job_says_why(qtbot: QtBot, page: JobsPage, context: WindowContext) -> None:
    def fail(_ctx: JobContext) -> None:
        raise UserError("The disk is full. Free some space.")

    def crash(_ctx: JobContext) -> None:
        raise KeyError("ada@example.org")

    for work in (fail, crash):
        context.lanes.compute.submit(work, name=work.__name__, failed=lambda error: None)
    qtbot.waitUntil(lambda: "The disk is full. Free some space." in said(page))
    qtbot.waitUntil(lambda: "Something went wrong on our side" in said(page))
    assert "ada@example.org" not in said(page)


def test_imports_are_listed_with_their_account(
    qtbot: QtBot, page: JobsPage, access: DirectAccess, context: WindowContext
) -> None:
    store_life(access, small_life())
    page.refresh()
    qtbot.waitUntil(lambda: len(page.import_rows()) == 1)
    record = page.import_rows()[0].record
    assert f"{record.read} read: {record.imported} new" in said(page)


def test_an_import_is_removed_after_a_question(
    qtbot: QtBot, page: JobsPage, access: DirectAccess
) -> None:
    store_life(access, small_life())
    page.refresh()
    qtbot.waitUntil(lambda: len(page.import_rows()) == 1)
    pressable(page.import_rows()[0])["Remove"].click()
    (question,) = page.findChildren(QMessageBox)
    assert question.defaultButton().text() == "Keep it"
    next(b for b in question.buttons() if b.text() == "Remove import").click()
    qtbot.waitUntil(lambda: list_imports(access) == (), timeout=20_000)
    qtbot.waitUntil(lambda: page.import_rows() == [])


def test_what_was_not_read_can_be_shown(
    qtbot: QtBot, page: JobsPage, context: WindowContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = ImportRecord(3, "mbox", "/mail/Inbox.mbox", NOW, NOW, 9, 8, 0, 1)
    reject = Reject("Inbox.mbox, message 4", "no sender", 4)
    monkeypatch.setattr("crm_desktop.ui.views.jobs.read_imports", lambda *_: (record,))
    monkeypatch.setattr("crm_desktop.ui.views.jobs.read_rejects", lambda *_: (reject,))
    page.refresh()
    qtbot.waitUntil(lambda: len(page.import_rows()) == 1)
    pressable(page.import_rows()[0])["Show what was not read"].click()
    qtbot.waitUntil(lambda: bool(page.findChildren(RejectsDialog)))
    page.findChildren(RejectsDialog)[0].accept()


def test_an_unfinished_import_can_go_on(
    qtbot: QtBot, page: JobsPage, context: WindowContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = ImportRecord(3, "mbox", "/mail/Inbox.mbox", NOW, None, 9, 9, 0, 0)
    monkeypatch.setattr("crm_desktop.ui.views.jobs.read_imports", lambda *_: (record,))
    page.refresh()
    qtbot.waitUntil(lambda: len(page.import_rows()) == 1)
    assert "Stopped part way" in said(page)
    assert set(pressable(page.import_rows()[0])) == {"Go on", "Remove this import"}
    with qtbot.waitSignal(context.navigate.import_paths) as asked:
        pressable(page.import_rows()[0])["Go on"].click()
    assert asked.args == [[Path("/mail/Inbox.mbox")]]


def test_an_unfinished_removal_can_be_finished(
    qtbot: QtBot,
    page: JobsPage,
    context: WindowContext,
    access: DirectAccess,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop(*_args: object) -> None:
        raise Cancelled

    store_life(access, small_life())
    (record,) = list_imports(access)
    with monkeypatch.context() as patch:
        patch.setattr("crm_desktop.model.removal.RemovalStore.remove_messages", stop)
        with pytest.raises(Cancelled):
            remove_import(access, record.id)
    page.refresh()
    qtbot.waitUntil(lambda: len(page.import_rows()) == 1)
    assert "Removal stopped part way" in said(page)
    assert set(pressable(page.import_rows()[0])) == {"Finish removing"}
    pressable(page.import_rows()[0])["Finish removing"].click()
    qtbot.waitUntil(lambda: not list_imports(access))


def test_only_the_import_that_a_job_names_is_running(qtbot: QtBot, context: WindowContext) -> None:
    record = ImportRecord(3, "mbox", "/mail/Inbox.mbox", NOW, None, 9, 9, 0, 0)
    prepare = context.lanes.importing.prepare
    for name, is_meant in (
        ("Importing Inbox.mbox", True),
        ("Removing Inbox.mbox", True),
        ("Importing 3 files", True),
        ("Importing Sent.mbox", False),
    ):
        job = prepare(lambda ctx: None, name=name)
        assert is_worked_on(record, [job]) is is_meant, name
    row = ImportRow(context.theme, record, NOW, is_busy=True)
    qtbot.addWidget(row)
    row.show()
    assert "Stopped part way" in said(row)
    assert pressable(row) == {}


def test_a_thousand_imports_are_shown_in_part(
    qtbot: QtBot, page: JobsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = tuple(
        ImportRecord(n, "eml", f"/mail/{n}.eml", NOW, NOW, 1, 1, 0, 0) for n in range(120)
    )
    monkeypatch.setattr("crm_desktop.ui.views.jobs.read_imports", lambda *_: records)
    page.refresh()
    qtbot.waitUntil(lambda: len(page.import_rows()) == 50)
    pressable(page)["Show all 120 imports"].click()
    assert len(page.import_rows()) == 120


def test_a_busy_lane_offers_no_removal(qtbot: QtBot, context: WindowContext) -> None:
    record = ImportRecord(3, "vcard", "/a.vcf", NOW, None, 9, 9, 0, 0)
    row = ImportRow(context.theme, record, NOW, is_running=True, is_busy=True)
    qtbot.addWidget(row)
    row.show()
    assert pressable(row) == {}
    assert "Running · 9 read: 9 new" in said(row)


def test_a_long_job_says_since_when(
    qtbot: QtBot, context: WindowContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = context.lanes.compute.prepare(lambda ctx: None, name="Finding relationships")
    handle.state = JobState.RUNNING
    handle.started_at = NOW - 600
    assert describe(handle, NOW) == "Running · since 10 minutes"
    handle.state = JobState.SUCCEEDED
    handle.ended_at = NOW - 300
    assert describe(handle, NOW) == "Done 5 minutes ago · took 5 minutes"
    row = JobRow(context.theme, handle)
    qtbot.addWidget(row)
    assert not row.grab().isNull()
