"""The full-text tables: in step with their rows, and safe to ask anything."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.model import fulltext
from crm_desktop.model.database import Database, UnitOfWork
from crm_desktop.model.fulltext import MAX_WORDS, match_expression, searchable_words
from tests.life import DAY_S, NOW, Life

STRINGS = int(os.environ.get("CRM_DESKTOP_QUERY_EXAMPLES", "2000"))


@pytest.fixture
def store(database: Database) -> Iterator[UnitOfWork]:
    with database.write() as opened:
        yield opened


# Asking


def test_words_are_quoted_and_the_last_is_a_beginning() -> None:
    assert match_expression(["ada", "lov"]) == '"ada" "lov"*'
    assert match_expression(["ada", "lov"], prefix_all=True) == '"ada"* "lov"*'
    assert match_expression(['say "hi"', "x"]) == '"say ""hi""" "x"*'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("  \t\n", []),
        ("- * ( \" '' ^ : {", []),
        ("ada AND NOT (bob)", ["ada", "AND", "NOT", "(bob)"]),
        ("nul\0byte", ["nul", "byte"]),
        ("half \ud800 pair \udfff", ["half", "pair"]),
        ("żółw 王小明", ["żółw", "王小明"]),
        ("a " * 50, ["a"] * MAX_WORDS),
    ],
)
def test_searchable_words(text: str, words: list[str]) -> None:
    assert searchable_words(text) == words


any_text = st.text(
    st.one_of(
        st.sampled_from("\"'*^:(){}+-,. \0\tabcNEAR/AND OR NOT\\%_"),
        st.characters(exclude_categories=()),
    ),
    max_size=60,
)


