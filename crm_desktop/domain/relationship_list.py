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
        return self.has_conditions or bool(self.text.strip())

    @property
    def has_conditions(self) -> bool:
        """Whether there is any condition but the text."""
        return (
            self.type_id is not None
            or self.source is not None
            or self.min_strength > 0
            or self.contact_id is not None
        )
