"""Dates as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from crm_desktop.base.errors import InvalidInput
from crm_desktop.ui.typed_dates import spelt_date, typed_date

TODAY = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("   ", ""),
        ("1985", "1985"),
        ("1985-04", "1985-04"),
        ("1985-4-2", "1985-04-02"),
        ("1985-04-12", "1985-04-12"),
        ("19850412", "1985-04-12"),
        ("--04-12", "--04-12"),
        ("12 April", "--04-12"),
        ("12 april 1985", "1985-04-12"),
        ("April 12, 1985", "1985-04-12"),
        ("12th of April 1985", "1985-04-12"),
        ("1 Sept 2001", "2001-09-01"),
        ("Apr 1985", "1985-04"),
        ("1985 April", "1985-04"),
        ("1985 April 12", "1985-04-12"),
        ("12 April 85", "1985-04-12"),
        ("12 April '25", "2025-04-12"),
        ("29 February", "--02-29"),
        ("29 Feb 2024", "2024-02-29"),
        ("12.4.1985", "1985-04-12"),
        ("12.4.", "--04-12"),
        ("1.2.85", "1985-02-01"),
        ("25/12/1985", "1985-12-25"),
        ("12/25/1985", "1985-12-25"),
        ("4/4/1985", "1985-04-04"),
        ("4/1985", "1985-04"),
        ("1985/4/12", "1985-04-12"),
        ("١٢ April", "--04-12"),
    ],
)
def test_it_is_read(typed: str, stored: str) -> None:
    assert typed_date(typed, TODAY) == stored


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("spring", "no date that we can read"),
        ("<b>1985</b>", "no date that we can read"),
        ("12 April May", "no date that we can read"),
        ("1 2 3 4", "no date that we can read"),
        ("12 April 123", "no date that we can read"),
        ("123", "no date that we can read"),
        ("² April", "no date that we can read"),
        ("Ma 1985", "no date that we can read"),
        ("April", "Add a day or a year"),
        ("31 April", "no such day"),
        ("29 Feb 2023", "no such day"),
        ("1985-13", "no such day"),
        ("32.1.1985", "no such day"),
        ("0000", "no such day"),
        ("4/12/1985", "4 December or 12 April"),
        ("9" * 5000, "no date that we can read"),
    ],
)
def test_what_is_no_date_is_said(typed: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        typed_date(typed, TODAY)


def test_where_a_year_is_needed() -> None:
    assert typed_date("May 2019", TODAY, needs_year=True) == "2019-05"
    with pytest.raises(InvalidInput, match="2019, May 2019"):
        typed_date("12 May", TODAY, needs_year=True)


@pytest.mark.parametrize("stored", ["1985", "1985-04", "1985-04-12", "--04-12", "0099-01-01"])
def test_the_words_are_read_again(stored: str) -> None:
    assert typed_date(spelt_date(stored), TODAY) in (stored, "1999-01-01")


def test_no_date_has_no_words() -> None:
    assert spelt_date(None) == spelt_date("") == ""
