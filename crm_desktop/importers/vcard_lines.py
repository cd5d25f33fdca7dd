"""The bytes of an address-book file, cut into cards without ever holding more than one.

Lines end in LF, CRLF, CR or CR CR LF. Lines of UTF-16 files are handed on as UTF-8; offsets are
always those of the bytes on disk.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, NamedTuple

BLOCK_BYTES = 1 << 16
MAX_LINE_BYTES = 1_000_000
MAX_BINARY_LINE_BYTES = 3_000_000  # a photo of 2 MB in base64, with its folding
MAX_CARD_BYTES = 4_000_000
MAX_DEPTH = 10

UNTERMINATED = "the card does not end: there is no END:VCARD"
OUTSIDE = "this text is not part of any card: there is no BEGIN:VCARD before it"
TOO_LARGE = f"the card is larger than {MAX_CARD_BYTES // 1_000_000} MB"
LINE_TOO_LONG = f"a line of the card is longer than {MAX_LINE_BYTES // 1_000_000} MB"
TOO_DEEP = f"the card holds more than {MAX_DEPTH} cards inside one another"

_BREAK = re.compile("\r{0,2}\n|\r")
_HELD_BACK = 2  # CRs at the end of a block that may belong to a break in the next
_KEPT_OF_LONG_LINE = 200
_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?[ \t]*BEGIN[ \t]*:[ \t]*VCARD\s*\Z", re.IGNORECASE)
_END = re.compile(rb"END[ \t]*:[ \t]*VCARD\s*\Z", re.IGNORECASE)
_AGENT = re.compile(
    rb"(?:[\w-]+\.)?AGENT(?:;[^:]*)?:[ \t]*(?P<begin>BEGIN[ \t]*:[ \t]*VCARD)?\s*\Z", re.IGNORECASE
)
_BINARY = re.compile(
    rb"(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:]|[^:]{0,200};(?:ENCODING=)?(?:B|BASE64)[;:]",
    re.IGNORECASE,
)


class Line(NamedTuple):
    """One physical line without its break; `is_cut` when only its beginning was kept."""

    start: int
    end: int
    content: bytes
    is_cut: bool


@dataclass(slots=True)
class CardBlock:
    """One card, or one stretch of text outside any card, as physical lines.

    `fault` is "" or the reason, in words, why it cannot be read. `agents` are the cards nested
    one level down. `end` is the offset where reading goes on.
    """

    end: int
    lines: list[bytes] = field(default_factory=list)
    agents: list[list[bytes]] = field(default_factory=list)
    fault: str = ""


def file_charset(head: bytes) -> tuple[str, int]:
    """The charset that the first bytes of a file betray and the length of its byte-order mark.

    "" when they betray none: then every line speaks for itself.
    """
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8", 3
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le", 2
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be", 2
    if head[1:8:2] == bytes(4) and b"\0" not in head[:8:2]:
        return "utf-16-le", 0
    if head[:8:2] == bytes(4) and b"\0" not in head[1:8:2]:
        return "utf-16-be", 0
    return "", 0


def physical_lines(stream: IO[bytes], charset: str, mark_bytes: int) -> Iterator[Line]:
    """The lines of a stream that stands at its beginning, with `file_charset`'s answer for it."""
    wide = charset.startswith("utf-16")
    # Latin-1 maps every byte to one character and back, so one reader serves both.
    codec = charset if wide else "latin-1"
    decoder = codecs.getincrementaldecoder(codec)("surrogatepass" if wide else "strict")
    offset = start = len(stream.read(mark_bytes))
    buffer, is_cut, is_open = "", False, True

    def line(text: str) -> bytes:
        return text.encode("utf-8", "replace") if wide else text.encode("latin-1")

    def size(text: str) -> int:
        return len(text.encode(codec, "surrogatepass"))

    while is_open:
        block = stream.read(BLOCK_BYTES)
        scanned = max(0, len(buffer) - _HELD_BACK)
        buffer += decoder.decode(block)
        is_open = bool(block)
        held_back = 0
        while is_open and held_back < _HELD_BACK and buffer[-held_back - 1 :][:1] == "\r":
            held_back += 1
        position = 0
        for found in _BREAK.finditer(buffer, scanned, len(buffer) - held_back):
            offset += size(buffer[position : found.end()])
            yield Line(start, offset, line(buffer[position : found.start()]), is_cut)
            position, start, is_cut = found.end(), offset, False
        buffer = buffer[position:]
        if is_open and len(buffer) > MAX_BINARY_LINE_BYTES:
            # Keep the head of the line, which names it, and what may belong to its break.
            dropped = buffer[_KEPT_OF_LONG_LINE : len(buffer) - _HELD_BACK]
            offset += size(dropped)
            buffer = buffer[:_KEPT_OF_LONG_LINE] + buffer[-_HELD_BACK:]
            is_cut = True
    if buffer:
        yield Line(start, offset + size(buffer), line(buffer), is_cut)


