"""The note that stands where the window was while its last work is written."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout

from crm_desktop.ui.tokens import SPACE_4, SPACE_8
from crm_desktop.ui.widgets.labels import plain_label

TEXT = "Finishing…"
DETAIL = "The last changes are being written. This takes a moment."


class FinishingNote(QFrame):
    """A small window without a frame, centred on `centre`; closed by whoever shows it."""

    def __init__(self, centre: QPoint) -> None:
        super().__init__(None, Qt.WindowType.SplashScreen)
        self.setProperty("role", "raised")
        self.setWindowTitle("CRM Desktop")
        self.setAccessibleName(TEXT)
        self.setAccessibleDescription(DETAIL)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_8, SPACE_4, SPACE_8, SPACE_4)
        column.addWidget(plain_label(TEXT, "lead", is_strong=True))
        column.addWidget(plain_label(DETAIL, "body", "muted"))
        self.adjustSize()
        self.move(centre - self.rect().center())
