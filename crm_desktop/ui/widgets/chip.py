"""A small rounded word: a tag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.ui.format import plain_tooltip
from crm_desktop.ui.theme import CAPTION, font
from crm_desktop.ui.widgets.painting import colour, one_line, paint_text

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

HEIGHT = 22
PADDING = 8
MOST_WIDTH = 220


class Chip(QWidget):
    """One tag; elided, with the whole text as its tooltip."""

    def __init__(self, theme: ThemeManager, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = one_line(text)
        self.setAccessibleName(self._text)
        self.setToolTip(plain_tooltip(self._text))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(font(CAPTION)).horizontalAdvance(self._text) + 2 * PADDING + 2
        return QSize(min(width, MOST_WIDTH), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme.current
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(theme.accent_soft))
        rect = QRectF(self.rect())
        painter.drawRoundedRect(rect, HEIGHT / 2, HEIGHT / 2)
        inside = rect.adjusted(PADDING, 0, -PADDING, 0)
        paint_text(
            painter, inside, self._text, font(CAPTION), theme.text, Qt.AlignmentFlag.AlignHCenter
        )
        painter.end()
