"""The table of relationships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt

from crm_desktop.domain.relationship_list import RelationshipQuery, RelationshipSort
from crm_desktop.domain.relationships import EntityKind, Relationship, RelationshipSource
from crm_desktop.services.instant import reference_seconds
from crm_desktop.services.relationship_list import (
    prepare_list,
    prepare_names,
    relationship_ids,
    relationship_rows,
)
from crm_desktop.services.relationship_types import list_relationship_types
from crm_desktop.services.settings import self_person_id
from crm_desktop.ui.format import exact, number, plain_tooltip, plural, relative
from crm_desktop.ui.models.paging import PagedModel
from crm_desktop.ui.type_words import type_title

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.workers.lane import Lane

FROM, LABEL, TO, TYPE, SOURCE, STRENGTH, CONVERSATIONS, MESSAGES, LAST = range(9)
HEADERS = (
    "From",
    "Relationship",
    "To",
    "Type",
    "Source",
    "Strength",
    "Conversations",
    "Messages",
    "Last contact",
)
SORTS = {
    FROM: RelationshipSort.FROM,
    LABEL: RelationshipSort.LABEL,
    TO: RelationshipSort.TO,
    TYPE: RelationshipSort.TYPE,
    SOURCE: RelationshipSort.SOURCE,
    STRENGTH: RelationshipSort.STRENGTH,
    CONVERSATIONS: RelationshipSort.SHARED_CONVERSATIONS,
    MESSAGES: RelationshipSort.SHARED_MESSAGES,
    LAST: RelationshipSort.LAST_INTERACTION,
}
"""What each column sorts by: measures from the most, words from the first, unless turned."""
MEASURES = frozenset({STRENGTH, CONVERSATIONS, MESSAGES, LAST})
SOURCE_WORDS = {
    RelationshipSource.INFERRED: "Found in mail",
    RelationshipSource.MANUAL: "Entered by you",
    RelationshipSource.IMPORTED: "Imported",
}


@dataclass(frozen=True, slots=True)
class RelationshipRow:
    """A relationship with the colour of its type, the moment its last contact is told from
    (epoch seconds UTC), and who the person is."""

    id: int
    relationship: Relationship
    color_index: int
    now: int
    self_id: int | None = None

    def other_end(self, contact_id: int | None = None) -> tuple[EntityKind, int]:
        """Whom the row is about: who is not the contact given, or not the person; else the
        second end."""
        row = self.relationship
        first = (row.from_entity_type, row.from_entity_id)
        second = (row.to_entity_type, row.to_entity_id)
        for known in (contact_id, self.self_id):
            if second == (EntityKind.CONTACT, known):
                return first
            if first == (EntityKind.CONTACT, known):
                return second
        return second


class RelationshipsModel(PagedModel):
    """Relationships, filtered and sorted by the database."""

    FIRST_PAGES = 1

    def __init__(
        self,
        access: Access,
        lane: Lane,
        query: RelationshipQuery | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(lane, HEADERS, parent)
        self._access = access
        self._query = query or RelationshipQuery()

    def query(self) -> RelationshipQuery:
        return self._query

    def ask(self, query: RelationshipQuery) -> None:
        """Show other relationships, or another order."""
        if query != self._query or not self.is_loaded:
            self._query = query
            self.refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        is_descending = order is Qt.SortOrder.DescendingOrder
        self.ask(replace(self._query, sort=SORTS[column], descending=is_descending))

    def prepare_list(self, ctx: JobContext) -> None:
        """Read ahead what filters and orders will take. For the reader lane."""
        prepare_list(self._access, token=ctx.token)

    def prepare_names(self, ctx: JobContext) -> None:
        """Read ahead what sorting by names will take. For the reader lane."""
        prepare_names(self._access, token=ctx.token)

    def read_ids(self, query: RelationshipQuery, ctx: JobContext) -> Sequence[int]:
        return relationship_ids(self._access, query, token=ctx.token)

    def read_rows(self, ids: Sequence[int], ctx: JobContext) -> Sequence[RelationshipRow]:
        now = reference_seconds(self._access)
        owner = self_person_id(self._access)
        colours = {type_.id: type_.color_index for type_ in list_relationship_types(self._access)}
        rows = relationship_rows(self._access, ids, token=ctx.token)
        return [
            RelationshipRow(row.id, row, colours.get(row.relationship_type_id, 0), now, owner)
            for row in rows
        ]

    def cell(self, row: RelationshipRow, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(_hint(row, column))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = cell_text(row, column)
            return f"{HEADERS[column]}: {text}" if text and column in MEASURES else text
        return None


def cell_text(row: RelationshipRow, column: int) -> str:
    """What a cell says."""
    relationship = row.relationship
    if column == FROM:
        return relationship.from_name
    if column == LABEL:
        return relationship.forward_label
    if column == TO:
        return relationship.to_name
    if column == TYPE:
        return type_title(relationship.type)
    if column == SOURCE:
        return SOURCE_WORDS[relationship.source]
    if column == LAST:
        last = relationship.last_interaction
        return "" if last is None else relative(last, row.now)
    if column == STRENGTH:
        strength = relationship.strength
        return "" if strength is None else f"{strength * 100:.0f}"
    is_conversations = column == CONVERSATIONS
    count = relationship.shared_conversations if is_conversations else relationship.shared_messages
    return "" if count is None else number(count)


def _hint(row: RelationshipRow, column: int) -> str:
    relationship = row.relationship
    if column in (FROM, TO):
        return cell_text(row, column)
    if column == LAST and relationship.last_interaction is not None:
        return exact(relationship.last_interaction)
    if column == STRENGTH and relationship.strength is not None:
        return f"Strength {relationship.strength * 100:.0f} of 100"
    if column == CONVERSATIONS and relationship.shared_conversations is not None:
        return plural(relationship.shared_conversations, "shared conversation")
    if column == MESSAGES and relationship.shared_messages is not None:
        return plural(relationship.shared_messages, "message") + " in shared conversations"
    said = [relationship.sentence, relationship.description or ""]
    return "\n".join(part for part in said if part)
