"""Typed text, made fit to be stored and compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.wording import one_line, paragraphs, sentence, within

# Everything a command line or a clipboard may hold, lone surrogates included.
any_text = st.text(st.characters(codec=None))


def test_a_line_is_trimmed_composed_and_on_one_line():
    assert one_line("  Works\n\twith\u00a0\x00 ") == "Works with"
    assert one_line("Cafe\u0301") == "Café"
    assert one_line("a\udc80b") == "ab"


def test_a_longer_text_keeps_its_lines():
    assert (
        paragraphs(" \n Met in Riga. \r\n\r\n\tHer idea.\x07\r ") == "Met in Riga.\n\n\tHer idea."
    )


@given(any_text)
def test_both_are_storable_and_settled(text: str):
    for clean in (one_line, paragraphs):
        once = clean(text)
        once.encode()
        assert "\0" not in once
        assert clean(once) == once


def test_too_long_a_text_is_refused_with_its_length():
    assert within("abc", 3, "The name") == "abc"
    with pytest.raises(InvalidInput, match=r"The name is 1,001 characters long.*at most 1,000"):
        within("x" * 1001, 1000, "The name")


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("Employs", "Acme employs Bob"),
        ("CEO of", "Acme CEO of Bob"),
        ("X", "Acme x Bob"),
        ("Ärgert", "Acme ärgert Bob"),
    ],
)
def test_a_relationship_reads_as_a_sentence(label: str, words: str):
    assert sentence("Acme", label, "Bob") == words
