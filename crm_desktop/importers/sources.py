"""What a file is, by its content, and the fingerprints by which a changed source is noticed."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Final

from crm_desktop.base import held_files
from crm_desktop.base.errors import UserError
from crm_desktop.base.still_files import MAGIC
from crm_desktop.domain.imports import Source

HEAD_BYTES: Final = 8_192
_SINGLE_BYTES = 1_048_576

_KNOWN_FIELD = re.compile(
    rb"^(?:from|to|cc|subject|date|sent|received|return-path|message-id|mime-version|delivered-to|"
    rb"reply-to|sender|content-type|in-reply-to|references|x-[a-z0-9-]+|status)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_FIRST_LINE = re.compile(rb">?From |[!-9;-~]{1,76}[ \t]{0,2}:[ \t\r\n]|[A-Za-z-]{2,40}:\S")
_CARD = re.compile(rb"\s*(?:\w+\.)?BEGIN[ \t]*:[ \t]*VCARD", re.IGNORECASE)
_NOT_DATA = re.compile(
    r"\..*|thumbs\.db|desktop\.ini|.*\.msf|popstate\.dat|msgfilterrules\.dat|filterlog\.html|"
    r"dovecot[.-].*|maildirfolder|maildirsize|subscriptions|courier.*|table_of_contents|.*\.plist|"
    r"icon\r|.*\.lock|.*\.cmeta|.*\.ev-summary.*|.*\.ibex\.index.*|archive_browser\.html|"
    r".*\.sqlite(?:-wal|-shm|-journal)?|.*\.db-(?:wal|shm|journal)",
    re.IGNORECASE | re.DOTALL,
)
_MBOX_SUFFIXES = frozenset({".mbox", ".mbx", ".mbs"})


class FileKind(StrEnum):
    """What a single file holds."""

    MBOX = "mbox"
    MESSAGE = "message"
    CARDS = "cards"
    ZIP = "zip"
    DATABASE = "database"
    UNKNOWN = "unknown"


class NotOrdinaryError(OSError):
    """The path is a device, a pipe, a socket or a folder: nothing to read as a file."""

    def __init__(self, path: Path) -> None:
        super().__init__(0, "It is not an ordinary file.", str(path))


class OpenDatabaseError(OSError):
    """The path is a file of the database that is open, which must not be opened beside it."""

    def __init__(self, path: Path) -> None:
        super().__init__(0, "It is the open database itself.", str(path))


def unreadable(name: str, error: OSError) -> UserError:
    """The error to raise when a source's file cannot be opened or read."""
    if isinstance(error, NotOrdinaryError):
        return UserError(f"“{name}” is not an ordinary file. Choose a file or a folder of files.")
    if isinstance(error, OpenDatabaseError):
        return UserError(f"“{name}” is the open database itself. Choose a file to import into it.")
    reason = error.strerror or "it cannot be read"
    return UserError(f"“{name}” could not be opened: {reason}. Check the file and try again.")


def is_no_data(path: Path) -> bool:
    """Whether a file lying among mail is plainly bookkeeping: another program's or our own."""
    return _NOT_DATA.fullmatch(path.name) is not None or held_files.is_held(path)


def require_regular(path: Path) -> None:
    """Refuse, without opening it, what is no ordinary file or belongs to the open database.

    Raises NotOrdinaryError, OpenDatabaseError, or OSError when it cannot be looked at.
    """
    _require_regular(path, path.stat().st_mode)
    if held_files.is_held(path):
        raise OpenDatabaseError(path)


def _require_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise NotOrdinaryError(path)


def open_regular(path: Path) -> BinaryIO:
    """An ordinary file opened for reading bytes; whatever else it is, it is never waited for.

    Raises OSError, as `require_regular` does.
    """
    require_regular(path)
    # Between the look and the opening a pipe may have taken the file's place.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    try:
        _require_regular(path, os.fstat(descriptor).st_mode)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def file_kind(path: Path) -> FileKind:
    """What a file holds, by its first bytes; its suffix decides only what is empty or odd.

    Raises OSError when it cannot be read.
    """
    with open_regular(path) as stream:
        head = stream.read(HEAD_BYTES)
    suffix = path.suffix.lower()
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return FileKind.ZIP
    if head.startswith(MAGIC):
        return FileKind.DATABASE
    text = _without_mark(head)
    if _CARD.match(text) or suffix in {".vcf", ".vcard"}:
        return FileKind.CARDS
    text = text.lstrip(b"\r\n")
    if text[:15].upper() == b"BEGIN:VCALENDAR":
        return FileKind.UNKNOWN  # its lines would pass for header fields
    if _is_mbox(path, text, suffix):
        return FileKind.MBOX
    if suffix in {".eml", ".emlx"} or looks_like_message(text):
        return FileKind.MESSAGE
    return FileKind.UNKNOWN


def _without_mark(head: bytes) -> bytes:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace").encode("utf-8")
    return head.removeprefix(b"\xef\xbb\xbf")


def _is_mbox(path: Path, text: bytes, suffix: str) -> bool:
    from crm_desktop.importers.mbox import is_listserv_log, is_separator

    if suffix in _MBOX_SUFFIXES:
        return not text or looks_like_message(text) or is_listserv_log(text)
    if is_listserv_log(text):
        return True
    return is_separator(text) and not _holds_one_message(path)


def _holds_one_message(path: Path) -> bool:
    """Whether a small file that begins with a From_ line holds no second message."""
    from crm_desktop.importers.mbox import read_items

    if path.stat().st_size > _SINGLE_BYTES:
        return False
    with open_regular(path) as stream:
        items = read_items(stream.read)
        next(items, None)
        return next(items, None) is None


def looks_like_message(head: bytes) -> bool:
    """Whether bytes begin like an RFC 822 message: header lines of which one is well known."""
    if not _FIRST_LINE.match(head) or b"\x00" in head[:512]:
        return False
    ends = [position for mark in (b"\n\n", b"\n\r\n", b"\r\r") if (position := head.find(mark)) > 0]
    return (
        _KNOWN_FIELD.search(head.replace(b"\r", b"\n"), 0, min(ends, default=len(head))) is not None
    )


def file_source(path: Path, format: str) -> Source:
    """The source of one file, in bytes. Raises OSError."""
    status = path.stat()
    return Source(path, format, status.st_size, f"{status.st_size}-{status.st_mtime_ns}")


def listing_source(path: Path, format: str, names: Iterable[str]) -> Source:
    """The source of a folder read file by file, in files; it changes when a file comes or goes."""
    digest = blake2b(digest_size=12)
    count = 0
    for name in names:
        digest.update(name.encode("utf-8", "surrogateescape") + b"\0")
        count += 1
    return Source(path, format, count, f"{count}-{digest.hexdigest()}")
