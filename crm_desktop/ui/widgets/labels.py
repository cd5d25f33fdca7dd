"""Labels that show text from outside: never as markup, and never wider than their place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from crm_desktop.ui.format import plain_tooltip
from crm_desktop.ui.theme import BODY, CAPTION, DISPLAY, LEAD, TITLE, font
from crm_desktop.ui.widgets.painting import one_line

SIZES = {"caption": CAPTION, "body": BODY, "lead": LEAD, "title": TITLE, "display": DISPLAY}
HEADINGS = ("title", "display")


def dress(label: QLabel, size: str = "body", tone: str = "", *, is_strong: bool = False) -> None:
    """Give a label its size and weight, and its tone from the style sheet."""
    is_heavy = is_strong or size in HEADINGS
    label.setFont(font(SIZES[size], QFont.Weight.DemiBold if is_heavy else QFont.Weight.Normal))
    if tone:
        label.setProperty("tone", tone)


def plain_label(
    text: str = "",
    size: str = "body",
    tone: str = "",
    *,
    is_strong: bool = False,
    wraps: bool = False,
    parent: QWidget | None = None,
) -> QLabel:
    """A label of plain text."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wraps)
    dress(label, size, tone, is_strong=is_strong)
    return label


class ElidedLabel(QLabel):
    """One line that ends in "…" where there is no room, with the whole text as its tooltip."""

    def __init__(
        self,
        text: str = "",
        size: str = "body",
        tone: str = "",
        *,
        is_strong: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._full = ""
        self._hint = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        dress(self, size, tone, is_strong=is_strong)
        self.set_full_text(text)

    def set_full_text(self, text: str, hint: str = "") -> None:
        """Show `text`; the tooltip is `hint`, or the text itself where it does not fit."""
        self._full = one_line(text)
        self._hint = hint
        self.setAccessibleName(self._full)
        self._elide()
        self.updateGeometry()

    def full_text(self) -> str:
        """The text without the ellipsis."""
        return self._full

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._full) + 4, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._elide()

    def _elide(self) -> None:
        metrics = QFontMetrics(self.font())
        shown = metrics.elidedText(self._full, Qt.TextElideMode.ElideRight, max(0, self.width()))
        if shown != self.text():
            self.setText(shown)
        is_cut = shown != self._full
        self.setToolTip(plain_tooltip(self._hint or (self._full if is_cut else "")))


class LinkLabel(ElidedLabel):
    """Text that opens something, by mouse or by Enter and Space.

    Signals:
        activated(): the person wants what it names.
    """

    activated = Signal()

    def __init__(
        self,
        text: str = "",
        size: str = "body",
        tone: str = "",
        *,
        is_strong: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, size, tone, is_strong=is_strong, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._underline(False)

    def _underline(self, is_underlined: bool) -> None:
        made = self.font()
        made.setUnderline(is_underlined)
        self.setFont(made)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._underline(True)

    def leaveEvent(self, event: QEvent) -> None:
        self._underline(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._underline(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._underline(False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.activated.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit()
        else:
            super().keyPressEvent(event)
