"""The durable work queue: what derived data is stale, so that a killed program goes on later.

A refresh first takes the marks: until it is done they stand under their kind with TAKEN behind it,
and whatever changes meanwhile makes new ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection

from crm_desktop.base.clock import now_seconds

EVERYTHING = 0
"""The id that stands for all entities of a kind."""

TAKEN = "-taken"


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
        """The kinds for which there is any work, whether a refresh has taken it or not."""
        # One look-up a kind: there may be very many marks of one.
        rows = self._connection.exec_driver_sql(
            "WITH RECURSIVE k(kind) AS (SELECT min(kind) FROM pending UNION ALL"
            " SELECT (SELECT min(p.kind) FROM pending p WHERE p.kind > k.kind) FROM k"
            " WHERE k.kind IS NOT NULL) SELECT kind FROM k WHERE kind IS NOT NULL"
        )
        return tuple(sorted({row[0].removesuffix(TAKEN) for row in rows}))

    def peek(self, kind: str) -> tuple[int, ...]:
        """The entity ids with work of this kind, ascending, so 0 (everything) comes first."""
        rows = self._connection.exec_driver_sql(
            "SELECT entity_id FROM pending WHERE kind = ? ORDER BY entity_id", (kind,)
        )
        return tuple(row[0] for row in rows)

    def has_more_than(self, kind: str, count: int) -> bool:
        """Whether more than `count` entities have work of this kind."""
        found = self._connection.exec_driver_sql(
            "SELECT 1 FROM pending WHERE kind = ? LIMIT 1 OFFSET ?", (kind, count)
        ).first()
        return found is not None

    def take(self, kinds: Iterable[str]) -> None:
        """Take the marks of these kinds for a refresh; what an earlier one left behind stays
        taken."""
        for kind in kinds:
            self._connection.exec_driver_sql(
                "INSERT INTO pending (kind, entity_id, created_at)"
                " SELECT ?, entity_id, created_at FROM pending WHERE kind = ?"
                " ON CONFLICT DO NOTHING",
                (kind + TAKEN, kind),
            )
            self.clear(kind)

    def clear(self, kind: str, ids: Iterable[int] | None = None) -> None:
        """Forget the marks of these entities, or all marks of the kind."""
        if ids is None:
            self._connection.exec_driver_sql("DELETE FROM pending WHERE kind = ?", (kind,))
            return
        self._connection.exec_driver_sql(
            "DELETE FROM pending WHERE kind = ? AND entity_id IN (SELECT value FROM json_each(?))",
            (kind, json.dumps(list(ids))),
        )
