"""The properties of one card: unfolded as bytes first, then decoded one by one.

Covers vCard 2.1 (quoted-printable, charsets, bare parameters), RFC 2426 (3.0) and RFC 6350 (4.0),
and what address books write instead of them.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crm_desktop.importers.charsets import codec_name, without_surrogates

MAX_GUESSED_BYTES = 20_000

_HEAD = re.compile(rb"[ \t]*(?:(?P<group>[\w-]+)\.)?(?P<name>[A-Za-z][\w-]*)[ \t]*(?P<next>[;:])")
# Written in capitals, these start a property even where a soft line break promised more text.
_NEXT_PROPERTY = re.compile(
    rb"(?:item\d+\.)?(?:N|FN|TEL|EMAIL|ORG|ADR|URL|NOTE|TITLE|ROLE|LABEL|VERSION|REV|UID|PHOTO|BDAY"
    rb"|CATEGORIES|X-[A-Z-]+)(?:;[A-Z0-9=,;-]*)?:"
)
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}\s*\Z")
_ENCODINGS = {"QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT", "Q"}
_SAY_NOTHING = {"us-ascii", "ascii"}  # what programs declare that did not look
_LATIN = ("cp1252", "iso8859-15", "iso8859-2", "cp1250")
# What address books without a charset turned out to be, when the words are not Latin.
_FOREIGN = ["cp1251", "cp1253", "cp1255", "cp1256", "cp932", "cp949", "gb18030", "big5"]
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Property:
    """One content line: `name` in capitals, `params` by capital name with values as written."""

    group: str
    name: str
    params: dict[str, tuple[str, ...]]
    raw: bytes
    charset: str  # for bytes above 127 that are not UTF-8

    def is_type(self, *wanted: str) -> bool:
        """Whether one of the TYPE values is among `wanted` (capitals)."""
        return any(value.upper() in wanted for value in self.params.get("TYPE", ()))

    @property
    def encoding(self) -> str:
        """QUOTED-PRINTABLE, BASE64 or ""."""
        for value in self.params.get("ENCODING", ()):
            if value.upper() in ("QUOTED-PRINTABLE", "Q"):
                return "QUOTED-PRINTABLE"
            if value.upper() in ("BASE64", "B"):
                return "BASE64"
        return ""

    @property
    def is_preferred(self) -> bool:
        """Whether the card prefers this one to others of its name."""
        return self.is_type("PREF") or self.params.get("PREF", ("",))[0] == "1"

    def written(self) -> str:
        """The value as text with its backslashes still in it."""
        return self._decode(self.raw)

    def text(self) -> str:
        """The value as plain text: escapes resolved, line ends \\n, surrounding blanks gone."""
        return unescape(self.written()).strip()

    def components(self) -> list[str]:
        """The value's parts between semicolons, as plain text."""
        if self.encoding == "QUOTED-PRINTABLE" and b";" in self.raw:
            # An encoded semicolon belongs to its part, so split before decoding.
            parts = [self._decode(part) for part in re.split(rb"(?<!\\);", self.raw)]
        else:
            parts = split_unescaped(self.written(), ";")
        return [unescape(part).strip() for part in parts]

    def values(self) -> list[str]:
        """The value's parts between commas, as plain text, blank ones left out."""
        parts = (unescape(part).strip() for part in split_unescaped(self.written(), ","))
        return [part for part in parts if part]

    def binary(self) -> bytes | None:
        """The bytes that a base64 or data: value stands for; None when it is neither."""
        raw = self.raw.strip()
        if raw[:5].lower() == b"data:":
            head, comma, raw = raw.partition(b",")
            if not comma or b"base64" not in head.lower():
                return None
        elif self.encoding != "BASE64":
            return None
        clean = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        clean = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
        try:
            return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
        except binascii.Error:
            return None

    def _decode(self, raw: bytes) -> str:
        encoded = self.encoding == "QUOTED-PRINTABLE"
        data = binascii.a2b_qp(raw) if encoded else raw
        text = decode(data, self.params.get("CHARSET", ("",))[0], self.charset)
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def unescape(text: str) -> str:
    """Text with \\n, \\, \\; and the like resolved; a lone backslash stays."""
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def split_unescaped(text: str, separator: str) -> list[str]:
    """The parts of text between separators that no backslash escapes; escapes stay."""
    parts: list[str] = []
    begin = position = 0
    while position < len(text):
        if text[position] == "\\":
            position += 2
            continue
        if text[position] == separator:
            parts.append(text[begin:position])
            begin = position + 1
        position += 1
    parts.append(text[begin:])
    return parts


def decode(data: bytes, declared: str, fallback: str) -> str:
    """Text of bytes, by the declared charset if it can be, else UTF-8, else `fallback`."""
    charset = known_charset(declared)
    # Much that is declared Latin is UTF-8; Latin text is practically never valid UTF-8.
    order = ["utf-8", charset, fallback] if charset in _LATIN else [charset, "utf-8", fallback]
    for name in order:
        if name:
            try:
                return without_surrogates(data.decode(name))
            except UnicodeError:
                continue
    return data.decode("cp1252", "replace")


