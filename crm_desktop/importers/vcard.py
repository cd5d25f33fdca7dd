"""Address books: vCard 2.1, 3.0 and 4.0 files of one card or many thousands.

Every card is read on its own: a bad one is rejected with its reason and the next one is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import IO

from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.contacts import CardDraft, name_key
from crm_desktop.domain.imports import Reject, Source
from crm_desktop.importers import vcard_values as values
from crm_desktop.importers.sources import open_regular, unreadable
from crm_desktop.importers.vcard_lines import (
    CardBlock,
    card_blocks,
    file_charset,
    physical_lines,
)
from crm_desktop.importers.vcard_properties import Property, guess_charset, parse, unfold

GROUP = "a group, not a person"
PLACE = "a place or a device, not a person"
NAMELESS = "the card has no name, organisation or mail address"
UNREADABLE = "the card could not be understood"


class UnreadableCard(ValueError):  # noqa: N818
    """A card that names nobody; the text is the reason, in words for the person."""


def read(
    source: Source, *, start: int = 0, ctx: JobContext | None = None
) -> Iterator[CardDraft | Reject]:
    """Every card of a file in order, from byte `start`, which is 0 or an earlier `next_offset`.

    Raises UserError when the file cannot be opened or read.
    """
    try:
        with open_regular(source.path) as stream:
            yield from read_stream(stream, source, start=start, ctx=ctx)
    except OSError as error:
        raise unreadable(source.path.name, error) from error


def read_stream(
    stream: IO[bytes], source: Source, *, start: int = 0, ctx: JobContext | None = None
) -> Iterator[CardDraft | Reject]:
    """Every card of an open, seekable address book at its beginning, from byte `start` on."""
    job = ctx or JobContext()
    name = source.path.name
    charset, mark_bytes = file_charset(stream.read(8))
    stream.seek(0)
    lines = physical_lines(stream, charset, mark_bytes)
    # The places in rejects count from the file's beginning, so a resumed reading passes
    # over what came before: cutting alone is far quicker than reading.
    for ordinal, block in enumerate(card_blocks(lines), start=1):
        job.tick(min(block.end, source.total), source.total, name)
        if block.end > start:
            yield _read_block(block, charset, f"{name}, card {ordinal}")


def _read_block(block: CardBlock, charset: str, where: str) -> CardDraft | Reject:
    if block.fault:
        return Reject(where, block.fault, block.end)
    try:
        return _draft(block, charset)
    except UnreadableCard as reason:
        return Reject(where, str(reason), block.end)
    except (ValueError, LookupError, OverflowError, RecursionError):
        return Reject(where, UNREADABLE, block.end)


def properties(lines: list[bytes], file_is: str) -> list[Property]:
    """The properties of a card's lines. `file_is` is the charset its file betrayed, or ""."""
    is_old = any(line[:8].upper() == b"VERSION:" and b"2.1" in line for line in lines)
    fallback = "cp1252" if file_is else guess_charset(lines)
    parsed = (parse(line, fallback) for line in unfold(lines, keeps_blank=is_old))
    return [prop for prop in parsed if prop is not None]


def _draft(block: CardBlock, charset: str) -> CardDraft:
    props = properties(block.lines, charset)
    by_name: dict[str, list[Property]] = {}
    for prop in props:
        by_name.setdefault(prop.name, []).append(prop)

    def first(*names: str) -> str:
        found = (values.one_line(prop.text()) for name in names for prop in by_name.get(name, ()))
        return next((text for text in found if text), "")

    def first_short(*names: str) -> str:
        return values.short_line(first(*names))

    kind = first("KIND", "X-ADDRESSBOOKSERVER-KIND", "X-KIND").lower()
    if kind == "group":
        raise UnreadableCard(GROUP)
    if kind in ("location", "device", "application"):
        raise UnreadableCard(PLACE)

    given, family, built = values.structured_name(by_name.get("N", ()))
    organization = values.organization(by_name.get("ORG", ()))
    emails = values.emails(by_name.get("EMAIL", ()))
    name = first_short("FN") or built or first_short("NICKNAME")
    is_company = kind in ("org", "organization") or first("X-ABSHOWAS").upper() == "COMPANY"
    repeats = bool(organization) and name_key(name) == name_key(organization)
    if is_company or (repeats and (not built or name_key(built) == name_key(organization))):
        organization = organization or name
        name = given = family = ""
    if not name and not organization:
        if not emails:
            raise UnreadableCard(NAMELESS)
        name = emails[0]
    labels = {prop.group: prop.text() for prop in by_name.get("X-ABLABEL", ()) if prop.group}
    agents = chain.from_iterable(
        (prop for prop in properties(lines, charset) if prop.name == "FN") for lines in block.agents
    )
    return CardDraft(
        uid=values.uid(first("UID")),
        name=name,
        next_offset=block.end,
        given_name=given,
        family_name=family,
        organization=organization,
        title=first_short("TITLE", "ROLE"),
        emails=emails,
        phones=values.phones(chain(by_name.get("TEL", ()), by_name.get("X-MS-TEL", ()))),
        handles=values.handles(props),
        birthday=values.birthday(by_name.get("BDAY", ())),
        notes=values.notes(by_name.get("NOTE", ())),
        categories=values.categories(by_name.get("CATEGORIES", ())),
        related=values.related(props, labels)
        + tuple(("agent", name) for prop in agents if (name := values.short_line(prop.text()))),
        photo=values.photo(by_name.get("PHOTO", ())),
    )
