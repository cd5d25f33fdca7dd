"""Dates of which only the year or the month may be known."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.spans import check_span, partial_date


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("2020", "2020"),
        (" 2020-2 ", "2020-02"),
        ("2020-02-29", "2020-02-29"),
        ("1987-1-5", "1987-01-05"),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
def test_dates_that_are_taken(text: str | None, stored: str | None):
    assert partial_date(text) == stored


@pytest.mark.parametrize(
    "text",
    [
        *("2021-02-29", "2020-13", "2020-00", "2020-01-00", "0000", "20", "20200101", "May 2020"),
        *("--04-12", "2020-", "٢٠٢٠", "2020-01-01-01", "2020/01", "x" * 500),
    ],
)
def test_dates_that_are_not(text: str):
    with pytest.raises(InvalidInput, match="is no start that we can read") as refused:
        partial_date(text, "start")
    assert len(str(refused.value)) < 200


@given(st.dates())
def test_every_day_is_kept(day: date):
    assert partial_date(day.isoformat()) == day.isoformat()


@pytest.mark.parametrize(
    ("started", "ended"),
    [
        ("2020", "2020"),
        ("2020-05", "2020"),
        ("2020", "2020-01"),
        ("2020-05-02", "2020-05"),
        ("2019-12-31", "2020"),
        (None, "2020"),
        ("2020", None),
    ],
)
def test_spans_that_may_be(started: str | None, ended: str | None):
    check_span(started, ended)


@pytest.mark.parametrize(
    ("started", "ended"),
    [
        ("2021", "2020"),
        ("2020-05", "2020-04-30"),
        ("2020-05-02", "2020-05-01"),
        ("2021-01", "2020"),
    ],
)
def test_an_end_before_the_start_is_refused(started: str, ended: str):
    with pytest.raises(InvalidInput, match="before the start"):
        check_span(started, ended)
