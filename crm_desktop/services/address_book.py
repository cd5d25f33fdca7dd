"""Storing address-book cards: each joins the addresses it names into one contact."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from crm_desktop.base.clock import now_seconds
from crm_desktop.domain.addresses import address_kind
from crm_desktop.domain.contacts import CardDraft, ContactKind, IdentifierKind, name_key
from crm_desktop.domain.keys import stable_key
from crm_desktop.services.phones import canonical_phone

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork

_NOT_IN_DATA = ("photo", "next_offset", "birthday")


def card_data(card: CardDraft) -> str:
    """The card as JSON, the same text for the same content."""
    values = {
        key: value
        for key, value in dataclasses.asdict(card).items()
        if key not in _NOT_IN_DATA and value
    }
    if card.birthday is not None:
        values["birthday"] = str(card.birthday)
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def store_card(
    store: UnitOfWork, card: CardDraft, import_id: int, region: str | None
) -> tuple[bool, int, list[int]]:
    """Store one card: (whether it is new, contacts created, conversations to recount).

    Contacts that share an address with the card, or came with an older card of its UID, become
    one, unless another card says that the address belongs to somebody of a different name.
    """
    data = card_data(card)
    content_key = stable_key(data + (card.photo.hex() if card.photo else ""))
    known = store.address_book.by_content_key(content_key)
    if known is not None:
        if known.import_id != import_id:
            store.address_book.note_copy(known.id, import_id)
        return False, 0, []
    identifiers = _identifiers(card, region)
    found: dict[tuple[IdentifierKind, str], tuple[int, int]] = {}
    for kind in IdentifierKind:
        values = [value for k, value, _ in identifiers if k is kind]
        for value, ids in store.contacts.resolve(kind, values).items():
            found[kind, value] = ids
    joined = _contacts_to_join(store, card, found)
    contact_id, created, conversations = _settle(store, card, joined, import_id)
    own = {ids[0] for ids in found.values() if ids[1] in joined}
    missing = [item for item in identifiers if (item[0], item[1]) not in found]
    first = store.contacts.next_ids()[1]
    rows = [
        (first + index, contact_id, kind, value, raw)
        for index, (kind, value, raw) in enumerate(missing)
    ]
    store.contacts.insert_identifiers(rows, import_id)
    own.update(row[0] for row in rows)
    store.address_book.add(
        contact_id,
        import_id=import_id,
        uid=card.uid,
        content_key=content_key,
        data=data,
        photo=card.photo,
        identifier_ids=own,
    )
    return True, created, conversations


def _identifiers(card: CardDraft, region: str | None) -> list[tuple[IdentifierKind, str, str]]:
    """Kind, canonical value and raw text of everything the card names, without repetition."""
    rows: dict[tuple[IdentifierKind, str], str] = {}
    for address in card.emails:
        rows.setdefault((IdentifierKind.EMAIL, address), address)
    for phone in card.phones:
        if canonical := canonical_phone(phone, region):
            rows.setdefault((IdentifierKind.PHONE, canonical), phone)
    for handle in card.handles:
        rows.setdefault((IdentifierKind.HANDLE, handle.casefold()), handle)
    return [(kind, value, raw) for (kind, value), raw in rows.items()]


def _contacts_to_join(
    store: UnitOfWork,
    card: CardDraft,
    found: dict[tuple[IdentifierKind, str], tuple[int, int]],
) -> set[int]:
    key = name_key(card.name)
    joined: set[int] = set()
    previous = store.address_book.by_uid(card.uid) if card.uid else None
    if previous is not None:
        joined.add(previous.contact_id)
    for (kind, value), (_, contact_id) in found.items():
        if contact_id in joined:
            continue
        is_called = store.address_book.is_called(contact_id, key)
        if kind is not IdentifierKind.EMAIL:
            # Families and offices share numbers; only the same name makes it the same person.
            if is_called:
                joined.add(contact_id)
        elif address_kind(value, card.name) is ContactKind.PERSON and is_called is not False:
            joined.add(contact_id)
    return joined


def _settle(
    store: UnitOfWork, card: CardDraft, joined: set[int], import_id: int
) -> tuple[int, int, list[int]]:
    """The one contact the card belongs to, how many were created, conversations to recount."""
    if not joined:
        contact_id = store.contacts.next_ids()[0]
        name = card.name or card.organization or "(no name)"
        store.contacts.insert_bare(contact_id, name, import_id, now_seconds())
        return contact_id, 1, []
    contact_id, *others = sorted(joined)
    conversations: list[int] = []
    for other in others:
        conversations.extend(store.address_book.join_contacts(contact_id, other))
    return contact_id, 0, conversations
