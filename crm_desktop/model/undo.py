"""Undo: before- and after-images of every row a command changes, and their replay.

Temporary triggers keep the images in a temporary table while a command is being recorded, whoever
changes the rows: a store's statement, a bulk one, or SQLite's own cascades. (The idea of undoing
through triggers is SQLite's: https://www.sqlite.org/undoredo.html.) Replaying a step puts the
images back, the last first for undo, in one write transaction. A row that is not as the step left
it is a conflict: nothing is changed then.

The last steps of an open database are kept in memory. Imports and derived tables are not undone:
an import is removed as a whole, and what is derived is derived anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection

from crm_desktop.base.errors import UserError
from crm_desktop.domain.undo import RowChange, RowImage, UndoStatus, UndoStep
from crm_desktop.model.undo_ties import (
    drop_loose_relationships,
    is_tied,
    leaves_loose_ends,
    settle_references,
    take_later_messages_along,
)
from crm_desktop.model.undo_yielding import Yielding, is_found

KEPT_STEPS = 50
_OF_EDGES = frozenset({"relationships", "relationship_notes", "relationship_decisions", "history"})

RECORDED_TABLES = (
    "companies",
    "contacts",
    "contact_identifiers",
    "identifier_votes",
    "cards",
    "card_imports",
    "card_identifiers",
    "contact_tags",
    "identity_decisions",
    "conversations",
    "messages",
    "message_people",
    "conversation_participants",
    "counted_participants",
    "company_imports",
    "relationship_types",
    "relationship_type_imports",
    "relationships",
    "relationship_imports",
    "relationship_notes",
    "relationship_decisions",
    "history",
    "system_settings",
    "tips",
    "tip_views",
    "tip_feedback",
)
"""Every table a command may change. The others are derived, belong to imports, or keep the books
of the program."""

NOT_COMPARED = frozenset({"updated_at"})
"""Columns in which a row may differ from its image: times of writing."""

FOUND_COMPARED = frozenset({"id", "source"})
"""Of a relationship that inference or a card owns, the rest may be said anew at any time."""

_MOST_VALUES = 60
_VALUES = tuple(f"v{index}" for index in range(_MOST_VALUES))
# Columns without a type keep every value as it is.
_LOG = f"CREATE TEMP TABLE undo_log (table_name, operation, {', '.join(_VALUES)})"


@dataclass(frozen=True, slots=True)
class _Table:
    """What replay needs to know of a table."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


_Replay: TypeAlias = tuple[_Table, RowImage | None, RowImage | None]
"""A row as it is expected to be, and as it shall be."""


class UndoHistory:
    """The steps of one open database that can be undone or redone; the latest last.

    Changed only between commands, by the one writer; `status` may be read from any thread.
    """

    def __init__(self) -> None:
        self._done: tuple[UndoStep, ...] = ()
        self._undone: tuple[UndoStep, ...] = ()
        self._version = 0

    @property
    def status(self) -> UndoStatus:
        """What would be undone and redone."""
        done, undone = self._done, self._undone
        return UndoStatus(
            done[-1].label if done else None,
            undone[-1].label if undone else None,
            self._version,
        )

    def add(self, step: UndoStep) -> None:
        """Keep a step that was just done; what was undone before it cannot be redone any more."""
        self._done = (*self._done, step)[-KEPT_STEPS:]
        self._undone = ()
        self._version += 1

    def last(self, *, is_redo: bool) -> UndoStep | None:
        """The step that undo or redo concerns, or None."""
        steps = self._undone if is_redo else self._done
        return steps[-1] if steps else None

    def move(self, step: UndoStep, *, is_redo: bool) -> None:
        """Note that the last step was undone, or redone."""
        if is_redo:
            self._undone = self._undone[:-1]
            self._done = (*self._done, step)
        else:
            self._done = self._done[:-1]
            self._undone = (*self._undone, step)
        self._version += 1

    def forget(self, step: UndoStep) -> None:
        """Give up a step that can no longer be replayed."""
        self._done = tuple(kept for kept in self._done if kept is not step)
        self._undone = tuple(kept for kept in self._undone if kept is not step)
        self._version += 1

    def clear(self) -> None:
        """Forget every step."""
        self._done = self._undone = ()
        self._version += 1


