"""The imports: what was read, where an interrupted one goes on, and what was refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from crm_desktop.domain.imports import ImportRecord, Reject

_COLUMNS = (
    "id, source, path, started_at, finished_at, read_count, imported_count, duplicate_count,"
    " rejected_count"
)


class ImportStore:
    """Reads and writes `imports` and `import_rejects`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, source: str, path: str, started_at: int) -> tuple[int, dict[str, Any] | None]:
        """Id and checkpoint of the unfinished import of `path`, or of a new one."""
        row = self._connection.exec_driver_sql(
            "SELECT id, checkpoint FROM imports"
            " WHERE path = ? AND source = ? AND finished_at IS NULL"
            " AND json_extract(checkpoint, '$.removing') IS NULL ORDER BY id LIMIT 1",
            (path, source),
        ).first()
        if row is not None:
            return row[0], json.loads(row[1]) if row[1] else None
        result = self._connection.exec_driver_sql(
            "INSERT INTO imports (source, path, started_at) VALUES (?, ?, ?) RETURNING id",
            (source, path, started_at),
        )
        return int(result.scalar_one()), None

    def advance(
        self,
        import_id: int,
        *,
        read: int,
        imported: int,
        duplicates: int,
        rejects: Sequence[Reject],
        contacts: int,
        conversations: int,
        checkpoint: dict[str, Any],
    ) -> None:
        """Add one batch to the account and move the checkpoint."""
        if rejects:
            first = self._connection.exec_driver_sql(
                "SELECT coalesce(max(ordinal), 0) + 1 FROM import_rejects WHERE import_id = ?",
                (import_id,),
            ).scalar_one()
            self._connection.exec_driver_sql(
                "INSERT INTO import_rejects (import_id, ordinal, location, reason)"
                " VALUES (?, ?, ?, ?)",
                [
                    (import_id, first + index, reject.where, reject.reason)
                    for index, reject in enumerate(rejects)
                ],
            )
        self._connection.exec_driver_sql(
            "UPDATE imports SET read_count = read_count + ?, imported_count = imported_count + ?,"
            " duplicate_count = duplicate_count + ?, rejected_count = rejected_count + ?,"
            " contact_count = contact_count + ?, conversation_count = conversation_count + ?,"
            " checkpoint = ? WHERE id = ?",
            (
                read,
                imported,
                duplicates,
                len(rejects),
                contacts,
                conversations,
                json.dumps(checkpoint),
                import_id,
            ),
        )

    def is_open(self, import_id: int) -> bool:
        """Whether the import is there, unfinished and not being removed."""
        row = self._connection.exec_driver_sql(
            "SELECT 1 FROM imports WHERE id = ? AND finished_at IS NULL"
            " AND json_extract(checkpoint, '$.removing') IS NULL",
            (import_id,),
        ).first()
        return row is not None

    def finish(self, import_id: int, finished_at: int) -> None:
        """Mark an import complete."""
        self._connection.exec_driver_sql(
            "UPDATE imports SET finished_at = ?, checkpoint = NULL WHERE id = ?",
            (finished_at, import_id),
        )

    def counts(self, import_id: int) -> tuple[int, int, int, int, int]:
        """read, imported, duplicates, contacts, conversations of one import."""
        row = self._connection.exec_driver_sql(
            "SELECT read_count, imported_count, duplicate_count, contact_count,"
            " conversation_count FROM imports WHERE id = ?",
            (import_id,),
        ).one()
        return row[0], row[1], row[2], row[3], row[4]

    def list(self) -> tuple[ImportRecord, ...]:
        """All imports, newest first."""
        rows = self._connection.exec_driver_sql(
            f"SELECT {_COLUMNS}, json_extract(checkpoint, '$.removing') IS NOT NULL"
            " FROM imports ORDER BY id DESC"
        ).all()
        return tuple(replace(ImportRecord(*row[:-1]), is_removing=bool(row[-1])) for row in rows)

    def rejects(self, import_id: int) -> tuple[Reject, ...]:
        """Every record of one import that was refused, in reading order."""
        rows = self._connection.exec_driver_sql(
            "SELECT location, reason FROM import_rejects WHERE import_id = ? ORDER BY ordinal",
            (import_id,),
        ).all()
        return tuple(Reject(location, reason, 0) for location, reason in rows)
