"""Tips and rhythms are kept for contacts that exist."""

from __future__ import annotations

import pytest

from crm_desktop.base.errors import UserError
from crm_desktop.model.cadences import CadenceStore
from crm_desktop.model.database import Database
from crm_desktop.model.tips import TipStore


def test_a_tip_is_open_and_belongs_to_its_contact(database: Database) -> None:
    with database.write() as store:
        store.contacts.insert_bare(1, "Ada", None, 0)
        tip_id = TipStore(store.connection).add("reply", 1, "Ada waits", evidence="a question")
    with database.read() as store:
        row = store.connection.exec_driver_sql(
            "SELECT id, kind, contact_id, reason, evidence, status FROM tips"
        ).one()
    assert tuple(row) == (tip_id, "reply", 1, "Ada waits", "a question", "open")


def test_a_tip_about_nobody_is_refused(database: Database) -> None:
    with database.write() as store, pytest.raises(UserError, match="no longer there"):
        TipStore(store.connection).add("reply", 99, "Nobody waits")


def test_a_cadence_is_kept_and_taken_back(database: Database) -> None:
    with database.write() as store:
        store.contacts.insert_bare(1, "Ada", None, 0)
        cadences = CadenceStore(store.connection)
        for days in (14, None):
            cadences.set(1, days)
            query = "SELECT cadence_days FROM contacts WHERE id = 1"
            assert store.connection.exec_driver_sql(query).scalar() == days


@pytest.mark.parametrize(("contact_id", "days"), [(1, 0), (99, 7)])
def test_a_cadence_needs_a_contact_and_a_day(
    database: Database, contact_id: int, days: int
) -> None:
    with database.write() as store:
        store.contacts.insert_bare(1, "Ada", None, 0)
        with pytest.raises(UserError):
            CadenceStore(store.connection).set(contact_id, days)
