"""Looks for people who are here twice, while nothing else is to be done or because one waits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.duplicates import DuplicateGroup
from crm_desktop.ui.models.duplicates import GroupKey, key_of
from crm_desktop.workers.job import IDLE, VIEW, Priority
from crm_desktop.workers.latest import Latest

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext

SETTLE_MS = 1500
"""Among 100,000 people a search takes seconds, so it waits until edits and imports pause."""


@dataclass(frozen=True, slots=True)
class Found:
    """The groups, best first, with their keys, and the moment (epoch seconds) that times are
    relative to."""

    groups: tuple[DuplicateGroup, ...]
    keys: tuple[GroupKey, ...]
    now: int


def find_duplicates(access: Access, ctx: JobContext) -> Found:
    """Who is likely here twice. For the compute lane."""
    from crm_desktop.services.identity_review import duplicate_groups
    from crm_desktop.services.instant import reference_seconds

    groups = duplicate_groups(access, ctx=ctx)
    return Found(groups, tuple(map(key_of, groups)), reference_seconds(access))


class DuplicatesFinder(QObject):
    """Keeps what was found last, and knows whether contacts have changed since.

    Signals:
        found(Found): a search has ended.
        progressed(Progress): how far it is.
        failed(exception): it could not be done.
    """

    found = Signal(object)
    progressed = Signal(object)
    failed = Signal(object)

    def __init__(self, context: WindowContext, parent: QObject) -> None:
        super().__init__(parent)
        self._access = context.access
        self._searching = Latest(context.lanes.compute, self)
        self._is_stale = True
        self.last: Found | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self._search_idly)
        context.bus.changed.connect(self._hear)

    @property
    def is_searching(self) -> bool:
        """Whether a search is on its way."""
        return self._searching.current is not None

    def refresh(self, *, at_once: bool) -> None:
        """Search again if contacts have changed since the last time: now, or some time."""
        if not self._is_stale or (self.is_searching and self.last is None):
            return  # the first answer is worth having even if an import goes on
        if at_once:
            self._search(VIEW)
        else:
            self._timer.start()

    def cancel(self) -> None:
        """Give a search up; the next `refresh` searches again."""
        self._timer.stop()
        self._searching.cancel()
        self._is_stale = True

    @Slot()
    def _search_idly(self) -> None:
        self._search(IDLE)

    def _search(self, priority: Priority) -> None:
        self._timer.stop()
        self._is_stale = False
        self._searching.submit(
            partial(find_duplicates, self._access),
            priority=priority,
            done=self._take,
            failed=self._fail,
            progressed=self.progressed.emit,
        )

    @Slot(object)
    def _hear(self, changes: Changes) -> None:
        if ChangeKind.CONTACTS in changes.kinds:
            self._is_stale = True

    @Slot(object)
    def _take(self, found: Found) -> None:
        if self._is_stale:
            if self.last is not None:
                return  # who was merged meanwhile must not come back; a newer search follows
            self._timer.start()
        self.last = found
        self.found.emit(found)

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        self._is_stale = True
        self.failed.emit(error)
