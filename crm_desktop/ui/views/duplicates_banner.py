"""The line above the people that says how many of them may be here twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton

from crm_desktop.ui.format import plural
from crm_desktop.ui.tokens import ICON_SMALL, SPACE_1, SPACE_2, SPACE_6
from crm_desktop.ui.widgets.labels import ElidedLabel

if TYPE_CHECKING:
    from crm_desktop.ui.memory import WindowMemory
    from crm_desktop.ui.theme import ThemeManager

DISMISSED_KEY = "people/duplicates-dismissed"


class DuplicatesBanner(QFrame):
    """Hidden while there is nobody to review, and once dismissed until the number changes.

    Signals:
        review_wanted(): the person wants to look at them.
    """

    review_wanted = Signal()

    def __init__(self, theme: ThemeManager, memory: WindowMemory) -> None:
        super().__init__()
        self._theme = theme
        self._memory = memory
        self._count = 0
        self.setObjectName("banner")
        self._mark = QLabel()
        self._mark.setTextFormat(Qt.TextFormat.PlainText)
        self._words = ElidedLabel()
        self.review_button = QPushButton("Review")
        self.review_button.setProperty("kind", "link")
        self.review_button.setAccessibleName("Review who may be here twice")
        self.review_button.clicked.connect(self.review_wanted)
        self.dismiss_button = QToolButton()
        self.dismiss_button.setAccessibleName("Dismiss until the number changes")
        self.dismiss_button.setToolTip("Dismiss until the number changes")
        self.dismiss_button.clicked.connect(self._dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_6, SPACE_1, SPACE_2, SPACE_1)
        row.setSpacing(SPACE_2)
        row.addWidget(self._mark)
        row.addWidget(self._words, 1)
        row.addWidget(self.review_button)
        row.addWidget(self.dismiss_button)
        theme.changed.connect(self._draw_icons)
        self._draw_icons()
        self.hide()

    def text(self) -> str:
        """What it says."""
        return self._words.full_text()

    def show_count(self, count: int) -> None:
        """Say how many may be here twice; with nobody, or a number that was dismissed, hide."""
        self._count = count
        self._words.set_full_text(f"{plural(count, 'person', 'people')} may be here twice.")
        self.setAccessibleName(self.text())
        self.setVisible(count > 0 and count != self._memory.number(DISMISSED_KEY, 0))

    @Slot()
    def _dismiss(self) -> None:
        self._memory.keep(DISMISSED_KEY, self._count)
        self.hide()

    @Slot()
    def _draw_icons(self) -> None:
        self._mark.setPixmap(self._theme.icon("people", "accent").pixmap(ICON_SMALL, ICON_SMALL))
        self.dismiss_button.setIcon(self._theme.icon("close", "muted"))
