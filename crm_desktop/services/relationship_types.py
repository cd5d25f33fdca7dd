"""The types of relationships: listing, making, changing and deleting them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.changes import Done
from crm_desktop.domain.relationships import EntityKind, RelationshipType
from crm_desktop.domain.wording import one_line, paragraphs, within
from crm_desktop.services.undo import record

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access

MAX_NAME = 60
MAX_DESCRIPTION = 500


def create_relationship_type(
    access: Access,
    name: str,
    from_entity_type: EntityKind | str,
    to_entity_type: EntityKind | str,
    forward_label: str,
    reverse_label: str,
    *,
    description: str | None = None,
    color_index: int | None = None,
    created_by: int | None = None,
) -> Done[RelationshipType]:
    """The new type; without a colour (0-11) it gets one that few types have.

    Raises InvalidInput for a name that is blank or taken in any case, a blank label, or ends that
    are neither contact nor company.
    """
    ends = entity_kind(from_entity_type), entity_kind(to_entity_type)
    name = within(one_line(name), MAX_NAME, "The name")
    labels = _label(forward_label), _label(reverse_label)
    text = _description(description)
    _check_color(color_index)

    def create(store: UnitOfWork) -> RelationshipType:
        _check_user(store, created_by)
        type_id = store.relationship_types.add(
            name,
            *ends,
            *labels,
            description=text or None,
            color_index=color_index,
            created_by=created_by,
        )
        found = store.relationship_types.get(type_id)
        assert found is not None
        return found

    return record(access, f"Create type {name}", create)


def list_relationship_types(
    access: Access,
    from_entity_type: EntityKind | str | None = None,
    to_entity_type: EntityKind | str | None = None,
) -> tuple[RelationshipType, ...]:
    """The types whose ends are of these kinds (None: any), by name."""
    from_kind = None if from_entity_type is None else entity_kind(from_entity_type)
    to_kind = None if to_entity_type is None else entity_kind(to_entity_type)
    with access.read() as store:
        return tuple(
            type_
            for type_ in store.relationship_types.list()
            if from_kind in (None, type_.from_entity_type)
            and to_kind in (None, type_.to_entity_type)
        )


def get_relationship_type(access: Access, id: str) -> RelationshipType | None:
    """The type with this id, or None."""
    with access.read() as store:
        return store.relationship_types.get(id)


def get_relationship_type_by_name(access: Access, name: str) -> RelationshipType | None:
    """The type with this name, whatever its case, or None."""
    with access.read() as store:
        return store.relationship_types.get_by_name(name)


def relationship_type_uses(access: Access) -> dict[str, int]:
    """How many relationships use each type, by id; 0 where none does."""
    with access.read() as store:
        return store.relationship_types.uses()


def update_relationship_type(
    access: Access,
    id: str,
    *,
    forward_label: str | None = None,
    reverse_label: str | None = None,
    description: str | None = None,
    color_index: int | None = None,
    updated_by: int | None = None,
) -> Done[RelationshipType | None]:
    """The type as it is now, or None when there is no such type. None leaves a field as it is; a
    blank description clears it. The name and the kinds of ends stay for good.

    Raises InvalidInput for a blank label, and when the new labels would make existing
    relationships say something that nobody said: both sides alike for pairs that are related in
    both directions, or two labels where nobody knows which side is which.
    """
    forward = None if forward_label is None else _label(forward_label)
    reverse = None if reverse_label is None else _label(reverse_label)
    if "" in (forward, reverse):
        raise InvalidInput("A relationship type needs a label for each side.")
    text = None if description is None else _description(description)
    _check_color(color_index)
    known = get_relationship_type(access, id)

    def update(store: UnitOfWork) -> RelationshipType | None:
        old = store.relationship_types.get(id)
        if old is None:
            return None
        _check_user(store, updated_by)
        new = replace(
            old,
            forward_label=old.forward_label if forward is None else forward,
            reverse_label=old.reverse_label if reverse is None else reverse,
            description=old.description if text is None else text or None,
            color_index=old.color_index if color_index is None else color_index,
        )
        if new != old:
            if new.is_symmetric is not old.is_symmetric:
                _change_direction(store, old, new)
            store.relationship_types.save(new, updated_by=updated_by)
        return new

    return record(access, f"Edit type {known.name if known else id}", update)


def delete_relationship_type(access: Access, id: str) -> Done[None]:
    """Delete a type. Raises InvalidInput when there is none, the program needs it, or
    relationships use it."""
    known = get_relationship_type(access, id)

    def delete(store: UnitOfWork) -> None:
        type_ = store.relationship_types.get(id)
        if type_ is None:
            raise InvalidInput(f"There is no relationship type “{id}” (any more).")
        if type_.is_system:
            raise InvalidInput(
                f"“{type_.name}” is needed to find relationships and cannot be deleted."
            )
        uses = store.relationship_types.uses()[id]
        if uses:
            counted = "1 relationship uses" if uses == 1 else f"{uses:,} relationships use"
            raise InvalidInput(
                f"{counted} “{type_.name}”. Delete them or change their type before you delete it."
            )
        store.relationship_types.delete(id)

    return record(access, f"Delete type {known.name if known else id}", delete)


def entity_kind(value: EntityKind | str) -> EntityKind:
    """The kind of this name. Raises InvalidInput when it is neither contact nor company."""
    try:
        return EntityKind(value)
    except ValueError:
        raise InvalidInput(
            f"“{value}” is no kind of end for a relationship. Choose contact or company."
        ) from None


def _change_direction(store: UnitOfWork, old: RelationshipType, new: RelationshipType) -> None:
    """Let the stored pairs follow labels that become, or no longer are, the same on both sides."""
    uses = store.relationship_types.uses()[old.id]
    counted = "1 relationship" if uses == 1 else f"{uses:,} relationships"
    if not new.is_symmetric:
        if old.is_system:
            raise InvalidInput(f"“{old.name}” has no direction: its two labels must be the same.")
        if uses:
            raise InvalidInput(
                f"“{old.name}” has no direction, so of {counted} nobody knows which side is which. "
                "Create a type with two labels and change their type."
            )
        return
    mutual = store.relationship_types.mutual(old.id)
    if mutual:
        first, second = mutual[0]
        others = "" if len(mutual) == 1 else f", and {len(mutual):,} pairs in all,"
        raise InvalidInput(
            f"{first} and {second}{others} are related by “{old.name}” in both directions, which "
            "one label for both sides cannot tell apart. Delete one of the two first."
        )
    store.relationship_types.put_lower_end_first(old.id)


def _label(text: str) -> str:
    return within(one_line(text), MAX_NAME, "The label")


def _description(text: str | None) -> str:
    return within(paragraphs(text or ""), MAX_DESCRIPTION, "The description")


def _check_color(color_index: int | None) -> None:
    if color_index is not None and not 0 <= color_index <= 11:
        raise InvalidInput(f"The colour must be from 0 to 11; it was {color_index}.")


def _check_user(store: UnitOfWork, user_id: int | None) -> None:
    if user_id is not None and not store.relationship_types.knows_user(user_id):
        raise InvalidInput(f"There is no user {user_id}.")
