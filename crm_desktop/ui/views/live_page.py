"""The base of every page: it reads when it is looked at, and goes stale when it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.domain.changes import ChangeKind, Changes

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext

REFRESH_INTERVAL_MS = 400
"""An import publishes many changes a second; a page follows a few of them."""


class LivePage(QWidget):
    """A widget over the database that refreshes on the changes it names in `CONCERNS`."""

    CONCERNS: frozenset[ChangeKind] = frozenset()

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._is_stale = True
        self._refresh_timer = QTimer(self)
        self._refresh_timer.setSingleShot(True)
        self._refresh_timer.setInterval(REFRESH_INTERVAL_MS)
        self._refresh_timer.timeout.connect(self._refresh_if_visible)
        context.bus.changed.connect(self._hear)

    def refresh(self) -> None:
        """Read again, on a lane, and show what comes."""
        raise NotImplementedError

    @property
    def is_stale(self) -> bool:
        """Whether there is something newer than what is shown."""
        return self._is_stale

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh_if_visible()

    @Slot(object)
    def _hear(self, changes: Changes) -> None:
        if not self.concerns(changes):
            return
        self._is_stale = True
        if self.isVisible() and not self._refresh_timer.isActive():
            self._refresh_timer.start()

    def concerns(self, changes: Changes) -> bool:
        """Whether what is shown may have changed."""
        return bool(changes.kinds & self.CONCERNS)

    @Slot()
    def _refresh_if_visible(self) -> None:
        if self._is_stale and self.isVisible():
            self._is_stale = False
            self.refresh()
