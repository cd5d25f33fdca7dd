"""Birthdays as people write them, of which the year or the day may be unknown."""

from __future__ import annotations

import re
from datetime import date

from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.contacts import PartialDate

_FORM = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}))?)?"
    r"|--(?P<only_month>[0-9]{1,2})-(?P<only_day>[0-9]{1,2})"
)
_LEAP_YEAR = 2000
"""29 February is a birthday even without its year."""


def parse_birthday(text: str | None, today: date) -> PartialDate | None:
    """1985-04-12, --04-12, 1985-04 or 1985; None for None and for blank text.

    Raises InvalidInput when it is none of these, no day of the calendar, or after `today`.
    """
    written = (text or "").strip()
    if not written:
        return None
    match = _FORM.fullmatch(written)
    try:
        if match is None:
            raise ValueError
        parts = {name: int(value) for name, value in match.groupdict().items() if value}
        birthday = PartialDate(
            parts.get("year"),
            parts.get("month", parts.get("only_month")),
            parts.get("day", parts.get("only_day")),
        )
        year = _LEAP_YEAR if birthday.year is None else birthday.year
        first = date(
            year, *(1 if part is None else part for part in (birthday.month, birthday.day))
        )
    except ValueError:
        raise InvalidInput(
            f"“{written[:40]}” is no date that we can read. "
            "Write it like 1985-04-12, or --04-12 without the year, 1985-04 or 1985."
        ) from None
    if birthday.year is not None and first > today:
        raise InvalidInput(f"The birthday {birthday} is still to come. Check the year.")
    return birthday
