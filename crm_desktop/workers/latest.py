"""Only the latest: for what the person retypes or reselects while the last answer is on its way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QMetaObject, QObject

from crm_desktop.base.jobs import Progress
from crm_desktop.workers.job import VIEW, JobFunction, JobHandle, Priority
from crm_desktop.workers.lane import Lane


def _drop(_value: object) -> None:
    return None


class Latest(QObject):
    """Runs jobs on one lane of which only the newest counts.

    A new job cancels the one before; whatever that one still delivers (a result that overtook the
    cancel, an error, progress) is dropped.
    """

    def __init__(self, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._current: JobHandle | None = None
        self._connections: list[QMetaObject.Connection] = []

    @property
    def current(self) -> JobHandle | None:
        """The newest job while it waits or runs, else None."""
        handle = self._current
        return None if handle is None or handle.state.is_outcome else handle

    def submit(
        self,
        job: JobFunction,
        *,
        name: str | None = None,
        priority: Priority = VIEW,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        progressed: Callable[[Progress], object] | None = None,
        finished: Callable[[], object] | None = None,
    ) -> JobHandle:
        """Cancel the job before and queue this one; receivers hear of it only while it is the
        newest. Without `failed`, a failure of the newest goes to the lane's `unhandled`."""
        self.cancel()
        handle = self._lane.prepare(job, name=name, priority=priority)
        self._current = handle
        # Connected directly, so that Qt forgets a receiver that dies.
        self._connections = [
            signal.connect(receiver)
            for signal, receiver in (
                (handle.succeeded, done),
                (handle.failed, failed),
                (handle.progressed, progressed),
                (handle.finished, finished),
            )
            if receiver is not None
        ]
        handle.start()
        return handle

    def cancel(self) -> None:
        """Cancel the newest job, if any, and drop whatever it still delivers."""
        handle, self._current = self._current, None
        if handle is None:
            return
        handle.failed.connect(_drop)
        for connection in self._connections:
            QObject.disconnect(connection)
        self._connections = []
        handle.cancel()
