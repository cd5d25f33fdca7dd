"""A sentence in place that says why something was not done, and what to do instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from crm_desktop.ui.tokens import ICON_SMALL, SPACE_2, SPACE_3
from crm_desktop.ui.widgets.labels import plain_label

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager


class Notice(QFrame):
    """Hidden until there is something to say.

    Signals:
        followed(): the person followed the link.
    """

    followed = Signal()

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("role", "raised")
        self._icon = QLabel()
        self._icon.setTextFormat(Qt.TextFormat.PlainText)
        self._text = plain_label("", wraps=True)
        self.link = QPushButton("Show")
        self.link.setAccessibleName("Show")
        self.link.setProperty("kind", "link")
        self.link.clicked.connect(self.followed)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._text)
        under = QHBoxLayout()
        under.addSpacing(-SPACE_2)  # its words stand under the sentence, its frame does not
        under.addWidget(self.link)
        under.addStretch(1)
        words.addLayout(under)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_3, SPACE_2, SPACE_2, SPACE_2)
        row.setSpacing(SPACE_2)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()
        self.hide()

    def text(self) -> str:
        """What it says; "" while it is hidden."""
        return self._text.text()

    def say(self, text: str, link: str = "") -> None:
        """Show a sentence, with a link if there is somewhere to go; with "" go away."""
        self._text.setText(text)
        if link:
            self.link.setText(link)
            self.link.setAccessibleName(link)
        self.link.setVisible(bool(link))
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        if text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    @Slot()
    def _draw_icon(self) -> None:
        icon = self._theme.icon("warning", "warning")
        self._icon.setPixmap(icon.pixmap(ICON_SMALL, ICON_SMALL))
