from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from crm_desktop.base.jobs import JobContext, Progress
from crm_desktop.ui.status_bar import StatusBar
from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.widgets.progress import amount
from crm_desktop.workers.lanes import Lanes


@pytest.fixture
def bar(qtbot: QtBot, lanes: Lanes) -> Iterator[StatusBar]:
    made = StatusBar(ThemeManager("light"), lanes)
    qtbot.addWidget(made)
    made.show()
    yield made
    lanes.close()


def said(bar: StatusBar) -> str:
    labels = [*bar.findChildren(QLabel), *bar.findChildren(QPushButton)]
    return " | ".join(label.text() for label in labels if label.isVisible() and label.text())


def test_nothing_runs_nothing_shows(bar: StatusBar) -> None:
    assert said(bar) == ""
    assert not bar.findChildren(QProgressBar)[0].isVisible()


def test_the_running_job_shows_with_its_progress(
    qtbot: QtBot, bar: StatusBar, lanes: Lanes
) -> None:
    gate = threading.Event()

    def work(ctx: JobContext) -> None:
        ctx.tick(300, 1000, "Reading")
        assert gate.wait(10)

    handle = lanes.importing.submit(work, name="Importing A & B.mbox")
    lanes.importing.submit(lambda ctx: None, name="Another")
    qtbot.waitUntil(lambda: "30 %" in said(bar))
    assert "Importing A && B.mbox  and 1 more" in said(bar)
    assert bar.findChildren(QProgressBar)[0].value() == 300
    with qtbot.waitSignal(bar.jobs_requested):
        bar.findChildren(QPushButton)[0].click()
    handle.cancel()
    with qtbot.waitSignal(handle.finished):
        gate.set()
    qtbot.waitUntil(lambda: said(bar) == "")


def test_unlisted_jobs_do_not_show(qtbot: QtBot, bar: StatusBar, lanes: Lanes) -> None:
    with qtbot.waitSignal(lanes.reader.submit(lambda ctx: None).finished):
        assert said(bar) == ""


def test_freshness_and_database(
    bar: StatusBar, monkeypatch: pytest.MonkeyPatch, frozen_now: str
) -> None:
    bar.set_freshness(1_777_626_000 - 120)
    bar.set_database("people", "/home/<b>ada</b>/people.sqlite")
    assert said(bar) == "Relationships found 2 minutes ago | people"
    assert all("<b>" not in label.toolTip() for label in bar.findChildren(QLabel))
    bar.set_freshness(None)
    assert said(bar) == "people"


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (Progress(0, 0), ""),
        (Progress(1204, 0), "1,204"),
        (Progress(1, 3), "33 %"),
        (Progress(7, 3), "100 %"),
    ],
)
def test_amounts(progress: Progress, text: str) -> None:
    assert amount(progress) == text
