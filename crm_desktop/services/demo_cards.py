"""The address book of the sample life."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import NAMESPACE_OID, uuid5

from crm_desktop.domain.contacts import CardDraft, PartialDate
from crm_desktop.services.demo_messages import FORMER_ADDRESSES
from crm_desktop.services.demo_people import (
    CURRENT,
    SELF_CURRENT,
    SELF_FORMER,
    SELF_NAME,
    SELF_PRIVATE,
    Person,
    company_name,
)

# Numbers that the Swedish regulator keeps for fiction: they ring nowhere.
_MOBILE = "+46 70 174 06 {:02d}"
_DESK = "+46 40 628 04 {:02d}"
_MOBILES = range(5, 100)
_DESKS = range(0, 100)

_CARD_PACE = 1.8
_OTHER_CARDS = 0.4
_TAGS = {
    "current": "Team",
    "former": "Halyard",
    "university": "University",
    "family": "Family",
    "climbing": "Climbing",
    "neighbours": "Neighbours",
    "clients": "Client",
    "vendors": "Supplier",
    "board": "Open Harbour",
    "mentors": "Mentor",
    "conference": "Maps",
}
_SOON = {"Leila Farahani": (6, 1990), "Karin Lindqvist": (11, 1956)}
"""Days until the next birthday, and the year of birth."""
_FULL_BIRTHDAYS = ("family", "university")
_NOTES = {
    "Elias Nyström": "Coffee black, tea never. Allergic to kiwi.",
    "Maja Ekholt": "Studio on the third floor, the bell does not work, whistle.",
    "Leila Farahani": "Plays second violin on Wednesdays; do not call before nine.",
    "Jonas Brandvold": "Drinks far too much coffee after four. Daughter Tyra starts school soon.",
    "Amara Okonkwo": "Prefers one page. Runs before breakfast.",
    "Torbjørn Haugerud": "Knows every ferry by the sound of its horn.",
    "Beate Lindgaarden": "Harbour office opens at six. Strong opinions about fonts.",
    "Eleanor Ashdown": "Showed me the 1771 chart with the sea monster in the margin.",
    "Lars-Göran Tengvaller": "Met him in the wood workshop in my first year. Writes by hand.",
    "Sofie Rasmussen-Holt": "Taught me to begin critique with what works.",
    "Ruth Abernethy-Cole": "Numbers first, story second, weather last.",
    "Kofi Mensah-Lartey": "Vegetarian except for his grandmother's soup.",
    "Signe Thorvaldsen": "Can name any stone. Bring a stone.",
    "Emil Lindqvist": "Up at three, asleep at eight. Never call in the afternoon.",
    "Astrid Lindqvist": "Likes real letters and the good chocolate.",
    "Helena Castellanos-Ruiz": "Chair since the boathouse fire. Thanks people by name.",
    "Margareta Sjögrund": "Has the keys to everything.",
    "Kerstin Abelsson": "Collects misprinted maps.",
    "Hannah Whitcombe": "We still owe each other a lunch by the river.",
    "田中美咲": "Indigo workshop near the coast; visit in autumn.",
}
_RELATED = {
    "Elias Nyström": (("partner", SELF_NAME), ("sister", "Ellen Nyström")),
    "Karin Lindqvist": (("child", SELF_NAME),),
    "Anders Lindqvist": (("spouse", "Karin Lindqvist"),),
    "Emil Lindqvist": (("spouse", "Sara Lindqvist"), ("sister", SELF_NAME)),
}


def cards(random: Random, people: Sequence[Person], now: int) -> tuple[CardDraft, ...]:
    """The cards, the sample person's own first, then close people and some of the others."""
    mobiles, desks = iter(_MOBILES), iter(_DESKS)
    found = [_own_card(next(mobiles))]
    for person in people:
        is_kept = person.pace >= _CARD_PACE or person.name in _NOTES
        if not is_kept and random.random() >= _OTHER_CARDS:
            continue
        phones = []
        if (mobile := next(mobiles, None)) is not None and random.random() < 0.85:
            phones.append(_MOBILE.format(mobile))
        if person.company and (desk := next(desks, None)) is not None and random.random() < 0.5:
            phones.append(_DESK.format(desk))
        found.append(
            CardDraft(
                uid=str(uuid5(NAMESPACE_OID, person.email)),
                name=person.name,
                next_offset=0,
                given_name=person.given,
                family_name=person.family,
                organization=company_name(person.company) if person.company else "",
                title=person.title,
                emails=tuple(filter(None, (person.email, FORMER_ADDRESSES.get(person.email)))),
                phones=tuple(phones),
                birthday=_birthday(random, person, now),
                notes=_NOTES.get(person.name, ""),
                categories=tuple(_TAGS[circle] for circle in person.circles),
                related=_RELATED.get(person.name, ()),
            )
        )
    return tuple(found)


def _own_card(mobile: int) -> CardDraft:
    return CardDraft(
        uid=str(uuid5(NAMESPACE_OID, SELF_CURRENT)),
        name=SELF_NAME,
        next_offset=0,
        given_name="Nora",
        family_name="Lindqvist",
        organization=company_name(CURRENT),
        title="Co-founder and head of product",
        emails=(SELF_CURRENT, SELF_PRIVATE, SELF_FORMER),
        phones=(_MOBILE.format(mobile),),
        birthday=PartialDate(1990, 2, 28),
    )


def _birthday(random: Random, person: Person, now: int) -> PartialDate | None:
    day = date(2001, 1, 1) + timedelta(days=random.randrange(365))
    year = random.randint(1958, 2001)
    chance = random.random()
    if person.name in _SOON:
        days, year = _SOON[person.name]
        soon = datetime.fromtimestamp(now, UTC).date() + timedelta(days=days)
        return PartialDate(year, soon.month, soon.day)
    if person.circles[0] in _FULL_BIRTHDAYS and chance < 0.85:
        return PartialDate(year if chance < 0.55 else None, day.month, day.day)
    if chance < 0.12:
        return PartialDate(None, day.month, day.day)
    return None
