"""What happens beside the threads of the sample life: meetings, newsletters, a list, loose ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from crm_desktop.base.clock import DAY_S
from crm_desktop.domain.messages import Mailbox
from crm_desktop.services import demo_rhythm as rhythm
from crm_desktop.services.demo_messages import (
    Setting,
    Storyteller,
    active,
    own_address,
    sender_of,
    weeks,
)
from crm_desktop.services.demo_people import (
    MOVED_MONTHS_AGO,
    SELF_CURRENT,
    SELF_PRIVATE,
    Person,
)
from crm_desktop.services.demo_rhythm import HOUR_S
from crm_desktop.services.demo_topics import draw_words, fill

LIST_ADDRESS = "chart-talk@lists.blue-heron-maps.example"


@dataclass(frozen=True, slots=True)
class Series:
    """A meeting that comes back every so many weeks, on a weekday (Monday 0) at an hour."""

    key: str
    subject: str
    agenda: tuple[str, ...]
    circle: str
    every_weeks: int
    weekday: int
    hour: int
    people: int  # how many of the circle take part; the most active first
    from_months_ago: float
    until_months_ago: float
    only: tuple[str, ...]  # names, instead of the most active


# key | subject | agendas | circle | every so many weeks | weekday | hour | people
#   | from-until in months ago | names, instead of the most active of the circle
_SERIES = """
product | Product review | What we shipped, what we learnt, {release} next. / Demo of {release};
  questions from {place}. | current | 1 | 0 | 10 | 7 | 22-0 |
founders | Founders' breakfast | No agenda, good bread. / Money, people, sleep.
  | current | 2 | 2 | 8 | 1 | 22-0 | Jonas Brandvold
oneonone | Amara / Nora | Three points each. / How do we decide when we are tired?
  | current | 2 | 3 | 14 | 1 | 12-0 | Amara Okonkwo
design | Design critique | Bring something unfinished. / The {part}, third try.
  | current | 2 | 1 | 13 | 4 | 13-0
  | Beatriz Carvalhal, Oskar Henningsen, Mei-Ling Zhou, Lucía Ferrer Ibáñez
advisers | Advisory circle | The ports, the price, {season}. | mentors | 13 | 3 | 16 | 6 | 21-0 |
board | Open Harbour Trust: board meeting | Minutes, money, {grant}. / {grant}; the open day.
  | board | 8 | 1 | 18 | 9 | 26-0 |
skerry | Skerry Lines: monthly check-in | {project}: numbers and next steps.
  | clients | 4 | 2 | 10 | 3 | 18-0 | Torbjørn Haugerud, Kristin Aasgaard, Lucía Ferrer Ibáñez
vindholm | Vindholm Harbour: map review | {project}: what the crew says.
  | clients | 4 | 3 | 9 | 3 | 10-0 | Beate Lindgaarden, Harald Tveitnes, Sven Åkerlund
museum | Exhibition planning | The map room, the labels, the opening.
  | clients | 3 | 4 | 10 | 3 | 15-3 | Eleanor Ashdown, Rupert Finchingfield, Beatriz Carvalhal
investors | Juniper Capital: quarterly | Numbers first. | mentors | 13 | 2 | 15 | 3 | 21-0
  | Ruth Abernethy-Cole, Chidi Nwosuagu, Amara Okonkwo, Jonas Brandvold
critique | Studio critique | Two projects, forty minutes each. / {old_project} on the wall.
  | former | 1 | 2 | 14 | 7 | 36-22 |
house | Annual meeting of the co-op | The roof, the laundry times, the lilac.
  | neighbours | 52 | 2 | 19 | 11 | 34-0 |
"""

# company | local part | name | weeks between | subjects | text
_MACHINES = """
sundial-press | newsletter | Sundial Press Weekly | 1 | Five books about the sea / The reading list
  for {season} / A map a day | This week: {book}, an interview, and a map you can fold.
cloudberry-hosting | no-reply | Cloudberry Hosting | 2 | Backup finished / Maintenance on {day}
  / Your monthly statement | All systems were calm. There is nothing for you to do.
brightwater-rail | tickets | Brightwater Rail tickets | 3 | Your ticket to {city} / Platform change
  on {day} / Your journey on {day} | Your seat is by the window, on the side of the water.
ropewalk-gym | notifications | Ropewalk Gym | 2 | New routes on the left wall / Opening hours
  in {season} | Fresh routes are up. {route} is back by popular demand.
tidewater-atlas | builds | Build robot | 1 | Build passed: {release} / Build failed: {release}
  | The full log is on the build server.
north-quay-hotels | offers | North Quay Hotels | 6 | Two nights for one in {season} / A room with
  a view | Breakfast with a view of the harbour, included.
"""

# subject | text
_POSTS = """
How do you draw fog? | We tried dots, hatching and honesty. Honesty wins, but how to draw it?
Legend or no legend | My students say nobody reads legends. I say nobody reads bad ones.
Old soundings, new units | Does anyone have a table for fathoms in local use before 1850?
Colour for low tide | I am looking for a grey that does not look dead. All ideas welcome.
Meet-up in {city} | A few of us are in {city} in {season}. Bring a map you are ashamed of.
Re: How do you draw fog? | We left the paper white. The printer called twice to ask.
"""

# days ago | who writes, ">" for the sample person | to or from whom | subject | text
_LOOSE_ENDS = """
3 | < | Ruth Abernethy-Cole | The quarter's numbers | Could you send me the quarter's numbers
  before the partners meet? One page is plenty.
