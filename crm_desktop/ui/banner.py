"""The line that says that this is the sample life, and the way to one's own database."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.tokens import ICON_SMALL, SPACE_1, SPACE_2, SPACE_4
from crm_desktop.ui.widgets.labels import plain_label

TEXT = "Sample data — nothing here touches your own database"


class SampleBanner(QFrame):
    """Shown as long as the sample database is open.

    Signals:
        own_requested(): the person wants their own database.
    """

    own_requested = Signal()

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setAccessibleName(TEXT)
        self._theme = theme
        self._mark = QLabel()
        button = QPushButton("Open my own database")
        button.setProperty("kind", "link")
        button.setAccessibleName("Open my own database")
        button.clicked.connect(self.own_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_4, SPACE_1, SPACE_2, SPACE_1)
        row.setSpacing(SPACE_2)
        row.addStretch(1)
        row.addWidget(self._mark)
        row.addWidget(plain_label(TEXT))
        row.addWidget(button)
        row.addStretch(1)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()
        self.hide()

    @Slot()
    def _draw_icon(self) -> None:
        self._mark.setPixmap(self._theme.icon("sample", "accent").pixmap(ICON_SMALL, ICON_SMALL))
