"""A value that is one of a few: its face opens a menu of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QActionGroup, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from crm_desktop.ui.widgets.editable_face import Face

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager


class ChoiceFace(Face):
    """Shows the words of the choice in force; Enter, Space, Down or a click offers the others.

    Signals:
        chosen(key): the person chose another.
    """

    chosen = Signal(str)

    def __init__(
        self,
        theme: ThemeManager,
        name: str,
        choices: Sequence[tuple[str, str]],
        hint: str = "",
        *,
        ink: str = "text",
        is_at_end: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`choices` are (key, words); "" is none of them, and shows `hint`."""
        super().__init__(theme, name, "chevron-down", ink=ink, is_at_end=is_at_end, parent=parent)
        self._choices = list(choices)
        self._choice_hint = hint
        self._key = ""
        self.menu: QMenu | None = None
        self.set_face("", hint)
        self.clicked.connect(self.open_menu)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer others from now on."""
        self._choices = list(choices)

    def set_key(self, key: str, words: str | None = None) -> None:
        """The choice in force; `words` are shown for one that is not offered."""
        self._key = key
        known = dict(self._choices).get(key, "") if key else ""
        self.set_face(known if words is None else words, self._choice_hint)

    def key(self) -> str:
        """The choice in force."""
        return self._key

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.AltModifier,
        ):
            self.open_menu()
        else:
            super().keyPressEvent(event)

    @Slot()
    def open_menu(self) -> None:
        """Offer the choices."""
        menu = QMenu(self)
        menu.setAccessibleName(self.accessibleName())
        group = QActionGroup(menu)
        for key, words in self._choices:
            entry = menu.addAction(words.replace("&", "&&"))
            entry.setCheckable(True)
            entry.setChecked(key == self._key)
            entry.triggered.connect(partial(self._choose, key))
            group.addAction(entry)
            if entry.isChecked():
                menu.setActiveAction(entry)
        menu.aboutToHide.connect(menu.deleteLater)
        self.menu = menu
        width = menu.sizeHint().width()
        left = self.width() - width if self._is_at_end else 0
        menu.popup(self.mapToGlobal(QPoint(left, self.height())))

    def _choose(self, key: str, _checked: bool = False) -> None:
        if key != self._key:
            self.chosen.emit(key)
