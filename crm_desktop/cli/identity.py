"""Commands that find people who are here twice, and make them one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm_desktop.cli.group import cli
from crm_desktop.cli.output import (
    Target,
    as_json,
    iso_time,
    print_json,
    print_table,
    progress,
    visible,
)

if TYPE_CHECKING:
    from crm_desktop.domain.duplicates import DuplicateGroup, DuplicateMember


@cli.command("duplicates")
@click.option("--limit", type=click.IntRange(1), help="Only so many groups, the likeliest.")
@as_json
@click.pass_obj
def duplicates_command(target: Target, limit: int | None, json_: bool) -> None:
    """List people who are likely here twice, the likeliest first.

    “merge” makes the members of a group one person.
    """
    from crm_desktop.services.identity_review import duplicate_groups

    with target.open() as access, progress() as ctx:
        groups = duplicate_groups(access, ctx=ctx)
    shown = groups if limit is None else groups[:limit]
    if json_:
        print_json([_group_json(group) for group in shown])
        return
    print_table(
        ("Group", "Why", "Id", "Name", "Addresses", "Company", "Sent", "Last"),
        (
            (
                place if is_first else None,
                _why(group) if is_first else None,
                member.contact_id,
                member.name,
                ", ".join((*member.emails, *member.phones)),
                member.organization,
                member.message_count,
                iso_time(member.last_message_at),
            )
            for place, group in enumerate(shown, 1)
            for member in group.members
            for is_first in (member is group.members[0],)
        ),
    )
    if len(shown) < len(groups):
        left = len(groups) - len(shown)
        are = "group is" if left == 1 else "groups are"
        click.echo(f"{left:,} more {are} left out by --limit.", err=True)


def _why(group: DuplicateGroup) -> str:
    from crm_desktop.domain.duplicates import reason_words

    return reason_words(group.reasons)


def _group_json(group: DuplicateGroup) -> dict[str, object]:
    return {
        "score": round(group.score, 4),
        "reasons": sorted(reason.value for reason in group.reasons),
        "people": [_member_json(member) for member in group.members],
    }


def _member_json(member: DuplicateMember) -> dict[str, object]:
    return {
        "id": member.contact_id,
        "name": member.name,
        "emails": list(member.emails),
        "phones": list(member.phones),
        "organization": member.organization,
        "messages_sent": member.message_count,
        "last_message_at": iso_time(member.last_message_at),
    }


@cli.command("merge")
@click.argument("keep", metavar="KEEP")
@click.argument("others", metavar="OTHER…", nargs=-1, required=True)
@as_json
@click.pass_obj
def merge_command(target: Target, keep: str, others: tuple[str, ...], json_: bool) -> None:
    """Make several contacts one person: KEEP, who is given everything of the OTHERs.

    Each is an address, an id or a whole name. Addresses, messages, relationships and notes move
    over, and where two say different things, both are kept.
    """
    from crm_desktop.domain.relationships import EntityKind
    from crm_desktop.services.identity_review import review_members
    from crm_desktop.services.merging import merge_contacts
    from crm_desktop.services.picking import find_entity

    with target.open() as access:
        into = find_entity(access, EntityKind.CONTACT, keep)
        ids = [find_entity(access, EntityKind.CONTACT, other) for other in others]
        names = {member.contact_id: member.name for member in review_members(access, ids)}
        merge_contacts(access, into, ids)
        [kept] = review_members(access, [into])
    gone = [id_ for id_ in dict.fromkeys(ids) if id_ != into]
    if json_:
        print_json({"kept": _member_json(kept), "merged": gone})
        return
    whom = ", ".join(f"{names[id_]} ({id_})" for id_ in gone)
    has = ", ".join((*kept.emails, *kept.phones)) or "no address"
    click.echo(visible(f"Merged {whom} into {kept.name} ({into}), who now has {has}."))
