"""Communication metrics of every ordered pair of people who wrote to each other.

`pair_totals` counts all pairs of an archive in one pass over sorted arrays; what it counts are
sums over conversations, so that the totals of some can be taken away or added. `Features` turns
totals into the metrics of both directions. `summarize_events` does one pair in plain Python. Both
give the same numbers. Times are epoch seconds UTC.

Windows end at `as_of`, dates after `now` are read as `now`: within a day the windows may stand
still while new messages come in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from crm_desktop.base.clock import DAY_S
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.interactions import TREND_WEEKS, EdgeFeatures
from crm_desktop.engines import scoring
from crm_desktop.engines.deliveries import Deliveries
from crm_desktop.engines.ordering import group_starts, stable_order

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SHORT_WINDOW_S = 30 * DAY_S
LONG_WINDOW_S = 90 * DAY_S
WEEK_S = 7 * DAY_S
LONG_AGO = int(np.iinfo(np.int64).min)
TREND_S = TREND_WEEKS * WEEK_S


@dataclass(frozen=True, slots=True)
class Event:
    """One message between self and one person, seen from self's side."""

    message_id: int
    thread_id: int
    sent_at: int
    is_outbound: bool
    attachment_count: int = 0


@dataclass(frozen=True, slots=True)
class PairTotals:
    """One row per pair of people, ascending by (low_ids, high_ids).

    `low_*` is what the one with the lower id did: messages written to the other in 90 days and
    ever, answers, and seconds waited before them. `trend` has a row of weekly counts per pair,
    oldest week first. All but the ids and `last_contact_at` are sums over conversations.
    """

    low_ids: Ints
    high_ids: Ints
    last_contact_at: Ints
    messages_30d: Ints
    threads_90d: Ints
    attachments_30d: Ints
    low_90d: Ints
    high_90d: Ints
    low_ever: Ints
    high_ever: Ints
    low_replies: Ints
    high_replies: Ints
    low_reply_s: Ints
    high_reply_s: Ints
    trend: Ints

    def __len__(self) -> int:
        return len(self.low_ids)


SUMS = tuple(
    field.name
    for field in fields(PairTotals)
    if field.name not in ("low_ids", "high_ids", "last_contact_at")
)


WINDOWS = ("messages_30d", "threads_90d", "attachments_30d", "low_90d", "high_90d", "trend")
"""The sums over messages of late, which time alone changes."""


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
        replies=len(latencies),
        reply_seconds=sum(latencies),
    )


