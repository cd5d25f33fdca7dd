"""Features of pairs as rows, the JSON of their metrics, and back."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from crm_desktop.domain.interactions import DECAY_LIMITS_DAYS, TREND_WEEKS
from crm_desktop.engines.interactions import Features, Ints, PairTotals

InteractionRow = tuple[int, int, float, int, int, str]
"""Self person id, person id, score, last contact at, decay bucket, text of `edge_features`."""

ROWS_PER_SLICE = 2_000
_TEXT = (
    '{"days_since_last_message":%s,"messages_30d":%d,"distinct_threads_90d":%d,'
    '"attachments_30d":%d,"avg_reply_latency_seconds":%s,"messages_90d_in":%d,'
    '"messages_90d_out":%d,"messages_out":%d,"replies":%d,"reply_seconds":%d,"trend":[%s]}'
)
LEAST_DIFFERENCE = 0.01
"""A score that would differ by less from the one stored is not worth writing."""


def interaction_rows(
    features: Features, which: Ints | None = None
) -> Iterator[list[InteractionRow]]:
    """The rows of all features, or of those numbered `which`, in slices: more at once would hold
    up the window."""
    trends: dict[bytes, str] = {}
    count = len(features) if which is None else len(which)
    for begin in range(0, count, ROWS_PER_SLICE):
        end = min(begin + ROWS_PER_SLICE, count)
        part = features.rows(np.arange(begin, end) if which is None else which[begin:end])
        days = part.days_since_last_message.tolist()
        texts = map(
            _TEXT.__mod__,
            zip(
                map(repr, days),
                part.messages_30d.tolist(),
                part.distinct_threads_90d.tolist(),
                part.attachments_30d.tolist(),
                map(_number, part.avg_reply_latency_seconds.tolist()),
                part.messages_90d_in.tolist(),
                part.messages_90d_out.tolist(),
                part.messages_out.tolist(),
                part.replies.tolist(),
                part.reply_seconds.tolist(),
                _trend_texts(part.trend, trends),
                strict=True,
            ),
        )
        yield list(
            zip(
                part.self_person_ids.tolist(),
                part.person_ids.tolist(),
                part.scores.tolist(),
                part.last_contact_at.tolist(),
                np.searchsorted(DECAY_LIMITS_DAYS, part.days_since_last_message).tolist(),
                texts,
                strict=True,
            )
        )


def is_same(stored: InteractionRow, wanted: InteractionRow, *, is_exact: bool) -> bool:
    """Whether a stored row need not be written anew. If not `is_exact`, it may have been left
    behind by time alone, as long as nothing but the plain age shows it."""
    if stored == wanted:
        return True
    return (
        not is_exact
        and stored[3:5] == wanted[3:5]
        and abs(stored[2] - wanted[2]) < LEAST_DIFFERENCE
        and _ageless(stored[5]) == _ageless(wanted[5])
    )


def totals_of(rows: Sequence[tuple[InteractionRow, InteractionRow]]) -> PairTotals:
    """The totals that stored rows tell of: for each pair the row of the lower id towards the
    higher, and the other."""
    columns: list[tuple[int, ...]] = []
    trends: list[list[int]] = []
    for low, high in rows:
        one, other = json.loads(low[5]), json.loads(high[5])
        columns.append(
            (
                *low[:2],
                low[3],
                one["messages_30d"],
                one["distinct_threads_90d"],
                one["attachments_30d"],
                one["messages_90d_out"],
                one["messages_90d_in"],
                one["messages_out"],
                other["messages_out"],
                one["replies"],
                other["replies"],
                one["reply_seconds"],
                other["reply_seconds"],
            )
        )
        trends.append(one["trend"])
    low_ids, high_ids, last, *sums = np.array(columns, np.int64).reshape(-1, 14).T
    trend = np.array(trends, np.int64).reshape(-1, TREND_WEEKS)
    return PairTotals(low_ids, high_ids, last, *sums, trend)  # type: ignore[call-arg]


def _ageless(text: str) -> str:
    return text.partition(",")[2]


def _number(value: float) -> str:
    return "null" if math.isnan(value) else repr(value)


def _trend_texts(trend: Ints, known: dict[bytes, str]) -> Iterable[str]:
    for row in trend:
        key = row.tobytes()
        text = known.get(key)
        if text is None:
            text = known[key] = ",".join(map(str, row.tolist()))
        yield text
