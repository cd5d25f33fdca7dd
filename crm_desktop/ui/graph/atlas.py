"""All dots the map can show, drawn once into one pixmap: colour by size by shape."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from crm_desktop.ui.graph.stage import LARGEST_DOT_PX, SMALLEST_DOT_PX

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crm_desktop.ui.graph.palette import Palette

STEP = 1.07
LEVELS = round(math.log(LARGEST_DOT_PX / SMALLEST_DOT_PX, STEP)) + 1
RIM_PX = 1.25


def levels_of(radius: NDArray[np.float64]) -> NDArray[np.int64]:
    """The index of the drawn size nearest to each radius in pixels."""
    level = np.rint(np.log(radius / SMALLEST_DOT_PX) / math.log(STEP)).astype(np.int64)
    return np.clip(level, 0, LEVELS - 1)


class DotAtlas:
    """A pixmap of dots with a thin paper rim, at the device's resolution.

    One row for each size, one column for each colour, then the squares of companies if
    `with_companies`. `source` gives the rectangles in device pixels.
    """

    def __init__(self, palette: Palette, ratio: float, *, with_companies: bool) -> None:
        self.ratio = ratio
        self._columns = len(palette.dots)
        radii = [SMALLEST_DOT_PX * STEP**level for level in range(LEVELS)]
        cells = [math.ceil((2 * (radius + RIM_PX) + 2) * ratio) for radius in radii]
        self._cell = np.array(cells, dtype=np.float64)
        self._top = np.concatenate([[0.0], np.cumsum(self._cell)[:-1]])
        shapes = 2 if with_companies else 1
        width, height = cells[-1] * self._columns * shapes, sum(cells)
        self.pixmap = QPixmap(width, height)
        self.pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self.pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for level, radius in enumerate(radii):
            rim = min(RIM_PX, 0.4 * radius) * ratio
            middle_y = float(self._top[level]) + cells[level] / 2
            for column in range(self._columns * shapes):
                middle = QPointF((column + 0.5) * cells[level], middle_y)
                is_square = column >= self._columns
                for brush, extent in (
                    (palette.paper, radius * ratio + rim),
                    (palette.dots[column % self._columns], radius * ratio),
                ):
                    painter.setBrush(brush)
                    if is_square:
                        side = extent * 0.9
                        square = QRectF(middle.x() - side, middle.y() - side, 2 * side, 2 * side)
                        painter.drawRoundedRect(square, side * 0.3, side * 0.3)
                    else:
                        painter.drawEllipse(middle, extent, extent)
        painter.end()

    def source(
        self, level: NDArray[np.int64], colour: NDArray[np.int8], is_company: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Left, top and side of each dot's square in the pixmap, in device pixels."""
        side = self._cell[level]
        column = colour + is_company * self._columns
        return column * side, self._top[level], side
