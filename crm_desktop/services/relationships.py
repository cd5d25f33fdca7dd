"""Listing relationships and their types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.domain.relationships import Relationship, RelationshipSource, RelationshipType

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access


def load_relationships(
    access: Access,
    *,
    contact_id: int | None = None,
    min_strength: float | None = None,
    relationship_type_id: str | None = None,
    source: RelationshipSource | None = None,
) -> tuple[Relationship, ...]:
    """The relationships that meet every condition given, strongest first, then by id.

    `contact_id` matches either end, and so do the contacts that count as the same person.
    Relationships without a strength count as 0.
    """
    with access.read() as store:
        ids = None if contact_id is None else same_person_in(store, contact_id)
        return store.relationships.load(
            contact_ids=ids,
            min_strength=min_strength,
            relationship_type_id=relationship_type_id,
            source=source,
        )


def same_person(access: Access, contact_id: int) -> frozenset[int]:
    """The contact and all that count as the same person, by name unless a decision parts them."""
    with access.read() as store:
        return same_person_in(store, contact_id)


def same_person_in(store: UnitOfWork, contact_id: int) -> frozenset[int]:
    """See `same_person`; within an open snapshot or write."""
    from crm_desktop.engines.inference import canonical_contacts

    inferred = store.relationships.inferred
    canonical = canonical_contacts(*inferred.namesakes(contact_id), inferred.different_people())
    target = canonical.get(contact_id, contact_id)
    aliases = (alias for alias, to in canonical.items() if to == target)
    return frozenset({contact_id, target, *aliases})


def list_relationship_types(access: Access) -> tuple[RelationshipType, ...]:
    """The catalogue of relationship types, by name."""
    with access.read() as store:
        return store.relationship_types.list()
