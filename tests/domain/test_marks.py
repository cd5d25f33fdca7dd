"""Marks: where the words of a query stand in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.domain.contacts import name_key
from crm_desktop.domain.marks import (
    excerpt,
    folded_words,
    marks,
    matched_words,
    name_order,
    name_orders,
    tokens,
)


def marked(text: str, *words: str) -> list[str]:
    return [text[start : start + length] for start, length in marks(text, folded_words(words))]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Ada Lovelace", ["ada"], ["Ada"]),
        ("Ada Lovelace", ["lov", "ad"], ["Ad", "Lov"]),
        ("Canada", ["ada"], []),
        ("Ömer Łukasz Straße", ["omer", "strass"], ["Ömer", "Straß"]),
        ("Jose\u0301 Núñez", ["jose", "nun"], ["Jose\u0301", "Núñ"]),
        ("ada@acme.org", ["ada@ac"], ["ada", "ac"]),
        ("ada.b@acme.org", ["ada@ac"], []),
        ("ada and ada", ["ada"], ["ada", "ada"]),
        ("王小明", ["王"], ["王"]),
        ("ﬁne", ["fi"], ["ﬁ"]),
        ("", ["x"], []),
        ("x", [], []),
        ("x", ["-"], []),
    ],
)
def test_marks(text: str, words: list[str], expected: list[str]) -> None:
    assert marked(text, *words) == expected


def test_overlapping_matches_are_one_mark() -> None:
    assert marked("Adalbert", "ad", "adal") == ["Adal"]


def test_matched_words_are_given_by_their_places() -> None:
    words = folded_words(["lov", "engine", "ada"])
    assert matched_words("Ada Lovelace", words) == {0, 2}


@given(text=st.text(), words=st.lists(st.text(max_size=5), max_size=4))
def test_marks_are_in_order_and_within_the_text(text: str, words: list[str]) -> None:
    end = 0
    for start, length in marks(text, folded_words(words)):
        assert start >= end
        assert length > 0
        end = start + length
    assert end <= len(text)


@given(text=st.text())
def test_ascii_and_other_texts_are_read_alike(text: str) -> None:
    ascii_text = text.encode("ascii", "replace").decode()
    plain = [token.folded for token in tokens(ascii_text)]
    assert plain == [token.folded for token in tokens(ascii_text + " é")][:-1]


def test_short_texts_are_quoted_whole_on_one_line() -> None:
    assert excerpt("Dinner\n  at eight", folded_words(["eight"])) == "Dinner at eight"


def test_long_texts_are_cut_around_the_match() -> None:
    text = "word " * 40 + "needle " + "word " * 40
    found = excerpt(text, folded_words(["needle"]))
    assert "needle" in found
    assert found.startswith("…word")
    assert found.endswith("word…")
    assert len(found) <= 84
    assert excerpt("x" * 200, folded_words(["y"])) == "x" * 80 + "…"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Élodie Dubois", "elodie dubois"),
        ("“Ada” Lovelace", "ada” lovelace"),
        ("<b>Bold</b>", "b>bold</b>"),
        ("山田", "山田"),
        ("12 – 34", ""),
        ("", ""),
    ],
)
def test_names_sort_by_their_letters(name: str, expected: str) -> None:
    assert name_order(name) == expected


@given(names=st.lists(st.text(max_size=12)))
def test_many_names_sort_as_each_one_does(names: list[str]) -> None:
    keys = [name_key(name) for name in names]
    assert name_orders(keys) == [name_order(key) for key in keys]
