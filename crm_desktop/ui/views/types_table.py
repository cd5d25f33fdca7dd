"""The list of relationship types: how its cells look, which columns fit, and its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from crm_desktop.ui.models.paging import ROW_ROLE, Index
from crm_desktop.ui.models.types import (
    BETWEEN,
    BUILT_IN,
    DESCRIPTION,
    FORWARD,
    HEADERS,
    NAME,
    REVERSE,
    USES,
    TypeRow,
    TypesModel,
)
from crm_desktop.ui.theme import BODY, CAPTION, font
from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from crm_desktop.ui.type_words import between, type_colour
from crm_desktop.ui.widgets.painting import paint_dot, paint_text
from crm_desktop.ui.widgets.table import RowDelegate, RowTable

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.theme import Theme

ROW_HEIGHT = 44
LEAST_SIZE = (240, 100)
DOT = 12
LOCK = 14
WORD_ROOM, BOTH_ROOM = 44, 220
"""The least room for "Built in", and for kinds and description on one line."""
WIDTHS = {NAME: 200, BETWEEN: 164, FORWARD: 140, REVERSE: 140, USES: 76, DESCRIPTION: 260}
ROOM = {DESCRIPTION: 960, BETWEEN: 680, REVERSE: 560, FORWARD: 300}
"""Columns that hide where the list is narrower than this; the form has them too."""
COLUMN_KEY, TURNED_KEY = "types/sort-column", "types/is-turned"


class TypeDelegate(RowDelegate):
    """Paints the cells of a TypesModel; what has no column for want of room goes to a second
    line."""

    def paint_cell(self, painter: QPainter, rect: QRectF, theme: Theme, index: Index) -> None:
        text, row = index.data(Qt.ItemDataRole.DisplayRole), index.data(ROW_ROLE)
        if index.column() == NAME:
            self._paint_name(painter, rect, theme, row)
        elif index.column() == FORWARD and not row.type.is_symmetric and self._lacks(REVERSE):
            upper, lower = _halves(rect)
            paint_text(painter, upper, text, font(BODY), theme.text)
            paint_text(painter, lower, row.type.reverse_label, font(CAPTION), theme.muted)
        else:
            is_label = index.column() in (FORWARD, REVERSE)
            paint_text(painter, rect, text, font(BODY), theme.text if is_label else theme.muted)

    def _lacks(self, column: int) -> bool:
        table = self.parent()
        return isinstance(table, RowTable) and table.isColumnHidden(column)

    def _paint_name(self, painter: QPainter, rect: QRectF, theme: Theme, row: TypeRow) -> None:
        dot = QRectF(rect.left(), rect.center().y() - DOT / 2, DOT, DOT)
        paint_dot(painter, dot.center(), DOT / 2, type_colour(theme, row.type.color_index))
        words = rect.adjusted(DOT + SPACE_3, 0, 0, 0)
        details = []
        if self._lacks(BETWEEN):
            details.append(between(row.type.from_entity_type, row.type.to_entity_type))
        is_roomy = not details or words.width() >= BOTH_ROOM
        if is_roomy and self._lacks(DESCRIPTION) and row.type.description:
            details.append(row.type.description)
        if details:
            words, lower = _halves(words)
            paint_text(painter, lower, "  ·  ".join(details), font(CAPTION), theme.muted)
        lock = LOCK + SPACE_2 if row.type.is_system else 0
        name = words.adjusted(0, 0, -lock, 0)
        end = name.left() + paint_text(
            painter, name, row.title, font(BODY, QFont.Weight.Medium), theme.text
        )
        if row.type.is_system:
            icon = QRect(round(end) + SPACE_2, round(words.center().y() - LOCK / 2), LOCK, LOCK)
            self._theme.icon("lock").paint(painter, icon)
            rest = QRectF(words)
            rest.setLeft(icon.right() + 1 + SPACE_1)
            if rest.width() >= WORD_ROOM:
                paint_text(painter, rest, BUILT_IN, font(CAPTION), theme.muted)


def _halves(rect: QRectF) -> tuple[QRectF, QRectF]:
    """Two lines in one row."""
    height = rect.height() / 2 - SPACE_1
    upper = QRectF(rect.left(), rect.top() + SPACE_1, rect.width(), height)
    return upper, upper.translated(0, height)


class TypesTable(RowTable):
    """The list of types. Enter, Space, F2 and a double click open a row; Del asks to delete it.

    Signals:
        delete_requested(): the person wants the current type gone.
    """

    delete_requested = Signal()

    def __init__(
        self, context: WindowContext, model: TypesModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(context.theme, "Relationship types", ROW_HEIGHT, parent)
        self._memory = context.memory
        self._model = model
        self._column = min(max(self._memory.number(COLUMN_KEY, NAME), 0), len(HEADERS) - 1)
        self._is_turned = self._memory.flag(TURNED_KEY)
        self.setMinimumSize(*LEAST_SIZE)
        self.setModel(model)
        self.setItemDelegate(TypeDelegate(context.theme, self))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        for column, width in WIDTHS.items():
            self.header.resizeSection(column, width)
        self.header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.header.remember(self._memory, "types", WIDTHS.keys() - {NAME})
        self.header.sortable = frozenset(WIDTHS)
        self.header.sectionClicked.connect(self.sort_by)
        self._order()

    def selected(self) -> TypeRow | None:
        """The row selected, if any."""
        chosen = self.selectionModel().selectedRows()
        return chosen[0].data(ROW_ROLE) if chosen else None

    def select(self, position: int) -> None:
        """Select a row and keep the column that the keyboard is on."""
        column = max(0, self.currentIndex().column())
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(
            self._model.index(position, column), flags.ClearAndSelect | flags.Rows
        )

    def show_current(self) -> None:
        """Bring the current row into view, once the list has its new size."""
        QTimer.singleShot(0, self, lambda: self.scrollTo(self.currentIndex()))

    @Slot(int)
    def sort_by(self, column: int) -> None:
        """Sort by a column; by the same once more, the other way round."""
        self._is_turned = column == self._column and not self._is_turned
        self._column = column
        self._memory.keep(COLUMN_KEY, column)
        self._memory.keep(TURNED_KEY, self._is_turned)
        self._order()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_requested.emit()
        elif key == Qt.Key.Key_F2 and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        for column, least in ROOM.items():
            self.setColumnHidden(column, self.width() < least)
        super().resizeEvent(event)

    def _order(self) -> None:
        self._model.order_by(self._column, is_turned=self._is_turned)
        is_down = (self._column == USES) is not self._is_turned
        down, up = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
        self.header.setSortIndicator(self._column, down if is_down else up)
