"""Bytes to text: declared, wrongly declared and undeclared charsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.importers.charsets import clean, codec_name, decode


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        ("Grüße".encode(), "utf-8", "Grüße"),
        ("Grüße".encode("cp1252"), "iso-8859-1", "Grüße"),
        ("“so”".encode("cp1252"), "us-ascii", "“so”"),
        ("Grüße".encode(), "us-ascii", "Grüße"),
        ("Grüße".encode("cp1252"), "utf-8", "Grüße"),
        ("Grüße".encode("cp1252"), "", "Grüße"),
        ("Grüße".encode(), "unknown-8bit", "Grüße"),
        ("漢字與简体".encode("gb18030"), "GB2312", "漢字與简体"),
        ("漢字".encode("gb18030"), "x-gbk", "漢字"),
        ("한국어 뷁".encode("cp949"), "ks_c_5601-1987", "한국어 뷁"),
        ("สวัสดี".encode("cp874"), "windows-874", "สวัสดี"),
        ("日本語".encode("iso2022_jp"), "iso-2022-jp", "日本語"),
        ("日本語".encode("iso2022_jp"), "", "日本語"),
        ("Привет".encode("koi8-r"), "koi8-r", "Привет"),
        (b"+AOQ-", "utf-7", "ä"),
    ],
)
def test_text_is_read_whatever_the_label(data: bytes, label: str, text: str):
    assert decode(data, label) == text


def test_a_few_damaged_bytes_do_not_change_the_charset():
    assert decode("Größe äöü".encode() + b"\xff", "utf-8") == "Größe äöü�"


@pytest.mark.parametrize(
    "label", ["", "x-no-such", "zip", "hex", "idna", "unicode_escape", "../etc", "a\x00b", "ü" * 99]
)
def test_labels_that_are_no_charset_name_no_codec(label: str):
    assert codec_name(label) == ""


def test_many_unlabelled_bytes_are_guessed():
    text = "Здравствуйте, уважаемые коллеги. Встреча состоится в пятницу утром. " * 6
    assert "коллеги" in decode(text.encode("cp1251"))


@given(st.binary(max_size=400), st.text(max_size=30))
def test_decoding_never_raises(data: bytes, label: str):
    assert isinstance(decode(data, label), str)


@given(st.text(max_size=200))
def test_cleaned_text_is_one_printable_storable_line(text: str):
    cleaned = clean(text)
    assert cleaned == " ".join(cleaned.split())
    cleaned.encode("utf-8")
    assert not {"\x00", "\n", "\u202e"} & set(cleaned)


def test_halves_of_surrogate_pairs_become_replacement_characters():
    assert decode(b"a +2AA- b", "utf-7") == "a \ufffd b"
    assert decode(b"+2D3eAA-", "utf-7") == "\U0001f600"
