"""Asks which other contact is the same person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from crm_desktop.domain.relationships import EntityKind, Suggestion
from crm_desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6
from crm_desktop.ui.views import card_commands as commands
from crm_desktop.ui.views.card_edits import short
from crm_desktop.ui.widgets.entity_picker import EntityPicker
from crm_desktop.ui.widgets.labels import plain_label

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.views.card_edits import CardEdits

WIDTH = 420
WHY = (
    "Their messages and relationships count as one person’s from now on. Both cards stay, and you "
    "can take it back at any time."
)


class SamePersonDialog(QDialog):
    """A picker for the other contact; nothing changes before the button is pressed."""

    def __init__(
        self,
        context: WindowContext,
        edits: CardEdits,
        contact_id: int,
        name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._edits = edits
        self._contact_id = contact_id
        self._name = name
        self.setWindowTitle("Same person")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDTH)
        self.picker = EntityPicker(
            context, (EntityKind.CONTACT,), name="Person", hint="Name or address"
        )
        self.problem = plain_label("", "caption", "danger", wraps=True)
        self.problem.hide()
        self.same_button = QPushButton("The same person")
        self.same_button.setAccessibleName("The same person")
        self.same_button.setProperty("kind", "primary")
        self.same_button.setDefault(True)
        self.same_button.setEnabled(False)
        self.same_button.clicked.connect(self._say_same)
        cancel = QPushButton("Cancel")
        cancel.setAccessibleName("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.picker.picked.connect(self._check)
        self.picker.cleared.connect(self._check)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.same_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addWidget(plain_label(f"Who else is {short(name)}?", "lead", wraps=True))
        column.addWidget(plain_label(WHY, "body", "muted", wraps=True))
        column.addWidget(self.picker)
        column.addWidget(self.problem)
        column.addSpacing(SPACE_2)
        column.addLayout(buttons)
        self.picker.setFocus(Qt.FocusReason.OtherFocusReason)

    def saved(self) -> None:
        """It is stored."""
        self.accept()

    def revert(self) -> None:
        """It could not be stored."""
        self.same_button.setEnabled(True)

    def refuse(self, problem: str) -> None:
        """It cannot be taken, and why."""
        self.problem.setText(problem)
        self.problem.show()
        self.same_button.setEnabled(True)

    def _other(self) -> Suggestion | None:
        other = self.picker.entity()
        return None if other is None or other.entity_id == self._contact_id else other

    @Slot()
    def _check(self, *_args: object) -> None:
        self.problem.hide()
        self.same_button.setEnabled(self._other() is not None)

    @Slot()
    def _say_same(self) -> None:
        other = self._other()
        if other is None:
            return
        self.same_button.setEnabled(False)
        said = f"{short(other.name)} and {short(self._name)} count as one person from now on"
        command = commands.decide_identity(self._contact_id, other.entity_id, "same")
        self._edits.run(command, said, field=self)
