"""Relationships: who is connected to whom, how, and how strongly; found, entered and judged."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.domain.changes import ChangeKind
from crm_desktop.domain.relationship_list import RelationshipQuery
from crm_desktop.domain.relationships import EntityKind, RelationshipSource
from crm_desktop.ui.format import number, plural
from crm_desktop.ui.inferring import InferControl
from crm_desktop.ui.models.paging import ROW_ROLE
from crm_desktop.ui.models.relationships import (
    FROM,
    HEADERS,
    SORTS,
    TO,
    RelationshipRow,
    RelationshipsModel,
)
from crm_desktop.ui.tokens import SPACE_1
from crm_desktop.ui.views.live_page import LivePage
from crm_desktop.ui.views.relationship_commands import RelationshipCommands, sentence_of
from crm_desktop.ui.views.relationship_filters import RelationshipFilters
from crm_desktop.ui.views.relationships_table import ROW_HEIGHT, RelationshipsTable
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.page_parts import PageHeader, PageStack
from crm_desktop.ui.widgets.skeleton import RowsSkeleton
from crm_desktop.workers.job import IDLE

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext

LEAST_WIDTH = 400
PREPARE_AFTER_MS = 1000
"""So long after the last change, filters and orders are read ahead anew."""
HEADER_WIDTH = 620
"""From which width the buttons stand beside the title."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An action on what is selected: its words, icon, keys and the method that does it."""

    text: str
    icon: str
    keys: str
    method: str
    is_for_one: bool = False
    begins_group: bool = False


ENTRIES = (
    Entry("Edit…", "edit", "F2", "edit", is_for_one=True),
    Entry("Add note…", "note", "Ctrl+M", "add_note", is_for_one=True),
    Entry("Confirm", "check", "Ctrl+Return", "confirm", begins_group=True),
    Entry("Reject", "close", "Ctrl+Del", "reject"),
    Entry("Change type…", "tag", "Ctrl+T", "retype"),
    Entry("Copy", "copy", "Ctrl+C", "copy", begins_group=True),
    Entry("Delete", "trash", "Del", "delete"),
)


