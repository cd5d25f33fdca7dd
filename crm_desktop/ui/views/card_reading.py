"""What cards show, read on a lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import UserError
from crm_desktop.domain.cards import CompanyCard, ContactCard, Namesake, RelatedLine
from crm_desktop.domain.contacts import name_key
from crm_desktop.domain.conversations import ConversationDetail
from crm_desktop.domain.relationships import EntityKind, RelationshipDetail, RelationshipType
from crm_desktop.ui.views.subjects import CardKind, Subject

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.domain.history import HistoryRecord
    from crm_desktop.services.access import Access

MOST_RELATED = 1000
MOST_HISTORY = 100


@dataclass(frozen=True, slots=True)
class RelationshipCard:
    """A relationship, the types it could have, and how its two ends might be one person.

    `identity` is None unless both ends are people who have the same name, or of whom it was said
    that they are, or are not, the same.
    """

    detail: RelationshipDetail
    types: tuple[RelationshipType, ...]
    identity: Namesake | None


Card: TypeAlias = ContactCard | CompanyCard | RelationshipCard | ConversationDetail


@dataclass(frozen=True, slots=True)
class ReadCard:
    """A card and the moment its times are told from (epoch seconds UTC); None is gone."""

    subject: Subject
    card: Card | None
    now: int


def read_card(access: Access, subject: Subject, ctx: JobContext) -> ReadCard:
    """The card of a subject. For the reader lane."""
    from crm_desktop.services.instant import reference_seconds

    now = reference_seconds(access)
    return ReadCard(subject, _read(access, subject, now, ctx), now)


def _read(access: Access, subject: Subject, now: int, ctx: JobContext) -> Card | None:
    from crm_desktop.services.cards import company_card, contact_card
    from crm_desktop.services.conversations import conversation_detail

    try:
        if subject.kind is CardKind.CONTACT:
            return contact_card(access, subject.id, now=now, token=ctx.token)
        if subject.kind is CardKind.COMPANY:
            return company_card(access, subject.id, token=ctx.token)
    except UserError:
        return None
    if subject.kind is CardKind.CONVERSATION:
        return conversation_detail(access, subject.id, token=ctx.token)
    return _read_relationship(access, subject.id, ctx)


def _read_relationship(access: Access, id_: int, ctx: JobContext) -> RelationshipCard | None:
    from crm_desktop.services.cards import namesakes
    from crm_desktop.services.relationship_types import list_relationship_types
    from crm_desktop.services.relationships import relationship_detail

    detail = relationship_detail(access, id_, token=ctx.token)
    if detail is None:
        return None
    row = detail.relationship
    identity = None
    if row.from_entity_type is row.to_entity_type is EntityKind.CONTACT:
        found = namesakes(access, row.from_entity_id, token=ctx.token)
        identity = next((n for n in found if n.contact_id == row.to_entity_id), None)
        if identity is None and name_key(row.from_name) == name_key(row.to_name):
            identity = Namesake(row.to_entity_id, row.to_name, None, False, None)
    return RelationshipCard(detail, list_relationship_types(access), identity)


def read_related(
    access: Access, contact_id: int, ctx: JobContext
) -> tuple[int, tuple[RelatedLine, ...]]:
    """The relationships of a contact as the card lists them. For the reader lane."""
    from crm_desktop.services.cards import related_lines

    return contact_id, related_lines(access, contact_id, limit=MOST_RELATED, token=ctx.token)


@dataclass(frozen=True, slots=True)
class ReadHistory:
    """What was changed about a contact or company, and when that was read (epoch seconds UTC)."""

    kind: EntityKind
    entity_id: int
    records: tuple[HistoryRecord, ...]
    now: int


def read_history(access: Access, kind: EntityKind, entity_id: int, ctx: JobContext) -> ReadHistory:
    """What was changed about a contact or company. For the reader lane."""
    from crm_desktop.services.history import entity_history

    records = entity_history(access, kind, entity_id, limit=MOST_HISTORY, token=ctx.token)
    # Edits are made now, also where an old archive is looked at from its own time.
    return ReadHistory(kind, entity_id, records, now_seconds())


def read_tags(access: Access, ctx: JobContext) -> tuple[str, ...]:
    """The tags in use. For the reader lane."""
    from crm_desktop.services.cards import known_tags

    return known_tags(access, token=ctx.token)
