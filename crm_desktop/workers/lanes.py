"""The five lanes of the window, what they are doing, and how they come to rest."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtCore import QMetaMethod, QObject, Signal, Slot

from crm_desktop.base.log import LOGGER, report
from crm_desktop.workers.job import IDLE, USER, JobHandle
from crm_desktop.workers.lane import Lane

KEPT_JOBS = 50
STOP_TIMEOUT_MS = 5000


def _log_failure(future: Future[object]) -> None:
    error = future.exception()
    if error is not None:
        LOGGER.error("the last work of the lanes failed: %s", report(error))


class Lanes(QObject):
    """`writer` (every write), `reader` (what views show), `search` (while the person types),
    `importing`, and `compute` (derived data; one heavy job at a time).

    Signals (on the GUI thread):
        job_added(JobHandle): a named job was queued; its own signals tell the rest.
        unhandled(JobHandle, exception): a job failed and nobody listened to its `failed`.
        closed(): every lane has come to rest after `begin_close`.
    """

    job_added = Signal(object)
    unhandled = Signal(object, object)
    closed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.writer = self._lane("writer")
        self.reader = self._lane("reader")
        self.search = self._lane("search")
        self.importing = self._lane("importing")
        self.compute = self._lane("compute")
        # Jobs that write wait for the writer, so it rests last and keeps every promise.
        self._stages = (
            (self.compute, self.importing),
            (self.reader, self.search),
            (self.writer,),
        )
        self._listed: list[JobHandle] = []
        self._ended: deque[JobHandle] = deque(maxlen=KEPT_JOBS)
        self._last: Callable[[], object] | None = None
        self._is_closing = False
        self._is_closed = False

    def all(self) -> tuple[Lane, ...]:
        """Every lane, in the order in which they come to rest."""
        return tuple(lane for stage in self._stages for lane in stage)

    def active(self) -> tuple[JobHandle, ...]:
        """The named jobs that wait or run, oldest first."""
        return tuple(self._listed)

    def ended(self) -> tuple[JobHandle, ...]:
        """The last named jobs that are over, latest first; at most KEPT_JOBS."""
        return tuple(reversed(self._ended))

    def at_the_end(self, function: Callable[[], object]) -> None:
        """Run `function` on the writer's thread when everything else has come to rest; for
        closing the database. Its failure is logged."""
        self._last = function

    def begin_close(self) -> None:
        """Refuse new jobs, cancel all, and come to rest without blocking; `closed` follows.

        First compute and importing, then the readers; the writer last, once it has done what it
        promised: what the person did (USER) is not cancelled there. Idempotent.
        """
        if self._is_closing:
            return
        self._refuse()
        for lane in self.all():
            lane.finished.connect(self._go_on_closing)
        self._go_on_closing()

    def close(self, timeout_ms: int = STOP_TIMEOUT_MS) -> bool:
        """The same, waiting on the calling thread; whether every lane has come to rest.

        The writer is waited for as long as it takes. A lane that does not stop in time is logged
        and left running: threads are never killed.
        """
        self._refuse()
        at_rest = True
        for stage in self._stages:
            self._stop(stage)
            for lane in stage:
                stopped = lane.wait() if lane is self.writer else lane.wait(timeout_ms)
                if not stopped:
                    at_rest = False
                    LOGGER.warning("the %s lane did not stop in %d ms", lane.name, timeout_ms)
        if at_rest:
            self._conclude()
        return at_rest

    def _lane(self, name: str) -> Lane:
        lane = Lane(name, self)
        lane.job_added.connect(self._add)
        lane.unhandled.connect(self._pass_on_failure)
        lane.start()
        return lane

    def _add(self, handle: JobHandle) -> None:
        # A connection that held the handle would keep it for ever.
        self._listed.append(handle)
        handle.finished.connect(self._note_ended)
        self.job_added.emit(handle)

    @Slot()
    def _note_ended(self) -> None:
        self._ended.extend(handle for handle in self._listed if handle.state.is_outcome)
        self._listed = [handle for handle in self._listed if not handle.state.is_outcome]

    def _pass_on_failure(self, handle: JobHandle, error: BaseException) -> None:
        if self.isSignalConnected(QMetaMethod.fromSignal(self.unhandled)):
            self.unhandled.emit(handle, error)
        else:
            LOGGER.error("a job failed and nobody was told: %s", report(error))

    def _refuse(self) -> None:
        self._is_closing = True
        for lane in self.all():
            lane.refuse()
        for lane in self.all():
            for handle in lane.handles():
                if lane is not self.writer or handle.priority is not USER:
                    handle.cancel()

    def _go_on_closing(self) -> None:
        for stage in self._stages:
            if all(lane.isFinished() for lane in stage):
                continue
            self._stop(stage)
            return
        self._conclude()

    def _stop(self, stage: tuple[Lane, ...]) -> None:
        last, self._last = (self._last, None) if self.writer in stage else (None, self._last)
        if last is not None:
            self.writer.call(last, IDLE).add_done_callback(_log_failure)
        for lane in stage:
            lane.stop()

    def _conclude(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        for lane in self.all():
            # `finished` comes from a thread that is about to end.
            lane.wait()
            lane.deliver_rest()
        self.closed.emit()
