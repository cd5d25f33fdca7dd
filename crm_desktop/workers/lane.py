"""A lane: one thread that runs jobs one after the other, the most urgent first."""

from __future__ import annotations

import itertools
import queue
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from PySide6.QtCore import QMetaMethod, QObject, Qt, QThread, Signal, Slot

from crm_desktop.base.jobs import Progress
from crm_desktop.base.log import LOGGER, report
from crm_desktop.workers.job import (
    BACKGROUND,
    IDLE,
    USER,
    VIEW,
    JobFunction,
    JobHandle,
    JobState,
    Message,
    Priority,
    Work,
)

__all__ = [
    "BACKGROUND",
    "IDLE",
    "USER",
    "VIEW",
    "JobHandle",
    "JobState",
    "Lane",
    "LaneClosed",
    "Priority",
    "current_priority",
]

T = TypeVar("T")

_AFTER_EVERYTHING = 1_000_000
_current = threading.local()


class LaneClosed(RuntimeError):  # noqa: N818 - says what is, not what went wrong
    """The lane has stopped and runs nothing more."""


def current_priority() -> Priority:
    """The priority of the work the calling thread is running; USER outside the lanes."""
    priority: Priority = getattr(_current, "priority", USER)
    return priority


@dataclass(slots=True)
class _Call:
    """A function that a job of another lane waits for."""

    function: Callable[[], Any]
    priority: Priority
    future: Future[Any]

    def run(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.function()
        except BaseException as error:
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


@dataclass(order=True, slots=True)
class _Entry:
    priority: int
    sequence: int
    item: Work | _Call | None = field(compare=False)


class Lane(QThread):
    """A named thread with a priority queue.

    `submit` for jobs whose outcome the window wants, from the GUI thread; `call` for a function
    that a job of another lane waits for. The lane itself lives on the GUI thread, as do all
    handles; its thread only ever sees `Work`, so that no QObject dies there.

    Signals (on the GUI thread):
        unhandled(JobHandle, exception): a job failed and nobody listened to its `failed`.
        job_added(JobHandle): a named job was queued.
    """

    unhandled = Signal(object, object)
    job_added = Signal(object)
    _posted = Signal()

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.setObjectName(name)
        self._queue: queue.PriorityQueue[_Entry] = queue.PriorityQueue()
        self._sequence = itertools.count()
        self._messages: deque[tuple[Work, Message]] = deque()
        self._handles: dict[Work, JobHandle] = {}
        self._gate = threading.Lock()
        self._is_refusing = False
        self._is_stopping = False
        self._posted.connect(self._deliver_next, Qt.ConnectionType.QueuedConnection)

    def prepare(
        self, job: JobFunction, *, name: str | None = None, priority: Priority = BACKGROUND
    ) -> JobHandle:
        """A handle of `job` that is not yet queued: connect to it, then call `start`.

        A job with a name is listed in the Jobs view.
        """
        return JobHandle(self, Work(job, priority), name)

    def submit(
        self,
        job: JobFunction,
        *,
        name: str | None = None,
        priority: Priority = BACKGROUND,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        progressed: Callable[[Progress], object] | None = None,
        cancelled: Callable[[], object] | None = None,
        finished: Callable[[], object] | None = None,
    ) -> JobHandle:
        """Prepare, connect and start in that order: a fast job cannot outrun its listeners.

        Without `failed`, a failure goes to `unhandled`. On a lane that is closing the job ends as
        cancelled without having run.
        """
        handle = self.prepare(job, name=name, priority=priority)
        for signal, receiver in (
            (handle.succeeded, done),
            (handle.failed, failed),
            (handle.progressed, progressed),
            (handle.cancelled, cancelled),
            (handle.finished, finished),
        ):
            if receiver is not None:
                signal.connect(receiver)
        handle.start()
        return handle

    def call(self, function: Callable[[], T], priority: Priority = BACKGROUND) -> Future[T]:
        """Run `function` here for another thread, which may wait for the Future.

        Raises LaneClosed once the lane stops, and AssertionError on this lane's own thread: it
        would wait for itself.
        """
        if self.is_current():
            raise AssertionError(f"the {self.name} lane would wait for itself")
        future: Future[T] = Future()
        with self._gate:
            if self._is_stopping:
                raise LaneClosed(f"the {self.name} lane is closed")
            self._put(priority, _Call(function, priority, future))
        return future

    def is_current(self) -> bool:
        """Whether the calling thread is this lane's."""
        return getattr(_current, "lane", None) is self

    def handles(self) -> tuple[JobHandle, ...]:
        """The jobs that wait or run, in the order they were submitted."""
        return tuple(self._handles.values())

    def refuse(self) -> None:
        """Take no more jobs. Calls are still served, for the jobs that are promised them."""
        self._is_refusing = True

    def cancel_all(self) -> None:
        """Ask every job to stop."""
        for handle in self.handles():
            handle.cancel()

    def stop(self) -> None:
        """Let the thread end once everything queued is done; returns at once. Idempotent."""
        self.refuse()
        with self._gate:
            if self._is_stopping:
                return
            self._is_stopping = True
            self._put(_AFTER_EVERYTHING, None)

    def deliver_rest(self) -> None:
        """Deliver what is still on its way. For a lane whose thread has ended."""
        while self._messages:
            self._deliver_next()

    def enqueue(self, handle: JobHandle, work: Work) -> None:
        """Queue a prepared job; called by `JobHandle.start`."""
        self._handles[work] = handle
        if handle.is_listed:
            self.job_added.emit(handle)
        if self._is_refusing or work.token:
            if work.claim():
                self.post(work, (JobState.CANCELLED, None))
        else:
            self._put(work.priority, work)

    def post(self, work: Work, message: Message) -> None:
        """Send a message to the job's handle, from any thread."""
        self._messages.append((work, message))
        # The last reference to the job must not die on the lane's thread: its function may hold
        # a widget.
        del work, message
        self._posted.emit()

    def run(self) -> None:
        """The lane's thread: everything queued, in order, until the sentinel."""
        threading.current_thread().name = self.name
        _current.lane = self
        while (item := self._queue.get().item) is not None:
            _current.priority = item.priority
            if isinstance(item, _Call):
                item.run()
            elif item.claim():
                self._run_work(item)
            del item

    def _put(self, priority: int, item: Work | _Call | None) -> None:
        self._queue.put(_Entry(priority, next(self._sequence), item))

    def _run_work(self, work: Work) -> None:
        def sink(progress: Progress) -> None:
            self.post(work, (JobState.RUNNING, progress))

        self.post(work, (JobState.RUNNING, None))
        self.post(work, work.run(sink))

    @Slot()
    def _deliver_next(self) -> None:
        if not self._messages:
            return
        work, message = self._messages.popleft()
        handle = self._handles[work]
        if not message[0].is_outcome:
            handle.deliver(message)
            return
        del self._handles[work]
        is_unhandled = message[0] is JobState.FAILED and not handle.has_failure_receiver()
        handle.deliver(message)
        if is_unhandled:
            self._deliver_unhandled(handle, work, message[1])
        if handle.error is not None:
            # The handle stays in the Jobs view; the frames of its failure need not.
            handle.error = handle.error.with_traceback(None)

    def _deliver_unhandled(self, handle: JobHandle, work: Work, error: BaseException) -> None:
        if self.isSignalConnected(QMetaMethod.fromSignal(self.unhandled)):
            self.unhandled.emit(handle, error)
        else:
            LOGGER.error("job %s failed and nobody was told: %s", work.code_name, report(error))