@given(text=any_text)
@settings(
    max_examples=STRINGS,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_text_raises_or_injects(one_database: Database, text: str) -> None:
    words = searchable_words(text)
    if not words:
        return
    with one_database.read() as store:
        store.fulltext.find_contacts(words)
        store.fulltext.matching_contacts(words)
        store.fulltext.find_companies(words)
        store.fulltext.find_conversations(words, 5)


@pytest.fixture(scope="module")
def one_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all the generated strings."""
    path: Path = tmp_path_factory.mktemp("fulltext") / "people.sqlite"
    database = Database.open(path)
    with database.write() as store:
        life = Life(store)
        ada = life.contact("Ada Lovelace", "ada@analytical.org", notes="near and not or and")
        life.message(life.conversation("abc"), ada, at=NOW, subject="abc", preview="b c AND")
    yield database
    database.close()


def test_people_are_found_by_every_field(store: UnitOfWork) -> None:
    life = Life(store)
    company = life.company("Analytical Engines")
    ada = life.contact(
        "Ada Lövelace",
        "ada.l@analytical.org",
        company=company,
        title="Countess",
        notes="met in Turin",
        tags=("poetry", "old friends"),
        phone="+442079460000",
    )
    life.contact("Charles Babbage", "charles@analytical.org")
    for words in (
        ["ada"],
        ["lov"],
        ["LÖVE"],
        ["ada.l@analytical"],
        ["analytical.org", "ada"],
        ["engines"],
        ["countess"],
        ["turin"],
        ["poet"],
        ["friends", "ada"],
        ["4420794"],
    ):
        assert store.fulltext.find_contacts(words) == [ada], words
    assert store.fulltext.find_contacts(["ada", "babbage"]) == []
    assert len(store.fulltext.matching_contacts(["analytical"])) == 2


@pytest.mark.parametrize("kind", ["role", "list", "bot"])
def test_only_persons_are_found_as_people(store: UnitOfWork, kind: str) -> None:
    life = Life(store)
    other = life.contact("Info Desk", "info@acme.org", kind=kind)
    assert store.fulltext.find_contacts(["info"]) == []
    store.connection.exec_driver_sql("UPDATE contacts SET kind = 'person' WHERE id = ?", (other,))
    store.fulltext.refresh_contacts([other])
    assert store.fulltext.find_contacts(["info"]) == [other]
    store.connection.exec_driver_sql(f"UPDATE contacts SET kind = '{kind}' WHERE id = ?", (other,))
    store.fulltext.refresh_contacts([other])
    assert store.fulltext.find_contacts(["info"]) == []


def test_a_match_in_the_name_comes_before_one_in_the_notes(store: UnitOfWork) -> None:
    life = Life(store)
    noted = life.contact("Bob", notes="knows Ada")
    named = life.contact("Ada")
    assert store.fulltext.find_contacts(["ada"]) == [named, noted]


def test_companies_are_found_by_name_domain_and_notes(store: UnitOfWork) -> None:
    life = Life(store)
    acme = life.company("Acme Ltd", "roadrunner.com", notes="anvils")
    for word in ("ac", "road", "anvil"):
        assert store.fulltext.find_companies([word]) == [acme]


def test_conversations_are_found_by_the_words_of_their_messages(store: UnitOfWork) -> None:
    life = Life(store)
    ada = life.contact("Ada")
    plan = life.conversation("The plan")
    life.message(plan, ada, at=NOW, subject="The plan", preview="Dinner at eight")
    life.message(plan, ada, at=NOW, subject="Re: The plan", preview="Dinner at nine", body="Fondue")
    found = store.fulltext.find_conversations
    assert [m.conversation_id for m in found(["dinner"], 10)] == [plan]
    assert [m.conversation_id for m in found(["plan"], 10)] == [plan]
    assert [m.conversation_id for m in found(["fond"], 10)] == [plan]
    assert found(["din", "nine"], 10) == []  # whole words before the last
    assert [m.conversation_id for m in found(["dinner", "ni"], 10)] == [plan]


def test_one_letter_at_the_end_waits_for_the_second(store: UnitOfWork) -> None:
    life = Life(store)
    ada = life.contact("Ada")
    talk = life.conversation("Quarterly numbers")
    life.message(talk, ada, at=NOW, subject="Quarterly numbers")
    found = store.fulltext.find_conversations
    assert found(["q"], 10) == []
    assert len(found(["quarterly", "x"], 10)) == 1
    assert found(["quarterly", "xy"], 10) == []


def test_many_matches_are_ordered_newest_first(
    store: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = Life(store)
    ada = life.contact("Ada")
    talks = [life.conversation(f"Report {number}") for number in range(6)]
    ages = (3, 1, 4, 0, 5, 2)
    for talk, age in zip(talks, ages, strict=True):
        subject = "Report" if talk == talks[4] else "Lunch"
        life.message(talk, ada, at=NOW - age * DAY_S, subject=subject, preview="The report is late")
    few = store.fulltext.find_conversations(["report"], 10)
    assert few[0].conversation_id == talks[4]  # few are ranked: this one says it in its subject
    assert [match.sent_at for match in few[1:]] == [NOW - age * DAY_S for age in (0, 1, 2, 3, 4)]
    monkeypatch.setattr(fulltext, "MESSAGE_CANDIDATES", 4)
    many = store.fulltext.find_conversations(["report"], 3)
    assert [match.sent_at for match in many] == [NOW, NOW - 2 * DAY_S, NOW - 4 * DAY_S]


# Keeping in step


def test_removed_and_refreshed_rows(store: UnitOfWork) -> None:
    life = Life(store)
    ada, bob = life.contact("Ada"), life.contact("Bob")
    store.fulltext.remove_contacts([ada])
    assert store.fulltext.find_contacts(["ada"]) == []
    store.fulltext.refresh_contacts([ada, bob, bob, 99])
    assert store.fulltext.find_contacts(["ada"]) == [ada]
    store.connection.exec_driver_sql("UPDATE contacts SET name = 'Robert' WHERE id = ?", (bob,))
    store.fulltext.refresh_contacts([bob])
    assert store.fulltext.find_contacts(["bob"]) == []
    assert store.fulltext.find_contacts(["rob"]) == [bob]
    store.connection.exec_driver_sql("DELETE FROM contacts WHERE id = ?", (bob,))
    store.fulltext.refresh_contacts([bob])
    assert store.fulltext.find_contacts(["rob"]) == []


def test_messages_can_be_removed(store: UnitOfWork) -> None:
    life = Life(store)
    ada = life.contact("Ada")
    talk = life.conversation("Tea")
    message = life.message(talk, ada, at=NOW, subject="Tea")
    store.fulltext.add_messages([])
    assert len(store.fulltext.find_conversations(["tea"], 5)) == 1
    store.fulltext.remove_messages([message])
    assert store.fulltext.find_conversations(["tea"], 5) == []


def test_all_companies_are_refreshed_at_once(store: UnitOfWork) -> None:
    life = Life(store)
    acme, globex = life.company("Acme"), life.company("Globex")
    store.connection.exec_driver_sql("DELETE FROM companies WHERE id = ?", (acme,))
    store.connection.exec_driver_sql("UPDATE companies SET name = 'Hooli' WHERE id = ?", (globex,))
    store.fulltext.refresh_companies()
    assert store.fulltext.find_companies(["acme"]) == []
    assert store.fulltext.find_companies(["globex"]) == []
    assert store.fulltext.find_companies(["hooli"]) == [globex]


def test_rebuild_writes_everything_anew(store: UnitOfWork) -> None:
    life = Life(store)
    ada = life.contact("Ada")
    acme = life.company("Acme")
    life.message(life.conversation("Tea"), ada, at=NOW, subject="Tea")
    for table in ("contact_fts", "company_fts", "message_fts"):
        store.connection.exec_driver_sql(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    assert store.fulltext.find_contacts(["ada"]) == []
    store.fulltext.rebuild()
    assert store.fulltext.find_contacts(["ada"]) == [ada]
    assert store.fulltext.find_companies(["acme"]) == [acme]
    assert len(store.fulltext.find_conversations(["tea"], 5)) == 1


def test_readers_that_were_there_before_outlive_a_rebuild(database: Database) -> None:
    def add(first: int) -> None:
        with database.write() as store:
            for number in range(first, first + 50):
                store.connection.exec_driver_sql(
                    "INSERT INTO companies (id, name, name_key, created_at, updated_at)"
                    " VALUES (?, ?, ?, 0, 0)",
                    (number, f"Works {number}", f"works {number}"),
                )
            store.fulltext.refresh_companies()

    add(1)
    for round_ in range(1, 6):
        with database.read() as reader:  # the pooled connection is the same each time
            assert len(reader.fulltext.find_companies(["works"])) == min(100, 50 * round_)
        add(1 + 50 * round_)
        with database.write() as store:
            store.fulltext.rebuild()
    with database.read() as reader:
        assert reader.fulltext.find_companies(["275"]) == [275]
