"""Turns the actions of `ui.actions` into QActions and fills the menu bar with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from crm_desktop.ui.actions import MENUS, Action, WindowState
from crm_desktop.ui.editing import as_clause
from crm_desktop.ui.icons import icon
from crm_desktop.ui.theme import ThemeManager

ROLES = {
    "": QAction.MenuRole.NoRole,
    "quit": QAction.MenuRole.QuitRole,
    "about": QAction.MenuRole.AboutRole,
    "settings": QAction.MenuRole.PreferencesRole,
}


class ActionSet(QObject):
    """The QActions of one window, by id. `run` is called with the Action that was chosen."""

    def __init__(
        self,
        actions: Iterable[Action],
        theme: ThemeManager,
        run: Callable[[Action], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.actions = tuple(actions)
        self._theme = theme
        self.by_id: dict[str, QAction] = {}
        choices = QActionGroup(self)
        for action in self.actions:
            made = QAction(action.text, parent)
            made.setObjectName(action.id)
            made.setShortcuts([QKeySequence(keys) for keys in action.shortcuts])
            made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            made.setMenuRole(ROLES[action.role])
            made.triggered.connect(partial(self._trigger, run, action))
            if action.callback == "set_appearance":
                made.setCheckable(True)
                choices.addAction(made)
            self.by_id[action.id] = made
        theme.changed.connect(self.draw_icons)

    def update(self, state: WindowState) -> None:
        """Allow what can be done in `state`, and mark the appearance in force."""
        for name, label in (("undo", state.undo_label), ("redo", state.redo_label)):
            if name in self.by_id:
                words = f"{name.capitalize()} {as_clause(label)}" if label else name.capitalize()
                self.by_id[name].setText(words.replace("&", "&&"))
        for action in self.actions:
            made = self.by_id[action.id]
            made.setEnabled(action.enabled(state))
            if made.isCheckable():
                made.setChecked(action.argument == self._theme.appearance)

    def usable(self, state: WindowState) -> list[Action]:
        """The actions that the palette offers in `state`."""
        return [each for each in self.actions if each.in_palette and each.enabled(state)]

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """The menus of `bar`, by name."""
        menus: dict[str, QMenu] = {}
        for name in MENUS:
            menu = bar.addMenu(f"&{name}")
            menus[name] = menu
            group = None
            entries = [each for each in self.actions if each.menu == name and each.in_menu]
            for action in sorted(entries, key=lambda each: each.group):
                if group is not None and action.group != group:
                    menu.addSeparator()
                group = action.group
                menu.addAction(self.by_id[action.id])
        return menus

    @Slot()
    def draw_icons(self) -> None:
        """Give every action its icon; not before the first paint, which needs none of them."""
        for action in self.actions:
            self.by_id[action.id].setIcon(icon(action.icon, self._theme.current.muted))

    @staticmethod
    def _trigger(run: Callable[[Action], object], action: Action, _checked: bool = False) -> None:
        run(action)


class RecentMenu(QMenu):
    """The databases opened before; made anew each time it opens."""

    def __init__(
        self,
        recent: Callable[[], Sequence[Path]],
        open_path: Callable[[Path], object],
        parent: QMenu,
    ) -> None:
        super().__init__("Open recent", parent)
        self._recent = recent
        self._open_path = open_path
        self.aboutToShow.connect(self._fill)

    @Slot()
    def _fill(self) -> None:
        self.clear()
        for path in self._recent():
            entry = self.addAction(f"{path.stem}  —  {path.parent}".replace("&", "&&"))
            entry.triggered.connect(partial(self._open, path))
        if self.isEmpty():
            self.addAction("No other database yet").setEnabled(False)

    def _open(self, path: Path, _checked: bool = False) -> None:
        self._open_path(path)
