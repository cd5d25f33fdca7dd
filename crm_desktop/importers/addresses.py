"""Address headers to mailboxes: groups, comments, Exchange and UUCP forms, munged and broken."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from crm_desktop.domain.messages import Mailbox
from crm_desktop.importers.headers import decode_value
from crm_desktop.importers.names import ADDRESS_WITHIN, MAX_NAME, X500_NAME, clean_name

MAX_ADDRESS: Final = 320
MAX_COMMENT: Final = 1_000
MAX_UNCLOSED: Final = 20

_QUOTED_BLANK = "\x1a"
"""A blank within a quoted local part, while an address is cut out of the text around it."""
_TOKEN = re.compile(r'"|\(|<|,|;|:|[^"(<,;:]+')
_PAREN = re.compile(r"[()\\]")
_SIMPLE = re.compile(r"[\w.+=/'-]+@[A-Za-z0-9.-]+\Z")
_SIMPLE_NAMED = re.compile(r"\"?([\w .'-]+?)\"?\s*<([\w.+=/'-]+@[A-Za-z0-9.-]+)>\Z")
_MUNGED = re.compile(
    r"([\w.+-]{1,64})(?:\s{1,3}at\s{1,3}|\s{0,3}[\[({]\s?at\s?[\])}]\s{0,3}|_at_)"
    r"([\w-]{1,63}(?:(?:\.|\s{1,3}dot\s{1,3}|\s{0,3}[\[({]\s?dot\s?[\])}]\s{0,3})[\w-]{1,63}){1,8})",
    re.IGNORECASE,
)
_DOT = re.compile(r"\s{1,3}dot\s{1,3}|\s{0,3}[\[({]\s?dot\s?[\])}]\s{0,3}", re.IGNORECASE)
_UUCP = re.compile(r"[\w.-]+(?:![\w.-]+)+\Z")
_IMCEA = re.compile(r"imcea(?:notes|smtp)-(.+)@", re.IGNORECASE)
_IMCEA_BYTE = re.compile(r"\+([0-9a-f]{2})", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[^\W]|[.-])+\Z")


def parse_addresses(value: str, charset: str = "") -> tuple[Mailbox, ...]:
    """The mailboxes of a raw header value, in order, names cleaned.

    Entries without an address, empty groups and `<>` give nothing. A local part alone is no
    identity and gives nothing either; UUCP and X.500 addresses are kept whole. Never raises;
    time is linear in the length.
    """
    if not value:
        return ()
    if "  " in value:
        value = " ".join(value.split())
    if len(value) <= 300:
        return _parse_cached(value, charset)
    return _parse(value, charset)


@lru_cache(maxsize=16_384)
def _parse_cached(value: str, charset: str) -> tuple[Mailbox, ...]:
    return _parse(value, charset)


def _parse(value: str, charset: str) -> tuple[Mailbox, ...]:
    if '"' not in value and "(" not in value and ":" not in value and ";" not in value:
        boxes: list[Mailbox] = []
        for part in value.split(","):
            part = part.strip()
            if _SIMPLE.match(part) and part.isascii():
                address = canonical(part)
                if address:
                    boxes.append(Mailbox(address))
                continue
            match = _SIMPLE_NAMED.match(part) if part.isascii() else None
            if not match or "@" in match.group(1):
                break
            address = canonical(match.group(2))
            if not address:
                break
            boxes.append(Mailbox(address, clean_name(match.group(1), address)))
        else:
            return tuple(boxes)
    return tuple(_Parser(value, charset).run())


class _Parser:
    """One pass over an address list that is not of the simple kind."""

    __slots__ = (
        "_angle",
        "_boxes",
        "_charset",
        "_comment",
        "_name",
        "_pending",
        "_unclosed_brackets",
        "_unclosed_quote",
        "_value",
    )

    def __init__(self, value: str, charset: str) -> None:
        if "@" not in value and _MUNGED.search(value):
            value = _MUNGED.sub(_unmunge, value)
        self._value = value
        self._charset = charset
        self._boxes: list[Mailbox] = []
        self._name: list[str] = []
        self._comment = ""
        self._angle: str | None = None
        self._pending = ""
        self._unclosed_quote = False
        self._unclosed_brackets = 0

    def run(self) -> list[Mailbox]:
        """The mailboxes found."""
        value, position, length = self._value, 0, len(self._value)
        while position < length:
            match = _TOKEN.match(value, position)
            if match is None:
                break
            token = match.group()
            position = match.end()
            if token == '"':
                position = self._take_quoted(position)
            elif token == "(":
                position = self._take_comment(position)
            elif token == "<":
                position = self._take_angle(position)
            elif token == ",":
                self._flush()
            elif token == ";":
                self._flush()
                self._pending = ""
            elif token == ":":
                self._take_colon()
            elif self._angle is None:
                self._name.append(token)
        self._flush()
        return self._boxes

    def _take_quoted(self, position: int) -> int:
        """Read a quoted string; a quote that is never closed is passed over."""
        if self._unclosed_quote:
            return position
        text, end = _quoted(self._value, position)
        if end < 0:
            self._unclosed_quote = True
            return position
        if self._angle is None:
            is_local_part = self._value[end : end + 1] == "@"
            self._name.append(text.replace(" ", _QUOTED_BLANK) if is_local_part else text)
        return end

    def _take_comment(self, position: int) -> int:
        """Read a comment; brackets that are never closed are soon passed over as text."""
        if self._unclosed_brackets >= MAX_UNCLOSED:
            return position
        text, end = _comment(self._value, position)
        if end < 0:
            self._unclosed_brackets += 1
            return position
        self._comment = self._comment or text
        return end

    def _take_angle(self, position: int) -> int:
        """Read up to `>`, or to the next comma when it is missing."""
        value = self._value
        end = value.find(">", position, position + 4 * MAX_ADDRESS)
        other = value.find("<", position, end if end >= 0 else position + 4 * MAX_ADDRESS)
        if other >= 0:
            # "<<a@b>>" and "<a, b <c@d>": what stands before the inner bracket is no address.
            self._name.append(value[position:other])
            return other
        if end < 0:
            comma = value.find(",", position)
            end = comma if comma >= 0 else len(value)
            self._angle = self._angle or value[position:end]
            return end
        inside = value[position:end]
        if self._angle is None or "@" not in self._angle:
            self._angle = inside
        return end + 1

    def _take_colon(self) -> None:
        """Drop a group's name or `mailto`; other colons are part of the text."""
        text = "".join(self._name).strip()
        if self._angle is None and text.lower().endswith("mailto"):
            self._name = [text[: -len("mailto")], " "]
        elif self._angle is None and "@" not in text:
            self._name.clear()
            self._pending = ""
        elif self._angle is None:
            self._name.append(":")

    def _flush(self) -> None:
        angle, comment = self._angle, self._comment
        text = "".join(self._name).strip()
        self._name.clear()
        self._angle = None
        self._comment = ""
        if angle is None:
            self._flush_bare(text, comment)
            return
        if self._pending:
            text = f"{self._pending}, {text}"
            self._pending = ""
        address = canonical(angle)
        if not address and "@" in text:
            found = ADDRESS_WITHIN.search(text)
            address = canonical(found.group()) if found else ""
        if address:
            self._add(address, text or comment)

    def _flush_bare(self, text: str, comment: str) -> None:
        if "@" in text:
            found = ADDRESS_WITHIN.search(text)
            address = canonical(found.group() if found else text.replace(" ", ""))
            if address and found:
                name = comment or (text[: found.start()] + text[found.end() :]).strip(" -[]:'\"")
                name = "" if name.lower() in {"mailto", "smtp", "e-mail"} else name
                self._add(address, name)
            elif address:
                self._add(address, comment)
        elif _UUCP.match(text) or X500_NAME.match(text):
            self._add(text.lower(), comment)
        elif text[:1].isupper() or not text.isascii() or text.startswith("=?"):
            # Perhaps the family name of an unquoted "Lovelace, Ada <ada@…>".
            self._pending = text if not self._pending else f"{self._pending}, {text}"
            return
        self._pending = ""

    def _add(self, address: str, raw_name: str) -> None:
        name = decode_value(raw_name[: 8 * MAX_NAME], self._charset) if raw_name else ""
        self._boxes.append(Mailbox(address, clean_name(name, address)))
        self._pending = ""


