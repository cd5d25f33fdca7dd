"""Long lists of people."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import pytest

from crm_desktop.base.clock import DAY_S, from_seconds
from crm_desktop.domain.contacts import ContactKind
from crm_desktop.services.contacts import ContactSort, contact_ids, contact_rows
from tests.life import NOW, Life

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import DirectAccess

NAMES = ("Zoe", "ada", "Ömer", "123", "“Bob”", "Olaf", "")


@pytest.fixture
def people(access: DirectAccess) -> dict[str, int]:
    def write(store: UnitOfWork) -> dict[str, int]:
        life = Life(store)
        acme = life.company("Acme")
        found = {name: life.contact(name, company=acme) for name in NAMES}
        found["list"] = life.contact("All_hands", "all@acme.org", kind="list")
        life.score(found["ada"], found["Olaf"], 20.0, NOW)
        life.score(found["ada"], found["Zoe"], 80.0, NOW - 5)
        life.score(found["Zoe"], found["Ömer"], 99.0)
        store.settings.set("self_person_id", str(found["ada"]))
        return found

    return access.write(write)


def names(people: dict[str, int], ids: array[int]) -> list[str]:
    by_id = {id_: name for name, id_ in people.items()}
    return [by_id[id_] for id_ in ids]


def test_by_name_without_marks_and_case(access: DirectAccess, people: dict[str, int]) -> None:
    ids = contact_ids(access)
    assert ids.typecode == "q"
    assert names(people, ids) == ["ada", "“Bob”", "Olaf", "Ömer", "Zoe", "123", ""]
    ids = contact_ids(access, descending=True)
    assert names(people, ids) == ["Zoe", "Ömer", "Olaf", "“Bob”", "ada", "123", ""]


@pytest.mark.parametrize(
    ("sort", "descending", "first"),
    [
        (ContactSort.SCORE, False, ["Zoe", "Olaf", "ada"]),
        (ContactSort.SCORE, True, ["Olaf", "Zoe", "ada"]),
        ("last_contact", False, ["Olaf", "Zoe", "ada"]),
        ("last_contact", True, ["Zoe", "Olaf", "ada"]),
    ],
)
def test_by_measures_towards_self(
    access: DirectAccess, people: dict[str, int], sort: str, descending: bool, first: list[str]
) -> None:
    ids = contact_ids(access, sort=sort, descending=descending)
    assert names(people, ids)[:3] == first
    assert len(ids) == len(NAMES)


def test_unknown_sort_is_a_fault_of_ours(access: DirectAccess) -> None:
    with pytest.raises(ValueError, match="size"):
        contact_ids(access, sort="size")


def test_text_filters(access: DirectAccess, people: dict[str, int]) -> None:
    assert names(people, contact_ids(access, text="  ol")) == ["Olaf"]
    assert names(people, contact_ids(access, text="acme om")) == ["Ömer"]
    assert len(contact_ids(access, text="acme")) == len(NAMES)
    assert len(contact_ids(access, text="   ")) == len(NAMES)
    assert len(contact_ids(access, text="(*")) == 0


def test_other_kinds(access: DirectAccess, people: dict[str, int]) -> None:
    assert names(people, contact_ids(access, kind=ContactKind.LIST)) == ["list"]
    assert names(people, contact_ids(access, kind=ContactKind.LIST, text="l_h")) == ["list"]
    assert names(people, contact_ids(access, kind=ContactKind.LIST, text="all@")) == ["list"]
    assert len(contact_ids(access, kind=ContactKind.LIST, text="l%h")) == 0
    assert len(contact_ids(access, kind=None)) == len(NAMES) + 1


def test_rows_follow_the_ids_and_leave_out_the_gone(
    access: DirectAccess, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_DESKTOP_NOW", from_seconds(NOW).isoformat())
    rows = contact_rows(access, [people["Zoe"], 9_999, people["list"], people["ada"]])
    assert [row.name for row in rows] == ["Zoe", "All_hands", "ada"]
    zoe, group, ada = rows
    assert (zoe.score, zoe.last_contact_at, zoe.decay_bucket) == (80.0, NOW - 5, 0)
    assert (zoe.organization, zoe.email) == ("Acme", f"c{people['Zoe']}@example.org")
    assert group.kind is ContactKind.LIST
    assert ada.score is None
    assert contact_rows(access, []) == []


def test_no_scores_without_self(access: DirectAccess, people: dict[str, int]) -> None:
    access.write(lambda store: store.settings.delete("self_person_id"))
    assert contact_rows(access, [people["Zoe"]])[0].score is None
    assert len(contact_ids(access, sort="score")) == len(NAMES)


def test_decay_is_counted_to_the_present(
    access: DirectAccess, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for days, bucket in ((1, 0), (7, 1), (8, 2), (181, 5)):
        moment = from_seconds(NOW + days * DAY_S).isoformat()
        monkeypatch.setenv("CRM_DESKTOP_NOW", moment)
        assert [row.decay_bucket for row in contact_rows(access, [people["Olaf"]])] == [bucket]
    assert [row.decay_bucket for row in contact_rows(access, [people["123"]])] == [None]
