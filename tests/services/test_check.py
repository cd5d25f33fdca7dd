"""The check of a database."""

from __future__ import annotations

import re
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest

from crm_desktop.base.jobs import JobContext, Progress
from crm_desktop.model.engine import connect
from crm_desktop.model.fulltext import searchable_words
from crm_desktop.services.check import check_database
from crm_desktop.services.interactions import aggregate_features
from tests.life import NOW, Life

if TYPE_CHECKING:
    from crm_desktop.model.database import Database, UnitOfWork
    from crm_desktop.services.access import DirectAccess


@pytest.fixture
def life(access: DirectAccess, frozen_now: str) -> DirectAccess:
    """A consistent database."""

    def write(store: UnitOfWork) -> None:
        life = Life(store)
        acme = life.company("Acme")
        ada, bob = life.contact("Ada", company=acme), life.contact("Bob")
        life.contact("News", kind="bot")
        tea = life.conversation("Tea")
        life.message(tea, ada, bob, at=NOW, subject="Tea")
        life.message(tea, bob, ada, at=None, subject="Re: Tea")
        life.message(tea, bob, ada, at=NOW + 5, subject="Re: Tea", is_active=False)
        life.relationship("rt-employee", acme, ada)

    access.write(write)
    aggregate_features(access)
    return access


def test_a_sound_database_is_clean(life: DirectAccess) -> None:
    seen: list[Progress] = []
    report = check_database(life, ctx=JobContext(seen.append))
    assert report.problems == ()
    assert report.is_clean
    assert dict(report.checked) == {
        "contacts": 3,
        "companies": 1,
        "conversations": 1,
        "messages": 3,
        "relationships": 1,
    }
    assert seen[-1].done == seen[-1].total


def test_an_empty_database_is_clean(access: DirectAccess) -> None:
    assert check_database(access).is_clean


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("DELETE FROM contact_fts WHERE rowid = 1", "cannot find 1 of the people"),
        ("DELETE FROM company_fts", "cannot find 1 of the companies"),
        ("DELETE FROM message_fts WHERE rowid > 1", "cannot find 2 of the messages"),
        (
            "INSERT INTO contact_fts (rowid, name) VALUES (3, 'News')",
            "keeps 1 people that are gone",
        ),
        (
            "UPDATE conversation_participants SET communication_count = 7 WHERE contact_id = 1",
            r"participants of conversations are out of step with messages \(1 rows\)",
        ),
        (
            "DELETE FROM conversation_participants",
            r"participants of conversations are out of step with messages \(2 rows\)",
        ),
        (
            "UPDATE conversations SET message_count = 1",
            "counts or dates of 1 conversations are out of step",
        ),
        (
            "UPDATE conversations SET last_message_at = 1",
            "counts or dates of 1 conversations are out of step",
        ),
        (
            "UPDATE relationships SET to_entity_id = 99",
            "1 relationships lead to a person or company that is gone",
        ),
        ("DELETE FROM crm_relationships WHERE person_id = 1", "measures of 1 pairs"),
        (
            "UPDATE contact_fts_data SET block = zeroblob(length(block)) WHERE id > 100",
            "The search index is damaged",
        ),
    ],
)
def test_what_is_wrong_is_said(life: DirectAccess, damage: str, words: str) -> None:
    life.write(lambda store: store.connection.exec_driver_sql(damage))
    (problem,) = check_database(life).problems
    assert problem.endswith(".")
    assert re.search(words, problem), problem


def test_measures_that_wait_are_not_held_against_it(life: DirectAccess) -> None:
    def write(store: UnitOfWork) -> None:
        store.connection.exec_driver_sql("DELETE FROM crm_relationships")
        store.pending.mark("interactions")

    life.write(write)
    assert check_database(life).is_clean


def test_broken_references_are_found(life: DirectAccess, database: Database) -> None:
    with closing(connect(database.path)) as raw:  # a connection that enforces nothing
        raw.execute("INSERT INTO contact_tags (contact_id, tag) VALUES (99, 'x')")
    (problem,) = check_database(life).problems
    assert problem == "The file is damaged: rows of contact_tags refer to rows that are gone."


def test_a_check_sees_the_index_as_others_left_it(access: DirectAccess, database: Database) -> None:
    """A connection that has searched keeps what it knew of the index."""

    def fill(store: UnitOfWork) -> None:
        life = Life(store)
        for number in range(300):
            life.contact(f"Person {number} Lovelace")

    access.write(fill)
    with ExitStack() as stack:
        readers = [stack.enter_context(database.read()) for _ in range(4)]
        for store in readers:
            assert store.fulltext.matching_contacts(searchable_words("lovelace"))
    access.write(lambda store: store.connection.exec_driver_sql("DELETE FROM contact_fts"))
    with database.read() as store:
        assert store.checks.damage() == []
