"""Communication metrics of a directional pair (self person → person), and the ranked top list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crm_desktop.base.errors import UserError
from crm_desktop.domain.changes import Changes

DECAY_LIMITS_DAYS = (1, 7, 30, 90, 180)
DECAY_WORDS = (
    "past day",
    "past week",
    "past month",
    "past quarter",
    "past half-year",
    "long ago",
)
MAX_WINDOW_DAYS = 3650
MAX_LIMIT = 500
TREND_WEEKS = 13


class InvalidWindow(UserError, ValueError):  # noqa: N818
    """The window is not of the form `<days>d` with 1-3650 days."""


class InvalidPage(UserError, ValueError):  # noqa: N818
    """The limit or the offset of a page is out of range."""


class NoSelfPerson(UserError):  # noqa: N818
    """Nobody said yet which contact is the person using the program."""


class UnknownPerson(UserError, LookupError):  # noqa: N818
    """The contact asked for does not exist."""


@dataclass(frozen=True, slots=True)
class EdgeFeatures:
    """What `crm_relationships.edge_features` holds, in the specification's names and units.

    `messages_90d_in` and `messages_90d_out` feed the reciprocity of the score; `messages_out` is
    every message self ever wrote to the person, `replies` how many of them directly answered one,
    after `reply_seconds` in all.
    """

    days_since_last_message: float
    messages_30d: int
    distinct_threads_90d: int
    attachments_30d: int
    avg_reply_latency_seconds: float | None
    messages_90d_in: int = 0
    messages_90d_out: int = 0
    messages_out: int = 0
    replies: int = 0
    reply_seconds: int = 0


@dataclass(frozen=True, slots=True)
class ScoreBreakdown:
    """The terms of a score, each already weighted, in points of 100; `score` is what they come to.

    `is_capped` says that self never wrote to this person, so the sum was cut to the cap.
    """

    recency: float
    frequency: float
    breadth: float
    attachments: float
    reciprocity: float
    score: float
    is_capped: bool


@dataclass(frozen=True, slots=True)
class TopRelationship:
    """One row of the top list. `last_contact_at` is epoch seconds UTC."""

    person_id: int
    score: float
    last_contact_at: int
    display_name: str
    organization: str | None
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    decay_bucket: int
    features: EdgeFeatures
    trend: tuple[int, ...]  # messages per week, oldest first, 13 weeks
    breakdown: ScoreBreakdown | None = None  # why the score is what it is, for the tooltip


@dataclass(frozen=True, slots=True)
class TopRelationships:
    """One page of the top list and the window it was asked for (epoch seconds UTC)."""

    relationships: tuple[TopRelationship, ...]
    window_start: int
    window_end: int
    total_count: int


@dataclass(frozen=True, slots=True)
class FeatureReport:
    """What a run of the feature aggregation wrote. `pairs` are the directional rows that now
    stand; `clamped` counts messages dated in the future, which were read as now."""

    pairs: int
    inserted: int
    updated: int
    deleted: int
    clamped: int
    changes: Changes


def decay_bucket(age_days: float) -> int:
    """0 (at most a day old) to 5 (more than half a year), from the exact age in days."""
    for bucket, limit in enumerate(DECAY_LIMITS_DAYS):
        if age_days <= limit:
            return bucket
    return len(DECAY_LIMITS_DAYS)


def window_days(window: str) -> int:
    """The days of a window such as "90d". Raises InvalidWindow, which says what is accepted."""
    match = re.fullmatch(r"([0-9]{1,6})d", window.strip())
    days = int(match.group(1)) if match else 0
    if not 1 <= days <= MAX_WINDOW_DAYS:
        raise InvalidWindow(
            f"“{window}” is not a window. Give a number of days from 1 to {MAX_WINDOW_DAYS} "
            "followed by d, such as 90d."
        )
    return days


def check_page(limit: int, offset: int) -> None:
    """Raise InvalidPage unless limit is 1-500 and offset at least 0."""
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidPage(f"The limit must be from 1 to {MAX_LIMIT}; it was {limit}.")
    if offset < 0:
        raise InvalidPage(f"The offset must be 0 or more; it was {offset}.")
