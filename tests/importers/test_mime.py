"""Message structure: which text is read, what counts as an attachment, and bounds."""

from __future__ import annotations

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.importers.headers import parse_headers
from crm_desktop.importers.mime import Body, read_body

LIMIT_S = 2.0


def body_of(message: str | bytes, *, full: bool = False) -> Body:
    raw = message.encode() if isinstance(message, str) else message
    headers, start = parse_headers(raw)
    return read_body(headers, raw, start, full=full)


def mixed(*parts: str, kind: str = "mixed", boundary: str = "b") -> str:
    inside = "".join(f"--{boundary}\n{part}\n" for part in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"'
    return f"{head}\n\npreamble\n{inside}--{boundary}--\nend\n"


PLAIN = "Content-Type: text/plain\n\nplain text"
HTML = "Content-Type: text/html\n\n<p>html text</p>"
PDF = "Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment\n\nJVBERi0="


@pytest.mark.parametrize(
    ("message", "text", "is_html", "attachments"),
    [
        ("Subject: x\n\nhello", "hello", False, 0),
        (HTML, "<p>html text</p>", True, 0),
        (mixed(PLAIN, HTML, kind="alternative"), "plain text", False, 0),
        (mixed(HTML, kind="alternative"), "<p>html text</p>", True, 0),
        (mixed("Content-Type: text/plain\n\n \n", HTML), "<p>html text</p>", True, 0),
        (mixed(PLAIN, PDF, PDF), "plain text", False, 2),
        (mixed(PDF), "", False, 1),
        (mixed(mixed(PLAIN, HTML, kind="alternative", boundary="c"), PDF), "plain text", False, 1),
        (mixed("\nbare part"), "bare part", False, 0),
        (
            mixed(HTML, "Content-Type: image/png\nContent-ID: <logo>\n\nx", kind="related"),
            "<p>html text</p>",
            True,
            0,
        ),
        (mixed(PLAIN, "Content-Type: image/png\n\nx"), "plain text", False, 1),
        (mixed(PLAIN, "Content-Type: message/rfc822\n\nSubject: in\n\nx"), "plain text", False, 1),
        (
            mixed(PLAIN, "Content-Type: application/pgp-signature; name=s.asc\n\nx", kind="signed"),
            "plain text",
            False,
            0,
        ),
        (
            mixed(
                PLAIN,
                "Content-Type: text/plain; name=n.txt\nContent-Disposition: attachment\n\nfile",
            ),
            "plain text",
            False,
            1,
        ),
        (mixed(PLAIN, "Content-Type: text/calendar\n\nBEGIN:VCALENDAR"), "plain text", False, 0),
        ("Content-Type: image/png\n\nx", "", False, 1),
        ("Content-Type: nonsense\n\nhello", "hello", False, 0),
        ('Content-Type: multipart/mixed; boundary="never"\n\nhello', "hello", False, 0),
        (
            "Content-Type: multipart/mixed\n\n--q\nContent-Type: text/plain\n\nfound\n--q--\n",
            "found",
            False,
            0,
        ),
    ],
)
def test_text_and_attachments(message: str, text: str, is_html: bool, attachments: int):
    for line_break in ("\n", "\r\n"):
        body = body_of(message.replace("\n", line_break))
        assert body.text.strip() == text
        assert (body.is_html, body.attachment_count) == (is_html, attachments)


def test_boundaries_that_begin_alike_are_told_apart():
    message = mixed(mixed(PLAIN, boundary="bb"), PDF, boundary="b")
    assert body_of(message).text == "plain text"
    assert body_of(message).attachment_count == 1


@pytest.mark.parametrize(
    ("encoding", "data", "text"),
    [
        ("base64", base64.encodebytes("Grüße".encode()), "Grüße"),
        ("BASE64 ", b"R3LDvMOf\r\nZQ", "Grüße"),
        ("quoted-printable", b"Gr=C3=BC=\n=C3=9Fe", "Grüße"),
        ("Quoted Printable", b"Gr=C3=BC=C3=9Fe", "Grüße"),
        ("8bit", "Grüße".encode(), "Grüße"),
        ("", "Grüße".encode("cp1252"), "Grüße"),
        ("x-uuencode", b"begin 644 x\n%:&5L;&\\\n`\nend\n", "hello"),
        ("no-such", b"hello", "hello"),
    ],
)
def test_transfer_encodings(encoding: str, data: bytes, text: str):
    raw = b"Content-Transfer-Encoding: " + encoding.encode() + b"\n\n" + data
    assert body_of(raw).text == text


def test_files_within_the_text_are_counted_and_taken_out():
    message = "Subject: x\n\nSee below.\n\nbegin 644 a.bin\n%:&5L;&\\\n`\nend\nBye\n"
    body = body_of(message)
    assert body.attachment_count == 1
    assert body.text.split() == ["See", "below.", "Bye"]


def test_only_the_beginning_of_a_long_text_is_decoded_unless_asked():
    message = "Subject: x\n\n" + "Grüße und Küsse\n" * 20_000
    assert len(body_of(message).text) < 60_000
    assert "\ufffd" not in body_of(message).text
    assert len(body_of(message, full=True).text) == 320_000


HEAD = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
NESTED = b"".join(
    b"--b%s\nContent-Type: multipart/mixed; boundary=b%d\n\n"
    % (b"%d" % level if level else b"", level + 1)
    for level in range(3_000)
)


@pytest.mark.parametrize(
    "message",
    [
        HEAD + NESTED,
        HEAD + b"--b\n\nx\n" * 100_000,
        HEAD + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 20_000,
        HEAD + b"--bx\n" * 300_000,
        b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=" * 3_000_000,
        b"Content-Transfer-Encoding: base64\n\n" + b"=" * 3_000_000,
        b"Subject: x\n\n" + b"begin 644 x\n" * 200_000,
    ],
    ids=["nested", "parts", "same boundary", "near misses", "quoted", "base64", "uuencoded"],
)
def test_hostile_structure_takes_no_time(message: bytes):
    started = time.perf_counter()
    body_of(message)
    assert time.perf_counter() - started < LIMIT_S


@given(st.binary(max_size=300), st.sampled_from([b"", b"base64", b"quoted-printable", b"x-uue"]))
def test_any_body_is_read(data: bytes, encoding: bytes):
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding: "
    body_of(raw + encoding + b"\n\n" + data)
    body_of(b"Content-Type: text/html\n\n" + data)
