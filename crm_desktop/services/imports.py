"""Importing: from the person's files to contacts, conversations and messages.

An import survives being killed: every batch commits together with the place it reached, and the
same command goes on from there. What remains to be done afterwards is marked in `pending`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import UserError
from crm_desktop.base.jobs import CancelToken, JobContext, Progress
from crm_desktop.domain.contacts import ContactKind, IdentifierKind, name_from_address
from crm_desktop.domain.imports import ImportRecord, ImportReport, Reject, SelfProposal, Source
from crm_desktop.domain.keys import stable_key
from crm_desktop.domain.undo import UndoStatus
from crm_desktop.importers import registry
from crm_desktop.importers.addresses import canonical
from crm_desktop.model.contacts import NewContact
from crm_desktop.services.identity import derive_in, settle_contacts
from crm_desktop.services.phones import region_in
from crm_desktop.services.refresh import mark_stale
from crm_desktop.services.storing import BatchResult, Item, store_batch

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access

T = TypeVar("T")
Checkpoint = dict[str, Any]
"""Where an import goes on when it was interrupted; kept as JSON."""

BATCH_S = 0.015
"""Aim for the time of one write before its commit: a person's own change never waits long."""
FIRST_BATCH = 100
MIN_BATCH, MAX_BATCH = 20, 2000


def import_paths(
    access: Access,
    paths: Sequence[Path],
    *,
    format: str | None = None,
    self_email: str | None = None,
    dry_run: bool = False,
    keep_text: bool = False,
    ctx: JobContext | None = None,
) -> ImportReport:
    """Import files and folders, one import each, and account for every record read.

    `format` is a name the registry knows, or None to recognise it. `dry_run` does everything and
    then takes it back. Raises UserError when a path is missing or holds nothing we can read.
    """
    ctx = ctx or JobContext()
    if dry_run:
        return _rehearse(
            access,
            lambda inner: import_paths(
                inner, paths, format=format, self_email=self_email, keep_text=keep_text, ctx=ctx
            ),
        )
    if self_email is not None:
        own_address(self_email)
    found = [(path, _detect(path, format)) for path in paths]
    reports = [_import_path(access, path, sources, keep_text, ctx) for path, sources in found]
    if self_email is not None:
        set_self(access, self_email)
    return _sum(reports)


def import_items(
    access: Access,
    source: str,
    path: str,
    items: Iterable[Item],
    *,
    ctx: JobContext | None = None,
) -> ImportReport:
    """Import items that are already decoded, as one import named by `source` and `path`."""
    ctx = ctx or JobContext()
    import_id, _ = access.write(lambda store: store.imports.open(source, path, now_seconds()))
    region = _region(access)
    done = 0
    stream: Iterator[tuple[Item, Checkpoint]] = ((item, {}) for item in items)
    for result in _write_batches(access, import_id, stream, region):
        done += result.read
        ctx.tick(done, 0, source)
    return _finish(access, import_id, ctx)


def list_imports(access: Access) -> tuple[ImportRecord, ...]:
    """All imports, newest first."""
    with access.read() as store:
        return store.imports.list()


def list_rejects(access: Access, import_id: int) -> tuple[Reject, ...]:
    """Every record of one import that was refused, and why."""
    with access.read() as store:
        return store.imports.rejects(import_id)


def propose_self(access: Access, *, limit: int = 5) -> tuple[SelfProposal, ...]:
    """Addresses that may be the person's own, the likeliest first."""
    with access.read() as store:
        rows = store.contacts.self_candidates(limit)
    return tuple(SelfProposal(*row) for row in rows)


def set_self(access: Access, email: str) -> int:
    """Say which contact is the person using the program; the contact's id comes back.

    An address not met before becomes a contact. Raises UserError when it is not an address.
    """
    address = own_address(email)

    def save(store: UnitOfWork) -> int:
        contact_id = store.contacts.contact_of(IdentifierKind.EMAIL, address)
        if contact_id is None:
            contact_id, identifier_id = store.contacts.next_ids()
            contact = NewContact(
                contact_id,
                identifier_id,
                IdentifierKind.EMAIL,
                address,
                email.strip(),
                name_from_address(address),
                False,
                ContactKind.PERSON,
            )
            store.contacts.insert([contact], None, now_seconds())
            derive_in(store, [contact_id])
        store.settings.self_person_id = contact_id
        return contact_id

    return access.write(save)


def own_address(email: str) -> str:
    """The canonical form of an address a person typed. Raises UserError when it is none."""
    address = canonical(email) if email.isprintable() else ""
    local, _, domain = address.partition("@")
    if not local or not domain or "@" in domain or any(c.isspace() for c in address):
        raise UserError(
            f"“{_storable(email)}” is not an e-mail address. Write it like ada@example.org."
        )
    return address


def _detect(path: Path, format: str | None) -> list[Source]:
    sources = registry.detect(path, format)
    if not sources:
        raise UserError(
            f"“{path.name}” holds no mail and no contacts that we can read. "
            "Choose an mbox file, a Maildir, .eml messages, a Takeout archive, vCards or a "
            "CRMExtender database."
        )
    return sources


def _import_path(
    access: Access, path: Path, sources: Sequence[Source], keep_text: bool, ctx: JobContext
) -> ImportReport:
    label = ", ".join(sorted({source.format for source in sources}))
    name = _storable(str(path.resolve()))
    import_id, checkpoint = access.write(
        lambda store: store.imports.open(label, name, now_seconds())
    )
    stream = _read_all(sources, checkpoint, keep_text, ctx)
    for _ in _write_batches(access, import_id, stream, _region(access)):
        ctx.token.raise_if_set()
    return _finish(access, import_id, ctx)


