"""A small panel of fields that opens below its button and goes when one looks elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QFrame, QVBoxLayout, QWidget

from crm_desktop.ui.tokens import SPACE_1, SPACE_3, SPACE_4
from crm_desktop.ui.widgets.labels import plain_label

FIELD_WIDTH = 248


class PopupPanel(QFrame):
    """Captions over fields. Esc closes it and gives the keyboard back to the button."""

    def __init__(self, button: QAbstractButton, name: str) -> None:
        super().__init__(button, Qt.WindowType.Popup)
        self._button = button
        self._first: QWidget | None = None
        self.setProperty("role", "raised")
        self.setAccessibleName(name)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_4)
        self.column.setSpacing(SPACE_1)
        # Before any field takes it for its own: a field that empties would change what is chosen.
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.hide)

    def add_field(self, caption: str, field: QWidget) -> None:
        """Put a field at the end, under its caption."""
        self._first = self._first or field
        if self.column.count():
            self.column.addSpacing(SPACE_3)
        self.column.addWidget(plain_label(caption, "caption", "muted", is_strong=True))
        field.setMinimumWidth(FIELD_WIDTH)
        self.column.addWidget(field)

    def open(self) -> None:
        """Show it below the button, the keyboard in its first field; within the screen."""
        self.adjustSize()
        button, size = self._button, self.sizeHint()
        corner = button.mapToGlobal(QPoint(0, button.height() + SPACE_1))
        self.move(_within(corner, size, button))
        self.show()
        if self._first is not None:
            self._first.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.hide()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._button.setFocus(Qt.FocusReason.PopupFocusReason)


def _within(corner: QPoint, size: QSize, button: QWidget) -> QPoint:
    """`corner`, moved so that a panel of `size` stays on the screen of the button."""
    screen = button.screen().availableGeometry()
    x = min(corner.x(), screen.right() - size.width())
    y = corner.y()
    if y + size.height() > screen.bottom():
        y = button.mapToGlobal(QPoint()).y() - size.height() - SPACE_1
    return QPoint(max(screen.left(), x), max(screen.top(), y))
