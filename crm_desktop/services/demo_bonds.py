"""How the people of the sample life are related: typed relationships, notes, rhythms, tips."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MENTOR_TYPE_ID, FAMILY_TYPE_ID = "rt-mentor", "rt-family"
SELF = "me"


@dataclass(frozen=True, slots=True)
class Bond:
    """One typed relationship. Ends are names of people, names of companies or "me".

    `notes` are (days before now, text) pairs. `began_months_ago` is None when nobody knows.
    """

    type_id: str
    from_name: str
    to_name: str
    attitude: int
    proximity: int
    began_months_ago: int | None
    description: str
    notes: tuple[tuple[int, str], ...]


# type | from | to | attitude | proximity | began, months ago | description; then notes, days ago
_BONDS = """
family | me | Elias Nyström | 5 | 5 | 150 | Nora's partner; they met at university in Lund
  612: Moved into the flat on the fourth floor together. Two bicycles, one cat.
  41: Wants to spend the autumn by the sea. Look at the cottage together.
family | me | Karin Lindqvist | 5 | 5 | | Nora's mother, calls on Sundays
  77: The knee is better. Still does not want a new telephone.
family | me | Anders Lindqvist | 5 | 4 | | Nora's father, painting the shed
family | me | Emil Lindqvist | 5 | 5 | | Nora's brother, bakes the best rye bread in town
  130: Opens a second bakery if the bank says yes.
family | Emil Lindqvist | Sara Lindqvist | 5 | 5 | 120 | Married, run the bakery together
family | Emil Lindqvist | Wilma Lindqvist | 5 | 5 | | Wilma is his daughter and Nora's niece
family | me | Astrid Lindqvist | 5 | 4 | | Nora's grandmother, ninety and sharp
  210: Told the story of the ferry and the hat. Write it down before it changes again.
family | Elias Nyström | Ellen Nyström | 5 | 4 | | Elias's sister, climbs with the club
family | Elias Nyström | Birgitta Nyström | 4 | 4 | | Elias's mother, teaches piano
family | Elias Nyström | Gunnar Nyström | 4 | 3 | | Elias's father
family | me | Johan Bergmarker | 4 | 3 | | Cousin on her mother's side
family | me | Ida Bergmarker | 4 | 3 | | Cousin, studies law, asks good questions
mentor | Lars-Göran Tengvaller | me | 5 | 4 | 170 | Nora's mentor from college who gives \
career advice
  400: His advice on leaving: say it early, say it kindly, then leave properly.
  65: Retires in summer. Ask whether he would join the advisory circle.
mentor | Sofie Rasmussen-Holt | me | 5 | 3 | 112 | Her design director at Halyard Works, \
taught her to run a critique
  690: Was the first to know about the new company, and the first to be glad.
mentor | Ruth Abernethy-Cole | me | 4 | 3 | 21 | Investor who asks the uncomfortable \
questions before others do
  95: Likes the ports, worries about the price for small harbours.
  12: Wants to see the quarter's numbers before the partners meet.
mentor | Margit Hollósi | me | 5 | 3 | | Built and sold a chart company; helps with hard choices
mentor | me | Teodor Bălanescu | 5 | 3 | | Intern whom Nora teaches to draw by hand
mentor | me | Oskar Henningsen | 4 | 4 | | Junior designer who grows fast
reports-to | Amara Okonkwo | me | 5 | 4 | | Amara leads the company, Nora answers to her for the \
product
  150: Agreed: decisions made tired wait two days.
reports-to | me | Beatriz Carvalhal | 5 | 4 | | Product designer in Nora's team
  58: Ready to lead the ferry project on her own.
reports-to | me | Oskar Henningsen | 4 | 4 | | Product designer in Nora's team
reports-to | me | Mei-Ling Zhou | 5 | 4 | | Researcher in Nora's team
reports-to | Jonas Brandvold | Priya Raghunathan | 5 | 4 | | Leads the engineers
reports-to | Priya Raghunathan | Tomasz Wiśniak | 4 | 3 | | Backend
reports-to | Priya Raghunathan | Tae-min Seong | 4 | 3 | | Frontend
reports-to | Amara Okonkwo | Jonas Brandvold | 5 | 4 | | Technology
works-with | me | Jonas Brandvold | 5 | 5 | 98 | Co-founder; they shared a desk at Halyard \
Works and left together
  655: Signed the papers in a café because the notary had no heating.
  30: He is tired. Make sure he takes the two weeks in summer.
works-with | me | Lucía Ferrer Ibáñez | 5 | 4 | | Plans every release with Nora
works-with | me | Priya Raghunathan | 5 | 4 | | The engineer who says what will really work
works-with | me | Torbjørn Haugerud | 4 | 3 | 21 | Client at the ferry line since the first \
passenger displays
  180: Prefers a telephone call on a bad day and a mail on a good one.
works-with | me | Kristin Aasgaard | 4 | 3 | | Product owner of the displays
works-with | me | Beate Lindgaarden | 5 | 3 | | Harbour master who hung the map upside down
  44: Would speak at the open day if somebody asks her.
works-with | me | Eleanor Ashdown | 4 | 3 | | Curator; the map exhibition was the best of projects
works-with | me | Tariq Almasi | 5 | 4 | | Client on weekdays, climbing partner on Tuesdays
works-with | me | Helena Castellanos-Ruiz | 5 | 4 | 26 | Chair of the charity board where \
Nora is a trustee
  26: Looks for someone to take over the youth sailing summer.
