"""What pages are made of: the header above, what shows below it, and columns that scroll."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_6


class PageHeader(QBoxLayout):
    """Title over facts at the left, controls at the right. Where there is no room for both beside
    each other, `setDirection` puts the controls below."""

    def __init__(self, title: QWidget, facts: QWidget, *controls: QWidget) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight)
        self.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_3)
        self.setSpacing(SPACE_2)
        words = QVBoxLayout()
        words.setSpacing(SPACE_1)
        words.addWidget(title)
        words.addWidget(facts)
        self.addLayout(words, 1)
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        for control in controls:
            row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        self.addLayout(row)
        self.setAlignment(row, Qt.AlignmentFlag.AlignBottom)


class PageStack(QStackedLayout):
    """What a page or a card shows in turn. Its keyboard is with what shows."""

    def __init__(self, page: QWidget, *widgets: QWidget) -> None:
        super().__init__()
        self._page = page
        for widget in widgets:
            # The first is shown at once, and would be a window of its own.
            widget.setParent(page)
            self.addWidget(widget)
        self.currentChanged.connect(self._hand_over)
        self._hand_over()

    @Slot()
    def _hand_over(self) -> None:
        shown = self.currentWidget()
        if shown is not None:
            self._page.setFocusProxy(shown)


class PageScroll(QScrollArea):
    """A column as wide as can be read well, scrolling up and down."""

    def __init__(self, name: str, column: QLayout, most_width: int) -> None:
        super().__init__()
        page = QWidget()
        page.setProperty("role", "page")
        page.setLayout(column)
        page.setMaximumWidth(most_width)
        self.setWidgetResizable(True)
        self.setWidget(page)
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def fill(self, page: QWidget) -> None:
        """Be all there is on `page`."""
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self)
        page.setFocusProxy(self)