4 | < | Beate Lindgaarden | A word at the open day? | The crew wonders whether you would say a few
  words at the open day. Would you?
6 | < | Kwabena Asante-Boadu | Two names for the panel | They need two names for the panel by
  the end of the week. Do you have a favourite?
9 | > | Kerstin Abelsson | Your misprints | Would you show your misprints at the next call?
  I promise they would be loved.
12 | > | Naledi Mokwena | Are you in town soon? | I heard you may be in town. Lunch by the
  river if you are?
2 | < | Margareta Sjögrund | The roof, once more | Would you look at the drawing of the roof?
  You see things that we do not.
"""

# Hours ago, with whom, in which circle: the week has hardly begun, but the closest have written
_LATELY = (
    (13, "Elias Nyström", "family"),
    (21, "Jonas Brandvold", "current"),
    (34, "Maja Ekholt", "university"),
)


def _rows(table: str) -> list[list[str]]:
    lines = table.strip().replace("\n  ", " ").splitlines()
    return [[column.strip() for column in line.split("|")] for line in lines]


def _series(row: Sequence[str]) -> Series:
    key, subject, agenda, circle, every, weekday, hour, people, span, only = row
    begin, _, end = span.partition("-")
    return Series(
        key,
        subject,
        tuple(agenda.split(" / ")),
        circle,
        int(every),
        int(weekday),
        int(hour),
        int(people),
        float(begin),
        float(end),
        tuple(name.strip() for name in only.split(",") if name.strip()),
    )


def tell(story: Storyteller, random: Random, people: Sequence[Person], now: int) -> None:
    """Add meetings, machines' mail, list posts and letters without an answer."""
    by_name = {person.name: person for person in people}
    for row in _rows(_SERIES):
        _tell_series(story, random, people, _series(row), now)
    for company, local, name, every, subjects, text in _rows(_MACHINES):
        sender = sender_of(company, local, name)
        _tell_machine(story, random, sender, int(every), subjects.split(" / "), text, now)
    posts = _rows(_POSTS)
    readers = [person for person in people if "conference" in person.circles]
    for week, (start, _) in enumerate(weeks(now)):
        if week % 3 == 0:
            at = rhythm.moment(random, start, rhythm.WORK)
            subject, text = random.choice(posts)
            words = draw_words(random)
            if at <= now:
                story.list_post(
                    at,
                    random.choice(readers),
                    LIST_ADDRESS,
                    fill(subject, words),
                    fill(text, words),
                )
    for hours, name, circle in _LATELY:
        setting = Setting(circle, True, own_address(circle, 0))
        story.thread(now - hours * HOUR_S - random.randrange(HOUR_S), setting, [by_name[name]])
    for days, writer, name, subject, text in _rows(_LOOSE_ENDS):
        person = by_name[name]
        circle = person.circles[0] if person.circles[0] != "former" else "old_colleagues"
        setting = Setting(circle, False, own_address(circle, 0))
        at = now - int(days) * DAY_S + random.randrange(2 * HOUR_S)
        story.single(at, setting, None if writer == ">" else person, person, subject, text)


def _tell_series(
    story: Storyteller, random: Random, people: Sequence[Person], series: Series, now: int
) -> None:
    for week, (start, months_ago) in enumerate(weeks(now)):
        if week % series.every_weeks or not (
            series.until_months_ago <= months_ago <= series.from_months_ago
        ):
            continue
        at = start + series.weekday * DAY_S + series.hour * HOUR_S
        is_work = series.circle not in ("board", "neighbours")
        if at > now or random.random() > rhythm.season(at, is_work=is_work) + 0.02:
            continue
        if series.only:
            here = [person for person in people if person.name in series.only]
            here = [person for person in here if rhythm.intensity(person, months_ago) > 0]
        else:
            here = sorted(active(people, series.circle, months_ago), key=lambda p: -p.pace)
            here = here[: series.people]
        here = [person for person in here if random.random() < 0.9]
        if here:
            words = draw_words(random)
            agenda = fill(random.choice(series.agenda), words)
            address = own_address(series.circle, months_ago)
            story.meeting(at, series.key, series.subject, agenda, address, here)


def _tell_machine(
    story: Storyteller,
    random: Random,
    sender: Mailbox,
    every: int,
    subjects: Sequence[str],
    text: str,
    now: int,
) -> None:
    is_work = sender.address.endswith("tidewater-atlas.example")
    for week, (start, months_ago) in enumerate(weeks(now)):
        at = rhythm.moment(random, start, rhythm.WORK)
        if week % every or at > now or (is_work and months_ago > MOVED_MONTHS_AGO):
            continue
        words = draw_words(random)
        address = SELF_CURRENT if is_work else SELF_PRIVATE
        story.bulk(at, sender, fill(random.choice(subjects), words), fill(text, words), address)
