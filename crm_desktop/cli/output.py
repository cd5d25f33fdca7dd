"""What commands share: the open database, progress, JSON and tables."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm_desktop.base.clock import from_seconds, iso
from crm_desktop.base.jobs import JobContext, Progress

if TYPE_CHECKING:
    from crm_desktop.services.access import DirectAccess

EXIT_USER, EXIT_FAULT = 1, 70


@dataclass(frozen=True, slots=True)
class Target:
    """Where a command works."""

    path: Path

    @contextmanager
    def open(self) -> Iterator[DirectAccess]:
        """The database for the length of a block."""
        from crm_desktop.model.database import Database
        from crm_desktop.services.access import DirectAccess

        with closing(Database.open(self.path)) as database:
            yield DirectAccess(database)


def as_json(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option --json."""
    return click.option("--json", "json_", is_flag=True, help="Print JSON instead of a table.")(
        functools.wraps(command)(command)
    )


@contextmanager
def progress() -> Iterator[JobContext]:
    """A context that shows how far a command is, on a terminal's standard error."""
    if not sys.stderr.isatty():
        yield JobContext()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Working", total=None)

        def show(progress: Progress) -> None:
            bar.update(
                task,
                description=progress.label or "Working",
                completed=progress.done,
                total=progress.total or None,
            )

        yield JobContext(show)


def iso_time(seconds: int | None) -> str | None:
    """Epoch seconds as UTC ISO 8601, or None."""
    return None if seconds is None else iso(from_seconds(seconds))


def print_json(value: object) -> None:
    """Write JSON to standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows under headers to standard output; None is left blank. Without rows it says so."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for header in headers:
        table.add_column(header, overflow="fold")
    found = False
    for row in rows:
        found = True
        # Text, not str: a contact's name may hold what rich would take for markup.
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    if not found:
        click.echo("Nothing found.")
        return
    width = None if sys.stdout.isatty() else 200
    Console(width=width).print(table)
