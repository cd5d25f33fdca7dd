"""The parts of the window and where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from crm_desktop.ui.actions import Action
from crm_desktop.ui.banner import SampleBanner
from crm_desktop.ui.header import Header
from crm_desktop.ui.inspector import Inspector
from crm_desktop.ui.menus import ActionSet
from crm_desktop.ui.page_host import START, PageHost
from crm_desktop.ui.pages import Page
from crm_desktop.ui.rail import Rail
from crm_desktop.ui.search_box import SearchBox
from crm_desktop.ui.status_bar import StatusBar
from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.views.start import StartPage
from crm_desktop.ui.widgets.tab_order import all_tab_stops
from crm_desktop.workers.lanes import Lanes


class WindowFrame(QWidget):
    """Rail at the left; header, banner, page and inspector; the status bar at the foot."""

    def __init__(
        self,
        theme: ThemeManager,
        lanes: Lanes,
        pages: Sequence[Page],
        action_set: ActionSet,
        usable_actions: Callable[[], Iterable[Action]],
    ) -> None:
        super().__init__()
        shortcuts = {
            action.argument: action.shortcuts[0]
            for action in action_set.actions
            if action.callback == "show_page" and action.argument and action.shortcuts
        }
        self.rail = Rail(theme, pages, shortcuts)
        self.rail.set_usable(False)
        self.search_box = SearchBox(theme, self, usable_actions)
        self.header = Header(theme, self.search_box.field, action_set.by_id)
        self.banner = SampleBanner(theme)
        self.pages = PageHost(theme, pages)
        self.start_page = StartPage(theme)
        self.pages.add(START, self.start_page)
        self.inspector = Inspector()
        self.inspector.hide()
        self.splitter = QSplitter()
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(self.pages)
        self.splitter.addWidget(self.inspector)
        self.splitter.setStretchFactor(0, 1)
        for side in (0, 1):
            self.splitter.setCollapsible(side, False)
        self.status = StatusBar(theme, lanes)
        self._parts = (
            self.rail,
            self.header,
            self.banner,
            self.pages,
            self.inspector,
            self.status,
        )
        self._arrange()

    def focusNextPrevChild(self, is_forward: bool) -> bool:
        """Let Tab follow the eye. Qt goes by age, and pages and cards are made late."""
        stops = self._tab_stops()
        focus = self.window().focusWidget()
        if not stops:
            return False
        if focus in stops:
            place = stops.index(focus) + (1 if is_forward else -1)
        else:
            place = 0 if is_forward else -1
        reason = Qt.FocusReason.TabFocusReason if is_forward else Qt.FocusReason.BacktabFocusReason
        stops[place % len(stops)].setFocus(reason)
        return True

    def _tab_stops(self) -> list[QWidget]:
        """Where Tab stops, part by part."""
        return [
            stop
            for part in self._parts
            for stop in all_tab_stops(part)
            if stop.isVisible() and stop.isEnabled()
        ]

    def _arrange(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        for widget in (self.header, _line(), self.banner):
            right.addWidget(widget)
        right.addWidget(self.splitter, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(_line("upright"))
        middle.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(_line())
        column.addLayout(middle, 1)
        column.addWidget(_line())
        column.addWidget(self.status)


def _line(role: str = "line") -> QFrame:
    line = QFrame()
    line.setProperty("role", role)
    return line
