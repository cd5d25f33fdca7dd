"""Measuring who writes to whom: the directional features and scores of every pair."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from crm_desktop.base.clock import DAY_S, now_seconds
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.interactions import (
    EdgeFeatures,
    FeatureReport,
    ScoreBreakdown,
    decay_bucket,
)
from crm_desktop.services.instant import reference_seconds

if TYPE_CHECKING:
    from crm_desktop.engines.deliveries import Deliveries
    from crm_desktop.engines.interactions import Features
    from crm_desktop.engines.ordering import Ints
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.model.interactions import InteractionRow
    from crm_desktop.services.access import Access

AGGREGATED_AT = "aggregated_at"
ROWS_PER_WRITE = 2_000
MAX_TRIES = 100


def aggregate_features(access: Access, *, ctx: JobContext | None = None) -> FeatureReport:
    """Bring the measures and scores of every (self person, person) pair in line with the messages.

    They are as of now, which the setting `aggregated_at` records. Rows are written in batches of
    about 20 ms so that nobody waits long for the writer; what changes meanwhile stays pending.
    """
    now = reference_seconds(access)
    return measure_all(access, now, now, ctx or JobContext(), is_exact=True)


def refresh_features(access: Access, *, ctx: JobContext | None = None) -> Changes:
    """The same for what is stale: the pairs of messages that changed since the last run, and on a
    new day those that time has moved. The rows are those of a full run.

    Windows end at the first refresh of a day (UTC) or the last full run since.
    """
    from crm_desktop.services.interactions_changes import NotFromChangesError, measure_changes

    ctx = ctx or JobContext()
    now = reference_seconds(access)
    try:
        return measure_changes(access, now, ctx)
    except NotFromChangesError as reason:
        return measure_all(access, now, reason.as_of, ctx, is_exact=False).changes


def self_features(
    access: Access, person_id: int, *, now: int | None = None
) -> tuple[EdgeFeatures, ScoreBreakdown, int] | None:
    """The measures from self to a person, the terms of the stored score, and the decay bucket.

    Age and bucket are as of `now` (epoch seconds UTC), the rest as of the last aggregation. None
    without a self person or without messages between the two.
    """
    from crm_desktop.engines.scoring import score_breakdown
    from crm_desktop.model.interactions import edge_features_from_json

    with access.read() as store:
        owner = store.settings.self_person_id
        row = None if owner is None else store.interactions.features(owner, person_id)
    if row is None:
        return None
    last_contact_at, text = row
    features, _ = edge_features_from_json(text)
    aged = as_of(features, last_contact_at, reference_seconds(access) if now is None else now)
    return aged, score_breakdown(features), decay_bucket(aged.days_since_last_message)


def as_of(features: EdgeFeatures, last_contact_at: int, now: int) -> EdgeFeatures:
    """The measures with the age of the last contact counted to `now`, never negative."""
    return replace(features, days_since_last_message=max(0, now - last_contact_at) / DAY_S)


@contextmanager
def taken_snapshot(access: Access, ctx: JobContext) -> Iterator[UnitOfWork]:
    """A snapshot of exactly what the marks taken for this run tell of."""
    for _ in range(MAX_TRIES):
        access.write(lambda store: store.interactions_state.take())
        with access.read(ctx.token) as store:
            if store.interactions_state.is_all_taken():
                yield store
                return
    raise RuntimeError("the database changed at every look")


def write_rows(
    access: Access,
    upserts: Iterable[Sequence[InteractionRow]],
    deletes: Sequence[tuple[int, int]],
    finish: Callable[[UnitOfWork], None],
    ctx: JobContext,
    total: int,
) -> None:
    """Write so many rows, in batches if they are many; `finish` goes with the last. Should that
    not come, the next run measures everything anew."""
    is_in_parts = total > ROWS_PER_WRITE
    if is_in_parts:
        access.write(lambda store: store.interactions_state.begin_writing())
    written_at = now_seconds()
    waiting: list[Callable[[UnitOfWork], None]] = []
    done = 0

    def add(function: Callable[[UnitOfWork], None], count: int) -> None:
        nonlocal done
        ctx.tick(done, total, "Saving scores")
        done += count
        if is_in_parts:
            access.write(function)
        else:
            waiting.append(function)

    for rows in upserts:
        add(partial(_upsert, rows=rows, written_at=written_at), len(rows))
    for begin in range(0, len(deletes), ROWS_PER_WRITE):
        gone = deletes[begin : begin + ROWS_PER_WRITE]
        add(partial(_delete, pairs=gone), len(gone))

    def end(store: UnitOfWork) -> None:
        for function in waiting:
            function(store)
        finish(store)

    access.write(end)


def _upsert(store: UnitOfWork, *, rows: Sequence[InteractionRow], written_at: int) -> None:
    store.interactions.upsert(rows, written_at)


def _delete(store: UnitOfWork, *, pairs: Sequence[tuple[int, int]]) -> None:
    store.interactions.delete(pairs)


@dataclass(frozen=True, slots=True)
class _Difference:
    """Which rows of the features to write, how many of them are new, and which pairs to delete."""

    writes: Ints
    inserted: int
    deletes: list[tuple[int, int]]


def measure_all(
    access: Access, now: int, as_of: int, ctx: JobContext, *, is_exact: bool
) -> FeatureReport:
    """Measure everything anew, with windows that end at `as_of`. If not `is_exact`, rows that
    nothing but time has changed are only written where that shows."""
    import numpy as np

    from crm_desktop.engines.interaction_rows import interaction_rows
    from crm_desktop.engines.interactions import Features, pair_totals
    from crm_desktop.model.interactions_state import State

    deliveries = _read(access, ctx)
    is_ahead = deliveries.sent_at > now
    ahead = np.unique(deliveries.thread_ids[is_ahead]).tolist()
    clamped = len(np.unique(deliveries.message_ids[is_ahead]))
    ctx.tick(0, 0, "Measuring each pair")
    totals = pair_totals(deliveries, now=now, as_of=as_of)
    del deliveries
    features = Features(totals, as_of)
    with access.read(ctx.token) as store:
        difference = _difference(store, features, ctx, is_exact=is_exact)

    def finish(store: UnitOfWork) -> None:
        store.settings.set(AGGREGATED_AT, str(as_of))
        store.interactions_state.finish(State(as_of, now), ahead)

    total = len(difference.writes) + len(difference.deletes)
    write_rows(
        access,
        interaction_rows(features, difference.writes),
        difference.deletes,
        finish,
        ctx,
        total,
    )
    return FeatureReport(
        pairs=len(features),
        inserted=difference.inserted,
        updated=len(difference.writes) - difference.inserted,
        deleted=len(difference.deletes),
        clamped=clamped,
        changes=Changes.of(ChangeKind.INTERACTIONS) if total else Changes(),
    )


def _read(access: Access, ctx: JobContext) -> Deliveries:
    from crm_desktop.engines.deliveries import concatenated, joined

    with taken_snapshot(access, ctx) as store:
        persons = store.interactions.persons()
        total = store.interactions.message_count()
        parts = []
        for messages, people in store.interactions.messages():
            ctx.tick(int(messages[0].max(initial=0)), total, "Reading messages")
            parts.append(joined(messages, people, persons))
    return concatenated(parts)


def _difference(
    store: UnitOfWork, features: Features, ctx: JobContext, *, is_exact: bool
) -> _Difference:
    """How the stored rows differ from the features."""
    import numpy as np

    from crm_desktop.engines.interaction_rows import interaction_rows, is_same

    if not store.interactions.count():
        return _Difference(np.arange(len(features)), len(features), [])
    writes, deletes = array("q"), []
    inserted = number = 0
    stored = store.interactions.stored()
    row = next(stored, None)
    for part in interaction_rows(features):
        ctx.tick(number, len(features), "Comparing with what is known")
        for wanted in part:
            while row is not None and row[:2] < wanted[:2]:
                deletes.append(row[:2])
                row = next(stored, None)
            if row is None or row[:2] != wanted[:2]:
                writes.append(number)
                inserted += 1
            else:
                if not is_same(row, wanted, is_exact=is_exact):
                    writes.append(number)
                row = next(stored, None)
            number += 1
    if row is not None:
        deletes.append(row[:2])
    deletes.extend(row[:2] for row in stored)
    return _Difference(np.array(writes, np.int64), inserted, deletes)
