"""The rows of the search popup: hits by group, commands, and sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from crm_desktop.domain.search import Hit, HitKind, SearchResults
from crm_desktop.ui.actions import Action
from crm_desktop.ui.matching import Marks
from crm_desktop.ui.models.paging import Index

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
GROUP_TITLES = {
    HitKind.PERSON: "People",
    HitKind.COMPANY: "Companies",
    HitKind.CONVERSATION: "Conversations",
}

MOST_OF_A_GROUP = {HitKind.PERSON: 6, HitKind.COMPANY: 4, HitKind.CONVERSATION: 6}
"""So that every group is in sight; a group that stands alone is shown whole."""


class RowKind(Enum):
    """What a row is. Only hits and commands can be chosen."""

    GROUP = auto()
    HIT = auto()
    COMMAND = auto()
    NOTE = auto()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a hit or a command to choose, the title of a group, or a sentence."""

    kind: RowKind
    text: str
    subtitle: str = ""
    why: str = ""
    marks: Marks = ()
    hit: Hit | None = None
    action: Action | None = None

    @property
    def can_be_chosen(self) -> bool:
        """Whether Enter does something on it."""
        return self.kind in (RowKind.HIT, RowKind.COMMAND)

    @property
    def key(self) -> object:
        """Equal for the same thing found again by a longer query."""
        if self.hit is not None:
            return self.hit.kind, self.hit.id
        return self.action.id if self.action is not None else self.text


def note(text: str) -> list[Row]:
    """One sentence instead of rows."""
    return [Row(RowKind.NOTE, text)]


def result_rows(results: SearchResults) -> list[Row]:
    """The hits under the titles of their groups, or a sentence when there are none."""
    rows: list[Row] = []
    is_alone = len({hit.kind for hit in results.hits}) == 1
    for kind, title in GROUP_TITLES.items():
        hits = [hit for hit in results.hits if hit.kind is kind]
        if hits:
            rows.append(Row(RowKind.GROUP, title))
        if not is_alone:
            hits = hits[: MOST_OF_A_GROUP[kind]]
        rows += [
            Row(RowKind.HIT, hit.title, hit.subtitle, hit.why, hit.marks, hit=hit) for hit in hits
        ]
    return rows or note(f"Nothing found for “{results.query.strip()}”.")


def command_rows(found: Iterable[tuple[Action, Marks]], query: str) -> list[Row]:
    """The commands as rows, or a sentence when none answers."""
    rows = [
        Row(RowKind.COMMAND, action.text, marks=marks, action=action) for action, marks in found
    ]
    return rows or note(f"No command is called “{query.strip()}”.")


class SearchRows(QAbstractListModel):
    """The rows as Qt sees them; `ROW_ROLE` gives the Row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def set_rows(self, rows: list[Row]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    @property
    def rows(self) -> list[Row]:
        """The rows shown."""
        return self._rows

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (row.text, row.subtitle, row.why) if part)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or not self._rows[index.row()].can_be_chosen:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
