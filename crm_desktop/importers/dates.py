"""Dates as mail writes them, to epoch seconds; what cannot be believed is None, never a guess."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from crm_desktop.base.clock import DAY_S, now_seconds
from crm_desktop.importers.headers import Headers

EARLIEST = DAY_S
"""1970-01-02: the first days of the epoch are unset clocks."""
FUTURE_TOLERANCE_S = 2 * DAY_S

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()

# Names by their first letters, in the languages whose mail programs localise the Date header.
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
    "mär": 3, "mae": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12,  # German
    "fév": 2, "fev": 2, "avr": 4, "jui": 6, "aoû": 8, "aou": 8, "déc": 12,  # French
    "ene": 1, "abr": 4, "ago": 8, "dic": 12,  # Spanish
    "out": 10, "set": 9, "gen": 1, "mag": 5, "giu": 6, "lug": 7, "ott": 10,  # Portuguese, Italian
    "mrt": 3, "mei": 5, "maj": 5, "des": 12,  # Dutch, Scandinavian
    "янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "мая": 5, "июн": 6,
    "июл": 7, "авг": 8, "сен": 9, "окт": 10, "ноя": 11, "дек": 12,
}  # fmt: skip
_ZONES_MINUTES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "ist": 60,
    "cet": 60, "met": 60, "mez": 60, "cest": 120, "mest": 120, "mesz": 120, "eet": 120,
    "eest": 180, "msk": 180, "msd": 240, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
    "jst": 540, "kst": 540, "sgt": 480, "hkt": 480, "aest": 600, "aedt": 660, "acst": 570,
    "awst": 480, "nzst": 720, "nzdt": 780, "brt": -180, "art": -180, "ast": -240, "adt": -180,
}  # fmt: skip
_ZONE = r"(?:\s*(?:GMT|UTC?)?\s*([+-]\d{1,2}:?\d{2}|[A-Za-z]{1,5}\b)?)"
_TIME = r"(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?(?:[.,]\d+)?\s*([AaPp]\.?[Mm]\b)?"
_DAY_FIRST = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s.,/-]+(?:de\s+)?([^\W\d_]{3,10})\.?,?[\s/-]+(?:de\s+)?"
    r"(\d{2,4})(?:\s+|T|,\s*)(?:at\s+)?" + _TIME + _ZONE
)
_MONTH_FIRST = re.compile(  # asctime, From_ lines, "January 3, 2002 10:12 PM"
    r"([^\W\d_]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(?:(\d{4}),?\s+)?(?:at\s+)?"
    + _TIME
    + _ZONE
    + r"(?:\s*,?\s*(\d{4}))?"
)
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s]\s*" + _TIME + _ZONE + r")?")
_DAY_ONLY = re.compile(r"(?<!\d)(\d{1,2})\s+([^\W\d_]{3,10})\.?\s+(\d{4})(?!\d)")
_COMMON = re.compile(
    r"(?:[A-Z][a-z]{2}, )? ?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) "
    r"([+-])(\d\d)(\d\d)"
)
_COMMON_MONTHS = {
    name: index
    for index, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        start=1,
    )
}


@lru_cache(maxsize=8192)
def _day_start(year: int, month: int, day: int) -> int:
    """Epoch seconds of a calendar day's UTC midnight. Raises ValueError."""
    return (date(year, month, day).toordinal() - _EPOCH_ORDINAL) * DAY_S


def parse_date(text: str) -> int | None:
    """Epoch seconds of a date in any form that mail uses, or None. A missing zone is UTC.

    No judgement whether it is plausible; see `believable`.
    """
    match = _COMMON.match(text)
    if match:
        day, month_name, year, hour, minute, second, sign, zone_hours, zone_minutes = match.groups()
        month = _COMMON_MONTHS.get(month_name, 0)
        if month and int(hour) < 24 and int(zone_hours) <= 14:
            try:
                start = _day_start(int(year), month, int(day))
            except ValueError:
                return None
            offset = int(zone_hours) * 3600 + int(zone_minutes) * 60
            seconds = start + int(hour) * 3600 + int(minute) * 60 + min(int(second), 59)
            return seconds - offset if sign == "+" else seconds + offset
    return _parse_odd(text[:200])


def _parse_odd(text: str) -> int | None:
    match = _DAY_FIRST.search(text)
    if match:
        day, month_name, year, *clock = match.groups()
        month = _month(month_name)
        if month:
            return _instant(_full_year(year), month, int(day), clock)
    match = _ISO.search(text)
    if match:
        year, month_number, day, *clock = match.groups()
        return _instant(int(year), int(month_number), int(day), clock)
    match = _MONTH_FIRST.search(text)
    if match:
        month_name, day, early_year, *rest = match.groups()
        clock, late_year = rest[:5], rest[5]
        year = early_year or late_year
        month = _month(month_name)
        if month and year:
            return _instant(int(year), month, int(day), clock)
    match = _DAY_ONLY.search(text)
    if match:
        day, month_name, year = match.groups()
        month = _month(month_name)
        if month:
            return _instant(int(year), month, int(day), [None] * 5)
    return None


def _month(name: str) -> int:
    lowered = name.lower()
    if lowered.startswith("juil") or (lowered.startswith("jui") and lowered[3:4] == "l"):
        return 7
    return _MONTHS.get(lowered[:3], 0)


def _full_year(digits: str) -> int:
    """Two digits as RFC 5322 reads them: 00-49 are this century; three count from 1900."""
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(digits) == 3 else year


def _instant(year: int, month: int, day: int, clock: list[str | None]) -> int | None:
    hour_text, minute_text, second_text, half, zone = clock
    hour, minute, second = (int(part or 0) for part in (hour_text, minute_text, second_text))
    if half:
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    if hour > 24 or minute > 59:
        return None
    try:
        start = _day_start(year, month, day)
    except ValueError:
        return None
    return start + hour * 3600 + minute * 60 + min(second, 59) - _zone_seconds(zone)


def _zone_seconds(zone: str | None) -> int:
    """East of Greenwich, in seconds; an unknown or impossible zone is UTC."""
    if not zone:
        return 0
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "").zfill(4)
        minutes = int(digits[:-2]) * 60 + int(digits[-2:])
        if minutes > 14 * 60:
            return 0
        return (-minutes if zone[0] == "-" else minutes) * 60
    return _ZONES_MINUTES.get(zone.lower(), 0) * 60


def believable(instant: int | None, now: int) -> bool:
    """Whether mail can have been sent then: after the epoch's first day, not in the future."""
    return instant is not None and EARLIEST <= instant <= now + FUTURE_TOLERANCE_S


def header_date(headers: Headers, now: int) -> int | None:
    """The Date header's instant if it can be believed, else None."""
    for value in headers.all("date"):
        instant = parse_date(value)
        if believable(instant, now):
            return instant
    return None


def sent_at(headers: Headers, envelope: str, now: int | None = None) -> int | None:
    """When a message was sent: Date, else the topmost believable Received, else the From_ line."""
    limit = now_seconds() if now is None else now
    instant = header_date(headers, limit)
    if instant is not None:
        return instant
    stamps = [value.rpartition(";")[2] for value in headers.all("received")[:20]]
    stamps += [headers.raw("delivery-date"), headers.raw("resent-date")]
    for stamp in [*stamps, envelope_date(envelope)]:
        instant = parse_date(stamp)
        if believable(instant, limit):
            return instant
    return None


def envelope_date(envelope: str) -> str:
    """The date part of a From_ line, as text."""
    words = envelope.split(None, 2)
    return words[2] if len(words) == 3 else ""
