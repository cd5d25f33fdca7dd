"""The groups the review offers."""

from __future__ import annotations

import pytest

from crm_desktop.domain.duplicates import DuplicateReason
from crm_desktop.model.database import UnitOfWork
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.contact_edits import decide_identity
from crm_desktop.services.identity_review import duplicate_groups
from crm_desktop.services.merging import merge_contacts
from tests.life import Life


@pytest.fixture
def people(access: DirectAccess) -> dict[str, int]:
    def make(store: UnitOfWork) -> dict[str, int]:
        life = Life(store)
        return {
            "ada": life.contact("Ada Lovelace", "ada@work.example"),
            "ada2": life.contact("ADA  Lovelace", "al@home.example"),
            "lovelace": life.contact("Lovelace, Ada", "x1@home.example", phone="+441234567890"),
            "zoe": life.contact("Zoë Quell", "zoe.quell@work.example"),
            "zoe2": life.contact("Zoe Quelle", "zoe.quell+tag@home.example"),
            "bot": life.contact("Ada Lovelace", "bot@work.example", kind="bot"),
            "other": life.contact("Bob Ray", "bob@work.example"),
        }

    return access.write(make)


def ids(access: DirectAccess) -> list[set[int]]:
    return [{member.contact_id for member in group.members} for group in duplicate_groups(access)]


def test_one_name_is_one_group_and_only_people_are_compared(
    access: DirectAccess, people: dict[str, int]
) -> None:
    first, second = duplicate_groups(access)
    assert {member.contact_id for member in first.members} == {
        people["ada"],
        people["ada2"],
        people["lovelace"],
    }
    assert first.reasons == {DuplicateReason.SAME_NAME}
    assert {member.contact_id for member in second.members} == {people["zoe"], people["zoe2"]}
    assert second.reasons == {DuplicateReason.SIMILAR_NAME, DuplicateReason.SAME_LOCAL_PART}


def test_what_is_decided_is_not_asked_again(access: DirectAccess, people: dict[str, int]) -> None:
    decide_identity(access, people["zoe"], people["zoe2"], "different")
    assert len(ids(access)) == 1
    decide_identity(access, people["ada"], people["ada2"], "different")
    decide_identity(access, people["ada"], people["lovelace"], "same")
    assert ids(access) == [{people["ada2"], people["lovelace"]}]
    merge_contacts(access, people["ada2"], [people["lovelace"]])
    assert ids(access) == []


def test_a_name_read_from_an_address_is_no_name(access: DirectAccess) -> None:
    def make(store: UnitOfWork) -> None:
        life = Life(store)
        for number in (1, 2):
            id_ = life.contact("Info Desk", f"a{number}@x.example")
            store.connection.exec_driver_sql(f"UPDATE contacts SET name_key = '' WHERE id = {id_}")

    access.write(make)
    assert duplicate_groups(access) == ()