class UndoStore:
    """Records and replays the steps of `history` within one write transaction.

    What happens to `history` waits for the commit: functions are put on `after_commit`.
    """

    def __init__(
        self,
        connection: Connection,
        history: UndoHistory,
        after_commit: list[Callable[[], object]],
    ) -> None:
        self._connection = connection
        self._history = history
        self._after_commit = after_commit

    @contextmanager
    def recording(self, label: str) -> Iterator[Recording]:
        """Record what the block changes, as one step under this name. A step that changed
        nothing is not kept."""
        execute = self._connection.exec_driver_sql
        tables = {name: _table(self._connection, name) for name in RECORDED_TABLES}
        execute(_LOG)
        for table in tables.values():
            for statement in _triggers(table):
                execute(statement)
        try:
            recording = Recording(self._connection, label, tables)
            yield recording
            step = recording.step()
        finally:
            # A failed statement may have ended the transaction, and all of this with it.
            for name in RECORDED_TABLES:
                for operation in _OPERATIONS:
                    execute(f"DROP TRIGGER IF EXISTS temp.undo_{operation}_{name}")
            execute("DROP TABLE IF EXISTS temp.undo_log")
        if step.rows:
            self._after_commit.append(lambda: self._history.add(step))

    def replay(self, *, is_redo: bool) -> UndoStep | None:
        """Undo the last step, or redo the one undone last; None when there is none.

        Raises UserError, and gives the step up, when a row has been changed otherwise since.
        """
        step = self._history.last(is_redo=is_redo)
        if step is None:
            return None
        # Rows come back one by one: a child may be there before its parent.
        self._connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        rows = step.rows if is_redo else step.rows[::-1]
        tables = {name: _table(self._connection, name) for name in {row.table for row in rows}}
        images = [(row.before, row.after) if is_redo else (row.after, row.before) for row in rows]
        replays = [(tables[row.table], *image) for row, image in zip(rows, images, strict=True)]
        moved = {
            value
            for row in step.rows
            if row.table == "message_people"
            for (value,) in step.values(row, "message_id")
        }
        yielding = Yielding(self._connection)
        is_done = all(
            self._put(yielding, *replay) and self._follow(moved, *replay) for replay in replays
        ) and self._settle(replays)
        if not is_done:
            self._history.forget(step)
            verb = "redone" if is_redo else "undone"
            raise UserError(
                f"“{step.label}” can no longer be {verb}: what it changed has been changed "
                "in another way since. Everything stays as it is."
            )
        done = yielding.part_of(step, is_redo=is_redo)
        self._after_commit.append(lambda: self._history.move(done, is_redo=is_redo))
        return done

    def _put(
        self, yielding: Yielding, table: _Table, old: RowImage | None, new: RowImage | None
    ) -> bool:
        """Turn a row that is `old` into `new`; whether it was, or is so already."""
        if new is not None and table.name == "relationships":
            ends = ["from_entity_id", "to_entity_id", "relationship_type_id"]
            yielding.make_way(*_pick(table, new, [*ends, "id"]))
        if old is None:
            assert new is not None
            return self._insert(table, new)
        if new is None:
            if is_tied(self._connection, table.name, old[0]):
                return False
            yielding.let_go(table.name, old[0])
            return self._delete(table, old)
        return self._update(table, old, new)

    def _follow(
        self, moved: set[object], table: _Table, old: RowImage | None, new: RowImage | None
    ) -> bool:
        """Let later messages follow an identifier to its contact."""
        if table.name == "contact_identifiers" and old is not None and new is not None:
            (before,), (after,) = (_pick(table, image, ["contact_id"]) for image in (old, new))
            if before != after:
                take_later_messages_along(self._connection, new[0], after, moved)
        return True

    def _settle(self, replays: Sequence[_Replay]) -> bool:
        """When all rows are there: whether each refers, and is referred to, as it should."""
        back: dict[tuple[_Table, bool], list[RowImage]] = defaultdict(list)
        for table, old, new in replays:
            if new is not None:
                back[table, old is None].append(new)
            elif old is not None and leaves_loose_ends(self._connection, table.name, old[0]):
                return False
        for (table, _), images in back.items():
            if table.name == "relationships":
                dropped = drop_loose_relationships(self._connection, [i[0] for i in images])
                # Without them there would be nothing that comes back.
                if dropped and _OF_EDGES.issuperset(table.name for table, _, _ in replays):
                    return False
        return all(
            settle_references(self._connection, table.name, table.columns, images, are_new=are_new)
            for (table, are_new), images in back.items()
        )

    def _insert(self, table: _Table, new: RowImage) -> bool:
        marks = ", ".join("?" * len(table.columns))
        names = ", ".join(table.columns)
        # One that was found yields to one about which the person has said something.
        added = self._connection.exec_driver_sql(
            f"INSERT OR IGNORE INTO {table.name} ({names}) VALUES ({marks})", new
        )
        return added.rowcount == 1 or self._is(table, new) or _is_found(table, new)

    def _delete(self, table: _Table, old: RowImage) -> bool:
        compared = [name for name in table.columns if _is_compared(table, old, name)]
        condition = " AND ".join(f"{name} IS ?" for name in compared)
        gone = self._connection.exec_driver_sql(
            f"DELETE FROM {table.name} WHERE {condition}", _pick(table, old, compared)
        )
        # A cascade may have taken it along already.
        return gone.rowcount == 1 or not self._exists(table, old)

    def _update(self, table: _Table, old: RowImage, new: RowImage) -> bool:
        changed = [
            name
            for name, before, after in zip(table.columns, old, new, strict=True)
            if before != after
        ]
        compared = [*table.key, *(name for name in changed if _is_compared(table, old, name))]
        if _is_found(table, new) and new[table.columns.index("updated_by")] is None:
            # What the person said made it theirs when nothing else spoke for it any more.
            changed = list(dict.fromkeys([*changed, "source", "properties", "import_id"]))
        assignments = ", ".join(f"{name} = ?" for name in changed)
        condition = " AND ".join(f"{name} IS ?" for name in compared)
        done = self._connection.exec_driver_sql(
            f"UPDATE OR IGNORE {table.name} SET {assignments} WHERE {condition}",
            (*_pick(table, new, changed), *_pick(table, old, compared)),
        )
        return done.rowcount == 1 or self._is(table, new, (*table.key, *changed))

    def _is(self, table: _Table, image: RowImage, names: tuple[str, ...] | None = None) -> bool:
        compared = [name for name in names or table.columns if name not in NOT_COMPARED]
        return self._found(table, image, compared)

    def _exists(self, table: _Table, image: RowImage) -> bool:
        return self._found(table, image, list(table.key))

    def _found(self, table: _Table, image: RowImage, names: list[str]) -> bool:
        condition = " AND ".join(f"{name} IS ?" for name in names)
        found = self._connection.exec_driver_sql(
            f"SELECT 1 FROM {table.name} WHERE {condition}", _pick(table, image, names)
        )
        return found.first() is not None


