"""The mapping of what is computed from the other tables, and of the person's own traces."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from crm_desktop.model.tables import WITHOUT_ROWID, Base


class CrmRelationship(Base):
    """Derived: the communication of self with a person, with score and measures."""

    __tablename__ = "crm_relationships"
    __table_args__ = (
        Index(
            "idx_crm_relationships_score",
            "self_person_id",
            text("score DESC"),
            text("last_contact_at DESC"),
            "person_id",
        ),
        Index("idx_crm_relationships_person", "person_id"),
        WITHOUT_ROWID,
    )

    self_person_id: Mapped[int] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    )
    score: Mapped[float]
    last_contact_at: Mapped[datetime]
    decay_bucket: Mapped[int]
    edge_features: Mapped[str]
    updated_at: Mapped[datetime]


class RelationshipEmbedding(Base):
    """Derived: the one vector of a relationship, float32[384]."""

    __tablename__ = "relationship_embeddings"

    relationship_id: Mapped[int] = mapped_column(
        ForeignKey("relationships.id", ondelete="CASCADE"), primary_key=True
    )
    relationship_embedding: Mapped[bytes]
    text_hash: Mapped[str]
    model: Mapped[str]


class ContactEmbedding(Base):
    """Derived: the one vector of a contact, float32[384]."""

    __tablename__ = "contact_embeddings"

    contact_id: Mapped[int] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    )
    contact_embedding: Mapped[bytes]
    text_hash: Mapped[str]
    model: Mapped[str]


class GraphPosition(Base):
    """Derived: where a contact or company lies on the map."""

    __tablename__ = "graph_positions"
    __table_args__ = WITHOUT_ROWID

    entity_type: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(primary_key=True)
    x: Mapped[float]
    y: Mapped[float]


class UserProfileFeature(Base):
    """Derived: one measure of how the person works."""

    __tablename__ = "user_profile_features"
    __table_args__ = WITHOUT_ROWID

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    feature_name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str | None]
    updated_at: Mapped[datetime]


class Tip(Base):
    """A suggestion to do something about a contact."""

    __tablename__ = "tips"
    __table_args__ = (Index("idx_tips_contact", "contact_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    reason: Mapped[str]
    evidence: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default=text("'open'"))
    snoozed_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class TipView(Base):
    """A tip was shown."""

    __tablename__ = "tip_views"
    __table_args__ = (Index("idx_tip_views_served", "user_id", "served_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tip_id: Mapped[int] = mapped_column(ForeignKey("tips.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    served_at: Mapped[datetime]


class TipFeedback(Base):
    """What the person did with a shown tip."""

    __tablename__ = "tip_feedback"
    __table_args__ = (Index("idx_tip_feedback_view", "tip_view_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tip_view_id: Mapped[int] = mapped_column(ForeignKey("tip_views.id", ondelete="CASCADE"))
    reaction: Mapped[str]
    reacted_at: Mapped[datetime]
    dwell_ms: Mapped[int]


class AppSession(Base):
    """The program was open."""

    __tablename__ = "app_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SyncSource(Base):
    """When a source was last synchronised."""

    __tablename__ = "sync_sources"
    __table_args__ = WITHOUT_ROWID

    source: Mapped[str] = mapped_column(primary_key=True)
    last_synced_at: Mapped[datetime]


class PolicyState(Base):
    """A version of what the ranker of tips has learnt."""

    __tablename__ = "policy_states"

    version: Mapped[int] = mapped_column(primary_key=True)
    dim: Mapped[int]
    state: Mapped[bytes]
    is_live: Mapped[bool] = mapped_column(server_default=text("0"))
    updated_at: Mapped[datetime]


class Pending(Base):
    """Derived data that is stale; entity 0 means all of it."""

    __tablename__ = "pending"
    __table_args__ = WITHOUT_ROWID

    kind: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]


class InferencePerson(Base):
    """Derived: what a contact was last counted as, if not as itself; 0 is nobody."""

    __tablename__ = "inference_people"

    contact_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]


class InferenceBlocked(Base):
    """Derived: a pair that inference last kept away."""

    __tablename__ = "inference_blocked"
    __table_args__ = WITHOUT_ROWID

    low_contact_id: Mapped[int] = mapped_column(primary_key=True)
    high_contact_id: Mapped[int] = mapped_column(primary_key=True)


class InferenceTerm(Base):
    """Derived: how many conversations name a term, and how a word is mostly written."""

    __tablename__ = "inference_terms"
    __table_args__ = WITHOUT_ROWID

    term: Mapped[str] = mapped_column(primary_key=True)
    conversations: Mapped[int]
    spelling: Mapped[str | None]


class InferenceBefore(Base):
    """Derived: a participant of a conversation as relationships were last found from it."""

    __tablename__ = "inference_before"
    __table_args__ = WITHOUT_ROWID

    is_taken: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(primary_key=True)
    communication_count: Mapped[int | None]
    first_seen_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]


class InteractionsBefore(Base):
    """Derived: who sent a message to whom as measures were last taken."""

    __tablename__ = "interactions_before"
    __table_args__ = WITHOUT_ROWID

    is_taken: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(primary_key=True)
    sender_id: Mapped[int] = mapped_column(primary_key=True)
    receiver_id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int]
    sent_at: Mapped[datetime | None]
    attachment_count: Mapped[int | None]
