"""Any control of a form with its name above it and what is wrong with it below."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from crm_desktop.ui.style import restyle
from crm_desktop.ui.tokens import SPACE_1
from crm_desktop.ui.widgets.labels import plain_label


class Captioned(QWidget):
    """A caption over a control, and room for a sentence below it."""

    def __init__(self, caption: str, control: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = control
        self._caption = plain_label(caption, "caption", "muted", is_strong=True)
        self._caption.setBuddy(control)
        self._problem = plain_label("", "caption", "danger", wraps=True)
        self._problem.hide()
        if not control.accessibleName():
            control.setAccessibleName(caption)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_1)
        column.addWidget(self._caption)
        column.addWidget(control)
        column.addWidget(self._problem)
        column.addStretch(1)
        self.setFocusProxy(control)

    def set_caption(self, caption: str) -> None:
        """Name the control otherwise for the eye."""
        self._caption.setText(caption)

    def problem(self) -> str:
        """What is said to be wrong; "" when nothing is."""
        return self._problem.text()

    def set_problem(self, problem: str) -> None:
        """Say what is wrong, or with "" that nothing is."""
        if problem == self._problem.text():
            return
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.control.setAccessibleDescription(problem)
        if isinstance(self.control, QLineEdit):
            self.control.setProperty("state", "wrong" if problem else "")
            restyle(self.control)
        if problem:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.control, problem))
