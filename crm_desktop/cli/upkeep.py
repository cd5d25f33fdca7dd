"""Commands that look after the database, and the sample life."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm_desktop.base import paths, preflight
from crm_desktop.cli.group import cli
from crm_desktop.cli.output import (
    EXIT_USER,
    GivenPath,
    Target,
    as_json,
    in_data_folder,
    print_json,
    progress,
    visible,
)

if TYPE_CHECKING:
    from pathlib import Path


@cli.command("check")
@as_json
@click.pass_context
def check_command(context: click.Context, json_: bool) -> int:
    """Check that the database is whole and consistent."""
    from crm_desktop.services.check import check_database

    with context.obj.open() as access, progress() as ctx:
        report = check_database(access, ctx=ctx)
    if json_:
        print_json({"ok": report.is_clean, "problems": list(report.problems)})
    elif not report.is_clean:
        for problem in report.problems:
            click.echo(visible(problem))
    else:
        click.echo("The database is whole and consistent.")
    return 0 if report.is_clean else EXIT_USER


@cli.command("backup")
@click.argument("path", type=GivenPath())
@click.pass_obj
def backup_command(target: Target, path: Path) -> None:
    """Copy the database, checked, to PATH."""
    from crm_desktop.services.backup import backup_database

    with target.open() as access:
        backup_database(access, path)
    click.echo(f"Backed up to {visible(str(path))}.")


@cli.command("demo")
@click.option("--no-window", is_flag=True, help="Write the sample and do not open it.")
@click.pass_context
def demo_command(context: click.Context, no_window: bool) -> int:
    """Write a sample life into a database of its own and open it."""
    from crm_desktop.services.demo import create_demo

    group = context.parent
    named = group.params.get("db") if group is not None else None
    target = named or in_data_folder(paths.sample_database)
    with progress() as ctx:
        path = create_demo(target, ctx=ctx)
    click.echo(f"The sample life is in {visible(str(path))}.")
    if no_window:
        return 0
    problem = preflight.check()
    if problem is not None:
        # As it is: its last line is to be copied.
        click.echo(problem, err=True)
        return EXIT_USER
    from crm_desktop.app import run

    return run(database=path)
