"""What the program found by itself is put aside by undo and redo, and brought back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from crm_desktop.base.errors import UserError
from crm_desktop.model.undo_yielding import is_found
from tests.life import Life

if TYPE_CHECKING:
    from crm_desktop.model.database import Database, UnitOfWork

FOUND = ("inferred", '{"strength": 0.5}')
IMPORTED = ("imported", '{"card":7}')


@pytest.fixture
def pair(database: Database) -> tuple[int, int]:
    with database.write() as store:
        life = Life(store)
        return life.contact("Ada"), life.contact("Bob")


@contextmanager
def recorded(database: Database, label: str) -> Iterator[UnitOfWork]:
    with database.write() as store, store.undo.recording(label):
        yield store


def replay(database: Database, *, is_redo: bool = False) -> None:
    with database.write() as store:
        assert store.undo.replay(is_redo=is_redo) is not None


def add(
    store: UnitOfWork, row_id: int, pair: tuple[int, int], source: str, properties: str | None
) -> None:
    store.connection.exec_driver_sql(
        "INSERT INTO relationships (id, relationship_type_id, from_entity_id, to_entity_id, source,"
        " properties, updated_by, created_at, updated_at)"
        " VALUES (?, 'rt-knows', ?, ?, ?, ?, ?, 0, 0)",
        (row_id, *pair, source, properties, 1 if source == "manual" else None),
    )


def relationships(database: Database) -> list[tuple[int, str]]:
    with database.read() as store:
        rows = store.connection.exec_driver_sql("SELECT id, source FROM relationships ORDER BY id")
        return [(row[0], row[1]) for row in rows]


@pytest.mark.parametrize("found", [FOUND, IMPORTED])
def test_steps_about_what_was_found_can_be_redone(
    database: Database, pair: tuple[int, int], found: tuple[str, str]
) -> None:
    with database.write() as store:
        add(store, 1, pair, "manual", None)
    with recorded(database, "Delete") as store:
        store.relationships.delete([1])
    with database.write() as store:
        add(store, 2, pair, *found)
    with recorded(database, "Edit") as store:
        store.relationships.update(2, attitude=4)
    replay(database)
    assert relationships(database) == [(2, found[0])]
    replay(database)
    assert relationships(database) == [(1, "manual")]
    replay(database, is_redo=True)
    assert relationships(database) == [(2, found[0])]
    replay(database, is_redo=True)
    with database.read() as store:
        [row] = store.relationships.load()
    assert (row.id, row.attitude) == (2, 4)
    for _ in range(2):
        replay(database)
    assert relationships(database) == [(1, "manual")]


@pytest.mark.parametrize("found", [FOUND, IMPORTED])
def test_what_was_found_about_somebody_goes_with_them_and_comes_back(
    database: Database, pair: tuple[int, int], found: tuple[str, str]
) -> None:
    with recorded(database, "Add Cy") as store:
        cy = store.contact_edits.add("Cy", {}, ["name"])
    with database.write() as store:
        add(store, 1, (pair[0], cy), *found)
        add(store, 2, (pair[0], pair[1]), *found)
    replay(database)
    assert relationships(database) == [(2, found[0])]
    replay(database, is_redo=True)
    assert relationships(database) == [(1, found[0]), (2, found[0])]
    replay(database)
    assert relationships(database) == [(2, found[0])]


def test_what_the_person_said_something_about_stays_and_is_a_conflict(
    database: Database, pair: tuple[int, int]
) -> None:
    with recorded(database, "Add Cy") as store:
        cy = store.contact_edits.add("Cy", {}, ["name"])
    with database.write() as store:
        add(store, 1, (pair[0], cy), "manual", None)
    with pytest.raises(UserError, match="can no longer be undone"):
        replay(database)
    assert relationships(database) == [(1, "manual")]


def test_found_are_those_of_inference_and_of_cards() -> None:
    columns = ("id", "source", "properties")
    images = {
        (1, "inferred", "{}"): True,
        (1, "imported", '{"card":7}'): True,
        (1, "imported", None): False,
        (1, "manual", None): False,
    }
    assert {image: is_found(columns, image) for image in images} == images
