"""What commands share: the open database, progress, JSON and tables."""

from __future__ import annotations

import functools
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm_desktop.base.clock import from_seconds, iso
from crm_desktop.base.errors import UserError
from crm_desktop.base.jobs import JobContext, Progress

if TYPE_CHECKING:
    from crm_desktop.services.access import DirectAccess

EXIT_USER, EXIT_FAULT = 1, 70
LARGEST_INTEGER = 2**63 - 1  # SQLite's

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class GivenPath(click.Path):
    """A path argument. Whether it can be read is for the service to say, in its own words."""

    def __init__(self) -> None:
        super().__init__(readable=False, path_type=Path)

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> Any:
        if value == "":
            raise UserError("The name of a file is empty. Write the name of a file or folder.")
        return super().convert(value, parameter, context)


def in_data_folder(place: Callable[[], Path]) -> Path:
    """The path that `place` names in the data folder; UserError when the folder cannot be made."""
    try:
        return place()
    except OSError as error:
        raise UserError(
            f"The data folder “{error.filename}” cannot be made ({error.strerror}). "
            "Name another place with --db FILE."
        ) from error


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
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    is_unicode = encoding.lower().replace("-", "").startswith("utf")
    text = json.dumps(value, ensure_ascii=not is_unicode, indent=2)
    # JSON itself escapes those below a blank; these stand only within strings.
    click.echo(re.sub(r"[\x7f-\x9f]", lambda match: f"\\u{ord(match[0]):04x}", text))


def visible(text: str) -> str:
    """`text` from somebody's data with nothing in it that a terminal would obey."""
    return _CONTROL.sub("\ufffd", text)


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
        table.add_row(*(Text("" if cell is None else visible(str(cell))) for cell in row))
    if not found:
        click.echo("Nothing found.")
        return
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    console = Console(width=None if is_terminal else 200)
    with console.capture() as written:
        console.print(table)
    click.echo(written.get(), nl=False)
