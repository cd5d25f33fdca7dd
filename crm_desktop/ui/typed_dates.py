"""Dates as people type them, of which parts may be unknown: "12 April", "1985", "Apr 1985"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from crm_desktop.base.errors import InvalidInput
from crm_desktop.ui.format import MONTHS, birthday

EXAMPLES = "Write it like 12 April 1985, 12 April or 1985."
EXAMPLES_WITH_YEAR = "Write it like 2019, May 2019 or 12 May 2019."

_ISO = re.compile(r"(?:(\d{4})|-)-?(?:(\d{1,2})(?:-(\d{1,2}))?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_ORDINALS = {"st", "nd", "rd", "th", "of"}
_LEAP_YEAR = 2000


@dataclass(frozen=True, slots=True)
class _Parts:
    year: int | None = None
    month: int | None = None
    day: int | None = None


def typed_date(text: str, today: date, *, needs_year: bool = False) -> str:
    """A date in ISO 8601 with the parts that are known: "1985-04-12", "--04-12", "1985-04",
    "1985"; "" for blank text.

    Two figures of a year mean the last such year up to `today`. Raises InvalidInput when it is no
    date, or could be two, or has no year where one is needed.
    """
    text = text.strip()
    if not text:
        return ""
    parts = _read(text, today)
    examples = EXAMPLES_WITH_YEAR if needs_year else EXAMPLES
    if parts is None or (needs_year and parts.year is None):
        raise InvalidInput(f"“{text[:40]}” is no date that we can read. {examples}")
    if parts.year is None and parts.day is None:
        raise InvalidInput(f"Add a day or a year to the month. {examples}")
    return _as_iso(parts, text, examples)


def spelt_date(text: str | None) -> str:
    """A stored date in words, as `typed_date` reads it again; "" for none."""
    return birthday(text) if text else ""


def _read(text: str, today: date) -> _Parts | None:
    if (match := _COMPACT.fullmatch(text)) is not None:
        return _Parts(int(match[1]), int(match[2]), int(match[3]))
    if (match := _ISO.fullmatch(text)) is not None:
        return _Parts(*(int(part) if part else None for part in match.groups()))
    tokens = [token.casefold() for token in _TOKEN.findall(text)]
    tokens = [token for token in tokens if token not in _ORDINALS]
    words = [token for token in tokens if not token.isdecimal()]
    numbers = [token for token in tokens if token.isdecimal()]
    if len(words) > 1 or len(numbers) > (2 if words else 3) or (not numbers and not words):
        return None
    if words:
        month = _month(words[0])
        return None if month is None else _with_month(month, numbers, today)
    return _from_numbers(numbers, "." in text, text, today)


def _month(word: str) -> int | None:
    found = [i for i, name in enumerate(MONTHS, 1) if name.casefold().startswith(word)]
    if word == "sept":
        return 9
    return found[0] if len(word) >= 3 and len(found) == 1 else None


def _with_month(month: int, numbers: list[str], today: date) -> _Parts | None:
    days = [n for n in numbers if len(n) <= 2 and int(n) <= 31]
    if not numbers:
        return _Parts(month=month)
    if len(numbers) == 1:
        if days:
            return _Parts(month=month, day=int(days[0]))
        year = _year(numbers[0], today)
        return None if year is None else _Parts(year, month)
    if not days:
        return None
    # "12 April 85" and "April 12, 85": the day comes first; "1985 April 12" has only one.
    day = days[0]
    rest = numbers[1] if numbers[0] == day else numbers[0]
    year = _year(rest, today)
    return None if year is None else _Parts(year, month, int(day))


def _from_numbers(numbers: list[str], has_dots: bool, text: str, today: date) -> _Parts | None:
    if len(numbers) == 1:
        return _Parts(int(numbers[0])) if len(numbers[0]) == 4 else None
    if len(numbers[0]) == 4:
        return _Parts(*(int(number) for number in numbers))
    if len(numbers) == 2 and len(numbers[1]) == 4:
        return _Parts(int(numbers[1]), int(numbers[0]))
    first, second = int(numbers[0]), int(numbers[1])
    year = None
    if len(numbers) == 3 and (year := _year(numbers[2], today)) is None:
        return None
    if has_dots or first > 12 or first == second:
        return _Parts(year, second, first)
    if second > 12:
        return _Parts(year, first, second)
    shown = f"{first} {MONTHS[second - 1]} or {second} {MONTHS[first - 1]}"
    raise InvalidInput(f"“{text[:40]}” could be {shown}. Write the month as a word.")


def _year(number: str, today: date) -> int | None:
    if len(number) == 4:
        return int(number)
    if len(number) != 2:
        return None
    century = today.year - today.year % 100
    year = century + int(number)
    return year if year <= today.year else year - 100


def _as_iso(parts: _Parts, text: str, examples: str) -> str:
    year, month, day = parts.year, parts.month, parts.day
    try:
        date(_LEAP_YEAR if year is None else year, month or 1, day or 1)
    except ValueError:
        raise InvalidInput(f"There is no such day as “{text[:40]}”. {examples}") from None
    known = f"{year:04d}" if year is not None else "-"
    for part in (month, day):
        if part is not None:
            known += f"-{part:02d}"
    return known
