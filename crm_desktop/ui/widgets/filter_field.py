"""The field that narrows a list down while one types."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

DELAY_MS = 120


class FilterField(QLineEdit):
    """Speaks up when the typing pauses; Esc clears it before it steps back.

    Signals:
        settled(text): the list is to show what holds `text`, blanks trimmed.
    """

    settled = Signal(str)

    def __init__(self, hint: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(name)
        self.setClearButtonEnabled(True)
        # Files dropped here belong to the window.
        self.setAcceptDrops(False)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._settle)
        self.textChanged.connect(self._timer.start)

    def wanted(self) -> str:
        """What to look for; "" for everything."""
        return self.text().strip()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    @Slot()
    def _settle(self) -> None:
        self.settled.emit(self.wanted())
