"""The sample life: a plausible shape, nothing real in it, and the same again for the same seed."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from itertools import chain

import pytest

from crm_desktop.base.clock import DAY_S
from crm_desktop.base.errors import Cancelled
from crm_desktop.domain.addresses import address_kind
from crm_desktop.domain.companies import company_name_from_domain
from crm_desktop.domain.contacts import ContactKind, name_key
from crm_desktop.domain.messages import Draft, Mailbox, MessageKind
from crm_desktop.services import demo_bonds
from crm_desktop.services.demo_life import SampleLife, sample_life
from crm_desktop.services.demo_people import (
    CIRCLES,
    SELF_CURRENT,
    SELF_FORMER,
    SELF_NAME,
    SELF_PRIVATE,
    cast,
    company_name,
)
from crm_desktop.services.demo_topics import SLOTS, draw_words, fill, topics

NOW = int(datetime(2026, 5, 1, 9, tzinfo=UTC).timestamp())
OWN = {SELF_CURRENT, SELF_PRIVATE, SELF_FORMER}


@pytest.fixture(scope="module")
def life() -> SampleLife:
    return sample_life(7, NOW)


def mailboxes(draft: Draft) -> list[Mailbox]:
    sender = [draft.sender] if draft.sender else []
    return [*sender, *draft.recipients, *draft.cc, *draft.participants]


def test_the_same_seed_and_time_give_the_same_life(life: SampleLife) -> None:
    assert sample_life(7, NOW) == life


def test_another_seed_gives_another_life(life: SampleLife) -> None:
    assert sample_life(8, NOW).messages != life.messages


@pytest.mark.parametrize("now", ["2026-07-19T04:00", "2027-12-31T23:59", "2028-02-29T12:00"])
def test_it_can_be_lived_at_any_time(now: str) -> None:
    at = int(datetime.fromisoformat(now).replace(tzinfo=UTC).timestamp())
    life = sample_life(3, at)
    written = {mailbox.address for draft in life.messages for mailbox in mailboxes(draft)}
    assert {person.email for person in life.people} <= written
    assert max(draft.sent_at or 0 for draft in life.messages) <= at


class TestShape:
    def test_counts(self, life: SampleLife) -> None:
        kinds = Counter((draft.source_type, draft.kind) for draft in life.messages)
        assert 140 <= len(life.people) <= 160
        assert 7_000 <= len(life.messages) <= 9_500
        assert kinds["chat", MessageKind.PERSONAL] > 2_000
        assert kinds["email", MessageKind.PERSONAL] > 2_500
        assert 200 <= kinds["meeting", MessageKind.PERSONAL] <= 400
        assert kinds["email", MessageKind.BULK] > 200
        assert kinds["email", MessageKind.LIST] > 20
        assert 90 <= len(life.cards) <= 130

    def test_circles_and_those_who_bridge_them(self, life: SampleLife) -> None:
        members = Counter(circle for person in life.people for circle in person.circles)
        assert set(members) == set(CIRCLES)
        assert all(members[circle] >= 4 for circle in CIRCLES)
        assert sum(len(person.circles) > 1 for person in life.people) >= 20

    def test_companies(self, life: SampleLife) -> None:
        companies = {person.company for person in life.people if person.company}
        assert 22 <= len(companies) <= 30
        # Cards and domains must speak of one and the same company.
        for label in companies:
            assert company_name_from_domain(f"{label}.example") == company_name(label)

    def test_names_of_many_kinds(self, life: SampleLife) -> None:
        names = [person.name for person in life.people]
        assert len(set(map(name_key, names))) == len(names)
        assert max(map(len, names)) > 60
        assert any(" " not in name and name.isascii() for name in names)
        for scripts in ("[äöüßåæø]", "[\u0600-\u06ff]", "[\u4e00-\u9fff]", "[\u0400-\u04ff]"):
            assert any(re.search(scripts, name) for name in names), scripts

    def test_three_years_that_end_now(self, life: SampleLife) -> None:
        times = [draft.sent_at or 0 for draft in life.messages]
        assert times == sorted(times)
        assert times[-1] <= NOW
        assert NOW - times[-1] < 2 * DAY_S
        assert 1_070 * DAY_S < NOW - times[0] < 1_100 * DAY_S

    def test_work_rests_at_weekends(self, life: SampleLife) -> None:
        work = [draft for draft in life.messages if draft.sender and draft.kind == "personal"]
        work = [d for d in work if d.sender and d.sender.address == SELF_CURRENT]
        weekend = sum(datetime.fromtimestamp(d.sent_at or 0, UTC).weekday() >= 5 for d in work)
        assert weekend < 0.08 * len(work)

    def test_some_letters_wait_for_an_answer(self, life: SampleLife) -> None:
        referred = set(chain.from_iterable(draft.references for draft in life.messages))
        lately = [
            draft
            for draft in life.messages
            if draft.source_type == "email"
            and draft.kind is MessageKind.PERSONAL
            and NOW - (draft.sent_at or 0) < 14 * DAY_S
            and not draft.references
            and draft.external_id not in referred
        ]
        assert any(draft.sender and draft.sender.address in OWN for draft in lately)
        assert any(draft.sender and draft.sender.address not in OWN for draft in lately)

    def test_answers_follow_what_they_answer(self, life: SampleLife) -> None:
        sent = {draft.external_id: draft.sent_at or 0 for draft in life.messages}
        assert len(sent) == len(life.messages)
        for draft in life.messages:
            assert all(sent[name] < (draft.sent_at or 0) for name in draft.references)

    def test_birthdays_whole_and_partial(self, life: SampleLife) -> None:
        birthdays = [card.birthday for card in life.cards if card.birthday]
        assert len(birthdays) > 15
        assert any(birthday.year is None for birthday in birthdays)


class TestNothingReal:
    def test_every_address_is_an_example(self, life: SampleLife) -> None:
        used = {mailbox.address for draft in life.messages for mailbox in mailboxes(draft)}
        used |= {email for card in life.cards for email in card.emails}
        used |= {draft.list_address for draft in life.messages if draft.list_address}
        assert all(re.fullmatch(r"[a-z0-9._-]+@[a-z0-9.-]+\.example", email) for email in used)
        identifiers = {draft.external_id.rpartition("@")[2] for draft in life.messages}
        assert all(domain.endswith(".example") for domain in identifiers)

    def test_every_number_is_kept_for_fiction(self, life: SampleLife) -> None:
        numbers = [phone for card in life.cards for phone in card.phones]
        assert len(numbers) == len(set(numbers)) > 60
        fiction = re.compile(r"\+46 (?:70 174 06 (?!0[0-4])\d\d|40 628 04 \d\d)")
        assert all(fiction.fullmatch(number) for number in numbers)

    def test_no_text_names_another_domain(self, life: SampleLife) -> None:
        for draft in life.messages:
            text = f"{draft.subject} {draft.preview}"
            assert not re.search(r"https?:|www\.|\.(?:com|org|net|io)\b", text), text
            assert "{" not in text
            assert draft.subject
            assert draft.preview

    def test_people_look_like_people_and_machines_like_machines(self, life: SampleLife) -> None:
        for person in life.people:
            assert address_kind(person.email, person.name) is ContactKind.PERSON
        machines = {d.sender for d in life.messages if d.kind is MessageKind.BULK and d.sender}
        assert len(machines) >= 5


class TestBonds:
    def test_every_end_is_known(self, life: SampleLife) -> None:
        names = {person.name for person in life.people} | {demo_bonds.SELF}
        names |= {company_name(person.company) for person in life.people if person.company}
        for bond in demo_bonds.bonds():
            assert {bond.from_name, bond.to_name} <= names, bond
        assert {bond.type_id for bond in life.bonds} == {
            *("rt-knows", "rt-employee", "rt-reports-to", "rt-works-with", "rt-partner"),
            *("rt-vendor", "rt-mentor", "rt-family"),
        }
        ends = [(bond.type_id, frozenset((bond.from_key, bond.to_key))) for bond in life.bonds]
        assert len(set(ends)) == len(ends)

    def test_they_are_described_rated_and_dated(self, life: SampleLife) -> None:
        assert all(bond.description for bond in life.bonds)
        assert sum(len(bond.notes) for bond in life.bonds) >= 15
        assert all(at <= NOW for bond in life.bonds for at, _ in bond.notes)
        assert all((bond.started_on or "") < "2026-05-02" for bond in life.bonds)
        assert any("mentor from college" in bond.description for bond in life.bonds)

    def test_tips_and_cadences_name_people_of_this_life(self, life: SampleLife) -> None:
        known = {person.email for person in life.people}
        assert len(life.tips) >= 5
        assert {tip.email for tip in life.tips} <= known
        assert {email for email, _ in life.cadences} <= known


def test_every_topic_has_something_to_say() -> None:
    from random import Random

    for circle, found in topics().items():
        assert len(found) >= 4, circle
        for topic in found:
            assert topic.subjects
            assert topic.answers
            assert topic.closers
            assert topic.openers or topic.is_directed
            for text in (*topic.subjects, *topic.openers, *topic.answers, *topic.closers):
                assert "{" not in fill(text, draw_words(Random(1)))
    assert all(len(words) >= 4 for words in SLOTS.values())


def test_the_cast_is_fixed() -> None:
    assert cast() == cast()
    assert all(person.name != SELF_NAME for person in cast())


def test_it_can_be_stopped() -> None:
    def stop(done: int, _total: int) -> None:
        if done > 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        sample_life(7, NOW, stop)
