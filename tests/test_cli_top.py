"""The top list on the command line: narrowed, and as a file."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.cli import main
from tests.ui.page_sample import ADA, GRACE, contact_id_of, small_life, store_life

pytestmark = pytest.mark.usefixtures("frozen_now")


@pytest.fixture
def run(database, access, capsys: pytest.CaptureFixture[str]):
    """Run `top` on a small life: exit code, what was printed (JSON as data), and errors."""
    store_life(access, small_life())

    def run(*arguments: object) -> tuple[int, Any, str]:
        words = ["--db", str(database.path), "top", *map(str, arguments)]
        code = main(words)
        printed = capsys.readouterr()
        is_json = "--json" in arguments and code == 0
        return code, json.loads(printed.out) if is_json else printed.out, printed.err

    return run


def names(answer: dict[str, Any]) -> list[str]:
    return [row["display_name"] for row in answer["relationships"]]


def test_narrowed_to_a_company_a_tag_and_a_type(run, access):
    grace = contact_id_of(access, GRACE)
    access.write(
        lambda store: store.connection.exec_driver_sql(
            "INSERT INTO contact_tags (contact_id, tag) VALUES (?, 'choir')", (grace,)
        )
    )
    assert names(run("--company", "Analytical Engines", "--json")[1]) == [ADA.name]
    assert names(run("--tag", "choir", "--json")[1]) == [GRACE.name]
    assert run("--type", "Knows", "--json")[1]["total_count"] == 5
    assert run("--type", "Works_with", "--json")[1]["total_count"] == 0
    assert run("--tag", "choir", "--company", "Analytical Engines")[1] == "Nothing found.\n"


def test_the_whole_list_as_a_file(run, tmp_path: Path):
    path = tmp_path / "top.csv"
    code, printed, _ = run("--limit", "1", "--csv", path)
    assert (code, printed) == (0, f"Wrote 5 people to {path}.\n")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["rank"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert rows[0]["name"] == ADA.name
    code, answer, _ = run("--company", "Analytical Engines", "--csv", path, "--json")
    assert answer == {"path": str(path), "rows": 1}


@pytest.mark.parametrize(
    ("arguments", "accepted"),
    [
        (("--company", "Nope"), "There is no company"),
        (("--type", "Nope"), "There is no type “Nope”"),
        (("--type", "EMPLOYEE"), "not between two people. There are: KNOWS"),
        (("--csv", "/nowhere/top.csv"), "“top.csv” cannot be written"),
        (("--csv", ""), "name of a file is empty"),
    ],
)
def test_mistakes_are_explained(run, arguments, accepted):
    code, _, errors = run(*arguments)
    assert code == 1
    assert accepted in errors
    assert "Traceback" not in errors
