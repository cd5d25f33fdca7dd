"""A believable life to play with: one person, the people around her, and three years of letters.

Everything is invented and follows from the seed and the time alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from crm_desktop.base.clock import DAY_S
from crm_desktop.domain.contacts import CardDraft
from crm_desktop.domain.messages import Draft
from crm_desktop.services import demo_bonds, demo_cards, demo_occasions
from crm_desktop.services import demo_rhythm as rhythm
from crm_desktop.services.demo_bonds import SELF
from crm_desktop.services.demo_messages import (
    CLOSE_PACE,
    PACE_SCALE,
    WORKING,
    Setting,
    Storyteller,
    active,
    company_colleagues,
    own_address,
    setting_of,
    weeks,
)
from crm_desktop.services.demo_people import (
    MOVED_MONTHS_AGO,
    SELF_CURRENT,
    Person,
    cast,
    company_name,
)
from crm_desktop.services.demo_rhythm import MONTH_S, poisson


@dataclass(frozen=True, slots=True)
class Circle:
    """How a circle talks among itself: group threads a month and how many take part."""

    name: str
    pace: float
    smallest: int
    largest: int
    chat_share: float


GROUPS = (
    Circle("current", 2.6, 2, 5, 0.3),
    Circle("former", 4.0, 2, 6, 0.0),
    Circle("old_colleagues", 0.3, 3, 7, 0.0),
    Circle("university", 1.5, 2, 5, 0.5),
    Circle("family", 2.0, 2, 6, 0.4),
    Circle("climbing", 2.2, 3, 7, 0.6),
    Circle("neighbours", 1.3, 3, 8, 0.2),
    Circle("board", 1.4, 3, 7, 0.0),
    Circle("conference", 0.5, 3, 5, 0.0),
)
"""The circles within which people also come to know one another."""


@dataclass(frozen=True, slots=True)
class SampleBond:
    """A relationship ready to store. Ends are mail addresses of people or names of companies.

    `notes` are (epoch seconds, text). `started_on` is a year and month in ISO 8601, or None.
    """

    type_id: str
    from_key: str
    to_key: str
    description: str
    attitude: int | None = None
    proximity: int | None = None
    started_on: str | None = None
    notes: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SampleTip:
    """An open tip about a person: kind, mail address, reason and what speaks for it."""

    kind: str
    email: str
    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class SampleLife:
    """Everything that the sample database is made of. `messages` run from oldest to newest."""

    self_email: str
    people: tuple[Person, ...]
    cards: tuple[CardDraft, ...]
    messages: tuple[Draft, ...]
    bonds: tuple[SampleBond, ...]
    cadences: tuple[tuple[str, int], ...]  # mail address, days
    tips: tuple[SampleTip, ...]


def sample_life(
    seed: int, now: int, tick: Callable[[int, int], None] = lambda _done, _total: None
) -> SampleLife:
    """The life that ends at `now` (epoch seconds UTC); equal for equal seed and time.

    `tick(done, total)` is called every week of the life and may raise to stop.
    """
    people = cast()
    random = Random(f"sample life {seed}")
    story = Storyteller(random, now)
    for index, (start, months_ago) in enumerate(weeks(now)):
        tick(index, rhythm.WEEKS)
        _tell_week(story, random, people, start, months_ago, now)
    demo_occasions.tell(story, random, people, now)
    _meet_everyone(story, random, people, now)
    messages = [draft for draft in story.drafts if (draft.sent_at or 0) <= now]
    messages.sort(key=lambda draft: (draft.sent_at or 0, draft.external_id))
    return SampleLife(
        self_email=SELF_CURRENT,
        people=people,
        cards=demo_cards.cards(Random(f"cards {seed}"), people, now),
        messages=tuple(messages),
        bonds=_bonds(people, now),
        cadences=tuple(
            (_by_name(people)[name], days) for name, days in demo_bonds.cadences().items()
        ),
        tips=tuple(
            SampleTip(kind, _by_name(people)[name], reason, evidence)
            for kind, name, reason, evidence in demo_bonds.tips()
        ),
    )


def _tell_week(
    story: Storyteller,
    random: Random,
    people: Sequence[Person],
    start: int,
    months_ago: float,
    now: int,
) -> None:
    kept = rhythm.kept(months_ago)
    for person in people:
        strength = rhythm.intensity(person, months_ago) * kept
        if not strength:
            continue
        is_client = person.circles[0] == "clients"
        if is_client:
            strength *= rhythm.project_tide(person.company, months_ago)
        is_work = person.circles[0] in WORKING
        mean = person.pace * PACE_SCALE * strength * rhythm.season(start, is_work=is_work)
        # Close people write every week; of the others one hears now and then.
        draw = rhythm.steady_count if person.pace >= CLOSE_PACE else poisson
        for _ in range(draw(random, mean * rhythm.WEEK_S / MONTH_S)):
            setting = setting_of(random, person, months_ago)
            if setting is None:
                continue
            others = [person]
            if not setting.is_chat:
                others += _copied(random, people, person, setting, months_ago)
            _tell(story, random, start, setting, others, now)
    for circle in GROUPS:
        _tell_groups(story, random, people, circle, start, months_ago, now)


def _meet_everyone(story: Storyteller, random: Random, people: Sequence[Person], now: int) -> None:
    """One thread with each of those whom chance has left out."""
    met = {
        mailbox.address
        for draft in story.drafts
        for mailbox in (draft.sender, *draft.recipients, *draft.cc, *draft.participants)
        if mailbox is not None and (draft.sent_at or 0) <= now
    }
    for person in people:
        if person.email not in met:
            months_ago = max(person.arc.end, min(person.arc.begin / 2, 12.0))
            setting = setting_of(random, person, months_ago)
            if setting is not None:
                story.thread(now - int(months_ago * MONTH_S) - DAY_S, setting, [person])


def _copied(
    random: Random,
    people: Sequence[Person],
    person: Person,
    setting: Setting,
    months_ago: float,
) -> list[Person]:
    """Who else is in a mail: colleagues of a client, and now and then one of one's own."""
    if setting.circle == "current":
        return _some(random, active(people, "current", months_ago), person, 0.25)
    if setting.circle not in ("clients", "vendors", "mentors"):
        return []
    present = [
        other
        for other in company_colleagues(people, person)
        if rhythm.intensity(other, months_ago) > 0.04
    ]
    copied = _some(random, present, person, 0.45)
    if months_ago < MOVED_MONTHS_AGO:
        copied += _some(random, active(people, "current", months_ago), person, 0.2)
    return copied[:2]


