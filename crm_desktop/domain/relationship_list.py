"""Which relationships a long list shows, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crm_desktop.domain.relationships import RelationshipSource


class RelationshipSort(StrEnum):
    """What a list of relationships is sorted by; what is equal in that comes strongest first."""

    FROM = "from"
    LABEL = "label"
    TO = "to"
    TYPE = "type"
    SOURCE = "source"
    STRENGTH = "strength"
    SHARED_CONVERSATIONS = "shared_conversations"
    SHARED_MESSAGES = "shared_messages"
    LAST_INTERACTION = "last_interaction"


class ListColumn(StrEnum):
    """The whole numbers that decide which relationships a list shows, and where.

    An end is twice an id, and one more for a company. A type is a number of its own; a source is
    its place in SOURCES. A strength is in steps of 1 / STRENGTH_STEPS, a time in epoch seconds
    UTC; a measure that is missing is -1.
    """

    ID = "id"
    FROM_END = "from_end"
    TO_END = "to_end"
    TYPE = "type"
    SOURCE = "source"
    STRENGTH = "strength"
    SHARED_CONVERSATIONS = "shared_conversations"
    SHARED_MESSAGES = "shared_messages"
    LAST_INTERACTION = "last_interaction"


SOURCES = (RelationshipSource.MANUAL, RelationshipSource.INFERRED, RelationshipSource.IMPORTED)
"""The order of sources: entered, found, imported."""
STRENGTH_STEPS = 10**15
"""Finer than any two strengths differ."""


@dataclass(frozen=True, slots=True)
class RelationshipQuery:
    """The relationships that meet every condition given.

    `contact_id` matches either end, whoever counts as the same person. Every word of `text` must
    be in the name of either end. `min_strength` is 0-1; without a strength counts as 0.
    Relationships without what they are sorted by come last, whichever way round.
    """

    sort: RelationshipSort = RelationshipSort.STRENGTH
    descending: bool = True
    type_id: str | None = None
    source: RelationshipSource | None = None
    min_strength: float = 0.0
    contact_id: int | None = None
    text: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether there is any condition."""
        return (
            self.type_id is not None
            or self.source is not None
            or self.min_strength > 0
            or self.contact_id is not None
            or bool(self.text.strip())
        )