def pair_totals(deliveries: Deliveries, *, now: int, as_of: int | None = None) -> PairTotals:
    """What every pair of people exchanged. Messages to oneself are left out and repeated rows
    count once.

    The two directions of a pair share everything but who answered whom, so the rows are sorted
    once per pair and both directions are read off the same order. Messages of one instant follow
    each other by id.
    """
    rows = _sorted_rows(deliveries, now)
    as_of = now if as_of is None else as_of
    pair_begins = group_starts(rows.low, rows.high)
    is_first = np.zeros(len(rows.low), np.bool_)
    is_first[pair_begins] = True
    pair = np.cumsum(is_first) - 1
    count = len(pair_begins)
    new_thread = np.zeros(len(rows.low), np.bool_)
    new_thread[group_starts(rows.low, rows.high, rows.threads)] = True

    def per_pair(chosen: Flags | Ints, weights: Ints | None = None) -> Ints:
        return np.bincount(pair[chosen], weights, count).astype(np.int64)

    by_low = rows.from_low
    low_ever = per_pair(by_low)
    last = np.maximum.reduceat(rows.sent_at, pair_begins) if count else np.empty(0, np.int64)
    # Within a thread the rows run by time, so the last one says whether any is in the window.
    ends_thread = np.ones(len(new_thread), np.bool_)
    ends_thread[:-1] = new_thread[1:]
    recent = np.flatnonzero(rows.sent_at >= as_of - TREND_S)
    long = recent[rows.sent_at[recent] >= as_of - LONG_WINDOW_S]
    short = long[rows.sent_at[long] >= as_of - SHORT_WINDOW_S]
    low_90d = per_pair(long[by_low[long]])
    low_replies, low_reply_s = _answers(rows, new_thread, by_low, per_pair)
    high_replies, high_reply_s = _answers(rows, new_thread, ~by_low, per_pair)
    return PairTotals(
        rows.low[pair_begins].astype(np.int64),
        rows.high[pair_begins].astype(np.int64),
        last,
        per_pair(short),
        per_pair(long[ends_thread[long]]),
        per_pair(short, rows.attachments[short]),
        low_90d,
        per_pair(long) - low_90d,
        low_ever,
        np.bincount(pair, minlength=count) - low_ever,
        low_replies,
        high_replies,
        low_reply_s,
        high_reply_s,
        _weekly_counts(pair[recent], rows.sent_at[recent], count, as_of),
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Deliveries ordered by pair, thread, time and message. `from_low` says that the pair's person
    with the lower id wrote."""

    low: Ints
    high: Ints
    threads: Ints
    sent_at: Ints
    attachments: Ints
    from_low: Flags


def _sorted_rows(deliveries: Deliveries, now: int) -> _Rows:
    between_two = deliveries.sender_ids != deliveries.receiver_ids
    if not between_two.all():
        deliveries = deliveries.take(between_two)
    sent_at = np.minimum(deliveries.sent_at, now)
    low = np.minimum(deliveries.sender_ids, deliveries.receiver_ids)
    high = np.maximum(deliveries.sender_ids, deliveries.receiver_ids)
    from_low = deliveries.sender_ids < deliveries.receiver_ids
    messages = deliveries.message_ids
    least = int(sent_at.min(initial=0))
    order = stable_order(
        low, high, deliveries.thread_ids, sent_at - least, messages, from_low.astype(np.int8)
    )
    once = group_starts(low[order], high[order], messages[order], from_low[order])
    order = order[once] if len(once) < len(order) else order
    return _Rows(
        low[order],
        high[order],
        deliveries.thread_ids[order],
        sent_at[order],
        deliveries.attachment_counts[order],
        from_low[order],
    )


def _answers(
    rows: _Rows, new_thread: Flags, is_outbound: Flags, per_pair: Callable[..., Ints]
) -> tuple[Ints, Ints]:
    """How often an outbound message directly follows an inbound one in the same thread, and the
    seconds between them in all."""
    answers = np.zeros(len(new_thread), np.bool_)
    answers[1:] = is_outbound[1:] & ~is_outbound[:-1] & ~new_thread[1:]
    places = np.flatnonzero(answers)
    waited = rows.sent_at[places] - rows.sent_at[places - 1]
    return per_pair(places), per_pair(places, waited)


def _weekly_counts(pair: Ints, sent_at: Ints, pairs: int, as_of: int) -> Ints:
    weeks_ago = np.maximum(0, as_of - sent_at) // WEEK_S
    shown = weeks_ago < TREND_WEEKS
    slots = pair[shown] * TREND_WEEKS + (TREND_WEEKS - 1 - weeks_ago[shown])
    return np.bincount(slots, minlength=pairs * TREND_WEEKS).reshape(pairs, TREND_WEEKS)


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
    replies: Ints
    reply_seconds: Ints
    trend: Ints
    scores: Floats

    def __len__(self) -> int:
        return len(self.person_ids)


class Features:
    """The metrics of both directions of every pair, worked out in slices."""

    def __init__(self, totals: PairTotals, as_of: int) -> None:
        self._totals = totals
        self._as_of = as_of
        selves = np.concatenate((totals.low_ids, totals.high_ids))
        others = np.concatenate((totals.high_ids, totals.low_ids))
        self._order = stable_order(selves, others)

    def __len__(self) -> int:
        return len(self._order)

    def rows(self, which: Ints | slice) -> PairFeatures:
        """The rows of these numbers."""
        totals, count = self._totals, len(self._totals)
        chosen = self._order[which]
        is_low = chosen < count
        rows = chosen % max(1, count)

        def own(low: Ints, high: Ints) -> Ints:
            return np.where(is_low, low[rows], high[rows])

        last = totals.last_contact_at[rows]
        days = np.maximum(0, self._as_of - last) / DAY_S
        messages_30d = totals.messages_30d[rows]
        threads_90d = totals.threads_90d[rows]
        attachments_30d = totals.attachments_30d[rows]
        written = own(totals.low_90d, totals.high_90d)
        received = own(totals.high_90d, totals.low_90d)
        written_ever = own(totals.low_ever, totals.high_ever)
        replies = own(totals.low_replies, totals.high_replies)
        reply_s = own(totals.low_reply_s, totals.high_reply_s)
        return PairFeatures(
            own(totals.low_ids, totals.high_ids),
            own(totals.high_ids, totals.low_ids),
            last,
            days,
            messages_30d,
            threads_90d,
            attachments_30d,
            np.where(replies > 0, reply_s / np.maximum(replies, 1), np.nan),
            received,
            written,
            written_ever,
            replies,
            reply_s,
            totals.trend[rows],
            scoring.scores(
                days_since_last_message=days,
                messages_30d=messages_30d,
                distinct_threads_90d=threads_90d,
                attachments_30d=attachments_30d,
                messages_90d_in=received,
                messages_90d_out=written,
                messages_out=written_ever,
            ),
        )


def aggregate(
    deliveries: Deliveries, *, now: int, as_of: int | None = None, ctx: JobContext | None = None
) -> PairFeatures:
    """The metrics of every ordered pair: each delivery is outbound for its sender and inbound
    for its receiver."""
    (ctx or JobContext()).tick(0, 0, "Measuring each pair")
    features = Features(
        pair_totals(deliveries, now=now, as_of=as_of), now if as_of is None else as_of
    )
    return features.rows(slice(None))
