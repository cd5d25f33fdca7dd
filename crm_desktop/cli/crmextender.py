"""The command for databases of CRMExtender."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm_desktop.base.errors import UserError
from crm_desktop.cli.group import cli
from crm_desktop.cli.output import GivenPath, as_json, print_json, print_table, visible

if TYPE_CHECKING:
    from crm_desktop.domain.crmextender import MigrationReport


@cli.command("migrate-to-v4")
@click.option("--db", type=GivenPath(), help="The CRMExtender database, a file of version 3.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@as_json
@click.pass_context
def migrate_command(context: click.Context, db: Path | None, dry_run: bool, json_: bool) -> None:
    """Bring a CRMExtender database of version 3 to version 4.

    The file as it was is kept beside it. Custom kinds of relationships become types.
    """
    from crm_desktop.services.crmextender import migrate_to_v4

    group = context.parent
    path = db or (group.params.get("db") if group is not None else None)
    if path is None:
        raise UserError("Name the CRMExtender database: migrate-to-v4 --db FILE.")
    report = migrate_to_v4(path, dry_run=dry_run)
    if json_:
        print_json(_as_json(report))
    else:
        _print_report(report)


def _as_json(report: MigrationReport) -> dict[str, object]:
    return {
        "path": str(report.path),
        "dry_run": report.is_dry_run,
        "already_v4": not report.is_needed,
        "migrated": report.is_needed and not report.is_dry_run,
        "backup": None if report.backup is None else str(report.backup),
        "relationships": report.relationships,
        "types": [
            {
                "from_type": moved.text,
                "id": moved.type_id,
                "name": moved.name,
                "forward_label": moved.forward_label,
                "reverse_label": moved.reverse_label,
                "source": str(moved.source),
                "is_new": moved.is_new,
                "relationships": moved.count,
            }
            for moved in report.types
        ],
        "broken_references": report.broken_references,
    }


def _print_report(report: MigrationReport) -> None:
    name = visible(report.path.name)
    if not report.is_needed:
        click.echo(f"“{name}” is of version 4 already. Nothing was changed.")
        return
    verb = "would be" if report.is_dry_run else "is now"
    click.echo(f"“{name}” {verb} of version 4, with {_counted(report.relationships)}.")
    if report.types:
        print_table(
            ("Was", "Is now", "Labels", "Source", "Relationships"),
            (
                (
                    _short(moved.text),
                    f"{_short(moved.name)} ({'new type' if moved.is_new else 'known type'})",
                    f"{_short(moved.forward_label)} / {_short(moved.reverse_label)}",
                    moved.source,
                    moved.count,
                )
                for moved in report.types
            ),
        )
    if report.broken_references:
        click.echo(
            f"{report.broken_references:,} rows refer to rows that are gone; they did so before."
        )
    if report.is_dry_run:
        click.echo(
            "This was a dry run on a copy, which is removed again. The file is as it was; "
            "leave out --dry-run to migrate it."
        )
    else:
        click.echo(f"The file as it was is kept in “{visible(str(report.backup))}”.")


def _counted(count: int) -> str:
    return (
        f"all its {count:,} relationships"
        if count > 1
        else ("its one relationship" if count else "no relationship")
    )


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
