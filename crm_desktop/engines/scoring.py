"""The score of a relationship, 0-100, and the terms it is made of."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from crm_desktop.domain.interactions import EdgeFeatures, ScoreBreakdown

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

RECENCY_POINTS = 35.0
FREQUENCY_POINTS = 25.0
BREADTH_POINTS = 15.0
ATTACHMENTS_POINTS = 5.0
RECIPROCITY_POINTS = 20.0
HALF_LIFE_DAYS = 30.0
MESSAGES_CAP = 60
THREADS_CAP = 12
ATTACHMENTS_CAP = 10
NEVER_WRITTEN_CAP = 15.0
"""The most for someone to whom self never wrote: a newsletter never outranks a friend."""


def score_breakdown(features: EdgeFeatures) -> ScoreBreakdown:
    """The score of one relationship with its weighted terms, in points of 100."""
    both = features.messages_90d_in + features.messages_90d_out
    balance = 2 * min(features.messages_90d_in, features.messages_90d_out) / both if both else 0.0
    recency = RECENCY_POINTS * math.exp2(-features.days_since_last_message / HALF_LIFE_DAYS)
    frequency = FREQUENCY_POINTS * _saturation(features.messages_30d, MESSAGES_CAP)
    breadth = BREADTH_POINTS * _saturation(features.distinct_threads_90d, THREADS_CAP)
    attachments = ATTACHMENTS_POINTS * _saturation(features.attachments_30d, ATTACHMENTS_CAP)
    reciprocity = RECIPROCITY_POINTS * balance
    total = recency + frequency + breadth + attachments + reciprocity
    is_capped = features.messages_out == 0 and total > NEVER_WRITTEN_CAP
    return ScoreBreakdown(
        recency,
        frequency,
        breadth,
        attachments,
        reciprocity,
        NEVER_WRITTEN_CAP if is_capped else total,
        is_capped,
    )


def scores(
    *,
    days_since_last_message: Floats,
    messages_30d: Ints,
    distinct_threads_90d: Ints,
    attachments_30d: Ints,
    messages_90d_in: Ints,
    messages_90d_out: Ints,
    messages_out: Ints,
) -> Floats:
    """The scores of many relationships at once; each equals `score_breakdown(...).score`."""
    both = messages_90d_in + messages_90d_out
    balance = 2.0 * np.minimum(messages_90d_in, messages_90d_out) / np.maximum(both, 1)
    total = (
        RECENCY_POINTS * np.exp2(-days_since_last_message / HALF_LIFE_DAYS)
        + FREQUENCY_POINTS * _saturations(messages_30d, MESSAGES_CAP)
        + BREADTH_POINTS * _saturations(distinct_threads_90d, THREADS_CAP)
        + ATTACHMENTS_POINTS * _saturations(attachments_30d, ATTACHMENTS_CAP)
        + RECIPROCITY_POINTS * balance
    )
    capped: Floats = np.where(messages_out == 0, np.minimum(total, NEVER_WRITTEN_CAP), total)
    return capped


def _saturation(count: int, cap: int) -> float:
    return min(1.0, math.log1p(count) / math.log1p(cap))


def _saturations(counts: Ints, cap: int) -> Floats:
    saturations: Floats = np.minimum(1.0, np.log1p(counts) / math.log1p(cap))
    return saturations
