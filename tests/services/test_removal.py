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
from tests.contents import VCARD, ada_twice, contents, rows
from tests.mail_samples import correspondence, write_mbox


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
