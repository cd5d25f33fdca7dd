"""Google Takeout archives, read in place: mailboxes as a stream, address books through a copy.

Nothing is unpacked under a name that the archive chose. The sizes an archive states are checked
before reading, and what really comes out is counted while reading, for they may lie.
"""

from __future__ import annotations

import dataclasses
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from crm_desktop.base.errors import UserError
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.contacts import CardDraft
from crm_desktop.domain.imports import Reject, Source
from crm_desktop.domain.messages import Draft
from crm_desktop.importers import mbox
from crm_desktop.importers.sources import unreadable

MAX_RATIO: Final = 100
MAX_TOTAL_BYTES: Final = 1 << 37  # 128 GB
MAX_MEMBERS: Final = 200_000
MAX_CARDS_BYTES: Final = 104_857_600
_BLOCK_BYTES = 1_048_576
_SLACK_BYTES = 10_485_760  # small archives may well shrink a thousandfold


def sources(path: Path) -> list[Source]:
    """The mailboxes and address books in an archive; each source's path continues the archive's.

    Raises UserError when it is damaged, locked by a password or blown up beyond reason.
    """
    found = []
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive, path)
            stamp = path.stat().st_mtime_ns
            for virtual, member in _members(archive, path).items():
                fingerprint = f"{member.file_size}-{member.CRC:08x}-{stamp}"
                found.append(Source(virtual, "takeout", member.file_size, fingerprint))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise damaged(path) from error
    except OSError as error:
        raise unreadable(path.name, error) from error
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
        virtual = path.joinpath(*parts)
        copies = 2
        while virtual in found:
            virtual = path.joinpath(*parts[:-1], f"{parts[-1]} ({copies})")
            copies += 1
        found[virtual] = member
    return found


def read(
    source: Source, *, start: int = 0, keep_text: bool = False, ctx: JobContext | None = None
) -> Iterator[Draft | CardDraft | Reject]:
    """Every item of one archive member, from `start`: the unpacked byte offset to go on at."""
    path = next((parent for parent in source.path.parents if parent.is_file()), source.path)
    try:
        with zipfile.ZipFile(path) as archive:
            member = _members(archive, path).get(source.path)
            if member is None:
                raise UserError(
                    f"“{path.name}” has changed since the import began. Start it again."
                )
            with archive.open(member) as stream:
                block = _counted(stream.read, path, member)
                if source.path.name.lower().endswith(".vcf"):
                    yield from _read_cards(block, source, start, ctx)
                    return
                for _ in range(start // _BLOCK_BYTES):
                    block(_BLOCK_BYTES)
                block(start % _BLOCK_BYTES)
                yield from mbox.read_stream(
                    block,
                    source,
                    source.path.name,
                    start=start,
                    keep_text=keep_text,
                    ctx=ctx,
                )
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError) as error:
        raise damaged(path) from error
    except OSError as error:
        raise unreadable(path.name, error) from error


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
    with tempfile.TemporaryDirectory(prefix="crm-desktop-") as folder:
        copy = Path(folder) / "cards.vcf"
        with copy.open("wb") as stream:
            while data := block(_BLOCK_BYTES):
                stream.write(data)
        for item in vcard.read(dataclasses.replace(source, path=copy), start=start, ctx=ctx):
            if isinstance(item, Reject):
                where = item.where.replace(copy.name, source.path.name, 1)
                item = dataclasses.replace(item, where=where)
            yield item
