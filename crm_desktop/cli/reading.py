"""Commands that find and show relationships, the people who matter, and words."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from crm_desktop.base.errors import UserError
from crm_desktop.cli.group import cli
from crm_desktop.cli.output import (
    LARGEST_INTEGER,
    Target,
    as_json,
    iso_time,
    print_json,
    print_table,
    progress,
)

if TYPE_CHECKING:
    from crm_desktop.domain.interactions import FeatureReport, TopRelationships
    from crm_desktop.domain.relationships import InferenceReport, Relationship


def _number(context: click.Context, parameter: click.Parameter, value: float | None) -> Any:
    """An option's value, refused when it is no number: that lies in no range, and passes all."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is not a number.", context, parameter)
    return value


@cli.command("infer-relationships")
@as_json
@click.pass_obj
def infer_command(target: Target, json_: bool) -> None:
    """Find who knows whom from shared conversations."""
    from crm_desktop.services.inference import infer_relationships

    with target.open() as access, progress() as ctx:
        report = infer_relationships(access, ctx=ctx)
    _print_report(report, json_)


def _print_report(report: InferenceReport | FeatureReport, json_: bool) -> None:
    """The counts of a run."""
    counts = {key: value for key, value in asdict(report).items() if key != "changes"}
    if json_:
        print_json(counts)
        return
    for key, value in counts.items():
        click.echo(f"{key.replace('_', ' ')}: {value:,}")


@cli.command("show-relationships")
@click.option("--contact", help="Only those of the person with this address.")
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
    from crm_desktop.services.contacts import contact_with_address
    from crm_desktop.services.refresh import refresh_derived
    from crm_desktop.services.relationship_types import list_relationship_types
    from crm_desktop.services.relationships import load_relationships, same_person

    with target.open() as access, progress() as ctx:
        refresh_derived(access, ctx=ctx)
        contact_id = contact_with_address(access, contact) if contact else None
        type_id = None
        if type_name:
            types = {type_.name.casefold(): type_.id for type_ in list_relationship_types(access)}
            if type_name.casefold() not in types:
                known = ", ".join(type_.upper() for type_ in sorted(types))
                raise UserError(f"There is no type “{type_name}”. There are: {known}.")
            type_id = types[type_name.casefold()]
        same = frozenset() if contact_id is None else same_person(access, contact_id)
        relationships = load_relationships(
            access,
            contact_id=contact_id,
            min_strength=min_strength,
            relationship_type_id=type_id,
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
        ("From", "Label", "To", "Source", "Strength", "Conversations", "Messages", "Last"),
        (
            (
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


@cli.command("list-relationship-types")
@as_json
@click.pass_obj
def list_types_command(target: Target, json_: bool) -> None:
    """List the relationship types with the label for each side."""
    from crm_desktop.services.relationship_types import list_relationship_types

    with target.open() as access:
        types = list_relationship_types(access)
    if json_:
        print_json([asdict(type_) for type_ in types])
        return
    print_table(
        ("Name", "From", "To", "Forward label", "Reverse label", "System"),
        (
            (
                t.name,
                t.from_entity_type.value,
                t.to_entity_type.value,
                t.forward_label,
                t.reverse_label,
                "yes" if t.is_system else "no",
            )
            for t in types
        ),
    )


@cli.command("aggregate-features")
@as_json
@click.pass_obj
def aggregate_command(target: Target, json_: bool) -> None:
    """Measure contact between every pair of people and score it."""
    from crm_desktop.services.interactions import aggregate_features

    with target.open() as access, progress() as ctx:
        report = aggregate_features(access, ctx=ctx)
    _print_report(report, json_)


@cli.command("top")
@click.option("--window", default="90d", show_default=True, help="How far to look back.")
@click.option("--limit", default=50, show_default=True, type=int)
@click.option("--offset", default=0, show_default=True, type=int)
@click.option("--person", help="Whose view, by address; else your own.")
@as_json
@click.pass_obj
def top_command(
    target: Target, window: str, limit: int, offset: int, person: str | None, json_: bool
) -> None:
    """Who matters most now."""
    from crm_desktop.domain.interactions import InvalidPage
    from crm_desktop.services.contacts import contact_with_address
    from crm_desktop.services.instant import newest_message_at
    from crm_desktop.services.refresh import refresh_derived
    from crm_desktop.services.top import top_relationships

    if offset > LARGEST_INTEGER:
        raise InvalidPage(
            f"The offset is too large. Give one of 0 or more, up to {LARGEST_INTEGER}."
        )
    with target.open() as access, progress() as ctx:
        refresh_derived(access, ctx=ctx)
        top = top_relationships(
            access,
            self_person_id=contact_with_address(access, person) if person else None,
            window=window,
            limit=limit,
            offset=offset,
        )
        newest = None if top.total_count else newest_message_at(access)
    if newest is not None and newest < top.window_start:
        click.echo(
            f"Nobody in this window: the newest message is from {iso_time(newest)}. "
            f"To look back from then, set CRM_DESKTOP_NOW={iso_time(newest)}.",
            err=True,
        )
    if json_:
        print_json(_top_json(top))
        return
    print_table(
        ("", "Name", "Organization", "Score", "Last contact", "Address"),
        (
            (
                offset + index,
                r.display_name,
                r.organization,
                f"{r.score:.1f}",
                iso_time(r.last_contact_at),
                r.emails[0] if r.emails else "",
            )
            for index, r in enumerate(top.relationships, start=1)
        ),
    )


def _top_json(top: TopRelationships) -> dict[str, object]:
    return {
        "relationships": [
            {
                "person_id": r.person_id,
                "score": round(r.score, 2),
                "last_contact_at": iso_time(r.last_contact_at),
                "display_name": r.display_name,
                "organization": r.organization,
                "emails": list(r.emails),
                "phones": list(r.phones),
            }
            for r in top.relationships
        ],
        "window_start": iso_time(top.window_start),
        "window_end": iso_time(top.window_end),
        "total_count": top.total_count,
    }


@cli.command("search")
@click.argument("query")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500))
@as_json
@click.pass_obj
def search_command(target: Target, query: str, limit: int, json_: bool) -> None:
    """Find people, companies and conversations by their words."""
    from crm_desktop.services.search import search

    with target.open() as access:
        results = search(access, query, limit=limit)
    if json_:
        print_json(
            [
                {
                    "kind": h.kind.value,
                    "id": h.id,
                    "title": h.title,
                    "subtitle": h.subtitle,
                    "why": h.why,
                }
                for h in results.hits
            ]
        )
        return
    print_table(
        ("Kind", "Found", "", "Why"),
        ((h.kind.value, h.title, h.subtitle, h.why) for h in results.hits),
    )