def _some(random: Random, people: Sequence[Person], without: Person, chance: float) -> list[Person]:
    others = [other for other in people if other.name != without.name]
    if not others or random.random() >= chance:
        return []
    return random.choices(others, [other.pace for other in others])


def _tell_groups(
    story: Storyteller,
    random: Random,
    people: Sequence[Person],
    circle: Circle,
    start: int,
    months_ago: float,
    now: int,
) -> None:
    is_before = months_ago > MOVED_MONTHS_AGO
    if (circle.name == "former" and not is_before) or (
        circle.name in ("current", "old_colleagues") and is_before
    ):
        return
    source = "former" if circle.name == "old_colleagues" else circle.name
    members = active(people, source, months_ago)
    if len(members) < circle.smallest:
        return
    is_work = circle.name in WORKING
    mean = circle.pace * rhythm.kept(months_ago) * rhythm.season(start, is_work=is_work)
    for _ in range(poisson(random, mean * rhythm.WEEK_S / MONTH_S)):
        size = random.randint(circle.smallest, min(circle.largest, len(members)))
        others = _draw(random, members, size)
        address = own_address(circle.name, months_ago)
        setting = Setting(circle.name, random.random() < circle.chat_share, address)
        _tell(story, random, start, setting, others, now)


def _draw(random: Random, members: Sequence[Person], size: int) -> list[Person]:
    """`size` different members, those who write more being there more often."""
    weighted = [(random.random() ** (1 / (member.pace + 1.5)), member) for member in members]
    weighted.sort(key=lambda pair: -pair[0])
    return [member for _, member in weighted[:size]]


def _tell(
    story: Storyteller,
    random: Random,
    start: int,
    setting: Setting,
    others: Sequence[Person],
    now: int,
) -> None:
    at = rhythm.moment(random, start, setting.hours)
    if at <= now:
        story.thread(at, setting, others, owner_speaks=random.random() < 0.85 or len(others) < 3)


def _by_name(people: Sequence[Person]) -> dict[str, str]:
    return {person.name: person.email for person in people} | {SELF: SELF_CURRENT}


def _bonds(people: Sequence[Person], now: int) -> tuple[SampleBond, ...]:
    keys = _by_name(people)
    entered = [
        SampleBond(
            type_id=bond.type_id,
            from_key=keys.get(bond.from_name, bond.from_name),
            to_key=keys.get(bond.to_name, bond.to_name),
            description=bond.description,
            attitude=bond.attitude,
            proximity=bond.proximity,
            started_on=_month(now, bond.began_months_ago),
            notes=tuple((now - days * DAY_S, text) for days, text in bond.notes),
        )
        for bond in demo_bonds.bonds()
    ]
    employed = [
        SampleBond(
            type_id="rt-employee",
            from_key=company_name(person.company),
            to_key=person.email,
            description=person.title,
            started_on=None
            if rhythm.never_begun(person.arc)
            else _month(now, int(person.arc.begin)),
        )
        for person in people
        if person.company and person.title
    ]
    return (*entered, *employed)


def _month(now: int, months_ago: int | None) -> str | None:
    if months_ago is None:
        return None
    return (datetime.fromtimestamp(now, UTC) - timedelta(seconds=months_ago * MONTH_S)).strftime(
        "%Y-%m"
    )
