"""What survives a restart of the window: its place, looks, page and selection."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Slot

from crm_desktop.ui.inspector import USUAL_WIDTH
from crm_desktop.ui.page_host import START
from crm_desktop.ui.theme import Appearance

if TYPE_CHECKING:
    from crm_desktop.ui.main_window import MainWindow

USUAL_SIZE = (1280, 800)


class WindowKeeper(QObject):
    """Brings a window to where it was left, and remembers where it is left. What is set on a page
    is remembered by the page."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._memory = window.memory

    def restore(self) -> None:
        """Before the first paint: looks, size and widths."""
        window, memory = self._window, self._memory
        appearance = memory.text("appearance")
        if appearance in list(Appearance):
            window.theme.set_appearance(appearance)
        window.theme.set_reduced_motion(
            memory.flag("reduce-motion", window.theme.wants_reduced_motion)
        )
        if not window.restoreGeometry(memory.bytes("geometry")):
            window.resize(*USUAL_SIZE)
        if not window.splitter.restoreState(memory.bytes("splitter")):
            window.splitter.setSizes([USUAL_SIZE[0] - USUAL_WIDTH, USUAL_WIDTH])
        window.rail.set_collapsed(memory.flag("rail-collapsed"), at_once=True)
        window.theme.preferences_changed.connect(self._keep_preferences)
        window.inspector.toggled.connect(partial(memory.keep, "inspector"))

    def restore_selection(self) -> None:
        """Once the database is open: the card, and whose it was, if that was in this database."""
        window, memory = self._window, self._memory
        if memory.flag("inspector"):
            window.inspector.set_open(True)
        contact_id = memory.number("selected", 0)
        if contact_id and memory.text("selected-in") == str(window.database_path):
            window.navigate.select_contact.emit(contact_id)

    def page(self, usual: str) -> str:
        """The page that was in front."""
        return self._memory.text("page", usual)

    def keep(self) -> None:
        """Remember everything, on disk."""
        window, memory = self._window, self._memory
        memory.keep("geometry", QByteArray(window.saveGeometry()))
        memory.keep("splitter", QByteArray(window.splitter.saveState()))
        memory.keep("rail-collapsed", window.rail.is_collapsed)
        if window.pages.name and window.pages.name != START:
            memory.keep("page", window.pages.name)
        if window.database_path is not None:
            memory.keep("selected", window.navigate.contact_id or 0)
            memory.keep("selected-in", str(window.database_path))
        memory.save()

    @Slot()
    def _keep_preferences(self) -> None:
        theme = self._window.theme
        self._memory.keep("appearance", theme.appearance.value)
        self._memory.keep("reduce-motion", theme.wants_reduced_motion)
