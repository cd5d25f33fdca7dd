"""Maildir mailboxes: one file per message in `cur` and `new`, offsets count the sorted files."""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Iterator
from pathlib import Path

from crm_desktop.base import held_files
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.imports import Reject, Source
from crm_desktop.domain.messages import Draft
from crm_desktop.importers.eml import read_files
from crm_desktop.importers.sources import listing_source, unreadable

_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")


def is_maildir(path: Path) -> bool:
    """Whether a folder is a mailbox: it has `cur` or `new`, and beside it another of its three."""
    present = [name for name in ("cur", "new", "tmp") if os.path.isdir(path / name)]
    return len(present) >= 2 or present == ["cur"]


def source(path: Path) -> Source:
    """The source of one mailbox. A message that only moves or changes its flags changes nothing."""
    return listing_source(path, "maildir", [_unique_name(file) for file in messages(path)])


def messages(path: Path) -> list[Path]:
    """The message files of a mailbox, sorted by the part of their names that never changes."""
    found: dict[str, Path] = {}
    for part in ("cur", "new"):
        folder = path / part
        try:
            files = list(folder.iterdir()) if os.path.isdir(folder) else []
        except OSError as error:
            raise unreadable(folder.name, error) from error
        for file in files:
            if not file.name.startswith(".") and not held_files.is_held(file):
                found.setdefault(_unique_name(file), file)
    return [found[name] for name in sorted(found)]


def _unique_name(file: Path) -> str:
    # The flags follow ":2,", or ";2," and "!2," where a file system forbids the colon.
    return re.split(r"[:;!]2,", file.name, maxsplit=1)[0]


def folder_name(path: Path) -> str:
    """The mailbox's name for people: Maildir++ puts a dot before it and writes modified UTF-7."""
    name = path.name
    return decode_utf7(name[1:].replace(".", "/")) if name.startswith(".") else decode_utf7(name)


def decode_utf7(name: str) -> str:
    """A mailbox name out of IMAP's modified UTF-7; text that is none comes back as it is."""
    if "&" not in name:
        return name

    def shifted(match: re.Match[str]) -> str:
        inside = match.group(1)
        if not inside:
            return "&"
        data = inside.replace(",", "/")
        try:
            return base64.b64decode(data + "=" * (-len(data) % 4)).decode("utf-16-be")
        except (binascii.Error, UnicodeError):
            return match.group()

    return _SHIFTED.sub(shifted, name)


def read(
    source: Source, *, start: int = 0, keep_text: bool = False, ctx: JobContext | None = None
) -> Iterator[Draft | Reject]:
    """Every message of a mailbox, from the file with ordinal `start` on."""
    files = messages(source.path)
    name = folder_name(source.path)
    yield from read_files(files, name, start=start, keep_text=keep_text, ctx=ctx)
