"""People: everyone in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QFont, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.domain.changes import ChangeKind
from crm_desktop.ui.format import plural
from crm_desktop.ui.models.paging import ID_ROLE, ROW_ROLE, Index
from crm_desktop.ui.models.people import (
    EMAIL,
    FRESHNESS,
    LAST_CONTACT,
    NAME,
    ORGANIZATION,
    SCORE,
    SORTS,
    PeopleModel,
    PeopleQuery,
)
from crm_desktop.ui.theme import BODY, CAPTION, font
from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_6
from crm_desktop.ui.views.live_page import LivePage
from crm_desktop.ui.widgets.decay import paint_decay
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.painting import paint_avatar, paint_bar, paint_text
from crm_desktop.ui.widgets.skeleton import LINE_SHARES, RowsSkeleton, paint_placeholder
from crm_desktop.ui.widgets.table import RowDelegate, RowTable

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.theme import Theme

ROW_HEIGHT = 44
AVATAR = 28
NUMBER_WIDTH = 30
FILTER_WIDTH = 240
FILTER_DELAY_MS = 120
WIDTHS = {NAME: 240, ORGANIZATION: 160, EMAIL: 200, SCORE: 132, LAST_CONTACT: 120, FRESHNESS: 116}
ROOM = {EMAIL: 880, ORGANIZATION: 700, LAST_CONTACT: 540}
"""Columns that hide where the page is narrower than this; the card has them too."""


class PeopleDelegate(RowDelegate):
    """Paints the cells of a PeopleModel."""

    def paint_cell(self, painter: QPainter, rect: QRectF, theme: Theme, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if row is None:
            share = LINE_SHARES[(index.row() + index.column()) % len(LINE_SHARES)]
            line = QRectF(rect.left(), rect.center().y() - 5, rect.width(), 10)
            paint_placeholder(painter, line, theme, share)
            return
        contact, column = row.contact, index.column()
        text = index.data(Qt.ItemDataRole.DisplayRole)
        if column == NAME:
            portrait = QRectF(rect.left(), rect.center().y() - AVATAR / 2, AVATAR, AVATAR)
            paint_avatar(painter, portrait, theme, contact.id, contact.name, font(BODY))
            words = rect.adjusted(AVATAR + SPACE_3, 0, 0, 0)
            paint_text(painter, words, text, font(BODY, QFont.Weight.Medium), theme.text)
        elif column == SCORE:
            if contact.score is not None:
                number = QRectF(rect.left(), rect.top(), NUMBER_WIDTH, rect.height())
                paint_text(painter, number, text, font(BODY, QFont.Weight.DemiBold), theme.text)
                bar = QRectF(number.right() + SPACE_2, rect.center().y() - 2, 0, 4)
                bar.setRight(rect.right() - SPACE_2)
                paint_bar(painter, bar, contact.score / 100, theme.accent, theme.hairline)
        elif column == FRESHNESS and row.is_self:
            paint_text(painter, rect, text, font(CAPTION), theme.muted)
        elif column == FRESHNESS:
            paint_decay(
                painter, rect, theme, contact.decay_bucket, font(CAPTION), text, theme.muted
            )
        else:
            ink = theme.text if column == LAST_CONTACT else theme.muted
            paint_text(painter, rect, text, font(BODY), ink)


class PeoplePage(LivePage):
    """The table with its filter; a row's card follows the selection."""

    CONCERNS = frozenset(
        {ChangeKind.CONTACTS, ChangeKind.COMPANIES, ChangeKind.INTERACTIONS, ChangeKind.SETTINGS}
    )

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._selected: int | None = None
        self.model = PeopleModel(context.access, context.lanes.reader, self)
        self.title = plain_label("People", "title")
        self.count = plain_label("", "body", "muted")
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Name, company or address")
        self.filter.setAccessibleName("Filter people")
        self.filter.setClearButtonEnabled(True)
        self.filter.setFixedWidth(FILTER_WIDTH)
        self._filter_timer = QTimer(self)
        self._filter_timer.setSingleShot(True)
        self._filter_timer.setInterval(FILTER_DELAY_MS)
        self.table = RowTable(context.theme, "People", ROW_HEIGHT)
        self.empty = EmptyState(context.theme)
        self._skeleton = RowsSkeleton(context.theme, ROW_HEIGHT)
        self._arrange()
        self._prepare_table()
        self.setFocusProxy(self.table)
        self.filter.textChanged.connect(self._filter_timer.start)
        self._filter_timer.timeout.connect(self._apply_filter)
        self.model.refreshed.connect(self._show)
        self.model.refresh_failed.connect(context.messages.error)
        self.table.opened.connect(self._open)
        self.table.clicked.connect(self._open)
        self.table.selectionModel().selectionChanged.connect(self._follow)
        context.navigate.show_contact.connect(self._mark)
        context.navigate.select_contact.connect(self._mark)

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(SPACE_1)
        words.addWidget(self.title)
        words.addWidget(self.count)
        header = QHBoxLayout()
        header.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_3)
        header.setSpacing(SPACE_3)
        header.addLayout(words, 1)
        header.addWidget(self.filter, 0, Qt.AlignmentFlag.AlignBottom)
        self._stack = QStackedLayout()
        for widget in (self._skeleton, self.table, self.empty):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(header)
        column.addLayout(self._stack, 1)

    def _prepare_table(self) -> None:
        self.table.setModel(self.model)
        self.table.setItemDelegate(PeopleDelegate(self.context.theme, self))
        header = self.table.header
        for column, width in WIDTHS.items():
            header.resizeSection(column, width)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.sortable = frozenset(SORTS)
        header.setSortIndicator(NAME, Qt.SortOrder.AscendingOrder)
        header.sectionClicked.connect(self._sort_by)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column, least in ROOM.items():
            self.table.setColumnHidden(column, self.width() < least)

    def refresh(self) -> None:
        self.model.refresh()

    @Slot(int)
    def _sort_by(self, column: int) -> None:
        header = self.table.header
        if column not in SORTS:
            return
        name, usual = SORTS[column]
        query = self.model.query()
        is_turned = query.sort == name and not query.is_turned
        order = _turned(usual) if is_turned else usual
        header.setSortIndicator(column, order)
        self.model.ask(PeopleQuery(query.text, name, is_turned))

    @Slot()
    def _apply_filter(self) -> None:
        query = self.model.query()
        text = self.filter.text().strip()
        self.model.ask(PeopleQuery(text, query.sort, query.is_turned))

    @Slot()
    def _show(self) -> None:
        total, text = self.model.rowCount(), self.model.query().text
        self.count.setText(f"{plural(total, 'person', 'people')}{' found' if text else ''}")
        if total:
            self._stack.setCurrentWidget(self.table)
            self._select_again()
            return
        if text:
            self.empty.set_content(
                "search", f"Nobody matches “{text}”", "", [("Clear the filter", self.filter.clear)]
            )
        else:
            self.empty.set_content(
                "people",
                "Nobody here yet",
                "Import your mail or contacts, and people appear here.",
                [("Import mail", lambda: self.context.navigate.run_action.emit("import-mail"))],
            )
        self._stack.setCurrentWidget(self.empty)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        identity = index.data(ID_ROLE)
        if identity is not None:
            self.context.navigate.show_contact.emit(identity)

    @Slot()
    def _follow(self) -> None:
        # Not the current row: a list that gets the focus makes its first row current.
        chosen = self.table.selectionModel().selectedIndexes()
        identity = chosen[0].data(ID_ROLE) if chosen else None
        if identity is not None and identity != self._selected:
            self._selected = identity
            self.context.navigate.select_contact.emit(identity)

    @Slot(int)
    def _mark(self, contact_id: int) -> None:
        """Select whoever's card is shown, wherever they were chosen."""
        self._selected = contact_id
        self._select_again()

    def _select_again(self) -> None:
        if self._selected is None:
            return
        position = self.model.position_of(self._selected)
        if position < 0:
            self.table.clearSelection()
        elif not self.table.selectionModel().isRowSelected(position, QModelIndex()):
            self.table.setCurrentIndex(self.model.index(position, 0))


def _turned(order: Qt.SortOrder) -> Qt.SortOrder:
    up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
    return down if order is up else up
