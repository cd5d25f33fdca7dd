"""The people who matter: the ranked list of a window."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from crm_desktop.base.clock import DAY_S
from crm_desktop.domain.interactions import (
    DECAY_LIMITS_DAYS,
    NoSelfPerson,
    TopRelationship,
    TopRelationships,
    UnknownPerson,
    check_page,
    decay_bucket,
    window_days,
)
from crm_desktop.domain.top import EVERYBODY, TopFilter, TopPeople
from crm_desktop.services.instant import reference_seconds
from crm_desktop.services.interactions import as_of
from crm_desktop.services.relationships import same_person_in

if TYPE_CHECKING:
    from crm_desktop.base.jobs import CancelToken
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.model.top_queries import TopRow
    from crm_desktop.services.access import Access

_DECAY_LIMITS_S = tuple(days * DAY_S for days in DECAY_LIMITS_DAYS)


def top_relationships(
    access: Access,
    *,
    self_person_id: int | None = None,
    window: str = "90d",
    limit: int = 50,
    offset: int = 0,
    wanted: TopFilter = EVERYBODY,
    now: int | None = None,
) -> TopRelationships:
    """A page of the people last in contact within the window that ends `now`, best score first,
    then latest contact, then lowest id; of those `wanted`.

    `self_person_id` defaults to the person using the program. Scores are those of the last
    aggregation; ages and decay buckets are counted to `now` (epoch seconds UTC), by default the
    instant this database is looked at from. Raises InvalidWindow, InvalidPage, NoSelfPerson or
    UnknownPerson, each saying what is accepted.
    """
    days = window_days(window)
    check_page(limit, offset)
    end = reference_seconds(access) if now is None else now
    start = end - days * DAY_S
    with access.read() as store:
        owner = centre(store, self_person_id)
        own = same_person_in(store, owner)
        rows, total = store.top.top(owner, start, end, wanted, own, limit=limit, offset=offset)
        relationships = _relationships(store, rows, end)
    return TopRelationships(relationships, start, end, total)


def top_people(
    access: Access,
    *,
    self_person_id: int | None = None,
    window: str = "90d",
    wanted: TopFilter = EVERYBODY,
    now: int | None = None,
    token: CancelToken | None = None,
) -> TopPeople:
    """Everyone whom `top_relationships` would list, in its order. Raises as that does."""
    days = window_days(window)
    end = reference_seconds(access) if now is None else now
    start = end - days * DAY_S
    with access.read(token) as store:
        return ranked_people(store, centre(store, self_person_id), start, end, wanted)


def ranked_people(
    store: UnitOfWork, owner: int, start: int, end: int, wanted: TopFilter
) -> TopPeople:
    """As `top_people`, within a transaction."""
    ids, counts = array("q"), [0] * (len(DECAY_LIMITS_DAYS) + 1)
    for person_id, last_contact_at in store.top.ranked(
        owner, start, end, replace(wanted, decay_buckets=None), same_person_in(store, owner)
    ):
        bucket = bisect_left(_DECAY_LIMITS_S, end - last_contact_at)
        counts[bucket] += 1
        if wanted.decay_buckets is None or bucket in wanted.decay_buckets:
            ids.append(person_id)
    return TopPeople(ids, tuple(counts), start, end)


def top_rows(
    access: Access,
    person_ids: Sequence[int],
    *,
    self_person_id: int | None = None,
    now: int | None = None,
    token: CancelToken | None = None,
) -> tuple[TopRelationship, ...]:
    """These people as the top list shows them, in the order given; who is not in touch with the
    person at the centre is left out. Raises NoSelfPerson or UnknownPerson."""
    end = reference_seconds(access) if now is None else now
    with access.read(token) as store:
        return relationships_with(store, centre(store, self_person_id), person_ids, end)


def relationships_with(
    store: UnitOfWork, owner: int, person_ids: Sequence[int], now: int
) -> tuple[TopRelationship, ...]:
    """As `top_rows`, within a transaction."""
    return _relationships(store, store.top.rows(owner, person_ids), now)


def centre(store: UnitOfWork, self_person_id: int | None) -> int:
    """The person whose list it is, by default the one using the program.

    Raises NoSelfPerson or UnknownPerson.
    """
    if self_person_id is None:
        self_person_id = store.settings.self_person_id
        if self_person_id is None:
            raise NoSelfPerson(
                "Nobody said yet which contact is you. Choose yourself in the window’s settings, "
                "with “import … --self EMAIL”, or name a person with “top --person EMAIL”."
            )
    elif not store.interactions.contact_exists(self_person_id):
        raise UnknownPerson(f"There is no contact with the number {self_person_id}.")
    return self_person_id


def _relationships(
    store: UnitOfWork, rows: Sequence[TopRow], now: int
) -> tuple[TopRelationship, ...]:
    identifiers = store.interactions.identifiers([row.person_id for row in rows])
    return tuple(_relationship(row, identifiers.get(row.person_id, []), now) for row in rows)


def _relationship(row: TopRow, identifiers: list[tuple[str, str]], now: int) -> TopRelationship:
    from crm_desktop.engines.scoring import score_breakdown
    from crm_desktop.model.interactions import edge_features_from_json

    stored, trend = edge_features_from_json(row.edge_features)
    features = as_of(stored, row.last_contact_at, now)
    return TopRelationship(
        person_id=row.person_id,
        score=row.score,
        last_contact_at=row.last_contact_at,
        display_name=row.display_name,
        organization=row.organization,
        emails=tuple(value for kind, value in identifiers if kind == "email"),
        phones=tuple(value for kind, value in identifiers if kind == "phone"),
        decay_bucket=decay_bucket(features.days_since_last_message),
        features=features,
        trend=trend,
        breakdown=score_breakdown(stored),
    )
