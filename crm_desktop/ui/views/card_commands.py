"""The commands that cards give, each a function of the access to the database, for
`WindowContext.editing`. Services are imported where they run: on the writer lane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from crm_desktop.domain.changes import Done
    from crm_desktop.services.access import Access
    from crm_desktop.ui.editing import Command


def update_contact(contact_id: int, **fields: Any) -> Command[None]:
    """Set fields of a contact, named as in `services.contact_edits.update_contact`."""

    def command(access: Access) -> Done[None]:
        from crm_desktop.services.contact_edits import update_contact

        return update_contact(access, contact_id, **fields)

    return command


def update_company(company_id: int, **fields: Any) -> Command[None]:
    """Set fields of a company, named as in `services.company_edits.update_company`."""

    def command(access: Access) -> Done[None]:
        from crm_desktop.services.company_edits import update_company

        return update_company(access, company_id, **fields)

    return command


def update_relationship(relationship_id: int, **fields: Any) -> Command[None]:
    """Set what a person says of a relationship."""

    def command(access: Access) -> Done[None]:
        from crm_desktop.services.relationship_edits import update_relationship

        return update_relationship(access, relationship_id, **fields)

    return command


def merge_contacts(into_id: int, other_ids: Sequence[int]) -> Command[int]:
    """Make contacts one; the value is the one that is kept."""

    def command(access: Access) -> Done[int]:
        from crm_desktop.services.merging import merge_contacts

        return merge_contacts(access, into_id, other_ids)

    return command


def keep_apart(contact_ids: Sequence[int]) -> Command[int]:
    """Say that contacts are different people, every two of them."""

    def command(access: Access) -> Done[int]:
        from crm_desktop.services.identity_review import keep_apart

        return keep_apart(access, contact_ids)

    return command


def create_employer(contact_id: int, name: str) -> Command[int]:
    """Add a company, and say that a contact works there."""

    def command(access: Access) -> Done[int]:
        from crm_desktop.services.company_edits import create_employer

        return create_employer(access, contact_id, name)

    return command


def create_contact(name: str, **fields: Any) -> Command[int]:
    """Add a person; the value is their id."""

    def command(access: Access) -> Done[int]:
        from crm_desktop.services.contact_edits import create_contact

        return create_contact(access, name, **fields)

    return command


def create_company(name: str, domain: str | None = None) -> Command[int]:
    """Add a company; the value is its id."""

    def command(access: Access) -> Done[int]:
        from crm_desktop.services.company_edits import create_company

        return create_company(access, name, domain=domain)

    return command


def delete_contact(contact_id: int) -> Command[int]:
    """Delete a person."""

    def command(access: Access) -> Done[int]:
        from crm_desktop.services.contact_edits import delete_contacts

        return delete_contacts(access, [contact_id])

    return command


def delete_company(company_id: int) -> Command[None]:
    """Delete a company."""

    def command(access: Access) -> Done[None]:
        from crm_desktop.services.company_edits import delete_company

        return delete_company(access, company_id)

    return command


def add_identifier(contact_id: int, kind: str, text: str) -> Command[int]:
    """Add an address, number or handle."""

    def command(access: Access) -> Done[int]:
        from crm_desktop.services.identifier_edits import add_identifier

        return add_identifier(access, contact_id, kind, text)

    return command


def edit_identifier(identifier_id: int, text: str) -> Command[None]:
    """Correct an address, number or handle."""

    def command(access: Access) -> Done[None]:
        from crm_desktop.services.identifier_edits import edit_identifier

        return edit_identifier(access, identifier_id, text)

    return command


def remove_identifier(identifier_id: int) -> Command[None]:
    """Remove an address, number or handle."""

    def command(access: Access) -> Done[None]:
        from crm_desktop.services.identifier_edits import remove_identifier

        return remove_identifier(access, identifier_id)

    return command


def make_primary(identifier_id: int) -> Command[None]:
    """Show an address, number or handle first."""

    def command(access: Access) -> Done[None]:
        from crm_desktop.services.identifier_edits import make_primary

        return make_primary(access, identifier_id)

    return command


def add_tags(contact_id: int, tags: Sequence[str]) -> Command[int]:
    """Put tags on a contact."""

    def command(access: Access) -> Done[int]:
        from crm_desktop.services.contact_edits import add_tags

        return add_tags(access, [contact_id], tags)

    return command


def remove_tag(contact_id: int, tag: str) -> Command[int]:
    """Take a tag off a contact."""

    def command(access: Access) -> Done[int]:
        from crm_desktop.services.contact_edits import remove_tags

        return remove_tags(access, [contact_id], [tag])

    return command


def set_photo(contact_id: int, photo: bytes | None) -> Command[None]:
    """Give a contact a photo, or none."""

    def command(access: Access) -> Done[None]:
        from crm_desktop.services.contact_edits import set_photo

        return set_photo(access, contact_id, photo)

    return command


def decide_identity(
    contact_id: int, other_id: int, decision: Literal["same", "different"] | None
) -> Command[None]:
    """Keep that two contacts are the same person, or are not; None takes it back."""

    def command(access: Access) -> Done[None]:
        from crm_desktop.services.contact_edits import decide_identity

        return decide_identity(access, contact_id, other_id, decision)

    return command


Judgement = Literal["confirm", "reject", "delete"]


def judge_relationship(relationship_id: int, judgement: Judgement) -> Command[int]:
    """Confirm, reject or delete a relationship."""

    def command(access: Access) -> Done[int]:
        from crm_desktop.services import relationship_edits

        functions = {
            "confirm": relationship_edits.confirm_relationships,
            "reject": relationship_edits.reject_relationships,
            "delete": relationship_edits.delete_relationships,
        }
        return functions[judgement](access, [relationship_id])

    return command


def retype_relationship(relationship_id: int, type_id: str) -> Command[int]:
    """Give a relationship another type."""

    def command(access: Access) -> Done[int]:
        from crm_desktop.services.relationship_edits import retype_relationships

        return retype_relationships(access, [relationship_id], type_id)

    return command


def add_note(relationship_id: int, content: str) -> Command[int]:
    """Add a note to a relationship."""

    def command(access: Access) -> Done[int]:
        from crm_desktop.services.relationship_edits import add_note

        return add_note(access, relationship_id, content)

    return command


def edit_note(note_id: int, content: str) -> Command[None]:
    """Change the words of a note."""

    def command(access: Access) -> Done[None]:
        from crm_desktop.services.relationship_edits import edit_note

        return edit_note(access, note_id, content)

    return command


def remove_note(note_id: int) -> Command[None]:
    """Delete a note."""

    def command(access: Access) -> Done[None]:
        from crm_desktop.services.relationship_edits import remove_note

        return remove_note(access, note_id)

    return command
