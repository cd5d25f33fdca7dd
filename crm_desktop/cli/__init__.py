"""The command line: every command is a thin reading of one service."""

from __future__ import annotations

from collections.abc import Sequence

import click

from crm_desktop.base import log, streams
from crm_desktop.base.errors import UserError
from crm_desktop.cli import crmextender, identity, importing, reading, relating, upkeep
from crm_desktop.cli.group import cli
from crm_desktop.cli.output import EXIT_FAULT, EXIT_USER, visible

__all__ = ["cli", "crmextender", "identity", "importing", "main", "reading", "relating", "upkeep"]


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of a command: 0, 1 for the world's faults, 2 for wrong usage, 70 for ours."""
    streams.make_printable()
    try:
        log.configure(to_stderr=True)
        result = cli.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="crm-desktop",
            standalone_mode=False,
        )
    except UserError as error:
        click.echo(visible(str(error)), err=True)
        return EXIT_USER
    except click.exceptions.Abort:
        click.echo("Stopped. What was read so far is kept; the same command goes on.", err=True)
        return EXIT_USER
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (BrokenPipeError, SystemExit):
        # The reader of our output (head, a pager) has seen enough; click turns that into an exit.
        streams.drop_output()
        return 0
    except Exception as error:
        problem = streams.output_problem(error) if isinstance(error, OSError) else None
        if problem is not None:
            click.echo(problem, err=True)
            return EXIT_USER
        reference = log.report(error)
        click.echo(
            f"Something went wrong inside the program. Your data is safe; the log has the "
            f"details under {reference}.",
            err=True,
        )
        return EXIT_FAULT
    return result if isinstance(result, int) else 0
