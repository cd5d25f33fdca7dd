"""The table of relationships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal, Slot

from crm_desktop.domain.relationships import Relationship, RelationshipSource, RelationshipType
from crm_desktop.ui.format import exact, number, plain_tooltip, relative
from crm_desktop.ui.models.paging import ID_ROLE, ROW_ROLE, Index
from crm_desktop.workers.job import VIEW
from crm_desktop.workers.latest import Latest

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.workers.lane import Lane

FROM, LABEL, TO, SOURCE, STRENGTH, SHARED, LAST = range(7)
HEADERS = ("From", "", "To", "Source", "Strength", "Shared conversations", "Last contact")
SOURCE_WORDS = {
    RelationshipSource.INFERRED: "Found in mail",
    RelationshipSource.MANUAL: "Entered by you",
    RelationshipSource.IMPORTED: "Imported",
}
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class RelationshipQuery:
    """Which relationships: of one type and source (None: any), with a name that holds `text`."""

    type_id: str | None = None
    source: RelationshipSource | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class RelationshipList:
    """The answer to a query, strongest first, with the catalogue of types to choose from."""

    query: RelationshipQuery
    rows: tuple[Relationship, ...]
    types: tuple[RelationshipType, ...]
    now: int
    self_id: int | None = None


def read_relationships(
    access: Access, query: RelationshipQuery, ctx: JobContext
) -> RelationshipList:
    """The relationships of a query. For the reader lane."""
    from crm_desktop.services.instant import reference_seconds
    from crm_desktop.services.relationship_types import list_relationship_types
    from crm_desktop.services.relationships import load_relationships
    from crm_desktop.services.settings import self_person_id

    types = list_relationship_types(access)
    ctx.token.raise_if_set()
    rows = load_relationships(access, relationship_type_id=query.type_id, source=query.source)
    if wanted := query.text.casefold():
        rows = tuple(
            row
            for row in rows
            if wanted in row.from_name.casefold() or wanted in row.to_name.casefold()
        )
    return RelationshipList(query, rows, types, reference_seconds(access), self_person_id(access))


class RelationshipsModel(QAbstractTableModel):
    """Relationships in the order of their strength.

    Signals:
        loaded(RelationshipList): the rows are those of it.
        load_failed(exception): they could not be read.
    """

    loaded = Signal(object)
    load_failed = Signal(object)

    def __init__(self, access: Access, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._access = access
        self._latest = Latest(lane, self)
        self._rows: tuple[Relationship, ...] = ()
        self.now = 0

    def load(self, query: RelationshipQuery) -> None:
        """Read the relationships of a query; the rows shown stay until they have come."""
        access = self._access
        self._latest.submit(
            lambda ctx: read_relationships(access, query, ctx),
            priority=VIEW,
            done=self._take,
            failed=self._fail,
        )

    def row_at(self, position: int) -> Relationship | None:
        """The row, or None outside the table."""
        return self._rows[position] if 0 <= position < len(self._rows) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(HEADERS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role == ID_ROLE:
            return row.id
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self._hint(row, index.column()))
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADERS[section] if 0 <= section < len(HEADERS) else None
        return None

    def _text(self, row: Relationship, column: int) -> str:
        if column == STRENGTH:
            return "" if row.strength is None else f"{row.strength * 100:.0f}"
        if column == SHARED:
            shared = row.shared_conversations
            return "" if shared is None else number(shared)
        if column == LAST:
            last = row.last_interaction
            return "" if last is None else relative(last, self.now)
        return {
            FROM: row.from_name,
            LABEL: row.forward_label,
            TO: row.to_name,
            SOURCE: SOURCE_WORDS[row.source],
        }[column]

    def _hint(self, row: Relationship, column: int) -> str:
        if column == LAST and row.last_interaction is not None:
            return exact(row.last_interaction)
        if column == STRENGTH and row.strength is not None:
            return f"Strength {row.strength * 100:.0f} of 100"
        if column in (FROM, TO):
            return self._text(row, column)
        return row.description or ""

    @Slot(object)
    def _take(self, found: RelationshipList) -> None:
        self.now = found.now
        is_same_list = [row.id for row in found.rows] == [row.id for row in self._rows]
        if is_same_list and self._rows:
            self._rows = found.rows
            last = self.index(len(self._rows) - 1, len(HEADERS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        else:
            self.beginResetModel()
            self._rows = found.rows
            self.endResetModel()
        self.loaded.emit(found)

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        self.load_failed.emit(error)
