"""Removing an import as a whole, so that the database is as if it had never been made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.base.errors import UserError
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.contacts import IdentifierKind
from crm_desktop.services.card_relationships import relate_cards
from crm_desktop.services.identity import assign_companies, derive_in
from crm_desktop.services.refresh import mark_changes

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access

MESSAGES_PER_WRITE = 200
CONVERSATIONS_PER_WRITE = 100
IDENTIFIERS_PER_WRITE = 300


def remove_import(access: Access, import_id: int, *, ctx: JobContext | None = None) -> Changes:
    """Remove everything that only this import brought; what other imports also contain stays.

    Interrupted, it goes on when called again. Raises UserError when there is no such import.
    """
    ctx = ctx or JobContext()
    if not access.write(lambda store: _begin(store, import_id)):
        raise UserError(
            f"There is no import {import_id} (any more). “imports” lists those there are."
        )
    with access.read(ctx.token) as store:
        total = store.removal.message_count(import_id)
    done = 0
    while count := access.write(lambda store: _remove_messages(store, import_id)):
        done += count
        ctx.tick(min(done, total), total + 1, "Removing messages")
    while access.write(lambda store: _remove_records(store, import_id)):
        ctx.tick(total, total + 1, "Removing relationships")
    access.write(lambda store: _remove_cards(store, import_id))
    while access.write(lambda store: _remove_votes(store, import_id)):
        ctx.tick(total, total + 1, "Settling names")
    relate_cards(access, ctx)  # before companies of which only a card spoke are looked for
    access.write(lambda store: _finish(store, import_id))
    assign_companies(access, None, ctx)
    return Changes.of(
        ChangeKind.CONTACTS,
        ChangeKind.COMPANIES,
        ChangeKind.MESSAGES,
        ChangeKind.RELATIONSHIPS,
        ChangeKind.RELATIONSHIP_TYPES,
        ChangeKind.IMPORTS,
    )


def _begin(store: UnitOfWork, import_id: int) -> bool:
    mark_changes(store)
    return store.removal.begin(import_id)


def _remove_messages(store: UnitOfWork, import_id: int) -> int:
    count = store.removal.remove_messages(import_id, MESSAGES_PER_WRITE)
    mark_changes(store)
    return count


def _remove_records(store: UnitOfWork, import_id: int) -> int:
    count = store.counted.remove(import_id, CONVERSATIONS_PER_WRITE)
    count = count or store.claims.remove_relationships(import_id)
    mark_changes(store)
    return count


def _remove_cards(store: UnitOfWork, import_id: int) -> None:
    touched = store.contacts.touched_by(import_id)
    concerned = set(store.removal.remove_cards(import_id))
    concerned.update(store.removal.keep_names(touched))
    store.removal.remove_unused()
    for contact_id in sorted(concerned.union(store.removal.joined_contacts())):
        concerned.update(_split(store, contact_id))
    concerned.update(_give_back_addresses(store))
    derive_in(store, sorted(concerned))


def _split(store: UnitOfWork, contact_id: int) -> set[int]:
    """Part what no card holds together any more: addresses joined from another contact go back
    to it, and those that only a removed card had brought get a contact of their own."""
    concerned = {contact_id}
    conversations: list[int] = []
    has_kept_one = False
    for group in store.removal.identifier_groups(contact_id):
        homes = {home for _, home in group.identifiers}
        if contact_id in homes and not has_kept_one:
            has_kept_one = True
            continue
        if group.stays:
            continue
        others = homes - {contact_id}
        home = min(others) if others else store.contacts.next_ids()[0]
        store.removal.restore_contact(home, contact_id)
        moved = [identifier_id for identifier_id, _ in group.identifiers]
        conversations.extend(store.address_book.split_identifiers(moved, home))
        store.removal.set_home([id_ for id_, at in group.identifiers if at == contact_id], home)
        concerned.add(home)
    store.messages.rebuild_participants(dict.fromkeys(conversations))
    return concerned


def _give_back_addresses(store: UnitOfWork) -> set[int]:
    """Give addresses that remaining cards name, and nobody holds since a removal, to those cards'
    contacts, the oldest card first."""
    concerned: set[int] = set()
    given: dict[str, int] = {}
    for card_id, contact_id, import_id, address in store.removal.addresses_without_identifier():
        if address not in given:
            given[address] = store.contacts.next_ids()[1]
            row = (given[address], contact_id, IdentifierKind.EMAIL, address, address)
            store.contacts.insert_identifiers([row], import_id)
            store.address_book.link(card_id, given[address])
            concerned.add(contact_id)
    return concerned


def _remove_votes(store: UnitOfWork, import_id: int) -> int:
    contacts, count = store.removal.remove_votes(import_id, IDENTIFIERS_PER_WRITE)
    derive_in(store, contacts)
    return count


def _finish(store: UnitOfWork, import_id: int) -> None:
    store.removal.remove_unused()
    store.claims.remove_types(import_id)
    store.claims.remove_companies(import_id)
    store.companies.delete_unused()
    store.fulltext.refresh_companies()
    store.removal.hand_over(import_id)
    store.removal.finish(import_id)
    mark_changes(store)