works-with | me | Amina Warsame | 5 | 4 | | Runs the programme; they studied together
works-with | me | Marcus Thornbury | 3 | 2 | | Former creative director; difficult endings, \
good years
knows | me | Maja Ekholt | 5 | 5 | 190 | Best friend since the first week of university
  320: Her first exhibition. Stood by the door and was friendly all night.
  19: Thinking about an apprentice. Introduce her to Wilma one day.
knows | me | Leila Farahani | 5 | 5 | 189 | Best friend; long letters and longer walks
  88: New job suits her. Less travel, more violin.
knows | Maja Ekholt | Leila Farahani | 5 | 5 | 188 | Inseparable with Nora since university
knows | me | Kofi Mensah-Lartey | 5 | 4 | 84 | Sets the routes, never tells the trick
knows | me | Signe Thorvaldsen | 5 | 4 | 84 | Climbing partner who reads the rock aloud
knows | me | Svea Holmkvist | 4 | 4 | | Neighbour from the second floor, also in the club
knows | me | Margareta Sjögrund | 4 | 3 | | Chairs the housing co-op, defender of the lilac
knows | me | Hannah Whitcombe | 4 | 2 | | Ran the projects at Halyard Works, much missed
  240: Promised each other lunch by the river. Still to do.
knows | me | Tove Birkelund | 4 | 2 | | Shared a flat in the second year; moved abroad
vendor | Lantern Law | Tidewater Atlas | 4 | 3 | 21 | Contracts and trademarks
vendor | Ledger Lane | Tidewater Atlas | 4 | 3 | 21 | Bookkeeping and the yearly accounts
vendor | Copperplate Print | Tidewater Atlas | 4 | 2 | | Prints the harbour posters
vendor | Cloudberry Hosting | Tidewater Atlas | 3 | 2 | | Servers for the maps
vendor | Tidewater Atlas | Skerry Lines | 4 | 3 | 21 | Passenger displays and the route map
vendor | Tidewater Atlas | Vindholm Harbour | 5 | 3 | 11 | The harbour map
vendor | Tidewater Atlas | Saltmarsh Museum | 4 | 2 | | The map exhibition
vendor | Tidewater Atlas | Ostra Energi | 4 | 2 | 11 | The storm-surge view
vendor | Tidewater Atlas | Brightwater Rail | 4 | 3 | | Station maps
vendor | Halyard Works | North Quay Hotels | 3 | 2 | | Brand and signage
partner | Tidewater Atlas | Meridian Surveys | 4 | 3 | 11 | Depth data along the coast
partner | Tidewater Atlas | Gullwing Drones | 4 | 3 | 11 | Photographs from the air
partner | Open Harbour Trust | Vindholm Harbour | 5 | 4 | | Berths for the youth sailing summer
partner | Halyard Works | Copperplate Print | 4 | 3 | | Posters and books
"""

# name | days between contacts that the sample person wishes for
_CADENCES = """
Karin Lindqvist | 7
Astrid Lindqvist | 30
Maja Ekholt | 7
Leila Farahani | 7
Lars-Göran Tengvaller | 60
Sofie Rasmussen-Holt | 90
Ruth Abernethy-Cole | 30
Hannah Whitcombe | 90
Tove Birkelund | 120
Torbjørn Haugerud | 21
Helena Castellanos-Ruiz | 30
Margit Hollósi | 60
田中美咲 | 90
"""

# kind | name | reason | what speaks for it
_TIPS = """
reply | Ruth Abernethy-Cole | Ruth asked for the quarter's numbers and is waiting for \
your answer | Her last message is a question
reply | Kerstin Abelsson | Kerstin has not answered your question about the misprints | \
You wrote last
birthday | Leila Farahani | Leila's birthday is in six days | Birthday on her card
birthday | Karin Lindqvist | Your mother's birthday is in eleven days | Birthday on her card
fading | Tove Birkelund | You and Tove used to write every other week; it has become quiet | \
Far fewer messages than a year ago
fading | Hannah Whitcombe | Lunch by the river with Hannah is still to do | A note of \
yours, and a long silence since
fading | Eleanor Ashdown | The exhibition is over and so are the letters; a good moment to \
say thank you | No message since the project ended
cadence | Sofie Rasmussen-Holt | You wanted to talk to Sofie every three months | \
Longer ago than the rhythm you chose
"""


def bonds() -> tuple[Bond, ...]:
    """Every typed relationship that the sample person entered."""
    found: list[Bond] = []
    for line in _BONDS.strip().splitlines():
        if line.startswith("  "):
            days, _, text = line.strip().partition(": ")
            last = found[-1]
            notes = (*last.notes, (int(days), text))
            found[-1] = Bond(
                last.type_id,
                last.from_name,
                last.to_name,
                last.attitude,
                last.proximity,
                last.began_months_ago,
                last.description,
                notes,
            )
            continue
        kind, begin, end, attitude, proximity, since, text = _columns(line)
        began = int(since) if since else None
        found.append(Bond(f"rt-{kind}", begin, end, int(attitude), int(proximity), began, text, ()))
    return tuple(found)


def cadences() -> dict[str, int]:
    """How many days at most the sample person wants between contacts, by name."""
    return {name: int(days) for name, days in _rows(_CADENCES)}


def tips() -> tuple[tuple[str, str, str, str], ...]:
    """Kind, name, reason and evidence of the open tips."""
    return tuple((kind, name, reason, why) for kind, name, reason, why in _rows(_TIPS))


def _columns(line: str) -> list[str]:
    return [column.strip() for column in line.split("|")]


def _rows(table: str) -> Iterator[list[str]]:
    return (_columns(line) for line in table.strip().splitlines())
