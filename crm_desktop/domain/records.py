"""What importers hand over besides messages and cards: records of another program's database.

People are named by the UID of their card, companies by name. Times are epoch seconds UTC or None;
`next_offset` is as in Draft, `where` as in Reject.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from crm_desktop.domain.relationships import EntityKind


@dataclass(frozen=True, slots=True)
class CompanyDraft:
    """A company. `domain` is "" when the source gives none."""

    name: str
    next_offset: int
    domain: str = ""


@dataclass(frozen=True, slots=True)
class TypeDraft:
    """A type of relationship."""

    name: str
    from_entity_type: EntityKind
    to_entity_type: EntityKind
    forward_label: str
    reverse_label: str
    next_offset: int
    description: str = ""


@dataclass(frozen=True, slots=True)
class RelationshipDraft:
    """A relationship that somebody entered, of the type with this name and these ends."""

    type_name: str
    from_entity_type: EntityKind
    from_key: str
    to_entity_type: EntityKind
    to_key: str
    where: str
    next_offset: int


@dataclass(frozen=True, slots=True)
class ParticipantDraft:
    """Somebody in a conversation: by the UID of a card ("" if none), by an address or number, or
    both. `sent` counts the messages they sent in it."""

    uid: str
    address: str
    name: str
    sent: int
    first_seen_at: int | None
    last_seen_at: int | None


@dataclass(frozen=True, slots=True)
class ConversationDraft:
    """A conversation of which the source has counts but not (all) the messages.

    `key` is the source's own identity of it. `content_key` is that of a message draft which
    belongs to it, None when the source has none.
    """

    source: str
    key: str
    subject: str
    participants: tuple[ParticipantDraft, ...]
    where: str
    next_offset: int
    content_key: int | None = None


Record: TypeAlias = CompanyDraft | TypeDraft | RelationshipDraft | ConversationDraft
