"""Only the newest job's results arrive."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject, Slot

from crm_desktop.base.jobs import JobContext
from crm_desktop.workers.job import JobState
from crm_desktop.workers.latest import Latest

WAIT_S = 10.0


def gated(gate: threading.Event, value: object, entered: threading.Event | None = None):
    def job(_ctx: JobContext) -> object:
        if entered is not None:
            entered.set()
        assert gate.wait(WAIT_S)
        return value

    return job


def test_only_the_newest_is_shown(qtbot, lanes):
    latest, shown, gate, entered = Latest(lanes.search), [], threading.Event(), threading.Event()
    first = latest.submit(gated(gate, "a", entered), done=shown.append)
    assert entered.wait(WAIT_S)
    second = latest.submit(lambda _ctx: "ab", done=shown.append)
    third = latest.submit(lambda _ctx: "abc", done=shown.append)
    assert latest.current is third
    with qtbot.waitSignal(third.finished):
        gate.set()
    assert shown == ["abc"]
    # The first was past its last checkpoint, so it ended well; nobody was told.
    assert (first.state, second.state) == (JobState.SUCCEEDED, JobState.CANCELLED)
    assert latest.current is None


def test_a_result_already_on_its_way_is_dropped(qtbot, lanes):
    latest, shown, over = Latest(lanes.search), [], threading.Event()
    first = latest.submit(lambda _ctx: "old", done=shown.append)
    lanes.search.call(over.set).result(WAIT_S)
    # The old result is posted and waits for the event loop.
    with qtbot.waitSignal(latest.submit(lambda _ctx: "new", done=shown.append).finished):
        pass
    assert first.state is JobState.SUCCEEDED
    assert shown == ["new"]


def test_a_failure_of_a_superseded_job_is_dropped_and_of_the_newest_is_not(qtbot, lanes):
    latest, failures, unhandled = Latest(lanes.search), [], []
    lanes.unhandled.connect(lambda _handle, error: unhandled.append(error))

    def fail(_ctx: JobContext) -> None:
        raise ValueError("old")

    latest.submit(fail, failed=failures.append)
    latest.submit(fail)
    lanes.search.call(lambda: None).result(WAIT_S)
    newest = latest.submit(fail, failed=failures.append)
    with qtbot.waitSignal(newest.finished):
        pass
    assert failures == [newest.error]
    assert unhandled == []
    with qtbot.waitSignal(lanes.unhandled):
        latest.submit(fail)


def test_cancel_drops_without_a_successor(qtbot, lanes):
    latest, shown, gate, entered = Latest(lanes.search), [], threading.Event(), threading.Event()
    handle = latest.submit(gated(gate, 1, entered), done=shown.append)
    assert entered.wait(WAIT_S)
    latest.cancel()
    latest.cancel()
    with qtbot.waitSignal(handle.finished):
        gate.set()
    assert shown == []


@pytest.mark.parametrize("supersede", [False, True])
def test_a_dead_receiver_is_forgotten(qtbot, lanes, supersede):
    class View(QObject):
        @Slot(object)
        def show(self, value: object) -> None:
            raise AssertionError(f"shown after death: {value}")

    view, latest, gate = View(), Latest(lanes.search), threading.Event()
    handle = latest.submit(gated(gate, 1), done=view.show)
    del view
    if supersede:
        latest.submit(lambda _ctx: 2)
    with qtbot.waitSignal(handle.finished):
        gate.set()
