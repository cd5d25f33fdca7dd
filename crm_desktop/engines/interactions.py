"""Communication metrics of every ordered pair of people who wrote to each other.

`aggregate` does all pairs of an archive in one pass over sorted arrays; `summarize_events` does
one pair in plain Python. Both give the same numbers. Times are epoch seconds UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crm_desktop.base.clock import DAY_S
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.interactions import TREND_WEEKS, EdgeFeatures
from crm_desktop.engines import scoring

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SHORT_WINDOW_S = 30 * DAY_S
LONG_WINDOW_S = 90 * DAY_S
WEEK_S = 7 * DAY_S


@dataclass(frozen=True, slots=True)
class Event:
    """One message between self and one person, seen from self's side."""

    message_id: int
    thread_id: int
    sent_at: int
    is_outbound: bool
    attachment_count: int = 0


@dataclass(frozen=True, slots=True)
class Deliveries:
    """One row per message, sender and receiver, as parallel arrays in any order."""

    message_ids: Ints
    thread_ids: Ints
    sent_at: Ints
    attachment_counts: Ints
    sender_ids: Ints
    receiver_ids: Ints


@dataclass(frozen=True, slots=True)
class PairFeatures:
    """One row per ordered pair, ascending by (self_person_ids, person_ids).

    `avg_reply_latency_seconds` is NaN where self never answered directly. `trend` has a row of
    13 weekly message counts per pair, oldest week first.
    """

    self_person_ids: Ints
    person_ids: Ints
    last_contact_at: Ints
    days_since_last_message: Floats
    messages_30d: Ints
    distinct_threads_90d: Ints
    attachments_30d: Ints
    avg_reply_latency_seconds: Floats
    messages_90d_in: Ints
    messages_90d_out: Ints
    messages_out: Ints
    trend: Ints
    scores: Floats
    clamped: int

    def __len__(self) -> int:
        return len(self.person_ids)


def summarize_events(events: Iterable[Event], now: int) -> EdgeFeatures:
    """The metrics of one pair. Window bounds are inclusive, future dates count as now.

    Raises ValueError when there are no events.
    """
    ordered = sorted(events, key=lambda event: (min(event.sent_at, now), event.message_id))
    if not ordered:
        raise ValueError("there are no events to summarise")
    times = [min(event.sent_at, now) for event in ordered]
    recent = [event for event, at in zip(ordered, times, strict=True) if at >= now - SHORT_WINDOW_S]
    quarter = [event for event, at in zip(ordered, times, strict=True) if at >= now - LONG_WINDOW_S]
    latencies: list[int] = []
    previous: dict[int, tuple[int, bool]] = {}
    for event, at in zip(ordered, times, strict=True):
        before = previous.get(event.thread_id)
        if before is not None and event.is_outbound and not before[1]:
            latencies.append(at - before[0])
        previous[event.thread_id] = (at, event.is_outbound)
    written = sum(event.is_outbound for event in quarter)
    return EdgeFeatures(
        days_since_last_message=(now - times[-1]) / DAY_S,
        messages_30d=len(recent),
        distinct_threads_90d=len({event.thread_id for event in quarter}),
        attachments_30d=sum(event.attachment_count for event in recent),
        avg_reply_latency_seconds=sum(latencies) / len(latencies) if latencies else None,
        messages_90d_in=len(quarter) - written,
        messages_90d_out=written,
        messages_out=sum(event.is_outbound for event in ordered),
    )


def aggregate(deliveries: Deliveries, *, now: int, ctx: JobContext | None = None) -> PairFeatures:
    """The metrics of every ordered pair: each delivery is outbound for its sender and inbound
    for its receiver. Messages to oneself are left out and repeated rows count once.

    The two directions of a pair share everything but who answered whom, so the rows are sorted
    once per unordered pair and the directions are read off the same order.
    """
    ctx = ctx or JobContext()
    ctx.tick(0, 3, "Sorting messages by pair")
    clamped = len(np.unique(deliveries.message_ids[deliveries.sent_at > now]))
    rows = _sorted_rows(deliveries, now)
    ctx.tick(1, 3, "Measuring each pair")
    features = _measure(rows, now, clamped)
    ctx.tick(3, 3, "Measuring each pair")
    return features


@dataclass(frozen=True, slots=True)
class _Rows:
    """Deliveries ordered by unordered pair, thread, time and message. `from_low` says that the
    pair's person with the lower id wrote."""

    low: Ints
    high: Ints
    threads: Ints
    sent_at: Ints
    attachments: Ints
    from_low: Flags


