"""A horizontal slider in the colours of the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QWidget

from crm_desktop.ui.widgets.painting import colour, paint_bar

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

HEIGHT_PX = 24
KNOB_PX = 7.0
TRACK_PX = 4.0


class Slider(QSlider):
    """A thin track with a round knob; a click anywhere goes there."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(160, HEIGHT_PX)

    def _track(self) -> QRectF:
        middle = self.height() / 2 - TRACK_PX / 2
        return QRectF(KNOB_PX + 2, middle, self.width() - 2 * KNOB_PX - 4, TRACK_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, track = self._theme.current, self._track()
        share = (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())
        paint_bar(painter, track, share, theme.accent, theme.hairline)
        centre = QPointF(track.left() + share * track.width(), track.center().y())
        painter.setPen(QPen(colour(theme.accent if self.hasFocus() else theme.outline), 1.5))
        painter.setBrush(colour(theme.raised))
        painter.drawEllipse(centre, KNOB_PX, KNOB_PX)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go_to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go_to(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._go_to(event)

    def _go_to(self, event: QMouseEvent) -> None:
        pressed = event.button() | event.buttons()
        if not pressed & Qt.MouseButton.LeftButton:
            return
        track = self._track()
        share = (event.position().x() - track.left()) / max(track.width(), 1.0)
        span = self.maximum() - self.minimum()
        self.setValue(self.minimum() + round(min(max(share, 0.0), 1.0) * span))
        event.accept()
