"""Single message files: one .eml, or a folder of them whose offsets count the sorted files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.imports import Reject, Source
from crm_desktop.domain.messages import Draft
from crm_desktop.importers.mbox import MAX_MESSAGE_BYTES
from crm_desktop.importers.rfc822 import context, parse_message
from crm_desktop.importers.sources import (
    FileKind,
    file_kind,
    is_no_data,
    listing_source,
    open_regular,
)

CANNOT_OPEN: Final = "The file could not be opened."
_APPLE_COUNT = re.compile(rb"\s*(\d{1,10})\s*\n")


def file(path: Path) -> Source:
    """The source of one message file."""
    return listing_source(path, "eml", [_fingerprint(path)])


def folder(path: Path, files: Sequence[Path]) -> Source:
    """The source of the message files of a folder."""
    return listing_source(path, "eml", [_fingerprint(file) for file in sorted(files)])


def _fingerprint(path: Path) -> str:
    status = path.stat()
    return f"{path.name}/{status.st_size}-{status.st_mtime_ns}"


def message_files(folder_path: Path) -> list[Path]:
    """The message files directly in a folder, sorted."""
    found = []
    for path in sorted(folder_path.iterdir()):
        if path.is_file() and not is_no_data(path) and kind_or_unknown(path) is FileKind.MESSAGE:
            found.append(path)
    return found


def kind_or_unknown(path: Path) -> FileKind:
    """What a file holds; UNKNOWN also when it cannot be opened."""
    try:
        return file_kind(path)
    except OSError:
        return FileKind.UNKNOWN


def read(
    source: Source, *, start: int = 0, keep_text: bool = False, ctx: JobContext | None = None
) -> Iterator[Draft | Reject]:
    """Every message of a file or folder, from the file with ordinal `start` on."""
    single = source.path.is_file()
    files = [source.path] if single else message_files(source.path)
    name = source.path.parent.name if single else source.path.name
    yield from read_files(files, name, start=start, keep_text=keep_text, ctx=ctx)


def read_files(
    files: Sequence[Path],
    folder_name: str,
    *,
    start: int,
    keep_text: bool,
    ctx: JobContext | None,
) -> Iterator[Draft | Reject]:
    """One message per file, from ordinal `start` on; a file that cannot be opened is a Reject."""
    job = ctx or JobContext()
    where = context(folder_name, keep_text=keep_text)
    total = len(files)
    for ordinal in range(start, total):
        path = files[ordinal]
        job.tick(ordinal + 1, total, folder_name)
        try:
            with open_regular(path) as stream:
                raw = stream.read(MAX_MESSAGE_BYTES)
        except OSError as error:
            reason = f"{CANNOT_OPEN} {error.strerror or ''}".strip()
            yield Reject(path.name, reason, ordinal + 1)
            continue
        if path.suffix.lower() == ".emlx":
            raw = _without_apple_frame(raw)
        yield parse_message(raw, where, name=path.name, next_offset=ordinal + 1)


def _without_apple_frame(raw: bytes) -> bytes:
    """Apple Mail puts a byte count before a message and a property list behind it."""
    match = _APPLE_COUNT.match(raw)
    if not match:
        return raw
    return raw[match.end() : match.end() + int(match.group(1))]
