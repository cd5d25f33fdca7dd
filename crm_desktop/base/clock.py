"""The one clock. `CRM_DESKTOP_NOW` (ISO 8601) freezes it for tests, demos and screenshots."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from crm_desktop.base.errors import UserError

NOW_VARIABLE = "CRM_DESKTOP_NOW"
DAY_S = 86_400
# Wide enough for any archive, with room for the longest window on both sides.
FIRST_YEAR, LAST_YEAR = 1900, 8999


def now() -> datetime:
    """The current instant, timezone-aware in UTC, or the frozen one.

    A frozen value without an offset is read as UTC. Raises UserError when it is not ISO 8601 or
    not from FIRST_YEAR to LAST_YEAR.
    """
    frozen = os.environ.get(NOW_VARIABLE)
    if not frozen:
        return datetime.now(UTC)
    try:
        instant = parse(frozen)
        if not FIRST_YEAR <= instant.year <= LAST_YEAR:
            raise ValueError("out of range")
        return instant
    except (ValueError, OverflowError):
        raise UserError(
            f"{NOW_VARIABLE} is “{frozen}”, which is not a date and time "
            f"of the years {FIRST_YEAR} to {LAST_YEAR}. "
            "Write it like 2026-05-01T09:00:00+00:00."
        ) from None


def parse(text: str) -> datetime:
    """The instant that ISO 8601 `text` names, in UTC, as which a time without an offset is read.

    Raises ValueError when it is not ISO 8601, OverflowError when it is outside of all years in UTC.
    """
    instant = datetime.fromisoformat(text)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def now_seconds() -> int:
    """The current instant as whole epoch seconds, UTC."""
    return int(now().timestamp())


def to_seconds(instant: datetime) -> int:
    """Whole epoch seconds of a timezone-aware datetime."""
    if instant.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return int(instant.timestamp())


def from_seconds(seconds: int) -> datetime:
    """The timezone-aware UTC datetime of epoch seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def iso(instant: datetime | None) -> str | None:
    """UTC ISO 8601 with a trailing Z, to the second, or None."""
    if instant is None:
        return None
    return instant.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
