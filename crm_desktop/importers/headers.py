"""The header block of a message, read from bytes: unfolded, tolerant, bounded in time and size.

The standard library's parser is slower, stops at the first odd line, and its decoding has
quadratic inputs; only what the import needs is decoded here.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from crm_desktop.importers.charsets import clean, codec_name, decode

MAX_VALUE: Final = 65_536
"""Characters of one header that are looked at."""
MAX_BLOCK: Final = 1_048_576
"""Bytes of a header block that are looked at."""
MAX_FIELDS: Final = 2_000

_FOLD = re.compile(r"\n[ \t]+")
_FIELD_NAME = re.compile(r"[!-9;-~]+\Z")
_ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_PARAMETER = re.compile(
    r"""[;\s]([!#$&+.^_`{}|~0-9A-Za-z-]+?)(\*[0-9]{1,3})?(\*)?\s*=\s*("(?:[^"\\]|\\.)*"?|[^;\s]*)"""
)


class Headers:
    """The fields of one header block: raw values, unfolded, 8-bit bytes as Latin-1 characters.

    `envelope` is the From_ line if the block began with one, else "". `charset` decodes raw
    8-bit values; it is the body's once that is known.
    """

    __slots__ = ("_fields", "charset", "envelope")

    def __init__(self, fields: Mapping[str, list[str]], envelope: str = "") -> None:
        self._fields = fields
        self.envelope = envelope
        self.charset = ""

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def __len__(self) -> int:
        return len(self._fields)

    def raw(self, name: str) -> str:
        """The first value of the field (name in lower case), or ""."""
        values = self._fields.get(name)
        return values[0] if values else ""

    def all(self, name: str) -> list[str]:
        """Every value of the field, in order."""
        return self._fields.get(name, [])

    def text(self, name: str) -> str:
        """The first value decoded to one line of readable text, or ""."""
        values = self._fields.get(name)
        return decode_value(values[0], self.charset) if values else ""


def parse_headers(message: bytes, start: int = 0, stop: int | None = None) -> tuple[Headers, int]:
    """The headers at `start` of a message (LF or CRLF lines) and the offset of its body.

    Nothing at or after `stop` is looked at.

    Never raises. Lines that are no fields are passed over when fields go on after them.
    """
    end, body = _block_end(message, start, len(message) if stop is None else stop)
    block = message[start:end].decode("latin-1")
    if "\r" in block:
        block = block.replace("\r\n", "\n").replace("\r", "\n")
    block = _FOLD.sub(" ", block)
    fields: dict[str, list[str]] = {}
    envelope = ""
    bad = 0
    for count, line in enumerate(block.split("\n", MAX_FIELDS)):
        name, colon, value = line.partition(":")
        key = fields.get(lowered := name.lower())
        if key is not None and colon:
            key.append(value.strip() if len(value) <= MAX_VALUE else _capped(value))
            continue
        if not colon or not _FIELD_NAME.match(name.rstrip(" \t")):
            if count == 0 and line.startswith(("From ", ">From ")):
                envelope = line[:1000]
                continue
            bad += 1
            if bad > 20:
                break
            continue
        value = value.strip() if len(value) <= MAX_VALUE else _capped(value)
        fields.setdefault(lowered.rstrip(" \t"), []).append(value)
    return Headers(fields, envelope), body


def _capped(value: str) -> str:
    """An overlong value, cut so that it ends with a whole entry."""
    cut = max(value.rfind(",", 0, MAX_VALUE), value.rfind(" ", 0, MAX_VALUE))
    return value[: cut if cut > 0 else MAX_VALUE].strip(", ")


def _block_end(message: bytes, start: int, stop: int) -> tuple[int, int]:
    """Where the header block ends and where the body begins."""
    if message[start : start + 1] == b"\n":
        return start, start + 1
    if message[start : start + 2] == b"\r\n":
        return start, start + 2
    limit = min(stop, start + MAX_BLOCK)
    end = message.find(b"\n\n", start, limit)
    body = end + 2
    crlf = message.find(b"\n\r\n", start, end + 1 if end >= 0 else limit)
    if crlf >= 0:
        end, body = crlf, crlf + 3
    if end >= 0:
        return end, body
    return limit, limit


def decode_value(value: str, charset: str = "") -> str:
    """A raw header value as one line of text: encoded words decoded, neighbours joined first.

    `charset` is tried for raw 8-bit bytes. Linear in the length; never raises.
    """
    if "=?" not in value:
        return clean(value if value.isascii() else _decode_raw(value, charset))
    out: list[str] = []
    position = 0
    pending = bytearray()
    pending_charset = ""
    for match in _ENCODED_WORD.finditer(value):
        between = value[position : match.start()]
        label = match.group(1).lower()
        data = _word_bytes(match.group(2), match.group(3))
        if between.strip() or label != pending_charset:
            if pending_charset:
                out.append(_decode_word(bytes(pending), pending_charset))
            if between.strip() or (between and not pending_charset):
                out.append(between if between.isascii() else _decode_raw(between, charset))
            pending = bytearray()
            pending_charset = label
        pending += data
        position = match.end()
    if pending_charset:
        out.append(_decode_word(bytes(pending), pending_charset))
    rest = value[position:]
    out.append(rest if rest.isascii() else _decode_raw(rest, charset))
    return clean("".join(out))


def _decode_raw(value: str, charset: str) -> str:
    return decode(value.encode("latin-1", "replace"), charset)


def _decode_word(data: bytes, label: str) -> str:
    return decode(data, label if codec_name(label) else "")


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("latin-1", "replace")
    if encoding in "qQ":
        data = data.replace(b"_", b" ")
        return _HEX.sub(lambda match: bytes([int(match.group(1), 16)]), data)
    return decode_base64(data)


def decode_base64(data: bytes) -> bytes:
    """Base64 with whatever does not belong left out and missing padding put back."""
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        stripped = _NOT_BASE64.sub(b"", data)
        usable = len(stripped) - (1 if len(stripped) % 4 == 1 else 0)
        return base64.b64decode(stripped[:usable] + b"=" * (-usable % 4))


def parameters(value: str) -> tuple[str, Mapping[str, str]]:
    """The token of a Content-Type or Content-Disposition in lower case and its parameters.

    Parameter names are in lower case; RFC 2231 continuations are joined. Values stay raw.
    """
    return _parameters(value[:4096]) if value else ("", {})


@lru_cache(maxsize=512)
def _parameters(value: str) -> tuple[str, Mapping[str, str]]:
    token, semicolon, rest = value.partition(";")
    token = token.strip().lower()
    found: dict[str, str] = {}
    if not semicolon:
        words = token.split(None, 1)
        if len(words) < 2:
            return token, found
        token, rest = words[0], value.strip()[len(words[0]) :]
    for match in _PARAMETER.finditer(";" + rest):
        raw = match.group(4)
        if raw[:1] == '"':
            raw = re.sub(r"\\(.)", r"\1", raw[1:].removesuffix('"'))
        name = match.group(1).lower()
        if match.group(2):
            found[name] = found.get(name, "") + raw
        else:
            found.setdefault(name, raw)
    return token, found
