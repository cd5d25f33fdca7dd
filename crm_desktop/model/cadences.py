"""How often the person wants to be in touch with somebody."""

from __future__ import annotations

from sqlalchemy import Connection

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import UserError


class CadenceStore:
    """Writes `contacts.cadence_days`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set(self, contact_id: int, days: int | None) -> None:
        """Keep how many days at most should lie between contacts; None for no wish.

        Raises UserError when the contact is gone or the days are not positive.
        """
        if days is not None and days < 1:
            raise UserError(f"The rhythm must be at least one day; it was {days}.")
        changed = self._connection.exec_driver_sql(
            "UPDATE contacts SET cadence_days = ?, updated_by = 1, updated_at = ? WHERE id = ?",
            (days, now_seconds(), contact_id),
        )
        if changed.rowcount == 0:
            raise UserError("This contact is no longer there. Choose another.")
