"""The table of all people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt

from crm_desktop.domain.contacts import ContactRow
from crm_desktop.ui.format import decay_word, exact, plain_tooltip, relative
from crm_desktop.ui.models.paging import PagedModel

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.workers.lane import Lane

NAME, ORGANIZATION, EMAIL, SCORE, LAST_CONTACT, FRESHNESS = range(6)
HEADERS = ("Name", "Organisation", "E-mail", "Score", "Last contact", "Freshness")
SORTS = {
    NAME: ("name", Qt.SortOrder.AscendingOrder),
    SCORE: ("score", Qt.SortOrder.DescendingOrder),
    LAST_CONTACT: ("last_contact", Qt.SortOrder.DescendingOrder),
    FRESHNESS: ("last_contact", Qt.SortOrder.DescendingOrder),
}
"""The columns that can be sorted by: the service's name for the order, and which way round it
is when it is not turned."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person and the moment their last contact is told from (epoch seconds UTC)."""

    id: int
    contact: ContactRow
    now: int
    is_self: bool = False


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """Which people, in which order."""

    text: str = ""
    sort: str = "name"
    is_turned: bool = False


class PeopleModel(PagedModel):
    """Everyone who is a person, filtered and sorted by the database."""

    def __init__(
        self,
        access: Access,
        lane: Lane,
        query: PeopleQuery | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(lane, HEADERS, parent)
        self._access = access
        self._query = query or PeopleQuery()

    def query(self) -> PeopleQuery:
        return self._query

    def ask(self, query: PeopleQuery) -> None:
        """Show other people, or another order."""
        if query != self._query or not self.is_loaded:
            self._query = query
            self.refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if column in SORTS:
            name, usual = SORTS[column]
            self.ask(PeopleQuery(self._query.text, name, order is not usual))

    def read_ids(self, query: PeopleQuery, ctx: JobContext) -> Sequence[int]:
        from crm_desktop.services.contacts import contact_ids

        return contact_ids(
            self._access,
            sort=query.sort,
            text=query.text,
            descending=query.is_turned,
            token=ctx.token,
        )

    def read_rows(self, ids: Sequence[int], ctx: JobContext) -> Sequence[PersonRow]:
        from crm_desktop.services.contacts import contact_rows
        from crm_desktop.services.instant import reference_seconds
        from crm_desktop.services.settings import self_person_id

        now = reference_seconds(self._access)
        owner = self_person_id(self._access)
        rows = contact_rows(self._access, ids, token=ctx.token)
        return [PersonRow(row.id, row, now, row.id == owner) for row in rows]

    def cell(self, row: PersonRow, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(_hint(row.contact, column))
        return None


def _text(row: PersonRow, column: int) -> str:
    contact = row.contact
    if column == NAME:
        return contact.name
    if column == ORGANIZATION:
        return contact.organization or ""
    if column == EMAIL:
        return contact.email or ""
    if column == SCORE:
        return "" if contact.score is None else f"{contact.score:.0f}"
    if column == LAST_CONTACT:
        last = contact.last_contact_at
        return "" if last is None else relative(last, row.now)
    return "you" if row.is_self else decay_word(contact.decay_bucket)


def _hint(contact: ContactRow, column: int) -> str:
    if column == NAME:
        return "\n".join(part for part in (contact.name, contact.title) if part)
    if column == SCORE and contact.score is not None:
        return f"Score {contact.score:.1f} of 100"
    if column in (LAST_CONTACT, FRESHNESS) and contact.last_contact_at is not None:
        return exact(contact.last_contact_at)
    return {ORGANIZATION: contact.organization, EMAIL: contact.email}.get(column) or ""