def _unmunge(match: re.Match[str]) -> str:
    return f"{match.group(1)}@{_DOT.sub('.', match.group(2))}"


def _quoted(value: str, position: int) -> tuple[str, int]:
    """The text of a quoted string opened just before `position`, and its end; -1 if unclosed."""
    end = value.find('"', position)
    while end > position and value[end - 1] == "\\" and value[end - 2 : end] != "\\\\":
        end = value.find('"', end + 1)
    if end < 0:
        return "", -1
    text = value[position:end]
    return (re.sub(r"\\(.)", r"\1", text) if "\\" in text else text), end + 1


def _comment(value: str, position: int) -> tuple[str, int]:
    """The text of a comment opened just before `position`, and its end; -1 if unclosed."""
    depth, scan = 1, position
    while depth:
        match = _PAREN.search(value, scan, position + MAX_COMMENT)
        if match is None:
            return "", -1
        scan = match.end()
        if match.group() == "\\":
            scan += 1
        else:
            depth += 1 if match.group() == "(" else -1
    return value[position : scan - 1].strip(), scan


def canonical(text: str) -> str:
    """The form in which two spellings of one address are equal (lower case), or "".

    Domains are in ASCII (IDNA). Source routes, `mailto:`, stray quotes and Exchange's
    encapsulation are taken off. Text without an identity of its own (no domain) gives "".
    """
    if not text.isascii():
        # Raw UTF-8 bytes come as Latin-1 characters, which lower case would break.
        text = decode_value(text[: 4 * MAX_ADDRESS])
    address = text.strip(" \t'\"<>,;\u200b").rstrip(".").lower()
    if address.isascii() and _SIMPLE.match(address) and not address.startswith(("imcea", "smtp")):
        return address if len(address) <= MAX_ADDRESS else ""
    return _canonical_odd(address) if len(address) <= 4 * MAX_ADDRESS else ""


