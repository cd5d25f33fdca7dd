"""The durable work queue: what derived data is stale, so that a killed program goes on later."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection

from crm_desktop.base.clock import now_seconds

EVERYTHING = 0
"""The id that stands for all entities of a kind."""


class PendingStore:
    """Reads and writes `pending`: rows of (kind, entity id)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def mark(self, kind: str, ids: Iterable[int] = (EVERYTHING,)) -> None:
        """Say that these entities (by default all) have work of this kind to be done."""
        now = now_seconds()
        rows = [(kind, entity_id, now) for entity_id in ids]
        if rows:
            self._connection.exec_driver_sql(
                "INSERT OR IGNORE INTO pending (kind, entity_id, created_at) VALUES (?, ?, ?)",
                rows,
            )

    def kinds(self) -> tuple[str, ...]:
        """The kinds for which there is any work."""
        rows = self._connection.exec_driver_sql("SELECT DISTINCT kind FROM pending ORDER BY kind")
        return tuple(row[0] for row in rows)

    def peek(self, kind: str) -> tuple[int, ...]:
        """The entity ids with work of this kind, ascending, so 0 (everything) comes first."""
        rows = self._connection.exec_driver_sql(
            "SELECT entity_id FROM pending WHERE kind = ? ORDER BY entity_id", (kind,)
        )
        return tuple(row[0] for row in rows)

    def clear(self, kind: str, ids: Iterable[int] | None = None) -> None:
        """Forget the marks of these entities, or all marks of the kind."""
        if ids is None:
            self._connection.exec_driver_sql("DELETE FROM pending WHERE kind = ?", (kind,))
            return
        self._connection.exec_driver_sql(
            "DELETE FROM pending WHERE kind = ? AND entity_id IN (SELECT value FROM json_each(?))",
            (kind, json.dumps(list(ids))),
        )
