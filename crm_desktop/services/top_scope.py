"""What a top list is seen from and narrowed to, as it stands now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.domain.relationships import EntityKind, RelationshipType, Suggestion
from crm_desktop.domain.top import TopScope

if TYPE_CHECKING:
    from crm_desktop.base.jobs import CancelToken
    from crm_desktop.services.access import Access


def top_scope(
    access: Access,
    *,
    centre_id: int | None = None,
    company_id: int | None = None,
    relationship_type_id: str | None = None,
    token: CancelToken | None = None,
) -> TopScope:
    """These by name; None for what is gone meanwhile, and for self at the centre."""
    with access.read(token) as store:
        if centre_id == store.settings.self_person_id:
            centre_id = None
        people = [] if centre_id is None else store.people.rows([centre_id], None)
        company = None if company_id is None else store.cards.company(company_id)
        type_ = (
            None
            if relationship_type_id is None
            else store.relationship_types.get(relationship_type_id)
        )
    return TopScope(
        Suggestion(EntityKind.CONTACT, people[0].id, people[0].name, "") if people else None,
        None
        if company is None
        else Suggestion(EntityKind.COMPANY, company.id, company.name, company.domain or ""),
        type_,
    )


def types_between_people(access: Access) -> tuple[RelationshipType, ...]:
    """The types that two people can have, by name."""
    from crm_desktop.services.relationship_types import list_relationship_types

    return list_relationship_types(access, EntityKind.CONTACT, EntityKind.CONTACT)
