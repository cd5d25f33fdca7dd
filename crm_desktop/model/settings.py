"""Settings that belong to one database, as text by key."""

from __future__ import annotations

from sqlalchemy import Connection

SELF_PERSON_ID = "self_person_id"


class SettingStore:
    """Reads and writes `system_settings`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> str | None:
        """The value kept under `key`, or None."""
        value = self._connection.exec_driver_sql(
            "SELECT value FROM system_settings WHERE key = ?", (key,)
        ).scalar_one_or_none()
        return None if value is None else str(value)

    def set(self, key: str, value: str) -> None:
        """Keep `value` under `key`."""
        self._connection.exec_driver_sql(
            "INSERT INTO system_settings (key, value) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

    def delete(self, key: str) -> None:
        """Forget what is kept under `key`, if anything."""
        self._connection.exec_driver_sql("DELETE FROM system_settings WHERE key = ?", (key,))

    @property
    def self_person_id(self) -> int | None:
        """The contact that is the person using the program; None when nobody said, or when that
        contact is gone."""
        value = self._connection.exec_driver_sql(
            "SELECT c.id FROM system_settings s JOIN contacts c ON c.id = CAST(s.value AS INTEGER)"
            " WHERE s.key = ?",
            (SELF_PERSON_ID,),
        ).scalar_one_or_none()
        return None if value is None else int(value)

    @self_person_id.setter
    def self_person_id(self, contact_id: int) -> None:
        self.set(SELF_PERSON_ID, str(contact_id))
