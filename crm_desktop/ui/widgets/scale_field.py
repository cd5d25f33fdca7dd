"""A measure from 1 to 5 that the person gives, with a word for each step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.ui.format import plain_tooltip
from crm_desktop.ui.theme import BODY, font
from crm_desktop.ui.tokens import RADIUS
from crm_desktop.ui.widgets.editable_face import PADDING, line_height
from crm_desktop.ui.widgets.painting import colour, paint_text

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

STEPS = 5
STEP_WIDTH = 16
RADIUS_OF_DOT = 4.5
FIRST_DOT = PADDING + RADIUS_OF_DOT + 1
PAUSE_MS = 700
"""The keyboard goes through the steps; where it rests is what is meant."""


class ScaleField(QWidget):
    """Five dots and the word of the one in force. By mouse at once, by Left, Right and 1-5 after a
    pause; Delete, Backspace and 0 say that nothing is known, and so does a click on the one dot
    that is in force.

    Signals:
        chosen(value): 1-5, or 0 for nothing known.
    """

    chosen = Signal(int)

    def __init__(
        self,
        theme: ThemeManager,
        name: str,
        words: Sequence[str],
        hint: str,
        parent: QWidget | None = None,
    ) -> None:
        """`words` are those of the five steps, lowest first; `hint` stands where none is known."""
        super().__init__(parent)
        self._theme = theme
        self._name = name
        self._words = tuple(words)
        self._hint = hint
        self._value = 0
        self._stored = 0
        self._pointed = 0
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.commit)
        theme.changed.connect(self.update)
        self._say()

    def set_value(self, value: int | None) -> None:
        """The step in force as it is stored; not while the keyboard is going through them."""
        self._stored = value or 0
        if not self._pause.isActive():
            self._show(self._stored)

    def value(self) -> int:
        """The step shown; 0 for nothing known."""
        return self._value

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(font(BODY))
        words = max(metrics.horizontalAdvance(word) for word in (*self._words, self._hint))
        width = 2 * PADDING + STEPS * STEP_WIDTH + PADDING + words
        return QSize(width, line_height(BODY))

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * PADDING + STEPS * STEP_WIDTH, line_height(BODY))

    @Slot()
    def commit(self) -> None:
        """Tell what was chosen, if that is new."""
        self._pause.stop()
        if self._value != self._stored:
            self._stored = self._value
            self.chosen.emit(self._value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Minus: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Plus: 1}
        if Qt.Key.Key_0 <= key <= Qt.Key.Key_5:
            self._go(int(key) - int(Qt.Key.Key_0))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._go(0)
        elif (step := steps.get(Qt.Key(key))) is not None:
            self._go(min(STEPS, max(1, self._value + step)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.commit()
        elif key == Qt.Key.Key_Escape and self._pause.isActive():
            self._pause.stop()
            self._show(self._stored)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._step_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        step = self._step_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and step:
            self._show(0 if step == self._value else step)
            self.commit()

    def leaveEvent(self, event: QEvent) -> None:
        self._point(0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.commit()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme.current
        shown = self._pointed or self._value
        middle = self.height() / 2
        for step in range(1, STEPS + 1):
            centre = QPointF(FIRST_DOT + (step - 1) * STEP_WIDTH, middle)
            is_full = step <= shown
            painter.setPen(QPen(colour(theme.accent if is_full else theme.outline), 1.2))
            painter.setBrush(colour(theme.accent) if is_full else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, RADIUS_OF_DOT, RADIUS_OF_DOT)
        left = PADDING + STEPS * STEP_WIDTH + PADDING
        room = QRectF(left, 0, self.width() - left - PADDING, self.height())
        word = self._words[shown - 1] if shown else self._hint
        paint_text(painter, room, word, font(BODY), theme.text if shown else theme.muted)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(theme.accent), 1))
            frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(frame, RADIUS, RADIUS)
        painter.end()

    def _step_at(self, position: QPointF) -> int:
        step = round((position.x() - FIRST_DOT) / STEP_WIDTH) + 1
        return step if 1 <= step <= STEPS and 0 <= position.y() <= self.height() else 0

    def _point(self, step: int) -> None:
        if step != self._pointed:
            self._pointed = step
            self.setToolTip(plain_tooltip(self._words[step - 1]) if step else "")
            self.update()

    def _go(self, value: int) -> None:
        self._show(value)
        self._pause.start()

    def _show(self, value: int) -> None:
        self._value = value
        self._say()
        self.update()

    def _say(self) -> None:
        word = f"{self._words[self._value - 1]}, {self._value} of {STEPS}"
        self.setAccessibleName(f"{self._name}: {word if self._value else 'not known'}")
        self.setAccessibleDescription(
            "Left and Right or 1 to 5 choose, Delete says that it is not known"
        )
