"""Mailbox files of any size, read as a stream: one message in memory at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.imports import Reject, Source
from crm_desktop.domain.messages import Draft
from crm_desktop.importers.rfc822 import context, parse_message
from crm_desktop.importers.sources import open_regular, unreadable

BLOCK_BYTES: Final = 1_048_576
MAX_MESSAGE_BYTES: Final = 33_554_432
"""Bytes of one message that are kept; the rest is passed over, the message stays."""
LOOKAHEAD_BYTES: Final = 4_096

_TIME = rb"\d{1,2}:\d{2}(?::\d{2})?"
_DATE_SHAPED = re.compile(
    rb"From (?:"
    # "From - " of Netscape and Thunderbird, "From 123@xxx" of Takeout: a date or nothing.
    rb"-[ \t]*|\S+@xxx[ \t]*|"
    # An address ("kre at example.com" in list archives, quoted or empty too), then asctime's date.
    rb"[^\r\n]{0,300}?[ \t]*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?[ \t]+"
    rb"(?:[A-Z][a-z]{2}[ \t]+\d{1,2}|\d{1,2}[ \t]+[A-Z][a-z]{2})"
    rb"[ \t,]+(?:\d{4}[ \t]+)?" + _TIME + rb"[^\r\n]{0,60}|"
    rb"\S+[ \t]+\d{4}-\d{2}-\d{2}[T ]" + _TIME + rb"[^\r\n]{0,30}|"
    rb"-[ \t][^\r\n]{0,60}\d{4}[ \t]*)"
    rb"(?:\r\n|\n|\r)"
)
_FIELD = re.compile(rb">?From [^\r\n]*(?:\r\n|\n|\r)|[A-Za-z][!-9;-~]{0,75}[ \t]{0,2}:|X-")
_MBOXRD = re.compile(rb"^>(>*From )", re.MULTILINE)
_MBOXRD_CR = re.compile(rb"(?<=[\r\n])>(>*From )")
_LINE = re.compile(rb"([^\r\n]*)(?:\r\n|\n|\r|\Z)")
_CONTENT_LENGTH = re.compile(rb"^Content-Length:[ \t]*(\d{1,10})[ \t]*\r?$", re.MULTILINE | re.I)
_LISTSERV_RULE = b"=" * 70
_LISTSERV = re.compile(
    rb"={70,80}[ \t]*(?:\r\n|\n|\r)(?:Date|From|Sender|Reply-To|Received|Message-ID):", re.I
)


# Without a blank line before it, only an unmistakable line separates: some programs end the last
# line of a message and write on.
_ASCTIME = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d " + _TIME + rb"[^\r\n]{0,30}"
_STRICT = re.compile(
    rb"From (?:(?:\S+@\S+|MAILER-DAEMON|-)[ \t]+" + _ASCTIME + rb"|-[ \t]*|\S+@xxx[ \t]*)"
    rb"(?:\r\n|\n|\r)"
    rb"(?:Return-Path|Received|Message-Id|From|Date|Delivered-To|To|Subject|MIME-Version|X-[\w-]+):",
    re.IGNORECASE,
)
_BREAKS = b"\r\n"


@dataclass(frozen=True, slots=True)
class Item:
    """One message of a mailbox file: its bytes without the From_ line, and where it stands.

    `offset` and `next_offset` are byte positions in the file; `envelope` is the From_ line.
    """

    raw: bytes
    envelope: str
    offset: int
    next_offset: int


def is_separator(data: bytes, position: int = 0) -> bool:
    """Whether at `position` stands a date-shaped From_ line with a header field after it."""
    match = _DATE_SHAPED.match(data, position, position + LOOKAHEAD_BYTES)
    return match is not None and _FIELD.match(data, match.end()) is not None


def is_listserv_log(data: bytes) -> bool:
    """Whether a file begins as LISTSERV's logs do: a rule of equals signs, then header fields."""
    return _LISTSERV.match(data) is not None


def read_items(read: Callable[[int], bytes], start: int = 0) -> Iterator[Item]:
    """The messages of a mailbox that `read(size)` delivers from byte `start` on.

    `start` is 0 or the `next_offset` of an earlier item: the remaining items come out exactly
    as they would have. Memory stays within a few times the largest message that is kept.
    """
    return _Splitter(read, start).items()


