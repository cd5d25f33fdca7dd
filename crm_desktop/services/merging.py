"""Making several contacts one person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.changes import Done
from crm_desktop.domain.contacts import short_name
from crm_desktop.services.identity import derive_in
from crm_desktop.services.undo import record

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access

_FIELD_WORDS = {
    "name": "Also known as",
    "given_name": "Given name",
    "family_name": "Family name",
    "company_id": "Company",
    "title": "Title",
    "birthday": "Birthday",
    "cadence_days": "Rhythm in days",
    "notes": "Notes",
}


def merge_contacts(access: Access, into_id: int, other_ids: Sequence[int]) -> Done[int]:
    """`into_id`, the contact that everything of the others was given to; the others are gone.

    Identifiers, messages, cards, tags, relationships with their notes, decisions and history move
    over. Where both say something different, the kept contact's word holds and the other's is
    added to its notes. One step to undo. Raises UserError when a contact is gone, and InvalidInput
    when there is nobody to merge.
    """
    others = tuple(dict.fromkeys(id_ for id_ in other_ids if id_ != into_id))
    if not others:
        raise InvalidInput("Merging needs two different contacts. Choose another one.")

    def merge(store: UnitOfWork) -> int:
        store.contact_edits.names((into_id, *others))
        lines: list[str] = []
        conversations: dict[int, None] = {}
        for other in others:
            merged = store.merging.merge(into_id, other)
            conversations.update(dict.fromkeys(merged.conversation_ids))
            lines.extend(_line(store, field, value) for field, value in merged.conflicts)
        store.messages.rebuild_participants(conversations)
        if lines:
            store.merging.add_to_notes(into_id, lines)
        derive_in(store, [into_id])
        return into_id

    with access.read() as store:
        names = list(store.contact_edits.names((into_id, *others)).values())
    if len(others) == 1:
        label = f"Merge {short_name(names[1])} into {short_name(names[0])}"
    else:
        label = f"Merge {len(others):,} contacts into {short_name(names[0])}"
    return record(access, label, merge)


def _line(store: UnitOfWork, field: str, value: object) -> str:
    if field == "company_id":
        company = store.cards.company(int(str(value)))
        value = company.name if company is not None else value
    return f"{_FIELD_WORDS[field]}: {value}"