def _read_all(
    sources: Sequence[Source], checkpoint: Checkpoint | None, keep_text: bool, ctx: JobContext
) -> Iterator[tuple[Item, Checkpoint]]:
    """Every item from the checkpoint on, each with the checkpoint behind it."""
    total = sum(source.total for source in sources)
    chain, done = 0, 0
    places: list[tuple[Source, int, int]] = []
    first, offset = 0, 0
    for index, source in enumerate(sources):
        places.append((source, chain, done))
        if checkpoint and (checkpoint.get("path"), checkpoint.get("before")) == (
            _storable(str(source.path)),
            chain,
        ):
            same = checkpoint.get("fingerprint") == source.fingerprint
            first, offset = index, int(checkpoint["offset"]) if same else 0
        # Any change among the earlier sources means reading them again.
        chain = stable_key(f"{chain} {source.path} {source.fingerprint}")
        done += source.total
    for source, before, passed in places[first:]:
        part = _part_of(ctx, passed, total, source.path.name)
        path = _storable(str(source.path))
        for item in registry.read(source, start=offset, keep_text=keep_text, ctx=part):
            yield (
                item,
                {
                    "path": path,
                    "fingerprint": source.fingerprint,
                    "before": before,
                    "offset": item.next_offset,
                },
            )
        offset = 0


def _storable(text: str) -> str:
    """Text without the lone surrogates of file names that are not UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _part_of(ctx: JobContext, before: int, total: int, label: str) -> JobContext:
    """A context whose progress is a part of a larger whole."""

    def forward(progress: Progress) -> None:
        ctx.tick(min(before + progress.done, total - 1), total, label)

    return JobContext(forward, ctx.token)


def _write_batches(
    access: Access,
    import_id: int,
    stream: Iterator[tuple[Item, Checkpoint]],
    region: str | None,
) -> Iterator[BatchResult]:
    size = FIRST_BATCH
    # Kinds of records are never mixed, so that where batches end makes no difference.
    for _, group in groupby(_with_kind(stream), key=itemgetter(0)):
        while batch := [entry for _, entry in islice(group, size)]:

            def save(
                store: UnitOfWork, batch: list[tuple[Item, Checkpoint]] = batch
            ) -> tuple[BatchResult, float]:
                started = time.perf_counter()
                if not store.imports.is_open(import_id):
                    raise UserError("This import was removed while it was running.")
                result = store_batch(store, [item for item, _ in batch], import_id, region)
                store.imports.advance(
                    import_id,
                    read=result.read,
                    imported=result.imported,
                    duplicates=result.duplicates,
                    rejects=[replace(r, where=_storable(r.where)) for r in result.rejects],
                    contacts=result.contacts,
                    conversations=result.conversations,
                    checkpoint=batch[-1][1],
                )
                mark_stale(store, import_id)
                return result, time.perf_counter() - started

            result, elapsed_s = access.write(save)
            wanted = int(len(batch) * BATCH_S / max(elapsed_s, 1e-4))
            size = max(MIN_BATCH, min(MAX_BATCH, wanted))
            yield result


def _with_kind(
    stream: Iterator[tuple[Item, Checkpoint]],
) -> Iterator[tuple[type[Item], tuple[Item, Checkpoint]]]:
    """Each entry with what it is among; what could not be read is of the kind before it."""
    kind: type[Item] = Reject
    for entry in stream:
        if not isinstance(entry[0], Reject):
            kind = type(entry[0])
        yield kind, entry


def _finish(access: Access, import_id: int, ctx: JobContext) -> ImportReport:
    settle_contacts(access, ctx=ctx)

    def finish(store: UnitOfWork) -> ImportReport:
        store.imports.finish(import_id, now_seconds())
        read, imported, duplicates, contacts, conversations = store.imports.counts(import_id)
        rejects = store.imports.rejects(import_id)
        return ImportReport(
            (import_id,), read, imported, duplicates, rejects, contacts, conversations
        )

    return access.write(finish)


def _sum(reports: Sequence[ImportReport]) -> ImportReport:
    return ImportReport(
        tuple(id_ for report in reports for id_ in report.import_ids),
        sum(report.read for report in reports),
        sum(report.imported for report in reports),
        sum(report.duplicates for report in reports),
        tuple(reject for report in reports for reject in report.rejected),
        sum(report.contacts for report in reports),
        sum(report.conversations for report in reports),
    )


def _region(access: Access) -> str | None:
    with access.read() as store:
        return region_in(store)


class _Rehearsal(Exception):  # noqa: N818 - carries the report out of the write it undoes
    def __init__(self, report: ImportReport) -> None:
        super().__init__("rehearsed")
        self.report = report


class _WithinOneWrite:
    """Access to the state of one open write, which reads and writes alike."""

    def __init__(self, store: UnitOfWork) -> None:
        self._store = store

    def read(self, token: CancelToken | None = None) -> AbstractContextManager[UnitOfWork]:
        return nullcontext(self._store)

    def write(self, function: Callable[[UnitOfWork], T]) -> T:
        return function(self._store)

    @property
    def undo_status(self) -> UndoStatus:
        return UndoStatus()


def _rehearse(access: Access, work: Callable[[Access], ImportReport]) -> ImportReport:
    def rehearse(store: UnitOfWork) -> None:
        raise _Rehearsal(work(_WithinOneWrite(store)))

    try:
        access.write(rehearse)
    except _Rehearsal as rehearsal:
        return rehearsal.report
    raise AssertionError("a rehearsal always ends by taking itself back")
