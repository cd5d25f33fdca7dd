"""Scores: hand-computed values, bounds, monotonicity, and the two ways of computing agree."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.domain.interactions import EdgeFeatures
from crm_desktop.engines.scoring import NEVER_WRITTEN_CAP, score_breakdown, scores

counts = st.integers(0, 10_000)
some_features = st.builds(
    EdgeFeatures,
    days_since_last_message=st.floats(0, 20_000, allow_nan=False),
    messages_30d=counts,
    distinct_threads_90d=counts,
    attachments_30d=counts,
    avg_reply_latency_seconds=st.none(),
    messages_90d_in=counts,
    messages_90d_out=counts,
    messages_out=counts,
)


def test_everything_at_its_cap_scores_a_hundred():
    breakdown = score_breakdown(EdgeFeatures(0.0, 60, 12, 10, None, 30, 30, 30))
    assert breakdown.score == pytest.approx(100.0)
    assert [
        breakdown.recency,
        breakdown.frequency,
        breakdown.breadth,
        breakdown.attachments,
        breakdown.reciprocity,
    ] == pytest.approx([35, 25, 15, 5, 20])
    assert not breakdown.is_capped


def test_hand_computed_score():
    breakdown = score_breakdown(EdgeFeatures(30.0, 7, 3, 1, 60.0, 6, 2, 9))
    assert breakdown.recency == pytest.approx(17.5)
    assert breakdown.frequency == pytest.approx(25 * math.log(8) / math.log(61))
    assert breakdown.breadth == pytest.approx(15 * math.log(4) / math.log(13))
    assert breakdown.attachments == pytest.approx(5 * math.log(2) / math.log(11))
    assert breakdown.reciprocity == pytest.approx(20 * 0.5)
    assert breakdown.score == pytest.approx(17.5 + 12.6458 + 8.1072 + 1.4453 + 10, abs=1e-3)


def test_someone_never_written_to_is_capped():
    newsletter = EdgeFeatures(0.0, 60, 12, 10, None, 60, 0, 0)
    breakdown = score_breakdown(newsletter)
    assert breakdown.score == NEVER_WRITTEN_CAP
    assert breakdown.is_capped
    quiet = score_breakdown(EdgeFeatures(300.0, 0, 0, 0, None, 0, 0, 0))
    assert quiet.score < NEVER_WRITTEN_CAP
    assert not quiet.is_capped


@given(some_features)
def test_bounds_and_sum(features):
    breakdown = score_breakdown(features)
    terms = (
        breakdown.recency
        + breakdown.frequency
        + breakdown.breadth
        + breakdown.attachments
        + breakdown.reciprocity
    )
    assert 0.0 <= breakdown.score <= 100.0 + 1e-9
    if breakdown.is_capped:
        assert breakdown.score == NEVER_WRITTEN_CAP < terms
    else:
        assert breakdown.score == pytest.approx(terms)


@given(some_features, st.sampled_from(["messages_30d", "distinct_threads_90d", "attachments_30d"]))
def test_more_traffic_never_lowers_the_score(features, name):
    more = replace(features, **{name: getattr(features, name) + 1})
    assert score_breakdown(more).score >= score_breakdown(features).score


@given(some_features, st.floats(0, 5_000, allow_nan=False))
def test_age_never_raises_the_score(features, days):
    older = replace(features, days_since_last_message=features.days_since_last_message + days)
    assert score_breakdown(older).score <= score_breakdown(features).score


@given(st.lists(some_features, max_size=20))
def test_vectorised_scores_agree(rows):
    def column(name, dtype=np.int64):
        return np.array([getattr(row, name) for row in rows], dtype)

    many = scores(
        days_since_last_message=column("days_since_last_message", np.float64),
        messages_30d=column("messages_30d"),
        distinct_threads_90d=column("distinct_threads_90d"),
        attachments_30d=column("attachments_30d"),
        messages_90d_in=column("messages_90d_in"),
        messages_90d_out=column("messages_90d_out"),
        messages_out=column("messages_out"),
    )
    assert many.tolist() == pytest.approx([score_breakdown(row).score for row in rows])
