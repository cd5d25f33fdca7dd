"""Every shortcut on one sheet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.ui.actions import MENUS, Action
from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_6, SPACE_8
from crm_desktop.ui.widgets.labels import plain_label

EVERYWHERE = (
    ("Open what is selected", ("Return",)),
    ("Step back", ("Escape",)),
    ("Next or previous part", ("Tab", "Shift+Tab")),
    ("Card before or after", ("Alt+Left", "Alt+Right")),
)
ON_THE_MAP = (
    ("Walk to a neighbour", ("Left", "Up", "Down", "Right")),
    ("Show the card", ("Return",)),
    ("Centre on the selected", ("C",)),
    ("Zoom in or out", ("+", "-")),
    ("Show the whole map", ("F",)),
    ("Find someone", ("/",)),
)
"""The keys of `ui.graph.keys` and of the graph page, in words."""
ON_PEOPLE = (
    ("New person", ("Ctrl+N",)),
    ("Here twice: merge", ("Return",)),
    ("Here twice: keep apart", ("N",)),
    ("Here twice: skip", ("S",)),
)
"""The keys of the page of people and of its review."""
ON_CARDS = (
    ("Change what is there", ("F2", "Return")),
    ("Keep it", ("Return",)),
    ("Keep a note", ("Ctrl+Return",)),
    ("Leave it as it was", ("Escape",)),
)
"""The keys of everything that is changed where it stands."""
ON_TODAY = (
    ("Why this score", ("Space",)),
    ("Write", ("Ctrl+Return",)),
    ("Copy address", ("Ctrl+C",)),
    ("Show on the graph", ("Ctrl+G",)),
    ("See who matters to them", ("Ctrl+E",)),
)
"""The keys of the top contacts."""
ON_TYPES = (("New type", ("Ctrl+N",)), ("Change", ("F2",)), ("Delete", ("Del",)))
"""The keys of the page of relationship types."""
ON_RELATIONSHIPS = (
    ("Add", ("Ctrl+N",)),
    ("Edit", ("F2",)),
    ("Add note", ("Ctrl+M",)),
    ("Confirm", ("Ctrl+Return",)),
    ("Reject", ("Ctrl+Del",)),
    ("Change type", ("Ctrl+T",)),
    ("Copy", ("Ctrl+C",)),
    ("Delete", ("Del",)),
)
"""The keys of the page of relationships."""
COLUMNS = (
    ("Go", "View", "On Today"),
    ("On Relationships", "On cards", "On People"),
    ("File", "Edit", "Help"),
    ("On the map", "On Types", "Everywhere"),
)
ARROWS = {"Left": "←", "Up": "↑", "Down": "↓", "Right": "→"}


def key_cap(keys: str) -> QLabel:
    """A key combination as this system writes it, drawn as a key."""
    native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    cap = plain_label(ARROWS.get(keys, native))
    cap.setObjectName("keyCap")
    return cap


class ShortcutsDialog(QDialog):
    """The shortcuts of the actions, by menu, in columns."""

    def __init__(self, actions: Sequence[Action], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAccessibleName("Keyboard shortcuts")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_8, SPACE_6, SPACE_8, SPACE_4)
        layout.setSpacing(SPACE_4)
        layout.addWidget(plain_label("Keyboard shortcuts", "title"))
        sides = QHBoxLayout()
        sides.setSpacing(SPACE_8)
        layout.addLayout(sides)
        groups = {
            menu: [
                (action.plain_text, action.shortcuts)
                for action in actions
                if action.menu == menu and action.shortcuts
            ]
            for menu in MENUS
        } | {
            "Everywhere": EVERYWHERE,
            "On the map": ON_THE_MAP,
            "On Today": ON_TODAY,
            "On Relationships": ON_RELATIONSHIPS,
            "On Types": ON_TYPES,
            "On cards": ON_CARDS,
            "On People": ON_PEOPLE,
        }
        for names in COLUMNS:
            side = QVBoxLayout()
            side.setSpacing(SPACE_4)
            for name in names:
                side.addLayout(self._group(name, groups[name]))
            side.addStretch(1)
            sides.addLayout(side)
        row = QHBoxLayout()
        row.addStretch(1)
        close = QPushButton("Close")
        close.setAccessibleName("Close")
        close.setProperty("kind", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        layout.addLayout(row)
        self.finished.connect(self.deleteLater)

    def _group(self, name: str, entries: Sequence[tuple[str, Sequence[str]]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_6)
        grid.setVerticalSpacing(SPACE_2 - 2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(plain_label(name, "caption", "muted", is_strong=True), 0, 0)
        for row, (text, keys) in enumerate(entries, 1):
            grid.addWidget(plain_label(text), row, 0)
            caps = QHBoxLayout()
            caps.setSpacing(SPACE_1)
            caps.setContentsMargins(SPACE_3, 0, 0, 0)
            caps.addStretch(1)
            for each in keys:
                caps.addWidget(key_cap(each), 0, Qt.AlignmentFlag.AlignRight)
            grid.addLayout(caps, row, 1)
        return grid
