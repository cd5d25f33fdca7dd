"""Listing relationships, and everything about one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.domain.relationships import (
    EntityKind,
    Relationship,
    RelationshipDetail,
    RelationshipSource,
)

if TYPE_CHECKING:
    from crm_desktop.base.jobs import CancelToken
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
    """The relationships that meet every condition given, strongest first, then newest.

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
    """The contact and all that count as the same person, by name or by decision."""
    with access.read() as store:
        return same_person_in(store, contact_id)


def same_person_in(store: UnitOfWork, contact_id: int) -> frozenset[int]:
    """See `same_person`; within an open snapshot or write."""
    from crm_desktop.engines.folding import canonical_contacts

    canonical = canonical_contacts(*store.relationships.inferred.possible_aliases(contact_id))
    target = canonical.get(contact_id, contact_id)
    aliases = (alias for alias, to in canonical.items() if to == target)
    return frozenset({contact_id, target, *aliases})


def relationship_detail(
    access: Access, id: int, *, token: CancelToken | None = None
) -> RelationshipDetail | None:
    """All that is known of one relationship, or None when it is gone."""
    with access.read(token) as store:
        return store.relationships.detail(id)


class SamePeople:
    """Who counts as the same as somebody, worked out once each within a read or a write."""

    def __init__(self, store: UnitOfWork) -> None:
        self._store = store
        self._known: dict[int, frozenset[int]] = {}

    def of(self, entity_type: EntityKind, entity_id: int) -> frozenset[int]:
        """The contact with its aliases, or the company alone."""
        if entity_type is EntityKind.COMPANY:
            return frozenset({entity_id})
        if entity_id not in self._known:
            same = same_person_in(self._store, entity_id)
            self._known.update(dict.fromkeys(same, same))
        return self._known[entity_id]
