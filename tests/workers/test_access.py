"""Services' access from lanes: reads here, writes there, nothing on the GUI thread."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject

from crm_desktop.base.errors import Cancelled
from crm_desktop.base.jobs import JobContext
from crm_desktop.workers.access import LaneAccess
from crm_desktop.workers.job import USER, JobState
from crm_desktop.workers.lane import current_priority

WAIT_S = 10.0
COUNT = "SELECT count(*) FROM users WHERE name = 'Ada'"
INSERT = "INSERT INTO users (name, created_at) VALUES ('Ada', 0)"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


@pytest.fixture
def lane_access(database, lanes) -> LaneAccess:
    return LaneAccess(database, lanes.writer)


def count_users(store) -> int:
    return store.connection.exec_driver_sql(COUNT).scalar_one()


def result_of(qtbot, lane, job, **more):
    results: list[object] = []
    handle = lane.submit(job, done=results.append, failed=results.append, **more)
    with qtbot.waitSignal(handle.finished):
        pass
    return results[0] if results else handle.state


def test_a_write_of_any_lane_runs_on_the_writer_with_the_jobs_urgency(qtbot, lanes, lane_access):
    def insert(store) -> tuple[str, int]:
        store.connection.exec_driver_sql(INSERT)
        return threading.current_thread().name, current_priority()

    found = result_of(qtbot, lanes.importing, lambda _ctx: lane_access.write(insert), priority=USER)
    assert found == ("writer", USER)

    def read(_ctx: JobContext) -> int:
        with lane_access.read() as store:
            return count_users(store)

    assert result_of(qtbot, lanes.reader, read) == 1


def test_the_writer_writes_in_place(qtbot, lanes, lane_access):
    def job(_ctx: JobContext) -> str:
        return lane_access.write(lambda _store: threading.current_thread().name)

    assert result_of(qtbot, lanes.writer, job) == "writer"


def test_a_failed_write_is_rolled_back_and_told_to_the_job(qtbot, lanes, lane_access):
    def insert_and_fail(store) -> None:
        store.connection.exec_driver_sql(INSERT)
        raise ValueError("no")

    error = result_of(qtbot, lanes.compute, lambda _ctx: lane_access.write(insert_and_fail))
    assert isinstance(error, ValueError)

    def read(_ctx: JobContext) -> int:
        with lane_access.read() as store:
            return count_users(store)

    assert result_of(qtbot, lanes.reader, read) == 0


def test_reading_goes_on_while_a_write_is_open_and_sees_the_time_before(qtbot, lanes, lane_access):
    inserted, commit = threading.Event(), threading.Event()

    def insert_slowly(store) -> None:
        store.connection.exec_driver_sql(INSERT)
        inserted.set()
        assert commit.wait(WAIT_S)

    def read(_ctx: JobContext) -> int:
        with lane_access.read() as store:
            return count_users(store)

    writing = lanes.writer.submit(lambda _ctx: lane_access.write(insert_slowly))
    assert inserted.wait(WAIT_S)
    assert result_of(qtbot, lanes.reader, read) == 0
    with qtbot.waitSignal(writing.finished):
        commit.set()
    assert result_of(qtbot, lanes.reader, read) == 1


def test_four_lanes_that_increment_at_once_lose_nothing(qtbot, lanes, lane_access):
    together = threading.Barrier(4)

    def increment(store) -> None:
        (value,) = store.connection.exec_driver_sql(
            "SELECT coalesce(max(value), '0') FROM system_settings WHERE key = 'count'"
        ).one()
        store.connection.exec_driver_sql(
            "INSERT OR REPLACE INTO system_settings VALUES ('count', ?)", (str(int(value) + 1),)
        )

    def job(_ctx: JobContext) -> None:
        together.wait(WAIT_S)
        lane_access.write(increment)

    handles = [
        lane.submit(job) for lane in (lanes.reader, lanes.search, lanes.importing, lanes.compute)
    ]
    qtbot.waitUntil(lambda: all(handle.state.is_outcome for handle in handles))

    def read(_ctx: JobContext) -> str:
        with lane_access.read() as store:
            return store.connection.exec_driver_sql(
                "SELECT value FROM system_settings WHERE key = 'count'"
            ).scalar_one()

    assert result_of(qtbot, lanes.reader, read) == "4"


def test_a_running_statement_is_cancelled(qtbot, lanes, lane_access):
    entered = threading.Event()

    def count_for_ever(ctx: JobContext) -> None:
        with lane_access.read(ctx.token) as store:
            entered.set()
            store.connection.exec_driver_sql(ENDLESS).fetchall()

    handle = lanes.search.submit(count_for_ever)
    assert entered.wait(WAIT_S)
    with qtbot.waitSignal(handle.cancelled):
        handle.cancel()
    assert handle.state is JobState.CANCELLED


def test_a_cancelled_read_raises_for_the_job_to_clean_up(qtbot, lanes, lane_access):
    entered, cleaned = threading.Event(), []

    def count_for_ever(ctx: JobContext) -> None:
        try:
            with lane_access.read(ctx.token) as store:
                entered.set()
                store.connection.exec_driver_sql(ENDLESS).fetchall()
        except Cancelled:
            cleaned.append(True)
            raise

    handle = lanes.search.submit(count_for_ever)
    assert entered.wait(WAIT_S)
    with qtbot.waitSignal(handle.finished):
        handle.cancel()
    assert cleaned == [True]


def test_the_gui_thread_never_touches_the_database(lane_access):
    assert QObject().thread().isMainThread()
    with pytest.raises(AssertionError, match="GUI thread"):
        lane_access.read()
    with pytest.raises(AssertionError, match="GUI thread"):
        lane_access.write(lambda _store: None)
