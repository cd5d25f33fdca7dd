"""The lanes together: the job list and coming to rest."""

from __future__ import annotations

import threading
import weakref

import pytest

from crm_desktop.base.jobs import JobContext
from crm_desktop.workers.job import USER, JobState
from crm_desktop.workers.lane import LaneClosed
from crm_desktop.workers.lanes import KEPT_JOBS, Lanes

WAIT_S = 10.0


def until_cancelled(entered: threading.Event):
    def job(ctx: JobContext) -> None:
        entered.set()
        while True:
            ctx.tick(0)

    return job


def test_named_jobs_are_listed_while_active_and_kept_when_over(qtbot, lanes):
    entered, added = threading.Event(), []
    lanes.job_added.connect(added.append)
    running = lanes.importing.submit(until_cancelled(entered), name="Importing your mail")
    waiting = lanes.importing.submit(lambda _ctx: None, name="Importing contacts")
    elsewhere = lanes.compute.prepare(lambda _ctx: None, name="Finding relationships")
    lanes.reader.submit(lambda _ctx: None)
    assert lanes.active() == (running, waiting)
    assert added == [running, waiting]
    assert running.lane_name == "importing"
    with qtbot.waitSignal(elsewhere.finished):
        elsewhere.start()
    assert lanes.ended() == (elsewhere,)
    with qtbot.waitSignal(waiting.finished):
        running.cancel()
    assert lanes.active() == ()
    assert lanes.ended() == (waiting, running, elsewhere)
    assert running.state is JobState.CANCELLED


def test_only_the_last_ended_jobs_are_kept(qtbot, lanes):
    handles = [
        lanes.reader.submit(lambda _ctx: None, name=f"Job {n}") for n in range(KEPT_JOBS + 5)
    ]
    with qtbot.waitSignal(handles[-1].finished):
        pass
    assert lanes.ended() == tuple(reversed(handles[5:]))


def test_unhandled_failures_of_all_lanes_arrive_in_one_place(qtbot, lanes):
    def fail(_ctx: JobContext) -> None:
        raise ValueError

    for lane in lanes.all():
        with qtbot.waitSignal(lanes.unhandled) as blocker:
            lane.submit(fail)
        assert blocker.args[0].lane_name == lane.name


def test_an_unhandled_failure_without_a_window_is_logged(qtbot, lanes, expected_log):
    def fail(_ctx: JobContext) -> None:
        raise ValueError

    with qtbot.waitSignal(lanes.reader.submit(fail).finished):
        pass
    qtbot.waitUntil(lambda: len(expected_log) == 2)


def _writes_promised_at_the_end(lanes: Lanes, written: list[int]):
    """A job that, once cancelled, still writes what it holds."""
    entered = threading.Event()

    def job(ctx: JobContext) -> None:
        entered.set()
        while not ctx.token:
            pass
        for number in range(3):
            lanes.writer.call(lambda number=number: written.append(number)).result(WAIT_S)

    return job, entered


def test_close_cancels_jobs_and_drains_the_writer(qtbot, qapp):
    lanes, written, outcomes = Lanes(), [], []
    job, importing = _writes_promised_at_the_end(lanes, written)
    computing = threading.Event()
    handles = [
        lanes.importing.submit(job, name="Importing your mail"),
        lanes.compute.submit(until_cancelled(computing), name="Finding relationships"),
        lanes.reader.submit(lambda _ctx: None),
    ]
    for handle in handles:
        handle.finished.connect(lambda handle=handle: outcomes.append(handle.state))
    assert importing.wait(WAIT_S)
    assert computing.wait(WAIT_S)
    assert lanes.close()
    assert lanes.close()
    assert written == [0, 1, 2]
    assert len(outcomes) == 3
    assert not any(lane.isRunning() for lane in lanes.all())
    assert handles[1].state is JobState.CANCELLED
    with pytest.raises(LaneClosed):
        lanes.writer.call(lambda: None)
    late = lanes.reader.submit(lambda _ctx: None)
    with qtbot.waitSignal(late.cancelled):
        pass


