"""Columns read in bulk, and the stamp that tells whether anything was written."""

from __future__ import annotations

import numpy as np

from crm_desktop.model.bulk import MISSING, change_stamp, integer_columns, kept, listed_columns
from tests.archive_builder import ArchiveBuilder


def test_columns_of_no_rows_are_empty_arrays(database):
    with database.read() as store:
        columns = integer_columns(store.connection, "SELECT 1, 2 WHERE 0", 2)
    assert [len(column) for column in columns] == [0, 0]


def test_columns_hold_the_whole_integer_range(database):
    with database.read() as store:
        [first, second] = integer_columns(
            store.connection, "SELECT coalesce(NULL, ?), 9223372036854775807", 2, (MISSING,)
        )
    assert (first[0], second[0]) == (np.iinfo(np.int64).min, np.iinfo(np.int64).max)


def test_the_change_stamp_moves_with_every_write_and_only_then(database):
    def stamp() -> tuple[int, int]:
        with database.write() as store:
            return change_stamp(store.connection)

    first = stamp()
    with database.read() as store:
        store.relationships.load()
    assert stamp() == first
    ArchiveBuilder(database).contact("Ada")
    assert stamp() != first


def test_another_program_on_the_file_moves_the_stamp_too(database):
    from crm_desktop.model.database import Database

    def stamp() -> tuple[int, int]:
        with database.write() as store:
            return change_stamp(store.connection)

    first = stamp()
    other = Database.open(database.path)
    ArchiveBuilder(other).contact("Ada")
    other.close()
    assert stamp() != first


def test_listed_columns_are_read_in_order_and_may_be_empty(database):
    with database.read() as store:
        sql = "SELECT group_concat(v), group_concat(v * -3) FROM (VALUES {}) AS t(v)"
        # SQLite names the column of VALUES itself.
        sql = sql.replace("AS t(v)", "").replace("(v)", "(column1)").replace("v *", "column1 *")
        [first, second] = listed_columns(
            store.connection, sql.format("(2), (1), (9007199254740993)")
        )
        [none] = listed_columns(store.connection, "SELECT group_concat(1) WHERE 0")
    assert first.tolist() == [2, 1, 9007199254740993]
    assert second.tolist() == [-6, -3, -27021597764222979]
    assert none.tolist() == []


def test_a_value_is_kept_until_anything_is_written(database):
    made = []

    def ask(name="value"):
        with database.read() as store:
            return kept(store.connection, name, lambda: made.append(name) or len(made))

    assert [ask(), ask()] == [1, 1]
    assert [ask("other"), ask("other"), ask()] == [2, 2, 1]
    ArchiveBuilder(database).contact("Ada")
    assert [ask(), ask()] == [3, 3]
