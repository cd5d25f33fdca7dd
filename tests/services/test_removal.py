"""An import taken back leaves the database as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.base.errors import UserError
from crm_desktop.model.database import Database
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.imports import (
    import_paths,
)
from crm_desktop.services.removal import remove_import
from tests.contents import VCARD, ada_twice, contents, mailbox, names, rows
from tests.mail_samples import START, correspondence, message, write_mbox


def test_removing_the_card_import_parts_what_it_joined(access: DirectAccess, tmp_path: Path):
    import_paths(access, [ada_twice(tmp_path)])
    before = contents(access)
    card = tmp_path / "ada.vcf"
    card.write_text(VCARD, newline="")
    report = import_paths(access, [card])
    assert contents(access) != before
    remove_import(access, report.import_ids[0])
    assert contents(access) == before


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=st.integers(0, 10**6), second=st.integers(0, 10**6), overlap=st.integers(0, 40))
def test_removing_an_import_leaves_the_database_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, first: int, second: int, overlap: int
):
    folder = tmp_path_factory.mktemp("removal")
    kept = correspondence(60, seed=first, crowd=14)
    added = kept[:overlap] + correspondence(60, seed=second, crowd=20)
    database = Database.open(folder / "people.sqlite")
    access = DirectAccess(database)
    import_paths(access, [write_mbox(folder / "kept.mbox", kept)])
    before = contents(access)
    report = import_paths(access, [write_mbox(folder / "added.mbox", added)])
    remove_import(access, report.import_ids[0])
    after = contents(access)
    database.close()
    assert after == before


def test_removing_the_first_of_two_imports_keeps_what_both_contain(
    access: DirectAccess, tmp_path: Path
):
    texts = correspondence(80, seed=3)
    first = import_paths(access, [write_mbox(tmp_path / "a.mbox", texts)])
    import_paths(access, [write_mbox(tmp_path / "b.mbox", texts[:50])])
    remove_import(access, first.import_ids[0])
    alone = Database.open(tmp_path / "alone.sqlite")
    import_paths(DirectAccess(alone), [write_mbox(tmp_path / "b.mbox", texts[:50])])
    assert rows(access, "SELECT external_id FROM messages ORDER BY 1") == rows(
        DirectAccess(alone), "SELECT external_id FROM messages ORDER BY 1"
    )
    alone.close()


def test_removing_what_is_gone_says_so(access: DirectAccess):
    with pytest.raises(UserError, match="no import 99"):
        remove_import(access, 99)


def card(folder: Path, name: str, *lines: str) -> Path:
    path = folder / f"{name}.vcf"
    path.write_text(f"BEGIN:VCARD\nVERSION:3.0\n{chr(10).join(lines)}\nEND:VCARD\n")
    return path


def test_removing_a_card_parts_addresses_that_mail_met_later(access: DirectAccess, tmp_path: Path):
    first = import_paths(
        access, [card(tmp_path, "a", "FN:Ada", "EMAIL:ada@north.example", "EMAIL:ada@home.example")]
    )
    import_paths(access, [ada_twice(tmp_path)])
    remove_import(access, first.import_ids[0])
    assert rows(access, "SELECT count(DISTINCT contact_id) FROM contact_identifiers") == [(3,)]
    assert rows(access, "SELECT count(*) FROM contact_identifiers WHERE NOT is_primary") == [(0,)]


def test_names_stay_when_a_later_import_says_them_too(access: DirectAccess, tmp_path: Path):
    texts = [
        message(
            sender="Ada Abel <ada@north.example>",
            to="Bo Bond <bo@south.example>",
            subject="First words",
            date=START,
            message_id="1@x.example",
        )
    ]
    first = import_paths(access, [mailbox(tmp_path, *texts, name="a.mbox")])
    import_paths(access, [mailbox(tmp_path, *texts, texts[0].replace("First", "Other"))])
    remove_import(access, first.import_ids[0])
    assert names(access) == {"ada@north.example": "Ada Abel", "bo@south.example": "Bo Bond"}


def test_an_empty_database_is_empty_again(access: DirectAccess, tmp_path: Path):
    before = contents(access)
    path = card(tmp_path, "cy", "FN:Cy Cole", "EMAIL:cy@zeta.example", "ORG:Zeta")
    report = import_paths(access, [path])
    remove_import(access, report.import_ids[0])
    assert contents(access) == before


def test_a_card_gets_its_address_when_the_one_before_it_goes(access: DirectAccess, tmp_path: Path):
    first = import_paths(access, [card(tmp_path, "a", "FN:A. Abel", "EMAIL:abel@north.example")])
    import_paths(access, [card(tmp_path, "b", "FN:Bea Abel", "EMAIL:abel@north.example")])
    remove_import(access, first.import_ids[0])
    assert names(access) == {"abel@north.example": "Bea Abel"}


def test_a_conversation_loses_the_subject_of_a_removed_message(
    access: DirectAccess, tmp_path: Path
):
    opening = message(
        sender="ada@north.example",
        to="bo@south.example",
        subject="Secret trip to Rome",
        date=START,
        message_id="1@x.example",
    )
    answer = message(
        sender="bo@south.example",
        to="ada@north.example",
        subject="Lunch on Friday",
        date=START,
        message_id="2@x.example",
        references="<1@x.example>",
        body="Gladly",
    )
    first = import_paths(access, [mailbox(tmp_path, opening, name="a.mbox")])
    import_paths(access, [mailbox(tmp_path, answer)])
    assert rows(access, "SELECT subject FROM conversations") == [("Secret trip to Rome",)]
    remove_import(access, first.import_ids[0])
    assert rows(access, "SELECT subject FROM conversations") == [("Lunch on Friday",)]
