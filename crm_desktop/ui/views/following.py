"""Keeping a list of people and the card on the same person."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, Slot
from PySide6.QtWidgets import QAbstractItemView

from crm_desktop.ui.models.paging import ID_ROLE

if TYPE_CHECKING:
    from crm_desktop.ui.context import Navigator


class PersonSelection(QObject):
    """Tells the navigator whom the view selects, and selects whom the navigator shows.

    The person is kept by id: `select_again` finds them after the rows were read anew.
    """

    def __init__(
        self, view: QAbstractItemView, position_of: Callable[[int], int], navigate: Navigator
    ) -> None:
        """`position_of` gives the row of a contact, or -1."""
        super().__init__(view)
        self._view = view
        self._position_of = position_of
        self._navigate = navigate
        self._contact_id = navigate.contact_id
        view.selectionModel().selectionChanged.connect(self._tell)
        navigate.show_contact.connect(self._follow)
        navigate.select_contact.connect(self._follow)

    def forget(self) -> None:
        """Nobody is selected any more."""
        self._contact_id = None

    def select_again(self) -> None:
        """Select the person's row, wherever it is now; none when they are not listed."""
        if self._contact_id is None:
            return
        position = self._position_of(self._contact_id)
        if position < 0:
            self._view.clearSelection()
        elif not self._view.selectionModel().isRowSelected(position, QModelIndex()):
            self._view.setCurrentIndex(self._view.model().index(position, 0))

    @Slot()
    def _tell(self) -> None:
        # Not the current row: a list that gets the focus makes its first row current.
        chosen = self._view.selectionModel().selection()
        contact_id = chosen.at(0).topLeft().data(ID_ROLE) if chosen.count() else None
        if contact_id is not None and contact_id != self._contact_id:
            self._contact_id = contact_id
            self._navigate.select_contact.emit(contact_id)

    @Slot(int)
    def _follow(self, contact_id: int) -> None:
        self._contact_id = contact_id
        self.select_again()
