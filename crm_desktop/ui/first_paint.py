"""The moment at which a window is on the screen for the first time."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

LIMIT_MS = 3_000


class FirstPaint(QObject):
    """Tells once when a window has been painted for the first time.

    Signals:
        painted(): what was painted is on its way to the screen; or the window is one that nobody
            sees yet, such as one started minimised, and LIMIT_MS are over.
    """

    painted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._is_over = False
        window.installEventFilter(self)
        QTimer.singleShot(LIMIT_MS, self, self._conclude)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See QObject."""
        if watched is self._window and event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self, self._conclude)
        return False

    @Slot()
    def _conclude(self) -> None:
        if not self._is_over:
            self._is_over = True
            self.painted.emit()
