"""Settings of one database."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_desktop.model.database import Database


def test_set_get_replace_and_delete(database: Database) -> None:
    with database.write() as store:
        assert store.settings.get("region") is None
        store.settings.set("region", "DE")
        store.settings.set("region", "GB")
        store.settings.set("as_of", "")
        assert store.settings.get("as_of") == ""
        assert store.settings.get("region") == "GB"
        store.settings.delete("region")
        store.settings.delete("region")
        assert store.settings.get("region") is None


def test_self_is_a_contact_that_exists(database: Database) -> None:
    with database.write() as store:
        assert store.settings.self_person_id is None
        store.settings.self_person_id = 7
        assert store.settings.self_person_id is None
        store.connection.exec_driver_sql(
            "INSERT INTO contacts (id, name, name_key, created_at, updated_at)"
            " VALUES (7, 'Ada', 'ada', 0, 0)"
        )
        assert store.settings.self_person_id == 7
