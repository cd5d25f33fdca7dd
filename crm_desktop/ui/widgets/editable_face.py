"""How something that can be changed where it stands looks while nobody changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from crm_desktop.ui.format import plain_tooltip
from crm_desktop.ui.theme import BODY, font
from crm_desktop.ui.tokens import RADIUS
from crm_desktop.ui.widgets.painting import colour, one_line, paint_text

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

PADDING = 4
MARK = 12
MARK_GAP = 4


def line_height(size: int, weight: int | QFont.Weight = QFont.Weight.Normal) -> int:
    """How high one line of a face is, and of the field that takes its place."""
    return QFontMetrics(font(size, weight)).height() + 2 * PADDING


class Face(QAbstractButton):
    """A value, or in its absence a hint what could stand there; a button, by mouse, Enter, Space
    and F2. Its mark, such as a pencil, shows under the mouse and the keyboard, or always where
    `shows_mark` says so."""

    def __init__(
        self,
        theme: ThemeManager,
        name: str,
        mark: str = "edit",
        *,
        size: int = BODY,
        weight: int | QFont.Weight = QFont.Weight.Normal,
        ink: str = "text",
        most_lines: int = 1,
        is_at_end: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`name` says what the value is. `is_at_end` aligns it to the right side."""
        super().__init__(parent)
        self._theme = theme
        self._name = name
        self._mark = mark
        self._font = font(size, weight)
        self._ink = ink
        self._most_lines = most_lines
        self._is_at_end = is_at_end
        self._text = ""
        self._hint = ""
        self._is_hovered = False
        self.shows_mark = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # Of a fixed height Qt takes the hint for the most, whatever the width asks for.
        can_wrap = most_lines > 1
        upright = QSizePolicy.Policy.Minimum if can_wrap else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, upright)
        policy.setHeightForWidth(can_wrap)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)
        self.set_face("", "")

    def set_face(self, text: str, hint: str) -> None:
        """Show `text`; where it is blank, `hint`."""
        # Not the button's own text, in which "&" marks a shortcut.
        self._text = one_line(text)
        self._hint = hint
        self.setAccessibleName(f"{self._name}: {self._text or 'none'}")
        self.setAccessibleDescription("" if self._text else hint)
        self._say_whole()
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """The value shown, "" for none."""
        return self._text

    def set_name(self, name: str) -> None:
        """Say otherwise what the value is."""
        self._name = name
        self.set_face(self._text, self._hint)

    def hasHeightForWidth(self) -> bool:
        return self._most_lines > 1

    def heightForWidth(self, width: int) -> int:
        metrics = QFontMetrics(self._font)
        return max(1, len(self._lines(self._room(width)))) * metrics.height() + 2 * PADDING

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font)
        width = metrics.horizontalAdvance(self._text or self._hint) + 2 * PADDING
        return QSize(width + MARK + MARK_GAP, metrics.height() + 2 * PADDING)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, self.sizeHint().height())

    def enterEvent(self, event: QEnterEvent) -> None:
        self._is_hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._is_hovered = False
        self.update()

    def resizeEvent(self, event: QEvent) -> None:
        self._say_whole()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)
        if event.key() in keys and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme.current
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        is_lit = self.isEnabled() and (self._is_hovered or self.hasFocus())
        if self._is_hovered and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(theme.hover))
            painter.drawRoundedRect(ground, RADIUS, RADIUS)
        ink = getattr(theme, self._ink) if self._text else theme.muted
        end = self._paint_words(painter, ink)
        if (is_lit or self.shows_mark) and self._mark:
            left = end if self._is_at_end else min(end + MARK_GAP, self.width() - PADDING - MARK)
            first_line = QFontMetricsF(self._font).height() / 2 + PADDING
            top = (self.height() / 2 if self._most_lines == 1 else first_line) - MARK / 2
            self._theme.icon(self._mark).paint(painter, round(left), round(top), MARK, MARK)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(theme.accent), 1))
            painter.drawRoundedRect(ground, RADIUS, RADIUS)
        painter.end()

    def _paint_words(self, painter: QPainter, ink: str) -> float:
        """Paint the value or the hint; where its mark belongs."""
        room = self._room(self.width())
        if self._is_at_end:
            rect = QRectF(self.width() - PADDING - room, 0, room, self.height())
            side = Qt.AlignmentFlag.AlignRight
            width = paint_text(painter, rect, self._text or self._hint, self._font, ink, side)
            return rect.right() - width - MARK_GAP - MARK
        if self._most_lines == 1:
            rect = QRectF(PADDING, 0, room, self.height())
            return PADDING + paint_text(painter, rect, self._text or self._hint, self._font, ink)
        metrics = QFontMetricsF(self._font)
        painter.setFont(self._font)
        painter.setPen(colour(ink))
        right = 0.0
        for number, line in enumerate(self._lines(room)):
            rect = QRectF(PADDING, PADDING + number * metrics.height(), room, metrics.height())
            width = paint_text(painter, rect, line, self._font, ink)
            right = width if number == 0 else right
        return PADDING + right

    def _room(self, width: int) -> float:
        """What the words may take of `width`; the mark stands beside them."""
        return max(8.0, width - 2 * PADDING - (MARK + MARK_GAP if self._mark else 0))

    def _lines(self, room: float) -> list[str]:
        """The words broken into lines; the last one holds all the rest."""
        text = self._text or self._hint
        layout = QTextLayout(text, self._font)
        option = QTextOption()
        # Names need not have blanks.
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        lines: list[str] = []
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(room)
            line.setPosition(QPointF(0, 0))
            start = line.textStart()
            if len(lines) == self._most_lines - 1:
                lines.append(_slice_utf16(text, start, None))
                break
            lines.append(_slice_utf16(text, start, start + line.textLength()).rstrip())
        layout.endLayout()
        return lines

    def _say_whole(self) -> None:
        """The tooltip holds what the lines have no room for."""
        room, metrics = self._room(self.width()), QFontMetricsF(self._font)
        lines = [self._text] if self._most_lines == 1 else self._lines(room)
        is_cut = any(metrics.horizontalAdvance(line) > room + 1 for line in lines)
        self.setToolTip(plain_tooltip(self._text if is_cut and self._text else ""))


def _slice_utf16(text: str, start: int, end: int | None) -> str:
    """A part of `text` between positions as Qt counts them."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * start : None if end is None else 2 * end].decode("utf-16-le", "replace")
