"""How services reach the database: snapshots to read, one function at a time to write."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from crm_desktop.base.jobs import CancelToken
    from crm_desktop.domain.undo import UndoStatus
    from crm_desktop.model.database import Database, UnitOfWork

T = TypeVar("T")


class Access(Protocol):
    """A database as services see it, the same from the command line, tests and lanes."""

    def read(self, token: CancelToken | None = None) -> AbstractContextManager[UnitOfWork]:
        """One consistent snapshot. A set token stops a running statement with Cancelled."""
        ...

    def write(self, function: Callable[[UnitOfWork], T]) -> T:
        """The result of `function`, run in one write transaction on the one writer."""
        ...

    @property
    def undo_status(self) -> UndoStatus:
        """What undo and redo would concern now. From any thread; reads nothing from the disk."""
        ...


class DirectAccess:
    """Access that reads and writes on the caller's own thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, token: CancelToken | None = None) -> AbstractContextManager[UnitOfWork]:
        """See Access.read."""
        return self._database.read(token)

    def write(self, function: Callable[[UnitOfWork], T]) -> T:
        """See Access.write."""
        with self._database.write() as store:
            return function(store)

    @property
    def undo_status(self) -> UndoStatus:
        """See Access.undo_status."""
        return self._database.undo_history.status
