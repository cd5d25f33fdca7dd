"""Grey shapes where something is about to appear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.ui.tokens import SPACE_3, SPACE_4, SPACE_6
from crm_desktop.ui.widgets.painting import colour

if TYPE_CHECKING:
    from crm_desktop.ui.theme import Theme, ThemeManager

LINE_SHARES = (0.72, 0.54, 0.83, 0.46, 0.64)
"""How wide a placeholder line is; neighbours differ, as names do."""


def paint_placeholder(painter: QPainter, rect: QRectF, theme: Theme, share: float = 1.0) -> None:
    """A grey line as high as `rect` and `share` (0-1) of its width, for text that is to come."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(theme.hairline, 0.7))
    radius = min(4.0, rect.height() / 2)
    line = QRectF(rect.left(), rect.top(), rect.width() * share, rect.height())
    painter.drawRoundedRect(line, radius, radius)
    painter.restore()


class Skeleton(QWidget):
    """A portrait and lines of the given heights, as a card that is being fetched."""

    def __init__(
        self,
        theme: ThemeManager,
        line_heights: Sequence[int] = (20, 12, 12, 56, 12, 12, 12),
        portrait: int = 64,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._line_heights = tuple(line_heights)
        self._portrait = portrait
        self.setAccessibleName("Loading")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme.current
        y = float(SPACE_4)
        width = self.width() - 2 * SPACE_4
        if self._portrait:
            paint_placeholder(painter, QRectF(SPACE_4, y, self._portrait, self._portrait), theme)
            y += self._portrait + SPACE_4
        for index, height in enumerate(self._line_heights):
            share = LINE_SHARES[index % len(LINE_SHARES)] if height < 40 else 1.0
            paint_placeholder(painter, QRectF(SPACE_4, y, width, height), theme, share)
            y += height + SPACE_3
        painter.end()


class RowsSkeleton(QWidget):
    """Rows of a portrait and two lines, as a list of people that is being fetched."""

    def __init__(
        self, theme: ThemeManager, row_height: int = 60, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row_height = row_height
        self.setAccessibleName("Loading")
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme.current
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = max(120.0, self.width() * 0.4)
        for index in range(self.height() // self._row_height + 1):
            middle = (index + 0.5) * self._row_height
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(theme.hairline, 0.7))
            painter.drawEllipse(QRectF(SPACE_6, middle - 18, 36, 36))
            share = LINE_SHARES[index % len(LINE_SHARES)]
            left = SPACE_6 + 36 + SPACE_3
            paint_placeholder(painter, QRectF(left, middle - 14, width, 12), theme, share)
            paint_placeholder(painter, QRectF(left, middle + 5, width * 0.6, 9), theme, share)
        painter.end()
