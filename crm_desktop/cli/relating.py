"""Commands that show relationships and their types, and that enter, delete and annotate them."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from crm_desktop.base import clock
from crm_desktop.base.errors import InvalidInput
from crm_desktop.cli.group import cli
from crm_desktop.cli.output import (
    LARGEST_INTEGER,
    Target,
    as_json,
    iso_time,
    print_json,
    print_table,
    progress,
    visible,
)

if TYPE_CHECKING:
    from crm_desktop.domain.relationships import Relationship, RelationshipType
    from crm_desktop.services.access import DirectAccess

_ID = click.IntRange(0, LARGEST_INTEGER)


def _number(context: click.Context, parameter: click.Parameter, value: float | None) -> Any:
    """An option's value, refused when it is no number: that lies in no range, and passes all."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is not a number.", context, parameter)
    return value


@cli.command("show-relationships")
@click.option("--contact", help="Only those of this person: an address, an id or a whole name.")
@click.option(
    "--min-strength",
    type=click.FloatRange(0, 1),
    callback=_number,
    help="Only those at least this strong.",
)
@click.option("--type", "type_name", help="Only those of the type with this name.")
@click.option("--source", type=click.Choice(["manual", "inferred", "imported"]))
@as_json
@click.pass_obj
def show_relationships_command(
    target: Target,
    contact: str | None,
    min_strength: float | None,
    type_name: str | None,
    source: str | None,
    json_: bool,
) -> None:
    """List relationships, strongest first."""
    from crm_desktop.domain.relationships import EntityKind, RelationshipSource
    from crm_desktop.services.picking import find_entity
    from crm_desktop.services.refresh import refresh_derived
    from crm_desktop.services.relationships import load_relationships, same_person

    with target.open() as access, progress() as ctx:
        refresh_derived(access, ctx=ctx)
        contact_id = find_entity(access, EntityKind.CONTACT, contact) if contact else None
        same = frozenset() if contact_id is None else same_person(access, contact_id)
        relationships = load_relationships(
            access,
            contact_id=contact_id,
            min_strength=min_strength,
            relationship_type_id=type_named(access, type_name).id if type_name else None,
            source=RelationshipSource(source) if source else None,
        )

    def read(r: Relationship) -> tuple[str, str, str]:
        """Name, label and name, from the side of the person asked for."""
        if not same or r.starts_at(EntityKind.CONTACT, *same):
            return r.from_name, r.forward_label, r.to_name
        return r.to_name, r.reverse_label, r.from_name

    if json_:
        print_json([_relationship_json(r, read(r)[1]) for r in relationships])
        return
    print_table(
        ("Id", "From", "Label", "To", "Source", "Strength", "Conversations", "Messages", "Last"),
        (
            (
                r.id,
                *read(r),
                r.source.value,
                "" if r.strength is None else f"{r.strength:.2f}",
                r.shared_conversations,
                r.shared_messages,
                iso_time(r.last_interaction),
            )
            for r in relationships
        ),
    )


def _relationship_json(relationship: Relationship, label: str) -> dict[str, object]:
    return {
        "id": relationship.id,
        "type": relationship.type,
        "label": label,
        "from_id": relationship.from_entity_id,
        "from_name": relationship.from_name,
        "to_id": relationship.to_entity_id,
        "to_name": relationship.to_name,
        "source": relationship.source.value,
        "strength": relationship.strength,
        "shared_conversations": relationship.shared_conversations,
        "shared_messages": relationship.shared_messages,
        "first_interaction": iso_time(relationship.first_interaction),
        "last_interaction": iso_time(relationship.last_interaction),
        "description": relationship.description,
    }


def type_named(access: DirectAccess, name: str) -> RelationshipType:
    """The type with this name. Raises InvalidInput, which says which there are."""
    from crm_desktop.services.relationship_types import (
        get_relationship_type_by_name,
        list_relationship_types,
    )

    found = get_relationship_type_by_name(access, name)
    if found is None:
        known = ", ".join(type_.name for type_ in list_relationship_types(access))
        raise InvalidInput(f"There is no type “{name}”. There are: {known}.")
    return found


@cli.command("list-relationship-types")
@as_json
@click.pass_obj
def list_types_command(target: Target, json_: bool) -> None:
    """List the relationship types with the label for each side."""
    from crm_desktop.services.relationship_types import (
        list_relationship_types,
        relationship_type_uses,
    )

    with target.open() as access:
        types = list_relationship_types(access)
        uses = relationship_type_uses(access)
    if json_:
        print_json([asdict(type_) | {"uses": uses[type_.id]} for type_ in types])
        return
    print_table(
        ("Name", "From", "To", "Forward label", "Reverse label", "System", "Uses"),
        (
            (
                t.name,
                t.from_entity_type.value,
                t.to_entity_type.value,
                t.forward_label,
                t.reverse_label,
                "yes" if t.is_system else "no",
                uses[t.id],
            )
            for t in types
        ),
    )


