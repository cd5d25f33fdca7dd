"""Rounded words that can be pressed: some are on or off, others go when they are pressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from crm_desktop.ui.format import number, plain_tooltip
from crm_desktop.ui.theme import CAPTION, Theme, font
from crm_desktop.ui.tokens import SPACE_1, SPACE_2
from crm_desktop.ui.widgets.painting import colour, one_line, paint_dot, paint_text

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

HEIGHT = 26
PADDING = 10
DOT_RADIUS = 3.5
DOT_WIDTH = 13
CROSS = 12
MOST_WIDTH = 260
LEAST_WIDTH = 72
DotColour = Callable[[Theme], str]


class _Chip(QAbstractButton):
    """A pill with an optional dot; lit under the mouse, with a ring for the keyboard."""

    def __init__(
        self, theme: ThemeManager, dot: DotColour | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._dot = dot
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # As Space does; Enter on a plain button does nothing at all.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(LEAST_WIDTH, self.sizeHint().width()), HEIGHT)

    def _dot_width(self) -> int:
        return 0 if self._dot is None else DOT_WIDTH

    def _paint_ground(self, painter: QPainter, *, is_on: bool) -> QRectF:
        """Paint the pill and its dot; where the words go."""
        theme = self._theme.current
        is_lit = self.underMouse() and self.isEnabled()
        line = theme.accent if is_on or self.hasFocus() else theme.hairline
        ground = theme.accent_soft if is_on else theme.hover if is_lit else theme.paper
        width = 2.0 if self.hasFocus() else 1.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour(line), width))
        painter.setBrush(colour(ground))
        inset = width / 2
        rect = QRectF(self.rect())
        pill = rect.adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(pill, HEIGHT / 2, HEIGHT / 2)
        if self._dot is not None:
            centre = QPointF(PADDING + DOT_RADIUS, rect.center().y())
            paint_dot(painter, centre, DOT_RADIUS, self._dot(theme))
        return rect.adjusted(PADDING + self._dot_width(), 0, -PADDING, 0)


class ToggleChip(_Chip):
    """A word that is on or off, with how many it would leave."""

    def __init__(
        self,
        theme: ThemeManager,
        words: str,
        dot: DotColour | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, dot, parent)
        self._words = words
        self._count: int | None = None
        self.setCheckable(True)
        self.setText(words)
        self._name()

    def set_count(self, count: int) -> None:
        """Show how many there are."""
        if count != self._count:
            self._count = count
            self._name()
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(_font(is_on=True)).horizontalAdvance(self._words)
        width += self._count_width() + self._dot_width() + 2 * PADDING + 2
        return QSize(width, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, is_on = self._theme.current, self.isChecked()
        place = self._paint_ground(painter, is_on=is_on)
        ink = theme.text if is_on or self._count else theme.muted
        words = place.adjusted(0, 0, -self._count_width(), 0)
        paint_text(painter, words, self._words, _font(is_on=is_on), ink)
        if self._count is not None:
            end = Qt.AlignmentFlag.AlignRight
            paint_text(painter, place, number(self._count), font(CAPTION), theme.muted, end)
        painter.end()

    def _count_width(self) -> int:
        if self._count is None:
            return 0
        return QFontMetrics(font(CAPTION)).horizontalAdvance(number(self._count)) + SPACE_2

    def _name(self) -> None:
        count = "" if self._count is None else f", {number(self._count)}"
        self.setAccessibleName(f"{self._words}{count}")


class RemovableChip(_Chip):
    """What is in force; pressing it takes it away, and so do Delete and Backspace."""

    def __init__(
        self,
        theme: ThemeManager,
        words: str,
        dot: DotColour | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, dot, parent)
        self._words = ""
        self.set_words(words)

    def set_words(self, words: str) -> None:
        """Show other words; they may come from outside."""
        self._words = one_line(words)
        self.setText(self._words.replace("&", "&&"))
        self.setAccessibleName(f"{self._words}, remove")
        self.setToolTip(plain_tooltip(f"{self._words}\nClick to remove"))
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """What it says."""
        return self._words

    def sizeHint(self) -> QSize:
        width = QFontMetrics(_font(is_on=True)).horizontalAdvance(self._words)
        width += self._dot_width() + 2 * PADDING + SPACE_1 + CROSS + 2
        return QSize(min(width, MOST_WIDTH), HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme.current
        place = self._paint_ground(painter, is_on=True)
        words = place.adjusted(0, 0, -CROSS - SPACE_1, 0)
        paint_text(painter, words, self._words, _font(is_on=True), theme.text)
        cross = QRectF(place.right() - CROSS + 2, 0, CROSS, CROSS)
        cross.moveTop((self.height() - CROSS) / 2)
        is_lit = self.underMouse() or self.hasFocus()
        icon = self._theme.icon("close", "text" if is_lit else "muted")
        icon.paint(painter, cross.toRect())
        painter.end()


class LinkChip(_Chip):
    """A link that stands in line with chips."""

    def __init__(self, theme: ThemeManager, words: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self.setText(words)
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(_font(is_on=False)).horizontalAdvance(self.text())
        return QSize(width + 2 * PADDING, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, words = self._theme.current, _font(is_on=False)
        words.setUnderline(self.underMouse())
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour(theme.accent), 1))
            ring = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(ring, HEIGHT / 2, HEIGHT / 2)
        inside = QRectF(self.rect()).adjusted(PADDING, 0, -PADDING, 0)
        paint_text(painter, inside, self.text(), words, theme.accent)
        painter.end()


def _font(*, is_on: bool) -> QFont:
    return font(CAPTION, QFont.Weight.DemiBold if is_on else QFont.Weight.Normal)
