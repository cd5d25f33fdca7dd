"""What a command of a person changed, row by row, and what can be undone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

RowImage: TypeAlias = tuple[object, ...]
"""The values of a row in the order of its table's columns."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after; `before` is None where it was added, `after` where it went."""

    table: str
    before: RowImage | None
    after: RowImage | None


@dataclass(frozen=True, slots=True)
class UndoStep:
    """Everything one command changed, in the order it happened, under the name it has in the
    menu, such as "Delete relationship". `columns` are the columns of each table concerned."""

    label: str
    rows: tuple[RowChange, ...]
    columns: dict[str, tuple[str, ...]]

    def values(self, row: RowChange, *names: str) -> list[tuple[object, ...]]:
        """The values of these columns before and after the change, one tuple each, without the
        side on which there was no row."""
        positions = [self.columns[row.table].index(name) for name in names]
        return [
            tuple(image[position] for position in positions)
            for image in (row.before, row.after)
            if image is not None
        ]

    def changed_columns(self, row: RowChange) -> frozenset[str]:
        """The columns whose value differs; all of them for a row that came or went."""
        columns = self.columns[row.table]
        if row.before is None or row.after is None:
            return frozenset(columns)
        return frozenset(
            name
            for name, before, after in zip(columns, row.before, row.after, strict=True)
            if before != after
        )


@dataclass(frozen=True, slots=True)
class UndoStatus:
    """The commands that undo and redo would concern now, by label; None where there is none.

    `version` differs after every command, undo and redo.
    """

    undo_label: str | None = None
    redo_label: str | None = None
    version: int = field(default=0, compare=False)
