"""The base of long tables: all ids at once, rows a page at a time as they come into view.

The scroll bar knows the true length, a selection is kept by id, and 100,000 rows cost what one
screenful costs. Ids and pages are read on the reader lane; until a page has come its rows are
placeholders, and when it comes the view hears `dataChanged`, never a reset.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from crm_desktop.workers.job import VIEW

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.workers.job import JobHandle
    from crm_desktop.workers.lane import Lane

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The whole row, or None while it is a placeholder."""
ID_ROLE = Qt.ItemDataRole.UserRole + 2
"""The id of the row, known from the start."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class PagedModel(QAbstractTableModel):
    """A table of ids whose rows are fetched when painted.

    A subclass says how ids and rows are read (on the reader lane's thread) and what a cell shows.

    Signals:
        refreshed(): the ids are those of the last `refresh`; rows may still be placeholders.
        refresh_failed(exception): they could not be read.
    """

    PAGE_ROWS = 64
    KEPT_PAGES = 64
    PAGES_AT_ONCE = 4
    FIRST_PAGES = 0
    """So many pages come along with the ids, for lists that are looked at from the top."""

    refreshed = Signal()
    refresh_failed = Signal(object)

    def __init__(self, lane: Lane, headers: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._headers = tuple(headers)
        self._ids: array[int] = array("q")
        self._positions: dict[int, int] | None = None
        self._pages: OrderedDict[int, Sequence[Any]] = OrderedDict()
        self._stale: set[int] = set()
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._ids_handle: JobHandle | None = None
        self._rows_handle: JobHandle | None = None
        self._requested: tuple[int, ...] = ()
        self.is_loaded = False
        # Painting asks for rows one by one; the request goes out once per turn of the event loop.
        self._request_timer = QTimer(self)
        self._request_timer.setSingleShot(True)
        self._request_timer.setInterval(0)
        self._request_timer.timeout.connect(self._request_rows)

    def read_ids(self, query: Any, ctx: JobContext) -> Sequence[int]:
        """All ids of the query, in order. Runs on the reader lane: no Qt."""
        raise NotImplementedError

    def read_rows(self, ids: Sequence[int], ctx: JobContext) -> Sequence[Any]:
        """Rows that have an `id`, in any order; one that is gone is missing. No Qt."""
        raise NotImplementedError

    def query(self) -> Any:
        """What `read_ids` needs to know (filters, order), captured on the GUI thread."""
        raise NotImplementedError

    def cell(self, row: Any, column: int, role: int) -> Any:
        """What a cell of a row that is there gives for a role."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Read the ids again; the rows on screen stay until newer ones have come."""
        if self._ids_handle is not None:
            self._ids_handle.cancel()
        query = self.query()
        self._ids_handle = self._lane.submit(
            lambda ctx: self._read(query, ctx),
            priority=VIEW,
            done=self._take_ids,
            failed=self._fail_ids,
        )

    def _read(self, query: Any, ctx: JobContext) -> tuple[Any, array[int], Sequence[Any]]:
        ids = array("q", self.read_ids(query, ctx))
        first = ids[: self.FIRST_PAGES * self.PAGE_ROWS]
        return query, ids, self.read_rows(first, ctx) if first else ()

    def id_at(self, position: int) -> int | None:
        """The id of a row, or None outside the table."""
        return self._ids[position] if 0 <= position < len(self._ids) else None

    def ids(self, first: int, end: int) -> array[int]:
        """The ids of the rows from `first` to before `end`."""
        return self._ids[first:end]

    def position_of(self, identity: int) -> int:
        """The row of an id, or -1."""
        if self._positions is None:
            self._positions = {value: index for index, value in enumerate(self._ids)}
        return self._positions.get(identity, -1)

    def row_at(self, position: int) -> Any | None:
        """The row when it is there; otherwise None, and its page is asked for."""
        page, offset = divmod(position, self.PAGE_ROWS)
        rows = self._pages.get(page)
        if rows is None or page in self._stale:
            self._wanted[page] = None
            self._wanted.move_to_end(page)
            if not self._request_timer.isActive():
                self._request_timer.start()
        if rows is None:
            return None
        self._pages.move_to_end(page)
        return rows[offset] if offset < len(rows) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._headers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == ID_ROLE:
            return self.id_at(index.row())
        row = self.row_at(index.row())
        if role == ROW_ROLE or row is None:
            return row
        return self.cell(row, index.column(), role)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section] if 0 <= section < len(self._headers) else None
        return None

    @Slot(object)
    def _take_ids(self, answer: tuple[Any, array[int], Sequence[Any]]) -> None:
        query, ids, rows = answer
        if query != self.query():
            return  # a newer question is on its way
        self.is_loaded = True
        if ids == self._ids:
            self._stale.update(self._pages)
            self._keep_first(rows)
            self._announce(0, len(self._ids) - 1)
        else:
            self.beginResetModel()
            self._ids = ids
            self._positions = None
            self._pages.clear()
            self._stale.clear()
            self._wanted.clear()
            self._drop_request()
            self._keep_first(rows)
            self.endResetModel()
        self.refreshed.emit()

    def _keep_first(self, rows: Sequence[Any]) -> None:
        if rows:
            by_id = {row.id: row for row in rows}
            for page in range(self.FIRST_PAGES):
                if span := self._span(page):
                    self._keep_page(page, [by_id.get(value) for value in span])

    def _keep_page(self, page: int, rows: Sequence[Any]) -> None:
        self._pages[page] = rows
        self._pages.move_to_end(page)
        self._stale.discard(page)

    @Slot(object)
    def _fail_ids(self, error: BaseException) -> None:
        self.refresh_failed.emit(error)

    def _drop_request(self) -> None:
        if self._rows_handle is not None:
            self._rows_handle.cancel()
            self._rows_handle = None
        self._requested = ()

    @Slot()
    def _request_rows(self) -> None:
        if self._rows_handle is not None or not self._wanted:
            return
        # Only the pages asked for last: a dragged scroll bar has passed the others, and a page
        # that is still in view asks again when it is painted.
        pages = tuple(reversed(self._wanted))[: self.PAGES_AT_ONCE]
        self._wanted.clear()
        self._requested = pages
        ids = [value for page in pages for value in self._span(page)]
        handle = self._lane.prepare(lambda ctx: self.read_rows(ids, ctx), priority=VIEW)
        handle.succeeded.connect(self._take_rows)
        handle.failed.connect(self._fail_ids)
        handle.finished.connect(self._finish_rows)
        self._rows_handle = handle
        handle.start()

    @Slot(object)
    def _take_rows(self, rows: Sequence[Any]) -> None:
        if self.sender() is not self._rows_handle:
            return  # of a list that is no longer shown
        by_id = {row.id: row for row in rows}
        for page in self._requested:
            span = self._span(page)
            self._keep_page(page, [by_id.get(value) for value in span])
            start = page * self.PAGE_ROWS
            self._announce(start, start + len(span) - 1)
        while len(self._pages) > self.KEPT_PAGES:
            dropped, _rows = self._pages.popitem(last=False)
            self._stale.discard(dropped)

    @Slot()
    def _finish_rows(self) -> None:
        if self.sender() is self._rows_handle:
            self._rows_handle = None
            self._requested = ()
            if self._wanted:
                self._request_timer.start()

    def _span(self, page: int) -> array[int]:
        return self._ids[page * self.PAGE_ROWS : (page + 1) * self.PAGE_ROWS]

    def _announce(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, self.columnCount() - 1))
