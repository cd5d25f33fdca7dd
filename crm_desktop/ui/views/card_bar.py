"""The bar over a card: the way back and forward, the graph, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from crm_desktop.ui.tokens import SPACE_1, SPACE_2
from crm_desktop.ui.views.subjects import CardKind, Trail

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager


class CardBar(QHBoxLayout):
    """Four buttons, with the shortcuts of the first two.

    Signals:
        stepped(by): back (-1) or forward (1).
        graph_wanted(), menu_wanted(): the other two.
    """

    stepped = Signal(int)
    graph_wanted = Signal()
    menu_wanted = Signal()

    def __init__(self, theme: ThemeManager, card: QWidget) -> None:
        """`card` is what the shortcuts belong to."""
        super().__init__()
        self._theme = theme
        self._icons: list[tuple[QToolButton, str]] = []
        self.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, 0)
        self.setSpacing(SPACE_1)
        self.back_button = self._button("arrow-left", "Back (Alt+Left)", self._go_back)
        self.forward_button = self._button("arrow-right", "Forward (Alt+Right)", self._go_forward)
        self.addStretch(1)
        self.graph_button = self._button("graph", "Show on the graph", self.graph_wanted.emit)
        self.more_button = self._button("more", "What can be done", self.menu_wanted.emit)
        for keys, action in (("Alt+Left", self._go_back), ("Alt+Right", self._go_forward)):
            shortcut = QShortcut(QKeySequence(keys), card)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(action)
        theme.changed.connect(self._draw_icons)

    def show_trail(self, trail: Trail) -> None:
        """Allow what is possible from where the trail is; nothing can be done yet."""
        subject = trail.current
        self.back_button.setEnabled(trail.can_go_back)
        self.forward_button.setEnabled(trail.can_go_forward)
        self.graph_button.setEnabled(subject is not None and subject.kind is CardKind.CONTACT)
        self.more_button.setEnabled(False)

    def _button(self, icon: str, words: str, action: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(words.partition(" (")[0])
        button.setToolTip(words)
        button.clicked.connect(lambda _checked=False: action())
        button.setIcon(self._theme.icon(icon))
        self._icons.append((button, icon))
        self.addWidget(button)
        return button

    @Slot()
    def _go_back(self) -> None:
        self.stepped.emit(-1)

    @Slot()
    def _go_forward(self) -> None:
        self.stepped.emit(1)

    @Slot()
    def _draw_icons(self) -> None:
        for button, icon in self._icons:
            button.setIcon(self._theme.icon(icon))
