"""The races of a lane: delivery, errors, cancelling, order, calls and the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QLabel

from crm_desktop.base.errors import UserError
from crm_desktop.base.jobs import JobContext
from crm_desktop.workers.lane import (
    BACKGROUND,
    IDLE,
    USER,
    VIEW,
    JobState,
    Lane,
    LaneClosed,
    current_priority,
)

WAIT_S = 10.0


@pytest.fixture
def lane(qapp: object) -> Iterator[Lane]:
    made = Lane("testing")
    made.start()
    yield made
    made.cancel_all()
    made.stop()
    assert made.wait(5000)
    made.deliver_rest()


class Listener(QObject):
    """Writes down what it hears and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, Any]] = []
        self.threads: set[int] = set()

    def _hear(self, what: str, value: object = None) -> None:
        self.heard.append((what, value))
        self.threads.add(threading.get_ident())

    @Slot(object)
    def done(self, value: object) -> None:
        self._hear("succeeded", value)

    @Slot(object)
    def failed(self, error: object) -> None:
        self._hear("failed", error)

    @Slot()
    def cancelled(self) -> None:
        self._hear("cancelled")

    @Slot(object)
    def progressed(self, progress: object) -> None:
        self._hear("progressed", progress)

    @Slot()
    def finished(self) -> None:
        self._hear("finished")

    def receivers(self) -> dict[str, Any]:
        return {
            "done": self.done,
            "failed": self.failed,
            "cancelled": self.cancelled,
            "progressed": self.progressed,
            "finished": self.finished,
        }

    def names(self) -> list[str]:
        return [name for name, _value in self.heard]


