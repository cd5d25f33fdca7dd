"""Whom a few letters may mean, where a person or a company is asked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from crm_desktop.domain.contacts import ContactRow, name_key
from crm_desktop.domain.marks import folded, folded_words, matched_words
from crm_desktop.domain.relationships import EntityKind, Suggestion
from crm_desktop.services.relationships import SamePeople

if TYPE_CHECKING:
    from crm_desktop.base.jobs import CancelToken
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access

BOTH = (EntityKind.CONTACT, EntityKind.COMPANY)


def suggest_entities(
    access: Access,
    text: str,
    kinds: Collection[EntityKind] = BOTH,
    *,
    limit: int = 8,
    token: CancelToken | None = None,
) -> tuple[Suggestion, ...]:
    """The people and companies that match the beginnings of the words typed, best first.

    Names that begin as typed come first, then people whom self is close to; who counts as one
    person is there once. Blank text suggests the people closest to self or, where only companies
    are asked for, the largest.
    """
    from crm_desktop.model.fulltext import searchable_words

    words = searchable_words(text)
    if not words and text.strip():
        return ()
    with access.read(token) as store:
        found: list[tuple[tuple[int, float], Suggestion]] = []
        if EntityKind.CONTACT in kinds:
            found += _people(store, words, limit)
        if EntityKind.COMPANY in kinds and (words or EntityKind.CONTACT not in kinds):
            found += _companies(store, words, limit)
    found.sort(key=lambda entry: entry[0])
    return tuple(suggestion for _, suggestion in found[:limit])


def _people(
    store: UnitOfWork, words: list[str], limit: int
) -> list[tuple[tuple[int, float], Suggestion]]:
    owner = store.settings.self_person_id
    if words:
        ids = store.fulltext.find_contacts(words)
        if owner is not None:
            ids = list(dict.fromkeys(ids + store.fulltext.find_close_contacts(words, owner)))
    else:
        ids = store.people.best(owner, 2 * limit)  # some count as one person
    rows = store.people.rows(ids, owner)
    ranked = sorted(
        ((_rank(row.name, words), -(row.score or 0.0)), place) for place, row in enumerate(rows)
    )
    same = SamePeople(store)
    found: list[tuple[tuple[int, float], Suggestion]] = []
    shown: set[tuple[str, frozenset[int]]] = set()
    for key, place in ranked:
        row = rows[place]
        person = (name_key(row.name), same.of(EntityKind.CONTACT, row.id))
        if person not in shown:
            shown.add(person)
            found.append((key, Suggestion(EntityKind.CONTACT, row.id, row.name, _detail(row))))
        if len(found) == limit:
            break
    return found


def _companies(
    store: UnitOfWork, words: list[str], limit: int
) -> list[tuple[tuple[int, float], Suggestion]]:
    ids = store.fulltext.find_companies(words) if words else store.companies.largest(limit)
    found = []
    for company, people in store.cards.companies(ids):
        count = "1 person" if people == 1 else f"{people:,} people" if people else ""
        detail = " · ".join(part for part in (company.domain, count) if part)
        # Below every person of the same rank, as far as any score goes.
        place = (_rank(company.name, words), 1.0 - people / (people + 1))
        found.append((place, Suggestion(EntityKind.COMPANY, company.id, company.name, detail)))
    found.sort(key=lambda entry: entry[0])
    return found[:limit]


def _rank(name: str, words: list[str]) -> int:
    """0 when the name begins as typed, 1 when it holds every word, 2 when something else does."""
    if folded(name_key(name)).startswith(folded(name_key(" ".join(words)))):
        return 0
    return 1 if len(matched_words(name, folded_words(words))) == len(words) else 2


def _detail(row: ContactRow) -> str:
    about = " · ".join(part for part in (row.title, row.organization) if part)
    return about or row.email or ""
