"""The people on the map as a list: the same selection, for keyboard and screen reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from crm_desktop.ui.format import plural
from crm_desktop.ui.graph.data import NEVER
from crm_desktop.ui.graph.palette import Palette
from crm_desktop.ui.models.paging import Index
from crm_desktop.ui.theme import font
from crm_desktop.ui.tokens import BODY, CAPTION, SPACE_2, SPACE_3
from crm_desktop.ui.widgets.painting import colour, paint_text

if TYPE_CHECKING:
    from crm_desktop.ui.graph.data import GraphData, Shown
    from crm_desktop.ui.theme import ThemeManager

NODE_ROLE = Qt.ItemDataRole.UserRole + 1
ORGANIZATION_ROLE = Qt.ItemDataRole.UserRole + 2
ROW_HEIGHT = 44
DOT_PX = 4.5
_ROOT = QModelIndex()


class PeopleModel(QAbstractListModel):
    """The shown nodes, the weightiest first; NODE_ROLE is the node's index in the graph."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.data_shown: GraphData | None = None
        self._nodes: list[int] = []
        self._row_of: dict[int, int] = {}
        self._degree: list[int] = []

    def set_people(self, data: GraphData, shown: Shown) -> None:
        """List the nodes that `shown` leaves."""
        self.beginResetModel()
        self.data_shown = data
        self._nodes = data.importance[shown.nodes[data.importance]].tolist()
        self._row_of = {node: row for row, node in enumerate(self._nodes)}
        ends = np.concatenate([data.source[shown.edges], data.target[shown.edges]])
        self._degree = np.bincount(ends, minlength=len(data.x)).tolist()
        self.endResetModel()

    def row_of(self, node: int) -> int:
        """The row of a node, or -1 where it is filtered away."""
        return self._row_of.get(node, -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._nodes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self.data_shown is None:
            return None
        number = self._nodes[index.row()]
        node = self.data_shown.nodes[number]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return f"{node.name} (you)" if node.is_self else node.name
        if role == NODE_ROLE:
            return number
        if role == ORGANIZATION_ROLE:
            return node.organization or ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            connections = plural(self._degree[number], "connection")
            return ", ".join(part for part in (node.name, node.organization, connections) if part)
        return None


class PeopleDelegate(QStyledItemDelegate):
    """A dot in the community's colour, the name and the organisation under it."""

    def __init__(self, theme: ThemeManager, model: PeopleModel, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self._palette = Palette(theme.current)
        theme.changed.connect(self._take_colours)

    @Slot()
    def _take_colours(self) -> None:
        self._palette = Palette(self._theme.current)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, data = self._theme.current, self._model.data_shown
        if data is None:
            return
        area = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, colour(theme.accent_soft))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, colour(theme.hover))
        node = index.data(NODE_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._palette.dots[data.colour[node]])
        centre = QPointF(area.left() + SPACE_3 + DOT_PX, area.center().y())
        if data.is_company[node]:
            side = DOT_PX * 0.9
            square = QRectF(centre.x() - side, centre.y() - side, 2 * side, 2 * side)
            painter.drawRoundedRect(square, 2, 2)
        else:
            painter.drawEllipse(centre, DOT_PX, DOT_PX)
        painter.restore()
        left = area.left() + 2 * SPACE_3 + 2 * DOT_PX
        text = QRectF(left, area.top(), area.right() - left - SPACE_2, area.height())
        organization = index.data(ORGANIZATION_ROLE)
        weight = QFont.Weight.Medium
        name = index.data(Qt.ItemDataRole.DisplayRole)
        if organization:
            upper = QRectF(text.left(), text.top() + 5, text.width(), 18)
            lower = QRectF(text.left(), text.top() + 23, text.width(), 15)
            paint_text(painter, upper, name, font(BODY, weight), theme.text)
            paint_text(painter, lower, organization, font(CAPTION), theme.muted)
        else:
            paint_text(painter, text, name, font(BODY, weight), theme.text)


class PeopleList(QListView):
    """The list beside the map.

    Signals:
        chosen(node): the person moved to a row.
        opened(node): Enter or a double click: show the card.
    """

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(
        self, theme: ThemeManager, model: PeopleModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._people = model
        self._is_following = False
        self.setModel(model)
        self.setItemDelegate(PeopleDelegate(theme, model, self))
        self.setAccessibleName("People on the map")
        self.setAccessibleDescription("Sorted by weight. Enter shows the card.")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.selectionModel().currentChanged.connect(self._on_current)
        self.doubleClicked.connect(self._on_double_click)
        theme.changed.connect(self.viewport().update)

    def follow(self, node: int) -> None:
        """Select the row of a node without a signal; none for -1."""
        row = self._people.row_of(node) if node != NEVER else -1
        self._is_following = True
        if row < 0:
            self.selectionModel().clear()
        else:
            self.setCurrentIndex(self._people.index(row, 0))
        self._is_following = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and current.isValid():
            self.opened.emit(current.data(NODE_ROLE))
        else:
            super().keyPressEvent(event)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._is_following:
            self.chosen.emit(current.data(NODE_ROLE))

    @Slot(QModelIndex)
    def _on_double_click(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(NODE_ROLE))
