"""Names that Exchange exports keep beside the addresses (X-From, X-To, X-cc)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from crm_desktop.domain.messages import Mailbox
from crm_desktop.importers.addresses import canonical
from crm_desktop.importers.headers import decode_value
from crm_desktop.importers.names import clean_name

MAX_COMPARED: Final = 300
"""Entries that are compared one by one when an export's counts differ."""

_DIRECTORY = re.compile(r"@[A-Z]+\Z")  # "All Staff@ACME": the directory that knows the name
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
        before = value[position:opening].strip(", ")
        if "@" in before:
            *parts, before = _split_bare(before)
            found += [_bare_entry(part, charset) for part in parts]
        found.append(_entry(before, value[opening + 1 : closing], charset))
        # Behind the bracket stands at most the mark of the directory, as in "<a@b.c>@ACME".
        comma = value.find(",", closing)
        position = comma + 1 if comma >= 0 else len(value)
    return found


@lru_cache(maxsize=8192)
def _entry(text: str, inside: str, charset: str) -> Entry:
    address = "" if inside[:1] in "/?" else canonical(inside)
    return Entry(_name(text, address, charset), address)


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
    return clean_name(decode_value(_DIRECTORY.sub("", text), charset), address)


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
    names = {
        entry: _WORD.findall(entry.name.lower())
        for entry in found[:MAX_COMPARED]
        if entry.name and not entry.address
    }
    chosen: dict[str, Entry] = {}
    for match in (_spells_name, _is_surname):
        for box in boxes[:MAX_COMPARED]:
            if box.address in by_address or box.address in chosen:
                continue
            wanted = _WORD.findall(box.address.partition("@")[0])
            fitting = [entry for entry, words in names.items() if match(wanted, words)]
            if len(fitting) == 1:
                chosen[box.address] = fitting[0]
                del names[fitting[0]]
    return tuple(
        Mailbox(box.address, entry.name if entry else "")
        for box in boxes
        for entry in (by_address.get(box.address) or chosen.get(box.address),)
    )


def _paired(box: Mailbox, entry: Entry) -> Mailbox:
    # The export turned "Taylor, Mark (E-mail) <mark@home.example>" into "e-mail <.mark@…>".
    mangled = box.address.startswith(".")
    address = entry.address if mangled and entry.address else box.address
    return Mailbox(address, entry.name)


def _spells_name(wanted: list[str], words: list[str]) -> bool:
    """Whether every part of an address's local part is a word of the name, or an initial of it."""
    if len(wanted) < 2:
        return False
    is_long_enough = False
    for part in wanted:
        if len(part) > 1:
            if part not in words:
                return False
            is_long_enough = is_long_enough or len(part) > 2
        elif not any(word[0] == part for word in words):
            return False
    return is_long_enough


def _is_surname(wanted: list[str], words: list[str]) -> bool:
    """Whether the local part is the name's last word and nothing else."""
    return len(wanted) == 1 and len(wanted[0]) > 3 and words[-1:] == wanted
