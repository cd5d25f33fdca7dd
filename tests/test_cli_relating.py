"""Showing, entering, deleting and annotating relationships, as a person types it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.cli import main
from crm_desktop.model.database import Database
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.relationships import load_relationships, relationship_detail
from tests.life import Life

Run = Callable[..., tuple[int, Any, str]]

pytestmark = pytest.mark.usefixtures("frozen_now")

KEYS = [
    *("id", "type", "label", "from_id", "from_name", "to_id", "to_name", "source", "strength"),
    *("shared_conversations", "shared_messages", "first_interaction", "last_interaction"),
    "description",
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with two namesakes, somebody else, two companies and a found relationship."""
    path = tmp_path / "people.sqlite"
    with closing(Database.open(path)) as database, database.write() as store:
        life = Life(store)
        ada = life.contact("Ada King", "ada@example.org")
        bob = life.contact("Bob Ray", "bob@example.org")
        twin = life.contact("Bob Ray", "ray@example.org")
        store.connection.exec_driver_sql(
            "INSERT INTO identity_decisions VALUES (?, ?, 'different', 0)", (bob, twin)
        )
        life.company("Acme Ltd", "acme.example")
        life.company("2020")
        conversation = life.conversation("Golf")
        life.message(conversation, ada, bob, at=1_777_000_000)
        life.message(conversation, bob, ada, at=1_777_000_100)
        store.pending.mark("inference")
    return path


