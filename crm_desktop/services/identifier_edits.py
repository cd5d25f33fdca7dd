"""What a person does to the addresses, numbers and handles of a contact.

An identifier under which messages were exchanged stays what it is: the messages are tied to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm_desktop.base.errors import InvalidInput, UserError
from crm_desktop.domain.changes import Done
from crm_desktop.domain.contacts import IdentifierKind, short_name
from crm_desktop.domain.edits import PRIMARY, removed_identifier
from crm_desktop.domain.wording import one_line, within
from crm_desktop.services.phones import canonical_phone, region_in
from crm_desktop.services.undo import record

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.model.identifier_edits import StoredIdentifier
    from crm_desktop.services.access import Access

MAX_LENGTH = 320
_ADDRESS = re.compile(r"[^\s@,;:<>()\"]+@[^\s@,;:<>()\"]+")
_WITH_NAME = re.compile(r"[^<>@]*<([^<>]+)>")
_WORDS = {
    IdentifierKind.EMAIL: "address",
    IdentifierKind.PHONE: "number",
    IdentifierKind.HANDLE: "handle",
}


def add_identifier(
    access: Access, contact_id: int, kind: IdentifierKind | str, text: str
) -> Done[int]:
    """The id of a new address, number or handle of a contact. Raises UserError when it cannot be
    read, or belongs to somebody else."""
    kind = _kind(kind)
    with access.read() as store:
        (name,) = store.contact_edits.names([contact_id]).values()

    def add(store: UnitOfWork) -> int:
        store.contact_edits.names([contact_id])
        value, raw = parse_identifier(store, kind, text)
        refuse_taken(store, contact_id, kind, value)
        # Whose address it is was said by a person: that it looks like a robot's changes nothing.
        marks = ["kind"] if kind is IdentifierKind.EMAIL else []
        store.contact_edits.remember(contact_id, marks, forget=[removed_identifier(kind, value)])
        return store.identifier_edits.add(contact_id, kind, value, raw)

    return record(access, f"Add {_WORDS[kind]} to {short_name(name)}", add)


def edit_identifier(access: Access, identifier_id: int, text: str) -> Done[None]:
    """Correct an address, number or handle. Raises UserError when it cannot be read, belongs to
    somebody else, or when messages were exchanged under the old one."""
    old = _identifier(access, identifier_id)

    def edit(store: UnitOfWork) -> None:
        known = store.identifier_edits.get(identifier_id)
        value, raw = parse_identifier(store, known.kind, text)
        if value == known.value:
            if raw != known.raw:
                store.identifier_edits.respell(identifier_id, raw)
            return
        refuse_taken(store, known.contact_id, known.kind, value)
        _refuse_used(known, f"Add “{raw}” beside it instead.")
        marks = _removal_marks(known)
        if known.kind is IdentifierKind.EMAIL:
            marks.append("kind")
        store.contact_edits.remember(
            known.contact_id, marks, forget=[removed_identifier(known.kind, value)]
        )
        store.identifier_edits.change(identifier_id, value, raw)

    return record(access, f"Change {_WORDS[old.kind]} of {short_name(old.owner)}", edit)


def remove_identifier(access: Access, identifier_id: int) -> Done[None]:
    """Remove an address, number or handle, which imports of cards then do not bring back. Raises
    UserError when messages were exchanged under it."""
    old = _identifier(access, identifier_id)

    def remove(store: UnitOfWork) -> None:
        known = store.identifier_edits.get(identifier_id)
        _refuse_used(known, "Only what no message uses can be removed.")
        forget = [PRIMARY] if known.is_primary else []
        store.contact_edits.remember(known.contact_id, _removal_marks(known), forget)
        store.identifier_edits.remove(identifier_id)
        if known.is_primary:
            store.identifier_edits.set_primary(known.contact_id, None)

    return record(access, f"Remove {_WORDS[old.kind]} of {short_name(old.owner)}", remove)


def make_primary(access: Access, identifier_id: int) -> Done[None]:
    """Make an address, number or handle the one by which its contact is shown first."""
    old = _identifier(access, identifier_id)

    def choose(store: UnitOfWork) -> None:
        known = store.identifier_edits.get(identifier_id)
        store.contact_edits.remember(known.contact_id, [PRIMARY])
        store.identifier_edits.set_primary(known.contact_id, identifier_id)

    return record(
        access, f"Make another {_WORDS[old.kind]} of {short_name(old.owner)} the first", choose
    )


def parse_identifier(store: UnitOfWork, kind: IdentifierKind, text: str) -> tuple[str, str]:
    """The canonical value of what a person typed, and how to show it. Raises InvalidInput."""
    raw = within(one_line(text), MAX_LENGTH, f"The {_WORDS[kind]}")
    shown = short_name(raw)
    if kind is IdentifierKind.EMAIL:
        return _address(raw)
    if kind is IdentifierKind.PHONE:
        number = canonical_phone(raw, region_in(store))
        if number is None:
            raise InvalidInput(f"“{shown}” is no number. Enter all of its digits.")
        return number, raw
    if not raw:
        raise InvalidInput("A handle needs at least one letter. Enter a handle.")
    return raw.casefold(), raw


def _address(written: str) -> tuple[str, str]:
    from crm_desktop.importers.addresses import canonical

    bracketed = _WITH_NAME.fullmatch(written)
    raw = bracketed.group(1).strip() if bracketed else written
    value = canonical(raw)
    if not _ADDRESS.fullmatch(value):
        raise InvalidInput(
            f"“{short_name(written)}” is no e-mail address. Write it like ada@example.org."
        )
    # Shown as typed, without what was typed around it; a domain in other letters stays in them.
    return value, raw if raw.lower() == value or not raw.isascii() else value


def refuse_taken(
    store: UnitOfWork, contact_id: int | None, kind: IdentifierKind, value: str
) -> None:
    """Raise UserError when some contact has this identifier already, naming the contact."""
    known = store.identifier_edits.find(kind, value)
    if known is None:
        return
    if known.contact_id == contact_id:
        raise UserError(f"{known.owner} has the {_WORDS[kind]} “{known.raw}” already.")
    raise UserError(
        f"The {_WORDS[kind]} “{known.raw}” belongs to {known.owner}. "
        "Say that the two are the same person, or take another."
    )


def _refuse_used(known: StoredIdentifier, advice: str) -> None:
    if known.message_count:
        count = (
            "A message was"
            if known.message_count == 1
            else f"{known.message_count:,} messages were"
        )
        raise UserError(
            f"{count} exchanged under “{known.raw}”, so {known.owner} keeps it. {advice}"
        )


def _removal_marks(known: StoredIdentifier) -> list[str]:
    return [removed_identifier(known.kind, known.value)]


def _identifier(access: Access, identifier_id: int) -> StoredIdentifier:
    with access.read() as store:
        return store.identifier_edits.get(identifier_id)


def _kind(kind: IdentifierKind | str) -> IdentifierKind:
    try:
        return IdentifierKind(str(kind))
    except ValueError:
        raise InvalidInput(f"“{kind}” is none of email, phone and handle.") from None
