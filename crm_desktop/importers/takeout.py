"""Google Takeout archives, read in place: mailboxes as a stream, address books through a copy.

Nothing is unpacked under a name that the archive chose. The sizes an archive states are checked
before reading, and what really comes out is counted while reading, for they may lie.
"""

from __future__ import annotations

import copy
import os
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO, Final

from crm_desktop.base.errors import UserError
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.contacts import CardDraft
from crm_desktop.domain.imports import Reject, Source
from crm_desktop.domain.messages import Draft
from crm_desktop.importers import mbox
from crm_desktop.importers.sources import open_regular, unreadable

MAX_RATIO: Final = 100
MAX_TOTAL_BYTES: Final = 1 << 37  # 128 GB
MAX_MEMBERS: Final = 200_000
MAX_CARDS_BYTES: Final = 104_857_600
MAX_PARTS: Final = 20
MAX_PART: Final = 120
"""How many of the last parts of a member's name, and of their last characters, are shown."""
_BLOCK_BYTES = 1_048_576
_IN_MEMORY_BYTES = 8_388_608
_TAIL_BYTES = 1_024
_SLACK_BYTES = 10_485_760  # small archives may well shrink a thousandfold


class Archive:
    """An archive's table of contents, read once; the file is open only while a member is read."""

    def __init__(self, path: Path) -> None:
        """Raises UserError when it is locked by a password or blown up beyond reason, OSError
        and what zipfile raises when it cannot be read."""
        self.path = path
        with open_regular(path) as stream:
            self._stamp = _stamp(stream)
            self._directory = zipfile.ZipFile(stream)
            self._directory.fp = None
        _check(self._directory, path)
        self.members = _members(self._directory, path)

    @contextmanager
    def open(self, member: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
        """The unpacked bytes of a member. Raises UserError when the archive is another by now."""
        with open_regular(self.path) as stream:
            if _stamp(stream) != self._stamp:
                raise _changed(self.path)
            opened = copy.copy(self._directory)
            opened.fp = stream
            with opened, opened.open(member) as unpacked:
                yield unpacked


@dataclass(frozen=True, slots=True)
class Member(Source):
    """A mailbox or address book of an archive, with the contents that all its members share."""

    archive: Archive | None = field(default=None, repr=False, compare=False)


def _stamp(stream: BinaryIO) -> tuple[int, int, bytes]:
    """What differs when another archive has taken the file's place; clocks are too coarse."""
    status = os.fstat(stream.fileno())
    stream.seek(max(0, status.st_size - _TAIL_BYTES))
    return status.st_size, status.st_mtime_ns, stream.read(_TAIL_BYTES)


def _changed(path: Path) -> UserError:
    return UserError(f"“{path.name}” has changed since the import began. Start it again.")


def sources(path: Path) -> list[Source]:
    """The mailboxes and address books in an archive; each source's path continues the archive's.

    Raises UserError when it is damaged, locked by a password or blown up beyond reason.
    """
    found: list[Source] = []
    try:
        archive = Archive(path)
        stamp = path.stat().st_mtime_ns
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise damaged(path) from error
    except OSError as error:
        raise unreadable(path.name, error) from error
    for virtual, member in archive.members.items():
        fingerprint = f"{member.file_size}-{member.CRC:08x}-{stamp}"
        found.append(Member(virtual, "takeout", member.file_size, fingerprint, archive))
    return sorted(found, key=lambda source: str(source.path))


def damaged(path: Path) -> UserError:
    """The error for an archive that cannot be read."""
    return UserError(f"“{path.name}” is damaged or not complete. Download it again and try again.")


def _check(archive: zipfile.ZipFile, path: Path) -> None:
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    packed = path.stat().st_size
    too_dense = total > MAX_RATIO * packed + _SLACK_BYTES
    if len(members) > MAX_MEMBERS or total > MAX_TOTAL_BYTES or too_dense:
        raise UserError(
            f"“{path.name}” would unpack to {total // 1_000_000:,} MB, which no mail archive does. "
            "It was not opened."
        )


def _members(archive: zipfile.ZipFile, path: Path) -> dict[Path, zipfile.ZipInfo]:
    """The members we read, by the path shown for them; their names are never used as paths."""
    found: dict[Path, zipfile.ZipInfo] = {}
    copies: Counter[Path] = Counter()
    for member in archive.infolist():
        name = member.filename.replace("\\", "/")
        if member.is_dir() or not name.lower().endswith((".mbox", ".vcf")):
            continue
        parts = [part for part in name.split("/") if part not in {"", ".", ".."}]
        if not parts or parts[0] == "__MACOSX" or parts[-1].startswith("."):
            continue
        if member.flag_bits & 1:
            raise UserError(
                f"“{path.name}” is locked with a password. Unpack it and import the folder."
            )
        # What lies thousands of folders deep has no path that any system would take.
        parts = [part[-MAX_PART:] for part in parts[-MAX_PARTS:]]
        plain = virtual = path.joinpath(*parts)
        while virtual in found:
            copies[plain] += 1
            virtual = path.joinpath(*parts[:-1], f"{parts[-1]} ({copies[plain] + 1})")
        found[virtual] = member
    return found


def read(
    source: Source, *, start: int = 0, keep_text: bool = False, ctx: JobContext | None = None
) -> Iterator[Draft | CardDraft | Reject]:
    """Every item of one archive member, from `start`: the unpacked byte offset to go on at."""
    archive = source.archive if isinstance(source, Member) else None
    path = archive.path if archive else _archive_of(source.path)
    try:
        archive = archive or Archive(path)
        member = archive.members.get(source.path)
        if member is None:
            raise _changed(path)
        with archive.open(member) as stream:
            block = _counted(stream.read, path, member)
            if member.filename.lower().endswith(".vcf"):
                yield from _read_cards(block, source, start, ctx)
                return
            for _ in range(start // _BLOCK_BYTES):
                block(_BLOCK_BYTES)
            block(start % _BLOCK_BYTES)
            yield from mbox.read_stream(
                block, source, source.path.name, start=start, keep_text=keep_text, ctx=ctx
            )
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError) as error:
        raise damaged(path) from error
    except OSError as error:
        raise unreadable(path.name, error) from error


def _archive_of(path: Path) -> Path:
    """The file within which a member's path goes on."""
    return next((parent for parent in path.parents if os.path.isfile(parent)), path)


def _counted(
    read_block: Callable[[int], bytes], path: Path, member: zipfile.ZipInfo
) -> Callable[[int], bytes]:
    """`read_block`, refusing to deliver more than the archive stated and its size allows."""
    limit = min(member.file_size, MAX_RATIO * path.stat().st_size + _SLACK_BYTES)
    delivered = 0

    def block(size: int) -> bytes:
        nonlocal delivered
        data = read_block(size) if size else b""
        delivered += len(data)
        if delivered > limit:
            raise damaged(path)
        return data

    return block


def _read_cards(
    block: Callable[[int], bytes], source: Source, start: int, ctx: JobContext | None
) -> Iterator[CardDraft | Reject]:
    from crm_desktop.importers import vcard

    if source.total > MAX_CARDS_BYTES:
        raise UserError(
            f"“{source.path.name}” is larger than {MAX_CARDS_BYTES // 1_000_000} MB, "
            "which no address book is. It was not read."
        )
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES, prefix="crm-desktop-") as copied:
        while data := block(_BLOCK_BYTES):
            copied.write(data)
        copied.seek(0)
        yield from vcard.read_stream(copied, source, start=start, ctx=ctx)
