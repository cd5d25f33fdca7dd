"""Names that Exchange exports keep beside the addresses (X-From, X-To, X-cc)."""

from __future__ import annotations

import re
from typing import NamedTuple

from crm_desktop.domain.messages import Mailbox
from crm_desktop.importers.addresses import canonical, clean_name
from crm_desktop.importers.headers import decode_value

_WORD = re.compile(r"[^\W\d_]+")


class Entry(NamedTuple):
    """One entry of an X- header: a cleaned name or "", and its internet address or ""."""

    name: str
    address: str


def entries(value: str, charset: str = "") -> list[Entry]:
    """The entries of an X-From, X-To or X-cc value, in order."""
    found: list[Entry] = []
    position = 0
    while position < len(value):
        opening = value.find("<", position)
        closing = value.find(">", opening + 1) if opening >= 0 else -1
        if closing < 0:
            found += _bare(value[position:], charset)
            break
        inside = value[opening + 1 : closing]
        *before, name = _split_bare(value[position:opening].strip(", "))
        found += [_bare_entry(part, charset) for part in before]
        address = "" if inside[:1] in "/?" else canonical(inside)
        found.append(Entry(_name(name, address, charset), address))
        # Behind the bracket stands at most the mark of the directory, as in "<a@b.c>@ENRON".
        comma = value.find(",", closing)
        position = comma + 1 if comma >= 0 else len(value)
    return found


def _split_bare(text: str) -> list[str]:
    """The entries in the text before a bracket: addresses without one come first, then a name."""
    parts = [part.strip() for part in text.split(",")]
    cut = max(
        (index + 1 for index, part in enumerate(parts[:-1]) if "@" in part and part), default=0
    )
    return [part for part in parts[:cut] if part] + [", ".join(parts[cut:])]


def _bare(text: str, charset: str) -> list[Entry]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) == 2 and "@" not in text:
        return [Entry(_name(", ".join(parts), "", charset), "")]
    return [_bare_entry(part, charset) for part in parts]


def _bare_entry(text: str, charset: str) -> Entry:
    address = canonical(text) if "." in text.rpartition("@")[2] else ""
    if address:
        return Entry("", address)
    return Entry(_name(text, "", charset), "")


def _name(text: str, address: str, charset: str) -> str:
    text = text.strip()
    if text.endswith("@ENRON") or re.search(r"@[A-Z]+\Z", text):
        text = text.rpartition("@")[0]
    return clean_name(decode_value(text, charset), address)


def with_names(boxes: tuple[Mailbox, ...], value: str, charset: str = "") -> tuple[Mailbox, ...]:
    """`boxes` with the names (and, for mangled addresses, the addresses) of an X- header.

    Equal counts pair by position; otherwise an entry goes to the one address it resembles. An
    address that nothing resembles keeps no name: the export's own display names are fragments.
    """
    if not value or not boxes:
        return boxes
    found = entries(value, charset)
    if len(found) == len(boxes):
        return tuple(_paired(box, entry) for box, entry in zip(boxes, found, strict=True))
    by_address = {entry.address: entry for entry in found if entry.address}
    named = [(_words(entry.name), entry) for entry in found if entry.name and not entry.address]
    paired = []
    for box in boxes:
        entry = by_address.get(box.address) or _resembling(box.address, named)
        paired.append(Mailbox(box.address, entry.name if entry else ""))
    return tuple(paired)


def _paired(box: Mailbox, entry: Entry) -> Mailbox:
    # The export turned "Taylor, Mark (E-mail) <mark@home.example>" into "e-mail <.mark@…>".
    mangled = box.address.startswith(".")
    address = entry.address if mangled and entry.address else box.address
    return Mailbox(address, entry.name)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text) if len(word) > 1)


def _resembling(address: str, named: list[tuple[frozenset[str], Entry]]) -> Entry | None:
    """The one entry whose name holds every word (two at least) of the address's local part."""
    wanted = _words(address.partition("@")[0])
    if len(wanted) < 2:
        return None
    candidates = {entry.name: entry for words, entry in named if wanted <= words}
    return next(iter(candidates.values())) if len(candidates) == 1 else None
