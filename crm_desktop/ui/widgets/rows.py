"""The lines of a card: a related person or company, a conversation, an address, a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import (
    QDesktopServices,
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from crm_desktop.domain.contacts import IdentifierKind
from crm_desktop.domain.relationships import EntityKind
from crm_desktop.ui.format import exact, identifier_link, plain_tooltip, plural, relative_short
from crm_desktop.ui.theme import BODY, CAPTION, font
from crm_desktop.ui.tokens import ICON_SMALL, RADIUS, SPACE_1, SPACE_2
from crm_desktop.ui.widgets.labels import ElidedLabel, LinkLabel, plain_label
from crm_desktop.ui.widgets.painting import (
    colour,
    one_line,
    paint_avatar,
    paint_bar,
    paint_text,
)

if TYPE_CHECKING:
    from crm_desktop.domain.cards import RelatedLine
    from crm_desktop.domain.contacts import Identifier
    from crm_desktop.domain.messages import ConversationSummary
    from crm_desktop.ui.theme import ThemeManager

LINK_HEIGHT = 34
PORTRAIT = 22
BAR_WIDTH = 36
COPIED_MS = 1500
IDENTIFIER_ICONS = {
    IdentifierKind.EMAIL: "mail",
    IdentifierKind.PHONE: "phone",
    IdentifierKind.HANDLE: "handle",
}


class EntityRow(QAbstractButton):
    """A person or company on one line: portrait, name, a word about it, a bar. A button."""

    def __init__(
        self,
        theme: ThemeManager,
        kind: EntityKind,
        entity_id: int,
        name: str,
        detail: str,
        share: float | None = None,
        hint: str = "",
    ) -> None:
        """`share` (0-1) fills the bar; None draws none. `hint` is plain text for hovering."""
        super().__init__()
        self._theme = theme
        self._kind = kind
        self.entity_id = entity_id
        self._name = one_line(name)
        self._detail = one_line(detail)
        self._share = share
        self._is_hovered = False
        strength = "" if share is None else f", strength {share * 100:.0f} of 100"
        self.setAccessibleName(f"{self._name}, {self._detail}{strength}".replace(", ,", ","))
        lines = [hint] if hint else [self._name]
        lines += [] if share is None else [f"Strength {share * 100:.0f} of 100"]
        self.setToolTip(plain_tooltip("\n".join(lines)))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(200, LINK_HEIGHT)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._is_hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._is_hovered = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, rect = self._theme.current, QRectF(self.rect())
        ground = rect.adjusted(0.5, 0.5, -0.5, -0.5)
        if self._is_hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(theme.hover))
            painter.drawRoundedRect(ground, RADIUS, RADIUS)
        middle = rect.center().y()
        left = rect.left() + SPACE_1
        portrait = QRectF(left, middle - PORTRAIT / 2, PORTRAIT, PORTRAIT)
        self._paint_portrait(painter, portrait)
        right = rect.right() - SPACE_1
        if self._share is not None:
            bar = QRectF(right - BAR_WIDTH, middle - 1.5, BAR_WIDTH, 3)
            paint_bar(painter, bar, self._share, theme.accent, theme.hairline)
            right = bar.left() - SPACE_2
        start = portrait.right() + SPACE_2
        caption = font(CAPTION)
        wanted = QFontMetricsF(caption).horizontalAdvance(self._detail) + 1
        detail_width = min(wanted, (right - start) * 0.5) if self._detail else 0.0
        detail = QRectF(right - detail_width, rect.top(), detail_width, rect.height())
        name = QRectF(start, rect.top(), detail.left() - SPACE_2 - start, rect.height())
        paint_text(painter, name, self._name, font(BODY), theme.text)
        end = Qt.AlignmentFlag.AlignRight
        paint_text(painter, detail, self._detail, caption, theme.muted, end)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(theme.accent), 1))
            painter.drawRoundedRect(ground, RADIUS, RADIUS)
        painter.end()

    def _paint_portrait(self, painter: QPainter, portrait: QRectF) -> None:
        theme = self._theme.current
        if self._kind is EntityKind.COMPANY:
            self._theme.icon("company").paint(painter, portrait.toRect())
        else:
            paint_avatar(painter, portrait, theme, self.entity_id, self._name, font(BODY))


def related_row(theme: ThemeManager, line: RelatedLine) -> EntityRow:
    """A relationship as its line on a card."""
    return EntityRow(
        theme,
        line.entity_type,
        line.entity_id,
        line.name,
        line.label,
        line.strength,
        line.description or "",
    )


class ConversationRow(QWidget):
    """A conversation: subject and date, and below them its latest words."""

    def __init__(self, theme: ThemeManager, conversation: ConversationSummary, now: int) -> None:
        super().__init__()
        self._theme = theme
        self._subject = one_line(conversation.subject) or "No subject"
        self._preview = one_line(conversation.preview)
        last = conversation.last_message_at
        self._when = "" if last is None else relative_short(last, now)
        count = plural(conversation.message_count, "message")
        lines = [self._subject, ", ".join(conversation.participants), count]
        lines += [] if last is None else [exact(last)]
        self.setToolTip(plain_tooltip("\n".join(line for line in lines if line)))
        self.setAccessibleName(f"{self._subject}, {count}, {self._when}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(200, 42 if self._preview else 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, caption = self._theme.current, font(CAPTION)
        width = self.width()
        taken = QFontMetricsF(caption).horizontalAdvance(self._when) + 1
        end = Qt.AlignmentFlag.AlignRight
        when = QRectF(width - taken, 2, taken, 18)
        paint_text(painter, when, self._when, caption, theme.muted, end)
        subject = QRectF(0, 2, width - taken - SPACE_2, 18)
        paint_text(painter, subject, self._subject, font(BODY, QFont.Weight.Medium), theme.text)
        paint_text(painter, QRectF(0, 21, width, 16), self._preview, caption, theme.muted)
        painter.end()


class IdentifierRow(QWidget):
    """An address, number or handle: opens by its text, copies by its button."""

    def __init__(self, theme: ThemeManager, identifier: Identifier) -> None:
        super().__init__()
        self._theme = theme
        self._identifier = identifier
        self._icon = QLabel()
        self._icon.setFixedSize(ICON_SMALL, ICON_SMALL)
        link = identifier_link(identifier)
        shown = identifier.raw if identifier.kind is IdentifierKind.PHONE else identifier.value
        self._text: ElidedLabel
        if link is None:
            self._text = ElidedLabel(shown)
        else:
            self._text = LinkLabel(shown)
            self._text.activated.connect(lambda: QDesktopServices.openUrl(QUrl(link)))
        self.copy_button = QToolButton()
        self.copy_button.setFixedSize(24, 24)
        self.copy_button.setToolTip("Copy")
        self.copy_button.setAccessibleName("Copy")
        self.copy_button.setAccessibleDescription(shown)
        self.copy_button.clicked.connect(self._copy)
        self._restore = QTimer(self)
        self._restore.setSingleShot(True)
        self._restore.setInterval(COPIED_MS)
        self._restore.timeout.connect(self._draw_icons)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_1, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self.copy_button)
        self._draw_icons()
        theme.changed.connect(self._draw_icons)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._identifier.value)
        self.copy_button.setIcon(self._theme.icon("check", "positive"))
        self.copy_button.setAccessibleName("Copied")
        self._restore.start()

    @Slot()
    def _draw_icons(self) -> None:
        name = IDENTIFIER_ICONS[self._identifier.kind]
        self._icon.setPixmap(self._theme.icon(name).pixmap(ICON_SMALL, ICON_SMALL))
        self.copy_button.setIcon(self._theme.icon("copy"))
        self.copy_button.setAccessibleName("Copy")


class FactRow(QWidget):
    """A name and a value on one line, with more on hover."""

    def __init__(self, name: str, value: str, hint: str = "") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, 0, 1)
        row.setSpacing(SPACE_2)
        row.addWidget(plain_label(name, "body", "muted"))
        text = ElidedLabel(value)
        text.set_full_text(value, hint)
        text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(text, 1)
        self.setAccessibleName(f"{name}: {value}")
