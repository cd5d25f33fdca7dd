"""What stands in the map's place while it is being drawn: pale dots in circles."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.widgets.painting import colour

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

CIRCLES = ((0.5, 0.5, 19), (0.31, 0.33, 12), (0.68, 0.3, 14), (0.71, 0.68, 11), (0.33, 0.7, 13))
"""Centre, as parts of width and height, and number of dots."""
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


class MapSkeleton(QWidget):
    """Still, grey and without names."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName("Drawing the map")
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(self._theme.current.hairline, 0.7))
        unit = min(self.width(), self.height()) / 40
        for x, y, count in CIRCLES:
            for index in range(count):
                reach, angle = unit * 1.1 * math.sqrt(index), index * GOLDEN_ANGLE
                centre = QPointF(
                    self.width() * x + reach * math.cos(angle),
                    self.height() * y + reach * math.sin(angle),
                )
                size = unit * (0.42 if index % 5 else 0.62)
                painter.drawEllipse(centre, size, size)
        painter.end()
