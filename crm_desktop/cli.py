"""The command line: every command is a thin reading of one service."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm_desktop import __version__
from crm_desktop.base import log, paths
from crm_desktop.base.clock import from_seconds, iso
from crm_desktop.base.errors import UserError
from crm_desktop.base.jobs import JobContext, Progress

if TYPE_CHECKING:
    from crm_desktop.domain.imports import ImportReport
    from crm_desktop.domain.relationships import Relationship
    from crm_desktop.services.access import DirectAccess

EXIT_USER, EXIT_FAULT = 1, 70


@dataclass(frozen=True, slots=True)
class _Target:
    path: Path

    @contextmanager
    def open(self) -> Iterator[DirectAccess]:
        """The database for the length of a block."""
        from crm_desktop.model.database import Database
        from crm_desktop.services.access import DirectAccess

        with closing(Database.open(self.path)) as database:
            yield DirectAccess(database)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of a command: 0, 1 for the world's faults, 2 for wrong usage, 70 for ours."""
    log.configure(to_stderr=True)
    try:
        result = cli.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="crm-desktop",
            standalone_mode=False,
        )
    except UserError as error:
        click.echo(str(error), err=True)
        return EXIT_USER
    except click.exceptions.Abort:
        click.echo("Stopped. What was read so far is kept; the same command goes on.", err=True)
        return EXIT_USER
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output (head, a pager) has seen enough.
        sys.stderr.close()
        return 0
    except Exception as error:
        reference = log.report(error)
        click.echo(
            f"Something went wrong inside the program. Your data is safe; the log has the "
            f"details under {reference}.",
            err=True,
        )
        return EXIT_FAULT
    return result if isinstance(result, int) else 0


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--db",
    type=click.Path(path_type=Path, dir_okay=True),
    help="The database file; by default the one in your data folder.",
)
@click.version_option(__version__)
@click.pass_context
def cli(context: click.Context, db: Path | None) -> None:
    """Who matters to you, from the mail and contacts you already have.

    Without a command the window opens.
    """
    context.obj = _Target(db or paths.default_database())


