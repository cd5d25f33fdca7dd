"""The header: the search box in the middle, Import and the card's switch at the right."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from crm_desktop.ui.format import plain_tooltip
from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.tokens import ICON, ICON_SMALL, SPACE_2, SPACE_3


class Header(QFrame):
    """Search, import, and the switches of rail and inspector."""

    def __init__(
        self, theme: ThemeManager, search_field: QWidget, actions: Mapping[str, QAction]
    ) -> None:
        super().__init__()
        self.setObjectName("header")
        self._theme = theme
        self._rail = self._switch(actions["toggle-rail"], "Show or hide the words in the rail")
        self.undo_button = self._step(actions["undo"])
        self.redo_button = self._step(actions["redo"])
        self._inspector = self._switch(actions["toggle-inspector"], "Show or hide the card")
        self.import_button = QPushButton("Import")
        self.import_button.setAccessibleName("Import")
        self.import_button.setAccessibleDescription("Import mail, contacts or a folder")
        self.import_button.setIconSize(QSize(ICON_SMALL, ICON_SMALL))
        menu = QMenu(self.import_button)
        for name in ("import-mail", "import-contacts", "import-folder"):
            menu.addAction(actions[name])
        self.import_button.setMenu(menu)
        left, right = QWidget(), QWidget()
        left_row, right_row = QHBoxLayout(left), QHBoxLayout(right)
        for row in (left_row, right_row):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(SPACE_2)
        left_row.addWidget(self._rail)
        left_row.addWidget(self.undo_button)
        left_row.addWidget(self.redo_button)
        left_row.addStretch(1)
        right_row.addStretch(1)
        right_row.addWidget(self.import_button)
        right_row.addWidget(self._inspector)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_2, SPACE_2, SPACE_3, SPACE_2)
        layout.setSpacing(SPACE_3)
        # Equal stretch at both sides keeps the box in the middle whatever stands beside it.
        layout.addWidget(left, 2)
        layout.addWidget(search_field, 3)
        layout.addWidget(right, 2)
        theme.changed.connect(self._draw_icons)
        self._draw_icons()

    def set_inspector_open(self, is_open: bool) -> None:
        """Show whether the card is open."""
        self._inspector.setChecked(is_open)

    def _switch(self, action: QAction, name: str) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(name)
        keys = action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)
        button.setToolTip(f"{name} ({keys})" if keys else name)
        button.setIconSize(QSize(ICON, ICON))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCheckable(action.objectName() == "toggle-inspector")
        # `trigger` and not a shared action: the button's checked state is the inspector's.
        button.clicked.connect(action.trigger)
        return button

    def _step(self, action: QAction) -> QToolButton:
        """A button that names, in its tooltip, the command that `action` would concern."""
        button = QToolButton()
        button.setIconSize(QSize(ICON, ICON))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(action.trigger)
        keys = action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)

        def follow() -> None:
            words = action.text().replace("&&", "&")
            button.setEnabled(action.isEnabled())
            button.setAccessibleName(words)
            button.setToolTip(plain_tooltip(f"{words} ({keys})"))

        action.changed.connect(follow)
        follow()
        return button

    @Slot()
    def _draw_icons(self) -> None:
        self.undo_button.setIcon(self._theme.icon("undo"))
        self.redo_button.setIcon(self._theme.icon("redo"))
        self._rail.setIcon(self._theme.icon("rail"))
        self._inspector.setIcon(self._theme.icon("inspector"))
        self.import_button.setIcon(self._theme.icon("import", "accent"))
