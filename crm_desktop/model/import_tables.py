"""The mapping of what says which imports speak for a record that is neither card nor message."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm_desktop.model.tables import WITHOUT_ROWID, Base


class CompanyImport(Base):
    """An import that contained a company, with the domain it gave."""

    __tablename__ = "company_imports"
    __table_args__ = (Index("idx_company_imports_import", "import_id"), WITHOUT_ROWID)

    company_id: Mapped[int] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    import_id: Mapped[int] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )
    domain: Mapped[str | None]


class RelationshipImport(Base):
    """An import that contained a relationship."""

    __tablename__ = "relationship_imports"
    __table_args__ = (Index("idx_relationship_imports_import", "import_id"), WITHOUT_ROWID)

    relationship_id: Mapped[int] = mapped_column(
        ForeignKey("relationships.id", ondelete="CASCADE"), primary_key=True
    )
    import_id: Mapped[int] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )


class RelationshipTypeImport(Base):
    """An import that contained a type which no person had made."""

    __tablename__ = "relationship_type_imports"
    __table_args__ = (Index("idx_relationship_type_imports_import", "import_id"), WITHOUT_ROWID)

    relationship_type_id: Mapped[str] = mapped_column(
        ForeignKey("relationship_types.id", ondelete="CASCADE"), primary_key=True
    )
    import_id: Mapped[int] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )


class CountedParticipant(Base):
    """What another program counted of somebody in a conversation, as one import says."""

    __tablename__ = "counted_participants"
    __table_args__ = (
        Index("idx_counted_participants_identifier", "identifier_id"),
        Index("idx_counted_participants_contact", "contact_id"),
        Index("idx_counted_participants_import", "import_id"),
        WITHOUT_ROWID,
    )

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    participant_key: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    identifier_id: Mapped[int | None] = mapped_column(
        ForeignKey("contact_identifiers.id", ondelete="CASCADE")
    )
    communication_count: Mapped[int]
    first_seen_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