class Gate:
    """A job that runs until it is let go, and says when it has begun."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.release = threading.Event()

    def __call__(self, _ctx: JobContext) -> None:
        self.entered.set()
        assert self.release.wait(WAIT_S)


def test_the_job_runs_on_the_lane_and_is_heard_on_the_gui_thread(qtbot, lane):
    listener = Listener()
    plain_threads: list[int] = []
    handle = lane.prepare(lambda ctx: (ctx.tick(1, 1, "one"), threading.current_thread().name)[1])
    handle.succeeded.connect(listener.done)
    handle.progressed.connect(listener.progressed)
    handle.finished.connect(listener.finished)
    handle.succeeded.connect(lambda _value: plain_threads.append(threading.get_ident()))
    with qtbot.waitSignal(handle.finished):
        handle.start()
    assert listener.names() == ["progressed", "succeeded", "finished"]
    assert listener.heard[1] == ("succeeded", "testing")
    assert listener.threads == {threading.get_ident()} == set(plain_threads)
    assert handle.state is JobState.SUCCEEDED
    assert handle.started_at is not None
    assert handle.ended_at is not None


def test_submit_connects_before_the_job_can_end(qtbot, lane):
    listener = Listener()
    handles = [lane.submit(lambda _ctx, n=n: n, **listener.receivers()) for n in range(200)]
    qtbot.waitUntil(lambda: listener.names().count("finished") == len(handles))
    assert [value for name, value in listener.heard if name == "succeeded"] == list(range(200))


def test_an_error_is_delivered_once_and_the_lane_goes_on(qtbot, lane):
    listener = Listener()

    def fail(_ctx: JobContext) -> None:
        raise UserError("The file is gone. Choose another.")

    handle = lane.submit(fail, **listener.receivers())
    with qtbot.waitSignal(handle.finished):
        pass
    assert listener.names() == ["failed", "finished"]
    assert str(listener.heard[0][1]) == "The file is gone. Choose another."
    assert handle.state is JobState.FAILED
    with qtbot.waitSignal(lane.submit(lambda _ctx: 1).succeeded):
        pass


def test_even_an_exit_in_a_job_is_only_a_failure(qtbot, lane):
    listener = Listener()

    def leave(_ctx: JobContext) -> None:
        raise SystemExit(3)

    with qtbot.waitSignal(lane.submit(leave, **listener.receivers()).finished):
        pass
    assert listener.names() == ["failed", "finished"]
    assert lane.isRunning()


def test_a_failure_without_receiver_goes_to_unhandled(qtbot, lane):
    def fail(_ctx: JobContext) -> None:
        raise ValueError("ours")

    with qtbot.waitSignal(lane.unhandled) as blocker:
        handle = lane.submit(fail, name="Failing")
    assert blocker.args[0] is handle
    assert isinstance(blocker.args[1], ValueError)
    assert handle.error is blocker.args[1]
    assert handle.error.__traceback__ is None


def test_a_failure_that_nobody_hears_is_logged_without_its_text(qtbot, lane, expected_log):
    secret = "ada@" + "example.org"

    def fail(_ctx: JobContext) -> None:
        raise ValueError(secret)

    with qtbot.waitSignal(lane.submit(fail, name=f"Importing {secret}").finished):
        pass
    qtbot.waitUntil(lambda: len(expected_log) == 2)
    text = "\n".join(record.getMessage() for record in expected_log)
    assert "ValueError" in text
    assert secret not in text


def test_cancelling_a_waiting_job_ends_it_at_once_and_it_never_runs(qtbot, lane):
    gate, listener, ran = Gate(), Listener(), []
    lane.submit(gate)
    waiting = lane.submit(lambda _ctx: ran.append(1), **listener.receivers())
    assert gate.entered.wait(WAIT_S)
    with qtbot.waitSignal(waiting.finished):
        waiting.cancel()
        waiting.cancel()
    assert listener.names() == ["cancelled", "finished"]
    gate.release.set()
    with qtbot.waitSignal(lane.submit(lambda _ctx: None).finished):
        pass
    assert not ran


def test_cancelling_a_running_job_stops_it_at_its_next_checkpoint(qtbot, lane):
    listener, entered = Listener(), threading.Event()

    def work_for_ever(ctx: JobContext) -> None:
        while True:
            entered.set()
            ctx.tick(0)

    handle = lane.submit(work_for_ever, **listener.receivers())
    assert entered.wait(WAIT_S)
    with qtbot.waitSignal(handle.finished):
        handle.cancel()
        assert handle.is_cancelling
    assert not handle.is_cancelling
    assert [name for name in listener.names() if name != "progressed"] == ["cancelled", "finished"]


def test_an_exception_after_a_cancel_request_counts_as_cancelled(qtbot, lane):
    gate, listener = Gate(), Listener()

    def fail_when_let_go(ctx: JobContext) -> None:
        gate(ctx)
        raise OSError("interrupted")

    handle = lane.submit(fail_when_let_go, **listener.receivers())
    assert gate.entered.wait(WAIT_S)
    handle.cancel()
    with qtbot.waitSignal(handle.finished):
        gate.release.set()
    assert listener.names() == ["cancelled", "finished"]


def test_cancelling_a_job_that_is_over_changes_nothing(qtbot, lane):
    listener = Listener()
    handle = lane.submit(lambda _ctx: 5, **listener.receivers())
    with qtbot.waitSignal(handle.finished):
        pass
    handle.cancel()
    with qtbot.waitSignal(lane.submit(lambda _ctx: None).finished):
        pass
    assert listener.names() == ["succeeded", "finished"]


def test_a_job_cancelled_before_its_start_never_runs(qtbot, lane):
    ran: list[int] = []
    handle = lane.prepare(lambda _ctx: ran.append(1))
    handle.cancel()
    with qtbot.waitSignal(handle.cancelled):
        handle.start()
    assert not ran
    with pytest.raises(RuntimeError, match="already started"):
        handle.start()


def test_progress_is_throttled_where_it_is_made(qtbot, lane):
    listener = Listener()

    def count(ctx: JobContext) -> float:
        begun = time.monotonic()
        for step in range(1, 200_001):
            ctx.tick(step, 200_000)
        return time.monotonic() - begun

    with qtbot.waitSignal(lane.submit(count, **listener.receivers()).finished, timeout=20_000):
        pass
    elapsed_s = next(value for name, value in listener.heard if name == "succeeded")
    reports = [value for name, value in listener.heard if name == "progressed"]
    assert len(reports) <= elapsed_s * 10 + 2
    assert (reports[-1].done, reports[-1].total) == (200_000, 200_000)


def test_the_urgent_overtake_and_equals_keep_their_order(qtbot, lane):
    gate, order = Gate(), []
    lane.submit(gate)
    assert gate.entered.wait(WAIT_S)
    for name, priority in (
        ("idle", IDLE),
        ("background 1", BACKGROUND),
        ("view", VIEW),
        ("background 2", BACKGROUND),
        ("user", USER),
    ):
        last = lane.submit(
            lambda _ctx, name=name: order.append((name, current_priority())), priority=priority
        )
    assert last.priority is USER
    gate.release.set()
    qtbot.waitUntil(lambda: len(order) == 5)
    assert order == [
        ("user", USER),
        ("view", VIEW),
        ("background 1", BACKGROUND),
        ("background 2", BACKGROUND),
        ("idle", IDLE),
    ]


def test_a_call_brings_its_result_or_its_error(lane):
    assert lane.call(lambda: threading.current_thread().name).result(WAIT_S) == "testing"
    with pytest.raises(ZeroDivisionError):
        lane.call(lambda: 1 // 0).result(WAIT_S)


def test_a_lane_never_waits_for_itself(qtbot, lane):
    listener = Listener()
    with qtbot.waitSignal(
        lane.submit(lambda _ctx: lane.call(lambda: 1).result(), **listener.receivers()).finished
    ):
        pass
    assert isinstance(listener.heard[0][1], AssertionError)


def test_what_a_job_holds_dies_on_the_gui_thread(qtbot, lane):
    deaths: list[int] = []
    label = QLabel()
    label.destroyed.connect(lambda: deaths.append(threading.get_ident()))
    handle = lane.submit(lambda _ctx, label=label: label.objectName())
    del label
    with qtbot.waitSignal(handle.finished):
        pass
    assert deaths == [threading.get_ident()]


def test_a_dead_receiver_is_forgotten(qtbot, lane):
    gate, listener = Gate(), Listener()
    handle = lane.submit(gate, done=listener.done)
    listener.deleteLater()
    del listener
    gate.release.set()
    with qtbot.waitSignal(handle.finished):
        pass
    assert handle.state is JobState.SUCCEEDED


def test_stopping_serves_every_promised_call_and_takes_no_more(qtbot, qapp):
    lane = Lane("draining")
    gate = Gate()
    lane.start()
    lane.submit(gate)
    assert gate.entered.wait(WAIT_S)
    promised = [lane.call(lambda n=n: n, IDLE) for n in range(5)]
    lane.stop()
    lane.stop()
    with pytest.raises(LaneClosed):
        lane.call(lambda: None)
    listener = Listener()
    late = lane.submit(lambda _ctx: None, **listener.receivers())
    gate.release.set()
    assert lane.wait(5000)
    assert [future.result(WAIT_S) for future in promised] == list(range(5))
    lane.deliver_rest()
    assert late.state is JobState.CANCELLED
    assert listener.names() == ["cancelled", "finished"]
    assert lane.handles() == ()


def test_only_named_jobs_are_announced(qtbot, lane):
    announced: list[str] = []
    lane.job_added.connect(lambda handle: announced.append(handle.name))
    lane.submit(lambda _ctx: None)
    with qtbot.waitSignal(lane.submit(lambda _ctx: None, name="Importing your mail").finished):
        pass
    assert announced == ["Importing your mail"]
