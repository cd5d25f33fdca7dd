"""What the people of the sample life write about: topics by circle, as small scripts.

A topic is a paragraph of lines: first the subjects, separated by bars; then what can be said:
">" to begin ("<" only for the sample person, "~" only for the other), "-" to answer, "=" to end.
A topic marked "+" comes with files, "*" is for several people, "!" for two. An indented line goes
on where the last one stopped. Words in braces are filled in once per thread, so a thread stays
on one matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

_SLOTS = """
place: Vindholm | the north quay | Skerry Sound | the old ferry basin | Saltmarsh Point
  | the inner harbour | Gullholm | the east breakwater
day: Monday | Tuesday | Wednesday | Thursday | Friday
evening: Tuesday | Wednesday | Thursday | Friday | Saturday | Sunday
release: the tide layer | offline maps | the depth labels | route sharing | the new search
  | the harbour editor | night mode | the timetable view
dish: fish soup | the mushroom risotto | dumplings | that chickpea stew | pancakes
  | a proper lasagne | salmon and dill | the lemon tart
crag: Granberget | Skärsviken | the quarry | Utkiken | Trollhällan | Norra väggen
route: Tidvatten | Slow Tuesday | the long corner | Måsen | Butterknife | Lilla Sprickan
book: The Lighthouse Ledger | A Field of Small Boats | Winter Orchard
  | The Cartographer's Aunt | Salt and Starlings | Notes from the Last Ferry
film: The Quiet Pier | Lantern Street | Everything the Gulls Saw | Two Summers on Gullholm
item: drill | ladder | cargo bike | raclette pan | tent | sewing machine | pressure washer
city: Lisbon | Bergen | Ghent | Trieste | Aarhus | Porto | Tallinn | Ljubljana
project: the harbour map | the passenger displays | the visitor map | the winter timetable
  | the storm-surge view | the signage plan
old_project: the tram kiosk | the museum guide | the ticket machines | the library app
  | the allotment site | the reservations flow
grant: the swimming lessons | the repair boat | the youth sailing summer | the harbour library
thing: the little stool | the blue coat | the bread knife | grandpa's barometer | the sledge
talk: Maps for people who get lost | Signs in fog | Designing for low tide
  | The last metre of a journey | What a legend is for
season: spring | summer | autumn | winter
number: three | four | five | six | eight
part: legend | sign-up page | search results | first screen | route panel | print sheet
"""


def _slots() -> dict[str, tuple[str, ...]]:
    lines = _SLOTS.strip().replace("\n  |", " |").splitlines()
    pairs = (line.partition(": ") for line in lines)
    return {slot: tuple(word.strip() for word in words.split("|")) for slot, _, words in pairs}


SLOTS: Mapping[str, tuple[str, ...]] = _slots()


@dataclass(frozen=True, slots=True)
class Topic:
    """One matter: its subjects and the sentences that open, carry and close a thread on it."""

    subjects: tuple[str, ...]
    openers: tuple[str, ...]  # for either side
    own_openers: tuple[str, ...]  # only for the sample person
    their_openers: tuple[str, ...]  # only for the other side
    answers: tuple[str, ...]
    closers: tuple[str, ...]
    has_files: bool
    is_shared: bool  # for several people
    is_private: bool  # for two

    @property
    def is_directed(self) -> bool:
        """Whether who begins decides who may say what."""
        return bool(self.own_openers or self.their_openers)


@cache
def topics() -> dict[str, tuple[Topic, ...]]:
    """The topics by circle. "chat" holds small talk for any close circle."""
    from crm_desktop.services import demo_topics_private, demo_topics_work

    scripts = {**demo_topics_work.SCRIPTS, **demo_topics_private.SCRIPTS}
    return {circle: _parse(script) for circle, script in scripts.items()}


def _parse(script: str) -> tuple[Topic, ...]:
    return tuple(_topic(paragraph.splitlines()) for paragraph in script.strip().split("\n\n"))


def _topic(lines: Sequence[str]) -> Topic:
    head = lines[0].lstrip("+*! ")
    marks = lines[0][: len(lines[0]) - len(head)]
    said: dict[str, list[str]] = {mark: [] for mark in "><~-="}
    last = said[">"]
    for line in lines[1:]:
        if line.startswith("  "):
            last[-1] += " " + line.strip()
        else:
            last = said[line[0]]
            last.append(line[2:])
    return Topic(
        subjects=tuple(subject.strip() for subject in head.split("|")),
        openers=tuple(said[">"]),
        own_openers=tuple(said["<"]),
        their_openers=tuple(said["~"]),
        answers=tuple(said["-"]),
        closers=tuple(said["="]),
        has_files="+" in marks,
        is_shared="*" in marks,
        is_private="!" in marks,
    )


def fill(text: str, words: Mapping[str, str]) -> str:
    """Text with its braces filled, the first letter of the whole in capitals."""
    filled = text.format_map(words)
    return filled[:1].upper() + filled[1:]


def draw_words(random: Random) -> dict[str, str]:
    """One word for every slot."""
    return {slot: random.choice(choices) for slot, choices in SLOTS.items()}
