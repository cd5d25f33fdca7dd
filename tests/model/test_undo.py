"""Images of what a command changes, and their replay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy

from crm_desktop.base.errors import UserError
from crm_desktop.domain.undo import UndoStatus
from crm_desktop.model.undo import KEPT_STEPS, RECORDED_TABLES
from tests.life import Life

if TYPE_CHECKING:
    from crm_desktop.model.database import Database

NOT_RECORDED = {
    "alembic_version",
    "app_sessions",
    "contact_embeddings",
    "crm_relationships",
    "graph_positions",
    "import_rejects",
    "inference_before",
    "inference_blocked",
    "inference_people",
    "inference_terms",
    "interactions_before",
    "imports",
    "message_imports",
    "message_references",
    "message_texts",
    "pending",
    "policy_states",
    "relationship_embeddings",
    "sync_sources",
    "user_profile_features",
    "users",
}


def contents(database: Database) -> dict[str, list[Any]]:
    with database.read() as store:
        return {
            name: sorted(map(repr, store.connection.exec_driver_sql(f"SELECT * FROM {name}")))
            for name in RECORDED_TABLES
        }


def change(database: Database, label: str, *statements: str) -> None:
    with database.write() as store, store.undo.recording(label):
        for statement in statements:
            store.connection.exec_driver_sql(statement)


def replay(database: Database, *, is_redo: bool = False) -> str | None:
    with database.write() as store:
        step = store.undo.replay(is_redo=is_redo)
    return None if step is None else step.label


@pytest.fixture
def life(database: Database) -> tuple[int, int, int]:
    with database.write() as store:
        life = Life(store)
        ada, bob = life.contact("Ada", "ada@example.org"), life.contact("Bob", "bob@example.org")
        acme = life.company("Acme")
        store.connection.exec_driver_sql(
            "UPDATE contacts SET company_id = ?, photo = x'00ff', notes = 'a' || char(0) || 'b'"
            " WHERE id = ?",
            (acme, ada),
        )
        store.connection.exec_driver_sql(
            "INSERT INTO relationships (id, relationship_type_id, from_entity_id, to_entity_id,"
            " source, created_at, updated_at) VALUES (1, 'rt-works-with', ?, ?, 'manual', 0, 0)",
            (ada, bob),
        )
        store.connection.exec_driver_sql(
            "INSERT INTO relationship_notes (relationship_id, content, created_at)"
            " VALUES (1, 'met in Riga', 5)"
        )
    return ada, bob, acme


def test_every_table_is_recorded_or_known_not_to_be(database: Database) -> None:
    with database.read() as store:
        tables = {
            row[1]
            for row in store.connection.exec_driver_sql("PRAGMA main.table_list")
            if row[2] == "table" and not row[1].startswith("sqlite_") and "_fts" not in row[1]
        }
    assert tables == set(RECORDED_TABLES) | (NOT_RECORDED & tables)
    assert not set(RECORDED_TABLES) & NOT_RECORDED


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE contacts SET name = 'Ada K.', photo = NULL"],
        ["UPDATE contacts SET notes = 'new', updated_at = 9 WHERE name = 'Ada'"],
        ["DELETE FROM relationships"],  # its notes go by cascade
        ["DELETE FROM companies"],  # its people lose it by SET NULL
        ["DELETE FROM contacts WHERE name = 'Bob'", "DELETE FROM relationships"],
        [
            "INSERT INTO contact_tags (contact_id, tag) SELECT id, 'friend' FROM contacts",
            "UPDATE contact_tags SET tag = 'foe'",
            "DELETE FROM contact_tags WHERE contact_id = (SELECT min(id) FROM contacts)",
        ],
        [
            "INSERT OR REPLACE INTO system_settings (key, value) VALUES ('region', 'DE')",
            "INSERT OR REPLACE INTO system_settings (key, value) VALUES ('region', 'GB')",
        ],
        ["UPDATE contacts SET id = id + 100 WHERE name = 'Loner'", "DELETE FROM contact_tags"],
    ],
)
def test_undo_and_redo_put_back_every_row(
    database: Database, life: tuple[int, int, int], statements: list[str]
) -> None:
    before = contents(database)
    change(database, "Change", *statements)
    after = contents(database)
    for _ in range(2):
        if before != after:
            assert replay(database) == "Change"
        assert contents(database) == before
        if before != after:
            assert replay(database, is_redo=True) == "Change"
        assert contents(database) == after
    with database.read() as store:
        assert store.connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None


def test_steps_come_back_one_by_one_and_a_new_one_ends_redo(
    database: Database, life: tuple[int, int, int]
) -> None:
    status = lambda: database.undo_history.status  # noqa: E731
    assert status() == UndoStatus(None, None)
    change(database, "First", "UPDATE contacts SET title = '1'")
    change(database, "Second", "UPDATE contacts SET title = '2'")
    change(database, "Nothing", "UPDATE contacts SET title = '2'")
    assert status() == UndoStatus("Second", None)
    assert replay(database) == "Second"
    assert status() == UndoStatus("First", "Second")
    assert replay(database) == "First"
    assert replay(database) is None
    assert replay(database, is_redo=True) == "First"
    change(database, "Third", "UPDATE contacts SET title = '3'")
    assert status() == UndoStatus("Third", None)
    assert replay(database, is_redo=True) is None


def test_the_oldest_steps_are_forgotten(database: Database, life: tuple[int, int, int]) -> None:
    for number in range(KEPT_STEPS + 3):
        change(database, f"Step {number}", f"UPDATE contacts SET title = '{number}'")
    labels = []
    while label := replay(database):
        labels.append(label)
    assert labels[0] == f"Step {KEPT_STEPS + 2}"
    assert labels[-1] == "Step 3"


def test_a_conflict_changes_nothing_and_gives_the_step_up(
    database: Database, life: tuple[int, int, int]
) -> None:
    ada, bob, _ = life
    change(
        database,
        "Rename both",
        f"UPDATE contacts SET name = 'A' WHERE id = {ada}",
        f"UPDATE contacts SET name = 'B' WHERE id = {bob}",
    )
    with database.write() as store:
        store.connection.exec_driver_sql(f"UPDATE contacts SET name = 'other' WHERE id = {ada}")
    before = contents(database)
    with pytest.raises(UserError, match="“Rename both” can no longer be undone"):
        replay(database)
    assert contents(database) == before
    assert database.undo_history.status == UndoStatus(None, None)


def test_a_failed_command_leaves_no_step_and_no_triggers(
    database: Database, life: tuple[int, int, int]
) -> None:
    with pytest.raises(sqlalchemy.exc.OperationalError):
        change(database, "Bad", "DELETE FROM contact_identifiers", "DELETE FROM nothing")
    assert database.undo_history.status == UndoStatus(None, None)
    with database.write() as store:
        triggers = "SELECT count(*) FROM temp.sqlite_schema WHERE type = 'trigger'"
        assert store.connection.exec_driver_sql(triggers).scalar() == 0


def test_a_relationship_that_inference_owns_may_have_been_measured_anew(
    database: Database, life: tuple[int, int, int]
) -> None:
    ada, bob, _ = life
    with database.write() as store:
        store.connection.exec_driver_sql(
            "INSERT INTO relationships (id, relationship_type_id, from_entity_id, to_entity_id,"
            " source, properties, created_at, updated_at)"
            f" VALUES (2, 'rt-knows', {ada}, {bob}, 'inferred', '{{}}', 0, 0)"
        )
    change(database, "Reject", "DELETE FROM relationships WHERE id = 2")
    assert replay(database) == "Reject"
    with database.write() as store:
        store.connection.exec_driver_sql("UPDATE relationships SET properties = 'x' WHERE id = 2")
    assert replay(database, is_redo=True) == "Reject"
    with database.write() as store:
        store.connection.exec_driver_sql(
            "INSERT INTO relationships (id, relationship_type_id, from_entity_id, to_entity_id,"
            " source, properties, created_at, updated_at)"
            f" VALUES (3, 'rt-knows', {ada}, {bob}, 'inferred', '{{}}', 0, 0)"
        )
    assert replay(database) == "Reject"
    assert inferred_ids(database) == [2]  # so that earlier steps about it can be undone, too


def inferred_ids(database: Database) -> list[int]:
    with database.read() as store:
        ids = store.connection.exec_driver_sql(
            "SELECT id FROM relationships WHERE source = 'inferred' ORDER BY id"
        )
        return [row[0] for row in ids]


INSERT_KNOWS = (
    "INSERT INTO relationships (id, relationship_type_id, from_entity_id, to_entity_id, source,"
    " properties, updated_by, created_at, updated_at)"
    " VALUES ({}, 'rt-knows', {}, {}, '{}', {}, {}, 0, 0)"
)


def test_what_was_found_meanwhile_yields_to_what_a_person_entered(
    database: Database, life: tuple[int, int, int]
) -> None:
    ada, bob, _ = life
    change(database, "Add", INSERT_KNOWS.format(2, ada, bob, "manual", "NULL", 1))
    change(
        database,
        "Change type",
        "UPDATE relationships SET relationship_type_id = 'rt-reports-to' WHERE id = 2",
    )
    with database.write() as store:
        store.connection.exec_driver_sql(
            INSERT_KNOWS.format(3, ada, bob, "inferred", "'{}'", "NULL")
        )
    assert replay(database) == "Change type"
    assert inferred_ids(database) == []
    assert replay(database) == "Add"
    with database.write() as store:
        store.connection.exec_driver_sql(
            INSERT_KNOWS.format(4, ada, bob, "inferred", "'{}'", "NULL")
        )
    assert replay(database, is_redo=True) == "Add"
    assert inferred_ids(database) == []


def test_something_found_about_which_the_person_said_something_does_not_yield(
    database: Database, life: tuple[int, int, int]
) -> None:
    ada, bob, _ = life
    with database.write() as store:
        store.connection.exec_driver_sql(INSERT_KNOWS.format(2, ada, bob, "manual", "NULL", 1))
    change(database, "Delete", "DELETE FROM relationships WHERE id = 2")
    with database.write() as store:
        store.connection.exec_driver_sql(INSERT_KNOWS.format(3, ada, bob, "inferred", "'{}'", 1))
    with pytest.raises(UserError, match="can no longer be undone"):
        replay(database)
    assert inferred_ids(database) == [3]


def test_undoing_the_last_word_on_an_inferred_relationship_gives_it_back_to_inference(
    database: Database, life: tuple[int, int, int]
) -> None:
    ada, bob, _ = life
    with database.write() as store:
        store.connection.exec_driver_sql(
            INSERT_KNOWS.format(2, ada, bob, "inferred", "'{}'", "NULL")
        )
    for attitude in (4, 5):
        change(database, "Edit", f"UPDATE relationships SET attitude = {attitude}, updated_by = 1")
    with database.write() as store:  # nothing speaks for it any more
        store.connection.exec_driver_sql(
            "UPDATE relationships SET source = 'manual', properties = NULL WHERE id = 2"
        )
    assert replay(database) == "Edit"
    assert inferred_ids(database) == []
    assert replay(database) == "Edit"
    assert inferred_ids(database) == [2]
