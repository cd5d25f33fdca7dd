"""The map's keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from crm_desktop.ui.graph.data import NEVER

if TYPE_CHECKING:
    from crm_desktop.ui.graph.view import MapView

Command = Callable[["MapView"], object]
"""Does something with the view; False when there was nothing to do, so that the key goes on."""


def _open(view: MapView) -> bool:
    if view.stage.selected == NEVER:
        return False
    view.opened.emit(view.stage.selected)
    return True


def _centre(view: MapView) -> bool:
    if view.stage.selected == NEVER:
        return False
    view.centre_on(view.stage.selected)
    return True


_COMMANDS: dict[Qt.Key, Command] = {
    Qt.Key.Key_Left: lambda view: view.walk(-1, 0),
    Qt.Key.Key_Right: lambda view: view.walk(1, 0),
    Qt.Key.Key_Up: lambda view: view.walk(0, -1),
    Qt.Key.Key_Down: lambda view: view.walk(0, 1),
    Qt.Key.Key_Plus: lambda view: view.zoom(1),
    Qt.Key.Key_Equal: lambda view: view.zoom(1),
    Qt.Key.Key_Minus: lambda view: view.zoom(-1),
    Qt.Key.Key_F: lambda view: view.fit(),
    Qt.Key.Key_0: lambda view: view.fit(),
    Qt.Key.Key_Home: lambda view: view.fit(),
    Qt.Key.Key_C: _centre,
    Qt.Key.Key_Return: _open,
    Qt.Key.Key_Enter: _open,
    Qt.Key.Key_Space: _open,
    Qt.Key.Key_Escape: lambda view: view.step_back(),
}


def command_for(event: QKeyEvent) -> Command | None:
    """What a key does on the map. Combinations with Ctrl, Alt or Meta belong to the window."""
    modifiers = event.modifiers() & ~(
        Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
    )
    if modifiers != Qt.KeyboardModifier.NoModifier:
        return None
    return _COMMANDS.get(Qt.Key(event.key()))
