"""Display names, cleaned and split."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.importers.names import MAX_NAME, clean_name, split_via


@pytest.mark.parametrize(
    ("name", "address", "cleaned"),
    [
        ("Lovelace, Ada", "", "Ada Lovelace"),
        ("Lovelace, Ada M. (London)", "", "Ada M. Lovelace"),
        ("van der Berg, Jo", "", "Jo van der Berg"),
        ("Jo Berg, Jr.", "", "Jo Berg, Jr."),
        ("Jo Berg, PhD", "", "Jo Berg, PhD"),
        ("Engines, Inc.", "", "Engines, Inc."),
        ("Jo Berg (Engines Ltd)", "", "Jo Berg (Engines Ltd)"),
        ("'Ada Lovelace'", "", "Ada Lovelace"),
        ('"Ada"', "", "Ada"),
        ("Ada Lovelace (E-mail 2)", "", "Ada Lovelace"),
        ("ada@e.example", "ada@e.example", ""),
        ("Ada ada@e.example", "ada@e.example", "Ada"),
        ("Ada@E. Example", "ada@e.example", ""),
        ("ada", "ada@e.example", ""),
        ("Ada", "ada@e.example", "Ada"),
        ("Ada Lovelace/London/Engines", "", "Ada Lovelace"),
        ("Ada Lovelace/Charles Babbage", "", "Ada Lovelace/Charles Babbage"),
        ("Unknown", "", ""),
        ("Corporate Benefits@ACME", "", "Corporate Benefits"),
        ("/O=ACME/OU=EU/CN=JGREY", "", ""),
        ("  Ada \u202e\t Lovelace ", "", "Ada Lovelace"),
        ("", "", ""),
    ],
)
def test_names_are_cleaned(name: str, address: str, cleaned: str):
    assert clean_name(name, address) == cleaned


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lovelace via Engines", ("Ada Lovelace", "Engines")),
        ("'Ada Lovelace' via Engines list", ("Ada Lovelace", "Engines list")),
        ("Ada (via Engines)", ("Ada", "Engines")),
        ("Ada über Liste", ("Ada", "Liste")),
        ("Olivia Vance", ("", "")),
        ("Ada", ("", "")),
    ],
)
def test_names_through_a_list_are_split(name: str, parts: tuple[str, str]):
    assert split_via(name) == parts


@given(st.text(max_size=120), st.text(max_size=30))
def test_any_text_gives_a_short_storable_name(text: str, address: str):
    name = clean_name(text, address)
    assert len(name) <= MAX_NAME
    assert name == name.strip()
    name.encode("utf-8")
    split_via(name)
