"""The table of the Relationships page: how it looks, sorts and selects."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QObject,
    QPointF,
    QRectF,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QContextMenuEvent, QFont, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView

from crm_desktop.domain.relationships import EntityKind
from crm_desktop.ui.models.paging import ROW_ROLE, Index
from crm_desktop.ui.models.relationships import (
    CONVERSATIONS,
    FROM,
    LABEL,
    LAST,
    MEASURES,
    MESSAGES,
    SORTS,
    SOURCE,
    STRENGTH,
    TO,
    TYPE,
    RelationshipRow,
    RelationshipsModel,
)
from crm_desktop.ui.theme import BODY, font
from crm_desktop.ui.tokens import SPACE_1, SPACE_2
from crm_desktop.ui.type_words import type_colour
from crm_desktop.ui.widgets.painting import paint_avatar, paint_bar, paint_dot, paint_text
from crm_desktop.ui.widgets.skeleton import LINE_SHARES, paint_placeholder
from crm_desktop.ui.widgets.table import RowDelegate, RowTable

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.theme import Theme

ROW_HEIGHT = 40
AVATAR = 24
NUMBER_WIDTH = 29
DOT_RADIUS = 4.0
WIDTHS = {
    FROM: 190,
    LABEL: 128,
    TO: 190,
    TYPE: 108,
    SOURCE: 112,
    STRENGTH: 108,
    CONVERSATIONS: 108,
    MESSAGES: 88,
    LAST: 118,
}
ROOM = {MESSAGES: 1080, TYPE: 1000, CONVERSATIONS: 900, SOURCE: 780, LAST: 620, STRENGTH: 480}
"""Columns that hide where the page is narrower than this; the card has them too."""
SORT_KEY, DESCENDING_KEY = "relationships/sort-column", "relationships/is-descending"


class RelationshipDelegate(RowDelegate):
    """Paints the cells of a RelationshipsModel."""

    def paint_cell(self, painter: QPainter, rect: QRectF, theme: Theme, index: Index) -> None:
        row: RelationshipRow | None = index.data(ROW_ROLE)
        if row is None:
            share = LINE_SHARES[(index.row() + index.column()) % len(LINE_SHARES)]
            line = QRectF(rect.left(), rect.center().y() - 5, rect.width(), 10)
            paint_placeholder(painter, line, theme, share)
            return
        text = index.data(Qt.ItemDataRole.DisplayRole)
        column = index.column()
        if column in (FROM, TO):
            self._paint_end(painter, rect, theme, row, text, is_from=column == FROM)
        elif column == STRENGTH:
            self._paint_strength(painter, rect, theme, row, text)
        elif column == TYPE:
            centre = QPointF(rect.left() + DOT_RADIUS, rect.center().y())
            paint_dot(painter, centre, DOT_RADIUS, type_colour(theme, row.color_index))
            words = rect.adjusted(2 * DOT_RADIUS + SPACE_2 - 1, 0, 0, 0)
            paint_text(painter, words, text, font(BODY), theme.muted)
        elif column in (CONVERSATIONS, MESSAGES):
            end = Qt.AlignmentFlag.AlignRight
            number = rect.adjusted(0, 0, -SPACE_2, 0)
            paint_text(painter, number, text, font(BODY), theme.muted, end)
        else:
            paint_text(painter, rect, text, font(BODY), theme.muted)

    def _paint_end(
        self,
        painter: QPainter,
        rect: QRectF,
        theme: Theme,
        row: RelationshipRow,
        name: str,
        *,
        is_from: bool,
    ) -> None:
        relationship = row.relationship
        kind = relationship.from_entity_type if is_from else relationship.to_entity_type
        identity = relationship.from_entity_id if is_from else relationship.to_entity_id
        portrait = QRectF(rect.left(), rect.center().y() - AVATAR / 2, AVATAR, AVATAR)
        if kind is EntityKind.COMPANY:
            self._theme.icon("company").paint(painter, portrait.adjusted(2, 2, -2, -2).toRect())
        else:
            paint_avatar(painter, portrait, theme, identity, name, font(BODY))
        words = rect.adjusted(AVATAR + SPACE_2, 0, 0, 0)
        paint_text(painter, words, name, font(BODY, QFont.Weight.Medium), theme.text)

    def _paint_strength(
        self, painter: QPainter, rect: QRectF, theme: Theme, row: RelationshipRow, text: str
    ) -> None:
        strength = row.relationship.strength
        if strength is None:
            return
        number = QRectF(rect.left(), rect.top(), NUMBER_WIDTH, rect.height())
        paint_text(painter, number, text, font(BODY, QFont.Weight.DemiBold), theme.text)
        bar = QRectF(number.right() + SPACE_1, rect.center().y() - 2, 0, 4)
        bar.setRight(rect.right() - SPACE_1)
        paint_bar(painter, bar, strength, theme.accent, theme.hairline)


class RelationshipsTable(RowTable):
    """Rows of relationships, of which several can be selected; sorts by every column.

    Signals:
        selected(ids): the person selected others; an array of ids, by position.
        typed(text): the person typed letters, to look for a name.
        sorting_nears(): the pointer came to the column titles.
        menu_requested(QPoint): the context menu is wanted there, in global coordinates.
    """

    selected = Signal(object)
    typed = Signal(str)
    sorting_nears = Signal()
    menu_requested = Signal(object)

    def __init__(self, context: WindowContext, model: RelationshipsModel) -> None:
        super().__init__(context.theme, "Relationships", ROW_HEIGHT)
        self._memory = context.memory
        self._model = model
        self._ids: array[int] = array("q")
        self._wanted: int | None = None
        self._first = 0  # where the selection began, to stay there when its rows go
        self.setModel(model)
        self.setItemDelegate(RelationshipDelegate(context.theme, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = self.header
        header.setMinimumSectionSize(48)
        for column, width in WIDTHS.items():
            header.resizeSection(column, width)
        for column in (FROM, TO):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.remember(self._memory, "relationships", WIDTHS.keys() - {FROM, TO})
        header.sortable = frozenset(SORTS)
        header.sectionClicked.connect(self.sort_by)
        header.installEventFilter(self)
        column = self._memory.number(SORT_KEY, STRENGTH)
        self._column = column if column in SORTS else STRENGTH
        self._is_descending = self._memory.flag(DESCENDING_KEY, self._column in MEASURES)
        self._mark_order()
        self.selectionModel().selectionChanged.connect(self._tell)

    @property
    def sort_column(self) -> int:
        """The column that sorts."""
        return self._column

    @property
    def is_descending(self) -> bool:
        """Whether the last comes first, or the most."""
        return self._is_descending

    @Slot(int)
    def sort_by(self, column: int) -> None:
        """Sort by a column: measures from the most, words from the first; by the same column
        again, the other way round."""
        is_usual = column in MEASURES
        turned = not self._is_descending if column == self._column else is_usual
        self._column, self._is_descending = column, turned
        self._memory.keep(SORT_KEY, column)
        self._memory.keep(DESCENDING_KEY, turned)
        self._mark_order()
        orders = Qt.SortOrder
        self._model.sort(column, orders.DescendingOrder if turned else orders.AscendingOrder)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.header and event.type() == QEvent.Type.Enter:
            self.sorting_nears.emit()
        return super().eventFilter(watched, event)

    def _mark_order(self) -> None:
        orders = Qt.SortOrder
        order = orders.DescendingOrder if self._is_descending else orders.AscendingOrder
        self.header.setSortIndicator(self._column, order)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column, least in ROOM.items():
            self.setColumnHidden(column, self.width() < least)

    def keyboardSearch(self, search: str) -> None:
        # Qt would look through rows that are not there yet.
        self.typed.emit(search)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            rect = self.visualRect(self.currentIndex())
            place = self.viewport().mapToGlobal(rect.bottomLeft())
        self.menu_requested.emit(place)

    def selected_ids(self) -> array[int]:
        """The relationships selected, by position."""
        return array("q", self._ids)

    def selected_rows(self) -> list[RelationshipRow]:
        """The selected rows that have been read; few where very many are selected."""
        rows = []
        for first, last in self._spans():
            for position in range(first, min(last, first + RelationshipsModel.PAGE_ROWS) + 1):
                row = self._model.index(position, 0).data(ROW_ROLE)
                if row is not None:
                    rows.append(row)
        return rows

    @Slot(int)
    def choose(self, relationship_id: int) -> None:
        """Select this one as soon as it is among the rows."""
        self._wanted = relationship_id

    def select_again(self, *, is_same_list: bool) -> None:
        """Select what was selected before the rows were read anew, wherever it is now. Where
        nothing of it is left in the same list, the row that took its place."""
        position_of = self._model.position_of
        if self._wanted is not None and position_of(self._wanted) >= 0:
            self._ids, self._wanted = array("q", [self._wanted]), None
        if not self._ids:
            return
        positions = sorted(p for p in map(position_of, self._ids) if p >= 0)
        if not positions and is_same_list:
            positions = [min(self._first, self._model.rowCount() - 1)]
        chosen = [p for first, last in self._spans() for p in range(first, last + 1)]
        if chosen != positions or not positions:
            self._select(positions)

    def forget(self) -> None:
        """Nothing is selected any more, and nothing shall be again."""
        self.clearSelection()
        self._tell()

    def _select(self, positions: Sequence[int]) -> None:
        if not positions:
            self.clearSelection()
            self._tell()
            return
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(
            self._model.index(positions[0], max(0, self.currentIndex().column())), flags.NoUpdate
        )
        chosen = QItemSelection()
        for first, last in _runs(positions):
            chosen.select(self._model.index(first, 0), self._model.index(last, 0))
        self.selectionModel().select(chosen, flags.ClearAndSelect | flags.Rows)

    def _spans(self) -> list[tuple[int, int]]:
        """First and last row of each run of selected rows, from the top."""
        # Ranges, not rows: all of 100,000 rows are one.
        selection = self.selectionModel().selection()
        parts = (selection.at(index) for index in range(selection.count()))
        return sorted({(part.top(), part.bottom()) for part in parts})

    @Slot()
    def _tell(self) -> None:
        ids = array("q")
        spans = self._spans()
        for first, last in spans:
            ids.extend(self._model.ids(first, last + 1))
        if spans:
            self._first = spans[0][0]
        if ids != self._ids:
            self._ids = ids
            self.selected.emit(ids)


def _runs(positions: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers, given in order, as (first, last)."""
    runs: list[tuple[int, int]] = []
    for position in positions:
        if runs and runs[-1][1] == position - 1:
            runs[-1] = (runs[-1][0], position)
        else:
            runs.append((position, position))
    return runs
