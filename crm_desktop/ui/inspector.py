"""The inspector: the place at the right where the card of whatever is selected lives."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

MIN_WIDTH = 280
USUAL_WIDTH = 360


class Inspector(QFrame):
    """A host; the card's view is put into it once a database is open."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inspector")
        self.setAccessibleName("Card")
        self.setMinimumWidth(MIN_WIDTH)
        self._view: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def sizeHint(self) -> QSize:
        return QSize(USUAL_WIDTH, 600)

    @property
    def view(self) -> QWidget | None:
        """The card's view, if there is one yet."""
        return self._view

    def set_view(self, view: QWidget) -> None:
        """Show `view`, which from now on belongs to the inspector."""
        if self._view is not None:
            self._layout.removeWidget(self._view)
            self._view.deleteLater()
        self._view = view
        self._layout.addWidget(view)
