"""The list of contacts that may be one person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt

from crm_desktop.domain.duplicates import DuplicateGroup, reason_words
from crm_desktop.ui.format import number, plain_tooltip
from crm_desktop.ui.models.paging import Index

GROUP_ROLE = Qt.ItemDataRole.UserRole + 1
_ROOT = QModelIndex()

GroupKey = frozenset[int]
"""The ids of the contacts of a group, which stay while other groups come and go."""


def key_of(group: DuplicateGroup) -> GroupKey:
    """What tells a group from others."""
    return frozenset(member.contact_id for member in group.members)


class DuplicatesModel(QAbstractListModel):
    """One row per group, best first."""

    def __init__(self) -> None:
        super().__init__()
        self._groups: list[DuplicateGroup] = []
        self._keys: list[GroupKey] = []

    def set_groups(self, groups: Sequence[DuplicateGroup], keys: Sequence[GroupKey]) -> None:
        """Show these, with their keys; the view loses its place unless they are shown already."""
        if list(groups) == self._groups:
            return
        self.beginResetModel()
        self._groups, self._keys = list(groups), list(keys)
        self.endResetModel()

    def remove(self, key: GroupKey, gone: Collection[int] = ()) -> None:
        """Take a group out, and those with a contact that is gone."""
        lost = frozenset(gone)
        for row in reversed(range(len(self._keys))):
            own = self._keys[row]
            if own == key or not lost.isdisjoint(own):
                self.beginRemoveRows(_ROOT, row, row)
                del self._groups[row], self._keys[row]
                self.endRemoveRows()

    def group_at(self, row: int) -> DuplicateGroup | None:
        """The group of a row, or None outside the list."""
        return self._groups[row] if 0 <= row < len(self._groups) else None

    def holds(self, key: GroupKey) -> bool:
        """Whether a group is listed."""
        return key in self._keys

    def row_of(self, key: GroupKey) -> int:
        """The row of a group or, failing that, of the first with one of its contacts, else -1."""
        if key in self._keys:
            return self._keys.index(key)
        return next((row for row, own in enumerate(self._keys) if not key.isdisjoint(own)), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._groups)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        group = self.group_at(index.row()) if index.isValid() else None
        if group is None:
            return None
        if role == GROUP_ROLE:
            return group
        names = " / ".join(dict.fromkeys(member.name for member in group.members))
        if role == Qt.ItemDataRole.DisplayRole:
            return names
        words = f"{number(len(group.members))} contacts. {reason_words(group.reasons)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(f"{names}\n{words}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{names}. {words}"
        return None