class _Splitter:
    """A window on the file from the current message's start to the end of what was read."""

    def __init__(self, read: Callable[[int], bytes], start: int) -> None:
        self._read = read
        self._data = read(BLOCK_BYTES)
        self._base = start  # file offset of _data[0]
        self._begin = 0  # where the current message begins in _data
        self._head: bytes | None = None  # its kept bytes, once it outgrew the cap
        self._offset = start  # file offset of the current message
        self._ended = not self._data
        if start == 0 and self._data.startswith(b"\xef\xbb\xbf"):
            self._begin = 3
        while self._begin < len(self._data) and self._data[self._begin] in _BREAKS:
            self._begin += 1
        first = self._data.find(b"\n", self._begin)
        carriage = self._data.find(b"\r", self._begin)
        only_carriage = carriage >= 0 and not 0 <= first <= carriage + 1
        line_break = b"\r" if only_carriage else b"\n"
        self._listserv = is_listserv_log(self._data[self._begin :][:LOOKAHEAD_BYTES])
        self._marker = line_break + (_LISTSERV_RULE if self._listserv else b"From ")

    def items(self) -> Iterator[Item]:
        """Every message up to the end of the file."""
        while self._begin < len(self._data) or not self._ended:
            end = self._find_end()
            next_offset = self._base + end
            if self._head is not None:
                item = self._item(self._head, 0, len(self._head), next_offset)
            else:
                item = self._item(self._data, self._begin, end, next_offset)
            self._head = None
            self._begin = end
            self._offset = next_offset
            if item.raw.strip(_BREAKS) or item.envelope:
                yield item

    def _find_end(self) -> int:
        """Where in the window the current message ends: at the next separator or the file's end."""
        scan = self._begin
        while True:
            found = self._data.find(self._marker, scan)
            usable = len(self._data) if self._ended else len(self._data) - LOOKAHEAD_BYTES
            if 0 <= found < usable:
                position = found + 1
                scan = position
                if self._separates(position):
                    jump = self._by_content_length(position)
                    if jump <= position:
                        return position
                    scan = max(scan, jump - 1)
                continue
            if self._ended:
                return len(self._data)
            scan = max(scan, min(usable, found) if found >= 0 else usable)
            scan -= self._more(scan)

    def _more(self, scan: int) -> int:
        """Read on; how many bytes fell away at the window's front, so that positions move."""
        dropped = self._begin
        if self._head is None and len(self._data) - self._begin > MAX_MESSAGE_BYTES:
            self._head = self._data[self._begin : self._begin + MAX_MESSAGE_BYTES]
        if self._head is not None:
            dropped = max(0, scan - LOOKAHEAD_BYTES)
            self._begin = dropped
        size = max(BLOCK_BYTES, len(self._data) - dropped)
        block = self._read(min(size, MAX_MESSAGE_BYTES // 4))
        self._ended = not block
        self._data = self._data[dropped:] + block
        self._base += dropped
        self._begin -= dropped
        return dropped

    def _separates(self, position: int) -> bool:
        data = self._data
        if self._listserv:
            return _LISTSERV.match(data, position, position + LOOKAHEAD_BYTES) is not None
        before = data[max(0, position - 3) : position]
        if before.endswith((b"\n\n", b"\r\r", b"\n\r\n")):
            return is_separator(data, position)
        return _STRICT.match(data, position, position + LOOKAHEAD_BYTES) is not None

    def _by_content_length(self, position: int) -> int:
        """Where the message ends by its Content-Length, if a separator stands there; else 0."""
        if self._head is not None:
            return 0
        end = self._header_end(position)
        match = _CONTENT_LENGTH.search(self._data, self._begin, end) if end >= 0 else None
        if match is None:
            return 0
        length = int(match.group(1))
        expected = end + length
        if length > MAX_MESSAGE_BYTES or expected <= position:
            return 0
        while not self._ended and len(self._data) - expected < LOOKAHEAD_BYTES:
            block = self._read(BLOCK_BYTES)
            self._ended = not block
            self._data += block
        for shift in range(3):
            if expected + shift == len(self._data) and self._ended:
                return expected + shift
            if is_separator(self._data, expected + shift):
                return expected + shift
        return 0

    def _header_end(self, position: int) -> int:
        ends = [
            found + len(mark)
            for mark in (b"\n\n", b"\n\r\n", b"\r\r")
            if (found := self._data.find(mark, self._begin, position)) >= 0
        ]
        return min(ends, default=-1)

    def _item(self, data: bytes, begin: int, end: int, next_offset: int) -> Item:
        envelope = ""
        if data.startswith((b"From ", _LISTSERV_RULE), begin):
            match = _LINE.match(data, begin, end)
            if match:
                line = match.group(1)[:1000].decode("latin-1")
                envelope = line if line.startswith("From ") else ""
                begin = match.end()
        raw = data[begin:end]
        if b">From " in raw:
            pattern = _MBOXRD_CR if self._marker[:1] == b"\r" else _MBOXRD
            raw = pattern.sub(rb"\1", raw)
        return Item(raw, envelope, self._offset, next_offset)


def read(
    source: Source, *, start: int = 0, keep_text: bool = False, ctx: JobContext | None = None
) -> Iterator[Draft | Reject]:
    """Every message of a mailbox file from byte `start`. Raises UserError if it cannot be read."""
    name = source.path.name
    try:
        with open_regular(source.path) as stream:
            stream.seek(start)
            yield from read_stream(
                stream.read, source, name, start=start, keep_text=keep_text, ctx=ctx
            )
    except OSError as error:
        raise unreadable(name, error) from error


def read_stream(
    read_block: Callable[[int], bytes],
    source: Source,
    name: str,
    *,
    start: int,
    keep_text: bool,
    ctx: JobContext | None,
) -> Iterator[Draft | Reject]:
    """Every message of a mailbox whose bytes from `start` on come from `read_block`."""
    job = ctx or JobContext()
    where = context(folder_of_file(name), keep_text=keep_text)
    for item in read_items(read_block, start):
        job.tick(min(item.next_offset, source.total), source.total, name)
        yield parse_message(
            item.raw,
            where,
            name=f"{name}, at byte {item.offset}",
            next_offset=item.next_offset,
            envelope=item.envelope,
        )


def folder_of_file(name: str) -> str:
    """The mailbox a file name speaks of: "Trash.mbox" is the folder Trash."""
    return re.sub(r"\.(?:mbox|mbx|mbs|txt|log)\Z", "", name, flags=re.IGNORECASE)