def as_json(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option --json."""
    return click.option("--json", "json_", is_flag=True, help="Print JSON instead of a table.")(
        functools.wraps(command)(command)
    )


@cli.command("import")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "format_", help="mbox, maildir, eml, takeout or vcard; else recognised.")
@click.option("--self", "self_email", help="Your own address, so that we know whose view it is.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--keep-text", is_flag=True, help="Keep full message texts, not only previews.")
@as_json
@click.pass_obj
def import_command(
    target: _Target,
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

    with target.open() as access, _progress() as ctx:
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
        _print_json(_import_json(report))
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
    for reject in report.rejected:
        click.echo(f"  {reject.where}: {reject.reason}")


@cli.command("imports")
@as_json
@click.pass_obj
def imports_command(target: _Target, json_: bool) -> None:
    """List past imports."""
    from crm_desktop.services.imports import list_imports

    with target.open() as access:
        records = list_imports(access)
    if json_:
        rows = [
            asdict(record) | {"started_at": _iso(record.started_at), "finished_at": _iso(record.finished_at)}
            for record in records
        ]
        _print_json(rows)
        return
    _print_table(
        ("Id", "Source", "Path", "Started", "Read", "New", "Duplicates", "Not readable"),
        (
            (r.id, r.source, r.path, _iso(r.started_at), r.read, r.imported, r.duplicates, r.rejected)
            for r in records
        ),
    )


@cli.command("remove-import")
@click.argument("import_id", type=int)
@click.pass_obj
def remove_import_command(target: _Target, import_id: int) -> None:
    """Take an import back as a whole."""
    from crm_desktop.services.refresh import refresh_derived
    from crm_desktop.services.removal import remove_import

    with target.open() as access, _progress() as ctx:
        remove_import(access, import_id, ctx=ctx)
        refresh_derived(access, ctx=ctx)
    click.echo("The import is removed.")


@cli.command("infer-relationships")
@as_json
@click.pass_obj
def infer_command(target: _Target, json_: bool) -> None:
    """Find who knows whom from shared conversations."""
    from crm_desktop.services.relationships import infer_relationships

    with target.open() as access, _progress() as ctx:
        report = infer_relationships(access, ctx=ctx)
    values = {key: value for key, value in asdict(report).items() if key != "changes"}
    if json_:
        _print_json(values)
    else:
        click.echo(f"{report.pairs:,} relationships hold.")
        for key, value in values.items():
            click.echo(f"  {key.replace('_', ' ')}: {value:,}")


@cli.command("show-relationships")
@click.option("--contact", help="Only those of the person with this address.")
@click.option("--min-strength", type=click.FloatRange(0, 1), help="Only those at least this strong.")
@click.option("--type", "type_name", help="Only those of the type with this name.")
@click.option("--source", type=click.Choice(["manual", "inferred", "imported"]))
@as_json
@click.pass_obj
def show_relationships_command(
    target: _Target,
    contact: str | None,
    min_strength: float | None,
    type_name: str | None,
    source: str | None,
    json_: bool,
) -> None:
    """List relationships, strongest first."""
    from crm_desktop.domain.relationships import EntityKind, RelationshipSource
    from crm_desktop.services.refresh import refresh_derived
    from crm_desktop.services.relationships import list_relationship_types, load_relationships

    with target.open() as access, _progress() as ctx:
        refresh_derived(access, ctx=ctx)
        contact_id = _contact_id(access, contact) if contact else None
        type_id = None
        if type_name:
            types = {type_.name.casefold(): type_.id for type_ in list_relationship_types(access)}
            if type_name.casefold() not in types:
                known = ", ".join(type_.upper() for type_ in sorted(types))
                raise UserError(f"There is no type “{type_name}”. There are: {known}.")
            type_id = types[type_name.casefold()]
        relationships = load_relationships(
            access,
            contact_id=contact_id,
            min_strength=min_strength,
            relationship_type_id=type_id,
            source=RelationshipSource(source) if source else None,
        )

    def label(relationship: Relationship) -> str:
        if contact_id is None:
            return relationship.forward_label
        return relationship.label_for(EntityKind.CONTACT, contact_id)

    if json_:
        _print_json([_relationship_json(r, label(r)) for r in relationships])
        return
    _print_table(
        ("From", "Label", "To", "Source", "Strength", "Conversations", "Messages", "Last"),
        (
            (
                r.from_name,
                label(r),
                r.to_name,
                r.source.value,
                "" if r.strength is None else f"{r.strength:.2f}",
                r.shared_conversations,
                r.shared_messages,
                _iso(r.last_interaction),
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
        "first_interaction": _iso(relationship.first_interaction),
        "last_interaction": _iso(relationship.last_interaction),
        "description": relationship.description,
    }


@cli.command("list-relationship-types")
@as_json
@click.pass_obj
def list_types_command(target: _Target, json_: bool) -> None:
    """List the relationship types with the label for each side."""
    from crm_desktop.services.relationships import list_relationship_types

    with target.open() as access:
        types = list_relationship_types(access)
    if json_:
        _print_json([asdict(type_) for type_ in types])
        return
    _print_table(
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
def aggregate_command(target: _Target, json_: bool) -> None:
    """Measure contact between every pair of people and score it."""
    from crm_desktop.services.interactions import aggregate_features

    with target.open() as access, _progress() as ctx:
        report = aggregate_features(access, ctx=ctx)
    values = {key: value for key, value in asdict(report).items() if key != "changes"}
    if json_:
        _print_json(values)
    else:
        for key, value in values.items():
            click.echo(f"{key.replace('_', ' ')}: {value:,}")


@cli.command("top")
@click.option("--window", default="90d", show_default=True, help="How far to look back.")
@click.option("--limit", default=50, show_default=True, type=int)
@click.option("--offset", default=0, show_default=True, type=int)
@click.option("--person", help="Whose view, by address; else your own.")
@as_json
@click.pass_obj
def top_command(
    target: _Target, window: str, limit: int, offset: int, person: str | None, json_: bool
) -> None:
    """Who matters most now."""
    from crm_desktop.services.instant import newest_message_at
    from crm_desktop.services.refresh import refresh_derived
    from crm_desktop.services.top import top_relationships

    with target.open() as access, _progress() as ctx:
        refresh_derived(access, ctx=ctx)
        top = top_relationships(
            access,
            self_person_id=_contact_id(access, person) if person else None,
            window=window,
            limit=limit,
            offset=offset,
        )
        newest = None if top.total_count else newest_message_at(access)
    if newest is not None and newest < top.window_start:
        click.echo(
            f"Nobody in this window: the newest message is from {_iso(newest)}. To look back from "
            f"then, set CRM_DESKTOP_NOW={_iso(newest)}.",
            err=True,
        )
    if json_:
        rows = [
            {
                "person_id": r.person_id,
                "score": round(r.score, 2),
                "last_contact_at": _iso(r.last_contact_at),
                "display_name": r.display_name,
                "organization": r.organization,
                "emails": list(r.emails),
                "phones": list(r.phones),
            }
            for r in top.relationships
        ]
        _print_json(
            {
                "relationships": rows,
                "window_start": _iso(top.window_start),
                "window_end": _iso(top.window_end),
                "total_count": top.total_count,
            }
        )
        return
    _print_table(
        ("", "Name", "Organization", "Score", "Last contact", "Address"),
        (
            (
                offset + index,
                r.display_name,
                r.organization,
                f"{r.score:.1f}",
                _iso(r.last_contact_at),
                r.emails[0] if r.emails else "",
            )
            for index, r in enumerate(top.relationships, start=1)
        ),
    )


@cli.command("search")
@click.argument("query")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500))
@as_json
@click.pass_obj
def search_command(target: _Target, query: str, limit: int, json_: bool) -> None:
    """Find people, companies and conversations by their words."""
    from crm_desktop.services.search import search

    with target.open() as access:
        results = search(access, query, limit=limit)
    if json_:
        _print_json(
            [
                {"kind": h.kind.value, "id": h.id, "title": h.title, "subtitle": h.subtitle, "why": h.why}
                for h in results.hits
            ]
        )
        return
    _print_table(
        ("Kind", "Found", "", "Why"), ((h.kind.value, h.title, h.subtitle, h.why) for h in results.hits)
    )


@cli.command("check")
@as_json
@click.pass_context
def check_command(context: click.Context, json_: bool) -> int:
    """Check that the database is whole and consistent."""
    from crm_desktop.services.check import check_database

    with context.obj.open() as access, _progress() as ctx:
        report = check_database(access, ctx=ctx)
    if json_:
        _print_json({"ok": not report.problems, "problems": list(report.problems)})
    elif report.problems:
        for problem in report.problems:
            click.echo(problem)
    else:
        click.echo("The database is whole and consistent.")
    return EXIT_USER if report.problems else 0


@cli.command("backup")
@click.argument("path", type=click.Path(path_type=Path))
@click.pass_obj
def backup_command(target: _Target, path: Path) -> None:
    """Copy the database, checked, to PATH."""
    from crm_desktop.services.backup import backup_database

    with target.open() as access:
        backup_database(access, path)
    click.echo(f"Backed up to {path}.")


@cli.command("demo")
@click.option("--no-window", is_flag=True, help="Write the sample and do not open it.")
@click.pass_context
def demo_command(context: click.Context, no_window: bool) -> int:
    """Write a sample life into a database of its own and open it."""
    from crm_desktop.services.demo import create_demo

    group = context.parent
    named = group.params.get("db") if group is not None else None
    target = named or paths.sample_database()
    with _progress() as ctx:
        path = create_demo(target, ctx=ctx)
    click.echo(f"The sample life is in {path}.")
    if no_window:
        return 0
    from crm_desktop.app import run

    return run(database=path)


def _contact_id(access: DirectAccess, email: str) -> int:
    from crm_desktop.domain.contacts import IdentifierKind

    with access.read() as store:
        found = store.contacts.contact_of(IdentifierKind.EMAIL, email.strip().lower())
    if found is None:
        raise UserError(f"Nobody here has the address “{email}”.")
    return found


@contextmanager
def _progress() -> Iterator[JobContext]:
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


def _iso(seconds: int | None) -> str | None:
    return None if seconds is None else iso(from_seconds(seconds))


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _print_table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        # Text, not str: a contact's name may hold what rich would take for markup.
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    width = None if sys.stdout.isatty() else 200
    Console(width=width).print(table)
