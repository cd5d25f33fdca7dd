"""Many people with many relationships, written straight to the tables, for lists and benchmarks."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

from crm_desktop.domain.contacts import name_key
from crm_desktop.domain.relationships import KNOWS_TYPE_ID, RelationshipSource

if TYPE_CHECKING:
    from crm_desktop.model.database import Database

NOW = 1_777_626_000  # 2026-05-01T09:00:00Z
DAY_S = 86_400
FIRST = (
    *("Ada", "Björn", "Chloé", "Dmitri", "Élodie", "Farida", "Grace", "Hans", "Ines", "Jan"),
    *("Keiko", "Lena", "Mira", "Nora", "Omar", "Paul", "Ruth", "Søren", "Tom", "Yuki"),
)
LAST = (
    *("Abbott", "Brandt", "Castro", "Dubois", "Eriksen", "Fischer", "Garcia", "Hopper", "Ito"),
    *("Jansen", "Kowalski", "Lindqvist", "Müller", "Novák", "Okafor", "Petrov", "Rossi", "Smith"),
)
ENDINGS = tuple(
    first + second for first in ("", "b", "d", "g", "k", "m") for second in ("", "a", "e", "ø", "y")
)
COMPANY = ("Analytical Engines", "Compilers & Co", "Difference", "Harbour Works", "Ångström Labs")
BETWEEN_PEOPLE = (KNOWS_TYPE_ID, "rt-works-with", "rt-reports-to")
SOURCES = (RelationshipSource.MANUAL, RelationshipSource.IMPORTED)


def store_crowd(database: Database, people: int, relationships: int, seed: int = 7) -> None:
    """`people` contacts, a company for every fifty of them, and `relationships` of which most
    were found in conversations. Contact 1 is the person's own and knows many."""
    chance = random.Random(seed)
    companies = max(2, people // 50)
    contacts = []
    for id_ in range(1, people + 1):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}{chance.choice(ENDINGS)}"
        if id_ % 3 == 0:
            name += f"-{chance.choice(LAST)}"
        contacts.append((id_, name, name_key(name)))
    firms = []
    for id_ in range(1, companies + 1):
        name = f"{chance.choice(COMPANY)} {id_}"
        firms.append((id_, name, name_key(name)))
    with database.write() as store:
        raw = store.connection.connection.cursor()
        raw.executemany(
            "INSERT INTO contacts (id, name, name_key, kind, created_at, updated_at)"
            " VALUES (?, ?, ?, 'person', 0, 0)",
            contacts,
        )
        raw.executemany(
            "INSERT INTO companies (id, name, name_key, created_at, updated_at)"
            " VALUES (?, ?, ?, 0, 0)",
            firms,
        )
        raw.executemany(
            "INSERT INTO relationships (relationship_type_id, from_entity_type, from_entity_id,"
            " to_entity_type, to_entity_id, source, properties, description, created_at,"
            " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
            _relationships(chance, people, companies, relationships),
        )
        raw.close()
        store.fulltext.rebuild()
        store.settings.self_person_id = 1


def _relationships(
    chance: random.Random, people: int, companies: int, count: int
) -> list[tuple[object, ...]]:
    seen: set[tuple[str, int, int]] = set()
    rows: list[tuple[object, ...]] = []
    while len(rows) < count:
        kind = chance.random()
        if kind < 0.05:
            type_id, first = "rt-employee", chance.randint(1, companies)
            second, ends = chance.randint(1, people), ("company", "contact")
        elif kind < 0.06:
            type_id, ends = chance.choice(("rt-vendor", "rt-partner")), ("company", "company")
            first, second = sorted(chance.sample(range(1, companies + 1), 2))
        else:
            type_id = chance.choices(BETWEEN_PEOPLE, (94, 4, 2))[0]
            first = 1 if chance.random() < 0.02 else chance.randint(1, people)
            first, second = sorted((first, chance.randint(1, people)))
            ends = ("contact", "contact")
            if first == second:
                continue
        if (type_id, first, second) in seen:
            continue
        seen.add((type_id, first, second))
        is_found = type_id == KNOWS_TYPE_ID and chance.random() < 0.98
        source = RelationshipSource.INFERRED if is_found else chance.choice(SOURCES)
        rows.append(
            (
                *(type_id, ends[0], first, ends[1], second, str(source)),
                _measures(chance) if is_found else None,
                "They talk about engines, compilers and lunch; 12 conversations since March."
                if is_found
                else None,
            )
        )
    return rows


def _measures(chance: random.Random) -> str:
    last = NOW - chance.randrange(900 * DAY_S)
    conversations = chance.randint(1, 60)
    return json.dumps(
        {
            "strength": chance.random(),
            "shared_conversations": conversations,
            "shared_messages": conversations * chance.randint(1, 9),
            "first_interaction": last - chance.randrange(90 * DAY_S),
            "last_interaction": last,
        }
    )