def _canonical_odd(address: str) -> str:
    for prefix in ("mailto:", "smtp:", "e-mail:", "email:"):
        address = address.removeprefix(prefix).strip()
    if X500_NAME.match(address) and "@" not in address:
        return " ".join(address.split())
    if address.startswith("@") and ":" in address:
        address = address.rpartition(":")[2]
    address = address.partition("?")[0] if "?" in address.rpartition("@")[2] else address
    match = _IMCEA.match(address)
    if match:
        address = _IMCEA_BYTE.sub(lambda m: chr(int(m.group(1), 16)), match.group(1))
        inner = ADDRESS_WITHIN.search(address)
        address = inner.group() if inner else address
    if "@" not in address:
        munged = _MUNGED.fullmatch(address)
        if munged is None:
            return address if _UUCP.match(address) else ""
        address = _unmunge(munged)
    local, _, domain = address.rpartition("@")
    local = local.strip(" \t\"'").replace("\\", "").replace("'.'", ".").replace(_QUOTED_BLANK, " ")
    domain = re.sub(r"\s*\.\s*", ".", domain).strip(" \t.\"'>)]")
    if domain.startswith("["):
        domain += "]"
    elif not domain or not _DOMAIN.match(domain):
        return ""
    if not local or any(character in local for character in "\x00\n<>"):
        return ""
    if not domain.isascii():
        domain = _ascii_domain(domain)
    return f"{' '.join(local.split())}@{domain}"


@lru_cache(maxsize=1024)
def _ascii_domain(domain: str) -> str:
    try:
        return domain[:253].encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def unique(boxes: Iterable[Mailbox]) -> tuple[Mailbox, ...]:
    """The mailboxes without repetition of an address, the first with a name winning."""
    found: dict[str, Mailbox] = {}
    for box in boxes:
        known = found.get(box.address)
        if known is None or (box.name and not known.name):
            found[box.address] = box
    return tuple(found.values())
