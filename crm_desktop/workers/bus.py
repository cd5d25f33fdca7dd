"""The bus that tells views which rows a write changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from crm_desktop.domain.changes import Changes


class ChangeBus(QObject):
    """One per window; lives on the GUI thread.

    Signals:
        changed(Changes): a write was committed. A visible view refreshes if it is concerned, a
            hidden one only goes stale.
        refresh_wanted(): derived data was marked as stale, and the person waits for it.
    """

    changed = Signal(object)
    refresh_wanted = Signal()

    def publish(self, changes: Changes) -> None:
        """Tell everyone of `changes`; nothing happens when there are none."""
        if changes:
            self.changed.emit(changes)
