"""Numbers, dates and plurals as the window writes them, in plain English.

Month and day names are spelt out here because Qt switches the C locale of the process, so
`strftime` would mix languages. Times come in as epoch seconds UTC and are shown in the person's
own time zone; `now` is epoch seconds too, and is given explicitly because a window may look back.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, tzinfo
from urllib.parse import quote

from crm_desktop.base.clock import DAY_S
from crm_desktop.domain.contacts import Identifier, IdentifierKind
from crm_desktop.domain.interactions import DECAY_WORDS, ScoreBreakdown

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DASH = "–"

SCORE_TERMS: tuple[tuple[str, str, int, str], ...] = (
    ("recency", "Recency", 35, "how recently you were in touch"),
    ("frequency", "Frequency", 25, "messages in the last 30 days"),
    ("breadth", "Breadth", 15, "different conversations in the last 90 days"),
    ("reciprocity", "Give and take", 20, "both of you write"),
    ("attachments", "Attachments", 5, "files exchanged in the last 30 days"),
)
"""The terms of a score: attribute of ScoreBreakdown, label, most points, what it means."""


def number(value: float) -> str:
    """A whole number with thousands separators: 1,204."""
    return f"{round(value):,}"


def plural(value: int, one: str, many: str | None = None) -> str:
    """A count with its noun: "1 person", "1,204 people"; the plural of `one` adds an s."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def _local(seconds: int, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(zone)


def day(seconds: int, zone: tzinfo | None = None) -> str:
    """The day in full, "7 February 2002"; `zone` None is the person's own."""
    local = _local(seconds, zone)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def short_day(seconds: int, zone: tzinfo | None = None) -> str:
    """The day with a short month, "7 Feb 2002"."""
    local = _local(seconds, zone)
    return f"{local.day} {MONTHS[local.month - 1][:3]} {local.year}"


def exact(seconds: int, zone: tzinfo | None = None) -> str:
    """Day of the week, day and minute: "Thursday, 7 February 2002 at 14:05"."""
    local = _local(seconds, zone)
    clock = f"{local.hour:02d}:{local.minute:02d}"
    return f"{WEEKDAYS[local.weekday()]}, {day(seconds, zone)} at {clock}"


def relative(seconds: int, now: int, zone: tzinfo | None = None) -> str:
    """How long ago, in the words of a person: "just now", "yesterday", "3 weeks ago".

    Less than 24 hours are hours, as in the decay buckets; days are calendar days of `zone`. A
    moment after `now` is taken for now: a sender's clock may be ahead.
    """
    elapsed_s = max(0, now - seconds)
    if elapsed_s < 60:
        return "just now"
    if elapsed_s < 3600:
        return f"{plural(elapsed_s // 60, 'minute')} ago"
    if elapsed_s < DAY_S:
        return f"{plural(elapsed_s // 3600, 'hour')} ago"
    days = (_local(now, zone).date() - _local(seconds, zone).date()).days
    if days == 1:
        return "yesterday"
    if days < 14:
        return f"{days} days ago"
    if days < 60:
        return f"{days // 7} weeks ago"
    if days < 365:
        return f"{round(days / 30.44)} months ago"
    if days < 730:
        return "a year ago" if days < 548 else "over a year ago"
    return f"{days // 365} years ago"


def relative_short(seconds: int, now: int, zone: tzinfo | None = None) -> str:
    """As `relative`, in at most a few characters for narrow columns: "now", "3 h", "2 d", "5 w",
    or the month and year when that says more."""
    elapsed_s = max(0, now - seconds)
    if elapsed_s < 60:
        return "now"
    if elapsed_s < 3600:
        return f"{elapsed_s // 60} min"
    days = (_local(now, zone).date() - _local(seconds, zone).date()).days
    if days <= 0:
        return f"{elapsed_s // 3600} h"
    if days < 14:
        return f"{days} d"
    if days < 60:
        return f"{days // 7} w"
    local = _local(seconds, zone)
    return f"{MONTHS[local.month - 1][:3]} {local.year}"


