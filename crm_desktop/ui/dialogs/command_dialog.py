"""The base of small dialogs that ask for something and then run one command."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from crm_desktop.base.errors import UserError
from crm_desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6
from crm_desktop.ui.widgets.labels import plain_label

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.editing import Command

SAVE_KEYS = ("Ctrl+Return", "Ctrl+Enter")


class CommandDialog(QDialog):
    """A title, a `body` to fill, a sentence on what is wrong, Cancel and the one thing to do.

    Open it with `open()`. Ctrl+Enter does the thing from anywhere in it; it closes once the
    command has succeeded, and says in place why it was refused.
    """

    def __init__(
        self, context: WindowContext, parent: QWidget, title: str, verb: str, width: int
    ) -> None:
        super().__init__(parent)
        self.context = context
        self._is_running = False
        self._next: Callable[[], object] | None = None
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(width)
        self.heading = plain_label(title, "title")
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE_3)
        self.problem = plain_label("", "caption", "danger", wraps=True)
        self.problem.hide()
        self.save_button = QPushButton(verb)
        self.save_button.setProperty("kind", "primary")
        self.save_button.setAccessibleName(verb)
        keys = QKeySequence(SAVE_KEYS[0]).toString(QKeySequence.SequenceFormat.NativeText)
        self.save_button.setToolTip(keys)
        cancel = QPushButton("Cancel")
        cancel.setAccessibleName("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addWidget(self.heading)
        column.addLayout(self.body, 1)
        column.addWidget(self.problem)
        column.addLayout(buttons)
        for each in SAVE_KEYS:
            QShortcut(QKeySequence(each), self, self.save)
        self.save_button.clicked.connect(self.save)

    @Slot()
    def save(self) -> None:
        """Do what was asked for, if all is there that it takes."""
        raise NotImplementedError

    @property
    def is_running(self) -> bool:
        """Whether a command is on its way."""
        return self._is_running

    def is_alive(self) -> bool:
        """Whether the dialog is still there; the person may have closed it meanwhile."""
        return isValid(self)

    def then(self, go_on: Callable[[], object]) -> None:
        """Call `go_on` as soon as the command that has just succeeded is over."""
        self._next = go_on

    def run(
        self,
        command: Command[Any],
        said: str | Callable[[Any], str] | None,
        done: Callable[[Any], object] | None = None,
    ) -> None:
        """Run `command` and close; or call `done` with its value instead of closing."""
        if self._is_running:
            return
        self._is_running = True
        self.save_button.setEnabled(False)
        self.explain("")
        self.context.editing.run(
            command, said=said, done=done or self._close, failed=self._refuse, finished=self._rest
        )

    def explain(self, text: str) -> None:
        """Say what is wrong; "" for nothing."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        if text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _close(self, _value: Any) -> None:
        if self.is_alive():
            self.accept()

    def _refuse(self, error: BaseException) -> None:
        if self.is_alive() and isinstance(error, UserError):
            self.explain(str(error))
        else:
            self.context.messages.error(error)

    def _rest(self) -> None:
        if not self.is_alive():
            return
        self._is_running = False
        self.save_button.setEnabled(True)
        go_on, self._next = self._next, None
        if go_on is not None:
            go_on()
