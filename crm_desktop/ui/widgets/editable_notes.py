"""Longer text that is written where it stands, and never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from crm_desktop.ui.style import restyle
from crm_desktop.ui.theme import BODY, font

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent

PASSING_REASONS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason)
"""The keyboard comes back at once. Going to another program is a moment to save."""
EDGE = 5
MOST_LINES = 24


class EditableNotes(QPlainTextEdit):
    """Several lines of plain text, as high as they are. What is typed is committed by Ctrl+Enter,
    by Esc, and by going elsewhere; a text that comes meanwhile does not take its place.

    Signals:
        committed(text): what was typed, trimmed at the end; not what was there before. The owner
            answers with `saved` or `refuse`.
        escaped(): Esc was pressed; the text is committed.
        refused(problem): what was committed cannot be taken.
    """

    committed = Signal(str)
    escaped = Signal()
    refused = Signal(str)

    def __init__(
        self, name: str, hint: str, *, least_lines: int = 2, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._value = ""
        self._least_lines = least_lines
        self._saving: str | None = None
        self.setProperty("kind", "inPlace")
        self.setProperty("isCalm", True)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setFont(font(BODY))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self.textChanged.connect(self._fit)
        self._fit()

    def set_value(self, text: str) -> None:
        """The text as it is stored. It shows unless something else is being written."""
        is_touched = self.is_touched
        self._value = text
        is_typing = self.hasFocus() and text.rstrip() == self.toPlainText().rstrip()
        if not is_touched and not is_typing and text != self.toPlainText():
            cursor = self.textCursor().position()
            self.setPlainText(text)
            moved = self.textCursor()
            moved.setPosition(min(cursor, len(self.document().toPlainText())))
            self.setTextCursor(moved)

    @property
    def is_touched(self) -> bool:
        """Whether there is something written that is not stored."""
        return self._saving is not None or self.toPlainText().rstrip() != self._value.rstrip()

    @Slot()
    def commit(self) -> None:
        """Tell what was written, if that is new."""
        text = self.toPlainText().rstrip()
        if text == self._value.rstrip() or text == self._saving:
            return
        self._saving = text
        self.committed.emit(text)

    def finish(self) -> None:
        """Commit: something else is to be shown."""
        self.commit()

    def forget(self) -> None:
        """Show something else from now on; what was written has been committed."""
        self._saving = None
        self._value = ""
        self.clear()

    def saved(self) -> None:
        """What was committed is stored; it is what was written, unless more was since."""
        if self._saving is not None:
            self._value = self._saving
        self._saving = None

    def revert(self) -> None:
        """What was committed is not stored; it stays where it is, to be tried again."""
        self._saving = None

    def refuse(self, problem: str) -> None:
        """The same, and why."""
        self.revert()
        self.refused.emit(problem)

    def sizeHint(self) -> QSize:
        return QSize(200, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        return QSize(48, self.minimumHeight())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.commit()
        elif event.key() == Qt.Key.Key_Escape:
            self.commit()
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._calm(False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in PASSING_REASONS:
            self._calm(True)
            self.commit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _calm(self, is_calm: bool) -> None:
        self.setProperty("isCalm", is_calm)
        restyle(self)

    @Slot()
    def _fit(self) -> None:
        """Be as high as the text, within bounds."""
        # Of a QPlainTextDocumentLayout the height is a number of lines.
        lines = round(self.document().documentLayout().documentSize().height())
        shown = min(max(lines, self._least_lines), MOST_LINES)
        height = shown * self.fontMetrics().lineSpacing() + 2 * (EDGE + 2)
        policies = Qt.ScrollBarPolicy
        is_long = lines > MOST_LINES
        policy = policies.ScrollBarAsNeeded if is_long else policies.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)
        if self.minimumHeight() != height:
            self.setFixedHeight(height)
            self.updateGeometry()
