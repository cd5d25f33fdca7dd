"""The coloured dot of a relationship type, as an icon."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap

from crm_desktop.ui.theme import Theme
from crm_desktop.ui.tokens import ICON_SMALL
from crm_desktop.ui.type_words import type_colour
from crm_desktop.ui.widgets.painting import paint_dot

RADIUS = 4.5


def dot_icon(theme: Theme, color_index: int) -> QIcon:
    """A dot in the colour of a type; crisp on every screen that is connected now."""
    ratios = {screen.devicePixelRatio() for screen in QGuiApplication.screens()}
    return _drawn(type_colour(theme, color_index), max(ratios, default=1.0))


@lru_cache(maxsize=48)
def _drawn(shade: str, ratio: float) -> QIcon:
    pixmap = QPixmap(round(ICON_SMALL * ratio), round(ICON_SMALL * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_dot(painter, QPointF(ICON_SMALL / 2, ICON_SMALL / 2), RADIUS, shade)
    painter.end()
    return QIcon(pixmap)
