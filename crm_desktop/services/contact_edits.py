"""What a person does to contacts: add them, change what is known of them, delete them.

Every function is a command that can be undone. What the person sets stays as it is when imports
say otherwise, and what they take away stays away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from crm_desktop.base import clock
from crm_desktop.base.errors import InvalidInput, UserError
from crm_desktop.domain.birthdays import parse_birthday
from crm_desktop.domain.changes import KEEP, Done, Keep
from crm_desktop.domain.contacts import ContactKind, IdentifierKind, short_name
from crm_desktop.domain.edits import PRIMARY
from crm_desktop.domain.wording import one_line, paragraphs, within
from crm_desktop.services.identifier_edits import (
    add_identifier,
    edit_identifier,
    make_primary,
    parse_identifier,
    refuse_taken,
    remove_identifier,
)
from crm_desktop.services.tag_edits import add_tags, remove_tags
from crm_desktop.services.undo import record

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access

__all__ = [
    "add_identifier",
    "add_tags",
    "create_contact",
    "decide_identity",
    "delete_contacts",
    "edit_identifier",
    "make_primary",
    "remove_identifier",
    "remove_tags",
    "set_photo",
    "update_contact",
]

MAX_NAME = 200
MAX_NOTES = 20_000
MAX_CADENCE_DAYS = 3_650
MAX_PHOTO_BYTES = 2_000_000
_PHOTOS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")

_EDITS = {
    "name": "Rename {}",
    "given_name": "Change given name of {}",
    "family_name": "Change family name of {}",
    "title": "Change title of {}",
    "birthday": "Change birthday of {}",
    "notes": "Change notes on {}",
    "cadence_days": "Change rhythm with {}",
    "kind": "Change kind of {}",
    "company_id": "Change company of {}",
    "photo": "Change photo of {}",
}


def create_contact(
    access: Access,
    name: str,
    *,
    email: str | None = None,
    phone: str | None = None,
    company_id: int | None = None,
    company_name: str | None = None,
    title: str | None = None,
) -> Done[int]:
    """The id of a new person, who works at the company given or at the one of that name, which is
    made if need be. Raises UserError for a blank name, an address or number that cannot be read or
    belongs to somebody else, and a company that is gone."""
    name = _name(name)
    company_name = _name(company_name) if company_name and company_id is None else None

    def create(store: UnitOfWork) -> int:
        values: dict[str, object] = {"kind": ContactKind.PERSON.value}
        if company_id is not None:
            store.company_edits.values(company_id)
            values["company_id"] = company_id
        elif company_name is not None:
            companies = store.company_edits
            known = companies.named(company_name)
            values["company_id"] = known[0] if known else companies.add(company_name, None)
        if title and (text := _line(title, "The title")):
            values["title"] = text
        written = {IdentifierKind.EMAIL: email, IdentifierKind.PHONE: phone}
        identifiers = [
            (kind, *parse_identifier(store, kind, text))
            for kind, text in written.items()
            if text and text.strip()
        ]
        marks = {"name", *values, *([PRIMARY] if identifiers else ())}
        for kind, value, _ in identifiers:
            refuse_taken(store, None, kind, value)
        contact_id = store.contact_edits.add(name, values, marks)
        for kind, value, raw in identifiers:
            store.identifier_edits.add(contact_id, kind, value, raw)
        return contact_id

    return record(access, f"Add {short_name(name)}", create)


def update_contact(
    access: Access,
    contact_id: int,
    *,
    name: str | Keep | None = KEEP,
    given_name: str | Keep | None = KEEP,
    family_name: str | Keep | None = KEEP,
    title: str | Keep | None = KEEP,
    birthday: str | Keep | None = KEEP,
    notes: str | Keep | None = KEEP,
    cadence_days: int | Keep | None = KEEP,
    kind: ContactKind | str | Keep = KEEP,
    company_id: int | Keep | None = KEEP,
) -> Done[None]:
    """Set fields of a contact: KEEP leaves one as it is, None clears it.

    `birthday` is text such as 1985-04-12, --04-12, 1985-04 or 1985. Raises UserError for what
    cannot be taken, and when the contact or the company is gone.
    """
    values: dict[str, object] = {}
    if name is not KEEP:
        values["name"] = _name(name)
    lines = {"given_name": given_name, "family_name": family_name, "title": title}
    for field, text in lines.items():
        if text is not KEEP:
            values[field] = _line(text, f"The {field.replace('_', ' ')}")
    if birthday is not KEEP:
        date = parse_birthday(birthday, clock.now().date())
        values["birthday"] = None if date is None else str(date)
    if notes is not KEEP:
        values["notes"] = within(paragraphs(notes or ""), MAX_NOTES, "The note") or None
    if cadence_days is not KEEP:
        values["cadence_days"] = _cadence(cadence_days)
    if kind is not KEEP:
        values["kind"] = _kind(kind)
    if company_id is not KEEP:
        values["company_id"] = company_id
    return _change(access, contact_id, values)


def set_photo(access: Access, contact_id: int, photo: bytes | None) -> Done[None]:
    """Give a contact this JPEG or PNG picture, or none. Raises UserError when it is too large or
    something else."""
    if photo is not None:
        if not photo.startswith(_PHOTOS):
            raise InvalidInput("This is no JPEG or PNG picture. Choose another file.")
        if len(photo) > MAX_PHOTO_BYTES:
            raise InvalidInput(
                f"This picture has {len(photo) / 1e6:.1f} MB. "
                f"Choose one of at most {MAX_PHOTO_BYTES / 1e6:.0f} MB."
            )
    return _change(access, contact_id, {"photo": photo})


def _change(access: Access, contact_id: int, values: dict[str, object]) -> Done[None]:
    with access.read() as store:
        before = store.contact_edits.values(contact_id)
    changed = [field for field, value in values.items() if before[field] != value]
    label = _EDITS[changed[0]] if len(changed) == 1 else "Edit {}"

    def change(store: UnitOfWork) -> None:
        known = store.contact_edits.values(contact_id)
        new = {field: value for field, value in values.items() if known[field] != value}
        company = new.get("company_id")
        if company is not None:
            assert isinstance(company, int)
            store.company_edits.values(company)
        if new.get("kind", ContactKind.PERSON) != ContactKind.PERSON:
            _refuse_self(store, [contact_id], "stay a person")
        if new:
            store.contact_edits.change(contact_id, new)

    return record(access, label.format(short_name(str(before["name"]))), change)


def delete_contacts(access: Access, contact_ids: Sequence[int]) -> Done[int]:
    """Delete people without messages, with their relationships; how many that were. Raises
    UserError when one of them has messages, is the person using the program, or is gone."""
    ids = list(dict.fromkeys(contact_ids))
    label = f"Delete {len(ids):,} contacts"
    if len(ids) == 1:
        with access.read() as store:
            label = f"Delete {short_name(store.contact_edits.names(ids)[ids[0]])}"

    def delete(store: UnitOfWork) -> int:
        names = store.contact_edits.names(ids)
        _refuse_self(store, ids, "cannot be deleted")
        counts = store.contact_edits.message_counts(ids)
        if counts:
            first = names[next(iter(counts))]
            who = first if len(counts) == 1 else f"{first} and {len(counts) - 1} more"
            have = "has" if len(counts) == 1 else "have"
            raise UserError(
                f"{who} {have} messages and cannot be deleted. "
                "Remove the import that brought the messages instead."
            )
        return store.contact_edits.delete(ids)

    return record(access, label, delete)


def decide_identity(
    access: Access,
    contact_id: int,
    other_id: int,
    decision: Literal["same", "different"] | None,
) -> Done[None]:
    """Keep that two contacts are the same person, or different people; None takes it back."""
    if decision not in ("same", "different", None):
        raise InvalidInput("Two contacts are “same” or “different”, or nothing is said of them.")
    if contact_id == other_id:
        raise InvalidInput("These are two mentions of one contact. Choose another.")
    low, high = sorted((contact_id, other_id))
    with access.read() as store:
        names = [
            short_name(name) for name in store.contact_edits.names((contact_id, other_id)).values()
        ]
    words = {"same": "the same person", "different": "different people"}
    what = words[decision] if decision else "undecided"

    def decide(store: UnitOfWork) -> None:
        store.contact_edits.names((low, high))
        store.contact_edits.decide(low, high, decision)

    return record(access, f"Say that {names[0]} and {names[1]} are {what}", decide)


def _refuse_self(store: UnitOfWork, contact_ids: Iterable[int], what: str) -> None:
    owner = store.settings.self_person_id
    if owner is not None and owner in contact_ids:
        name = store.contact_edits.names([owner])[owner]
        raise UserError(f"{name} is you, and {what}. Say first that you are someone else.")


def _name(text: str | Keep | None) -> str:
    name = within(one_line(text) if isinstance(text, str) else "", MAX_NAME, "The name")
    if not any(character.isprintable() and not character.isspace() for character in name):
        raise InvalidInput("A name needs at least one letter. Enter a name.")
    return name


def _line(text: str | Keep | None, what: str) -> str | None:
    line = one_line(text) if isinstance(text, str) else ""
    return within(line, MAX_NAME, what) or None


def _cadence(days: int | Keep | None) -> int | None:
    if not isinstance(days, int):
        return None
    if not 1 <= days <= MAX_CADENCE_DAYS:
        raise InvalidInput(
            f"The rhythm must be from 1 to {MAX_CADENCE_DAYS:,} days; it was {days:,}."
        )
    return days


def _kind(kind: ContactKind | str | Keep) -> str:
    try:
        return ContactKind(str(kind)).value
    except ValueError:
        raise InvalidInput(
            f"“{kind}” is no kind of contact. Choose person, role, list or bot."
        ) from None
