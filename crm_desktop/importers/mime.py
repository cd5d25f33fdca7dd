"""The structure of a message body, walked without copying it: its text and its attachments.

Only what the import needs is decoded: the first readable text. Depth and number of parts are
bounded, so that nesting bombs cost no more than other mail.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from crm_desktop.importers.charsets import clean_lines, decode
from crm_desktop.importers.headers import Headers, decode_base64, parameters, parse_headers

MAX_DEPTH: Final = 20
MAX_PARTS: Final = 1_000
PREVIEW_BYTES: Final = 49_152
"""Encoded bytes of a text part that are decoded when only its beginning is wanted."""
FULL_BYTES: Final = 2_097_152
"""Encoded bytes of a text part that are decoded when the text is kept."""

_UUENCODED = re.compile(rb"^begin [0-7]{3,4} [^\r\n]+\r?$", re.MULTILINE)
_UUENCODED_TEXT = re.compile(r"^begin [0-7]{3,4} \S[^\n]*\n[\s\S]*?(?:^end$|\Z)", re.MULTILINE)
_DELIMITER = re.compile(rb"^--([^\s-][^\r\n]{0,200})\r?\nContent-", re.MULTILINE | re.IGNORECASE)
_SIGNATURES = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-encrypted",
        "message/delivery-status",
        "message/disposition-notification",
        "text/rfc822-headers",
    }
)


@dataclass(slots=True)
class Body:
    """What a message's body holds: its text ("" if none), whether that is HTML, attachments."""

    text: str = ""
    is_html: bool = False
    charset: str = ""
    attachment_count: int = 0


@dataclass(slots=True)
class _Walk:
    """What a walk over the parts has met so far: spans of the first plain and HTML texts."""

    message: bytes
    plain: list[tuple[Headers, int, int, str]] = field(default_factory=list)
    html: list[tuple[Headers, int, int, str]] = field(default_factory=list)
    attachments: int = 0
    parts: int = 0


def read_body(headers: Headers, message: bytes, start: int, *, full: bool = False) -> Body:
    """The text and attachment count of the message whose body begins at `start`.

    Plain text is preferred to HTML unless it is blank. `full` decodes long texts whole instead
    of their beginning.
    """
    walk = _Walk(message)
    _walk(walk, headers, start, len(message), 0, "text/plain")
    body = Body(attachment_count=walk.attachments)
    limit = FULL_BYTES if full else PREVIEW_BYTES
    for span in walk.plain[:8]:
        text = _text(message, span, limit)
        if text.strip():
            body.text, body.charset = text, span[3]
            break
    else:
        for span in walk.html[:4]:
            text = _text(message, span, 4 * limit)
            if text.strip():
                body.text, body.is_html, body.charset = text, True, span[3]
                break
    if "\nbegin " in body.text and _UUENCODED_TEXT.search(body.text):
        body.text = _UUENCODED_TEXT.sub("", body.text)
    return body


def _walk(walk: _Walk, headers: Headers, start: int, end: int, depth: int, default: str) -> None:
    walk.parts += 1
    declared = headers.raw("content-type")
    kind, options = parameters(declared) if declared else (default, {})
    if kind.startswith("multipart/") and depth < MAX_DEPTH:
        boundary = options.get("boundary") or _first_delimiter(walk.message, start, end)
        spans = _parts(walk.message, boundary, start, end)
        if spans is not None:
            inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
            for part_start, part_end in spans:
                if walk.parts >= MAX_PARTS:
                    return
                part, body = parse_headers(walk.message, part_start, part_end)
                _walk(walk, part, body, part_end, depth + 1, inner)
            return
    _leaf(walk, headers, start, end, depth, kind, options)


