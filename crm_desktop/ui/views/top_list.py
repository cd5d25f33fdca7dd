"""The top list itself: keys and mouse, and a place that it keeps while it is read anew."""

from __future__ import annotations

from statistics import median_low
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QCursor,
    QHoverEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QToolTip

from crm_desktop.ui.format import score_tooltip
from crm_desktop.ui.models.paging import ID_ROLE, ROW_ROLE
from crm_desktop.ui.views.top_delegate import ROW_HEIGHT, TopDelegate, row_layout

if TYPE_CHECKING:
    from crm_desktop.domain.interactions import TopRelationship
    from crm_desktop.ui.models.top import TopModel, TopQuery

EXPLAINED_MS = 20_000


class TopList(QListView):
    """One click selects, two open; Space says why the score is what it is.

    While the list is read anew the rows in view stay where they are, and so does the keyboard.

    Signals:
        opened(person_id): show the card, whatever it takes.
        write_wanted(TopRelationship): the mail button of a row was clicked.
        menu_requested(QPoint): the context menu is wanted there, in global coordinates.
    """

    opened = Signal(int)
    write_wanted = Signal(object)
    menu_requested = Signal(QPoint)

    def __init__(self, model: TopModel, delegate: TopDelegate) -> None:
        super().__init__()
        self._model = model
        self._delegate = delegate
        self._pointed = -1, False
        self._pressed_mail = -1
        self._shown_ids: list[int | None] = []
        self._query: TopQuery | None = None
        self._current_id: int | None = None
        self._top = 0
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setAccessibleName("Top contacts")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT // 3)
        self.verticalScrollBar().valueChanged.connect(self._point_again)
        self.doubleClicked.connect(self._open)
        # After the view's own receivers, which setModel connected.
        model.modelAboutToBeReset.connect(self._remember_place)
        model.modelReset.connect(self._return_to_place)

    def current_row(self) -> TopRelationship | None:
        """The person the keyboard is on; None before their row has come."""
        index = self.currentIndex()
        row: TopRelationship | None = index.data(ROW_ROLE) if index.isValid() else None
        return row

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 2 * ROW_HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, current = Qt.Key(event.key()), self.currentIndex()
        if key == Qt.Key.Key_Space and current.isValid():
            self._explain(current)
            return
        QToolTip.hideText()
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_enter = is_plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and current.isValid():
            self._open(current)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_mail = self._mail_at(event.position())
        if self._pressed_mail < 0:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed_mail = self._pressed_mail, -1
        if pressed < 0:
            super().mouseReleaseEvent(event)
        elif event.button() is Qt.MouseButton.LeftButton:
            row = self._model.row_at(pressed)
            if row is not None and self._mail_at(event.position()) == pressed:
                self.write_wanted.emit(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # The second click on the button is the first one's echo.
        if self._mail_at(event.position()) < 0:
            super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            index, place = self.indexAt(event.pos()), event.globalPos()
            if index.isValid():
                self.setCurrentIndex(index)
        else:
            index = self.currentIndex()
            self.scrollTo(index)
            corner = self.visualRect(index).topLeft() + QPoint(ROW_HEIGHT, ROW_HEIGHT // 2)
            place = self.viewport().mapToGlobal(corner)
        if index.isValid():
            self.menu_requested.emit(place)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHoverEvent):
            is_gone = event.type() is QEvent.Type.HoverLeave
            self._point_at(None if is_gone else event.position())
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._model.look_at(*self.rows_in_view())
        super().paintEvent(event)

    def rows_in_view(self) -> tuple[int, int]:
        """The first row in view, in part or whole, and the one after the last."""
        top = self.verticalScrollBar().value()
        last = (top + self.viewport().height() - 1) // ROW_HEIGHT
        return top // ROW_HEIGHT, min(last + 1, self._model.rowCount())

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        identity = index.data(ID_ROLE)
        if identity is not None:
            self.opened.emit(identity)

    def _explain(self, index: QModelIndex) -> None:
        row: TopRelationship | None = index.data(ROW_ROLE)
        if row is None or row.breakdown is None:
            return
        if QToolTip.isVisible():
            QToolTip.hideText()
            return
        self.scrollTo(index)
        rect = self.visualRect(index)
        layout = row_layout(QRectF(rect))
        place = QPoint(round(layout.name.left()), rect.bottom() - ROW_HEIGHT // 4)
        words = score_tooltip(row.display_name, row.breakdown)
        # No rectangle: a mouse that lies elsewhere must not take it away.
        corner = self.viewport().mapToGlobal(place)
        QToolTip.showText(corner, words, self.viewport(), QRect(), EXPLAINED_MS)

    def _mail_at(self, place: QPointF) -> int:
        """The row whose mail button is at `place`, or -1."""
        index = self.indexAt(place.toPoint())
        if not index.isValid():
            return -1
        mail = row_layout(QRectF(self.visualRect(index))).mail
        return index.row() if mail.contains(place) else -1

    def _point_at(self, place: QPointF | None) -> None:
        index = QModelIndex() if place is None else self.indexAt(place.toPoint())
        is_on_mail = place is not None and self._mail_at(place) >= 0
        pointed = (index.row() if index.isValid() else -1), is_on_mail
        if pointed == self._pointed:
            return
        self._pointed = pointed
        self._delegate.point_at(pointed[0], is_on_mail=is_on_mail)
        row = self._model.row_at(pointed[0])
        if is_on_mail and row is not None and row.emails:
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.viewport().unsetCursor()
        self.viewport().update()

    @Slot()
    def _point_again(self) -> None:
        """Rows moved under a pointer that did not."""
        if self._pointed[0] >= 0:
            self._point_at(QPointF(self.viewport().mapFromGlobal(QCursor.pos())))

    @Slot()
    def _remember_place(self) -> None:
        self._query, self._top = self._model.query, self.verticalScrollBar().value()
        self._shown_ids = [self._model.id_at(row) for row in range(*self.rows_in_view())]
        self._current_id = self.currentIndex().data(ID_ROLE)

    @Slot()
    def _return_to_place(self) -> None:
        """Rows in view stay where they are, as far as the others let them; another list begins
        at its top. The keyboard stays with its person."""
        bar, model, top = self.verticalScrollBar(), self._model, self._top
        self.doItemsLayout()  # else the bar would not know how far it reaches
        is_same = model.query == self._query
        if is_same and top > 0:
            first = top // ROW_HEIGHT
            shifts = [
                model.position_of(person_id) - (first + offset)
                for offset, person_id in enumerate(self._shown_ids)
                if person_id is not None and model.position_of(person_id) >= 0
            ]
            bar.setValue(top + (median_low(shifts) if shifts else 0) * ROW_HEIGHT)
        else:
            bar.setValue(0)
        if self._current_id is not None and is_same:
            position = model.position_of(self._current_id)
            self.make_current(position, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._pointed = -1, False
        self._delegate.point_at(-1, is_on_mail=False)
        if self.viewport().underMouse():
            self._point_at(QPointF(self.viewport().mapFromGlobal(QCursor.pos())))

    def make_current(self, position: int, how: QItemSelectionModel.SelectionFlag) -> None:
        """Put the keyboard on a row, if there is one, without scrolling there."""
        if position < 0:
            return
        self.setAutoScroll(False)
        self.selectionModel().setCurrentIndex(self._model.index(position), how)
        self.setAutoScroll(True)
