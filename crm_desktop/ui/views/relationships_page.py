"""Relationships: who is connected to whom, how, and how strongly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QRectF, Qt, Slot
from PySide6.QtGui import QFont, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHeaderView,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.domain.changes import ChangeKind
from crm_desktop.domain.relationships import EntityKind, RelationshipSource, RelationshipType
from crm_desktop.ui.format import plural
from crm_desktop.ui.models.paging import ROW_ROLE, Index
from crm_desktop.ui.models.relationships import (
    FROM,
    LABEL,
    LAST,
    SHARED,
    SOURCE,
    SOURCE_WORDS,
    STRENGTH,
    TO,
    RelationshipList,
    RelationshipQuery,
    RelationshipsModel,
)
from crm_desktop.ui.theme import BODY, font
from crm_desktop.ui.tokens import SPACE_2
from crm_desktop.ui.views.live_page import LivePage
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.filter_field import FilterField
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.page_parts import PageHeader, PageStack
from crm_desktop.ui.widgets.painting import paint_avatar, paint_bar, paint_text
from crm_desktop.ui.widgets.skeleton import RowsSkeleton
from crm_desktop.ui.widgets.table import RowDelegate, RowTable

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.theme import Theme

ROW_HEIGHT = 40
AVATAR = 24
NUMBER_WIDTH = 30
FILTER_WIDTH = 180
HEADER_WIDTH = 680
LEAST_WIDTH = 400
FILTER_KEY = "relationships/filter"
TYPE_KEY, SOURCE_KEY = "relationships/type", "relationships/source"
WIDTHS = {FROM: 200, LABEL: 110, SOURCE: 120, STRENGTH: 124, SHARED: 150, LAST: 116}
SQUEEZED = {LABEL: (110, 84), STRENGTH: (124, 88)}
"""Columns that are wide beside the filters and narrow below them."""
ROOM = {SHARED: 900, SOURCE: 760, LAST: 620}
"""Columns that hide where the page is narrower than this."""


class RelationshipDelegate(RowDelegate):
    """Paints the cells of a RelationshipsModel."""

    def paint_cell(self, painter: QPainter, rect: QRectF, theme: Theme, index: Index) -> None:
        row = index.data(ROW_ROLE)
        text = index.data(Qt.ItemDataRole.DisplayRole) or ""
        column = index.column()
        if column in (FROM, TO):
            is_from = column == FROM
            kind = row.from_entity_type if is_from else row.to_entity_type
            identity = row.from_entity_id if is_from else row.to_entity_id
            portrait = QRectF(rect.left(), rect.center().y() - AVATAR / 2, AVATAR, AVATAR)
            if kind is EntityKind.COMPANY:
                inner = portrait.adjusted(2, 2, -2, -2).toRect()
                self._theme.icon("company").paint(painter, inner)
            else:
                paint_avatar(painter, portrait, theme, identity, text, font(BODY))
            words = rect.adjusted(AVATAR + SPACE_2, 0, 0, 0)
            paint_text(painter, words, text, font(BODY, QFont.Weight.Medium), theme.text)
        elif column == STRENGTH and row.strength is not None:
            number = QRectF(rect.left(), rect.top(), NUMBER_WIDTH, rect.height())
            paint_text(painter, number, text, font(BODY, QFont.Weight.DemiBold), theme.text)
            bar = QRectF(number.right() + SPACE_2, rect.center().y() - 2, 0, 4)
            bar.setRight(rect.right() - SPACE_2)
            paint_bar(painter, bar, row.strength, theme.accent, theme.hairline)
        else:
            paint_text(painter, rect, text, font(BODY), theme.muted)


class RelationshipsPage(LivePage):
    """The table with filters by type, source and name."""

    CONCERNS = frozenset(
        {
            ChangeKind.RELATIONSHIPS,
            ChangeKind.RELATIONSHIP_TYPES,
            ChangeKind.CONTACTS,
            ChangeKind.COMPANIES,
        }
    )

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._types: tuple[RelationshipType, ...] = ()
        self._self_id: int | None = None
        self.model = RelationshipsModel(context.access, context.lanes.reader, self)
        self.count = plain_label("", "body", "muted")
        self.type_box = QComboBox()
        self.type_box.setAccessibleName("Type")
        self.type_box.addItem("All types", None)
        self.source_box = QComboBox()
        self.source_box.setAccessibleName("Source")
        self.source_box.addItem("All sources", None)
        for source, words in SOURCE_WORDS.items():
            self.source_box.addItem(words, source.value)
        self.filter = FilterField("Name", "Filter by name")
        self.filter.setMaximumWidth(FILTER_WIDTH)
        self.filter.setMinimumWidth(FILTER_WIDTH // 2)
        self._restore()
        self.table = RowTable(context.theme, "Relationships", ROW_HEIGHT)
        self.empty = EmptyState(context.theme)
        self._arrange()
        # Given outright: the filters go below the title when they no longer fit beside it.
        self.setMinimumWidth(LEAST_WIDTH)
        self._prepare_table()
        self.type_box.currentIndexChanged.connect(self._ask)
        self.source_box.currentIndexChanged.connect(self._ask)
        self.filter.settled.connect(self._ask)
        self.model.loaded.connect(self._show)
        self.model.load_failed.connect(context.messages.error)
        self.table.opened.connect(self._open)
        self.table.clicked.connect(self._open_cell)
        self.table.selectionModel().selectionChanged.connect(self._follow)

    def _arrange(self) -> None:
        title = plain_label("Relationships", "title")
        self._header = PageHeader(title, self.count, self.type_box, self.source_box, self.filter)
        skeleton = RowsSkeleton(self.context.theme, ROW_HEIGHT)
        self._stack = PageStack(self, skeleton, self.table, self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._header)
        column.addLayout(self._stack, 1)

    def _prepare_table(self) -> None:
        self.table.setModel(self.model)
        self.table.setItemDelegate(RelationshipDelegate(self.context.theme, self))
        header = self.table.header
        for column, width in WIDTHS.items():
            header.resizeSection(column, width)
        header.setSectionResizeMode(FROM, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(TO, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicatorShown(False)
        columns = WIDTHS.keys() - SQUEEZED.keys() - {FROM}
        header.remember(self.context.memory, "relationships", columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        is_wide = self.width() >= HEADER_WIDTH
        if (self._header.direction() == beside) != is_wide:
            self._header.setDirection(beside if is_wide else below)
            for column, (wide, narrow) in SQUEEZED.items():
                self.table.header.resizeSection(column, wide if is_wide else narrow)
        for column, least in ROOM.items():
            self.table.setColumnHidden(column, self.width() < least)

    def query(self) -> RelationshipQuery:
        """What the filters ask for."""
        source = self.source_box.currentData()
        return RelationshipQuery(
            self.type_box.currentData(),
            None if source is None else RelationshipSource(source),
            self.filter.wanted(),
        )

    def refresh(self) -> None:
        self.model.load(self.query())

    @Slot()
    def _ask(self) -> None:
        query, memory = self.query(), self.context.memory
        memory.keep(TYPE_KEY, query.type_id or "")
        memory.keep(SOURCE_KEY, query.source or "")
        memory.keep(FILTER_KEY, query.text)
        self.refresh()

    def _restore(self) -> None:
        memory = self.context.memory
        self.filter.setText(memory.text(FILTER_KEY))
        self.source_box.setCurrentIndex(
            max(0, self.source_box.findData(memory.text(SOURCE_KEY) or None))
        )
        if type_id := memory.text(TYPE_KEY):
            # Its name comes with the first answer; a type that is gone leaves all.
            self.type_box.addItem("", type_id)
            self.type_box.setCurrentIndex(1)

    @Slot(object)
    def _show(self, found: RelationshipList) -> None:
        self._self_id = found.self_id
        self._offer_types(found.types)
        is_filtered = found.query != RelationshipQuery()
        self.count.setText(plural(len(found.rows), "relationship") + " found" * is_filtered)
        if found.rows:
            self._stack.setCurrentWidget(self.table)
            return
        if is_filtered:
            self.empty.set_content(
                "filter", "Nothing matches these filters", "", [("Clear the filters", self._clear)]
            )
        else:
            self.empty.set_content(
                "relationships",
                "No relationships yet",
                "Import your mail: people who share conversations know each other.",
                [("Import mail", lambda: self.context.navigate.run_action.emit("import-mail"))],
            )
        self._stack.setCurrentWidget(self.empty)

    def _offer_types(self, types: tuple[RelationshipType, ...]) -> None:
        if types == self._types:
            return
        self._types = types
        chosen = self.type_box.currentData()
        self.type_box.blockSignals(True)
        while self.type_box.count() > 1:
            self.type_box.removeItem(1)
        for kind in types:
            self.type_box.addItem(kind.forward_label, kind.id)
        self.type_box.setCurrentIndex(max(0, self.type_box.findData(chosen)))
        self.type_box.blockSignals(False)

    def _clear(self) -> None:
        self.type_box.setCurrentIndex(0)
        self.source_box.setCurrentIndex(0)
        self.filter.clear()

    @Slot(QModelIndex)
    def _open_cell(self, index: QModelIndex) -> None:
        if index.column() == FROM:
            self._show_end(index, is_to=False)
        else:
            self._open(index)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self._show_end(index, is_to=index.column() == TO or self._is_from_self(index))

    def _show_end(self, index: QModelIndex, *, is_to: bool) -> None:
        row = index.data(ROW_ROLE)
        if row is None:
            return
        kind = row.to_entity_type if is_to else row.from_entity_type
        identity = row.to_entity_id if is_to else row.from_entity_id
        navigate = self.context.navigate
        if kind is EntityKind.CONTACT:
            navigate.show_contact.emit(identity)
        else:
            navigate.show_company.emit(identity)

    def _is_from_self(self, index: QModelIndex) -> bool:
        """Whether a row tells of the person's own relationship, which is about the other."""
        row = index.data(ROW_ROLE)
        return row is not None and (row.from_entity_type, row.from_entity_id) == (
            EntityKind.CONTACT,
            self._self_id,
        )

    @Slot()
    def _follow(self) -> None:
        # Not the current row: a table that gets the focus makes its first row current.
        chosen = self.table.selectionModel().selectedRows()
        row = chosen[0].data(ROW_ROLE) if chosen else None
        if row is None:
            return
        ends = (
            (row.from_entity_type, row.from_entity_id),
            (row.to_entity_type, row.to_entity_id),
        )
        kind, identity = ends[self._is_from_self(chosen[0])]
        if kind is EntityKind.CONTACT:
            self.context.navigate.select_contact.emit(identity)
