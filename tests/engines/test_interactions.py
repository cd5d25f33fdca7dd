"""Interaction features: a table by hand, inclusive bounds, ties, and agreement of both paths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_desktop.base.clock import DAY_S
from crm_desktop.domain.interactions import decay_bucket
from crm_desktop.engines.deliveries import Deliveries
from crm_desktop.engines.interactions import Event, aggregate, summarize_events

NOW = 1_700_000_000


def deliveries(rows) -> Deliveries:
    """From (message, thread, sent_at, attachments, sender, receiver) tuples."""
    columns = np.array(rows, np.int64).reshape(-1, 6).T
    return Deliveries(*(np.ascontiguousarray(column) for column in columns))


def by_pair(features) -> dict[tuple[int, int], int]:
    pairs = zip(features.self_person_ids.tolist(), features.person_ids.tolist(), strict=True)
    return {pair: row for row, pair in enumerate(pairs)}


def ago(days: float) -> int:
    return NOW - round(days * DAY_S)


def test_no_events_is_a_value_error():
    with pytest.raises(ValueError, match="no events"):
        summarize_events([], NOW)


def test_hand_computed_summary():
    events = [
        Event(1, 10, ago(100), is_outbound=True),
        Event(2, 10, ago(40), is_outbound=False, attachment_count=3),
        Event(3, 10, ago(40) + 3600, is_outbound=True),
        Event(4, 11, ago(20), is_outbound=False, attachment_count=2),
        Event(5, 11, ago(20) + 60, is_outbound=False),
        Event(6, 11, ago(20) + 660, is_outbound=True, attachment_count=1),
        Event(7, 11, ago(20) + 700, is_outbound=True),
    ]
    features = summarize_events(events, NOW)
    assert features.days_since_last_message == pytest.approx(20 - 700 / DAY_S)
    assert features.messages_30d == 4
    assert features.distinct_threads_90d == 2
    assert features.attachments_30d == 3
    assert features.avg_reply_latency_seconds == (3600 + 600) / 2
    assert (features.messages_90d_in, features.messages_90d_out) == (3, 3)
    assert features.messages_out == 4


@pytest.mark.parametrize(
    ("age_s", "in_30d", "in_90d"),
    [
        (30 * DAY_S, 1, 1),
        (30 * DAY_S + 1, 0, 1),
        (90 * DAY_S, 0, 1),
        (90 * DAY_S + 1, 0, 0),
    ],
)
def test_window_bounds_are_inclusive(age_s, in_30d, in_90d):
    features = summarize_events([Event(1, 1, NOW - age_s, is_outbound=False)], NOW)
    assert (features.messages_30d, features.distinct_threads_90d) == (in_30d, in_90d)
    assert features.messages_90d_in == in_90d
    many = aggregate(deliveries([(1, 1, NOW - age_s, 0, 5, 6)]), now=NOW)
    assert many.messages_30d.tolist() == [in_30d] * 2
    assert many.distinct_threads_90d.tolist() == [in_90d] * 2


def test_future_dates_count_as_now():
    features = summarize_events([Event(1, 1, NOW + 10**9, is_outbound=True)], NOW)
    assert features.days_since_last_message == 0.0
    assert features.messages_30d == 1
    many = aggregate(deliveries([(1, 1, NOW + 10**9, 0, 5, 6), (2, 1, NOW, 0, 6, 5)]), now=NOW)
    assert many.last_contact_at.tolist() == [NOW, NOW]


def test_ties_are_broken_by_message_id():
    inbound_first = [Event(1, 1, NOW, is_outbound=False), Event(2, 1, NOW, is_outbound=True)]
    assert summarize_events(inbound_first, NOW).avg_reply_latency_seconds == 0.0
    outbound_first = [Event(2, 1, NOW, is_outbound=False), Event(1, 1, NOW, is_outbound=True)]
    assert summarize_events(outbound_first, NOW).avg_reply_latency_seconds is None


def test_a_reply_in_another_thread_is_no_reply():
    events = [Event(1, 1, NOW - 60, is_outbound=False), Event(2, 2, NOW, is_outbound=True)]
    assert summarize_events(events, NOW).avg_reply_latency_seconds is None


def test_both_directions_and_only_others():
    rows = [
        (1, 1, NOW - 100, 1, 7, 3),
        (1, 1, NOW - 100, 1, 7, 3),  # to and cc
        (1, 1, NOW - 100, 1, 7, 7),  # a copy to oneself
        (2, 1, NOW - 40, 0, 3, 7),
    ]
    features = aggregate(deliveries(rows), now=NOW)
    place = by_pair(features)
    assert set(place) == {(3, 7), (7, 3)}
    three, seven = place[3, 7], place[7, 3]
    assert features.messages_30d.tolist() == [2, 2]
    assert features.attachments_30d.tolist() == [1, 1]
    assert features.avg_reply_latency_seconds[three] == 60.0
    assert np.isnan(features.avg_reply_latency_seconds[seven])
    assert features.messages_90d_in[three] == features.messages_90d_out[three] == 1


def test_no_rows_give_no_pairs():
    assert len(aggregate(deliveries([]), now=NOW)) == 0


def weekly_trend(sent_at, now) -> tuple[int, ...]:
    """Messages in each of the last 13 weeks before `now`, oldest first, counted one by one."""
    weeks_ago = [(now - min(at, now)) // (7 * DAY_S) for at in sent_at]
    return tuple(weeks_ago.count(week) for week in reversed(range(13)))


def test_the_trend_runs_from_thirteen_weeks_ago_to_now():
    week = 7 * DAY_S
    sent = [NOW, NOW - week + 1, NOW - week, NOW - 13 * week + 1, NOW - 13 * week, NOW + 5]
    rows = [(number, 1, at, 0, 1, 2) for number, at in enumerate(sent, start=1)]
    features = aggregate(deliveries(rows), now=NOW)
    assert features.trend.tolist() == [[1, *[0] * 10, 1, 3]] * 2


times = st.one_of(
    st.integers(NOW - 200 * DAY_S, NOW + DAY_S),
    st.sampled_from([NOW, NOW - 30 * DAY_S, NOW - 90 * DAY_S, NOW - 91 * DAY_S]),
)


@st.composite
def archives(draw):
    """Messages between five people: one sender, one time and one thread each."""
    rows = []
    for message in range(1, draw(st.integers(0, 25)) + 1):
        thread, sent_at = draw(st.integers(1, 4)), draw(times)
        attachments, sender = draw(st.integers(0, 3)), draw(st.integers(1, 5))
        for receiver in draw(st.sets(st.integers(1, 5), max_size=4)):
            rows.append((message, thread, sent_at, attachments, sender, receiver))
    return draw(st.permutations(rows))


@settings(max_examples=200)
@given(archives())
def test_one_pass_agrees_with_each_pair_alone(rows):
    events: dict[tuple[int, int], list[Event]] = {}
    for message, thread, sent_at, attachments, sender, receiver in rows:
        if sender == receiver:
            continue
        for pair, is_outbound in (((sender, receiver), True), ((receiver, sender), False)):
            event = Event(message, thread, sent_at, is_outbound, attachments)
            events.setdefault(pair, []).append(event)
    features = aggregate(deliveries(rows), now=NOW)
    place = by_pair(features)
    assert list(place) == sorted(events)
    for pair, row in place.items():
        expected = summarize_events(events[pair], NOW)
        latency = features.avg_reply_latency_seconds[row]
        assert features.days_since_last_message[row] == expected.days_since_last_message
        assert features.messages_30d[row] == expected.messages_30d
        assert features.distinct_threads_90d[row] == expected.distinct_threads_90d
        assert features.attachments_30d[row] == expected.attachments_30d
        assert (None if np.isnan(latency) else latency) == expected.avg_reply_latency_seconds
        assert features.messages_90d_in[row] == expected.messages_90d_in
        assert features.messages_90d_out[row] == expected.messages_90d_out
        assert features.messages_out[row] == expected.messages_out
        assert features.replies[row] == expected.replies
        assert features.reply_seconds[row] == expected.reply_seconds
        sent = [event.sent_at for event in events[pair]]
        assert tuple(features.trend[row].tolist()) == weekly_trend(sent, NOW)


@given(archives(), st.integers(1, 400))
def test_waiting_never_makes_a_pair_fresher(rows, days):
    before = aggregate(deliveries(rows), now=NOW + DAY_S)
    after = aggregate(deliveries(rows), now=NOW + (1 + days) * DAY_S)
    assert (after.days_since_last_message >= before.days_since_last_message).all()
    assert (after.messages_30d <= before.messages_30d).all()
    assert (after.distinct_threads_90d <= before.distinct_threads_90d).all()


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(0, 0), (1, 0), (1.0001, 1), (7, 1), (7.0001, 2), (30, 2), (90, 3), (180, 4), (180.0001, 5)],
)
def test_decay_buckets_of_exact_ages(days, bucket):
    assert decay_bucket(days) == bucket
