"""The group that all commands belong to."""

from __future__ import annotations

from pathlib import Path

import click

from crm_desktop import __version__
from crm_desktop.base import paths
from crm_desktop.cli.output import GivenPath, Target, in_data_folder


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--db",
    type=GivenPath(),
    help="The database file; by default the one in your data folder.",
)
@click.version_option(__version__)
@click.pass_context
def cli(context: click.Context, db: Path | None) -> None:
    """Who matters to you, from the mail and contacts you already have.

    Without a command the window opens.
    """
    context.obj = Target(db or in_data_folder(paths.default_database))