def known_charset(name: str) -> str:
    """Python's name of a declared charset, or "" when nobody knows it or it says nothing."""
    found = "" if name.strip(" \"'").lower() in _SAY_NOTHING else codec_name(name)
    return "" if found.startswith(("utf-16", "utf-32")) else found


def guess_charset(lines: Iterable[bytes]) -> str:
    """The charset of lines that declare none: another line's, else judged from their bytes.

    Only matters for bytes that are not UTF-8; for those it is cp1252 unless whole words are
    written in bytes above 127.
    """
    suspicious: list[bytes] = []
    size = 0
    for line in lines:
        declared = re.search(rb"CHARSET=\"?([\w-]+)", line[:300], re.IGNORECASE)
        if declared is not None:
            charset = known_charset(declared[1].decode("ascii", "replace"))
            if charset and not charset.startswith("utf"):
                return charset
        if not line.isascii() and size < MAX_GUESSED_BYTES:
            suspicious.append(line.partition(b":")[2])
            size += len(line)
    data = b"\n".join(suspicious)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "cp1252"
    words = re.findall(rb"[A-Za-z\x80-\xff]+", data)
    foreign = sum(len(word) for word in words if not re.search(rb"[A-Za-z]", word))
    mixed = sum(len(word) for word in words if not word.isascii()) - foreign
    if foreign < 6 or foreign <= mixed:
        return "cp1252"
    if not re.search(rb"[\x80-\x9f\xc0-\xdf\xfb-\xff]", data):
        return "cp1255"  # Hebrew has no capitals; other names would show one
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_FOREIGN, preemptive_behaviour=False).best()
    return best.encoding if best is not None else "cp1252"


def unfold(lines: list[bytes], keeps_blank: bool) -> Iterator[bytes]:
    """Logical lines. In 2.1 (`keeps_blank`) the blank that marks a fold is part of the value."""
    parts: list[bytes] = []
    is_quoted = is_base64 = is_note = False
    for line in lines:
        if not line.strip(b" \t\0"):
            is_base64 = False
            continue
        if parts:
            soft_break = is_quoted and parts[-1].rstrip(b" \t").endswith(b"=")
            if line[:1] in (b" ", b"\t"):
                if soft_break:
                    parts[-1] = parts[-1].rstrip(b" \t") + b"\n"
                parts.append(line if keeps_blank and not soft_break else line[1:])
                continue
            if soft_break and not _NEXT_PROPERTY.match(line):
                parts[-1] = parts[-1].rstrip(b" \t") + b"\n"
                parts.append(line)
                continue
            if is_base64 and _BASE64_LINE.match(line):
                parts.append(line)
                continue
            head = _HEAD.match(line)
            if is_note and head is None:
                parts.append(b"\\n" + line)  # a note written with bare line ends
                continue
            yield b"".join(parts)
        parts = [line]
        start = line[:300].upper()
        parameters = start.partition(b":")[0]
        is_quoted = b"QUOTED-PRINTABLE" in parameters
        is_base64 = b"BASE64" in parameters or b"ENCODING=B" in parameters
        is_note = not is_quoted and re.match(rb"(?:[\w-]+\.)?NOTE[;:]", start) is not None
    if parts:
        yield b"".join(parts)


def parse(line: bytes, charset: str) -> Property | None:
    """The property of one logical line, or None when it is none."""
    head = _HEAD.match(line)
    if head is None:
        return None
    group = (head["group"] or b"").decode("ascii", "replace").lower()
    name = head["name"].decode("ascii", "replace").upper()
    if head["next"] == b":":
        return Property(group, name, {}, line[head.end() :], charset)
    colon = _value_colon(line, head.end())
    if colon < 0:
        return None
    params: dict[str, list[str]] = {}
    for key, values in _parameters(decode(line[head.end() : colon], "", charset)):
        params.setdefault(key, []).extend(values)
    known = {key: tuple(values) for key, values in params.items()}
    return Property(group, name, known, line[colon + 1 :], charset)


def _value_colon(line: bytes, start: int) -> int:
    """Where the value begins: the first colon outside double quotes, else the first colon."""
    is_quoted = False
    for found in re.finditer(rb'[":]', line[start:]):
        if found[0] == b'"':
            is_quoted = not is_quoted
        elif not is_quoted:
            return start + found.start()
    return line.find(b":", start)


def _parameters(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for piece in re.findall(r'(?:[^;"]|"[^"]*"?)+', text):
        key, equals, value = piece.partition("=")
        key = key.strip().upper()
        if not equals:
            # 2.1 writes values without their name: TEL;HOME;VOICE or PHOTO;BASE64.
            yield ("ENCODING" if key in _ENCODINGS else "TYPE"), (key,)
            continue
        values = value.replace('"', "").split(",")
        yield key, tuple(part.split("=")[-1].strip() for part in values)
