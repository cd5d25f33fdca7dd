"""Asks for a note on a relationship."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from crm_desktop.ui.dialogs.command_dialog import CommandDialog
from crm_desktop.ui.widgets.labels import plain_label

if TYPE_CHECKING:
    from crm_desktop.domain.changes import Done
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext

WIDTH = 440


def add_note(access: Access, relationship_id: int, text: str) -> Done[int]:
    """The note, added. For the writer lane."""
    from crm_desktop.services import relationship_edits

    return relationship_edits.add_note(access, relationship_id, text)


class NoteDialog(CommandDialog):
    """A few lines of text, dated now."""

    def __init__(
        self, context: WindowContext, parent: QWidget, relationship_id: int, sentence: str
    ) -> None:
        """`sentence` is the relationship in words."""
        super().__init__(context, parent, "Add a note", "Add note", WIDTH)
        self._relationship_id = relationship_id
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("Note")
        self.text.setPlaceholderText("What you want to remember about this")
        self.text.setTabChangesFocus(True)
        if sentence:
            self.body.addWidget(plain_label(sentence, "body", "muted", wraps=True))
        self.body.addWidget(self.text)
        self.text.setFocus()

    @Slot()
    def save(self) -> None:
        text = self.text.toPlainText()
        if not text.strip():
            self.explain("The note is empty. Write something in it.")
            return
        command = partial(add_note, relationship_id=self._relationship_id, text=text)
        self.run(command, "Added a note.")
