"""Putting tags on people and taking them off, many at once; each is a command to undo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.changes import Done
from crm_desktop.domain.contacts import short_name
from crm_desktop.domain.edits import removed_tag
from crm_desktop.domain.wording import one_line, within
from crm_desktop.services.undo import record

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access

MAX_TAG = 60


def add_tags(access: Access, contact_ids: Sequence[int], tags: Iterable[str]) -> Done[int]:
    """Put tags on contacts; the number of contacts that had not all of them. Capitals make no
    difference: who has "choir" does not get "Choir" as well."""
    ids, wanted = list(dict.fromkeys(contact_ids)), _tags(tags)

    def add(store: UnitOfWork) -> int:
        store.contact_edits.names(ids)
        held = store.tag_edits.held(ids)
        rows: list[tuple[int, str]] = []
        changed: set[int] = set()
        for contact_id in ids:
            known = {tag.casefold(): (tag, how) for tag, how in held.get(contact_id, {}).items()}
            for tag in wanted:
                spelling, source = known.get(tag.casefold(), (tag, None))
                if source != "manual":
                    rows.append((contact_id, spelling))
                if source is None:
                    changed.add(contact_id)
        store.tag_edits.put(rows)
        welcome = {removed_tag(tag) for tag in wanted}
        marks = store.tag_edits.marks(ids)
        store.tag_edits.save_marks(
            {id_: known - welcome for id_, known in marks.items() if known & welcome}
        )
        return len(changed)

    return record(access, _label("Tag", access, ids), add)


def remove_tags(access: Access, contact_ids: Sequence[int], tags: Iterable[str]) -> Done[int]:
    """Take tags off contacts, for good where imports had brought them; the number of contacts
    that had any of them."""
    ids, unwanted = list(dict.fromkeys(contact_ids)), {tag.casefold() for tag in _tags(tags)}

    def remove(store: UnitOfWork) -> int:
        store.contact_edits.names(ids)
        rows = [
            (contact_id, tag)
            for contact_id, held in store.tag_edits.held(ids).items()
            for tag in held
            if tag.casefold() in unwanted
        ]
        store.tag_edits.take(rows)
        concerned = {contact_id for contact_id, _ in rows}
        on_cards = store.tag_edits.on_cards(concerned)
        marks = store.tag_edits.marks(concerned)
        wanted = {
            id_: known | {removed_tag(tag) for tag in on_cards.get(id_, set()) & unwanted}
            for id_, known in marks.items()
        }
        store.tag_edits.save_marks(
            {id_: known for id_, known in wanted.items() if known != marks[id_]}
        )
        return len(concerned)

    return record(access, _label("Remove tags from", access, ids), remove)


def _label(verb: str, access: Access, contact_ids: Sequence[int]) -> str:
    if len(contact_ids) != 1:
        return f"{verb} {len(contact_ids):,} contacts"
    with access.read() as store:
        (name,) = store.contact_edits.names(contact_ids).values()
    return f"{verb} {short_name(name)}"


def _tags(tags: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for text in tags:
        tag = within(one_line(text), MAX_TAG, "The tag")
        if any(character.isprintable() and not character.isspace() for character in tag):
            found.setdefault(tag.casefold(), tag)
    if not found:
        raise InvalidInput("A tag needs at least one letter. Enter a tag.")
    return list(found.values())
