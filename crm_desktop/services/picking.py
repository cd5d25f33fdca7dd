"""Whom a few letters may mean, where a person or a company is asked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.contacts import ContactRow, IdentifierKind, name_key
from crm_desktop.domain.marks import folded, folded_words, matched_words
from crm_desktop.domain.relationships import EntityKind, Suggestion
from crm_desktop.domain.wording import one_line
from crm_desktop.importers.addresses import canonical
from crm_desktop.services.relationships import SamePeople

if TYPE_CHECKING:
    from crm_desktop.base.jobs import CancelToken
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access

LARGEST_ID = 2**63 - 1  # SQLite's
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


def find_entity(access: Access, kind: EntityKind, text: str) -> int:
    """The id of the one person or company that a text names: by id, by address or domain, or by
    the whole name. Raises InvalidInput when that is nobody, or several."""
    wanted = one_line(text)
    with access.read() as store:
        if kind is EntityKind.CONTACT:
            return _find_contact(store, wanted)
        return _find_company(store, wanted)


def _find_contact(store: UnitOfWork, text: str) -> int:
    if _is_id(text) and store.people.rows([int(text)], None):
        return int(text)
    if "@" in text:
        found = store.contacts.contact_of(IdentifierKind.EMAIL, canonical(text))
        if found is None:
            raise InvalidInput(f"Nobody here has the address “{text}”.")
        return found
    ids = store.relationships.cards.by_name_key([name_key(text)]).get(name_key(text), [])
    same = SamePeople(store)
    people = list({same.of(EntityKind.CONTACT, id_): id_ for id_ in reversed(ids)}.values())
    if len(people) > 1:
        raise InvalidInput(
            f"{len(people)} people are called “{text}”. Give an address or an id instead: "
            f"{', '.join(str(id_) for id_ in sorted(people))}."
        )
    if not people:
        raise InvalidInput(
            f"There is nobody with the id, the address or the whole name “{text}”. "
            "“search” finds people by parts of names."
        )
    return people[0]


def _find_company(store: UnitOfWork, text: str) -> int:
    if _is_id(text) and store.cards.company(int(text)) is not None:
        return int(text)
    found = store.companies.by_domain().get(text.lower())
    if found is None:
        found = store.companies.by_name_key([name_key(text)]).get(name_key(text))
    if found is None:
        raise InvalidInput(
            f"There is no company with the id, the domain or the whole name “{text}”. "
            "“search” finds companies by parts of names."
        )
    return found


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) <= LARGEST_ID
