"""The groups the review offers."""

from __future__ import annotations

import pytest

from crm_desktop.base.errors import Cancelled, InvalidInput, UserError
from crm_desktop.base.jobs import CancelToken, JobContext
from crm_desktop.domain.changes import ChangeKind
from crm_desktop.domain.duplicates import DuplicateReason
from crm_desktop.model.database import UnitOfWork
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.contact_edits import decide_identity
from crm_desktop.services.identity_review import duplicate_groups, keep_apart, review_members
from crm_desktop.services.merging import merge_contacts
from crm_desktop.services.undo import redo, undo
from tests.contents import contents, rows
from tests.life import NOW, Life


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
    assert ids(access) == []  # who is Ada cannot be the other one
    decide_identity(access, people["ada"], people["lovelace"], None)
    assert ids(access) == [{people["ada"], people["lovelace"]}]
    merge_contacts(access, people["ada"], [people["lovelace"]])
    assert ids(access) == []


def test_nobody_is_grouped_with_someone_different(
    access: DirectAccess, people: dict[str, int]
) -> None:
    ada, twin, third = people["ada"], people["ada2"], people["lovelace"]
    decide_identity(access, ada, twin, "different")
    assert {ada, third} in ids(access)
    decide_identity(access, ada, third, "different")
    assert {twin, third} in ids(access)
    decide_identity(access, twin, third, "different")
    assert ids(access) == [{people["zoe"], people["zoe2"]}]


def test_who_counts_as_one_already_is_grouped_with_who_does_not_yet(
    access: DirectAccess, people: dict[str, int]
) -> None:
    decide_identity(access, people["ada"], people["ada2"], "same")
    assert {people["ada"], people["ada2"], people["lovelace"]} in ids(access)
    decide_identity(access, people["ada2"], people["lovelace"], "same")
    assert ids(access) == [{people["zoe"], people["zoe2"]}]


def test_keeping_a_group_apart_is_one_step(access: DirectAccess, people: dict[str, int]) -> None:
    group = [people["lovelace"], people["ada"], people["ada2"]]
    decide_identity(access, people["ada"], people["ada2"], "same")
    before = contents(access)
    done = keep_apart(access, [*group, people["ada"]])
    assert done.value == 3
    assert done.changes.kinds == {ChangeKind.CONTACTS}
    assert access.undo_status.undo_label == "Say that 3 contacts are different people"
    stored = rows(access, "SELECT decision FROM identity_decisions")
    assert stored == [("different",)] * 3
    assert ids(access) == [{people["zoe"], people["zoe2"]}]
    undo(access)
    assert contents(access) == before
    assert redo(access).value == "Say that 3 contacts are different people"
    assert ids(access) == [{people["zoe"], people["zoe2"]}]


def test_two_kept_apart_are_named(access: DirectAccess, people: dict[str, int]) -> None:
    assert keep_apart(access, [people["zoe2"], people["zoe"]]).value == 1
    label = access.undo_status.undo_label
    assert label == "Say that Zoe Quelle and Zoë Quell are different people"


def test_what_cannot_be_kept_apart(access: DirectAccess, people: dict[str, int]) -> None:
    for few in ([], [people["ada"]], [people["ada"], people["ada"]]):
        with pytest.raises(InvalidInput, match="two different contacts"):
            keep_apart(access, few)
    with pytest.raises(UserError, match="no longer there"):
        keep_apart(access, [people["ada"], 99])
    assert rows(access, "SELECT 1 FROM identity_decisions") == []


def test_members_as_the_review_shows_them(access: DirectAccess, people: dict[str, int]) -> None:
    def write(store: UnitOfWork) -> None:
        life = Life(store)
        life.identifiers = {people["ada2"]: 2, people["bot"]: 6}
        life.message(life.conversation("Hello"), people["ada2"], people["bot"], at=NOW)

    access.write(write)
    first, second = review_members(access, [people["lovelace"], people["ada2"], 99])
    assert (first.contact_id, first.message_count, first.last_message_at) == (2, 1, NOW)
    assert (second.phones, second.message_count) == (("+441234567890",), 0)
    assert [one.name for one in review_members(access, [people["bot"]])] == ["Ada Lovelace"]


def test_a_search_that_is_cancelled_stops(access: DirectAccess, people: dict[str, int]) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        duplicate_groups(access, ctx=JobContext(token=token))


def test_a_name_read_from_an_address_is_no_name(access: DirectAccess) -> None:
    def make(store: UnitOfWork) -> None:
        life = Life(store)
        for number in (1, 2):
            id_ = life.contact("Info Desk", f"a{number}@x.example")
            store.connection.exec_driver_sql(f"UPDATE contacts SET name_key = '' WHERE id = {id_}")

    access.write(make)
    assert duplicate_groups(access) == ()
