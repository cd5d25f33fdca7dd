"""When a relationship began and ended: dates of which only the year or the month may be known."""

from __future__ import annotations

import re
from datetime import date

from crm_desktop.base.errors import InvalidInput

_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")


def partial_date(text: str | None, what: str = "date") -> str | None:
    """The date as it is stored: 2020, 2020-02 or 2020-02-29; None for None and for blank text.

    Raises InvalidInput, which names the date by `what`, when there is no such date.
    """
    if text is None or not text.strip():
        return None
    match = _FORM.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        raise InvalidInput(
            f"“{text.strip()[:40]}” is no {what} that we can read. "
            "Write a year, a month or a day: 2020, 2020-02 or 2020-02-29."
        ) from None
    numbers = (f"{number:02d}" for number in (month, day) if number is not None)
    return "-".join((f"{year:04d}", *numbers))


def check_span(started_on: str | None, ended_on: str | None) -> None:
    """Raises InvalidInput when the end is before the start, as far as both dates tell."""
    if started_on is None or ended_on is None:
        return
    known = min(len(started_on), len(ended_on))
    if ended_on[:known] < started_on[:known]:
        raise InvalidInput(
            f"The end ({ended_on}) is before the start ({started_on}). Change one of the dates."
        )
