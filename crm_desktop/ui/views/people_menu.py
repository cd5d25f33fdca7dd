"""What can be done with the people selected in the table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtWidgets import QAbstractItemView, QMenu

from crm_desktop.ui.views.card_parts import popup

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.models.people import PeopleModel
    from crm_desktop.ui.widgets.table import RowTable

MOST_MERGED = 10


class PeopleMenu(QObject):
    """The context menu of the table, in which several can be selected."""

    def __init__(self, context: WindowContext, table: RowTable, model: PeopleModel) -> None:
        super().__init__(table)
        self._context = context
        self._table = table
        self._model = model
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._open)

    def selected_ids(self, most: int = MOST_MERGED + 1) -> list[int]:
        """The people selected, by position; not more than `most`."""
        selection = self._table.selectionModel().selection()
        # Ranges, not rows: all of 100,000 rows are one.
        spans = sorted(
            {(selection.at(i).top(), selection.at(i).bottom()) for i in range(selection.count())}
        )
        ids: dict[int, None] = {}
        for first, last in spans:
            ids.update(dict.fromkeys(self._model.ids(first, min(last + 1, first + most))))
        return list(ids)[:most]

    def menu(self) -> QMenu:
        """What can be done with whom is selected."""
        ids, navigate = self.selected_ids(), self._context.navigate
        menu = QMenu(self._table)
        show = menu.addAction("Show the card")
        draw = menu.addAction("Show on the graph")
        for action, signal in ((show, navigate.show_contact), (draw, navigate.show_on_graph)):
            action.setEnabled(len(ids) == 1)
            if ids:
                action.triggered.connect(partial(signal.emit, ids[0]))
        menu.addSeparator()
        merge = menu.addAction("Merge…", partial(self.merge, ids))
        merge.setEnabled(2 <= len(ids) <= MOST_MERGED)
        review = "review-duplicates"
        menu.addAction("Review who is here twice", partial(navigate.run_action.emit, review))
        return menu

    def merge(self, ids: list[int]) -> None:
        """Ask whose card is kept when these people become one."""
        from crm_desktop.ui.dialogs.merge import MergeDialog

        MergeDialog(self._context, self._table.window(), ids).open()

    @Slot(QPoint)
    def _open(self, place: QPoint) -> None:
        viewport = self._table.viewport()
        index = self._table.indexAt(place)
        if not index.isValid():  # by keyboard, or below the rows
            place = self._table.visualRect(self._table.currentIndex()).bottomLeft()
        popup(self.menu(), viewport.mapToGlobal(place))
