"""The window: rail, header, page and inspector, status bar; from first paint to last close."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from crm_desktop.base.errors import UserError
from crm_desktop.base.log import report
from crm_desktop.base.paths import default_database, sample_database
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.undo import UndoStatus
from crm_desktop.ui.actions import Action, WindowState, all_actions
from crm_desktop.ui.commands import Commands
from crm_desktop.ui.context import Navigator
from crm_desktop.ui.drop_overlay import DropOverlay
from crm_desktop.ui.icons import app_icon
from crm_desktop.ui.keeper import WindowKeeper
from crm_desktop.ui.looking_around import Seen, look_around
from crm_desktop.ui.memory import WindowMemory
from crm_desktop.ui.menus import ActionSet, RecentMenu
from crm_desktop.ui.messages import Messages
from crm_desktop.ui.page_host import START
from crm_desktop.ui.pages import PAGES, Page
from crm_desktop.ui.status_bar import HEIGHT as STATUS_HEIGHT
from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.tokens import SPACE_4
from crm_desktop.ui.window_frame import WindowFrame
from crm_desktop.workers.job import VIEW

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.editing import Editing
    from crm_desktop.ui.import_flow import ImportFlow
    from crm_desktop.workers.bus import ChangeBus
    from crm_desktop.workers.lanes import Lanes

HOME = "today"
GRAPH = "graph"
RELATIONSHIPS = "relationships"
LEAST_SIZE = (880, 560)


class MainWindow(QMainWindow):
    """Paints before anything is loaded; `attach` brings the database, `open_failed` the reason
    why there is none.

    Signals:
        open_requested(Path): open this database instead; one that does not exist is to be made.
        closing(): the window goes; nothing new is begun.
    """

    open_requested = Signal(object)
    closing = Signal()

    def __init__(
        self,
        theme: ThemeManager,
        lanes: Lanes,
        bus: ChangeBus,
        *,
        memory: WindowMemory | None = None,
        pages: Sequence[Page] = PAGES,
    ) -> None:
        super().__init__()
        self.theme = theme
        self.lanes = lanes
        self.bus = bus
        self.memory = memory or WindowMemory()
        self.navigate = Navigator(self)
        self.database_path: Path | None = None
        self._context: WindowContext | None = None
        self._imports: ImportFlow | None = None
        self._is_empty = False
        self._is_sample = False
        self.commands = Commands(self)
        self.action_set = ActionSet(all_actions(pages), theme, self.commands.run, self)
        self._build(pages)
        self.messages = Messages(theme, self.frame)
        self.messages.set_lift(STATUS_HEIGHT + SPACE_4)
        self.overlay = DropOverlay(theme, self.frame)
        self.overlay.dropped.connect(self.start_import)
        self._connect()
        self.keeper = WindowKeeper(self)
        self.keeper.restore()
        self.pages.setFocus()
        self._update_actions()

    # What the application asks of the window

    def attach(self, context: WindowContext, path: Path | None = None) -> None:
        """Show the database of `context`, which lies at `path`; call once."""
        self._context = context
        self.database_path = (path or default_database()).absolute()
        self._mark_sample(self.database_path == sample_database())
        if not self._is_sample:
            self.memory.add_recent_database(self.database_path)
        self.inspector.attach(context)
        self.search_box.attach(context)
        self.pages.attach(context)
        self.rail.set_usable(True)
        self.overlay.is_open = True
        context.editing.status_changed.connect(self._update_actions)
        self._update_actions()
        self.setWindowIcon(app_icon())
        self.action_set.draw_icons()
        self._look_around()

    def open_failed(self, error: BaseException) -> None:
        """Say why the database cannot be opened, and offer another."""
        if isinstance(error, UserError):
            self.start_page.show_failure(str(error))
        else:
            self.start_page.show_failure(
                "Something went wrong on our side while opening it.", report(error)
            )
        self.pages.setCurrentWidget(self.start_page)

    def start_import(self, paths: Sequence[Path], self_email: str | None = None) -> None:
        """Import files and folders as a visible job."""
        if self._context is None:
            return
        if self._imports is None:
            from crm_desktop.ui.import_flow import ImportFlow

            self._imports = ImportFlow(self._context, self)
        self._imports.start(list(paths), self_email)

    def infer_now(self) -> None:
        """Find relationships anew, as a visible job."""
        if self._context is not None:
            from crm_desktop.ui.inferring import infer_now

            infer_now(self._context)

    # What the parts of the window ask of each other

    @property
    def state(self) -> WindowState:
        """What decides which actions can be used."""
        status = UndoStatus() if self.editing is None else self.editing.status
        return WindowState(
            has_database=self._context is not None,
            is_sample=self._is_sample,
            page=self.pages.name,
            undo_label=status.undo_label,
            redo_label=status.redo_label,
        )

    @property
    def context(self) -> WindowContext | None:
        """What the views are given, once a database is open."""
        return self._context

    @property
    def editing(self) -> Editing | None:
        """What runs the person's commands, once a database is open."""
        return None if self._context is None else self._context.editing

    @Slot(str)
    def show_page(self, name: str) -> None:
        """Go to a page; home is the start page as long as there is nobody."""
        if self._context is None:
            return
        if name == START or (name == HOME and self._is_empty):
            recent = self.memory.recent_databases()
            self.start_page.show_welcome([path for path in recent if path != self.database_path])
            self.pages.show_page(START)
            return
        self.pages.show_page(name)

    def closeEvent(self, event: QCloseEvent) -> None:
        # While the lanes still take what is half typed.
        self.inspector.finish_edits()
        self.keeper.keep()
        self.closing.emit()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._update_actions()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.inspector.is_open:
            self.inspector.set_open(False)
            return
        super().keyPressEvent(event)

    def _build(self, pages: Sequence[Page]) -> None:
        self.setWindowTitle("CRM Desktop")
        self.setMinimumSize(*LEAST_SIZE)
        menus = self.action_set.fill(self.menuBar())
        recent = RecentMenu(self.memory.recent_databases, self.open_requested.emit, menus["File"])
        menus["File"].insertMenu(self.action_set.by_id["open-sample"], recent)
        self.frame = WindowFrame(self.theme, self.lanes, pages, self.action_set, self._usable)
        self.setCentralWidget(self.frame)
        self.rail = self.frame.rail
        self.header = self.frame.header
        self.search_box = self.frame.search_box
        self.banner = self.frame.banner
        self.pages = self.frame.pages
        self.start_page = self.frame.start_page
        self.inspector = self.frame.inspector
        self.splitter = self.frame.splitter
        self.status = self.frame.status

    def _connect(self) -> None:
        self.rail.page_chosen.connect(self._on_page_chosen)
        self.pages.page_shown.connect(self._on_page_shown)
        self.inspector.toggled.connect(self.header.set_inspector_open)
        self.search_box.command_chosen.connect(self.commands.run)
        self.search_box.left.connect(self.focus_page)
        self.inspector.left.connect(self.focus_page)
        self.banner.own_requested.connect(self.commands.open_own_database)
        self.status.jobs_requested.connect(partial(self.show_page, "jobs"))
        self.start_page.chosen.connect(self._run_by_id)
        self.start_page.open_requested.connect(self.open_requested)
        self.theme.preferences_changed.connect(self._update_actions)
        self.lanes.unhandled.connect(self.messages.job_failed)
        self.bus.changed.connect(self._on_changed)
        self.navigate.show_page.connect(self.show_page)
        self.navigate.import_paths.connect(self.start_import)
        self.navigate.run_action.connect(self._run_by_id)
        self.navigate.show_on_graph.connect(self._show_on_graph)
        self.navigate.show_relationships_of_type.connect(self._show_relationships_of_type)

    def _usable(self) -> list[Action]:
        return self.action_set.usable(self.state)

    @Slot()
    def _update_actions(self) -> None:
        self.action_set.update(self.state)

    def _mark_sample(self, is_sample: bool) -> None:
        self._is_sample = is_sample
        path = self.database_path or default_database()
        self.status.set_database("Sample data" if is_sample else path.stem, str(path))
        self.setWindowTitle("Sample data" if is_sample else "CRM Desktop")
        self.banner.setVisible(is_sample)
        self._update_actions()

    def _look_around(self) -> None:
        if self._context is not None:
            self.lanes.reader.submit(
                partial(look_around, self._context.access), priority=VIEW, done=self._on_seen
            )

    @Slot(object)
    def _on_seen(self, seen: Seen) -> None:
        was_empty, self._is_empty = self._is_empty, seen.is_empty
        self.status.set_freshness(seen.found_at)
        if seen.is_sample and not self._is_sample:
            self._mark_sample(True)
        if not self.pages.name:
            if not self._is_empty:
                self.keeper.restore_selection()
            self.show_page(HOME if self._is_empty else self.keeper.page(HOME))
        elif was_empty != self._is_empty and self.pages.name in (START, HOME):
            self.show_page(HOME)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.kinds & {ChangeKind.CONTACTS, ChangeKind.RELATIONSHIPS, ChangeKind.IMPORTS}:
            self._look_around()

    @Slot(str)
    def _on_page_shown(self, name: str) -> None:
        self.rail.set_page(HOME if name == START else name)
        self._update_actions()

    @Slot(int)
    def _show_on_graph(self, contact_id: int) -> None:
        def show(page: QWidget) -> None:
            from crm_desktop.ui.views.graph_page import GraphPage

            if isinstance(page, GraphPage):
                page.show_contact(contact_id)

        self.show_page(GRAPH)
        self.pages.when_made(GRAPH, show)

    @Slot(str)
    def _show_relationships_of_type(self, type_id: str) -> None:
        def show(page: QWidget) -> None:
            from crm_desktop.ui.views.relationships_page import RelationshipsPage

            if isinstance(page, RelationshipsPage):
                page.show_type(type_id)

        self.show_page(RELATIONSHIPS)
        self.pages.when_made(RELATIONSHIPS, show)

    @Slot(str)
    def _run_by_id(self, action_id: str) -> None:
        self.action_set.by_id[action_id].trigger()

    @Slot(str)
    def _on_page_chosen(self, name: str) -> None:
        self.show_page(name)
        focus = self.focusWidget()
        if focus is None or not self.rail.isAncestorOf(focus):
            self.focus_page()

    @Slot()
    def focus_page(self) -> None:
        """Bring the keyboard into the page."""
        page = self.pages.currentWidget()
        if page is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)
