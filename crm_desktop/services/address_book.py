"""Storing address-book cards: each joins the addresses it names into one contact."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from crm_desktop.base.clock import now_seconds
from crm_desktop.domain.addresses import address_kind
from crm_desktop.domain.contacts import CardDraft, ContactKind, IdentifierKind, name_key
from crm_desktop.domain.edits import removed_identifier
from crm_desktop.domain.keys import stable_key
from crm_desktop.services.phones import canonical_phone

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.model.joining import Joinable

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
    one, unless another card says that the address belongs to somebody of a different name, or the
    person said that they are different people. What the person took off a contact stays off.
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
    removed = store.contact_edits.marks(contact_id)
    own = {ids[0] for ids in found.values() if ids[1] in joined}
    missing = [
        item
        for item in identifiers
        if (item[0], item[1]) not in found and removed_identifier(item[0], item[1]) not in removed
    ]
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
) -> list[int]:
    """The contacts that the card says are one, the one to keep first."""
    key = name_key(card.name)
    reasons: dict[int, set[str]] = {}
    previous = store.address_book.by_uid(card.uid) if card.uid else None
    if previous is not None:
        reasons[previous.contact_id] = {card.uid}
    for (kind, value), (_, contact_id) in found.items():
        mark = removed_identifier(kind, value)
        if contact_id in reasons:
            reasons[contact_id].add(mark)
            continue
        is_called = store.address_book.is_called(contact_id, key)
        if kind is not IdentifierKind.EMAIL:
            # Families and offices share numbers; only the same name makes it the same person.
            if is_called:
                reasons[contact_id] = {mark}
        elif address_kind(value, card.name) is ContactKind.PERSON and is_called is not False:
            reasons[contact_id] = {mark}
    return _agreed(store, reasons, None if previous is None else previous.contact_id)


def _agreed(store: UnitOfWork, reasons: dict[int, set[str]], first: int | None) -> list[int]:
    """The contacts that may become one as far as the person said anything about them: beginning
    with `first`, or else with one the person entered or edited, which is the one that stays."""
    if len(reasons) < 2:
        return list(reasons)
    known = sorted(
        store.joining.joinable(reasons),
        key=lambda contact: (contact.contact_id != first, not contact.is_own, contact.contact_id),
    )
    agreed: list[Joinable] = []
    for contact in known:
        if all(_may_be_one(kept, contact, reasons) for kept in agreed):
            agreed.append(contact)
    agreed.sort(key=lambda contact: (not contact.is_own, contact.contact_id))
    return [contact.contact_id for contact in agreed]


def _may_be_one(kept: Joinable, other: Joinable, reasons: dict[int, set[str]]) -> bool:
    if other.contact_id in kept.different_from:
        return False
    if kept.is_named and other.is_named and kept.name_key != other.name_key:
        return False
    # What was taken off the one says nothing about the other.
    return not (reasons[other.contact_id] <= kept.marks or reasons[kept.contact_id] <= other.marks)


def _settle(
    store: UnitOfWork, card: CardDraft, joined: list[int], import_id: int
) -> tuple[int, int, list[int]]:
    """The one contact the card belongs to, how many were created, conversations to recount."""
    if not joined:
        contact_id = store.contacts.next_ids()[0]
        name = card.name or card.organization or "(no name)"
        store.contacts.insert_bare(contact_id, name, import_id, now_seconds())
        return contact_id, 1, []
    contact_id, *others = joined
    conversations: list[int] = []
    for other in others:
        conversations.extend(store.joining.join(contact_id, other))
    return contact_id, 0, conversations
