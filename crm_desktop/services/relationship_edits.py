"""What a person does to relationships: entering, changing, judging and deleting them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.changes import KEEP, Done, Keep
from crm_desktop.domain.relationships import (
    Decision,
    EntityKind,
    RelationshipSource,
    RelationshipType,
)
from crm_desktop.domain.spans import check_span, partial_date
from crm_desktop.domain.wording import paragraphs, within
from crm_desktop.services.relationship_notes import add_note, edit_note, note_text, remove_note
from crm_desktop.services.relationships import SamePeople
from crm_desktop.services.undo import record

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.model.relationships import RelationshipEnds
    from crm_desktop.services.access import Access

__all__ = [
    "add_note",
    "confirm_relationships",
    "create_relationship",
    "delete_relationships",
    "edit_note",
    "reject_relationships",
    "remove_note",
    "retype_relationships",
    "update_relationship",
]

MAX_DESCRIPTION = 2_000
NAMED = 3
"""How many relationships a refusal names before it only counts."""

GONE = "This relationship is no longer there."


def create_relationship(
    access: Access,
    relationship_type_id: str,
    from_entity_id: int,
    to_entity_id: int,
    *,
    description: str | None = None,
    attitude: int | None = None,
    proximity: int | None = None,
    started_on: str | None = None,
    ended_on: str | None = None,
    note: str | None = None,
) -> Done[int]:
    """The id of a new relationship between ends of the kinds that its type names.

    `attitude` and `proximity` are 1-5; dates are 2020, 2020-02 or 2020-02-29. What was found in
    conversations before becomes this one and keeps its id. Raises InvalidInput, in words for the
    person, for ends that are gone or one and the same, and for what is there already.
    """
    fields = {
        "description": _description(description),
        **_measures(attitude, proximity),
        **_dates(started_on, ended_on),
    }
    content = None if note is None or not note.strip() else note_text(note)

    def create(store: UnitOfWork) -> int:
        type_ = _type(store, relationship_type_id)
        people = SamePeople(store)
        ends = _ends(type_, from_entity_id, to_entity_id)
        _check_ends(store, people, type_, *ends)
        found = _between(store, people, type_, *ends)
        inferred = [row for row in found if row.source is RelationshipSource.INFERRED]
        if len(inferred) < len(found):
            there = next(row for row in found if row not in inferred)
            raise InvalidInput(_already_there(store, there.id))
        if inferred:
            relationship_id = inferred[0].id
            store.relationships.claim(relationship_id, **fields)
        else:
            relationship_id = store.relationships.add(
                type_.id, *ends, source=RelationshipSource.MANUAL
            )
            store.relationships.update(relationship_id, **fields)
        if store.relationships.decision(type_.id, *ends) is Decision.REJECTED:
            store.relationships.forget_decision(type_.id, *ends)
        if content is not None:
            store.relationships.notes.add(relationship_id, content)
        return relationship_id

    return record(access, "Add relationship", create)


def update_relationship(
    access: Access,
    id: int,
    *,
    description: str | Keep | None = KEEP,
    attitude: int | Keep | None = KEEP,
    proximity: int | Keep | None = KEEP,
    started_on: str | Keep | None = KEEP,
    ended_on: str | Keep | None = KEEP,
) -> Done[None]:
    """Change what a person says of a relationship, whoever found it. None clears a field.

    Raises InvalidInput for values out of range, impossible dates, and when it is gone.
    """

    def update(store: UnitOfWork) -> None:
        detail = store.relationships.detail(id)
        if detail is None:
            raise InvalidInput(GONE)
        row = detail.relationship
        old = {
            "description": row.description,
            "attitude": row.attitude,
            "proximity": row.proximity,
            "started_on": detail.started_on,
            "ended_on": detail.ended_on,
        }
        new = {
            "description": row.description if description is KEEP else _description(description),
            **_measures(
                row.attitude if attitude is KEEP else attitude,
                row.proximity if proximity is KEEP else proximity,
            ),
            **_dates(
                detail.started_on if started_on is KEEP else started_on,
                detail.ended_on if ended_on is KEEP else ended_on,
            ),
        }
        changed = {name: value for name, value in new.items() if value != old[name]}
        if changed:
            store.relationships.update(id, **changed)

    return record(access, "Edit relationship", update)


def retype_relationships(
    access: Access, ids: Collection[int], relationship_type_id: str
) -> Done[int]:
    """How many relationships were given another type: all of them, or none and InvalidInput.

    They must fit the type's kinds of ends, which are swapped where only that fits, and must not
    be there already. What was found or imported becomes the person's own, and does not come back
    as what it was.
    """

    def retype(store: UnitOfWork) -> int:
        type_ = _type(store, relationship_type_id)
        rows = _existing(store, ids)
        people = SamePeople(store)
        misfits: list[int] = []
        doubles: list[int] = []
        moved = [row for row in rows if row.type_id != type_.id]
        for row in moved:
            ends = _fitting_ends(type_, row)
            if ends is None:
                misfits.append(row.id)
            elif others := _between(store, people, type_, *ends):
                doubles.append(others[0].id)
            else:
                _retype(store, row, type_, ends)
        if misfits:
            raise InvalidInput(
                f"{_named(store, misfits)} cannot be of the type “{type_.name}”: it is from "
                f"{_noun(type_.from_entity_type)} to {_noun(type_.to_entity_type)}. "
                "Choose another type."
            )
        if doubles:
            raise InvalidInput(
                f"{_named(store, doubles)} would be there twice. Nothing was changed; "
                "leave out what is there already, or delete one of the two."
            )
        return len(moved)

    return record(access, _label("Change type of", ids), retype)


def delete_relationships(access: Access, ids: Collection[int]) -> Done[int]:
    """How many relationships were deleted, with their notes; an imported one stays away from then
    on. Raises InvalidInput, and deletes none, when one of them was found in conversations."""

    def delete(store: UnitOfWork) -> int:
        rows = _existing(store, ids)
        inferred = [row.id for row in rows if row.source is RelationshipSource.INFERRED]
        if inferred:
            pronoun = "it" if len(inferred) == 1 else "them"
            raise InvalidInput(
                f"{_named(store, inferred)} was found in conversations and would come back. "
                f"Reject {pronoun} instead."
            )
        for row in rows:
            triple = (row.type_id, row.from_entity_id, row.to_entity_id)
            if row.source is RelationshipSource.IMPORTED:
                store.relationships.decide(*triple, Decision.REJECTED)
            else:
                store.relationships.forget_decision(*triple)
        store.relationships.delete([row.id for row in rows])
        return len(rows)

    return record(access, _label("Delete", ids), delete)


def confirm_relationships(access: Access, ids: Collection[int]) -> Done[int]:
    """How many of these were found in conversations and are now the person's own, without
    measures. Raises InvalidInput when none of them was found."""

    def confirm(store: UnitOfWork) -> int:
        rows = _inferred(_existing(store, ids))
        if not rows:
            raise InvalidInput(
                "Only what was found in conversations can be confirmed; this was entered or "
                "imported."
            )
        for row in rows:
            store.relationships.claim(row.id)
            store.relationships.decide(
                row.type_id, row.from_entity_id, row.to_entity_id, Decision.CONFIRMED
            )
        return len(rows)

    return record(access, _label("Confirm", ids), confirm)


def reject_relationships(access: Access, ids: Collection[int]) -> Done[int]:
    """How many relationships went and stay away, whatever conversations say. Raises InvalidInput,
    and rejects none, when one of them was entered or imported: those are deleted."""

    def reject(store: UnitOfWork) -> int:
        rows = _existing(store, ids)
        others = [row.id for row in rows if row.source is not RelationshipSource.INFERRED]
        if others:
            raise InvalidInput(
                f"{_named(store, others)} was entered or imported, not found in conversations. "
                f"Delete {'it' if len(others) == 1 else 'them'} instead."
            )
        for row in rows:
            store.relationships.decide(
                row.type_id, row.from_entity_id, row.to_entity_id, Decision.REJECTED
            )
        store.relationships.delete([row.id for row in rows])
        return len(rows)

    return record(access, _label("Reject", ids), reject)


def _description(text: str | None) -> str | None:
    return within(paragraphs(text or ""), MAX_DESCRIPTION, "The description") or None


def _measures(attitude: int | None, proximity: int | None) -> dict[str, str | int | None]:
    for value, name in ((attitude, "attitude"), (proximity, "proximity")):
        if value is not None and value not in range(1, 6):
            raise InvalidInput(f"The {name} must be from 1 to 5; it was {value}.")
    return {"attitude": attitude, "proximity": proximity}


def _dates(started_on: str | None, ended_on: str | None) -> dict[str, str | int | None]:
    started, ended = partial_date(started_on, "start"), partial_date(ended_on, "end")
    check_span(started, ended)
    return {"started_on": started, "ended_on": ended}


def _type(store: UnitOfWork, type_id: str) -> RelationshipType:
    type_ = store.relationship_types.get(type_id)
    if type_ is None:
        raise InvalidInput(f"There is no relationship type “{type_id}” (any more).")
    return type_


def _existing(store: UnitOfWork, ids: Collection[int]) -> list[RelationshipEnds]:
    rows = store.relationships.ends(ids)
    if not rows:
        raise InvalidInput(
            GONE if len(ids) == 1 else "None of these relationships is there any more."
        )
    return rows


def _inferred(rows: Sequence[RelationshipEnds]) -> list[RelationshipEnds]:
    return [row for row in rows if row.source is RelationshipSource.INFERRED]


def _ends(type_: RelationshipType, from_id: int, to_id: int) -> tuple[int, int]:
    """The ends in the order in which they are stored."""
    return (to_id, from_id) if type_.is_symmetric and from_id > to_id else (from_id, to_id)


def _fitting_ends(type_: RelationshipType, row: RelationshipEnds) -> tuple[int, int] | None:
    kinds = (row.from_entity_type, row.to_entity_type)
    if kinds == (type_.from_entity_type, type_.to_entity_type):
        return _ends(type_, row.from_entity_id, row.to_entity_id)
    if kinds == (type_.to_entity_type, type_.from_entity_type):
        return _ends(type_, row.to_entity_id, row.from_entity_id)
    return None


def _check_ends(
    store: UnitOfWork, people: SamePeople, type_: RelationshipType, from_id: int, to_id: int
) -> None:
    store.relationships.check_ends(type_, from_id, to_id)
    is_of_people = type_.from_entity_type is type_.to_entity_type is EntityKind.CONTACT
    if is_of_people and to_id in people.of(EntityKind.CONTACT, from_id):
        raise InvalidInput(
            "These two count as the same person, and nobody is related to themselves. "
            "If they are two people, say so on the card first."
        )


def _between(
    store: UnitOfWork, people: SamePeople, type_: RelationshipType, from_id: int, to_id: int
) -> list[RelationshipEnds]:
    """The relationships of a type that there are between two ends, or whoever counts as them."""
    first = people.of(type_.from_entity_type, from_id)
    second = people.of(type_.to_entity_type, to_id)
    found = store.relationships.between(type_.id, first, second)
    if type_.is_symmetric:
        found += store.relationships.between(type_.id, second, first)
    return store.relationships.ends(found) if found else []


def _retype(
    store: UnitOfWork, row: RelationshipEnds, type_: RelationshipType, ends: tuple[int, int]
) -> None:
    old = (row.type_id, row.from_entity_id, row.to_entity_id)
    is_own = row.source is RelationshipSource.MANUAL
    if not is_own or store.relationships.decision(*old) is Decision.CONFIRMED:
        store.relationships.decide(*old, Decision.REJECTED)
    if store.relationships.decision(type_.id, *ends) is Decision.REJECTED:
        store.relationships.forget_decision(type_.id, *ends)
    store.relationships.claim(
        row.id,
        relationship_type_id=type_.id,
        from_entity_type=str(type_.from_entity_type),
        from_entity_id=ends[0],
        to_entity_type=str(type_.to_entity_type),
        to_entity_id=ends[1],
    )


def _already_there(store: UnitOfWork, relationship_id: int) -> str:
    return f"{_named(store, [relationship_id])} is already there. Change that one instead."


def _named(store: UnitOfWork, ids: Sequence[int]) -> str:
    """Some relationships in words: “Ada knows Bob”, “Acme employs Bob” and 3 more."""
    found = (store.relationships.get(id_) for id_ in ids[:NAMED])
    shown = ", ".join(f"“{row.sentence}”" for row in found if row is not None)
    return f"{shown} and {len(ids) - NAMED:,} more" if len(ids) > NAMED else shown


def _noun(kind: EntityKind) -> str:
    return "a person" if kind is EntityKind.CONTACT else "a company"


def _label(verb: str, ids: Collection[int]) -> str:
    return f"{verb} relationship" if len(ids) == 1 else f"{verb} {len(ids):,} relationships"
