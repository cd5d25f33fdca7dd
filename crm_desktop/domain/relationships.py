"""Typed, directional relationships between contacts and companies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crm_desktop.domain.changes import Changes
from crm_desktop.domain.wording import sentence

KNOWS_TYPE_ID = "rt-knows"

ATTITUDES = ("Very negative", "Negative", "Neutral", "Positive", "Very positive")
"""How somebody feels about somebody else, in words, from 1 to 5."""
PROXIMITIES = ("Distant", "Acquainted", "Familiar", "Close", "Very close")
"""How close two are, in words, from 1 to 5."""


class EntityKind(StrEnum):
    """What stands at an end of a relationship."""

    CONTACT = "contact"
    COMPANY = "company"


class RelationshipSource(StrEnum):
    """Who says so. The inference engine owns INFERRED rows and touches no others."""

    MANUAL = "manual"
    INFERRED = "inferred"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class RelationshipType:
    """A type of the catalogue, with the label for each side.

    `color_index` is one of the 12 colours (0-11) that tell groups apart.
    """

    id: str
    name: str
    from_entity_type: EntityKind
    to_entity_type: EntityKind
    forward_label: str
    reverse_label: str
    is_system: bool = False
    description: str | None = None
    color_index: int = 0

    @property
    def is_symmetric(self) -> bool:
        """Whether both sides read the same, so that a pair is stored once, lower id first."""
        return (
            self.forward_label == self.reverse_label
            and self.from_entity_type is self.to_entity_type
        )


def _type(
    id_: str,
    name: str,
    ends: tuple[EntityKind, EntityKind],
    labels: tuple[str, str],
    description: str,
    color_index: int,
    is_system: bool = False,
) -> RelationshipType:
    return RelationshipType(id_, name, *ends, *labels, is_system, description, color_index)


_PEOPLE = (EntityKind.CONTACT, EntityKind.CONTACT)
_COMPANIES = (EntityKind.COMPANY, EntityKind.COMPANY)

SEED_TYPES: tuple[RelationshipType, ...] = (
    _type(
        KNOWS_TYPE_ID,
        "KNOWS",
        _PEOPLE,
        ("Knows", "Knows"),
        "Found in shared conversations",
        0,
        True,
    ),
    _type(
        "rt-employee",
        "EMPLOYEE",
        (EntityKind.COMPANY, EntityKind.CONTACT),
        ("Employs", "Works at"),
        "Employment",
        1,
    ),
    _type(
        "rt-reports-to",
        "REPORTS_TO",
        _PEOPLE,
        ("Has direct report", "Reports to"),
        "Reporting chain",
        2,
    ),
    _type("rt-works-with", "WORKS_WITH", _PEOPLE, ("Works with", "Works with"), "Colleagues", 3),
    _type(
        "rt-partner",
        "PARTNER",
        _COMPANIES,
        ("Partners with", "Partners with"),
        "Partnership",
        4,
    ),
    _type(
        "rt-vendor",
        "VENDOR",
        _COMPANIES,
        ("Is a vendor of", "Is a client of"),
        "Supply",
        5,
    ),
)


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship joined with its type and the names of both ends.

    The measures come from `properties` and are None for relationships a person entered. Times
    are epoch seconds UTC. `attitude` and `proximity` are 1-5 or None.
    """

    id: int
    relationship_type_id: str
    type: str
    forward_label: str
    reverse_label: str
    from_entity_type: EntityKind
    from_entity_id: int
    from_name: str
    to_entity_type: EntityKind
    to_entity_id: int
    to_name: str
    source: RelationshipSource
    strength: float | None = None
    shared_conversations: int | None = None
    shared_messages: int | None = None
    first_interaction: int | None = None
    last_interaction: int | None = None
    description: str | None = None
    attitude: int | None = None
    proximity: int | None = None

    def starts_at(self, entity_type: EntityKind, *entity_ids: int) -> bool:
        """Whether the first end is the one given, or one of those that count as the same."""
        return self.from_entity_type == entity_type and self.from_entity_id in entity_ids

    def label_for(self, entity_type: EntityKind, *entity_ids: int) -> str:
        """The label to show on the card of the end given: forward from the first end, reverse
        from the second."""
        is_first = self.starts_at(entity_type, *entity_ids)
        return self.forward_label if is_first else self.reverse_label

    @property
    def sentence(self) -> str:
        """The relationship in words, read from its first end: "Acme employs Bob"."""
        return sentence(self.from_name, self.forward_label, self.to_name)

    def other_end(self, entity_type: EntityKind, *entity_ids: int) -> tuple[EntityKind, int, str]:
        """Kind, id and name of the end that is not the one given."""
        if self.starts_at(entity_type, *entity_ids):
            return self.to_entity_type, self.to_entity_id, self.to_name
        return self.from_entity_type, self.from_entity_id, self.from_name


class Decision(StrEnum):
    """What a person said of a relationship that was found for them."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Note:
    """A note on a relationship. `created_at` is in epoch seconds UTC."""

    id: int
    content: str
    created_at: int


@dataclass(frozen=True, slots=True)
class RelationshipDetail:
    """All that is known of one relationship; its notes oldest first.

    `started_on` and `ended_on` are ISO dates of which day or month may be missing. Times are
    epoch seconds UTC.
    """

    relationship: Relationship
    started_on: str | None
    ended_on: str | None
    notes: tuple[Note, ...]
    decision: Decision | None
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A person or company that a few letters may mean; `detail` tells namesakes apart."""

    entity_type: EntityKind
    entity_id: int
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class InferenceReport:
    """What a run of the inference found, wrote and left out.

    `pairs` are the inferred relationships that now stand; `suppressed` pairs were found but a
    person had entered, imported or rejected them. `skipped_large` counts conversations with too
    many people, `skipped_kinds` lists, bots and role addresses that took part, `clamped` dates in
    the future that were read as now.
    """

    pairs: int
    inserted: int
    updated: int
    deleted: int
    suppressed: int
    skipped_large: int
    skipped_kinds: int
    clamped: int
    changes: Changes
