"""Whom a few letters may mean."""

from __future__ import annotations

import pytest

from crm_desktop.base.errors import Cancelled, InvalidInput
from crm_desktop.base.jobs import CancelToken
from crm_desktop.domain.relationships import EntityKind, Suggestion
from crm_desktop.model.database import UnitOfWork
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.picking import find_entity, suggest_entities
from tests.life import Life

CONTACT, COMPANY = EntityKind.CONTACT, EntityKind.COMPANY


@pytest.fixture
def ids(access: DirectAccess) -> dict[str, int]:
    def make(store: UnitOfWork) -> dict[str, int]:
        life = Life(store)
        acme = life.company("Acme Ångström", "acme.example")
        life.company("Beta", notes="Angling")
        me = life.contact("Me Myself", "me@example.org")
        ids = {
            "anna": life.contact("Anna Ek", "anna@acme.example", company=acme, title="Engineer"),
            "ångs": life.contact("Ånge Ström", "a@example.org", company=acme),
            "ek": life.contact("Bo Anke-Ek", "bo@example.org"),
            "twin": life.contact("anna  EK", "ek@home.example"),
            "news": life.contact("Announcements", "news@example.org", kind="bot"),
            "acme": acme,
        }
        life.score(me, ids["ek"], 90.0)
        life.score(me, ids["twin"], 40.0)
        life.score(me, ids["news"], 99.0)
        store.settings.self_person_id = me
        return ids

    return access.write(make)


def names(access: DirectAccess, text: str, *kinds: EntityKind, limit: int = 8) -> list[str]:
    found = suggest_entities(access, text, kinds or (CONTACT, COMPANY), limit=limit)
    return [suggestion.name for suggestion in found]


def test_names_that_begin_as_typed_come_first_then_the_closest(
    access: DirectAccess, ids: dict[str, int]
):
    assert names(access, "an") == ["anna  EK", "Ånge Ström", "Bo Anke-Ek", "Acme Ångström", "Beta"]
    assert names(access, "EK") == ["Bo Anke-Ek", "anna  EK"]
    assert names(access, "ange s") == ["Ånge Ström"]
    assert names(access, "ek bo") == ["Bo Anke-Ek"]


def test_who_counts_as_one_person_is_suggested_once(access: DirectAccess, ids: dict[str, int]):
    [anna] = suggest_entities(access, "anna e")
    assert (anna.entity_id, anna.detail) == (ids["twin"], "ek@home.example")
    access.write(
        lambda store: store.connection.exec_driver_sql(
            "INSERT INTO identity_decisions VALUES (?, ?, 'different', 0)",
            (ids["anna"], ids["twin"]),
        )
    )
    found = suggest_entities(access, "anna e")
    assert [entry.entity_id for entry in found] == [ids["twin"], ids["anna"]]
    assert found[1].detail == "Engineer · Acme Ångström"


def test_only_the_kinds_asked_for(access: DirectAccess, ids: dict[str, int]):
    assert names(access, "a", COMPANY) == ["Acme Ångström", "Beta"]
    assert names(access, "angs", CONTACT) == ["Ånge Ström", "Anna Ek"]  # of the company
    assert suggest_entities(access, "acme", (COMPANY,)) == (
        Suggestion(COMPANY, ids["acme"], "Acme Ångström", "acme.example · 2 people"),
    )
    assert suggest_entities(access, "anna", ()) == ()


def test_nothing_typed_suggests_the_closest(access: DirectAccess, ids: dict[str, int]):
    assert names(access, " ", limit=3) == ["Bo Anke-Ek", "anna  EK", "Me Myself"]
    assert names(access, "", COMPANY) == ["Acme Ångström", "Beta"]


def test_a_limit_and_odd_texts(access: DirectAccess, ids: dict[str, int]):
    assert len(names(access, "an", limit=2)) == 2
    assert names(access, "?!") == []
    assert names(access, '"') == []
    assert names(access, "a\0nna\udc80") == []
    assert names(access, "zzz") == []


def test_it_can_be_stopped(access: DirectAccess, ids: dict[str, int]):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        suggest_entities(access, "an", token=token)


def test_without_a_self_person_names_decide(access: DirectAccess, ids: dict[str, int]):
    access.write(
        lambda store: store.connection.exec_driver_sql(
            "DELETE FROM system_settings WHERE key = 'self_person_id'"
        )
    )
    assert names(access, "", limit=2) == ["Anna Ek", "Bo Anke-Ek"]


def test_finding_exactly_one(access: DirectAccess, ids: dict[str, int]):
    assert find_entity(access, CONTACT, f" {ids['ek']} ") == ids["ek"]
    assert find_entity(access, CONTACT, "BO@example.org") == ids["ek"]
    assert find_entity(access, CONTACT, "ÅNGE  ström") == ids["ångs"]
    assert find_entity(access, CONTACT, "Anna Ek") in (ids["anna"], ids["twin"])  # one person
    assert find_entity(access, COMPANY, "ACME.example") == ids["acme"]
    assert find_entity(access, COMPANY, "acme a\u030angström") == ids["acme"]
    assert find_entity(access, COMPANY, str(ids["acme"])) == ids["acme"]


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (CONTACT, "Ek", "There is nobody with the id"),
        (CONTACT, "99", "There is nobody with the id"),
        (CONTACT, "٣", "There is nobody with the id"),
        (CONTACT, "no@where.example", "Nobody here has the address “no@where.example”"),
        (COMPANY, "Acme", "There is no company with the id"),
        (COMPANY, "\udc80", "There is no company"),
    ],
)
def test_who_cannot_be_found(
    access: DirectAccess, ids: dict[str, int], kind: EntityKind, text: str, words: str
):
    with pytest.raises(InvalidInput, match=words):
        find_entity(access, kind, text)