def test_begin_close_does_not_block_and_says_when_it_is_over(qtbot, qapp):
    lanes, written = Lanes(), []
    job, importing = _writes_promised_at_the_end(lanes, written)
    lanes.importing.submit(job)
    assert importing.wait(WAIT_S)
    with qtbot.waitSignal(lanes.closed):
        lanes.begin_close()
        lanes.begin_close()
        assert lanes.writer.isRunning()
    assert written == [0, 1, 2]
    assert not any(lane.isRunning() for lane in lanes.all())


def test_a_promised_write_of_a_user_is_done_before_the_end(qtbot, qapp):
    lanes, written, gate, entered = Lanes(), [], threading.Event(), threading.Event()

    def hold() -> None:
        entered.set()
        assert gate.wait(WAIT_S)

    held = lanes.writer.call(hold)
    promised = lanes.writer.call(lambda: written.append("note"))
    assert entered.wait(WAIT_S)
    with qtbot.waitSignal(lanes.closed):
        lanes.begin_close()
        gate.set()
    assert held.done()
    assert promised.done()
    assert written == ["note"]


def test_a_lane_that_does_not_stop_is_reported_and_left_alone(qtbot, qapp, expected_log):
    lanes, gate, entered = Lanes(), threading.Event(), threading.Event()

    def hold(_ctx: JobContext) -> None:
        entered.set()
        assert gate.wait(WAIT_S)

    lanes.compute.submit(hold)
    assert entered.wait(WAIT_S)
    assert not lanes.close(timeout_ms=1)
    assert "compute" in expected_log[0].getMessage()
    assert lanes.compute.isRunning()
    gate.set()
    assert lanes.close()


def test_what_the_person_did_is_written_and_what_the_program_does_is_not(qtbot, qapp):
    lanes, written, gate, entered = Lanes(), [], threading.Event(), threading.Event()

    def hold(_ctx: JobContext) -> None:
        entered.set()
        assert gate.wait(WAIT_S)

    lanes.writer.submit(hold, priority=USER)
    edit = lanes.writer.submit(lambda _ctx: written.append("note"), priority=USER)
    upkeep = lanes.writer.submit(lambda _ctx: written.append("upkeep"))
    assert entered.wait(WAIT_S)
    with qtbot.waitSignal(lanes.closed):
        lanes.begin_close()
        gate.set()
    assert written == ["note"]
    assert (edit.state, upkeep.state) == (JobState.SUCCEEDED, JobState.CANCELLED)


@pytest.mark.parametrize("blocking", [True, False])
def test_the_last_work_is_done_on_the_writer_when_all_else_is(qtbot, qapp, blocking):
    lanes, written = Lanes(), []
    job, importing = _writes_promised_at_the_end(lanes, written)
    lanes.importing.submit(job)
    lanes.at_the_end(lambda: written.append(threading.current_thread().name))
    assert importing.wait(WAIT_S)
    with qtbot.waitSignal(lanes.closed):
        if blocking:
            assert lanes.close()
        else:
            lanes.begin_close()
    assert written == [0, 1, 2, "writer"]


def test_a_failure_of_the_last_work_is_logged(qtbot, qapp, expected_log):
    lanes = Lanes()
    lanes.at_the_end(lambda: 1 // 0)
    assert lanes.close()
    assert "ZeroDivisionError" in expected_log[0].getMessage()


def test_handles_of_jobs_that_are_over_are_let_go(qtbot, lanes):
    seen = []
    for number in range(KEPT_JOBS + 5):
        handle = lanes.reader.submit(lambda _ctx: None, name=f"Job {number}")
        with qtbot.waitSignal(handle.finished):
            pass
        seen.append(weakref.ref(handle))
        del handle
    assert sum(reference() is not None for reference in seen) == KEPT_JOBS
