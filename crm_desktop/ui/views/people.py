"""People: everyone in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFont, QKeySequence, QPainter, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHeaderView, QPushButton, QVBoxLayout, QWidget

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
from crm_desktop.ui.tokens import SPACE_2, SPACE_3
from crm_desktop.ui.views.duplicates_banner import DuplicatesBanner
from crm_desktop.ui.views.duplicates_finder import DuplicatesFinder
from crm_desktop.ui.views.following import PersonSelection
from crm_desktop.ui.views.live_page import LivePage
from crm_desktop.ui.views.people_menu import PeopleMenu
from crm_desktop.ui.widgets.decay import paint_decay
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.filter_field import FilterField
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.page_parts import PageHeader, PageStack
from crm_desktop.ui.widgets.painting import paint_avatar, paint_bar, paint_text
from crm_desktop.ui.widgets.skeleton import LINE_SHARES, RowsSkeleton, paint_placeholder
from crm_desktop.ui.widgets.table import RowDelegate, RowTable

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.theme import Theme
    from crm_desktop.ui.views.duplicates_finder import Found
    from crm_desktop.ui.views.duplicates_review import DuplicatesReview

ROW_HEIGHT = 44
AVATAR = 28
NUMBER_WIDTH = 30
FILTER_WIDTH = 240
LEAST_FILTER_WIDTH = 120
NEW_KEYS = "Ctrl+N"
WORDS_FROM = 560
FILTER_KEY, COLUMN_KEY, TURNED_KEY = "people/filter", "people/sort-column", "people/is-turned"
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


class PeopleFilter(FilterField):
    """As wide as its hint needs; narrower where the page is."""

    def sizeHint(self) -> QSize:
        return QSize(FILTER_WIDTH, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST_FILTER_WIDTH, super().minimumSizeHint().height())


class PeoplePage(LivePage):
    """The table with its filter; a row's card follows the selection."""

    CONCERNS = frozenset(
        {ChangeKind.CONTACTS, ChangeKind.COMPANIES, ChangeKind.INTERACTIONS, ChangeKind.SETTINGS}
    )

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.filter = PeopleFilter("Name, company or address", "Filter people")
        self.filter.setText(context.memory.text(FILTER_KEY))
        column = context.memory.number(COLUMN_KEY, SCORE)
        self._column = column if column in SORTS else SCORE
        query = PeopleQuery(
            self.filter.wanted(), SORTS[self._column][0], context.memory.flag(TURNED_KEY)
        )
        self.model = PeopleModel(context.access, context.lanes.reader, query, self)
        self.title = plain_label("People", "title")
        self.count = plain_label("", "body", "muted")
        self.table = RowTable(context.theme, "People", ROW_HEIGHT)
        self.empty = EmptyState(context.theme)
        self.new_button = QPushButton("New person")
        self.duplicates = DuplicatesFinder(context, self)
        self.banner = DuplicatesBanner(context.theme, context.memory)
        self.review: DuplicatesReview | None = None
        QShortcut(QKeySequence(NEW_KEYS), self, self._start_new)
        self._skeleton = RowsSkeleton(context.theme, ROW_HEIGHT)
        self._arrange()
        self._prepare_table()
        self._selection = PersonSelection(self.table, self.model.position_of, context.navigate)
        self.filter.settled.connect(self._apply_filter)
        self.model.refreshed.connect(self._show)
        self.model.refresh_failed.connect(context.messages.error)
        self.table.opened.connect(self._open)
        self.new_button.clicked.connect(self._start_new)
        self.table.clicked.connect(self._open_alone)
        self.people_menu = PeopleMenu(context, self.table, self.model)
        self.banner.review_wanted.connect(self.review_duplicates)
        self.duplicates.found.connect(self._count_duplicates)
        self.duplicates.failed.connect(context.messages.error)

    def _arrange(self) -> None:
        self._listing = QWidget()
        self._stack = PageStack(self._listing, self._skeleton, self.table, self.empty)
        keys = QKeySequence(NEW_KEYS).toString(QKeySequence.SequenceFormat.NativeText)
        self.new_button.setToolTip(f"New person ({keys})")
        self.new_button.setAccessibleName("New person")
        column = QVBoxLayout(self._listing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(PageHeader(self.title, self.count, self.filter, self.new_button))
        column.addWidget(self.banner)
        column.addLayout(self._stack, 1)
        self._parts = PageStack(self, self._listing)
        self.setLayout(self._parts)

    def _prepare_table(self) -> None:
        self.table.setModel(self.model)
        self.table.setItemDelegate(PeopleDelegate(self.context.theme, self))
        header = self.table.header
        for column, width in WIDTHS.items():
            header.resizeSection(column, width)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.remember(self.context.memory, "people", WIDTHS.keys() - {NAME})
        header.sortable = frozenset(SORTS)
        self._mark_order()
        header.sectionClicked.connect(self._sort_by)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column, least in ROOM.items():
            self.table.setColumnHidden(column, self.width() < least)
        is_wide = self.width() >= WORDS_FROM
        self.new_button.setText("New person" if is_wide else "New")

    def refresh(self) -> None:
        self.model.refresh()
        is_reviewing = self.review is not None and self._parts.currentWidget() is self.review
        self.duplicates.refresh(at_once=is_reviewing)

    @Slot()
    def review_duplicates(self) -> None:
        """Show who may be here twice in place of the table."""
        if self.review is None:
            from crm_desktop.ui.views.duplicates_review import DuplicatesReview

            self.review = DuplicatesReview(self.context, self.duplicates)
            self.review.left.connect(self._leave_review)
            self._parts.addWidget(self.review)
        self._parts.setCurrentWidget(self.review)
        self.review.start()

    @Slot()
    def _leave_review(self) -> None:
        self._parts.setCurrentWidget(self._listing)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _count_duplicates(self, found: Found) -> None:
        self.banner.show_count(len(found.groups))

    @Slot(int)
    def _sort_by(self, column: int) -> None:
        if column not in SORTS:
            return
        name = SORTS[column][0]
        query = self.model.query()
        is_turned = query.sort == name and not query.is_turned
        self._column = column
        self.context.memory.keep(COLUMN_KEY, column)
        self.context.memory.keep(TURNED_KEY, is_turned)
        self.model.ask(PeopleQuery(query.text, name, is_turned))
        self._mark_order()

    def _mark_order(self) -> None:
        usual = SORTS[self._column][1]
        order = _turned(usual) if self.model.query().is_turned else usual
        self.table.header.setSortIndicator(self._column, order)

    @Slot(str)
    def _apply_filter(self, text: str) -> None:
        query = self.model.query()
        self.context.memory.keep(FILTER_KEY, text)
        self.model.ask(PeopleQuery(text, query.sort, query.is_turned))

    @Slot()
    def _show(self) -> None:
        total, text = self.model.rowCount(), self.model.query().text
        self.count.setText(f"{plural(total, 'person', 'people')}{' found' if text else ''}")
        if total:
            self._stack.setCurrentWidget(self.table)
            self._selection.select_again()
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
                [
                    ("Import mail", lambda: self.context.navigate.run_action.emit("import-mail")),
                    ("New person", self._start_new),
                ],
            )
        self._stack.setCurrentWidget(self.empty)

    @Slot()
    def _start_new(self) -> None:
        self.context.navigate.run_action.emit("new-person")

    @Slot(QModelIndex)
    def _open_alone(self, index: QModelIndex) -> None:
        """A click that adds to a selection, or takes away, opens nothing."""
        if self.people_menu.selected_ids() == [index.data(ID_ROLE)]:
            self._open(index)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        identity = index.data(ID_ROLE)
        if identity is not None:
            self.context.navigate.show_contact.emit(identity)


def _turned(order: Qt.SortOrder) -> Qt.SortOrder:
    up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
    return down if order is up else up