def _sorted_rows(deliveries: Deliveries, now: int) -> _Rows:
    between_two = deliveries.sender_ids != deliveries.receiver_ids
    senders = deliveries.sender_ids[between_two]
    receivers = deliveries.receiver_ids[between_two]
    messages = deliveries.message_ids[between_two]
    threads = deliveries.thread_ids[between_two]
    sent_at = np.minimum(deliveries.sent_at[between_two], now)
    attachments = deliveries.attachment_counts[between_two]
    low = np.minimum(senders, receivers)
    high = np.maximum(senders, receivers)
    from_low = senders < receivers
    order = np.lexsort((from_low, messages, sent_at, threads, high, low))
    if len(order):
        keys = [column[order] for column in (low, high, threads, messages, from_low)]
        is_new = np.zeros(len(order) - 1, np.bool_)
        for key in keys:
            is_new |= key[1:] != key[:-1]
        order = order[np.concatenate(([True], is_new))]
    return _Rows(
        low[order], high[order], threads[order], sent_at[order], attachments[order], from_low[order]
    )


def _measure(rows: _Rows, now: int, clamped: int) -> PairFeatures:
    count = len(rows.low)
    new_pair = np.ones(count, np.bool_)
    new_pair[1:] = (rows.low[1:] != rows.low[:-1]) | (rows.high[1:] != rows.high[:-1])
    new_thread = new_pair.copy()
    new_thread[1:] |= rows.threads[1:] != rows.threads[:-1]
    pair = np.cumsum(new_pair) - 1
    starts = np.flatnonzero(new_pair)
    pairs = len(starts)

    def per_pair(chosen: Flags) -> Ints:
        return np.bincount(pair[chosen], minlength=pairs)

    last = np.maximum.reduceat(rows.sent_at, starts) if pairs else np.empty(0, np.int64)
    in_short = rows.sent_at >= now - SHORT_WINDOW_S
    in_long = rows.sent_at >= now - LONG_WINDOW_S
    attachments = np.bincount(
        pair[in_short], weights=rows.attachments[in_short], minlength=pairs
    ).astype(np.int64)
    # Within a thread the rows run by time, so the last one says whether any is in the window.
    ends_thread = np.ones(count, np.bool_)
    ends_thread[:-1] = new_thread[1:]
    threads = per_pair(ends_thread & in_long)
    trend = _weekly_counts(pair, rows.sent_at, pairs, now)
    by_low = rows.from_low
    low_long, high_long = per_pair(in_long & by_low), per_pair(in_long & ~by_low)
    low_all, high_all = per_pair(by_low), per_pair(~by_low)
    low_latency = _latencies(rows, pair, new_thread, by_low, pairs)
    high_latency = _latencies(rows, pair, new_thread, ~by_low, pairs)

    both = np.concatenate
    low, high = rows.low[starts], rows.high[starts]
    selves, others = both((low, high)), both((high, low))
    order = np.lexsort((others, selves))
    short = per_pair(in_short)
    days = (now - both((last, last))[order]) / DAY_S
    messages_30d = both((short, short))[order]
    threads_90d = both((threads, threads))[order]
    attachments_30d = both((attachments, attachments))[order]
    received = both((high_long, low_long))[order]
    written = both((low_long, high_long))[order]
    written_ever = both((low_all, high_all))[order]
    return PairFeatures(
        selves[order],
        others[order],
        both((last, last))[order],
        days,
        messages_30d,
        threads_90d,
        attachments_30d,
        both((low_latency, high_latency))[order],
        received,
        written,
        written_ever,
        both((trend, trend))[order],
        scoring.scores(
            days_since_last_message=days,
            messages_30d=messages_30d,
            distinct_threads_90d=threads_90d,
            attachments_30d=attachments_30d,
            messages_90d_in=received,
            messages_90d_out=written,
            messages_out=written_ever,
        ),
        clamped,
    )


def _weekly_counts(pair: Ints, sent_at: Ints, pairs: int, now: int) -> Ints:
    weeks_ago = (now - sent_at) // WEEK_S
    shown = weeks_ago < TREND_WEEKS
    slots = pair[shown] * TREND_WEEKS + (TREND_WEEKS - 1 - weeks_ago[shown])
    return np.bincount(slots, minlength=pairs * TREND_WEEKS).reshape(pairs, TREND_WEEKS)


def _latencies(
    rows: _Rows, pair: Ints, new_thread: Flags, is_outbound: Flags, pairs: int
) -> Floats:
    """Mean seconds from an inbound message to the outbound one that directly follows it in the
    same thread; NaN where there is none."""
    answers = np.zeros(len(pair), np.bool_)
    answers[1:] = is_outbound[1:] & ~is_outbound[:-1] & ~new_thread[1:]
    places = np.flatnonzero(answers)
    waited = rows.sent_at[places] - rows.sent_at[places - 1]
    counts = np.bincount(pair[places], minlength=pairs)
    sums = np.bincount(pair[places], weights=waited, minlength=pairs)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
