"""The pipeline: what is stale is renewed, once, in order, and survives failures."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.workers.bus import ChangeBus
from crm_desktop.workers.job import JobState
from crm_desktop.workers.pipeline import Pipeline, Step

WAIT_S = 10.0
IMPORTED = Changes.of(ChangeKind.IMPORTS, ChangeKind.MESSAGES)


class Marks:
    """Stands for the database: what is stale, and what was renewed on which thread."""

    def __init__(self, *kinds: str) -> None:
        self.stale = list(kinds)
        self.looks = 0
        self.done: list[tuple[str, str]] = []
        self.fail_on: str | None = None
        self.hold_on: str | None = None
        self.entered = threading.Event()
        self.release = threading.Event()

    def look(self, _access: Any) -> tuple[str, ...]:
        self.looks += 1
        return tuple(self.stale)

    def step(self, kind: str, name: str, change: ChangeKind) -> Step:
        def run(_access: Any, ctx: JobContext) -> Changes:
            if self.hold_on == kind:
                self.entered.set()
                assert self.release.wait(WAIT_S)
                ctx.tick(0)
            if self.fail_on == kind:
                raise ValueError("broken")
            self.stale.remove(kind)
            self.done.append((kind, threading.current_thread().name))
            return Changes.of(change)

        return Step(kind, name, run)

    def steps(self) -> tuple[Step, ...]:
        return (
            self.step("inference", "Finding relationships", ChangeKind.RELATIONSHIPS),
            self.step("interactions", "Measuring contact", ChangeKind.INTERACTIONS),
        )


@pytest.fixture
def bus(qapp) -> ChangeBus:
    return ChangeBus()


def make(marks: Marks, lanes, bus) -> Pipeline:
    return Pipeline(None, lanes, bus, steps=marks.steps(), stale=marks.look)


def test_what_is_stale_is_renewed_in_order_as_named_jobs(qtbot, lanes, bus):
    marks, heard, names = Marks("interactions", "inference"), [], []
    bus.changed.connect(heard.append)
    lanes.job_added.connect(lambda handle: names.append(handle.name))
    pipeline = make(marks, lanes, bus)
    pipeline.start()
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert marks.done == [("inference", "compute"), ("interactions", "compute")]
    assert names == ["Finding relationships", "Measuring contact"]
    assert heard == [Changes.of(ChangeKind.RELATIONSHIPS), Changes.of(ChangeKind.INTERACTIONS)]
    assert marks.looks == 1


def test_a_change_starts_it_and_its_own_news_does_not(qtbot, lanes, bus):
    marks, heard = Marks("inference"), []
    pipeline = make(marks, lanes, bus)
    bus.changed.connect(heard.append)
    bus.publish(IMPORTED)
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert marks.done == [("inference", "compute")]
    bus.publish(Changes.of(ChangeKind.INTERACTIONS))
    lanes.reader.call(lambda: None).result(WAIT_S)
    assert marks.looks == 1
    assert pipeline is not None


def test_changes_meanwhile_are_seen_to_together_afterwards(qtbot, lanes, bus):
    marks = Marks("inference")
    marks.hold_on = "inference"
    pipeline = make(marks, lanes, bus)
    pipeline.start()
    qtbot.waitUntil(marks.entered.is_set)
    for _ in range(5):
        bus.publish(IMPORTED)
    marks.stale.append("interactions")
    marks.release.set()
    qtbot.waitUntil(lambda: [kind for kind, _lane in marks.done] == ["inference", "interactions"])
    assert marks.looks == 2


def test_it_waits_while_an_import_runs(qtbot, lanes, bus):
    marks, gate = Marks("inference"), threading.Event()
    pipeline = make(marks, lanes, bus)
    handles = [lanes.importing.submit(lambda _ctx: gate.wait(WAIT_S)) for _ in range(2)]
    pipeline.start()
    bus.publish(IMPORTED)
    assert marks.looks == 0
    with qtbot.waitSignal(bus.changed):
        gate.set()
    assert all(handle.state is JobState.SUCCEEDED for handle in handles)
    assert marks.looks == 1


def test_a_failed_step_is_told_and_keeps_its_mark_for_the_next_change(qtbot, lanes, bus):
    marks = Marks("inference", "interactions")
    marks.fail_on = "inference"
    pipeline = make(marks, lanes, bus)
    with qtbot.waitSignal(lanes.unhandled):
        pipeline.start()
    assert marks.done == []
    marks.fail_on = None
    bus.publish(IMPORTED)
    qtbot.waitUntil(lambda: len(marks.done) == 2)
    assert marks.stale == []


def test_a_cancelled_step_keeps_its_mark(qtbot, lanes, bus):
    marks = Marks("inference")
    marks.hold_on = "inference"
    pipeline = make(marks, lanes, bus)
    pipeline.start()
    qtbot.waitUntil(marks.entered.is_set)
    (handle,) = lanes.active()
    handle.cancel()
    with qtbot.waitSignal(handle.finished):
        marks.release.set()
    assert handle.state is JobState.CANCELLED
    assert (marks.stale, marks.done) == (["inference"], [])


def test_a_stopped_pipeline_submits_nothing(qtbot, lanes, bus):
    marks = Marks("inference")
    pipeline = make(marks, lanes, bus)
    pipeline.stop()
    pipeline.start()
    bus.publish(IMPORTED)
    lanes.reader.call(lambda: None).result(WAIT_S)
    assert marks.looks == 0
