"""Contact over time as a small chart: messages per month, with the years marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.ui.format import month, months_back, plural
from crm_desktop.ui.theme import CAPTION, font
from crm_desktop.ui.widgets.painting import (
    colour,
    paint_dot,
    paint_sparkline,
    paint_text,
    spark_points,
)

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

CAPTION_HEIGHT = 16
PLOT_HEIGHT = 56


class MonthlyChart(QWidget):
    """Messages per month as a soft area. The mouse, or Left and Right, read single months."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values: tuple[int, ...] = ()
        self._months: list[tuple[int, int]] = []
        self._pointed: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_months(self, values: Sequence[int], now: int) -> None:
        """Show these counts, oldest first; the last is `now`'s month in UTC."""
        self._values = tuple(values)
        self._months = months_back(now, len(values), UTC)
        self._pointed = None
        self.setAccessibleName(self._summary())
        self.update()

    def reading(self) -> str:
        """The line above the plot: the month pointed at, or what there is in all."""
        if self._pointed is None:
            return self._summary()
        count = plural(self._values[self._pointed], "message")
        return f"{month(*self._months[self._pointed])} · {count}"

    def sizeHint(self) -> QSize:
        return QSize(240, PLOT_HEIGHT + 2 * CAPTION_HEIGHT + 4)

    def _summary(self) -> str:
        if not self._values:
            return ""
        return f"{plural(sum(self._values), 'message')} in {len(self._values) // 12} years"

    def _plot(self) -> QRectF:
        return QRectF(0, CAPTION_HEIGHT + 2, self.width(), PLOT_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, plot = self._theme.current, self._plot()
        caption = font(CAPTION)
        is_reading = self._pointed is not None
        paint_text(
            painter,
            QRectF(0, 0, self.width(), CAPTION_HEIGHT),
            self.reading(),
            font(CAPTION, QFont.Weight.Medium) if is_reading else caption,
            theme.text if is_reading else theme.muted,
        )
        paint_sparkline(painter, plot, self._values, theme.accent, theme.hairline)
        self._paint_years(painter, plot, caption)
        if self._pointed is not None:
            self._paint_pointer(painter, plot)
        if self.hasFocus():
            painter.setPen(QPen(colour(theme.accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    def _paint_years(self, painter: QPainter, plot: QRectF, caption: QFont) -> None:
        theme = self._theme.current
        painter.setPen(QPen(colour(theme.hairline), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        points = spark_points(self._values, plot.adjusted(2, 0, -3, 0))
        width = QFontMetricsF(caption).horizontalAdvance("0000")
        for (year, index), point in zip(self._months, points, strict=True):
            if index != 0:
                continue
            x = round(point.x()) + 0.5
            painter.setPen(QPen(colour(theme.outline), 1))
            painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 3))
            left = min(max(0.0, x - width / 2), self.width() - width)
            label = QRectF(left, plot.bottom() + 3, width + 2, CAPTION_HEIGHT)
            paint_text(painter, label, str(year), caption, theme.muted)

    def _paint_pointer(self, painter: QPainter, plot: QRectF) -> None:
        assert self._pointed is not None
        theme = self._theme.current
        point = spark_points(self._values, plot.adjusted(2, 2, -3, -1.5))[self._pointed]
        x = round(point.x()) + 0.5
        painter.setPen(QPen(colour(theme.outline), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        paint_dot(painter, point, 4.5, theme.surface)
        paint_dot(painter, point, 3, theme.accent)

    def _point(self, position: int | None) -> None:
        if position is not None and self._values:
            position = min(max(0, position), len(self._values) - 1)
        else:
            position = None
        if position != self._pointed:
            self._pointed = position
            self.setAccessibleDescription(self.reading() if position is not None else "")
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        step = max(1.0, self.width() - 5) / max(1, len(self._values) - 1)
        self._point(round((event.position().x() - 2) / step))

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
        else:
            start = len(self._values) if self._pointed is None else self._pointed
            self._point(start + step)
