"""The cards of contacts and companies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crm_desktop.base.errors import UserError
from crm_desktop.domain.contacts import ContactKind, IdentifierKind
from crm_desktop.domain.relationships import EntityKind
from crm_desktop.services.cards import (
    MAX_LINES,
    company_card,
    contact_card,
    known_tags,
    monthly_counts,
    related_lines,
)
from tests.life import DAY_S, NOW, Life

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import DirectAccess


def seconds(*date: int) -> int:
    return int(datetime(*date, tzinfo=UTC).timestamp())


def test_a_full_card(access: DirectAccess, frozen_now: str) -> None:
    ids: dict[str, int] = {}

    def write(store: UnitOfWork) -> None:
        life = Life(store)
        ids["acme"] = acme = life.company("Acme Ltd", "acme.org")
        ids["me"] = me = life.contact("Me")
        ids["bob"] = bob = life.contact(
            "Bob",
            "bob@acme.org",
            "Bob@Home.example",
            company=acme,
            title="Engineer",
            notes="Likes tea",
            tags=("work", "Climbing"),
            phone="+49301234",
        )
        carol = life.contact("Carol")
        robot = life.contact("Robot", kind="bot")
        tea = life.conversation("Tea")
        life.message(tea, bob, me, carol, robot, at=NOW - 40 * DAY_S, preview="Tea at four?")
        life.message(tea, bob, me, carol, at=NOW - DAY_S, preview="Or at five?")
        life.message(tea, me, bob, at=NOW, preview="")
        undated = life.conversation("Undated")
        life.message(undated, bob, me, at=None, preview="When?")
        life.message(undated, bob, me, at=NOW - DAY_S, preview="junk", is_active=False)
        life.relationship("rt-employee", acme, bob)
        ids["knows"] = life.relationship("rt-knows", me, bob, "inferred", 0.4)
        life.relationship("rt-knows", bob, carol, "inferred", 0.9)
        life.relationship("rt-reports-to", bob, carol)
        life.score(me, bob, 61.5)
        store.settings.set("self_person_id", str(me))

    access.write(write)
    card = contact_card(access, ids["bob"])
    assert (card.id, card.name, card.kind) == (ids["bob"], "Bob", ContactKind.PERSON)
    assert (card.company_id, card.organization, card.title) == (ids["acme"], "Acme Ltd", "Engineer")
    assert [(i.kind, i.value, i.raw, i.is_primary) for i in card.identifiers] == [
        (IdentifierKind.EMAIL, "bob@acme.org", "bob@acme.org", True),
        (IdentifierKind.EMAIL, "bob@home.example", "Bob@Home.example", False),
        (IdentifierKind.PHONE, "+49301234", "+49301234", False),
    ]
    assert card.tags == ("Climbing", "work")
    assert card.notes == "Likes tea"
    assert not card.is_self
    assert [(line.label, line.name, line.entity_type) for line in card.relationships] == [
        ("Works at", "Acme Ltd", EntityKind.COMPANY),
        ("Has direct report", "Carol", EntityKind.CONTACT),
        ("Knows", "Carol", EntityKind.CONTACT),
        ("Knows", "Me", EntityKind.CONTACT),
    ]
    assert card.relationships[3].relationship_id == ids["knows"]
    assert [line.strength for line in card.relationships] == [None, None, 0.9, 0.4]
    assert card.relationship_count == 4
    assert [(c.subject, c.preview, c.message_count) for c in card.conversations] == [
        ("Tea", "Or at five?", 3),
        ("Undated", "When?", 2),
    ]
    assert card.conversations[0].participants == ("Bob", "Me", "Carol", "Robot")
    assert card.message_count == 4
    assert (card.first_message_at, card.last_message_at) == (NOW - 40 * DAY_S, NOW)
    assert len(card.monthly) == 36
    assert card.monthly[-3:] == (1, 1, 1)  # 22 March, 30 April, 1 May
    assert card.features is not None
    assert card.features.messages_30d == 2
    assert card.breakdown is not None
    assert card.decay_bucket == 0


def test_the_label_depends_on_the_side(access: DirectAccess) -> None:
    def write(store: UnitOfWork) -> tuple[int, int, int]:
        life = Life(store)
        acme = life.company("Acme")
        ada, bob = life.contact("Ada"), life.contact("Bob")
        life.relationship("rt-employee", acme, bob)
        life.relationship("rt-reports-to", ada, bob)
        return acme, ada, bob

    acme, ada, bob = access.write(write)
    assert [line.label for line in company_card(access, acme).relationships] == ["Employs"]
    assert [line.label for line in contact_card(access, ada).relationships] == ["Has direct report"]
    assert [line.label for line in contact_card(access, bob).relationships] == [
        "Works at",
        "Reports to",
    ]


def test_many_relationships_are_counted_but_not_all_listed(access: DirectAccess) -> None:
    def write(store: UnitOfWork) -> int:
        life = Life(store)
        ada = life.contact("Ada")
        for number in range(MAX_LINES + 5):
            other = life.contact(f"Friend {number}")
            life.relationship("rt-knows", ada, other, "inferred", number / 1000)
        life.relationship("rt-knows", ada, 9_999, "inferred", 1.0)  # an end that is gone
        return ada

    card = contact_card(access, access.write(write))
    assert len(card.relationships) == MAX_LINES
    assert card.relationship_count == MAX_LINES + 5
    assert card.relationships[0].name == f"Friend {MAX_LINES + 4}"


def test_a_card_of_someone_never_written_to(access: DirectAccess) -> None:
    ada = access.write(lambda store: Life(store).contact("Ada"))
    card = contact_card(access, ada)
    assert card.monthly == (0,) * 36
    assert card.conversations == ()
    assert (card.message_count, card.first_message_at, card.last_message_at) == (0, None, None)
    assert (card.features, card.breakdown, card.decay_bucket) == (None, None, None)


def test_own_card_has_no_measures(access: DirectAccess) -> None:
    def write(store: UnitOfWork) -> int:
        me = Life(store).contact("Me")
        store.settings.set("self_person_id", str(me))
        return me

    card = contact_card(access, access.write(write))
    assert card.is_self
    assert card.features is None


def test_wrong_dates_in_the_future_do_not_lead(access: DirectAccess, frozen_now: str) -> None:
    def write(store: UnitOfWork) -> int:
        life = Life(store)
        ada = life.contact("Ada")
        life.message(life.conversation("2044"), ada, at=seconds(2044, 1, 1))
        for number in range(9):
            life.message(life.conversation(f"Talk {number}"), ada, at=NOW - number)
        return ada

    card = contact_card(access, access.write(write))
    assert card.last_message_at == NOW
    assert card.monthly[-1] == 10
    assert card.conversations[0].subject == "Talk 0"
    assert len(card.conversations) == 8


def test_a_card_of_someone_gone(access: DirectAccess) -> None:
    with pytest.raises(UserError, match="contact is no longer there"):
        contact_card(access, 1)
    with pytest.raises(UserError, match="company is no longer there"):
        company_card(access, 1)


def test_company_card_lists_its_people_best_first(access: DirectAccess) -> None:
    def write(store: UnitOfWork) -> int:
        life = Life(store)
        acme = life.company("Acme", "acme.org")
        me = life.contact("Me")
        life.contact("Zoe", company=acme, title="Chief")
        bob = life.contact("Bob", company=acme)
        carol = life.contact("Carol", company=acme)
        life.contact("Sales", company=acme, kind="role")
        life.score(me, bob, 20.0)
        life.score(me, carol, 70.0)
        store.settings.set("self_person_id", str(me))
        return acme

    card = company_card(access, access.write(write))
    assert (card.name, card.domain) == ("Acme", "acme.org")
    assert [(name, title) for _, name, title in card.people] == [
        ("Carol", None),
        ("Bob", None),
        ("Zoe", "Chief"),
    ]


def test_months_end_with_the_current_one() -> None:
    now = seconds(2026, 1, 15)
    times = [
        seconds(2026, 1, 1),
        seconds(2025, 12, 31, 23, 59, 59),
        seconds(2023, 2, 1),
        seconds(2023, 1, 31, 23, 59, 59),  # one month too old
    ]
    counts = monthly_counts(times, now)
    assert len(counts) == 36
    assert (counts[0], counts[-2], counts[-1], sum(counts)) == (1, 1, 1, 3)


def test_the_card_of_an_alias_lists_the_relationships_of_the_person(access: DirectAccess) -> None:
    ids: dict[str, int] = {}

    def write(store: UnitOfWork) -> None:
        life = Life(store)
        ids["ada"] = ada = life.contact("Ada Lovelace")
        ids["ben"] = ben = life.contact("Ben")
        ids["alias"] = life.contact("ada lovelace", "ada@second.example")
        life.relationship("rt-knows", ada, ben, "inferred", 0.4)
        life.relationship("rt-reports-to", ada, ben)

    access.write(write)
    card = contact_card(access, ids["alias"])
    assert [(line.label, line.name) for line in card.relationships] == [
        ("Has direct report", "Ben"),
        ("Knows", "Ben"),
    ]
    assert card.relationship_count == 2
    assert card.relationships == contact_card(access, ids["ada"]).relationships
    assert related_lines(access, ids["alias"], limit=1) == card.relationships[:1]
    assert [line.label for line in contact_card(access, ids["ben"]).relationships] == [
        "Reports to",
        "Knows",
    ]


def test_who_counts_or_might_count_as_the_same_person(access: DirectAccess) -> None:
    ids: dict[str, int] = {}

    def write(store: UnitOfWork) -> None:
        life = Life(store)
        ids["ada"] = ada = life.contact("Ada King", "ada@north.example")
        ids["twin"] = life.contact("ada  king", "ada@south.example")
        ids["other"] = other = life.contact("Ada King", "ada@east.example")
        ids["maiden"] = maiden = life.contact("Ada Byron", "byron@example.org")
        life.contact("Ada Kingsley")
        life.contact("Ada King", kind="list")
        for low, high, decision in ((ada, other, "different"), (ada, maiden, "same")):
            store.connection.exec_driver_sql(
                "INSERT INTO identity_decisions VALUES (?, ?, ?, 0)", (low, high, decision)
            )

    access.write(write)
    found = {n.contact_id: n for n in contact_card(access, ids["ada"]).namesakes}
    assert set(found) == {ids["twin"], ids["other"], ids["maiden"]}
    twin, other = found[ids["twin"]], found[ids["other"]]
    assert (twin.is_same, twin.decision, twin.detail) == (True, None, "ada@south.example")
    assert (other.is_same, other.decision) == (False, "different")
    assert found[ids["maiden"]].decision == "same"


def test_tags_in_use_the_most_used_first(access: DirectAccess) -> None:
    def write(store: UnitOfWork) -> None:
        life = Life(store)
        life.contact("A", tags=("work", "choir"))
        life.contact("B", tags=("work", "Alps"))

    access.write(write)
    assert known_tags(access) == ("work", "Alps", "choir")


def test_the_types_of_relationships_and_their_ends_are_on_the_card(access: DirectAccess) -> None:
    def write(store: UnitOfWork) -> int:
        life = Life(store)
        acme, bob = life.company("Acme", notes="Pays late"), life.contact("Bob")
        employed = life.relationship("rt-employee", acme, bob)
        store.connection.exec_driver_sql(
            "UPDATE relationships SET ended_on = '2019-05' WHERE id = ?", (employed,)
        )
        return acme

    card = company_card(access, access.write(write))
    (line,) = card.relationships
    assert (line.relationship_type_id, line.color_index, line.ended_on) == (
        "rt-employee",
        1,
        "2019-05",
    )
    assert card.notes == "Pays late"


def test_what_editing_needs_to_know(access: DirectAccess) -> None:
    def write(store: UnitOfWork) -> int:
        life = Life(store)
        ada = life.contact("Ada", "ada@north.example", "ada@home.example", tags=("work", "Alps"))
        life.message(life.conversation("Golf"), ada, life.contact("Bob"), at=NOW)
        store.connection.exec_driver_sql(
            "UPDATE contact_tags SET source = 'imported' WHERE tag = 'Alps'"
        )
        return ada

    card = contact_card(access, access.write(write), now=NOW)
    assert [(i.value, i.is_used) for i in card.identifiers] == [
        ("ada@north.example", True),
        ("ada@home.example", False),
    ]
    assert all(i.id for i in card.identifiers)
    assert (card.tags, card.imported_tags) == (("Alps", "work"), {"Alps"})
