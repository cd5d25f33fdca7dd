"""One job: what a lane runs, and the handle through which the GUI thread follows it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMetaMethod, QObject, Signal

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import Cancelled
from crm_desktop.base.jobs import CancelToken, JobContext, Progress
from crm_desktop.base.log import LOGGER

if TYPE_CHECKING:
    from crm_desktop.workers.lane import Lane

JobFunction = Callable[[JobContext], Any]


class Priority(IntEnum):
    """How soon a job runs; equal priorities run in the order they were submitted."""

    USER = 0
    VIEW = 10
    BACKGROUND = 20
    IDLE = 30


USER = Priority.USER
VIEW = Priority.VIEW
BACKGROUND = Priority.BACKGROUND
IDLE = Priority.IDLE


class JobState(StrEnum):
    """Where a job is. The last three are outcomes; a job has exactly one."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_outcome(self) -> bool:
        """Whether the job is over."""
        return self not in (JobState.PENDING, JobState.RUNNING)


Message = tuple[JobState, Any]
"""A state reached and its value: Progress while RUNNING (None at the start), the result when
SUCCEEDED, the exception when FAILED."""


class Work:
    """The half of a job that the lane's thread sees. It holds no QObject.

    Whoever claims it decides its fate: the lane's thread to run it, or the GUI thread to drop it
    while it still waits. A claim is given once.
    """

    __slots__ = ("_claim", "code_name", "function", "priority", "token")

    def __init__(self, function: JobFunction, priority: Priority) -> None:
        self.function: JobFunction | None = function
        # For logs: a job's title may name a file of the person's.
        inner = getattr(function, "func", function)  # of a partial
        self.code_name = getattr(inner, "__qualname__", type(inner).__name__)
        self.priority = priority
        self.token = CancelToken()
        self._claim = threading.Lock()

    def claim(self) -> bool:
        """True for the first caller only."""
        return self._claim.acquire(blocking=False)

    def run(self, sink: Callable[[Progress], None]) -> Message:
        """Run the function on the calling thread; its outcome, never an exception."""
        if self.function is None:
            raise RuntimeError(f"the job {self.code_name} was dropped and cannot run")
        if self.token:
            return JobState.CANCELLED, None
        try:
            return JobState.SUCCEEDED, self.function(JobContext(sink, self.token))
        except Cancelled:
            return JobState.CANCELLED, None
        except BaseException as error:
            # A statement that is interrupted raises whatever its driver raises.
            if self.token:
                LOGGER.info("job %s stopped with %s", self.code_name, type(error).__name__)
                return JobState.CANCELLED, None
            return JobState.FAILED, error


class JobHandle(QObject):
    """A job as the GUI thread follows it; lives on that thread and is used only there.

    Signals (all emitted on the GUI thread):
        started(): the lane took the job up.
        progressed(Progress): at most ten times a second, and at the end.
        succeeded(result), failed(exception), cancelled(): exactly one of these,
        finished(): then this, once.
    """

    started = Signal()
    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    finished = Signal()

    def __init__(self, lane: Lane, work: Work, name: str | None) -> None:
        super().__init__()
        self._lane = lane
        self._work = work
        self._is_queued = False
        self.name = name or work.code_name
        self.is_listed = name is not None
        self.lane_name = lane.name
        self.priority = work.priority
        self.state = JobState.PENDING
        self.progress: Progress | None = None
        self.error: BaseException | None = None
        self.submitted_at = now_seconds()
        self.started_at: int | None = None
        self.ended_at: int | None = None

    def start(self) -> None:
        """Queue the job. Connect first: a fast job ends before this returns."""
        if self._is_queued:
            raise RuntimeError(f"the job “{self.name}” was already started")
        self._is_queued = True
        self._lane.enqueue(self, self._work)

    def cancel(self) -> None:
        """Ask the job to stop. One that still waits ends at once, a running one at its next
        checkpoint; one that is over stays as it is."""
        if self.state.is_outcome:
            return
        self._work.token.cancel()
        if self._is_queued and self._work.claim():
            self._lane.post(self._work, (JobState.CANCELLED, None))

    @property
    def is_cancelling(self) -> bool:
        """Whether the job was asked to stop and has not yet."""
        return bool(self._work.token) and not self.state.is_outcome

    def has_failure_receiver(self) -> bool:
        """Whether anyone listens to `failed`."""
        return self.isSignalConnected(QMetaMethod.fromSignal(self.failed))

    def deliver(self, message: Message) -> None:
        """Tell the listeners; called by the lane, on the GUI thread."""
        state, value = message
        if state is JobState.RUNNING:
            self._deliver_running(value)
            return
        self.state = state
        self.ended_at = now_seconds()
        # Whatever the function captured is released here, on the GUI thread.
        self._work.function = None
        try:
            if state is JobState.SUCCEEDED:
                self.succeeded.emit(value)
            elif state is JobState.FAILED:
                self.error = value
                self.failed.emit(value)
            else:
                self.cancelled.emit()
        finally:
            self.finished.emit()

    def _deliver_running(self, progress: Progress | None) -> None:
        if progress is None:
            self.state = JobState.RUNNING
            self.started_at = now_seconds()
            self.started.emit()
        else:
            self.progress = progress
            self.progressed.emit(progress)