@cli.command("add-relationship")
@click.argument("type_name", metavar="TYPE")
@click.argument("first", metavar="FROM")
@click.argument("second", metavar="TO")
@click.option("--description", help="What the relationship is about.")
@click.option("--attitude", type=int, help="From 1 (very negative) to 5 (very positive).")
@click.option("--proximity", type=int, help="From 1 (distant) to 5 (very close).")
@click.option("--started", metavar="DATE", help="2020, 2020-02 or 2020-02-29.")
@click.option("--ended", metavar="DATE", help="2020, 2020-02 or 2020-02-29.")
@click.option("--note", help="A first note.")
@as_json
@click.pass_obj
def add_relationship_command(
    target: Target,
    type_name: str,
    first: str,
    second: str,
    description: str | None,
    attitude: int | None,
    proximity: int | None,
    started: str | None,
    ended: str | None,
    note: str | None,
    json_: bool,
) -> None:
    """Enter a relationship.

    TYPE is the name of a type that “list-relationship-types” lists. FROM and TO are people or
    companies, as the type says: people by address, id or whole name, companies by domain, id or
    whole name. For example: add-relationship EMPLOYEE "Acme Ltd" ada@example.org
    """
    from crm_desktop.services.relationship_edits import create_relationship
    from crm_desktop.services.relationships import relationship_detail

    with target.open() as access:
        type_ = type_named(access, type_name)
        done = create_relationship(
            access,
            type_.id,
            *_ends(access, type_, first, second),
            description=description,
            attitude=attitude,
            proximity=proximity,
            started_on=started,
            ended_on=ended,
            note=note,
        )
        detail = relationship_detail(access, done.value)
    assert detail is not None
    relationship = detail.relationship
    if json_:
        print_json(_relationship_json(relationship, relationship.forward_label))
    else:
        click.echo(visible(f"Added {relationship.id}: {relationship.sentence}."))


def _ends(
    access: DirectAccess, type_: RelationshipType, first: str, second: str
) -> tuple[int, int]:
    from crm_desktop.services.picking import find_entity

    kinds = type_.from_entity_type, type_.to_entity_type
    try:
        return find_entity(access, kinds[0], first), find_entity(access, kinds[1], second)
    except InvalidInput as error:
        if kinds[0] is kinds[1]:
            raise
        nouns = {"contact": "a person", "company": "a company"}
        raise InvalidInput(
            f"{error} “{type_.name}” is from {nouns[kinds[0]]} to {nouns[kinds[1]]}."
        ) from None


@cli.command("remove-relationship")
@click.argument("ids", metavar="ID…", nargs=-1, required=True, type=_ID)
@click.option(
    "--reject", is_flag=True, help="For what was found in conversations: it stays away for good."
)
@as_json
@click.pass_obj
def remove_relationship_command(
    target: Target, ids: tuple[int, ...], reject: bool, json_: bool
) -> None:
    """Delete relationships that were entered or imported, all of them or none.

    “show-relationships” shows the ids.
    """
    from crm_desktop.services.relationship_edits import delete_relationships, reject_relationships

    with target.open() as access:
        remove = reject_relationships if reject else delete_relationships
        removed = remove(access, ids).value
    if json_:
        print_json({"removed": removed})
    else:
        click.echo(
            "1 relationship is gone." if removed == 1 else f"{removed} relationships are gone."
        )


@cli.command("add-note")
@click.argument("relationship_id", metavar="ID", type=_ID)
@click.argument("text")
@click.option("--date", "date_", metavar="DATE", help="When it was, like 2020-02-29; else now.")
@as_json
@click.pass_obj
def add_note_command(
    target: Target, relationship_id: int, text: str, date_: str | None, json_: bool
) -> None:
    """Put a note on a relationship.

    “show-relationships” shows the ids.
    """
    from crm_desktop.services.relationship_edits import add_note
    from crm_desktop.services.relationships import relationship_detail

    created_at = None if date_ is None else _instant(date_)
    with target.open() as access:
        note_id = add_note(access, relationship_id, text, created_at=created_at).value
        detail = relationship_detail(access, relationship_id)
    assert detail is not None
    if json_:
        note = next(note for note in detail.notes if note.id == note_id)
        print_json(
            {
                "id": note.id,
                "relationship_id": relationship_id,
                "content": note.content,
                "created_at": iso_time(note.created_at),
            }
        )
    else:
        click.echo(visible(f"Noted: {detail.relationship.sentence}."))


def _instant(text: str) -> int:
    try:
        return clock.to_seconds(clock.parse(text))
    except (ValueError, OverflowError):
        raise InvalidInput(
            f"“{text}” is no date that we can read. Write it like 2020-02-29."
        ) from None
