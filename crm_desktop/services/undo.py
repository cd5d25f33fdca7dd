"""Commands of a person: recorded so that they can be undone, and followed up.

A command is a function of one write transaction. What follows from it is read off the rows it
changed, for doing, undoing and redoing alike: the full text of who is concerned, the derived data
that goes stale, and what views are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from crm_desktop.base.clock import now_seconds
from crm_desktop.domain.changes import ChangeKind, Changes, Done
from crm_desktop.domain.derived import Derived
from crm_desktop.domain.relationships import KNOWS_TYPE_ID
from crm_desktop.domain.undo import RowChange, UndoStep
from crm_desktop.services.refresh import mark_people

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access

T = TypeVar("T")

_KINDS = {
    "companies": ChangeKind.COMPANIES,
    "contacts": ChangeKind.CONTACTS,
    "contact_identifiers": ChangeKind.CONTACTS,
    "contact_tags": ChangeKind.CONTACTS,
    "cards": ChangeKind.CONTACTS,
    "identity_decisions": ChangeKind.CONTACTS,
    "conversations": ChangeKind.MESSAGES,
    "messages": ChangeKind.MESSAGES,
    "message_people": ChangeKind.MESSAGES,
    "conversation_participants": ChangeKind.MESSAGES,
    "relationship_types": ChangeKind.RELATIONSHIP_TYPES,
    "relationships": ChangeKind.RELATIONSHIPS,
    "relationship_notes": ChangeKind.RELATIONSHIPS,
    "relationship_decisions": ChangeKind.RELATIONSHIPS,
    "system_settings": ChangeKind.SETTINGS,
}

_INFERENCE_COLUMNS = frozenset({"id", "name_key", "kind"})
"""The columns of contacts on which edges and scores depend."""

_MEANT_COLUMNS = {
    "contacts": frozenset({"id", "name_key", "kind", "company_id"}),
    "companies": frozenset({"id", "name_key"}),
}
"""By what address-book cards name people and companies."""


def record(access: Access, label: str, function: Callable[[UnitOfWork], T]) -> Done[T]:
    """The result of `function`, run in one write transaction as a command that can be undone.

    `label` names it in the menu, in sentence case: "Delete relationship". Whatever the function
    changes is followed up; it need not mark or index anything itself.
    """

    def write(store: UnitOfWork) -> Done[T]:
        with store.undo.recording(label) as recording:
            value = function(store)
            step = recording.step()
            store.history.add(step, now_seconds())
        return Done(value, _follow_up(store, step))

    return access.write(write)


def undo(access: Access) -> Done[str | None]:
    """The label of the command that was taken back, or None when there was none.

    Raises UserError when what it changed has been changed otherwise since.
    """
    return access.write(lambda store: _replay(store, is_redo=False))


def redo(access: Access) -> Done[str | None]:
    """The label of the command that was done again, or None. Raises UserError as `undo` does."""
    return access.write(lambda store: _replay(store, is_redo=True))


def _replay(store: UnitOfWork, *, is_redo: bool) -> Done[str | None]:
    step = store.undo.replay(is_redo=is_redo)
    if step is None:
        return Done(None, Changes())
    return Done(step.label, _follow_up(store, step))


def _follow_up(store: UnitOfWork, step: UndoStep) -> Changes:
    contacts: set[int] = set()
    companies: set[int] = set()
    stale: set[int] = set()
    for row in step.rows:
        _note_concerned(step, row, contacts, companies, stale)
    if companies:
        store.fulltext.refresh_companies()
        contacts |= store.companies.people(_renamed(step))
    if contacts:
        store.fulltext.refresh_contacts(sorted(contacts))
    if stale:
        mark_people(store, stale)
    if _may_be_meant(step) and store.relationships.cards.exist():
        store.pending.mark(Derived.CONTACTS)
    kinds = {_KINDS[row.table] for row in step.rows if row.table in _KINDS}
    if companies:
        # Their names show wherever their people do.
        kinds |= {ChangeKind.COMPANIES, ChangeKind.CONTACTS}
    return Changes(frozenset(kinds), frozenset(() if companies else contacts | stale))


def _may_be_meant(step: UndoStep) -> bool:
    """Whether address-book cards may now mean other people or companies than before."""
    return any(
        row.table in ("contact_identifiers", "identity_decisions")
        or step.changed_columns(row) & _MEANT_COLUMNS.get(row.table, frozenset())
        for row in step.rows
    )


def _renamed(step: UndoStep) -> set[int]:
    return {
        int(str(company_id))
        for row in step.rows
        if row.table == "companies" and "name" in step.changed_columns(row)
        for (company_id,) in step.values(row, "id")
    }


def _note_concerned(
    step: UndoStep, row: RowChange, contacts: set[int], companies: set[int], stale: set[int]
) -> None:
    """Add whom a changed row is about: contacts to index, companies, contacts with stale edges."""

    def ids(name: str) -> Iterable[int]:
        return (int(str(value)) for (value,) in step.values(row, name) if value is not None)

    if row.table == "contacts":
        contacts.update(ids("id"))
        if step.changed_columns(row) & _INFERENCE_COLUMNS:
            stale.update(ids("id"))
    elif row.table in ("contact_identifiers", "contact_tags"):
        contacts.update(ids("contact_id"))
    elif row.table in ("message_people", "conversation_participants"):
        stale.update(ids("contact_id"))
    elif row.table == "companies":
        companies.update(ids("id"))
    elif row.table == "identity_decisions":
        stale.update((*ids("low_contact_id"), *ids("high_contact_id")))
    elif row.table in ("relationships", "relationship_decisions") and _is_of_knows(step, row):
        stale.update((*ids("from_entity_id"), *ids("to_entity_id")))


def _is_of_knows(step: UndoStep, row: RowChange) -> bool:
    types = step.values(row, "relationship_type_id")
    return any(type_id == KNOWS_TYPE_ID for (type_id,) in types)