def _leaf(
    walk: _Walk,
    headers: Headers,
    start: int,
    end: int,
    depth: int,
    kind: str,
    options: Mapping[str, str],
) -> None:
    disposition, disposed = parameters(headers.raw("content-disposition"))
    named = "filename" in disposed or "name" in options
    is_text = kind in {"text/plain", "text/html", "text", "", "text/enriched"} or (
        kind.startswith(("text/", "multipart/")) or "/" not in kind
    )
    if kind in _SIGNATURES:
        return
    if disposition == "attachment" or (named and not (is_text and depth == 0)):
        embedded = kind.startswith("image/") and disposition != "attachment"
        if not (embedded and "content-id" in headers):
            walk.attachments += 1
        return
    if not is_text:
        embedded = "content-id" in headers and kind.startswith("image/")
        if not embedded:
            walk.attachments += 1
        return
    span = (headers, start, end, options.get("charset", ""))
    if kind == "text/html":
        walk.html.append(span)
    elif kind != "text/calendar":
        walk.plain.append(span)
        if depth == 0 and walk.message.find(b"\nbegin ", start, end) >= 0:
            walk.attachments += len(_UUENCODED.findall(walk.message, start, end))


def _first_delimiter(message: bytes, start: int, end: int) -> str:
    """The boundary that the body itself shows when the header fails to name one, or ""."""
    match = _DELIMITER.search(message, start, min(end, start + 4096))
    return match.group(1).decode("latin-1") if match else ""


def _parts(message: bytes, boundary: str, start: int, end: int) -> list[tuple[int, int]] | None:
    """The spans between a multipart's delimiters, or None when there is no delimiter at all."""
    boundary = boundary.strip()
    if not boundary:
        return None
    delimiter = b"--" + boundary.encode("latin-1", "replace")
    length = len(delimiter)
    spans: list[tuple[int, int]] = []
    opened = -1
    position = message.find(delimiter, max(0, start - 1), end)
    while position >= 0:
        after = position + length
        if position == start or message[position - 1 : position] in (b"\n", b"\r", b""):
            closing = message[after : after + 2] == b"--"
            line_end = _line_end(message, after + 2 if closing else after, end)
            if line_end >= 0:
                if opened >= 0:
                    spans.append((opened, _before_break(message, opened, position)))
                opened = -1 if closing else line_end
                if closing or len(spans) >= MAX_PARTS:
                    return spans
        position = message.find(delimiter, after, end)
    if opened >= 0:
        spans.append((opened, end))
    return spans or None


def _line_end(message: bytes, position: int, end: int) -> int:
    """Where the line after a delimiter begins if only blanks follow on its own line, else -1."""
    limit = min(end, position + 200)
    while position < limit and message[position] in b" \t":
        position += 1
    if position >= end:
        return end
    if message[position : position + 2] == b"\r\n":
        return position + 2
    if message[position] in b"\r\n":
        return position + 1
    return -1


def _before_break(message: bytes, opened: int, position: int) -> int:
    """The end of a part whose delimiter starts at `position`: its line break belongs to that."""
    if position - 1 >= opened and message[position - 1 : position] == b"\n":
        position -= 1
        if position - 1 >= opened and message[position - 1 : position] == b"\r":
            position -= 1
    return max(opened, position)


def _text(message: bytes, span: tuple[Headers, int, int, str], limit: int) -> str:
    headers, start, end, charset = span
    if end - start > limit:
        # Whole lines, so that no character is cut in two.
        cut = message.rfind(b"\n", start, start + limit)
        end = cut if cut > start else start + limit
    data = message[start:end]
    encoding = headers.raw("content-transfer-encoding").strip(" \t;'\"").lower()
    encoding = encoding.replace(" ", "").partition(";")[0]
    if encoding == "base64":
        data = decode_base64(data.replace(b"\r", b"").replace(b"\n", b""))
    elif encoding.startswith("quoted"):
        data = binascii.a2b_qp(data)
    elif encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        data = _uudecode(data)
    text = decode(data, charset)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return clean_lines(text)


def _uudecode(data: bytes) -> bytes:
    """A uuencoded body; lines that are none are left out."""
    out = bytearray()
    for line in data.splitlines():
        if line.startswith(b"begin ") or line in (b"end", b""):
            continue
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            continue
    return bytes(out)
