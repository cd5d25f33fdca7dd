"""Holds the pages: makes each when it is first wanted, without ever stopping the window."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from crm_desktop.ui.pages import Page
from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.widgets.skeleton import RowsSkeleton
from crm_desktop.workers.job import IDLE, VIEW

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.ui.context import WindowContext

START = "start"


def load_module(name: str, _ctx: JobContext | None = None) -> str:
    """Import a module, on whichever thread this runs; its name comes back."""
    import_module(name)
    return name


class PageHost(QStackedWidget):
    """One page at a time; a skeleton until there is one.

    Signals:
        page_shown(name): another page is in front.
    """

    page_shown = Signal(str)

    def __init__(self, theme: ThemeManager, pages: Iterable[Page]) -> None:
        super().__init__()
        self.setProperty("role", "paper")
        self._pages = {page.name: page for page in pages}
        self._made: dict[str, QWidget] = {}
        self._context: WindowContext | None = None
        self._wanted = ""
        self._waiting: list[tuple[str, Callable[[QWidget], object]]] = []
        self._skeleton = RowsSkeleton(theme)
        self.addWidget(self._skeleton)

    @property
    def name(self) -> str:
        """The page asked for last."""
        return self._wanted

    def attach(self, context: WindowContext) -> None:
        """Make pages from `context`, and load their modules while nothing else is to be done."""
        self._context = context
        for page in self._pages.values():
            if page.module not in sys.modules:
                context.lanes.search.submit(partial(load_module, page.module), priority=IDLE)

    def add(self, name: str, widget: QWidget) -> None:
        """A page that is made already."""
        self._made[name] = widget
        self.addWidget(widget)

    def widget_of(self, name: str) -> QWidget | None:
        """The page `name`, if it was made."""
        return self._made.get(name)

    def when_made(self, name: str, callback: Callable[[QWidget], object]) -> None:
        """Call `callback` with the page: now, or as soon as it exists."""
        if name in self._made:
            callback(self._made[name])
        else:
            self._waiting.append((name, callback))

    def show_page(self, name: str) -> None:
        """Bring a page to the front; unknown names change nothing. The keyboard goes along if
        it was in the page before, or nowhere."""
        if name not in self._made and name not in self._pages:
            return
        self._wanted = name
        self.page_shown.emit(name)
        if name in self._made:
            self._bring(self._made[name])
            return
        self._bring(self._skeleton)
        page, context = self._pages[name], self._context
        if context is None:
            return
        if page.module in sys.modules:
            self._make(page)
        else:
            context.lanes.search.submit(
                partial(load_module, page.module), priority=VIEW, done=self._on_loaded
            )

    def _make(self, page: Page) -> None:
        if self._context is None:
            return
        self.add(page.name, page.factory()(self._context))
        if self._wanted == page.name:
            self._bring(self._made[page.name])
        waiting, self._waiting = self._waiting, []
        for name, callback in waiting:
            self.when_made(name, callback)

    def _bring(self, widget: QWidget) -> None:
        focus = self.window().focusWidget()
        is_ours = focus is None or focus is self or self.isAncestorOf(focus)
        self.setCurrentWidget(widget)
        if is_ours:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_loaded(self, module: str) -> None:
        page = next((page for page in self._pages.values() if page.module == module), None)
        if page is not None and self._wanted == page.name and page.name not in self._made:
            self._make(page)
