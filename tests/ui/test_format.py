"""Words for numbers, dates and scores."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from crm_desktop.domain.contacts import Identifier, IdentifierKind, PartialDate
from crm_desktop.domain.interactions import ScoreBreakdown
from crm_desktop.ui import format as words

NOW = int(datetime(2026, 5, 1, 9, 0, tzinfo=UTC).timestamp())
DAY = 86_400


def test_numbers_and_plurals_read_as_written_by_hand() -> None:
    assert words.number(1204) == "1,204"
    assert words.plural(1, "person", "people") == "1 person"
    assert words.plural(1204, "person", "people") == "1,204 people"
    assert words.plural(0, "message") == "0 messages"


@pytest.mark.parametrize(
    ("ago_s", "expected"),
    [
        (-500, "just now"),
        (20, "just now"),
        (60, "1 minute ago"),
        (3 * 3600, "3 hours ago"),
        (23 * 3600, "23 hours ago"),
        (DAY, "yesterday"),
        (3 * DAY, "3 days ago"),
        (13 * DAY, "13 days ago"),
        (14 * DAY, "2 weeks ago"),
        (61 * DAY, "2 months ago"),
        (364 * DAY, "12 months ago"),
        (400 * DAY, "a year ago"),
        (700 * DAY, "over a year ago"),
        (24 * 366 * DAY, "24 years ago"),
    ],
)
def test_relative_counts_calendar_days(ago_s: int, expected: str) -> None:
    assert words.relative(NOW - ago_s, NOW, UTC) == expected


def test_hours_across_midnight_are_hours_not_yesterday() -> None:
    after_midnight = int(datetime(2026, 5, 1, 0, 30, tzinfo=UTC).timestamp())
    assert words.relative(after_midnight - 3600 * 2, after_midnight, UTC) == "2 hours ago"


@pytest.mark.parametrize(
    ("ago_s", "expected"),
    [(5, "now"), (600, "10 min"), (7200, "2 h"), (3 * DAY, "3 d"), (20 * DAY, "2 w")],
)
def test_short_relative_fits_a_narrow_column(ago_s: int, expected: str) -> None:
    assert words.relative_short(NOW - ago_s, NOW, UTC) == expected


def test_short_relative_names_the_month_when_it_is_long_ago() -> None:
    assert words.relative_short(1_013_090_700, NOW, UTC) == "Feb 2002"


def test_exact_is_in_the_zone_of_the_person() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert words.exact(1_013_090_700, UTC) == "Thursday, 7 February 2002 at 14:05"
    assert words.exact(1_013_090_700 + 3600, tokyo) == "Friday, 8 February 2002 at 00:05"
    assert words.short_day(1_013_090_700, UTC) == "7 Feb 2002"


def test_months_back_ends_with_the_current_month() -> None:
    months = words.months_back(NOW, 36, UTC)
    assert len(months) == 36
    assert words.month(*months[-1]) == "May 2026"
    assert words.month(*months[0]) == "June 2023"
    assert words.month(*months[7]) == "January 2024"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (30, "30 seconds"),
        (0.2, "1 second"),
        (600, "10 minutes"),
        (7200, "2 hours"),
        (3 * DAY, "3 days"),
    ],
)
def test_duration(seconds: float, expected: str) -> None:
    assert words.duration(seconds) == expected


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        (str(PartialDate(1985, 4, 12)), "12 April 1985 · 41 years"),
        (str(PartialDate(1985, 5, 2)), "2 May 1985 · 40 years"),
        (str(PartialDate(None, 4, 12)), "12 April"),
        (str(PartialDate(1985, 4, None)), "April 1985"),
        (str(PartialDate(1985, None, None)), "1985"),
        ("in spring", "in spring"),
        ("1985-13-01", "1985-13-01"),
        ("", ""),
    ],
)
def test_birthdays_with_missing_parts(stored: str, expected: str) -> None:
    assert words.birthday(stored, date(2026, 5, 1)) == expected


def test_links_only_for_what_can_be_opened() -> None:
    mail = Identifier(IdentifierKind.EMAIL, "ada@example.org", "Ada@Example.org", True)
    phone = Identifier(IdentifierKind.PHONE, "+44 20 7946 0000", "020 7946 0000", False)
    handle = Identifier(IdentifierKind.HANDLE, "@ada", "@ada", False)
    assert words.identifier_link(mail) == "mailto:ada@example.org"
    assert words.identifier_link(phone) == "tel:+442079460000"
    assert words.identifier_link(handle) is None


def test_an_address_can_add_nothing_to_a_mail() -> None:
    assert words.mail_link("ada+list@example.org") == "mailto:ada+list@example.org"
    hostile = "ada?bcc=x@evil.example&attach=/etc/passwd#,b@c.example\r\nBcc: d"
    link = words.mail_link(hostile)
    assert not set(link.removeprefix("mailto:")) & set("?&#,;:/\r\n ")
    assert words.mail_link("bücher@example.org") == "mailto:b%C3%BCcher@example.org"


def test_a_score_tooltip_names_five_terms_and_escapes_the_person() -> None:
    breakdown = ScoreBreakdown(31.25, 12, 8, 0.5, 20, 71.75, is_capped=False)
    tooltip = words.score_tooltip("<img src=x>", breakdown)
    assert "<img" not in tooltip
    assert "31.2" in tooltip
    assert "score 72" in tooltip
    assert all(label in tooltip for _, label, _, _ in words.SCORE_TERMS)
    assert "Capped" not in tooltip
    capped = ScoreBreakdown(31.25, 12, 8, 0.5, 0, 15, is_capped=True)
    assert "Capped at 15" in words.score_tooltip("Ada", capped)


def test_plain_tooltips_are_never_markup() -> None:
    assert (
        words.plain_tooltip("<b>Bob</b>\n& Co") == "<span>&lt;b&gt;Bob&lt;/b&gt;<br>&amp; Co</span>"
    )
    assert words.plain_tooltip("") == ""


def test_decay_words() -> None:
    assert words.decay_word(0) == "past day"
    assert words.decay_word(5) == "long ago"
    assert words.decay_word(None) == "never"