class _Card:
    """The card being collected; forgets what goes over the limits, so memory stays bounded."""

    def __init__(self, end: int) -> None:
        self.block = CardBlock(end)
        self.depth = 0
        self._agent_waits = False
        self._last_agent = b""
        self._bytes = 0
        self._line_bytes = 0
        self._line_from = 0
        self._is_binary = False
        self._is_dropping = False

    @property
    def awaits_agent(self) -> bool:
        """Whether a BEGIN:VCARD here opens a card inside this one."""
        return self._agent_waits

    def open_agent(self) -> None:
        """A nested card begins."""
        self._agent_waits = False
        self.depth += 1
        if self.depth == 1 and not self.block.fault:
            self.block.agents.append([])
        if self.depth > MAX_DEPTH:
            self.fail(TOO_DEEP)

    def fail(self, reason: str) -> None:
        """This card cannot be read; the first reason counts, and its lines are let go."""
        self.block.fault = self.block.fault or reason
        self.block.lines.clear()
        self.block.agents.clear()

    def add(self, line: Line) -> None:
        """Keep one line that is neither BEGIN nor END."""
        content = line.content
        if self._agent_waits and content.strip():
            self._agent_waits = False
            agent = _AGENT.match(self._last_agent)
            if agent is not None and agent["begin"] and not content.startswith((b" ", b"\t")):
                self.open_agent()
        found = _AGENT.match(content)
        if found is not None:
            self._agent_waits = True
            self._last_agent = content
        if self.block.fault:
            return
        if self.depth:
            if self.depth == 1:
                self._count(line)
                self.block.agents[-1].append(content)
            return
        continues = content.startswith((b" ", b"\t")) or (
            self._is_binary and content.strip() != b"" and b":" not in content
        )
        if not continues:
            self._line_bytes = 0
            self._line_from = len(self.block.lines)
            self._is_binary = _BINARY.match(content) is not None
            self._is_dropping = False
        self._line_bytes += len(content)
        if self._is_dropping:
            return
        if self._is_binary and (line.is_cut or self._line_bytes > MAX_BINARY_LINE_BYTES):
            self._bytes -= sum(map(len, self.block.lines[self._line_from :]))
            del self.block.lines[self._line_from :]
            self._is_dropping = True
            return
        if not self._is_binary and (line.is_cut or self._line_bytes > MAX_LINE_BYTES):
            self.fail(LINE_TOO_LONG)
            return
        self.block.lines.append(content)
        self._count(line)

    def _count(self, line: Line) -> None:
        self._bytes += len(line.content) + 1
        if self._bytes > MAX_CARD_BYTES:
            self.fail(TOO_LARGE)


def card_blocks(lines: Iterator[Line]) -> Iterator[CardBlock]:
    """Every card of the lines, and every stretch of text between cards, in order.

    Together they hold every line that is not blank, so nothing is lost silently.
    """
    card: _Card | None = None
    stray: CardBlock | None = None
    end = 0
    for line in lines:
        end = line.end
        begins = _BEGIN.match(line.content) is not None
        if card is None:
            if begins:
                if stray is not None:
                    stray.end = line.start
                    yield stray
                    stray = None
                card = _Card(line.end)
            elif stray is None and line.content.strip(b" \t\0\x1a"):
                stray = CardBlock(line.end, fault=OUTSIDE)
        elif begins and not line.content[:1].isspace():
            if card.awaits_agent:
                card.open_agent()
                continue
            card.fail(UNTERMINATED)
            card.block.end = line.start
            yield card.block
            card = _Card(line.end)
        elif _END.match(line.content) is not None:
            if card.depth:
                card.depth -= 1
                continue
            card.block.end = line.end
            yield card.block
            card = None
        else:
            card.add(line)
    last = card.block if card is not None else stray
    if card is not None:
        card.fail(UNTERMINATED)
    if last is not None:
        last.end = end
        yield last
