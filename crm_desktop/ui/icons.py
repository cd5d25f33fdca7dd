"""The outline icons of `resources/icons`, coloured when they are loaded.

Each file is one 24 × 24 SVG drawn with `currentColor`; its name without `.svg` is the icon's name.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from crm_desktop.base.paths import resource

SIZES = (16, 20, 24)
DISABLED_OPACITY = 0.35
"""The sizes at which icons stand in the window, in pixels at 100 per cent."""


@lru_cache(maxsize=256)
def _source(name: str) -> bytes:
    return resource("icons", f"{name}.svg").read_bytes()


def icon_pixmap(name: str, colour: str, pixels: int) -> QPixmap:
    """The icon as a square transparent pixmap of `pixels` device pixels, drawn in `colour`."""
    return _render(_source(name).replace(b"currentColor", colour.encode()), pixels)


def _render(svg: bytes, pixels: int) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(svg))
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return pixmap


def app_pixmap(side: int, ratio: float = 1.0) -> QPixmap:
    """The program's own mark, `side` pixels wide at 100 per cent, for a screen of this ratio."""
    pixmap = _render(_source("crm-desktop"), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _dimmed(pixmap: QPixmap) -> QPixmap:
    dim = QPixmap(pixmap.size())
    dim.fill(Qt.GlobalColor.transparent)
    painter = QPainter(dim)
    painter.setOpacity(DISABLED_OPACITY)
    painter.drawPixmap(0, 0, pixmap)
    painter.end()
    return dim


@lru_cache(maxsize=1)
def app_icon() -> QIcon:
    """The program's own icon."""
    made = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(app_pixmap(side))
    return made


def icon(name: str, colour: str, active: str = "") -> QIcon:
    """The icon `name` in `colour` (#rrggbb), and in `active` where a control is on or selected;
    crisp on every screen that is connected now.

    Raises FileNotFoundError for a name that `resources/icons` does not hold.
    """
    ratios = {screen.devicePixelRatio() for screen in QGuiApplication.screens()}
    return _icon(name, colour, active, tuple(sorted(ratios)))


@lru_cache(maxsize=512)
def _icon(name: str, colour: str, active: str, ratios: tuple[float, ...]) -> QIcon:
    drawn = QIcon()
    for pixels in sorted({round(size * ratio) for size in SIZES for ratio in ratios}):
        plain = icon_pixmap(name, colour, pixels)
        drawn.addPixmap(plain)
        # What the style makes of a light icon on a dark ground looks no different.
        drawn.addPixmap(_dimmed(plain), QIcon.Mode.Disabled)
        if active:
            lit = icon_pixmap(name, active, pixels)
            drawn.addPixmap(lit, QIcon.Mode.Normal, QIcon.State.On)
            drawn.addPixmap(lit, QIcon.Mode.Selected)
    return drawn
