"""The formats we read, by name and file pattern; what a path holds; and the one way to read it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crm_desktop.base.errors import UserError
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.contacts import CardDraft
from crm_desktop.domain.imports import Reject, Source
from crm_desktop.domain.messages import Draft
from crm_desktop.domain.records import Record
from crm_desktop.importers import eml, maildir, mbox, takeout
from crm_desktop.importers.sources import (
    FileKind,
    NotOrdinaryError,
    file_kind,
    file_source,
    is_no_data,
    require_regular,
    unreadable,
)

UNKNOWN: Final = "unknown"
UNKNOWN_REASON: Final = "not a format we can read"
_CLOSED = "closed"  # the fingerprint of what could not even be opened
CALENDAR_SUFFIXES: Final = {".ics", ".ical", ".ifb", ".vcs"}
MAX_DEPTH: Final = 40


@dataclass(frozen=True, slots=True)
class Format:
    """A format as commands and file dialogs name it; `patterns` are shell patterns of files."""

    name: str
    title: str
    patterns: tuple[str, ...]


FORMATS: Final = (
    Format("mbox", "Mailbox file", ("*.mbox", "*.mbx", "*.mbs")),
    Format("maildir", "Maildir folder", ()),
    Format("eml", "Message files", ("*.eml", "*.emlx", "*.txt")),
    Format("takeout", "Google Takeout archive", ("*.zip",)),
    Format("vcard", "Address book", ("*.vcf", "*.vcard")),
    Format("crmextender", "CRMExtender database", ("*.db", "*.sqlite", "*.sqlite3")),
)


def format_names() -> tuple[str, ...]:
    """The names that `detect` accepts."""
    return tuple(known.name for known in FORMATS)


def detect(path: Path, format: str | None = None) -> list[Source]:
    """What a file or folder holds, sorted by path; `format` skips the guessing.

    A folder's unrecognised files and closed sub-folders come as sources of format "unknown",
    which read as one Reject each; other programs' bookkeeping and the open database itself are
    passed over. Raises UserError when the path is missing,
    cannot be opened, or is a file of no format we read.
    """
    if format is not None and format not in format_names():
        raise UserError(f"“{format}” is not a format. Choose one of {', '.join(format_names())}.")
    try:
        if path.is_dir():
            found = _in_folder(path, format)
        elif path.exists():
            require_regular(path)
            found = _forced(path, format) if format else _in_file(path)
        else:
            raise UserError(f"There is nothing at “{path}”. Check the name and try again.")
    except OSError as error:
        raise unreadable(path.name, error) from error
    return sorted(found, key=lambda source: (str(source.path), source.format))


def _forced(path: Path, format: str) -> list[Source]:
    if format == "takeout" and file_kind(path) is FileKind.ZIP:
        return takeout.sources(path)
    if format == "maildir":
        raise UserError(f"“{path.name}” is a file; a Maildir is a folder. Choose the folder.")
    if format == "eml":
        return [eml.file(path)]
    if format == "crmextender":
        return _database(path)
    return [file_source(path, "vcard" if format == "vcard" else "mbox")]


def _in_file(path: Path) -> list[Source]:
    kind = file_kind(path)
    if kind is FileKind.UNKNOWN:
        raise UserError(
            f"“{path.name}” is {_why_unknown(path)}. Choose an mbox file, a Maildir, "
            ".eml messages, a Takeout archive, vCards or a CRMExtender database."
        )
    sources = _of_kind(path, kind)
    if not sources:
        raise UserError(f"“{path.name}” holds no mail and no contacts. Choose another archive.")
    return sources


def _of_kind(path: Path, kind: FileKind) -> list[Source]:
    if kind is FileKind.MBOX:
        return [file_source(path, "mbox")]
    if kind is FileKind.CARDS:
        return [file_source(path, "vcard")]
    if kind is FileKind.MESSAGE:
        return [eml.file(path)]
    if kind is FileKind.DATABASE:
        return _database(path)
    return takeout.sources(path) if kind is FileKind.ZIP else []


def _database(path: Path) -> list[Source]:
    from crm_desktop.importers import crmextender

    return [crmextender.source(path)]


def _in_folder(root: Path, format: str | None) -> list[Source]:
    found: list[Source] = []

    def pass_over(error: OSError) -> None:
        folder = Path(error.filename)
        if folder == root:
            raise error
        found.append(_closed(folder))

    for folder, names, files in os.walk(root, onerror=pass_over):
        path = Path(folder)
        names.sort()
        if len(path.parts) - len(root.parts) >= MAX_DEPTH:
            names.clear()
        is_mailbox = maildir.is_maildir(path)
        if is_mailbox:
            names[:] = [name for name in names if name not in {"cur", "new", "tmp"}]
            found.append(_mailbox(path))
        names[:] = [name for name in names if _worth_entering(path / name, name)]
        found += _loose_files(path, sorted(files), is_mailbox, _is_takeout(path, root))
    if format is None:
        return found
    wanted = {format, "mbox", "vcard"} if format == "takeout" else {format}
    return [source for source in found if source.format in wanted or source.fingerprint == _CLOSED]


def _closed(path: Path) -> Source:
    return Source(path, UNKNOWN, 1, _CLOSED)


def _mailbox(path: Path) -> Source:
    try:
        return maildir.source(path)
    except UserError:
        return _closed(path)


def _worth_entering(path: Path, name: str) -> bool:
    """Whether to look into a sub-folder: hidden ones only when they are Maildir++ mailboxes."""
    return not name.startswith(".") or maildir.is_maildir(path)


def _is_takeout(path: Path, root: Path) -> bool:
    return "Takeout" in (path.name, root.name) or "Takeout" in path.relative_to(root).parts


def _loose_files(
    folder: Path, names: list[str], is_mailbox: bool, is_takeout: bool
) -> list[Source]:
    found: list[Source] = []
    messages: list[Path] = []
    for name in names:
        path = folder / name
        if is_no_data(path):
            continue
        try:
            kind = file_kind(path)
        except FileNotFoundError:
            continue  # a link that leads nowhere, or gone since
        except NotOrdinaryError:
            if not path.is_dir():
                found.append(Source(path, UNKNOWN, 1, "unknown"))
            continue
        except OSError as error:
            if error.errno != errno.ELOOP:
                found.append(_closed(path))
            continue
        if kind is FileKind.MESSAGE and not is_mailbox:
            messages.append(path)
            continue
        try:
            sources = _of_kind(path, kind)
        except UserError:
            sources = []
        if not sources and not is_takeout:
            # Takeout surrounds mail with pages and settings that are no one's letters.
            sources = [Source(path, UNKNOWN, 1, "unknown")]
        found += sources
    if messages:
        found.append(eml.folder(folder, messages))
    return found


def read(
    source: Source, *, start: int = 0, keep_text: bool = False, ctx: JobContext | None = None
) -> Iterator[Draft | CardDraft | Record | Reject]:
    """Every item of a source in order, from `start`: 0 or the `next_offset` of an earlier item.

    Ticks in the source's own unit. Raises UserError when the source cannot be read at all.
    """
    if source.format == "mbox":
        return mbox.read(source, start=start, keep_text=keep_text, ctx=ctx)
    if source.format == "maildir":
        return maildir.read(source, start=start, keep_text=keep_text, ctx=ctx)
    if source.format == "eml":
        return eml.read(source, start=start, keep_text=keep_text, ctx=ctx)
    if source.format == "takeout":
        return takeout.read(source, start=start, keep_text=keep_text, ctx=ctx)
    if source.format == "vcard":
        from crm_desktop.importers import vcard

        return vcard.read(source, start=start, ctx=ctx)
    if source.format == "crmextender":
        from crm_desktop.importers import crmextender

        return crmextender.read(source, start=start, keep_text=keep_text, ctx=ctx)
    if source.format == UNKNOWN:
        rejects = (Reject(source.path.name, _why_unknown(source.path), 1),)
        return iter(rejects[start:])
    raise ValueError(f"no importer is called {source.format!r}")


def _why_unknown(path: Path) -> str:
    """Why a file or folder in a folder is not read: it may be closed or damaged rather than
    of no format."""
    try:
        if path.is_dir():
            for folder in (path, path / "cur", path / "new"):
                if folder.is_dir():
                    os.scandir(folder).close()
            return "the folder could not be opened"
        kind = file_kind(path)
    except NotOrdinaryError:
        return "not an ordinary file"
    except OSError as error:
        return f"it could not be opened: {error.strerror or 'it cannot be read'}"
    if kind in (FileKind.ZIP, FileKind.DATABASE):
        try:
            _of_kind(path, kind)
        except UserError as error:
            return str(error)
    if path.suffix.lower() in CALENDAR_SUFFIXES:
        return "a calendar; calendars cannot be read yet"
    return UNKNOWN_REASON
