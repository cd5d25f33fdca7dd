"""A field of a form: its name above it, and what is wrong with it below."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from crm_desktop.ui.style import restyle
from crm_desktop.ui.tokens import SPACE_1
from crm_desktop.ui.widgets.labels import plain_label


class FormField(QWidget):
    """A caption over one line of text, and room for a sentence below it."""

    def __init__(self, caption: str, most: int, parent: QWidget | None = None) -> None:
        """`most` is how many characters the line takes."""
        super().__init__(parent)
        self.edit = QLineEdit()
        self.edit.setMaxLength(most)
        # Files dropped here belong to the window.
        self.edit.setAcceptDrops(False)
        self._caption = plain_label("", "caption", "muted", is_strong=True)
        self._caption.setBuddy(self.edit)
        self._problem = plain_label("", "caption", "danger", wraps=True)
        self._problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_1)
        column.addWidget(self._caption)
        column.addWidget(self.edit)
        column.addWidget(self._problem)
        self.setFocusProxy(self.edit)
        self.set_caption(caption)

    def set_caption(self, caption: str) -> None:
        """Name the field."""
        self._caption.setText(caption)
        self.edit.setAccessibleName(caption)

    def caption(self) -> str:
        """The name of the field."""
        return self._caption.text()

    def problem(self) -> str:
        """What is said to be wrong; "" when nothing is."""
        return self._problem.text()

    def set_problem(self, problem: str) -> None:
        """Say what is wrong with the field, or with "" that nothing is."""
        if problem == self._problem.text():
            return
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.edit.setAccessibleDescription(problem)
        self.edit.setProperty("state", "wrong" if problem else "")
        restyle(self.edit)
        if problem:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.edit, problem))
