"""Measuring who writes to whom: the directional features and scores of every pair."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from crm_desktop.base.clock import DAY_S, now_seconds
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.derived import Derived
from crm_desktop.domain.interactions import (
    EdgeFeatures,
    FeatureReport,
    ScoreBreakdown,
    decay_bucket,
)
from crm_desktop.services.instant import reference_seconds

if TYPE_CHECKING:
    from crm_desktop.engines.interactions import PairFeatures
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.model.interactions import InteractionRow
    from crm_desktop.services.access import Access

AGGREGATED_AT = "aggregated_at"
ROWS_PER_WRITE = 2_000


def aggregate_features(access: Access, *, ctx: JobContext | None = None) -> FeatureReport:
    """Bring the measures and scores of every (self person, person) pair in line with the messages.

    They are as of now, which the setting `aggregated_at` records. Rows are written in batches of
    about 20 ms so that nobody waits long for the writer; the last batch clears the pending work,
    unless something else was written since the messages were read.
    """
    ctx = ctx or JobContext()
    now = reference_seconds(access)
    stamp = access.write(lambda store: store.interactions.change_stamp())
    features = _measure(access, now, ctx)
    rows = list(_rows(features))
    with access.read(ctx.token) as store:
        changes = store.interactions.changes(rows)
    upserts = changes.inserts + changes.updates
    total = len(upserts) + len(changes.deletes)
    is_current = True

    def save(
        store: UnitOfWork,
        batch: tuple[InteractionRow, ...] = (),
        gone: tuple[tuple[int, int], ...] = (),
        is_last: bool = False,
    ) -> None:
        nonlocal stamp, is_current
        is_current = is_current and store.interactions.change_stamp() == stamp
        store.interactions.upsert(batch, now_seconds())
        store.interactions.delete(gone)
        if is_last:
            store.settings.set(AGGREGATED_AT, str(now))
            if is_current:
                store.pending.clear(Derived.INTERACTIONS)
        stamp = store.interactions.change_stamp()

    for begin in range(0, len(upserts), ROWS_PER_WRITE):
        ctx.tick(begin, total, "Saving scores")
        batch = upserts[begin : begin + ROWS_PER_WRITE]
        access.write(partial(save, batch=batch))
    for begin in range(0, len(changes.deletes), ROWS_PER_WRITE):
        ctx.tick(len(upserts) + begin, total, "Saving scores")
        gone = changes.deletes[begin : begin + ROWS_PER_WRITE]
        access.write(partial(save, gone=gone))
    access.write(partial(save, is_last=True))
    return FeatureReport(
        pairs=len(rows),
        inserted=len(changes.inserts),
        updated=len(changes.updates),
        deleted=len(changes.deletes),
        clamped=features.clamped,
        changes=Changes.of(ChangeKind.INTERACTIONS) if total else Changes(),
    )


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


def _measure(access: Access, now: int, ctx: JobContext) -> PairFeatures:
    from crm_desktop.engines import interactions as engine

    with access.read(ctx.token) as store:
        ctx.tick(0, 0, "Reading messages")
        deliveries = engine.Deliveries(*store.interactions.deliveries())
    return engine.aggregate(deliveries, now=now, ctx=ctx)


def _rows(features: PairFeatures) -> Iterator[InteractionRow]:
    from crm_desktop.model.interactions import edge_features_json

    # In slices: turning a whole archive into Python numbers at once would hold up the window.
    for begin in range(0, len(features), ROWS_PER_WRITE):
        part = slice(begin, begin + ROWS_PER_WRITE)
        for self_id, person_id, score, last, *measures, latency, trend in zip(
            features.self_person_ids[part].tolist(),
            features.person_ids[part].tolist(),
            features.scores[part].tolist(),
            features.last_contact_at[part].tolist(),
            features.days_since_last_message[part].tolist(),
            features.messages_30d[part].tolist(),
            features.distinct_threads_90d[part].tolist(),
            features.attachments_30d[part].tolist(),
            features.messages_90d_in[part].tolist(),
            features.messages_90d_out[part].tolist(),
            features.messages_out[part].tolist(),
            features.avg_reply_latency_seconds[part].tolist(),
            features.trend[part].tolist(),
            strict=True,
        ):
            days, short, threads, files, received, written, written_ever = measures
            edge = EdgeFeatures(
                days,
                short,
                threads,
                files,
                None if math.isnan(latency) else latency,
                received,
                written,
                written_ever,
            )
            yield (
                self_id,
                person_id,
                score,
                last,
                decay_bucket(days),
                edge_features_json(edge, trend),
            )
