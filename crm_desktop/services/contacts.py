"""People in long lists: the ids in order, and the rows of the part that is looked at."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from crm_desktop.base.clock import DAY_S
from crm_desktop.base.errors import UserError
from crm_desktop.domain.contacts import ContactKind, ContactRow, IdentifierKind
from crm_desktop.domain.interactions import decay_bucket
from crm_desktop.domain.marks import name_order
from crm_desktop.services.instant import reference_seconds

if TYPE_CHECKING:
    from crm_desktop.base.jobs import CancelToken
    from crm_desktop.model.contact_queries import SortValues
    from crm_desktop.services.access import Access


class ContactSort(StrEnum):
    """The orders of a list of contacts."""

    NAME = "name"  # alphabetical; names without a letter come last
    SCORE = "score"  # best first; without a score last
    LAST_CONTACT = "last_contact"  # latest first; without any contact last


def contact_ids(
    access: Access,
    *,
    sort: ContactSort | str = ContactSort.NAME,
    kind: ContactKind | None = ContactKind.PERSON,
    text: str = "",
    descending: bool = False,
    token: CancelToken | None = None,
) -> array[int]:
    """The ids of the contacts of a kind (None: any) that match `text`, in order, as int64.

    People match by the beginnings of words of name, identifiers, organisation, tags and notes;
    other kinds by any part of name or identifier. `descending` turns the order of `sort` round;
    contacts without a value stay last. Raises ValueError for an unknown sort.
    """
    from crm_desktop.model.fulltext import searchable_words

    order = ContactSort(sort)
    words = searchable_words(text)
    with access.read(token) as store:
        values = store.people.sort_values(kind=kind, self_person_id=store.settings.self_person_id)
        if text.strip():
            if kind is ContactKind.PERSON:
                found = set(store.fulltext.matching_contacts(words)) if words else set()
            else:
                found = set(store.people.containing(" ".join(text.split()), kind))
            values = [value for value in values if value.id in found]
    return array("q", _sorted(values, order, descending))


def contact_rows(
    access: Access, ids: Sequence[int], *, token: CancelToken | None = None
) -> list[ContactRow]:
    """The rows of these contacts in the order given; contacts that are gone are left out.

    Score, last contact and decay are those towards the person using the program; the decay as of
    the instant this database is looked at from, however old the score.
    """
    now = reference_seconds(access)
    with access.read(token) as store:
        rows = store.people.rows(ids, store.settings.self_person_id)
    return [
        row
        if row.last_contact_at is None
        else replace(row, decay_bucket=decay_bucket(max(0, now - row.last_contact_at) / DAY_S))
        for row in rows
    ]


def contact_with_address(access: Access, email: str) -> int:
    """The id of the contact with an e-mail address. Raises UserError when nobody has it."""
    from crm_desktop.importers.addresses import canonical

    with access.read() as store:
        found = store.contacts.contact_of(IdentifierKind.EMAIL, canonical(email))
    if found is None:
        raise UserError(f"Nobody here has the address “{email}”.")
    return found


def _sorted(values: list[SortValues], order: ContactSort, descending: bool) -> list[int]:
    names = {value.id: name_order(value.name) for value in values}
    if order is ContactSort.NAME:
        named = [value.id for value in values if names[value.id]]
        nameless = [value.id for value in values if not names[value.id]]
        named.sort(key=names.__getitem__, reverse=descending)
        return named + sorted(nameless)
    measures = {
        value.id: value.score if order is ContactSort.SCORE else value.last_contact_at
        for value in values
    }
    measured = [(id_, measure) for id_, measure in measures.items() if measure is not None]
    measured.sort(key=lambda pair: names[pair[0]])
    measured.sort(key=lambda pair: pair[1], reverse=not descending)
    rest = [id_ for id_, measure in measures.items() if measure is None]
    rest.sort(key=lambda id_: (not names[id_], names[id_]))
    return [id_ for id_, _ in measured] + rest
