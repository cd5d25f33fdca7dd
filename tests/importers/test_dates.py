"""Dates of real mail, their fallbacks, and those that cannot be believed."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.importers.dates import believable, parse_date, sent_at
from crm_desktop.importers.headers import parse_headers

NOW = int(datetime(2026, 5, 1, tzinfo=UTC).timestamp())


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Wed, 03 Oct 2001 16:29:46 -0700 (PDT)", "2001-10-03T16:29:46-07:00"),
        ("3 Oct 2001 16:29:46 +0200", "2001-10-03T16:29:46+02:00"),
        ("Wed,3 Oct 2001 16:29 +0200", "2001-10-03T16:29:00+02:00"),
        ("Wed, 3 Oct 01 16:29:46 EST", "2001-10-03T16:29:46-05:00"),
        ("Wed, 3 Oct 98 16:29:46 PDT", "1998-10-03T16:29:46-07:00"),
        ("Wed, 3 Oct 101 16:29:46 GMT", "2001-10-03T16:29:46+00:00"),
        ("Wed, 03 Oct 2001 16:29:46", "2001-10-03T16:29:46+00:00"),
        ("Wed, 03 Oct 2001 16:29:46 GMT+0200", "2001-10-03T16:29:46+02:00"),
        ("Wed, 03 Oct 2001 16:29:46 +9999", "2001-10-03T16:29:46+00:00"),
        ("Wed, 03 Oct 2001 16:29:46 XYZ", "2001-10-03T16:29:46+00:00"),
        ("Wednesday, 03-Oct-01 16:29:46 GMT", "2001-10-03T16:29:46+00:00"),
        ("Wed Oct  3 16:29:46 2001", "2001-10-03T16:29:46+00:00"),
        ("Wed Oct  3 16:29:46 PDT 2001", "2001-10-03T16:29:46-07:00"),
        ("Mon Aug 20 14:06:32 +0000 2001", "2001-08-20T14:06:32+00:00"),
        ("2001-10-03T16:29:46Z", "2001-10-03T16:29:46+00:00"),
        ("2001-10-03T16:29:46.123+02:00", "2001-10-03T16:29:46+02:00"),
        ("2001-10-03 16:29", "2001-10-03T16:29:00+00:00"),
        ("2001-10-03", "2001-10-03T00:00:00+00:00"),
        ("October 3, 2001 4:29 PM", "2001-10-03T16:29:00+00:00"),
        ("Oct 3, 2001, at 12:05 am", "2001-10-03T00:05:00+00:00"),
        ("Mi, 03 Okt 2001 16:29:46 +0200", "2001-10-03T16:29:46+02:00"),
        ("mer., 3 févr. 2010 16:29:46 +0100", "2010-02-03T16:29:46+01:00"),
        ("3 juin 2010 10:00:00 +0000", "2010-06-03T10:00:00+00:00"),
        ("3 juillet 2010 10:00:00 +0000", "2010-07-03T10:00:00+00:00"),
        ("Ср, 3 окт 2012 10:00:00 +0400", "2012-10-03T10:00:00+04:00"),
        ("3 de octubre de 2012 10:00:00 +0000", "2012-10-03T10:00:00+00:00"),
        ("3 Oct 2001", "2001-10-03T00:00:00+00:00"),
        ("Wed, 03 Oct 2001 16.29.46 +0200", "2001-10-03T16:29:46+02:00"),
        ("Wed, 03 Oct 2001 23:59:60 +0000", "2001-10-03T23:59:59+00:00"),
    ],
)
def test_dates_are_read(text: str, instant: str):
    assert parse_date(text) == at(instant)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "Wed, 31 Feb 2001 10:00:00 +0000",
        "99 Foo 2001 10:00",
        "32/13/99",
        "0",
        "::",
    ],
)
def test_what_is_no_date_is_none(text: str):
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "is_believable"),
    [
        ("1904-01-01T00:00:00Z", False),
        ("1970-01-01T00:00:01Z", False),
        ("1980-01-01T00:00:00Z", True),
        ("2026-05-02T23:00:00Z", True),
        ("2026-05-04T00:00:00Z", False),
        ("2044-01-01T00:00:00Z", False),
    ],
)
def test_only_plausible_dates_are_believed(text: str, is_believable: bool):
    assert believable(at(text), NOW) is is_believable
    assert not believable(None, NOW)


ARRIVED = b"Received: by b.example; Fri, 5 Oct 2001 10:00:00 +0000\n"
HOP = b"Received: by a.example; Thu, 4 Oct 2001 10:00:00 +0000\n"
ENVELOPE = "From ada@x.example Sat Oct  6 10:00:00 2001"


@pytest.mark.parametrize(
    ("block", "envelope", "instant"),
    [
        (b"Date: Wed, 3 Oct 2001 10:00:00 +0000\n" + ARRIVED, ENVELOPE, "2001-10-03T10:00:00Z"),
        (b"Date: Fri, 1 Jan 1904 10:00:00 +0000\n" + ARRIVED + HOP, "", "2001-10-05T10:00:00Z"),
        (b"Date: Fri, 1 Jan 2044 10:00:00 +0000\n" + ARRIVED, "", "2001-10-05T10:00:00Z"),
        (b"Date: soon\n", ENVELOPE, "2001-10-06T10:00:00Z"),
        (b"Subject: x\n", "From - Sat Oct  6 10:00:00 2001", "2001-10-06T10:00:00Z"),
        (b"Subject: x\n", "From - ", None),
        (b"Date: Fri, 1 Jan 2044 10:00:00 +0000\n", "", None),
    ],
)
def test_a_missing_date_is_looked_for_elsewhere(block: bytes, envelope: str, instant: str | None):
    headers, _ = parse_headers(block + b"\n")
    assert sent_at(headers, envelope, NOW) == (at(instant) if instant else None)


@given(st.text(max_size=80))
def test_any_text_is_a_date_or_none(text: str):
    assert parse_date(text) is None or isinstance(parse_date(text), int)


@given(st.text(alphabet="0123456789 JanFebMonT:+-/.,Zamp", max_size=60))
def test_near_dates_never_raise(text: str):
    parse_date(text)


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_the_common_form_is_exact(moment: datetime, zone_minutes: int):
    sign = "-" if zone_minutes < 0 else "+"
    hours, minutes = divmod(abs(zone_minutes), 60)
    text = moment.strftime("%a, %d %b %Y %H:%M:%S ") + f"{sign}{hours:02d}{minutes:02d}"
    expected = int(moment.replace(tzinfo=UTC, microsecond=0).timestamp()) - zone_minutes * 60
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    "text", ["1 " * 60_000, "Mon, 01 Jan" * 5_000, "a" * 100_000, "1:" * 9_999]
)
def test_hostile_dates_take_no_time(text: str):
    started = time.perf_counter()
    parse_date(text)
    assert time.perf_counter() - started < 0.5
