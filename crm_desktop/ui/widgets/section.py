"""A titled part of a card, and a scrolling column to put such parts into."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_6
from crm_desktop.ui.widgets.labels import plain_label


def holds_focus(widget: QWidget) -> bool:
    """Whether the keyboard of its window is in `widget` or below it."""
    focus: QWidget | None = widget.window().focusWidget()
    return focus is not None and (focus is widget or widget.isAncestorOf(focus))


@contextmanager
def keeping_focus(widget: QWidget) -> Iterator[None]:
    """Leave the keyboard in `widget` when whatever had it there goes away meanwhile."""
    was_inside = holds_focus(widget)
    yield
    if was_inside and not holds_focus(widget):
        widget.setFocus(Qt.FocusReason.OtherFocusReason)


def clear_layout(layout: QLayout) -> None:
    """Remove everything from a layout; the widgets go for good."""
    while (item := layout.takeAt(0)) is not None:
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()
        elif inner := item.layout():
            clear_layout(inner)


def hairline() -> QFrame:
    """A line across."""
    line = QFrame()
    line.setProperty("role", "line")
    line.setFixedHeight(1)
    return line


class Section(QWidget):
    """A small heading over widgets; hidden while it holds none."""

    def __init__(self, title: str, spacing: int = SPACE_1, *, has_buttons: bool = False) -> None:
        """Rows that are buttons reach out beyond the text, for their ground under the mouse."""
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        self.heading = plain_label(title, "caption", "muted", is_strong=True)
        if not title:
            self.heading.hide()
        self.heading.setContentsMargins(SPACE_1, 0, 0, 0)
        column.addWidget(self.heading)
        self.body = QVBoxLayout()
        self.body.setSpacing(spacing)
        inset = 0 if has_buttons else SPACE_1
        self.body.setContentsMargins(inset, 0, inset, 0)
        column.addLayout(self.body)
        self.setAccessibleName(title)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the end."""
        self.body.addWidget(widget)
        if self.parentWidget() is not None:
            # Before that it would be a window of its own.
            self.show()

    def clear(self) -> None:
        """Remove all widgets, and the section from sight."""
        clear_layout(self.body)
        self.hide()


class CardScroll(QScrollArea):
    """A column that scrolls up and down and is always as wide as its place."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cardScroll")
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        content = QWidget()
        content.setAutoFillBackground(False)
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_6)
        self.column.setSpacing(SPACE_6)
        self.setWidget(content)
        content.setAutoFillBackground(False)

    def follow_cursor(self, editor: QPlainTextEdit) -> None:
        """Keep the line that is being written in `editor`, which grows with its text, in sight."""

        def follow() -> None:
            content: QWidget | None = self.widget()
            if content is not None and editor.hasFocus():
                at = editor.viewport().mapTo(content, editor.cursorRect().center())
                self.ensureVisible(at.x(), at.y(), 0, editor.cursorRect().height() + SPACE_3)

        # Once the layout has followed the text.
        editor.cursorPositionChanged.connect(lambda: QTimer.singleShot(0, editor, follow))
