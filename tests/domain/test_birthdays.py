"""Birthdays as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.birthdays import parse_birthday

TODAY = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("1985-04-12", "1985-04-12"),
        (" 1985-4-2 ", "1985-04-02"),
        ("--04-12", "--04-12"),
        ("--2-29", "--02-29"),
        ("2024-02-29", "2024-02-29"),
        ("1985-04", "1985-04"),
        ("1985", "1985"),
        ("2026-05-01", "2026-05-01"),
        ("2026-05", "2026-05"),
    ],
)
def test_what_may_be_unknown(text: str, stored: str) -> None:
    assert str(parse_birthday(text, TODAY)) == stored


@pytest.mark.parametrize("text", [None, "", "  \n"])
def test_nothing_is_no_birthday(text: str | None) -> None:
    assert parse_birthday(text, TODAY) is None


@pytest.mark.parametrize(
    "text",
    [
        *("1985-02-29", "--02-30", "--13-01", "1985-13", "0000", "0000-01-01", "85-04-12", "--04"),
        *("12.4.1985", "1985/04/12", "tomorrow", "1985-04-12T00:00", "٢٠٢٠", "-", "1985-00-01"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_forms_that_can(text: str) -> None:
    with pytest.raises(InvalidInput, match="Write it like 1985-04-12"):
        parse_birthday(text, TODAY)


@pytest.mark.parametrize("text", ["2026-05-02", "2026-06", "2027", "9999-12-31"])
def test_nobody_is_born_tomorrow(text: str) -> None:
    with pytest.raises(InvalidInput, match="still to come"):
        parse_birthday(text, TODAY)


@given(st.dates(max_value=TODAY))
def test_every_day_so_far_comes_back_as_it_was(day: date) -> None:
    assert str(parse_birthday(day.isoformat(), TODAY)) == day.isoformat()
