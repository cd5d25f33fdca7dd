"""The lines of a card that lead somewhere: a person or company, a conversation; and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from crm_desktop.domain.relationships import EntityKind
from crm_desktop.ui.format import exact, plain_tooltip, plural, relative_short
from crm_desktop.ui.theme import BODY, CAPTION, font
from crm_desktop.ui.tokens import RADIUS, SPACE_1, SPACE_2
from crm_desktop.ui.type_words import type_colour
from crm_desktop.ui.widgets.editable_face import line_height
from crm_desktop.ui.widgets.labels import ElidedLabel, plain_label
from crm_desktop.ui.widgets.painting import (
    colour,
    one_line,
    paint_avatar,
    paint_bar,
    paint_dot,
    paint_text,
)

if TYPE_CHECKING:
    from crm_desktop.domain.messages import ConversationSummary
    from crm_desktop.ui.theme import Theme, ThemeManager

LINK_HEIGHT = 34
PORTRAIT = 22
BAR_WIDTH = 36
SHORT_BAR = 20
ROOMY = 240
DETAIL_SHARE = 0.4
DOT = 3.5
NAME_WIDTH = 72


class RowButton(QAbstractButton):
    """A painted row that can be clicked: lit under the mouse, framed under the keyboard, pressed
    by Enter and Space. A subclass paints what it says in `paint_row`."""

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self._theme = theme
        self._is_hovered = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def paint_row(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Paint what the row says into `rect`."""
        raise NotImplementedError

    def enterEvent(self, event: QEnterEvent) -> None:
        self._is_hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._is_hovered = False
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, rect = self._theme.current, QRectF(self.rect())
        ground = rect.adjusted(0.5, 0.5, -0.5, -0.5)
        if self._is_hovered and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(theme.hover))
            painter.drawRoundedRect(ground, RADIUS, RADIUS)
        self.paint_row(painter, rect.adjusted(SPACE_1, 0, -SPACE_1, 0), theme)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(theme.accent), 1))
            painter.drawRoundedRect(ground, RADIUS, RADIUS)
        painter.end()


class EntityRow(RowButton):
    """A person or company on one line: portrait, name, a word about it, a bar."""

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__(theme)
        self.kind = EntityKind.CONTACT
        self.entity_id = 0
        self._name = self._detail = ""
        self._share: float | None = None
        self._color_index: int | None = None
        self.setAccessibleName("Nobody")

    def set_content(
        self,
        kind: EntityKind,
        entity_id: int,
        name: str,
        detail: str = "",
        share: float | None = None,
        hint: str = "",
        color_index: int | None = None,
    ) -> None:
        """Show somebody or something. `share` (0-1) fills the bar; None draws none. `hint` is plain
        text for hovering. A dot of the colour (0-11) stands before the detail."""
        self.kind = kind
        self.entity_id = entity_id
        self._name = one_line(name)
        self._detail = one_line(detail)
        self._share = share
        self._color_index = color_index
        strength = [] if share is None else [f"strength {share * 100:.0f} of 100"]
        self.setAccessibleName(", ".join(p for p in (self._name, self._detail, *strength) if p))
        lines = [hint or self._name, *(word.capitalize() for word in strength)]
        self.setToolTip(plain_tooltip("\n".join(lines)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, LINK_HEIGHT)

    def paint_row(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        middle, right = rect.center().y(), rect.right()
        portrait = QRectF(rect.left(), middle - PORTRAIT / 2, PORTRAIT, PORTRAIT)
        if self.kind is EntityKind.COMPANY:
            self._theme.icon("company").paint(painter, portrait.toRect())
        else:
            paint_avatar(painter, portrait, theme, self.entity_id, self._name, font(BODY))
        if self._share is not None:
            length = BAR_WIDTH if rect.width() >= ROOMY else SHORT_BAR
            bar = QRectF(right - length, middle - 1.5, length, 3)
            paint_bar(painter, bar, self._share, theme.accent, theme.hairline)
            right = bar.left() - SPACE_2
        start = portrait.right() + SPACE_2
        caption = font(CAPTION)
        dot = 0.0 if self._color_index is None else 2 * DOT + SPACE_1
        # Where there is no room for both, the name says more.
        room = right - start - dot - SPACE_2
        left_over = room - QFontMetricsF(font(BODY)).horizontalAdvance(self._name) - 1
        wanted = QFontMetricsF(caption).horizontalAdvance(self._detail) + 1
        width = min(wanted, max(left_over, room * DETAIL_SHARE)) if self._detail else 0.0
        detail = QRectF(right - width, rect.top(), width, rect.height())
        if self._color_index is not None:
            centre = QPointF(detail.left() - SPACE_1 - DOT, middle)
            paint_dot(painter, centre, DOT, type_colour(theme, self._color_index))
        name = QRectF(start, rect.top(), detail.left() - dot - SPACE_2 - start, rect.height())
        paint_text(painter, name, self._name, font(BODY), theme.text)
        end = Qt.AlignmentFlag.AlignRight
        paint_text(painter, detail, self._detail, caption, theme.muted, end)


class ConversationRow(RowButton):
    """A conversation: subject and date, and below them its latest words."""

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__(theme)
        self.conversation_id = 0
        self._subject = self._preview = self._when = ""

    def set_content(self, conversation: ConversationSummary, now: int) -> None:
        """Show this conversation; times are told from `now` (epoch seconds UTC)."""
        self.conversation_id = conversation.id
        self._subject = one_line(conversation.subject) or "No subject"
        self._preview = one_line(conversation.preview)
        last = conversation.last_message_at
        self._when = "" if last is None else relative_short(last, now)
        count = plural(conversation.message_count, "message")
        lines = [self._subject, ", ".join(conversation.participants), count]
        lines += [] if last is None else [exact(last)]
        self.setToolTip(plain_tooltip("\n".join(line for line in lines if line)))
        self.setAccessibleName(f"{self._subject}, {count}, {self._when}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 46 if self._preview else 28)

    def paint_row(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        caption = font(CAPTION)
        left, width = rect.left(), rect.width()
        taken = QFontMetricsF(caption).horizontalAdvance(self._when) + 1
        end = Qt.AlignmentFlag.AlignRight
        when = QRectF(rect.right() - taken, 4, taken, 18)
        paint_text(painter, when, self._when, caption, theme.muted, end)
        subject = QRectF(left, 4, width - taken - SPACE_2, 18)
        paint_text(painter, subject, self._subject, font(BODY, QFont.Weight.Medium), theme.text)
        preview = QRectF(left, 23, width, 16)
        paint_text(painter, preview, self._preview, caption, theme.muted)


class FactRow(QWidget):
    """A name and a value on one line, with more on hover."""

    def __init__(self, name: str, value: str, hint: str = "") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_1, 0, SPACE_1, 0)
        row.setSpacing(SPACE_2)
        self.setFixedHeight(line_height(BODY))
        row.addWidget(plain_label(name, "body", "muted"))
        text = ElidedLabel(value)
        text.set_full_text(value, hint)
        text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(text, 1)
        self.setAccessibleName(f"{name}: {value}")


class FieldRow(QWidget):
    """A name at the left and a control, which takes the rest, at the right."""

    def __init__(self, name: str, field: QWidget, *, is_aligned: bool = False) -> None:
        """Controls that are `is_aligned` begin below each other, whatever their names."""
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_1, 0, 0, 0)
        row.setSpacing(SPACE_2)
        label = plain_label(name, "body", "muted")
        label.setFixedHeight(field.sizeHint().height())
        if is_aligned:
            label.setFixedWidth(NAME_WIDTH)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        self.setFocusProxy(field)
