"""The graph page: the map of relationships, its filters, and the people on it as a list.

The window imports this module on a lane when the page is first wanted: it brings numpy and
pyqtgraph.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.domain.changes import ChangeKind
from crm_desktop.domain.relationships import EntityKind
from crm_desktop.ui.format import number, plural
from crm_desktop.ui.graph.canvas import MapCanvas
from crm_desktop.ui.graph.data import NEVER, GraphData, GraphFilter, build_data
from crm_desktop.ui.graph.finder import Finder
from crm_desktop.ui.graph.people import PeopleList, PeopleModel
from crm_desktop.ui.graph.skeleton import MapSkeleton
from crm_desktop.ui.tokens import ICON_SMALL
from crm_desktop.ui.views.live_page import LivePage
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import ElidedLabel, plain_label
from crm_desktop.ui.widgets.page_parts import PageHeader, PageStack
from crm_desktop.workers.job import VIEW
from crm_desktop.workers.latest import Latest

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext

LIST_WIDTH_PX = 220
LIST_KEY = "graph/list"


def load_graph(access: Access, ctx: JobContext) -> GraphData:
    """The graph to draw, as arrays."""
    from crm_desktop.services.graph import relationship_graph

    return build_data(relationship_graph(access, ctx=ctx))


class GraphPage(LivePage):
    """The map with a header above it; a skeleton before, and one sentence where nobody is."""

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
        self._latest = Latest(context.lanes.compute, self)
        self._data: GraphData | None = None
        self._wanted: int | None = None
        self.model = PeopleModel(self)
        self.canvas = MapCanvas(context.theme)
        self.view = self.canvas.view
        self.list = PeopleList(context.theme, self.model)
        self.finder = Finder(self.model)
        self.empty = EmptyState(context.theme)
        self.title = plain_label("Graph", "title")
        self.facts = ElidedLabel("", "body", "muted")
        self.filter_button = self._toggle("Filter", "filter", "Choose what the map shows")
        self.list_button = self._toggle("List", "list", "The people on the map as a list")
        self._skeleton = MapSkeleton(context.theme)
        self._arrange()
        self._connect()
        self._draw_icons()

    def _toggle(self, words: str, icon: str, hint: str) -> QToolButton:
        button = QToolButton()
        button.setText(words)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(ICON_SMALL, ICON_SMALL))
        button.setAccessibleName(hint)
        button.setToolTip(hint)
        button.setProperty("icon_name", icon)
        return button

    def _arrange(self) -> None:
        header = PageHeader(
            self.title, self.facts, self.finder, self.filter_button, self.list_button
        )
        self.list.setFixedWidth(LIST_WIDTH_PX)
        self._line = QFrame()
        self._line.setProperty("role", "upright")
        self._map = QWidget()
        row = QHBoxLayout(self._map)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.canvas, 1)
        row.addWidget(self._line)
        row.addWidget(self.list)
        self.list_button.setChecked(self.context.memory.flag(LIST_KEY))
        self._show_list(self.list_button.isChecked())
        self._map.setFocusProxy(self.view)
        self._stack = PageStack(self, self._skeleton, self._map, self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(header)
        column.addLayout(self._stack, 1)
        self._enable(False)

    def _connect(self) -> None:
        navigate, filters = self.context.navigate, self.canvas.filters
        filters.remember(self.context.memory)
        self.view.set_label_density(filters.density())
        self.view.selected.connect(self._tell_selection)
        self.view.opened.connect(self._open)
        self.view.menu_requested.connect(self._show_menu)
        self.list.chosen.connect(self._choose)
        self.list.opened.connect(self._open)
        self.finder.found.connect(self._find)
        self.finder.left.connect(self._focus_map)
        self.filter_button.toggled.connect(self._toggle_filters)
        self.list_button.toggled.connect(self._show_list)
        filters.changed.connect(self._filter)
        filters.density_changed.connect(self.view.set_label_density)
        navigate.select_contact.connect(self._follow)
        navigate.show_contact.connect(self._follow)
        navigate.show_company.connect(self._follow_company)
        self.context.theme.changed.connect(self._draw_icons)
        find = QShortcut(QKeySequence("/"), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.finder.setFocus)

    # Reading

    def refresh(self) -> None:
        if self._latest.current is not None:
            # A layout takes its time: starting over at every change of an import would never end.
            self._is_stale = True
            return
        self._latest.submit(
            partial(load_graph, self.context.access),
            priority=VIEW,
            done=self._show,
            failed=self._fail,
            finished=self._on_read,
        )

    @Slot()
    def _on_read(self) -> None:
        if self._is_stale:
            self._refresh_timer.start()

    @Slot(object)
    def _show(self, data: GraphData) -> None:
        is_first = self._data is None
        self._data = data
        has_lines = len(data.source) > 0
        self._enable(has_lines)
        if not has_lines:
            self._show_nobody()
            return
        self._stack.setCurrentWidget(self._map)
        self.canvas.filters.set_data(data)
        self.canvas.arrange()
        self.view.set_filter(self.canvas.filters.filter())
        self.view.set_data(data)
        self._list_people()
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.show_contact(wanted)
        elif is_first and self.context.navigate.contact_id is not None:
            self._follow(self.context.navigate.contact_id)

    def _show_nobody(self) -> None:
        self.facts.set_full_text("")
        self.empty.set_content(
            "graph",
            "No relationships yet",
            "Import your mail to see how people are connected.",
            [("Import mail", partial(self.context.navigate.run_action.emit, "import-mail"))],
        )
        self._stack.setCurrentWidget(self.empty)

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        self.context.messages.error(error)
        if self._data is None:
            self._show_nobody()

    def _enable(self, has_map: bool) -> None:
        for widget in (self.finder, self.filter_button, self.list_button):
            widget.setEnabled(has_map)

    # What is shown

    @Slot(object)
    def _filter(self, wanted: GraphFilter) -> None:
        self.view.set_filter(wanted)
        self._list_people()

    def _list_people(self) -> None:
        data, shown = self.view.stage.data, self.view.stage.shown
        if data is None:
            return
        self.model.set_people(data, shown)
        self.list.follow(self.view.stage.selected)
        companies = int((shown.nodes & data.is_company).sum())
        parts = [plural(shown.node_count - companies, "person", "people")]
        if companies:
            parts.append(plural(companies, "company", "companies"))
        parts.append(plural(shown.edge_count, "relationship"))
        facts = " · ".join(parts)
        if data.omitted:
            facts += f" · {number(data.omitted)} less connected are left out"
        self.facts.set_full_text(facts)
        is_filtered = self.canvas.filters.filter() != GraphFilter()
        self.filter_button.setText("Filtered" if is_filtered else "Filter")

    @Slot(bool)
    def _toggle_filters(self, is_open: bool) -> None:
        self.canvas.arrange()
        self.canvas.filters.setVisible(is_open)
        self.canvas.filters.raise_()

    @Slot(bool)
    def _show_list(self, is_open: bool) -> None:
        self._line.setVisible(is_open)
        self.list.setVisible(is_open)
        self.context.memory.keep(LIST_KEY, is_open)

    @Slot()
    def _draw_icons(self) -> None:
        for button in (self.filter_button, self.list_button):
            button.setIcon(self.context.theme.icon(button.property("icon_name")))

    # Selection

    @Slot(int)
    def _tell_selection(self, node: int) -> None:
        """The map's selection moved: the list and the card follow."""
        self.list.follow(node)
        if node == NEVER or self._data is None:
            return
        person = self._data.nodes[node]
        if person.kind is EntityKind.CONTACT:
            self.context.navigate.select_contact.emit(person.id)
        else:
            self.context.navigate.show_company.emit(person.id)

    @Slot(int)
    def _choose(self, node: int) -> None:
        if node != self.view.stage.selected:
            self.view.select(node)
            self._tell_selection(node)

    @Slot(int)
    def _find(self, node: int) -> None:
        self._choose(node)
        self._focus_map()

    @Slot()
    def _focus_map(self) -> None:
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _follow(self, contact_id: int) -> None:
        """Someone was selected elsewhere."""
        self._mark(EntityKind.CONTACT, contact_id)

    @Slot(int)
    def _follow_company(self, company_id: int) -> None:
        self._mark(EntityKind.COMPANY, company_id)

    def _mark(self, kind: EntityKind, entity_id: int) -> None:
        if self._data is None:
            return
        node = self._data.index_of.get((kind, entity_id), NEVER)
        if node != self.view.stage.selected and (
            node == NEVER or self.view.stage.shown.nodes[node]
        ):
            self.view.select(node)
            self.list.follow(node)

    @Slot(int)
    def show_contact(self, contact_id: int) -> None:
        """Centre on a contact, as soon as the map is there."""
        if self._data is None or self._latest.current is not None:
            self._wanted = contact_id
            return
        node = self._data.index_of.get((EntityKind.CONTACT, contact_id), NEVER)
        if node == NEVER:
            self.context.messages.toast(
                "They are not on the map: it shows the people who are connected best."
            )
            return
        if not self.view.stage.shown.nodes[node]:
            self.canvas.filters.reset()
        self.view.select(node, is_flying=False)
        self.view.centre_on(node)
        self._tell_selection(node)
        self._focus_map()

    @Slot(int)
    def _open(self, node: int) -> None:
        if self._data is None:
            return
        person = self._data.nodes[node]
        navigate = self.context.navigate
        is_contact = person.kind is EntityKind.CONTACT
        (navigate.show_contact if is_contact else navigate.show_company).emit(person.id)

    @Slot(int, QPoint)
    def _show_menu(self, node: int, position: QPoint) -> None:
        menu = self.menu_of(node)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(position)

    def menu_of(self, node: int) -> QMenu:
        """The context menu of someone on the map."""
        assert self._data is not None
        name = self._data.nodes[node].name
        theme = self.context.theme
        menu = QMenu(self)
        menu.addAction(theme.icon("person"), "Show card", partial(self._open, node))
        menu.addAction(theme.icon("target"), "Centre on the map", partial(self._centre, node))
        menu.addAction(
            theme.icon("copy"), "Copy name", partial(QGuiApplication.clipboard().setText, name)
        )
        return menu

    def _centre(self, node: int) -> None:
        self._choose(node)
        self.view.centre_on(node)
