"""When the people of the sample life write: arcs over the years, weeks, hours and waits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from crm_desktop.base.clock import DAY_S
from crm_desktop.services.demo_people import MOVED_MONTHS_AGO, Arc, Person

HOUR_S = 3_600
WEEK_S = 7 * DAY_S
MONTH_S = 2_629_800
WEEKS = 156
"""Three years of life."""
LOCAL_S = HOUR_S
"""The sample person's clock, one hour ahead of UTC all year."""

_COOLED_MONTHS, _COOLING_MONTHS = 0.7, 3.0
_WORK_HOURS = (8, 8, 9, 9, 9, 10, 10, 10, 11, 11, 13, 13, 14, 14, 14, 15, 15, 16, 16, 17, 18)
_OWN_HOURS = (7, 8, 12, 12, 17, 18, 18, 19, 19, 20, 20, 20, 21, 21, 22)


@dataclass(frozen=True, slots=True)
class Hours:
    """When one kind of message is written, in local time: weekday weights (Monday first), the
    hours to begin at, and the waking span in which answers are given."""

    weekdays: tuple[float, ...]
    starts: tuple[int, ...]
    awake: tuple[int, int]
    works_weekends: bool


WORK = Hours((1.1, 1.2, 1.15, 1.1, 0.8, 0.04, 0.06), _WORK_HOURS, (8, 18), False)
PRIVATE = Hours((0.8, 0.9, 0.9, 1.0, 1.1, 1.2, 1.3), _OWN_HOURS, (7, 23), True)


def intensity(person: Person, months_ago: float) -> float:
    """How much of the usual pace a contact has at that time, 0 before it begins and after its
    end."""
    arc = person.arc
    if not arc.end <= months_ago <= arc.begin:
        return 0.0
    return _SHAPE[arc.shape](person, months_ago)


def _steady(person: Person, months_ago: float) -> float:
    if "current" in person.circles and months_ago > MOVED_MONTHS_AGO:
        return 0.3
    return 1.0


def _rising(person: Person, months_ago: float) -> float:
    progress = (person.arc.begin - months_ago) / max(person.arc.begin, 1.0)
    return (0.25 + 0.75 * progress) * (1.5 if months_ago < 1.5 else 1.0)


def _fading(person: Person, months_ago: float) -> float:
    if "former" in person.circles:
        since = MOVED_MONTHS_AGO - months_ago
        return 1.0 if since <= 0 else 0.05 + 0.45 * math.exp(-since / 4)
    progress = (person.arc.begin - months_ago) / max(person.arc.begin - person.arc.end, 1.0)
    return max(0.08, 1.1 - 1.3 * progress)


def _cooling(_person: Person, months_ago: float) -> float:
    if months_ago < _COOLED_MONTHS:
        return 0.0
    return min(1.3, 1.3 * (months_ago - _COOLED_MONTHS) / _COOLING_MONTHS)


def _quarterly(person: Person, months_ago: float) -> float:
    phase = sum(map(ord, person.name))
    return 1.6 if (int(months_ago) + phase) % 3 == 0 else 0.2


_SHAPE = {
    "steady": _steady,
    "rising": _rising,
    "fading": _fading,
    "cooling": _cooling,
    "quarterly": _quarterly,
}


def season(at: int, *, is_work: bool) -> float:
    """How busy a time of the year is: work rests in July and around the turn of the year."""
    day = datetime.fromtimestamp(at, UTC)
    resting = day.month == 7 or (day.month, day.day) >= (12, 21) or (day.month, day.day) <= (1, 4)
    if is_work:
        return 0.3 if resting else 1.0
    return 1.2 if resting else 1.0


def project_tide(company: str, months_ago: float) -> float:
    """Projects come in waves, each company's at its own time."""
    phase = sum(map(ord, company)) % 50 / 10
    return 0.55 + 0.9 * max(0.0, math.sin((months_ago + phase) * 2 * math.pi / 5))


def kept(months_ago: float) -> float:
    """Which share of what was written then is still there: old telephones take chats with them."""
    return 0.22 + 0.83 * max(0.0, 1 - months_ago / 36)


def poisson(random: Random, mean: float) -> int:
    """A count with this mean (Knuth's method; for small means)."""
    limit, count, product = math.exp(-mean), 0, random.random()
    while product > limit:
        count += 1
        product *= random.random()
    return count


def steady_count(random: Random, mean: float) -> int:
    """A count with this mean that strays as little as whole numbers allow."""
    return int(mean + random.random())


def moment(random: Random, week_start: int, hours: Hours) -> int:
    """A time within the week that begins at `week_start` (a local Monday's midnight in UTC)."""
    day = random.choices(range(7), hours.weekdays)[0]
    hour = random.choice(hours.starts)
    return week_start + day * DAY_S + hour * HOUR_S + random.randrange(HOUR_S)


def answer_at(random: Random, at: int, hours: Hours, *, is_chat: bool) -> int:
    """When the answer to a message sent at `at` is written."""
    if is_chat:
        return at + 20 + int(min(random.expovariate(1 / 260), 5_000))
    wait = min(random.lognormvariate(math.log(2.3 * HOUR_S), 1.1), 6 * DAY_S)
    return _awake(random, at + 120 + int(wait), hours)


def _awake(random: Random, at: int, hours: Hours) -> int:
    """`at`, put off to the next morning or working day when nobody would be writing."""
    begin, end = hours.awake
    for _ in range(5):
        local = at + LOCAL_S
        hour = local % DAY_S / HOUR_S
        is_weekend = (local // DAY_S + 3) % 7 >= 5
        if hour >= end or (is_weekend and not hours.works_weekends):
            at += DAY_S - local % DAY_S + begin * HOUR_S + random.randrange(2 * HOUR_S)
        elif hour < begin:
            at += begin * HOUR_S - local % DAY_S + random.randrange(2 * HOUR_S)
        else:
            break
    return at


def first_monday(now: int) -> int:
    """Local midnight, in UTC seconds, of the Monday with which the sample life begins."""
    local_day = (now + LOCAL_S) // DAY_S
    monday = local_day - (local_day + 3) % 7
    return (monday - (WEEKS - 1) * 7) * DAY_S - LOCAL_S


def never_begun(arc: Arc) -> bool:
    """Whether the contact is older than the sample life, so that its beginning is not in it."""
    return arc.begin * MONTH_S >= WEEKS * WEEK_S