@pytest.fixture
def run(path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on it: exit code, standard output (parsed with --json), errors."""

    def run_command(*arguments: object) -> tuple[int, Any, str]:
        code = main(["--db", str(path), *(str(argument) for argument in arguments)])
        captured = capsys.readouterr()
        output = json.loads(captured.out) if "--json" in arguments and not code else captured.out
        return code, output, captured.err

    return run_command


def test_entering_a_relationship(run: Run, path: Path):
    code, output, _ = run("add-relationship", "employee", "Acme Ltd", "ADA@example.org")
    assert (code, output) == (0, "Added 1: Acme Ltd employs Ada King.\n")
    code, row, _ = run(
        *("add-relationship", "REPORTS_TO", "ada  king", 2, "--description", "Since school"),
        *("--attitude", 4, "--proximity", 5, "--started", "2001-9", "--ended", "2003"),
        *("--note", "Met in Riga", "--json"),
    )
    assert code == 0
    assert list(row) == KEYS
    assert (row["from_name"], row["label"], row["to_name"]) == (
        *("Ada King", "Has direct report", "Bob Ray"),
    )
    assert (row["source"], row["strength"], row["to_id"]) == ("manual", None, 2)
    with closing(Database.open(path)) as database:
        found = relationship_detail(DirectAccess(database), row["id"])
    assert found is not None
    assert (found.started_on, found.ended_on) == ("2001-09", "2003")
    assert (found.relationship.attitude, found.relationship.proximity) == (4, 5)
    assert [note.content for note in found.notes] == ["Met in Riga"]
    assert run("add-relationship", "VENDOR", "acme.example", "2020")[0] == 0
    assert run("add-relationship", "WORKS_WITH", "3", "1")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ENEMY", 1, 2), "There is no type “ENEMY”. There are: EMPLOYEE, KNOWS, "),
        (
            ("KNOWS", "Bob Ray", 1),
            "2 people are called “Bob Ray”. Give an address or an id instead:",
        ),
        (("KNOWS", "zoe@example.org", 1), "Nobody here has the address “zoe@example.org”."),
        (("KNOWS", "Zoe", 1), "nobody with the id, the address or the whole name “Zoe”"),
        (("KNOWS", "9" * 30, 1), "There is nobody"),
        (("KNOWS", "", 1), "There is nobody"),
        (("KNOWS", "\udc80", 1), "There is nobody"),
        (
            ("EMPLOYEE", "ada@example.org", "Acme Ltd"),
            "“EMPLOYEE” is from a company to a person.\n",
        ),
        (("EMPLOYEE", "Beta", 1), "no company with the id, the domain or the whole name “Beta”"),
        (("KNOWS", 1, 1), "two different ends"),
        (("KNOWS", 1, 2, "--attitude", 9), "attitude must be from 1 to 5; it was 9"),
        (("KNOWS", 1, 2, "--started", "soon"), "“soon” is no start that we can read"),
    ],
)
def test_wrong_input_gets_one_sentence_and_exit_1(
    run: Run, path: Path, arguments: tuple[object, ...], words: str
):
    code, output, errors = run("add-relationship", *arguments)
    assert (code, output) == (1, "")
    assert words in errors
    assert errors.count("\n") == 1
    with closing(Database.open(path)) as database:
        assert load_relationships(DirectAccess(database)) == ()


def test_what_is_there_is_told(run: Run):
    run("add-relationship", "WORKS_WITH", 1, 2)
    code, _, errors = run("add-relationship", "WORKS_WITH", 2, 1)
    assert code == 1
    assert errors == "“Ada King works with Bob Ray” is already there. Change that one instead.\n"


def test_showing_from_the_side_of_the_person_asked_for(run: Run):
    run("add-relationship", "REPORTS_TO", 1, 3)
    rows = run("show-relationships", "--json")[1]
    assert [list(row) for row in rows] == [KEYS] * 2
    assert [row["type"] for row in rows] == ["KNOWS", "REPORTS_TO"]
    for who in ("ray@example.org", 3):
        [row] = run("show-relationships", "--contact", who, "--json")[1]
        assert (row["label"], row["from_id"], row["to_id"]) == ("Reports to", 1, 3)
    text = " ".join(run("show-relationships", "--contact", 3, "--type", "reports_to")[1].split())
    assert "Bob Ray Reports to Ada King manual" in text
    code, _, errors = run("show-relationships", "--contact", "nobody@nowhere.example")
    assert (code, errors) == (1, "Nobody here has the address “nobody@nowhere.example”.\n")


def test_removing(run: Run):
    [found] = run("show-relationships", "--json")[1]
    own = run("add-relationship", "WORKS_WITH", 1, 3, "--json")[1]["id"]
    code, _, errors = run("remove-relationship", own, found["id"])
    assert code == 1
    assert "“Ada King knows Bob Ray” was found in conversations" in errors
    assert run("remove-relationship", own, "--json")[1] == {"removed": 1}
    code, output, _ = run("remove-relationship", found["id"], "--reject")
    assert (code, output) == (0, "1 relationship is gone.\n")
    run("infer-relationships")
    assert run("show-relationships", "--json")[1] == []
    code, _, errors = run("remove-relationship", own)
    assert (code, errors) == (1, "This relationship is no longer there.\n")
    assert run("remove-relationship")[0] == run("remove-relationship", "9" * 30)[0] == 2


def test_notes(run: Run, path: Path):
    own = run("add-relationship", "WORKS_WITH", 1, 3, "--json")[1]["id"]
    code, output, _ = run("add-note", own, "Lends books")
    assert (code, output) == (0, "Noted: Ada King works with Bob Ray.\n")
    note = run("add-note", own, "At school", "--date", "2001-09-01", "--json")[1]
    assert note == {
        "id": 2,
        "relationship_id": own,
        "content": "At school",
        "created_at": "2001-09-01T00:00:00Z",
    }
    assert run("add-note", own, " ")[2] == "The note is empty. Write something in it.\n"
    assert run("add-note", 99, "x")[2] == "This relationship is no longer there.\n"
    assert "“May” is no date that we can read" in run("add-note", own, "x", "--date", "May")[2]
    with closing(Database.open(path)) as database:
        found = relationship_detail(DirectAccess(database), own)
    assert found is not None
    assert [note.content for note in found.notes] == ["At school", "Lends books"]


def test_types_with_their_uses(run: Run):
    run("add-relationship", "VENDOR", 1, 2)
    types = run("list-relationship-types", "--json")[1]
    assert {row["name"]: row["uses"] for row in types}["VENDOR"] == 1
    assert set(types[0]) == {
        *("id", "name", "from_entity_type", "to_entity_type", "forward_label", "reverse_label"),
        *("is_system", "description", "color_index", "uses"),
    }
    assert "Is a vendor of" in run("list-relationship-types")[1]


def test_help_says_how_to_name_the_ends(run: Run):
    words = " ".join(run("add-relationship", "--help")[1].split())
    assert "people by address, id or whole name, companies by domain, id or whole name" in words
