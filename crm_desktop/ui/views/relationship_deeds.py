"""What can be done about a relationship, wherever one is listed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from crm_desktop.domain.relationships import EntityKind, RelationshipSource
from crm_desktop.ui.views import card_commands as commands

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.views.card_edits import CardEdits

SAID = {
    "confirm": "Confirmed: the relationship is now your own",
    "reject": "Rejected: the relationship will not be found again",
    "delete": "Deleted the relationship",
}


class RelationshipDeeds(QObject):
    """Fills menus with what can be done, and does it.

    Signals:
        note_wanted(relationship_id): a note is to be written.
        gone(relationship_id): it was rejected or deleted.
    """

    note_wanted = Signal(int)
    gone = Signal(int)

    def __init__(self, context: WindowContext, edits: CardEdits, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._edits = edits
        self._parent = parent

    def fill(
        self, menu: QMenu, relationship_id: int, source: RelationshipSource, *, leads: bool = True
    ) -> None:
        """Add what can be done; unless it `leads` nowhere, also going to its card."""
        if leads:
            show = self._context.navigate.show_relationship.emit
            menu.addAction("Show the relationship", partial(show, relationship_id))
        menu.addAction("Edit…", partial(self.edit, relationship_id))
        menu.addAction("Add a note", partial(self.note_wanted.emit, relationship_id))
        menu.addSeparator()
        if source is RelationshipSource.INFERRED:
            menu.addAction("Confirm", partial(self.judge, relationship_id, "confirm"))
            menu.addAction("Reject", partial(self.judge, relationship_id, "reject"))
        else:
            menu.addAction("Delete", partial(self.judge, relationship_id, "delete"))

    def key(self, event: QKeyEvent, relationship_id: int, source: str) -> bool:
        """Delete rejects what was found and deletes the rest; whether the key meant that."""
        if event.key() != Qt.Key.Key_Delete:
            return False
        is_found = source == RelationshipSource.INFERRED
        self.judge(relationship_id, "reject" if is_found else "delete")
        return True

    def judge(self, relationship_id: int, judgement: commands.Judgement) -> None:
        """Confirm, reject or delete it."""
        is_going = judgement != "confirm"
        self._edits.run(
            commands.judge_relationship(relationship_id, judgement),
            SAID[judgement],
            done=(lambda _count: self.gone.emit(relationship_id)) if is_going else None,
        )

    def edit(self, relationship_id: int) -> None:
        """Open the form on it."""
        from crm_desktop.ui.dialogs.relationship_form import RelationshipForm

        RelationshipForm.edit(self._context, self._parent.window(), relationship_id)

    def add(self, kind: EntityKind, entity_id: int, name: str) -> None:
        """Open the form for a new one of somebody."""
        from crm_desktop.ui.dialogs.relationship_form import RelationshipForm

        form = RelationshipForm(
            self._context, self._parent.window(), from_entity=(kind, entity_id, name)
        )
        form.open()