class Recording:
    """The images kept while a command runs."""

    def __init__(self, connection: Connection, label: str, tables: dict[str, _Table]) -> None:
        self.label = label
        self._connection = connection
        self._tables = tables

    def step(self) -> UndoStep:
        """What has been recorded so far."""
        rows: list[RowChange] = []
        columns: dict[str, tuple[str, ...]] = {}
        images = self._connection.exec_driver_sql("SELECT * FROM temp.undo_log ORDER BY rowid")
        for name, operation, *values in images:
            columns[name] = self._tables[name].columns
            width = len(columns[name])
            before = tuple(values[:width]) if operation != "insert" else None
            after = None
            if operation == "insert":
                after = tuple(values[:width])
            elif operation == "update":
                after = tuple(values[width : 2 * width])
            if before != after:
                rows.append(RowChange(name, before, after))
        return UndoStep(self.label, tuple(rows), columns)


_OPERATIONS = {"insert": ("new",), "update": ("old", "new"), "delete": ("old",)}


def _triggers(table: _Table) -> Iterator[str]:
    for operation, rows in _OPERATIONS.items():
        values = [f"{row}.{column}" for row in rows for column in table.columns]
        kept = ", ".join(_VALUES[: len(values)])
        yield (
            f"CREATE TEMP TRIGGER undo_{operation}_{table.name} AFTER {operation}"
            f" ON main.{table.name} BEGIN"
            f" INSERT INTO undo_log (table_name, operation, {kept})"
            f" VALUES ('{table.name}', '{operation}', {', '.join(values)}); END"
        )


def _table(connection: Connection, name: str) -> _Table:
    rows = connection.exec_driver_sql(f"PRAGMA main.table_info({name})").all()
    keyed = sorted((row[5], row[1]) for row in rows if row[5])
    return _Table(name, tuple(row[1] for row in rows), tuple(column for _, column in keyed))


def _pick(table: _Table, image: RowImage, names: list[str]) -> tuple[object, ...]:
    return tuple(image[table.columns.index(name)] for name in names)


def _is_compared(table: _Table, image: RowImage, name: str) -> bool:
    if _is_found(table, image):
        return name in FOUND_COMPARED
    return name not in NOT_COMPARED


def _is_found(table: _Table, image: RowImage) -> bool:
    return table.name == "relationships" and is_found(table.columns, image)
