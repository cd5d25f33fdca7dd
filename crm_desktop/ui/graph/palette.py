"""The theme's colours in the forms that the map's painters need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crm_desktop.ui.tokens import Theme

QUIET = 0.45
"""How far the grey of loners and cross lines goes from muted text towards the paper."""


def rgb(colour: QColor) -> tuple[int, int, int]:
    """Red, green and blue, 0-255."""
    return colour.red(), colour.green(), colour.blue()


def blend(first: QColor, second: QColor, part: float) -> QColor:
    """The colour `part` (0-1) of the way from `first` to `second`."""
    return QColor(
        *(round(a + (b - a) * part) for a, b in zip(rgb(first), rgb(second), strict=True))
    )


class Palette:
    """The colours of one theme: `dots` holds the twelve communities, then grey."""

    def __init__(self, theme: Theme) -> None:
        self.is_dark = theme.is_dark
        self.paper = QColor(theme.paper)
        self.text = QColor(theme.text)
        self.muted = QColor(theme.muted)
        self.accent = QColor(theme.accent)
        quiet = blend(self.muted, self.paper, QUIET)
        self.dots = (*(QColor(colour) for colour in theme.communities), quiet)

    def glow_rgb(self) -> NDArray[np.float32]:
        """The twelve community colours, 0-255, shape (12, 3)."""
        return np.array([rgb(colour) for colour in self.dots[:-1]], dtype=np.float32)
