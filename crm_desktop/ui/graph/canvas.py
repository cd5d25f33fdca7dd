"""The map with its tools on it: zoom at the lower right, the filter panel at the upper right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from crm_desktop.ui.graph.filters import FilterPanel
from crm_desktop.ui.graph.view import MapView
from crm_desktop.ui.tokens import ICON, SPACE_1, SPACE_3

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager


class MapCanvas(QWidget):
    """Holds the view and lays the tools over it."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.view = MapView(theme.current, theme.motion_ms, self)
        self.filters = FilterPanel(theme, self)
        self.filters.hide()
        self._tools = QFrame(self)
        self._tools.setProperty("role", "raised")
        self._tools.setAccessibleName("Map tools")
        self._buttons: list[tuple[QToolButton, str]] = []
        self._column = QVBoxLayout(self._tools)
        self._column.setContentsMargins(SPACE_1, SPACE_1, SPACE_1, SPACE_1)
        self._column.setSpacing(SPACE_1)
        self.zoom_in = self._tool("plus", "Zoom in", "+")
        self.zoom_out = self._tool("minus", "Zoom out", "-")
        self.fit = self._tool("fit", "Show the whole map", "F")
        self.zoom_in.clicked.connect(lambda: self.view.zoom(1))
        self.zoom_out.clicked.connect(lambda: self.view.zoom(-1))
        self.fit.clicked.connect(lambda: self.view.fit())
        theme.changed.connect(self._take_colours)
        self._draw_icons()

    def _tool(self, icon: str, name: str, key: str) -> QToolButton:
        button = QToolButton(self._tools)
        button.setIconSize(QSize(ICON, ICON))
        button.setAccessibleName(name)
        button.setToolTip(f"{name} ({key})")
        self._column.addWidget(button)
        self._buttons.append((button, icon))
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Put the view and what lies over it in their places."""
        self.view.setGeometry(self.rect())
        tools = self._tools.sizeHint()
        self._tools.setGeometry(
            self.width() - tools.width() - SPACE_3,
            self.height() - tools.height() - SPACE_3,
            tools.width(),
            tools.height(),
        )
        most = self.height() - tools.height() - 3 * SPACE_3
        self.filters.setGeometry(
            self.width() - self.filters.width() - SPACE_3,
            SPACE_3,
            self.filters.width(),
            max(min(self.filters.wanted_height(), most), 0),
        )

    @Slot()
    def _take_colours(self) -> None:
        self.view.set_theme(self._theme.current)
        self._draw_icons()

    def _draw_icons(self) -> None:
        for button, name in self._buttons:
            button.setIcon(self._theme.icon(name))
