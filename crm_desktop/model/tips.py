"""Tips: whom to reach out to and why, as shown to the person."""

from __future__ import annotations

from sqlalchemy import Connection

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import UserError


class TipStore:
    """Reads and writes `tips`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, kind: str, contact_id: int, reason: str, *, evidence: str | None = None) -> int:
        """The id of a new open tip about a contact. Raises UserError when the contact is gone."""
        now = now_seconds()
        created = self._connection.exec_driver_sql(
            "INSERT INTO tips (kind, contact_id, reason, evidence, created_at, updated_at)"
            " SELECT ?, id, ?, ?, ?, ? FROM contacts WHERE id = ? RETURNING id",
            (kind, reason, evidence, now, now, contact_id),
        ).scalar()
        if created is None:
            raise UserError("This contact is no longer there. Choose another.")
        return int(created)
