"""What undo must not take along, and what it cannot bring back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_desktop.base.errors import UserError
from tests.life import NOW, Life

if TYPE_CHECKING:
    from crm_desktop.model.database import Database

IMPORT = "INSERT INTO imports (id, source, path, started_at) VALUES (1, 'mbox', 'x', 0)"
GONE = "DELETE FROM imports"


def run(database: Database, *statements: str) -> None:
    """Something that is no command."""
    with database.write() as store:
        for statement in statements:
            store.connection.exec_driver_sql(statement)


def change(database: Database, *statements: str) -> None:
    """A command."""
    with database.write() as store, store.undo.recording("Change"):
        for statement in statements:
            store.connection.exec_driver_sql(statement)


def undo(database: Database, *, is_redo: bool = False) -> None:
    with database.write() as store:
        assert store.undo.replay(is_redo=is_redo) is not None


def count(database: Database, table: str) -> int:
    with database.read() as store:
        found = store.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
        assert store.connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None
    return int(found)


@pytest.fixture
def ada(database: Database) -> int:
    with database.write() as store:
        life = Life(store)
        ada, bob = life.contact("Ada"), life.contact("Bob")
        life.message(life.conversation("Golf"), bob, at=NOW)
    return ada


NEW_CONTACT = "INSERT INTO contacts (id, name, name_key, created_at, updated_at)"
NEW_CONTACT += " VALUES (50, 'Cy', 'cy', 0, 0)"
NEW_IDENTIFIER = (
    "INSERT INTO contact_identifiers (id, contact_id, home_contact_id, kind, value, raw)"
)
NEW_IDENTIFIER += " VALUES (60, {}, {}, 'email', 'cy@x.example', 'cy@x.example')"
NEW_COMPANY = "INSERT INTO companies (id, name, name_key, created_at, updated_at)"
NEW_COMPANY += " VALUES (50, 'Acme', 'acme', 0, 0)"
NEW_TYPE = "INSERT INTO relationship_types (id, name, forward_label, reverse_label, created_at,"
NEW_TYPE += " updated_at) VALUES ('rt-x', 'X', 'x', 'y', 0, 0)"
NEW_EDGE = "INSERT INTO relationships (relationship_type_id, from_entity_type, from_entity_id,"
NEW_EDGE += " to_entity_id, source, created_at, updated_at)"


@pytest.mark.parametrize(
    ("command", "meanwhile"),
    [
        (NEW_CONTACT, NEW_IDENTIFIER.format(50, 50)),
        (
            NEW_CONTACT,
            "INSERT INTO cards (contact_id, uid, content_key, data) VALUES (50, '', 1, '{}')",
        ),
        (NEW_CONTACT, "UPDATE message_people SET contact_id = 50"),
        (NEW_CONTACT, "UPDATE conversation_participants SET contact_id = 50"),
        (NEW_CONTACT, f"{NEW_EDGE} VALUES ('rt-works-with', 'contact', 1, 50, 'imported', 0, 0)"),
        (NEW_IDENTIFIER.format(1, 1), "UPDATE message_people SET identifier_id = 60"),
        (NEW_COMPANY, "UPDATE contacts SET company_id = 50"),
        (NEW_COMPANY, f"{NEW_EDGE} VALUES ('rt-employee', 'company', 50, 1, 'imported', 0, 0)"),
        (NEW_TYPE, f"{NEW_EDGE} VALUES ('rt-x', 'contact', 1, 2, 'imported', 0, 0)"),
    ],
)
def test_nothing_that_came_meanwhile_is_taken_along(
    database: Database, ada: int, command: str, meanwhile: str
) -> None:
    change(database, command)
    run(database, meanwhile)
    tables = ("contacts", "contact_identifiers", "cards", "message_people", "relationships")
    before = [count(database, table) for table in tables]
    with pytest.raises(UserError, match="can no longer be undone"):
        undo(database)
    assert [count(database, table) for table in tables] == before
    assert database.undo_history.status.undo_label is None


def test_what_the_command_itself_took_along_is_no_obstacle(database: Database, ada: int) -> None:
    run(
        database, "UPDATE contacts SET import_id = NULL", NEW_CONTACT, NEW_IDENTIFIER.format(50, 50)
    )
    change(database, "DELETE FROM contacts WHERE id = 50")
    assert count(database, "contact_identifiers") == 2
    undo(database)
    assert count(database, "contact_identifiers") == 3
    undo(database, is_redo=True)
    assert count(database, "contact_identifiers") == 2


def test_what_went_with_an_import_does_not_come_back(database: Database, ada: int) -> None:
    run(
        database,
        IMPORT,
        NEW_COMPANY,
        NEW_CONTACT,
        NEW_IDENTIFIER.format(50, 50),
        "UPDATE contacts SET import_id = 1, company_id = 50 WHERE id = 50",
        "UPDATE contact_identifiers SET import_id = 1 WHERE id = 60",
        "INSERT INTO identifier_votes VALUES (60, 1, 'name', 'Cy', 3)",
        "INSERT INTO cards (id, contact_id, uid, content_key, data, import_id)"
        " VALUES (9, 50, '', 1, '{}', 1)",
        "INSERT INTO card_identifiers VALUES (9, 60)",
    )
    change(database, "DELETE FROM contacts WHERE id = 50")
    run(database, GONE, "DELETE FROM companies")
    undo(database)
    with database.read() as store:
        row = store.connection.exec_driver_sql(
            "SELECT c.name, c.import_id, c.company_id, i.import_id FROM contacts c"
            " JOIN contact_identifiers i ON i.contact_id = c.id WHERE c.id = 50"
        ).one()
    assert tuple(row) == ("Cy", None, None, None)
    for table in ("identifier_votes", "cards", "card_identifiers"):
        assert count(database, table) == 0


def test_a_change_of_nothing_but_what_is_gone_is_given_up(database: Database, ada: int) -> None:
    run(database, NEW_COMPANY, "UPDATE contacts SET company_id = 50")
    change(database, "UPDATE contacts SET company_id = NULL")
    run(database, "DELETE FROM companies")
    with pytest.raises(UserError, match="can no longer be undone"):
        undo(database)
