"""Garbage is collected on the GUI thread, in small pieces while anything is being done."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest

from crm_desktop.workers import garbage
from crm_desktop.workers.garbage import IDLE_S, GarbageCollector


class Node:
    """An object that can be part of a circle."""

    def __init__(self) -> None:
        self.other: Node | None = None


def circle() -> weakref.ref[Node]:
    """A weak reference into a circle that nobody else holds."""
    one, two = Node(), Node()
    one.other, two.other = two, one
    return weakref.ref(one)


class Bench:
    """A collector with a clock and a workload under the test's control."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.is_busy = False
        self.collector = GarbageCollector(lambda: self.is_busy, clock=lambda: self.now)

    def tick(self, seconds: float = 0.1) -> None:
        self.now += seconds
        self.collector.tick()


@pytest.fixture
def bench(qapp: object) -> Iterator[Bench]:
    made = Bench()
    gc.collect()
    made.collector.start()
    yield made
    made.collector.stop()
    gc.collect()


def test_the_automatic_collection_is_off_while_it_runs(bench):
    assert not gc.isenabled()
    bench.collector.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_young_garbage_goes_at_once_even_when_busy(bench):
    bench.is_busy = True
    seen = circle()
    _held = [[] for _ in range(garbage.YOUNG_OBJECTS + 10)]
    bench.tick()
    assert seen() is None


def test_a_few_objects_are_not_looked_at(bench):
    bench.is_busy = True
    gc.collect(0)
    seen = circle()
    bench.tick()
    assert seen() is not None


def test_too_many_are_put_by_and_looked_through_when_idle(bench):
    bench.tick(IDLE_S + 1)  # settles
    bench.is_busy = True
    seen = circle()
    held = [[] for _ in range(garbage.TOO_MANY_OBJECTS + 10)]
    bench.tick()
    assert seen() is not None
    bench.is_busy = False
    bench.tick()
    assert seen() is not None
    bench.tick(IDLE_S + 1)
    assert seen() is None
    assert len(held) > garbage.TOO_MANY_OBJECTS


def test_old_garbage_goes_when_idle_and_not_before(bench):
    bench.tick(IDLE_S + 1)
    keep = [Node(), Node()]
    keep[0].other, keep[1].other = keep[1], keep[0]
    seen = weakref.ref(keep[0])
    gc.collect(0)
    gc.collect(1)  # now they are old
    keep.clear()
    bench.is_busy = True
    bench.tick(garbage.FULL_EVERY_S + 1)
    assert seen() is not None
    bench.is_busy = False
    bench.tick(IDLE_S + 1)
    assert seen() is None


def test_libraries_are_never_looked_through_again(bench):
    bench.tick(IDLE_S + 1)
    assert gc.get_freeze_count() > 1000


def test_a_lane_never_collects(qtbot, lanes, bench):
    collected: list[str] = []

    def note(_phase: str, _info: dict[str, int]) -> None:
        collected.append(threading.current_thread().name)

    def make_garbage(_ctx: object) -> int:
        return len([circle() for _ in range(20_000)])

    gc.callbacks.append(note)
    try:
        with qtbot.waitSignal(lanes.compute.submit(make_garbage).finished):
            pass
    finally:
        gc.callbacks.remove(note)
    assert set(collected) <= {threading.current_thread().name}
