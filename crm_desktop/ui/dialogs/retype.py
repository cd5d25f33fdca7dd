"""Asks which type relationships shall have instead."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from crm_desktop.domain.relationships import RelationshipType
from crm_desktop.ui.dialogs.command_dialog import CommandDialog
from crm_desktop.ui.format import plain_tooltip, plural
from crm_desktop.ui.type_words import between, type_title
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.type_dot import dot_icon

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.domain.changes import Done
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext

WIDTH = 420
LIST_HEIGHT = 220
TYPE_ROLE = Qt.ItemDataRole.UserRole


def read_fitting_types(
    access: Access, ids: Sequence[int], ctx: JobContext
) -> tuple[RelationshipType, ...]:
    """The types that these relationships can have instead. For the reader lane."""
    from crm_desktop.services.relationship_list import fitting_types

    return fitting_types(access, ids, token=ctx.token)


def retype(access: Access, ids: Sequence[int], type_id: str) -> Done[int]:
    """The relationships, given another type. For the writer lane."""
    from crm_desktop.services.relationship_edits import retype_relationships

    return retype_relationships(access, ids, type_id)


class RetypeDialog(CommandDialog):
    """A list of the types that fit both ends; Enter takes the one that is lit."""

    def __init__(self, context: WindowContext, parent: QWidget, ids: Sequence[int]) -> None:
        count = len(ids)
        title = "Change type" if count == 1 else f"Change type of {plural(count, 'relationship')}"
        super().__init__(context, parent, title, "Change type", WIDTH)
        self._ids = tuple(ids)
        self.list = QListWidget()
        self.list.setAccessibleName("Types that fit")
        self.list.setMinimumHeight(LIST_HEIGHT)
        self.note = plain_label("Looking for types that fit…", "caption", "muted", wraps=True)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.note)
        self.save_button.setEnabled(False)
        self.list.itemActivated.connect(self.save)
        self.list.currentItemChanged.connect(self._on_chosen)
        context.lanes.reader.submit(
            partial(read_fitting_types, context.access, self._ids), done=self._offer
        )

    @Slot()
    def save(self) -> None:
        if self.list.currentRow() < 0:
            return
        item = self.list.currentItem()
        title = item.text()
        self.run(
            partial(retype, ids=self._ids, type_id=item.data(TYPE_ROLE)),
            lambda count: f"Changed {plural(count, 'relationship')} to “{title}”.",
        )

    @Slot(object)
    def _offer(self, types: tuple[RelationshipType, ...]) -> None:
        theme = self.context.theme.current
        for kind in sorted(types, key=lambda kind: type_title(kind.name).casefold()):
            labels = dict.fromkeys((kind.forward_label, kind.reverse_label))
            hint = f"{between(kind.from_entity_type, kind.to_entity_type)}\n{' / '.join(labels)}"
            item = QListWidgetItem(dot_icon(theme, kind.color_index), type_title(kind.name))
            item.setToolTip(plain_tooltip(hint))
            item.setData(TYPE_ROLE, kind.id)
            self.list.addItem(item)
        self.note.setText("No other type fits all of them. Types has room for new ones.")
        self.note.setVisible(not types)
        self.list.setCurrentRow(0)
        self.list.setFocus()

    @Slot()
    def _on_chosen(self) -> None:
        self.save_button.setEnabled(self.list.currentRow() >= 0)
        self.explain("")
