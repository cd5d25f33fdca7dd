"""Header blocks: unfolding, tolerance, encoded words, and bounds on time and size."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.importers.headers import (
    MAX_VALUE,
    decode_base64,
    decode_value,
    parameters,
    parse_headers,
)

LIMIT_S = 1.0


@pytest.mark.parametrize("line_break", [b"\n", b"\r\n"])
def test_fields_are_unfolded_and_the_body_is_found(line_break: bytes):
    lines = [b"From: a@b.example", b"Subject: one", b"\ttwo", b"   three", b"", b"body", b"", b"x"]
    message = line_break.join(lines)
    headers, body = parse_headers(message)
    assert headers.raw("subject") == "one two three"
    assert message[body:].startswith(b"body")


def test_repeated_fields_keep_their_order():
    headers, _ = parse_headers(b"Received: one\nSubject: s\nRECEIVED: two\n\n")
    assert headers.all("received") == ["one", "two"]
    assert "subject" in headers
    assert headers.raw("absent") == ""


def test_odd_lines_among_the_fields_are_passed_over():
    block = (
        b"From ada@x.example Mon Jan  1 00:00:00 2001\nSubject: kept\nno field here\nTo : b@c.d\n\n"
    )
    headers, _ = parse_headers(block)
    assert headers.envelope.startswith("From ada@x.example")
    assert headers.raw("subject") == "kept"
    assert headers.raw("to") == "b@c.d"


def test_a_message_without_fields_begins_with_its_body():
    headers, body = parse_headers(b"\nbody\n\nmore")
    assert len(headers) == 0
    assert body == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?utf-8?B?R3LDvMOfZQ==?= aus Wien", "Grüße aus Wien"),
        ("=?utf-8?q?a_b?= =?utf-8?q?_c?=", "a b c"),
        ("=?utf-8?B?w?= =?utf-8?B?w?=", ""),
        ("=?utf-8?q?=C3?= =?utf-8?q?=A4?=", "ä"),
        ("=?iso-8859-1?q?=E4?= =?utf-8?q?=C3=B6?=", "äö"),
        ("=?iso-8859-1*de?q?=E4?=", "ä"),
        ("Re: =?utf-8?q?x=?=?= y", "Re: x=?= y"),
        ("=?x-unknown?q?abc?=", "abc"),
        ("=?utf-8?B?R3LDvMOfZQ?=", "Grüße"),
        ("Gr\u00fc\u00dfe", "Grüße"),
        ("Gr\u00c3\u00bc\u00c3\u009fe", "Grüße"),
        ("a \u00e4 =?utf-8?q?=C3=B6?=", "a ä ö"),
        ("tab\tand   blanks\x00", "tab and blanks"),
        ("=?utf-8?q?bad", "=?utf-8?q?bad"),
    ],
)
def test_values_are_decoded_to_one_line(value: str, text: str):
    assert decode_value(value) == text


def test_a_character_split_between_words_is_joined_first():
    assert decode_value("=?utf-8?B?5pel5pys6A==?=\n =?utf-8?B?qp4=?=") == "日本語"


@pytest.mark.parametrize(
    ("value", "token", "options"),
    [
        ("text/plain; charset=utf-8", "text/plain", {"charset": "utf-8"}),
        ('Text/HTML; Charset="ISO-8859-1"; x=y', "text/html", {"charset": "ISO-8859-1", "x": "y"}),
        ('a/b; name*0="long "; name*1="name"', "a/b", {"name": "long name"}),
        ('multipart/mixed;;\n Boundary="== _x"', "multipart/mixed", {"boundary": "== _x"}),
        ('a/b; x="unclosed', "a/b", {"x": "unclosed"}),
        ("text/plain charset=utf-8", "text/plain", {"charset": "utf-8"}),
        ("", "", {}),
    ],
)
def test_parameters_are_read(value: str, token: str, options: dict[str, str]):
    assert parameters(value) == (token, options)


def test_an_overlong_value_ends_with_a_whole_entry():
    entries = b", ".join(b"p%d@example.com" % number for number in range(20_000))
    headers, _ = parse_headers(b"To: " + entries + b"\n\n")
    value = headers.raw("to")
    assert len(value) <= MAX_VALUE
    assert value.rsplit(", ", 1)[1].endswith("@example.com")


@pytest.mark.parametrize(
    "block",
    [
        b"Subject: " + b"=?" * 20_000,
        b"Subject: " + b"=?utf-8?q?" * 7_000,
        b"Subject: " + b"=?utf-8?q?=C3=A4?= " * 4_000,
        b"Subject: x" + b"\n " * 200_000,
        b"Subject: " + b"x" * 5_000_000,
        b"garbage\n" * 100_000,
        b"".join(b"X-%d: y\n" % number for number in range(50_000)),
        b"Content-Type: text/plain" + b"; a=b" * 10_000,
    ],
    ids=["marks", "openings", "words", "folds", "long", "garbage", "fields", "parameters"],
)
def test_hostile_blocks_take_no_time(block: bytes):
    started = time.perf_counter()
    headers, _ = parse_headers(block + b"\n\n")
    headers.text("subject")
    parameters(headers.raw("content-type"))
    assert time.perf_counter() - started < LIMIT_S


@given(st.binary(max_size=600))
def test_parsing_never_raises(block: bytes):
    headers, body = parse_headers(block)
    assert 0 <= body <= len(block)
    for name in ("from", "subject", "content-type"):
        headers.text(name)


@given(st.text(max_size=200), st.text(max_size=10))
def test_decoding_never_raises(value: str, charset: str):
    assert "\n" not in decode_value(value, charset)


@given(st.text(alphabet="=?utf-8BbQq_ Zz09/+*äé\n", max_size=120))
def test_near_misses_of_encoded_words_never_raise(value: str):
    assert isinstance(decode_value(value), str)


@given(st.binary(max_size=100))
def test_any_base64_is_decoded(data: bytes):
    assert isinstance(decode_base64(data), bytes)
