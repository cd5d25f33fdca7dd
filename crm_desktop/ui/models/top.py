"""The top list: a feed read from the top, fifty people at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    Qt,
    Signal,
    Slot,
)

from crm_desktop.domain.interactions import (
    MAX_LIMIT,
    NoSelfPerson,
    TopRelationship,
    UnknownPerson,
)
from crm_desktop.ui.format import decay_word, relative
from crm_desktop.ui.models.paging import ID_ROLE, ROW_ROLE, Index
from crm_desktop.workers.job import VIEW
from crm_desktop.workers.latest import Latest

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.workers.lane import Lane

PAGE_ROWS = 50
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class TopPage:
    """A page of the top list with what its header says. Times are epoch seconds UTC.

    `has_self` is False when nobody said yet who they are; everything else is then empty.
    `month_count` and `quarter_count` are the people last in contact within 30 and 90 days of
    `now`. `is_looking_back` says that `now` is a day of the archive and not today.
    """

    window: str
    offset: int
    now: int
    is_looking_back: bool
    has_self: bool
    rows: tuple[TopRelationship, ...] = ()
    total: int = 0
    month_count: int = 0
    quarter_count: int = 0
    newest_message_at: int | None = None


def read_top(
    access: Access, window: str, offset: int, ctx: JobContext, limit: int = PAGE_ROWS
) -> TopPage:
    """One page of the top list. For the reader lane."""
    from crm_desktop.services.instant import AS_OF, newest_message_at, reference_seconds
    from crm_desktop.services.top import top_relationships

    now = reference_seconds(access)
    newest_at = newest_message_at(access)
    with access.read(ctx.token) as store:
        is_looking_back = bool(store.settings.get(AS_OF))

    def count(days: int) -> int:
        ctx.token.raise_if_set()
        return top_relationships(access, window=f"{days}d", limit=1, now=now).total_count

    try:
        found = top_relationships(access, window=window, limit=limit, offset=offset, now=now)
        month_count, quarter_count = (count(30), count(90)) if offset == 0 else (0, 0)
    except (NoSelfPerson, UnknownPerson):
        return TopPage(window, 0, now, is_looking_back, False, newest_message_at=newest_at)
    return TopPage(
        window,
        offset,
        now,
        is_looking_back,
        True,
        found.relationships,
        found.total_count,
        month_count,
        quarter_count,
        newest_at,
    )


class TopModel(QAbstractListModel):
    """People by score. More are fetched as the list is scrolled to its end.

    Signals:
        loaded(TopPage): the first page has come; the rows are those of it.
        extended(): another page has come.
        load_failed(exception): a page could not be read.
    """

    loaded = Signal(object)
    extended = Signal()
    load_failed = Signal(object)

    def __init__(self, access: Access, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._access = access
        self._latest = Latest(lane, self)
        self._rows: list[TopRelationship] = []
        self._total = 0
        self.window = ""
        self.now = 0

    def load(self, window: str) -> None:
        """Read the list of a window from its top; the rows shown stay until it has come."""
        access = self._access
        shown = len(self._rows) if window == self.window else 0
        limit = min(MAX_LIMIT, max(PAGE_ROWS, shown))
        self._latest.submit(
            lambda ctx: read_top(access, window, 0, ctx, limit),
            priority=VIEW,
            done=self._take_first,
            failed=self._fail,
        )

    @property
    def total(self) -> int:
        """How many people the window holds, fetched or not."""
        return self._total

    def row_at(self, position: int) -> TopRelationship | None:
        """The row, or None beyond what was fetched."""
        return self._rows[position] if 0 <= position < len(self._rows) else None

    def position_of(self, person_id: int) -> int:
        """The row of a person, or -1 when not among those fetched."""
        return next((i for i, row in enumerate(self._rows) if row.person_id == person_id), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: Index) -> bool:
        return (
            not parent.isValid() and len(self._rows) < self._total and self._latest.current is None
        )

    def fetchMore(self, parent: Index) -> None:
        if not self.canFetchMore(parent):
            return
        access, window, offset = self._access, self.window, len(self._rows)
        self._latest.submit(
            lambda ctx: read_top(access, window, offset, ctx),
            priority=VIEW,
            done=self._take_more,
            failed=self._fail,
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.display_name
        if role == ROW_ROLE:
            return row
        if role == ID_ROLE:
            return row.person_id
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(index.row(), row)
        return None

    def _spoken(self, position: int, row: TopRelationship) -> str:
        parts = [
            f"{position + 1}. {row.display_name}",
            row.organization or "",
            f"score {row.score:.0f} of 100",
            f"last contact {relative(row.last_contact_at, self.now)}",
            decay_word(row.decay_bucket),
        ]
        return ", ".join(part for part in parts if part)

    @Slot(object)
    def _take_first(self, page: TopPage) -> None:
        ids = [row.person_id for row in page.rows]
        is_same_list = page.window == self.window and ids == [row.person_id for row in self._rows]
        self.window, self.now, self._total = page.window, page.now, page.total
        if is_same_list:
            # The same people in the same order: their numbers change where they stand.
            self._rows = list(page.rows)
            if ids:
                self.dataChanged.emit(self.index(0), self.index(len(ids) - 1))
        else:
            self.beginResetModel()
            self._rows = list(page.rows)
            self.endResetModel()
        self.loaded.emit(page)

    @Slot(object)
    def _take_more(self, page: TopPage) -> None:
        start = len(self._rows)
        if page.window != self.window or page.offset != start:
            return
        known = {row.person_id for row in self._rows}
        fresh = [row for row in page.rows if row.person_id not in known]
        # A page without anyone new ends the list, whatever it was said to hold.
        self._total = page.total if fresh else start
        if fresh:
            self.beginInsertRows(QModelIndex(), start, start + len(fresh) - 1)
            self._rows.extend(fresh)
            self.endInsertRows()
        self.extended.emit()

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        self.load_failed.emit(error)
