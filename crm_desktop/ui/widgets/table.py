"""The look and the keys of the long tables: whole rows, hairlines, lit under the mouse."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QModelIndex, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QCursor, QFont, QHoverEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from crm_desktop.ui.models.paging import Index
from crm_desktop.ui.theme import CAPTION, font
from crm_desktop.ui.widgets.painting import colour, paint_text

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from crm_desktop.ui.memory import WindowMemory
    from crm_desktop.ui.theme import Theme, ThemeManager

PADDING = 8
EDGE = 24
ARROW = 12
HEADER_HEIGHT = 32


class RowHeader(QHeaderView):
    """Column titles that stand over the text of their columns, the sort arrow beside them."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.sortable: frozenset[int] = frozenset()
        self.setHighlightSections(False)
        self.setMinimumSectionSize(64)
        self.setFixedHeight(HEADER_HEIGHT)
        self.setSectionsClickable(True)
        self.setSortIndicatorShown(True)
        theme.changed.connect(self.viewport().update)

    def remember(self, memory: WindowMemory, name: str, columns: Iterable[int]) -> None:
        """Take the widths that the person gave these columns last time, and keep new ones."""
        kept = frozenset(columns)
        for column in kept:
            width = memory.number(f"{name}/width-{column}", 0)
            if width >= self.minimumSectionSize():
                self.resizeSection(column, width)

        def keep(column: int, _before: int, width: int) -> None:
            if column in kept and width > 0:  # a hidden column has no width
                memory.keep(f"{name}/width-{column}", width)

        self.sectionResized.connect(keep)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        theme, area = self._theme.current, QRectF(rect)
        painter.save()
        painter.fillRect(area, colour(theme.paper))
        painter.fillRect(
            QRectF(area.left(), area.bottom() - 1, area.width(), 1), colour(theme.hairline)
        )
        is_sorted = section in self.sortable and section == self.sortIndicatorSection()
        weight = QFont.Weight.DemiBold if is_sorted else QFont.Weight.Medium
        left = EDGE if self.visualIndex(section) == 0 else PADDING
        words = area.adjusted(left, 0, -PADDING - ARROW, 0)
        title = str(self.model().headerData(section, self.orientation()) or "")
        ink = theme.text if is_sorted else theme.muted
        width = paint_text(painter, words, title, font(CAPTION, weight), ink)
        if is_sorted:
            is_up = self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
            arrow = self._theme.icon("chevron-up" if is_up else "chevron-down", "text")
            top = rect.center().y() - ARROW // 2
            arrow.paint(painter, QRect(round(words.left() + width) + 4, top, ARROW, ARROW))
        painter.restore()


class RowTable(QTableView):
    """A read-only table of whole rows.

    Signals:
        opened(QModelIndex): a row was double-clicked, or Enter or Space pressed on it.
    """

    opened = Signal(QModelIndex)

    def __init__(
        self, theme: ThemeManager, name: str, row_height: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.hovered_row = -1
        self.header = RowHeader(theme, self)
        self.setHorizontalHeader(self.header)
        theme.changed.connect(self.repaint_rows)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        vertical = self.verticalHeader()
        vertical.hide()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setDefaultSectionSize(row_height)
        vertical.setMinimumSectionSize(row_height)
        self.verticalScrollBar().valueChanged.connect(self._hover_again)
        self.doubleClicked.connect(self.opened)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self.model().rowCount() - 1}
        key, current = Qt.Key(event.key()), self.currentIndex()
        if key in keys and current.isValid():
            self.opened.emit(current)
        elif key in ends:
            self.setCurrentIndex(self.model().index(ends[key], max(0, current.column())))
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHoverEvent):
            is_gone = event.type() is QEvent.Type.HoverLeave
            self._hover(-1 if is_gone else self.rowAt(round(event.position().y())))
        return super().viewportEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        # The line of the current row runs through all its cells, of which Qt repaints one.
        self.viewport().update()

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 160)

    @Slot()
    def repaint_rows(self) -> None:
        """Paint again, for colours that changed."""
        self.viewport().update()

    @Slot()
    def _hover_again(self) -> None:
        """Rows moved under a pointer that did not."""
        if self.hovered_row >= 0:
            self._hover(self.rowAt(self.viewport().mapFromGlobal(QCursor.pos()).y()))

    def _hover(self, row: int) -> None:
        if row != self.hovered_row:
            self.hovered_row = row
            self.viewport().update()


class RowDelegate(QStyledItemDelegate):
    """Paints the ground of a row; a subclass paints the cells in `paint_cell`."""

    def __init__(self, theme: ThemeManager, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint_cell(self, painter: QPainter, rect: QRectF, theme: Theme, index: Index) -> None:
        """Paint what the cell says into `rect`, which is already inset."""
        raise NotImplementedError

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme.current
        rect = QRectF(option.rect)
        table = cast("RowTable", option.widget)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, colour(theme.accent_soft))
        elif table.hovered_row == index.row():
            painter.fillRect(rect, colour(theme.hover))
        line = QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1)
        painter.fillRect(line, colour(theme.hairline, 0.6))
        if table.hasFocus() and table.currentIndex().row() == index.row():
            # The keyboard is on the row, and on one of its cells.
            is_cell = table.currentIndex().column() == index.column()
            painter.fillRect(line.adjusted(0, -1 if is_cell else 0, 0, 0), colour(theme.accent))
        left = EDGE if index.column() == 0 else PADDING
        self.paint_cell(painter, rect.adjusted(left, 0, -PADDING, 0), theme, index)
        painter.restore()
