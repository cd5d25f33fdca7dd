"""The top list: everyone's id at once, rows as they come into view.

The scroll bar knows the true length. Rows are kept by person, so that a list whose order changed
shows them at once, and only what is looked at is read anew.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from crm_desktop.domain.interactions import NoSelfPerson, TopRelationship, UnknownPerson
from crm_desktop.domain.relationships import RelationshipType, Suggestion
from crm_desktop.domain.top import EVERYBODY, TopFilter, TopPeople
from crm_desktop.ui.format import SCORE_TERMS, decay_word, relative
from crm_desktop.ui.models.paging import ID_ROLE, ROW_ROLE, Index
from crm_desktop.workers.job import VIEW
from crm_desktop.workers.latest import Latest

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.workers.job import JobHandle
    from crm_desktop.workers.lane import Lane

FIRST_ROWS = 50
BLOCK_ROWS = 50
BLOCKS_AT_ONCE = 4
KEPT_ROWS = 4_000
_ROOT = QModelIndex()
_NOBODY = TopPeople(array("q"), (0,) * 6, 0, 0)


@dataclass(frozen=True, slots=True)
class TopQuery:
    """Whose list (`centre` None: one's own), of which window of time, narrowed to what."""

    window: str
    centre: Suggestion | None = None
    company: Suggestion | None = None
    tag: str | None = None
    type_id: str | None = None
    buckets: frozenset[int] = frozenset()

    @property
    def wanted(self) -> TopFilter:
        """Whom the list shows."""
        company_id = None if self.company is None else self.company.entity_id
        return TopFilter(company_id, self.tag, self.type_id, self.buckets or None)

    @property
    def is_narrowed(self) -> bool:
        """Whether somebody of the window may be missing."""
        return self.wanted != EVERYBODY

    @property
    def centre_id(self) -> int | None:
        """The contact at the centre, or None for oneself."""
        return None if self.centre is None else self.centre.entity_id


@dataclass(frozen=True, slots=True)
class TopPage:
    """The list with what its header says. Times are epoch seconds UTC.

    `query` is what was asked for without what is gone meanwhile, everything by the name it has
    now. `has_self` is False when nobody said yet who they are; everything else is then empty.
    `month_count` and `quarter_count` are the people last in contact within 30 and 90 days of
    `now`, and `everyone` those of the window, narrowed or not. `is_looking_back` says that `now`
    is a day of the archive and not today. `rows` are some of `people`.
    """

    query: TopQuery
    now: int
    is_looking_back: bool
    has_self: bool
    newest_message_at: int | None = None
    people: TopPeople = _NOBODY
    rows: tuple[TopRelationship, ...] = ()
    everyone: int = 0
    month_count: int = 0
    quarter_count: int = 0
    relationship_type: RelationshipType | None = None


def read_top(
    access: Access,
    query: TopQuery,
    near: tuple[int, int],
    ctx: JobContext,
    *,
    is_kept: bool = False,
) -> TopPage:
    """The list, with the rows from the first to before the second position of `near`. For the
    reader lane.

    `is_kept` says that the query was kept since the program ran last, perhaps with another
    database: what has another name now is not meant.
    """
    from crm_desktop.services.instant import AS_OF, newest_message_at, reference_seconds
    from crm_desktop.services.settings import get_setting
    from crm_desktop.services.top import top_people, top_relationships, top_rows

    now = reference_seconds(access)
    newest_at = newest_message_at(access)
    is_looking_back = bool(get_setting(access, AS_OF))
    query, relationship_type = _as_it_stands(access, query, ctx, is_kept=is_kept)
    owner = query.centre_id

    def count(window: str) -> int:
        ctx.token.raise_if_set()
        return top_relationships(
            access, self_person_id=owner, window=window, limit=1, now=now
        ).total_count

    try:
        people = top_people(
            access,
            self_person_id=owner,
            window=query.window,
            wanted=query.wanted,
            now=now,
            token=ctx.token,
        )
        rows = top_rows(
            access, people.ids[slice(*near)], self_person_id=owner, now=now, token=ctx.token
        )
        everyone = count(query.window) if query.is_narrowed else len(people.ids)
        month_count, quarter_count = count("30d"), count("90d")
    except (NoSelfPerson, UnknownPerson):
        return TopPage(query, now, is_looking_back, False, newest_at)
    return TopPage(
        query,
        now,
        is_looking_back,
        True,
        newest_at,
        people,
        rows,
        everyone,
        month_count,
        quarter_count,
        relationship_type,
    )


def _as_it_stands(
    access: Access, query: TopQuery, ctx: JobContext, *, is_kept: bool
) -> tuple[TopQuery, RelationshipType | None]:
    from crm_desktop.services.top_scope import top_scope

    company = query.company
    scope = top_scope(
        access,
        centre_id=query.centre_id,
        company_id=None if company is None else company.entity_id,
        relationship_type_id=query.type_id,
        token=ctx.token,
    )

    def meant(asked: Suggestion | None, found: Suggestion | None) -> Suggestion | None:
        is_other = asked and found and is_kept and asked.name != found.name
        return None if is_other else found

    type_ = scope.relationship_type
    query = replace(
        query,
        centre=meant(query.centre, scope.centre),
        company=meant(company, scope.company),
        type_id=None if type_ is None else type_.id,
    )
    return query, type_


class TopModel(QAbstractListModel):
    """People by score.

    Signals:
        loaded(TopPage): the list is that of the page; it was asked for by `load`.
        load_failed(exception): the list or rows of it could not be read.
    """

    loaded = Signal(object)
    load_failed = Signal(object)

    def __init__(self, access: Access, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._access = access
        self._lane = lane
        self._latest = Latest(lane, self)
        self._ids: array[int] = array("q")
        self._positions: dict[int, int] | None = None
        self._rows: OrderedDict[int, TopRelationship] = OrderedDict()
        self._fresh: set[int] = set()
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._near = (0, FIRST_ROWS)
        self._rows_handle: JobHandle | None = None
        self._requested: list[int] = []
        self.query: TopQuery | None = None
        self.now = 0
        # Painting asks for rows one by one; the request goes out once per turn of the event loop.
        self._request_timer = QTimer(self)
        self._request_timer.setSingleShot(True)
        self._request_timer.setInterval(0)
        self._request_timer.timeout.connect(self._request_rows)

    def load(self, query: TopQuery, *, is_kept: bool = False) -> None:
        """Read the list; what is shown stays until it has come. See `read_top`."""
        access = self._access
        is_same = self.query is not None and query == self.query
        near = self._near if is_same else (0, FIRST_ROWS)
        self._latest.submit(
            lambda ctx: read_top(access, query, near, ctx, is_kept=is_kept),
            priority=VIEW,
            done=self._take_page,
            failed=self._fail,
        )

    def look_at(self, first: int, end: int) -> None:
        """Say which rows are in view: they are read along with the list when it is read again."""
        self._near = (first, max(end, first + 1))

    def id_at(self, position: int) -> int | None:
        """The person of a row, or None outside the list."""
        return self._ids[position] if 0 <= position < len(self._ids) else None

    def row_at(self, position: int) -> TopRelationship | None:
        """The row when it is there; what is missing or may be stale is asked for."""
        person_id = self.id_at(position)
        if person_id is None:
            return None
        if person_id not in self._fresh:
            block = position // BLOCK_ROWS
            self._wanted[block] = None
            self._wanted.move_to_end(block)
            if not self._request_timer.isActive():
                self._request_timer.start()
        return self._rows.get(person_id)

    def position_of(self, person_id: int) -> int:
        """The row of a person, or -1."""
        if self._positions is None:
            self._positions = {value: index for index, value in enumerate(self._ids)}
        return self._positions.get(person_id, -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == ID_ROLE:
            return self.id_at(index.row())
        if role not in _SAID and role != ROW_ROLE:
            return None
        row = self.row_at(index.row())
        if role == ROW_ROLE or row is None:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.display_name
        return _breakdown(row) if role == _DESCRIPTION else self._spoken(index.row(), row)

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
    def _take_page(self, page: TopPage) -> None:
        before, ids = self.query, page.people.ids
        is_same_list = before is not None and ids == self._ids
        if before is None or page.query.centre_id != before.centre_id:
            # What is between somebody else and these people is another story.
            self._rows.clear()
        if not is_same_list:
            self.beginResetModel()
        self.query, self.now = page.query, page.now
        self._ids, self._positions = ids, None
        self._fresh.clear()
        self._drop_request()
        self._keep(page.rows)
        if not is_same_list:
            self.endResetModel()
        elif ids:
            # The same people in the same order: their numbers change where they stand.
            self.dataChanged.emit(self.index(0), self.index(len(ids) - 1))
        self.loaded.emit(page)

    def _keep(self, rows: tuple[TopRelationship, ...]) -> None:
        for row in rows:
            self._rows[row.person_id] = row
            self._rows.move_to_end(row.person_id)
        self._fresh.update(row.person_id for row in rows)
        while len(self._rows) > KEPT_ROWS:
            person_id, _row = self._rows.popitem(last=False)
            self._fresh.discard(person_id)

    def _drop_request(self) -> None:
        self._wanted.clear()
        if self._rows_handle is not None:
            self._rows_handle.cancel()
            self._rows_handle = None

    @Slot()
    def _request_rows(self) -> None:
        if self._rows_handle is not None or not self._wanted or self.query is None:
            return
        # Only what was asked for last: a dragged scroll bar has passed the rest, and a row that
        # is still in view asks again when it is painted.
        blocks = list(reversed(self._wanted))[:BLOCKS_AT_ONCE]
        self._wanted.clear()
        positions = [
            position
            for block in blocks
            for position in range(block * BLOCK_ROWS, (block + 1) * BLOCK_ROWS)
            if position < len(self._ids) and self._ids[position] not in self._fresh
        ]
        ids = [self._ids[position] for position in positions]
        access, owner, now = self._access, self.query.centre_id, self.now
        handle = self._lane.prepare(
            lambda ctx: read_rows(access, ids, owner, now, ctx), priority=VIEW
        )
        handle.succeeded.connect(self._take_rows)
        handle.failed.connect(self._fail)
        handle.finished.connect(self._finish_rows)
        self._rows_handle, self._requested = handle, positions
        handle.start()

    @Slot(object)
    def _take_rows(self, rows: tuple[TopRelationship, ...]) -> None:
        positions = self._requested
        if self.sender() is not self._rows_handle or not positions:
            return  # of a list that is no longer shown
        # Whoever is missing is gone; the list says so when it is read again.
        self._fresh.update(self._ids[position] for position in positions)
        self._keep(rows)
        self.dataChanged.emit(self.index(min(positions)), self.index(max(positions)))

    @Slot()
    def _finish_rows(self) -> None:
        if self.sender() is self._rows_handle:
            self._rows_handle = None
            if self._wanted:
                self._request_timer.start()

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        self.load_failed.emit(error)


def read_rows(
    access: Access, ids: list[int], owner: int | None, now: int, ctx: JobContext
) -> tuple[TopRelationship, ...]:
    """These people as seen from `owner`. For the reader lane."""
    from crm_desktop.services.top import top_rows

    try:
        return top_rows(access, ids, self_person_id=owner, now=now, token=ctx.token)
    except (NoSelfPerson, UnknownPerson):
        return ()


def _breakdown(row: TopRelationship) -> str:
    """The terms of a score in words, for those who cannot hover."""
    breakdown = row.breakdown
    if breakdown is None:
        return ""
    terms = ", ".join(
        f"{label} {getattr(breakdown, term):.1f} of {most}"
        for term, label, most, _meaning in SCORE_TERMS
    )
    capped = ". Capped at 15: no message went to them" if breakdown.is_capped else ""
    return f"Score {breakdown.score:.0f}: {terms}{capped}"


_DESCRIPTION = Qt.ItemDataRole.AccessibleDescriptionRole
_SAID = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, _DESCRIPTION)
