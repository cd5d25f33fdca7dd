"""Commands that bring data in and take it back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

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
    from crm_desktop.domain.imports import ImportReport

SHOWN_REJECTS = 20


@cli.command("import")
@click.argument("sources", nargs=-1, required=True, type=GivenPath())
@click.option(
    "--format",
    "format_",
    help="mbox, maildir, eml, takeout, vcard or crmextender; else recognised.",
)
@click.option("--self", "self_email", help="Your own address, so that we know whose view it is.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--keep-text", is_flag=True, help="Keep full message texts, not only previews.")
@as_json
@click.pass_obj
def import_command(
    target: Target,
    sources: tuple[Path, ...],
    format_: str | None,
    self_email: str | None,
    dry_run: bool,
    keep_text: bool,
    json_: bool,
) -> None:
    """Read mail archives and address books."""
    from crm_desktop.services.imports import import_paths
    from crm_desktop.services.refresh import refresh_derived

    with target.open() as access, progress() as ctx:
        report = import_paths(
            access,
            sources,
            format=format_,
            self_email=self_email,
            dry_run=dry_run,
            keep_text=keep_text,
            ctx=ctx,
        )
        if not dry_run:
            refresh_derived(access, ctx=ctx)
    if json_:
        print_json(_import_json(report))
    else:
        _print_import(report, dry_run)


def _import_json(report: ImportReport) -> dict[str, object]:
    return {
        "read": report.read,
        "imported": report.imported,
        "duplicates": report.duplicates,
        "rejected": [{"where": r.where, "reason": r.reason} for r in report.rejected],
        "contacts": report.contacts,
        "conversations": report.conversations,
    }


def _print_import(report: ImportReport, dry_run: bool) -> None:
    click.echo(
        f"{'Would read' if dry_run else 'Read'} {report.read:,}: {report.imported:,} new, "
        f"{report.duplicates:,} already here, {len(report.rejected):,} not readable; "
        f"{report.contacts:,} new contacts in {report.conversations:,} new conversations."
    )
    for reject in report.rejected[:SHOWN_REJECTS]:
        click.echo(visible(f"  {reject.where}: {reject.reason}"))
    if len(report.rejected) > SHOWN_REJECTS:
        more = len(report.rejected) - SHOWN_REJECTS
        click.echo(f"  … and {more:,} more; see the Jobs page of the window, or use --json.")


@cli.command("imports")
@as_json
@click.pass_obj
def imports_command(target: Target, json_: bool) -> None:
    """List past imports."""
    from crm_desktop.services.imports import list_imports

    with target.open() as access:
        records = list_imports(access)
    if json_:
        rows = [
            asdict(record)
            | {
                "started_at": iso_time(record.started_at),
                "finished_at": iso_time(record.finished_at),
            }
            for record in records
        ]
        print_json(rows)
        return
    print_table(
        ("Id", "Source", "Path", "Started", "Read", "New", "Duplicates", "Not readable"),
        (
            (
                r.id,
                r.source,
                r.path,
                iso_time(r.started_at),
                r.read,
                r.imported,
                r.duplicates,
                r.rejected,
            )
            for r in records
        ),
    )


@cli.command("remove-import")
@click.argument("import_id", type=click.IntRange(0, LARGEST_INTEGER))
@click.pass_obj
def remove_import_command(target: Target, import_id: int) -> None:
    """Take an import back as a whole."""
    from crm_desktop.services.refresh import refresh_derived
    from crm_desktop.services.removal import remove_import

    with target.open() as access, progress() as ctx:
        remove_import(access, import_id, ctx=ctx)
        refresh_derived(access, ctx=ctx)
    click.echo("The import is removed.")