class RelationshipsPage(LivePage):
    """The browser: filters, the table, and what can be done with what is selected."""

    CONCERNS = frozenset(
        {
            ChangeKind.RELATIONSHIPS,
            ChangeKind.RELATIONSHIP_TYPES,
            ChangeKind.CONTACTS,
            ChangeKind.COMPANIES,
            ChangeKind.SETTINGS,
        }
    )

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.filters = RelationshipFilters(context)
        self.model = RelationshipsModel(context.access, context.lanes.reader, parent=self)
        self.table = RelationshipsTable(context, self.model)
        # Read at once, while the rest of the page is made.
        self.model.ask(self.query())
        self._is_stale = False
        self._shown: RelationshipQuery | None = None
        self._preparing = QTimer(self)
        self._preparing.setSingleShot(True)
        self._preparing.timeout.connect(self._prepare_list)
        self.commands = RelationshipCommands(context, self.model, self)
        self.infer = InferControl(context)
        self.count = plain_label("", "body", "muted")
        self.empty = EmptyState(context.theme)
        self.deeds: dict[str, QAction] = {}
        self._make_actions()
        self._arrange()
        # Given outright: the buttons go below the title when they no longer fit beside it.
        self.setMinimumWidth(LEAST_WIDTH)
        self.filters.changed.connect(self._ask)
        self.filters.nears.connect(self._prepare_list)
        self.model.refreshed.connect(self._show)
        self.model.refresh_failed.connect(context.messages.error)
        self.table.opened.connect(self._open)
        self.table.selected.connect(self._on_selected)
        self.table.typed.connect(self.filters.type_name)
        self.commands.made.connect(self.table.choose)
        self.table.sorting_nears.connect(self._prepare_names)
        self.table.menu_requested.connect(self._show_menu)
        context.editing.status_changed.connect(self._refresh_now)
        context.theme.changed.connect(self._draw_icons)
        self.filters.read_types()
        self._on_selected(array("q"))
        self._draw_icons()

    def _make_actions(self) -> None:
        for entry in ENTRIES:
            action = QAction(entry.text, self)
            action.setShortcut(QKeySequence(entry.keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{entry.text.rstrip('…')}  {keys}")
            action.triggered.connect(partial(self._run, entry.method))
            self.table.addAction(action)
            self.deeds[entry.method] = action

    def _arrange(self) -> None:
        self.add_button = QPushButton("Add")
        self.add_button.setProperty("kind", "primary")
        self.add_button.setAccessibleName("Add a relationship")
        keys = QKeySequence("Ctrl+N").toString(QKeySequence.SequenceFormat.NativeText)
        self.add_button.setToolTip(f"Add a relationship  {keys}")
        self.add_button.clicked.connect(self.add)
        # Works while the page shows, wherever in the window the keyboard is.
        QShortcut(QKeySequence("Ctrl+N"), self, self.add)
        self.sort_button = QToolButton()
        self.sort_button.setAccessibleName("Sort by")
        self.sort_button.setToolTip("Sort by")
        self.sort_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.sort_button.setMenu(self._sort_menu())
        title = plain_label("Relationships", "title")
        self._header = PageHeader(title, self.count, self._toolbar(), self.infer, self.add_button)
        skeleton = RowsSkeleton(self.context.theme, ROW_HEIGHT)
        self._stack = PageStack(self, skeleton, self.table, self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._header)
        column.addWidget(self.filters)
        column.addLayout(self._stack, 1)

    def _toolbar(self) -> QWidget:
        bar = QWidget()
        bar.setAccessibleName("What to do with the selected relationships")
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_1)
        row.addWidget(self.sort_button)
        for entry in ENTRIES:
            button = QToolButton()
            button.setDefaultAction(self.deeds[entry.method])
            button.setAccessibleName(entry.text.rstrip("…"))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        return bar

    def _sort_menu(self) -> QMenu:
        menu = QMenu("Sort by", self)
        group = QActionGroup(menu)
        for column in SORTS:
            action = menu.addAction(HEADERS[column])
            action.setCheckable(True)
            action.setData(column)
            group.addAction(action)
            action.triggered.connect(partial(self._sort_by, column))
        menu.aboutToShow.connect(partial(self._check_sort, menu))
        menu.aboutToShow.connect(self._prepare_names)
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._header.setDirection(beside if self.width() >= HEADER_WIDTH else below)

    def refresh(self) -> None:
        query = self.query()
        if query != self.model.query():
            self.model.ask(query)
        else:
            self.model.refresh()
        self.filters.read_types()

    def query(self) -> RelationshipQuery:
        """What the filters and the order ask for."""
        sort = SORTS[self.table.sort_column]
        return self.filters.query(sort, descending=self.table.is_descending)

    def show_type(self, type_id: str) -> None:
        """Show the relationships of one type, and no others."""
        self.filters.show_type(type_id)

    @Slot()
    def add(self) -> None:
        """Ask for a new relationship; of the person whose relationships are shown, if it is
        one's."""
        self.commands.add(self.filters.person.entity())

    def _run(self, method: str, _checked: bool = False) -> None:
        ids = self.table.selected_ids()
        if not ids:
            return
        commands = self.commands
        if method == "edit":
            commands.edit(ids[0])
        elif method == "add_note":
            commands.add_note(ids[0], sentence_of(self._row_of(ids[0])))
        elif method == "copy":
            shown = [column for column in SORTS if not self.table.isColumnHidden(column)]
            commands.copy(ids, shown)
        else:
            getattr(commands, method)(ids)

    def _row_of(self, relationship_id: int) -> RelationshipRow | None:
        return self.model.row_at(self.model.position_of(relationship_id))

    @Slot()
    def _ask(self) -> None:
        self.model.ask(self.query())

    @Slot()
    def _prepare_list(self) -> None:
        self.context.lanes.reader.submit(self.model.prepare_list, priority=IDLE)

    @Slot()
    def _prepare_names(self) -> None:
        self._prepare_list()
        self.context.lanes.reader.submit(self.model.prepare_names, priority=IDLE)

    @Slot()
    def _refresh_now(self) -> None:
        """What the person has just done shall be seen at once."""
        if self._refresh_timer.isActive():
            self._refresh_timer.stop()
            self._refresh_if_visible()

    @Slot()
    def _show(self) -> None:
        query = self.model.query()
        is_filtered, is_same = query.is_filtered, query == self._shown
        self._preparing.start(0 if self._shown is None else PREPARE_AFTER_MS)
        self._shown = query
        self._say_count()
        if self.model.rowCount():
            self._stack.setCurrentWidget(self.table)
            self.table.select_again(is_same_list=is_same)
            return
        if is_filtered:
            self.empty.set_content(
                "filter",
                "Nothing matches these filters",
                "",
                [("Clear the filters", self.filters.clear)],
            )
        else:
            self.empty.set_content(
                "relationships",
                "No relationships yet",
                "Import your mail: people who share conversations know each other. Or enter one.",
                [
                    ("Import mail", lambda: self.context.navigate.run_action.emit("import-mail")),
                    ("Add a relationship", self.add),
                ],
            )
        self._stack.setCurrentWidget(self.empty)
        self.table.forget()

    def _say_count(self) -> None:
        words = plural(self.model.rowCount(), "relationship")
        words += " found" * self.model.query().is_filtered
        chosen = len(self.table.selected_ids())
        self.count.setText(f"{words} · {number(chosen)} selected" if chosen > 1 else words)

    @Slot(object)
    def _on_selected(self, ids: array[int]) -> None:
        sources = {row.relationship.source for row in self.table.selected_rows()}
        is_any_found = not sources or RelationshipSource.INFERRED in sources
        for entry in ENTRIES:
            is_usable = len(ids) == 1 if entry.is_for_one else len(ids) > 0
            if entry.method in ("confirm", "reject"):
                is_usable = is_usable and is_any_found
            self.deeds[entry.method].setEnabled(is_usable)
        self._say_count()
        if len(ids) == 1:
            self.context.navigate.select_relationship.emit(ids[0])

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        row: RelationshipRow | None = index.data(ROW_ROLE)
        if row is None:
            return
        relationship, person = row.relationship, self.model.query().contact_id
        ends = {
            FROM: (relationship.from_entity_type, relationship.from_entity_id),
            TO: (relationship.to_entity_type, relationship.to_entity_id),
        }
        wanted = ends.get(index.column())
        known = {(EntityKind.CONTACT, row.self_id), (EntityKind.CONTACT, person)}
        if wanted is None or wanted in known:
            wanted = row.other_end(person)
        self._open_card(*wanted)

    def _open_card(self, kind: EntityKind, identity: int, _checked: bool = False) -> None:
        navigate = self.context.navigate
        show = navigate.show_contact if kind is EntityKind.CONTACT else navigate.show_company
        show.emit(identity)

    @Slot(object)
    def _show_menu(self, place: QPoint) -> None:
        menu, icon = QMenu(self), self.context.theme.icon
        menu.setAccessibleName("Relationships")
        rows = self.table.selected_rows()
        if len(self.table.selected_ids()) == 1 and rows:
            row = rows[0].relationship
            for kind, identity, name in (
                (row.from_entity_type, row.from_entity_id, row.from_name),
                (row.to_entity_type, row.to_entity_id, row.to_name),
            ):
                image = "person" if kind is EntityKind.CONTACT else "company"
                card = menu.addAction(icon(image), f"Open {_short(name)}")
                card.triggered.connect(partial(self._open_card, kind, identity))
            menu.addSeparator()
        for entry in ENTRIES:
            if entry.begins_group:
                menu.addSeparator()
            menu.addAction(self.deeds[entry.method])
        menu.addSeparator()
        menu.addAction(icon("plus"), "Add a relationship…").triggered.connect(self.add)
        menu.addMenu(self._sort_menu())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _sort_by(self, column: int, _checked: bool = False) -> None:
        self.table.sort_by(column)

    def _check_sort(self, menu: QMenu) -> None:
        for action in menu.actions():
            action.setChecked(action.data() == self.table.sort_column)

    @Slot()
    def _draw_icons(self) -> None:
        icon = self.context.theme.icon
        for entry in ENTRIES:
            self.deeds[entry.method].setIcon(icon(entry.icon))
        self.sort_button.setIcon(icon("sort"))


def _short(name: str) -> str:
    """A name in a menu, where "&" would mark a key."""
    name = " ".join(name.split())
    return (name if len(name) <= 40 else name[:39] + "…").replace("&", "&&")
