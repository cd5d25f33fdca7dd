"""Why two people are believed to know each other: the conversations behind a relationship."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.domain.evidence import Evidence, SharedConversation
from crm_desktop.domain.interactions import check_page
from crm_desktop.domain.relationships import EntityKind, Relationship
from crm_desktop.services.inference import max_participants
from crm_desktop.services.instant import reference_seconds
from crm_desktop.services.relationships import same_person_in

if TYPE_CHECKING:
    from crm_desktop.base.jobs import CancelToken
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.model.evidence import SharedRow
    from crm_desktop.services.access import Access


def relationship_evidence(
    access: Access,
    relationship_id: int,
    *,
    limit: int = 50,
    offset: int = 0,
    token: CancelToken | None = None,
) -> Evidence | None:
    """The conversations that the two people of a relationship, or those who count as the same,
    share, latest first, `limit` (1-500) of them from `offset` (0 or more) on; None when the
    relationship is gone.

    Conversations with too many people do not count, as in inference; dates that lie ahead are
    read as now. A company takes part in none. Raises InvalidPage.
    """
    check_page(limit, offset)
    now = reference_seconds(access)
    with access.read(token) as store:
        relationship = store.relationships.get(relationship_id)
        if relationship is None:
            return None
        rows = _shared(store, relationship)
        rows.sort(key=lambda row: (row[2] is not None, row[2] or 0, row[0]), reverse=True)
        page = rows[offset : offset + limit]
        subjects = store.relationships.inferred.subjects(row[0] for row in page)
    firsts = [min(row[1], now) for row in rows if row[1] is not None]
    lasts = [min(row[2], now) for row in rows if row[2] is not None]
    return Evidence(
        relationship_id,
        relationship.description,
        len(rows),
        sum(row[3] for row in rows),
        sum(row[4] for row in rows),
        min(firsts, default=None),
        max(lasts, default=None),
        tuple(
            SharedConversation(
                row[0],
                subjects.get(row[0], ""),
                None if row[1] is None else min(row[1], now),
                None if row[2] is None else min(row[2], now),
                row[3],
                row[4],
            )
            for row in page
        ),
    )


def _shared(store: UnitOfWork, relationship: Relationship) -> list[SharedRow]:
    ends = (relationship.from_entity_type, relationship.to_entity_type)
    if ends != (EntityKind.CONTACT, EntityKind.CONTACT):
        return []
    one = same_person_in(store, relationship.from_entity_id)
    other = same_person_in(store, relationship.to_entity_id)
    counts = store.relationships.inferred.row_counts(one | other)
    few, many = sorted((one, other), key=lambda group: sum(counts[id_] for id_ in group))
    shared = store.relationships.inferred.shared_conversations(few, many)
    return store.evidence.shared(shared, one, other, max_participants(store))
