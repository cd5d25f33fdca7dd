"""The durable work queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_desktop.model.database import Database


def test_marks_are_kept_once_and_by_kind(database: Database, frozen_now: str) -> None:
    with database.write() as store:
        store.pending.mark("fulltext", [3, 1, 3])
        store.pending.mark("fulltext", [1])
        store.pending.mark("inference")
        store.pending.mark("interactions", [])
    with database.read() as store:
        assert store.pending.kinds() == ("fulltext", "inference")
        assert store.pending.peek("fulltext") == (1, 3)
        assert store.pending.peek("inference") == (0,)
        assert store.pending.peek("interactions") == ()
        times = store.connection.exec_driver_sql("SELECT DISTINCT created_at FROM pending")
        assert [row[0] for row in times] == [1777626000]


def test_clear_some_or_all(database: Database) -> None:
    with database.write() as store:
        store.pending.mark("fulltext", [5, 6, 7])
        store.pending.mark("inference", [6])
        store.pending.clear("fulltext", [6, 99])
        assert store.pending.peek("fulltext") == (5, 7)
        store.pending.clear("fulltext", [])
        assert store.pending.peek("fulltext") == (5, 7)
        store.pending.clear("fulltext")
        assert store.pending.kinds() == ("inference",)
        assert store.pending.peek("inference") == (6,)


def test_work_that_fails_keeps_its_mark(database: Database) -> None:
    with database.write() as store:
        store.pending.mark("inference")
    try:
        with database.write() as store:
            store.pending.clear("inference")
            raise ConnectionResetError
    except ConnectionResetError:
        pass
    with database.read() as store:
        assert store.pending.peek("inference") == (0,)
