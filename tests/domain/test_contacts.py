"""Names of contacts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.domain.contacts import short_name


@given(st.text(max_size=60))
def test_a_short_name_is_the_name_or_its_beginning(name: str) -> None:
    short = short_name(name, 20)
    assert len(short) <= 20
    assert short == name or (short.endswith("…") and name.startswith(short[:-1]))


def test_no_blank_before_the_ellipsis() -> None:
    assert short_name("Ada King of Lovelace", 5) == "Ada…"
    assert short_name("Ada King", 8) == "Ada King"
