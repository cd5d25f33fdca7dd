"""The card of a contact or a company."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crm_desktop.base.clock import from_seconds
from crm_desktop.base.errors import UserError
from crm_desktop.domain.cards import CompanyCard, ContactCard, Namesake, RelatedLine
from crm_desktop.domain.relationships import EntityKind
from crm_desktop.services.instant import reference_seconds
from crm_desktop.services.interactions import self_features
from crm_desktop.services.relationships import same_person_in

if TYPE_CHECKING:
    from crm_desktop.base.jobs import CancelToken
    from crm_desktop.services.access import Access

MONTHS = 36
RECENT_CONVERSATIONS = 8
MAX_LINES = 60
MAX_NAMESAKES = 20
MAX_TAGS = 500


def contact_card(
    access: Access, contact_id: int, *, now: int | None = None, token: CancelToken | None = None
) -> ContactCard:
    """Everything about one contact as of `now` (epoch seconds UTC; by default the database's).

    Months are UTC months; messages dated after `now` count as of now. At most MAX_LINES
    relationships are listed, `relationship_count` counts all. Raises UserError when the contact is
    gone.
    """
    now = reference_seconds(access) if now is None else now
    with access.read(token) as store:
        facts = store.cards.contact(contact_id)
        if facts is None:
            raise UserError("This contact is no longer there.")
        owner = store.settings.self_person_id
        identifiers = store.cards.identifiers(contact_id)
        tags = store.cards.tags(contact_id)
        times = store.cards.message_times(contact_id)
        same = same_person_in(store, contact_id)
        others = store.cards.namesakes(contact_id, same, limit=MAX_NAMESAKES)
        lines, line_count = store.cards.related(EntityKind.CONTACT, same, limit=MAX_LINES)
        latest = store.conversations.latest_of(contact_id, limit=RECENT_CONVERSATIONS, now=now)
        conversations = store.conversations.summaries(latest)
    dated = sorted(min(time, now) for time in times if time is not None)
    measured = None if owner == contact_id else self_features(access, contact_id, now=now)
    features, breakdown, bucket = measured or (None, None, None)
    return ContactCard(
        id=facts.id,
        name=facts.name,
        kind=facts.kind,
        company_id=facts.company_id,
        organization=facts.organization,
        title=facts.title,
        identifiers=identifiers,
        tags=tuple(tags),
        birthday=facts.birthday,
        notes=facts.notes,
        photo=facts.photo,
        is_self=owner == contact_id,
        relationships=lines,
        relationship_count=line_count,
        conversations=tuple(conversations),
        monthly=monthly_counts(dated, now),
        message_count=len(times),
        first_message_at=dated[0] if dated else None,
        last_message_at=dated[-1] if dated else None,
        features=features,
        breakdown=breakdown,
        decay_bucket=bucket,
        given_name=facts.given_name,
        family_name=facts.family_name,
        cadence_days=facts.cadence_days,
        namesakes=others,
        imported_tags=frozenset(tag for tag in tags if tags[tag] == "imported"),
    )


def related_lines(
    access: Access, contact_id: int, *, limit: int, token: CancelToken | None = None
) -> tuple[RelatedLine, ...]:
    """At most `limit` relationships of a contact, and of those who count as the same person, as
    the card lists them: entered ones first, then inferred ones, strongest first."""
    with access.read(token) as store:
        same = same_person_in(store, contact_id)
        return store.cards.related(EntityKind.CONTACT, same, limit=limit)[0]


def company_card(
    access: Access, company_id: int, *, token: CancelToken | None = None
) -> CompanyCard:
    """A company with its people, best score first, and its relationships.

    Raises UserError when the company is gone.
    """
    with access.read(token) as store:
        facts = store.cards.company(company_id)
        if facts is None:
            raise UserError("This company is no longer there.")
        people = store.cards.people_at(company_id, store.settings.self_person_id)
        lines, _ = store.cards.related(EntityKind.COMPANY, [company_id], limit=MAX_LINES)
        notes = store.cards.company_notes(company_id)
    return CompanyCard(facts.id, facts.name, facts.domain, people, lines, notes)


def namesakes(
    access: Access, contact_id: int, *, token: CancelToken | None = None
) -> tuple[Namesake, ...]:
    """Who counts, or might count, as the same person as a contact; at most MAX_NAMESAKES."""
    with access.read(token) as store:
        same = same_person_in(store, contact_id)
        return store.cards.namesakes(contact_id, same, limit=MAX_NAMESAKES)


def known_tags(access: Access, *, token: CancelToken | None = None) -> tuple[str, ...]:
    """The tags in use, the most used first; at most MAX_TAGS."""
    with access.read(token) as store:
        return store.cards.known_tags(limit=MAX_TAGS)


def monthly_counts(times: Iterable[int], now: int) -> tuple[int, ...]:
    """How many of the instants (epoch seconds UTC) fall into each of the MONTHS calendar months
    that end with the month of `now`, oldest first."""
    today = from_seconds(now)
    last = today.year * 12 + today.month - 1
    starts = [
        int(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp())
        for month in range(last - MONTHS + 1, last + 2)
    ]
    counts = [0] * MONTHS
    for time in times:
        index = bisect_right(starts, time) - 1
        if 0 <= index < MONTHS:
            counts[index] += 1
    return tuple(counts)
