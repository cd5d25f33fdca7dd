"""What a list says when it has nothing to show: one sentence, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from crm_desktop.ui.icons import icon_pixmap
from crm_desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.section import clear_layout

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

ICON_SIZE = 40
TEXT_WIDTH = 380


def large_icon(name: str, colour: str, side: int, widget: QWidget) -> QPixmap:
    """An icon larger than the window's usual ones, crisp on the screen of `widget`."""
    ratio = widget.devicePixelRatioF()
    pixmap = icon_pixmap(name, colour, round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


class EmptyState(QWidget):
    """An icon, a sentence, an optional second one, and buttons; the first button leads."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = ""
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = plain_label("", "lead", is_strong=True, wraps=True)
        self._detail = plain_label("", "body", "muted", wraps=True)
        for label in (self._title, self._detail):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setMaximumWidth(TEXT_WIDTH)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SPACE_2)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        column.setSpacing(SPACE_2)
        column.addStretch(2)
        column.addWidget(self._icon)
        column.addSpacing(SPACE_2)
        for label in (self._title, self._detail):
            line = QHBoxLayout()
            line.addStretch(1)
            line.addWidget(label, 100)
            line.addStretch(1)
            column.addLayout(line)
        column.addSpacing(SPACE_3)
        column.addLayout(self._buttons)
        column.addSpacing(SPACE_4)
        column.addStretch(3)
        theme.changed.connect(self._draw_icon)

    def set_content(
        self,
        icon: str,
        title: str,
        detail: str = "",
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
    ) -> None:
        """Show an icon by name, plain text, and a button for each (words, what it does)."""
        self._icon_name = icon
        self._draw_icon()
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        clear_layout(self._buttons)
        self._buttons.addStretch(1)
        for position, (words, action) in enumerate(actions):
            button = QPushButton(words)
            button.setProperty("kind", "primary" if position == 0 else "plain")
            button.setAccessibleName(words)
            button.clicked.connect(lambda _checked=False, run=action: run())
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        self.setAccessibleName(title)

    def title(self) -> str:
        """The sentence shown."""
        return self._title.text()

    @Slot()
    def _draw_icon(self) -> None:
        if self._icon_name:
            ink = self._theme.current.outline
            self._icon.setPixmap(large_icon(self._icon_name, ink, ICON_SIZE, self))
