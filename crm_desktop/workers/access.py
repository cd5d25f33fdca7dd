"""Services' access to the database from jobs on the lanes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication, QThread

from crm_desktop.workers.lane import Lane, current_priority

if TYPE_CHECKING:
    from crm_desktop.base.jobs import CancelToken
    from crm_desktop.domain.undo import UndoStatus
    from crm_desktop.model.database import Database, UnitOfWork

T = TypeVar("T")


class LaneAccess:
    """Reads on the calling lane, writes on the writer lane with the urgency of the calling job.

    Raises AssertionError on the GUI thread, which never touches the database.
    """

    def __init__(self, database: Database, writer: Lane) -> None:
        self._database = database
        self._writer = writer

    def read(self, token: CancelToken | None = None) -> AbstractContextManager[UnitOfWork]:
        """See Access.read."""
        _refuse_gui_thread()
        return self._database.read(token)

    def write(self, function: Callable[[UnitOfWork], T]) -> T:
        """See Access.write. At once when the caller is the writer lane."""
        _refuse_gui_thread()
        if self._writer.is_current():
            return self._write(function)
        return self._writer.call(lambda: self._write(function), current_priority()).result()

    @property
    def undo_status(self) -> UndoStatus:
        """See Access.undo_status."""
        return self._database.undo_history.status

    def _write(self, function: Callable[[UnitOfWork], T]) -> T:
        with self._database.write() as store:
            return function(store)


def _refuse_gui_thread() -> None:
    application = QCoreApplication.instance()
    if application is not None and QThread.currentThread() is application.thread():
        raise AssertionError("the GUI thread never touches the database")
