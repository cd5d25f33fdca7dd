"""What an import reads and how it accounts for it: read = imported + duplicates + rejected."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that one importer reads: a file, or a folder that is one mailbox.

    `total` is the size in the unit of the importer's offsets (bytes, or the number of files), for
    progress. `fingerprint` changes when the content may have changed, so that an interrupted
    import knows whether its offset still means the same place.
    """

    path: Path
    format: str
    total: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Reject:
    """One record that could not be imported, and why, in words for the person."""

    where: str  # file name and place in it, such as "Inbox.mbox, message 12"
    reason: str
    next_offset: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The account of one import. Always read == imported + duplicates + len(rejected)."""

    import_ids: tuple[int, ...]
    read: int
    imported: int
    duplicates: int
    rejected: tuple[Reject, ...]
    contacts: int  # contacts that this import created
    conversations: int  # conversations that this import created


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """A past or running import as the window lists it. Times are epoch seconds UTC.

    `is_removing`: its removal was begun and is to be finished.
    """

    id: int
    source: str
    path: str
    started_at: int
    finished_at: int | None
    read: int
    imported: int
    duplicates: int
    rejected: int
    is_removing: bool = False


@dataclass(frozen=True, slots=True)
class SelfProposal:
    """An address that may be the person's own, with what speaks for it."""

    email: str
    name: str
    sent: int  # messages it sent
    delivered: int  # messages delivered to it
