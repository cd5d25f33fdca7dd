"""Finding people who are here twice and merging them, as a person types it."""

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
from tests.contents import rows
from tests.life import NOW, Life

Run = Callable[..., tuple[int, Any, str]]

pytestmark = pytest.mark.usefixtures("frozen_now")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with somebody three times, two who are alike, and somebody else."""
    path = tmp_path / "people.sqlite"
    with closing(Database.open(path)) as database, database.write() as store:
        life = Life(store)
        ada = life.contact("Ada King", "ada@work.example", company=life.company("Acme"))
        twin = life.contact("Ada King", "ak@home.example", phone="+441234567890")
        life.contact("Ada King", "ada.king@club.example")
        life.contact("Zoë Quell", "zoe.quell@work.example")
        life.contact("Zoe \x1b[31mQuelle", "zoe.quell@home.example")
        bob = life.contact("Bob Ray", "bob@work.example")
        conversation = life.conversation("Golf")
        life.message(conversation, twin, bob, at=NOW)
        life.message(conversation, twin, bob, at=NOW)
        life.message(conversation, ada, bob, at=NOW - 1)
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


def test_groups_as_json(run: Run):
    code, groups, errors = run("duplicates", "--json")
    assert (code, errors) == (0, "")
    first, second = groups
    assert list(first) == ["score", "reasons", "people"]
    assert (first["score"], first["reasons"]) == (0.9, ["same_name"])
    assert [person["id"] for person in first["people"]] == [2, 1, 3]
    assert first["people"][0] == {
        "id": 2,
        "name": "Ada King",
        "emails": ["ak@home.example"],
        "phones": ["+441234567890"],
        "organization": None,
        "messages_sent": 2,
        "last_message_at": "2026-05-01T09:00:00Z",
    }
    assert first["people"][1]["organization"] == "Acme"
    assert second["reasons"] == ["same_local_part"]


def test_groups_as_a_table_and_limited(run: Run):
    code, text, errors = run("duplicates", "--limit", 1)
    assert code == 0
    words = " ".join(text.split())
    assert "1 Same name 2 Ada King ak@home.example," in words
    assert "Quell" not in text
    assert errors == "1 more group is left out by --limit.\n"
    assert "\x1b" not in run("duplicates")[1]
    assert [len(run("duplicates", "--json", "--limit", n)[1]) for n in (1, 2, 3)] == [1, 2, 2]
    assert run("duplicates", "--limit", 0)[0] == 2


def test_merging_by_address_and_id(run: Run, path: Path):
    code, text, _ = run("merge", "ADA@work.example", 2, "ada.king@club.example", 2)
    assert code == 0
    assert text == (
        "Merged Ada King (2), Ada King (3) into Ada King (1), who now has "
        "ada@work.example, ak@home.example, ada.king@club.example, +441234567890.\n"
    )
    with closing(Database.open(path)) as database:
        found = rows(DirectAccess(database), "SELECT id FROM contacts WHERE name = 'Ada King'")
    assert found == [(1,)]
    assert len(run("duplicates", "--json")[1]) == 1
    merged = run("merge", 4, "zoe.quell@home.example", "--json")[1]
    assert merged["merged"] == [5]
    assert (merged["kept"]["id"], merged["kept"]["name"]) == (4, "Zoë Quell")
    assert run("duplicates", "--json")[1] == []
    assert run("duplicates")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((1, 1), "Merging needs two different contacts."),
        ((1, 99), "There is nobody with the id"),
        ((1, "nobody@nowhere.example"), "Nobody here has the address “nobody@nowhere.example”."),
    ],
)
def test_wrong_input_gets_one_sentence_and_changes_nothing(
    run: Run, path: Path, arguments: tuple[object, ...], words: str
):
    code, output, errors = run("merge", *arguments)
    assert (code, output) == (1, "")
    assert words in errors
    assert errors.count("\n") == 1
    with closing(Database.open(path)) as database:
        assert rows(DirectAccess(database), "SELECT count(*) FROM contacts") == [(6,)]


def test_merging_needs_two(run: Run):
    assert run("merge", 1)[0] == 2
