"""Commands that work out relationships, and show the people who matter and where words stand."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm_desktop.base.errors import InvalidInput
from crm_desktop.cli.group import cli
from crm_desktop.cli.output import (
    LARGEST_INTEGER,
    GivenPath,
    Target,
    as_json,
    iso_time,
    print_json,
    print_table,
    progress,
    visible,
)

if TYPE_CHECKING:
    from crm_desktop.domain.interactions import FeatureReport, TopRelationships
    from crm_desktop.domain.relationships import InferenceReport
    from crm_desktop.domain.top import TopFilter
    from crm_desktop.services.access import DirectAccess


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
@click.option("--company", help="Only people of this company: a domain, an id or a whole name.")
@click.option("--tag", help="Only people with this tag.")
@click.option("--type", "type_name", help="Only people with a relationship of this type.")
@click.option(
    "--csv",
    "csv_path",
    type=GivenPath(),
    metavar="FILE",
    help="Write everyone, whatever the limit, to a file for spreadsheets.",
)
@as_json
@click.pass_obj
def top_command(
    target: Target,
    window: str,
    limit: int,
    offset: int,
    person: str | None,
    company: str | None,
    tag: str | None,
    type_name: str | None,
    csv_path: Path | None,
    json_: bool,
) -> None:
    """Who matters most now."""
    from crm_desktop.domain.interactions import InvalidPage
    from crm_desktop.services.contacts import contact_with_address
    from crm_desktop.services.instant import newest_message_at
    from crm_desktop.services.refresh import refresh_derived
    from crm_desktop.services.top import top_relationships
    from crm_desktop.services.top_table import export_top

    if offset > LARGEST_INTEGER:
        raise InvalidPage(
            f"The offset is too large. Give one of 0 or more, up to {LARGEST_INTEGER}."
        )
    with target.open() as access, progress() as ctx:
        refresh_derived(access, ctx=ctx)
        owner = contact_with_address(access, person) if person else None
        wanted = _wanted(access, company, tag, type_name)
        if csv_path is not None:
            count = export_top(
                access, csv_path, self_person_id=owner, window=window, wanted=wanted, ctx=ctx
            )
            _print_exported(csv_path, count, json_)
            return
        top = top_relationships(
            access, self_person_id=owner, window=window, limit=limit, offset=offset, wanted=wanted
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


def _wanted(
    access: DirectAccess, company: str | None, tag: str | None, type_name: str | None
) -> TopFilter:
    """Whom the list is to show. Raises InvalidInput for what there is not."""
    from crm_desktop.cli.relating import type_named
    from crm_desktop.domain.relationships import EntityKind
    from crm_desktop.domain.top import TopFilter
    from crm_desktop.services.picking import find_entity
    from crm_desktop.services.top_scope import types_between_people

    company_id = find_entity(access, EntityKind.COMPANY, company) if company else None
    type_ = type_named(access, type_name) if type_name else None
    if type_ is not None and type_ not in (known := types_between_people(access)):
        names = ", ".join(each.name for each in known)
        raise InvalidInput(f"“{type_.name}” is not between two people. There are: {names}.")
    return TopFilter(company_id, tag or None, None if type_ is None else type_.id)


def _print_exported(path: Path, count: int, json_: bool) -> None:
    if json_:
        print_json({"path": str(path), "rows": count})
    else:
        people = "1 person" if count == 1 else f"{count:,} people"
        click.echo(visible(f"Wrote {people} to {path}."))


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
