"""The mapping of typed relationships, their catalogue, and what people said of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Computed, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from crm_desktop.model.tables import AUTOINCREMENT, WITHOUT_ROWID, Base


def _measure(name: str, kind: str = "INTEGER") -> Computed:
    """A number out of `properties`, which the index of lists holds."""
    return Computed(
        f"CASE WHEN json_valid(properties) THEN CAST(json_extract(properties, '$.{name}')"
        f" AS {kind}) END",
        persisted=False,
    )


class RelationshipType(Base):
    """A type of the catalogue of relationships."""

    __tablename__ = "relationship_types"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text(collation="NOCASE"), unique=True)
    from_entity_type: Mapped[str] = mapped_column(server_default=text("'contact'"))
    to_entity_type: Mapped[str] = mapped_column(server_default=text("'contact'"))
    forward_label: Mapped[str]
    reverse_label: Mapped[str]
    is_system: Mapped[bool] = mapped_column(server_default=text("0"))
    description: Mapped[str | None]
    color_index: Mapped[int] = mapped_column(server_default=text("0"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Relationship(Base):
    """A typed relationship between two contacts or companies."""

    __tablename__ = "relationships"
    __table_args__ = (
        UniqueConstraint("from_entity_id", "to_entity_id", "relationship_type_id"),
        Index("idx_relationships_source", "source"),
        Index("idx_relationships_type", "relationship_type_id"),
        Index("idx_relationships_to", "to_entity_id"),
        Index("idx_relationships_from", "from_entity_id"),
        Index(
            "idx_relationships_list",
            text("strength DESC"),
            text("last_interaction DESC"),
            text("id DESC"),
            "relationship_type_id",
            "source",
            "from_entity_type",
            "from_entity_id",
            "to_entity_type",
            "to_entity_id",
            "shared_conversations",
            "shared_messages",
        ),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    relationship_type_id: Mapped[str] = mapped_column(
        ForeignKey("relationship_types.id", ondelete="RESTRICT")
    )
    from_entity_type: Mapped[str] = mapped_column(server_default=text("'contact'"))
    from_entity_id: Mapped[int]
    to_entity_type: Mapped[str] = mapped_column(server_default=text("'contact'"))
    to_entity_id: Mapped[int]
    source: Mapped[str] = mapped_column(server_default=text("'manual'"))
    properties: Mapped[str | None]
    description: Mapped[str | None]
    attitude: Mapped[int | None]
    proximity: Mapped[int | None]
    started_on: Mapped[str | None]
    ended_on: Mapped[str | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    strength: Mapped[float | None] = mapped_column(_measure("strength", "REAL"))
    shared_conversations: Mapped[int | None] = mapped_column(_measure("shared_conversations"))
    shared_messages: Mapped[int | None] = mapped_column(_measure("shared_messages"))
    last_interaction: Mapped[int | None] = mapped_column(_measure("last_interaction"))


class RelationshipNote(Base):
    """A note on a relationship."""

    __tablename__ = "relationship_notes"
    __table_args__ = (
        Index("idx_relationship_notes_relationship", "relationship_id"),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    relationship_id: Mapped[int] = mapped_column(ForeignKey("relationships.id", ondelete="CASCADE"))
    content: Mapped[str]
    created_at: Mapped[datetime]


class RelationshipDecision(Base):
    """An inferred relationship that the person confirmed or rejected."""

    __tablename__ = "relationship_decisions"
    __table_args__ = WITHOUT_ROWID

    from_entity_id: Mapped[int] = mapped_column(primary_key=True)
    to_entity_id: Mapped[int] = mapped_column(primary_key=True)
    relationship_type_id: Mapped[str] = mapped_column(
        ForeignKey("relationship_types.id", ondelete="CASCADE"), primary_key=True
    )
    decision: Mapped[str]
    created_at: Mapped[datetime]


class History(Base):
    """What one command of a person changed about a contact or company."""

    __tablename__ = "history"
    __table_args__ = (
        Index("idx_history_entity", "entity_type", "entity_id", "id"),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_type: Mapped[str]
    entity_id: Mapped[int]
    label: Mapped[str]
    details: Mapped[str]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]
