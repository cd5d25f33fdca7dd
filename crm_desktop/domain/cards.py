"""The card of a contact, as the inspector shows it."""

from __future__ import annotations

from dataclasses import dataclass

from crm_desktop.domain.contacts import ContactKind, Identifier
from crm_desktop.domain.interactions import EdgeFeatures, ScoreBreakdown
from crm_desktop.domain.messages import ConversationSummary
from crm_desktop.domain.relationships import EntityKind


@dataclass(frozen=True, slots=True)
class RelatedLine:
    """One relationship seen from the card's side: "Works at · Acme".

    `color_index` (0-11) is its type's; `ended_on` is ISO 8601, parts may be missing.
    """

    relationship_id: int
    label: str
    entity_type: EntityKind
    entity_id: int
    name: str
    source: str
    strength: float | None
    description: str | None
    relationship_type_id: str
    color_index: int
    ended_on: str | None


@dataclass(frozen=True, slots=True)
class Namesake:
    """Another contact that is, or by its name might be, the same person.

    `is_same` says whether the two count as one now, `decision` what the person said about it:
    "same", "different" or None. `detail` tells the two apart: an address, as a rule.
    """

    contact_id: int
    name: str
    detail: str | None
    is_same: bool
    decision: str | None


@dataclass(frozen=True, slots=True)
class ContactCard:
    """Everything about one contact that fits on one card. Times are epoch seconds UTC.

    `monthly` counts the messages the contact took part in, per month, oldest first, ending with
    the current month, 36 values. The measures towards self are None without a self person. Of the
    `tags` the `imported_tags` come from address books.
    """

    id: int
    name: str
    kind: ContactKind
    company_id: int | None
    organization: str | None
    title: str | None
    identifiers: tuple[Identifier, ...]
    tags: tuple[str, ...]
    birthday: str | None
    notes: str | None
    photo: bytes | None
    is_self: bool
    relationships: tuple[RelatedLine, ...]
    relationship_count: int
    conversations: tuple[ConversationSummary, ...]
    monthly: tuple[int, ...]
    message_count: int
    first_message_at: int | None
    last_message_at: int | None
    features: EdgeFeatures | None
    breakdown: ScoreBreakdown | None
    decay_bucket: int | None
    given_name: str | None = None
    family_name: str | None = None
    cadence_days: int | None = None
    namesakes: tuple[Namesake, ...] = ()
    imported_tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CompanyCard:
    """A company with its people and its relationships."""

    id: int
    name: str
    domain: str | None
    people: tuple[tuple[int, str, str | None], ...]  # id, name, title; best score first
    relationships: tuple[RelatedLine, ...]
    notes: str | None = None
