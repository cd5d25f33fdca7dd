"""The field that finds a person on the map by any part of the name."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from crm_desktop.ui.graph.people import NODE_ROLE, PeopleModel

WIDTH_PX = 200
NARROWEST_PX = 120


class Finder(QLineEdit):
    """A line with type-ahead over the people on the map.

    Signals:
        found(node): the person chose someone.
        left(): Esc in the empty field.
    """

    found = Signal(int)
    left = Signal()

    def __init__(self, model: PeopleModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText("Find on the map")
        self.setAccessibleName("Find a person or company on the map")
        self.setToolTip("Find on the map (/)")
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(NARROWEST_PX)
        self.setMaximumWidth(WIDTH_PX)
        completer = self._completer = QCompleter(model, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(8)
        self.setCompleter(completer)
        # `activated` has an overload for text, which comes first; the types know only that one.
        activated: Any = completer.activated
        activated[QModelIndex].connect(self._on_activated)
        self.returnPressed.connect(self._take_first)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if not self.text():
                self.left.emit()
            self.clear()
            return
        super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        self.found.emit(index.data(NODE_ROLE))

    @Slot()
    def _take_first(self) -> None:
        """Enter without a choice in the list takes the first name in it."""
        wanted, completer = self.text().strip(), self._completer
        popup = completer.popup()
        if wanted and not (popup is not None and popup.isVisible()):
            completer.setCompletionPrefix(wanted)
            index = completer.completionModel().index(0, 0)
            if index.isValid():
                self.found.emit(index.data(NODE_ROLE))