def months_back(now: int, count: int, zone: tzinfo | None = None) -> list[tuple[int, int]]:
    """The last `count` calendar months as (year, month), oldest first, ending with `now`'s."""
    local = _local(now, zone)
    last = local.year * 12 + local.month - 1
    return [divmod(index, 12) for index in range(last - count + 1, last + 1)]


def month(year: int, month_index: int) -> str:
    """A month in words, from the 0-based index that `months_back` gives: "May 2026"."""
    return f"{MONTHS[month_index]} {year}"


def duration(seconds: float) -> str:
    """A span in its largest sensible unit: "12 seconds", "40 minutes", "5 hours", "3 days"."""
    if seconds < 90:
        return plural(max(1, round(seconds)), "second")
    if seconds < 5400:
        return plural(round(seconds / 60), "minute")
    if seconds < 36 * 3600:
        return plural(round(seconds / 3600), "hour")
    return plural(round(seconds / 86400), "day")


_PARTIAL_DATE = re.compile(r"(\d{4}|-)?-?(?:-?(\d{2}))?(?:-(\d{2}))?")


def birthday(text: str, today: date | None = None) -> str:
    """A birthday as stored (ISO 8601, parts may be missing) in words, with the age when known.

    What is not a date is given back as it is: an address book may say "spring".
    """
    match = _PARTIAL_DATE.fullmatch(text.strip())
    if match is None or not text.strip(" -"):
        return text
    year = int(match[1]) if match[1] and match[1] != "-" else None
    month_number = int(match[2]) if match[2] else None
    day_number = int(match[3]) if match[3] else None
    if month_number is not None and not 1 <= month_number <= 12:
        return text
    words = [str(day_number)] if day_number else []
    words += [MONTHS[month_number - 1]] if month_number else []
    words += [str(year)] if year else []
    shown = " ".join(words)
    if today is None or not (year and month_number and day_number):
        return shown
    age = today.year - year - ((today.month, today.day) < (month_number, day_number))
    return f"{shown} · {age} years" if 0 <= age < 130 else shown


def decay_word(bucket: int | None) -> str:
    """How fresh a contact is, in words; "never" without any contact."""
    return "never" if bucket is None else DECAY_WORDS[bucket]


def identifier_link(identifier: Identifier) -> str | None:
    """The mailto: or tel: address that opens the identifier, or None for a handle."""
    if identifier.kind is IdentifierKind.EMAIL:
        return mail_link(identifier.value)
    if identifier.kind is IdentifierKind.PHONE:
        digits = "".join(c for c in identifier.value if c.isdigit() or c == "+")
        return f"tel:{digits}"
    return None


def mail_link(address: str) -> str:
    """The mailto: address that begins a mail to one address, whatever characters it holds: none
    of them may add recipients, text or files to the mail."""
    return f"mailto:{quote(address, safe='@+!$*')}"


def score_tooltip(name: str, breakdown: ScoreBreakdown) -> str:
    """The terms of a score in points, as rich text for a tooltip; the name is escaped."""
    rows = "".join(
        f"<tr><td>{label}&nbsp;&nbsp;</td>"
        f"<td align='right'><b>{getattr(breakdown, term):.1f}</b></td>"
        f"<td>&nbsp;of {most}</td></tr>"
        for term, label, most, _meaning in SCORE_TERMS
    )
    capped = "<p>Capped at 15: you never wrote to them.</p>" if breakdown.is_capped else ""
    return (
        f"<p><b>{html.escape(name)}</b> · score {breakdown.score:.0f}</p>"
        f"<table cellspacing='2'>{rows}</table>{capped}"
    )


def plain_tooltip(text: str) -> str:
    """Text from outside as a tooltip that is never read as markup, and that wraps."""
    escaped = html.escape(text).replace("\n", "<br>")
    return f"<span>{escaped}</span>" if escaped else ""
