"""The card of a contact, as the inspector shows it."""

from __future__ import annotations

from dataclasses import dataclass

from crm_desktop.domain.contacts import ContactKind, Identifier
from crm_desktop.domain.interactions import EdgeFeatures, ScoreBreakdown
from crm_desktop.domain.messages import ConversationSummary
from crm_desktop.domain.relationships import EntityKind


@dataclass(frozen=True, slots=True)
class RelatedLine:
    """One relationship seen from the card's side: "Works at · Acme"."""

    relationship_id: int
    label: str
    entity_type: EntityKind
    entity_id: int
    name: str
    source: str
    strength: float | None
    description: str | None


@dataclass(frozen=True, slots=True)
class ContactCard:
    """Everything about one contact that fits on one card. Times are epoch seconds UTC.

    `monthly` counts the messages the contact took part in, per month, oldest first, ending with
    the current month, 36 values. The measures towards self are None without a self person.
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


@dataclass(frozen=True, slots=True)
class CompanyCard:
    """A company with its people and its relationships."""

    id: int
    name: str
    domain: str | None
    people: tuple[tuple[int, str, str | None], ...]  # id, name, title; best score first
    relationships: tuple[RelatedLine, ...]
