"""The people who matter: the ranked list of a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.base.clock import DAY_S
from crm_desktop.domain.interactions import (
    NoSelfPerson,
    TopRelationship,
    TopRelationships,
    UnknownPerson,
    check_page,
    decay_bucket,
    window_days,
)
from crm_desktop.domain.top import EVERYBODY, TopFilter
from crm_desktop.services.instant import reference_seconds
from crm_desktop.services.interactions import as_of

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.model.top_queries import TopRow
    from crm_desktop.services.access import Access


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
        rows, total = store.top.top(owner, start, end, wanted, limit=limit, offset=offset)
        identifiers = store.interactions.identifiers([row.person_id for row in rows])
    return TopRelationships(
        tuple(_relationship(row, identifiers.get(row.person_id, []), end) for row in rows),
        start,
        end,
        total,
    )


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
