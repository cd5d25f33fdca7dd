"""The table of relationship types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal, Slot

from crm_desktop.domain.relationships import RelationshipType
from crm_desktop.ui.format import number, plain_tooltip, plural
from crm_desktop.ui.models.paging import ID_ROLE, ROW_ROLE, Index
from crm_desktop.ui.type_words import between, type_title
from crm_desktop.workers.job import VIEW
from crm_desktop.workers.latest import Latest

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.workers.lane import Lane

NAME, BETWEEN, FORWARD, REVERSE, USES, DESCRIPTION = range(6)
HEADERS = ("Name", "Between", "Label", "From the other side", "In use", "Description")
BUILT_IN = "Built in"
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A type, and how many relationships are of it."""

    type: RelationshipType
    uses: int = 0

    @property
    def id(self) -> str:
        """The id of the type."""
        return self.type.id

    @property
    def title(self) -> str:
        """The name as people write it."""
        return type_title(self.type.name)


_TEXTS: dict[int, Callable[[TypeRow], str]] = {
    NAME: lambda row: row.title,
    BETWEEN: lambda row: between(row.type.from_entity_type, row.type.to_entity_type),
    FORWARD: lambda row: row.type.forward_label,
    REVERSE: lambda row: row.type.reverse_label,
    USES: lambda row: number(row.uses) if row.uses else "–",
    DESCRIPTION: lambda row: row.type.description or "",
}


def read_types(access: Access, ctx: JobContext) -> tuple[TypeRow, ...]:
    """The catalogue with its use counts. For the reader lane."""
    from crm_desktop.services.relationship_types import (
        list_relationship_types,
        relationship_type_uses,
    )

    types = list_relationship_types(access)
    ctx.token.raise_if_set()
    uses = relationship_type_uses(access)
    return tuple(TypeRow(type_, uses.get(type_.id, 0)) for type_ in types)


class TypesModel(QAbstractTableModel):
    """Every relationship type, in the order that the person chose.

    Signals:
        loaded(): the rows are those of the last `load`.
        load_failed(exception): they could not be read.
    """

    loaded = Signal()
    load_failed = Signal(object)

    def __init__(self, access: Access, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._access = access
        self._latest = Latest(lane, self)
        self._rows: tuple[TypeRow, ...] = ()
        self._column, self._is_turned = NAME, False
        self.is_loaded = False

    def load(self) -> None:
        """Read the types; the rows shown stay until they have come."""
        access = self._access
        self._latest.submit(
            lambda ctx: read_types(access, ctx),
            priority=VIEW,
            done=self._take,
            failed=self.load_failed.emit,
        )

    def order_by(self, column: int, *, is_turned: bool) -> None:
        """Sort by a column, names and words upwards, counts downwards, or the other way round."""
        self._column, self._is_turned = column, is_turned
        self._show(self._rows)

    def row_at(self, position: int) -> TypeRow | None:
        """The row, or None outside the table."""
        return self._rows[position] if 0 <= position < len(self._rows) else None

    def position_of(self, type_id: str | None) -> int:
        """The row of a type, or -1."""
        return next((i for i, row in enumerate(self._rows) if row.id == type_id), -1)

    def types(self) -> tuple[RelationshipType, ...]:
        """The types shown."""
        return tuple(row.type for row in self._rows)

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
            return _TEXTS[index.column()](row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self._hint(row, index.column()))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row, index.column())
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

    def _hint(self, row: TypeRow, column: int) -> str:
        if column == USES:
            return plural(row.uses, "relationship")
        if column == NAME and row.title != row.type.name:
            return f"{row.title} ({row.type.name} on the command line)"
        return _TEXTS[column](row)

    def _spoken(self, row: TypeRow, column: int) -> str:
        if column == NAME:
            return f"{row.title}, {BUILT_IN.lower()}" if row.type.is_system else row.title
        if column == BETWEEN:
            return between(row.type.from_entity_type, row.type.to_entity_type, "to")
        if column == USES:
            return plural(row.uses, "relationship")
        return _TEXTS[column](row)

    @Slot(object)
    def _take(self, rows: tuple[TypeRow, ...]) -> None:
        self.is_loaded = True
        self._show(rows)
        self.loaded.emit()

    def _show(self, rows: tuple[TypeRow, ...]) -> None:
        rows = tuple(sorted(rows, key=lambda row: row.title.casefold()))
        column = self._column
        if column == USES:
            rows = tuple(sorted(rows, key=lambda row: row.uses, reverse=not self._is_turned))
        else:
            text = _TEXTS[column]
            rows = tuple(
                sorted(rows, key=lambda row: text(row).casefold(), reverse=self._is_turned)
            )
        ids, before = [row.id for row in rows], [row.id for row in self._rows]
        if rows and ids == before:
            self._rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(HEADERS) - 1))
        elif rows and sorted(ids) == sorted(before):
            self._rearrange(rows, {id_: position for position, id_ in enumerate(ids)})
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def _rearrange(self, rows: tuple[TypeRow, ...], positions: dict[str, int]) -> None:
        """Put the same rows into another order; the selection goes along."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        after = [
            self.index(positions[self._rows[index.row()].id], index.column()) for index in before
        ]
        self._rows = rows
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
