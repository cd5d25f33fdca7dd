"""The mapping of every table that holds what imports and people said.

The schema itself is made by the migrations; a test compares the two. `relationship_tables`,
`import_tables` and `derived_tables` map the rest. Import all four before using `Base.metadata`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    REAL,
    Boolean,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crm_desktop.model.types import EpochSeconds

WITHOUT_ROWID = {"sqlite_with_rowid": False}
AUTOINCREMENT = {"sqlite_autoincrement": True}


class Base(DeclarativeBase):
    """The base of every mapped table."""

    type_annotation_map = {  # noqa: RUF012
        str: Text,
        bytes: LargeBinary,
        float: REAL,
        bool: Boolean,
        datetime: EpochSeconds,
    }


class User(Base):
    """A person who uses this database; the first is the local one."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_at: Mapped[datetime]


class SystemSetting(Base):
    """A setting of this database."""

    __tablename__ = "system_settings"
    __table_args__ = WITHOUT_ROWID

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Import(Base):
    """One import, whose rows can be removed again as a whole."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    path: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    read_count: Mapped[int] = mapped_column(server_default=text("0"))
    imported_count: Mapped[int] = mapped_column(server_default=text("0"))
    duplicate_count: Mapped[int] = mapped_column(server_default=text("0"))
    rejected_count: Mapped[int] = mapped_column(server_default=text("0"))
    contact_count: Mapped[int] = mapped_column(server_default=text("0"))
    conversation_count: Mapped[int] = mapped_column(server_default=text("0"))
    checkpoint: Mapped[str | None]


class ImportReject(Base):
    """A record that an import could not read, and why."""

    __tablename__ = "import_rejects"
    __table_args__ = WITHOUT_ROWID

    import_id: Mapped[int] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    location: Mapped[str]
    reason: Mapped[str]


class Company(Base):
    """A company."""

    __tablename__ = "companies"
    __table_args__ = (Index("idx_companies_name_key", "name_key"), AUTOINCREMENT)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str]
    domain: Mapped[str | None] = mapped_column(unique=True)
    notes: Mapped[str | None]
    edited_fields: Mapped[str] = mapped_column(server_default=text("'[]'"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="SET NULL"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Contact(Base):
    """A person, or a role, list or bot that mail comes from."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index("idx_contacts_company", "company_id"),
        Index("idx_contacts_name_key", "name_key"),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str]
    given_name: Mapped[str | None]
    family_name: Mapped[str | None]
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id", ondelete="SET NULL"))
    title: Mapped[str | None]
    kind: Mapped[str] = mapped_column(server_default=text("'person'"))
    birthday: Mapped[str | None]
    cadence_days: Mapped[int | None]
    notes: Mapped[str | None]
    photo: Mapped[bytes | None]
    edited_fields: Mapped[str] = mapped_column(server_default=text("'[]'"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="SET NULL"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ContactIdentifier(Base):
    """An address, number or handle by which a contact is recognised."""

    __tablename__ = "contact_identifiers"
    __table_args__ = (
        UniqueConstraint("kind", "value"),
        Index("idx_contact_identifiers_home", "home_contact_id"),
        Index("idx_contact_identifiers_contact", "contact_id"),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    home_contact_id: Mapped[int]
    kind: Mapped[str]
    value: Mapped[str]
    raw: Mapped[str]
    is_primary: Mapped[bool] = mapped_column(server_default=text("0"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="SET NULL"))


class IdentifierVote(Base):
    """How often an import said something of an identifier."""

    __tablename__ = "identifier_votes"
    __table_args__ = (Index("idx_identifier_votes_import", "import_id"), WITHOUT_ROWID)

    identifier_id: Mapped[int] = mapped_column(
        ForeignKey("contact_identifiers.id", ondelete="CASCADE"), primary_key=True
    )
    import_id: Mapped[int] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )
    attribute: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class Card(Base):
    """An address-book card as imported."""

    __tablename__ = "cards"
    __table_args__ = (
        Index("idx_cards_uid", "uid"),
        Index("idx_cards_import", "import_id"),
        Index("idx_cards_contact", "contact_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="SET NULL"))
    uid: Mapped[str]
    content_key: Mapped[int] = mapped_column(unique=True)
    data: Mapped[str]
    photo: Mapped[bytes | None]


class CardImport(Base):
    """A further import that contained a card."""

    __tablename__ = "card_imports"
    __table_args__ = (Index("idx_card_imports_import", "import_id"), WITHOUT_ROWID)

    card_id: Mapped[int] = mapped_column(
        ForeignKey("cards.id", ondelete="CASCADE"), primary_key=True
    )
    import_id: Mapped[int] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )


class CardIdentifier(Base):
    """A card names an identifier."""

    __tablename__ = "card_identifiers"
    __table_args__ = (Index("idx_card_identifiers_identifier", "identifier_id"), WITHOUT_ROWID)

    card_id: Mapped[int] = mapped_column(
        ForeignKey("cards.id", ondelete="CASCADE"), primary_key=True
    )
    identifier_id: Mapped[int] = mapped_column(
        ForeignKey("contact_identifiers.id", ondelete="CASCADE"), primary_key=True
    )


class ContactTag(Base):
    """A tag on a contact."""

    __tablename__ = "contact_tags"
    __table_args__ = (Index("idx_contact_tags_tag", "tag"), WITHOUT_ROWID)

    contact_id: Mapped[int] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(server_default=text("'manual'"))


class IdentityDecision(Base):
    """Two contacts are, or are not, the same person: said by the person."""

    __tablename__ = "identity_decisions"
    __table_args__ = WITHOUT_ROWID

    low_contact_id: Mapped[int] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    )
    high_contact_id: Mapped[int] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    )
    decision: Mapped[str]
    created_at: Mapped[datetime]


class Conversation(Base):
    """A thread of messages."""

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("idx_conversations_subject", "subject_key", "last_message_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    external_id: Mapped[str | None]
    subject: Mapped[str] = mapped_column(server_default=text("''"))
    subject_key: Mapped[int | None]
    message_count: Mapped[int] = mapped_column(server_default=text("0"))
    first_message_at: Mapped[datetime | None]
    last_message_at: Mapped[datetime | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="SET NULL"))


class Message(Base):
    """One message."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("source_type", "external_id"),
        Index("idx_messages_import", "import_id"),
        Index("idx_messages_sent", "sent_at"),
        Index("idx_messages_content_key", "content_key"),
        Index("idx_messages_conversation", "conversation_id", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    source_type: Mapped[str]
    external_id: Mapped[str]
    content_key: Mapped[int]
    sent_at: Mapped[datetime | None]
    subject: Mapped[str] = mapped_column(server_default=text("''"))
    preview: Mapped[str] = mapped_column(server_default=text("''"))
    attachment_count: Mapped[int] = mapped_column(server_default=text("0"))
    kind: Mapped[str] = mapped_column(server_default=text("'personal'"))
    status: Mapped[str] = mapped_column(server_default=text("'ok'"))
    is_active: Mapped[bool] = mapped_column(server_default=text("1"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="SET NULL"))


class MessageImport(Base):
    """A further import that contained a message."""

    __tablename__ = "message_imports"
    __table_args__ = (Index("idx_message_imports_import", "import_id"), WITHOUT_ROWID)

    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    import_id: Mapped[int] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )


class MessageReference(Base):
    """A message refers to an earlier one, by the hash of its Message-ID."""

    __tablename__ = "message_references"
    __table_args__ = (Index("idx_message_references_message", "message_id"), WITHOUT_ROWID)

    reference_key: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )


class MessageText(Base):
    """The full text of a message, if the person chose to keep it."""

    __tablename__ = "message_texts"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    body: Mapped[str]


class MessagePerson(Base):
    """A contact takes part in a message, by one of its identifiers."""

    __tablename__ = "message_people"
    __table_args__ = (
        PrimaryKeyConstraint("message_id", "identifier_id", "role"),
        Index("idx_message_people_identifier", "identifier_id"),
        Index("idx_message_people_contact", "contact_id", "message_id"),
        WITHOUT_ROWID,
    )

    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(primary_key=True)
    identifier_id: Mapped[int] = mapped_column(
        ForeignKey("contact_identifiers.id", ondelete="CASCADE"), primary_key=True
    )


class ConversationParticipant(Base):
    """How a contact takes part in a conversation; in step with its messages."""

    __tablename__ = "conversation_participants"
    __table_args__ = (Index("idx_conversation_participants_contact", "contact_id"), WITHOUT_ROWID)

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    contact_id: Mapped[int] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    )
    communication_count: Mapped[int] = mapped_column(server_default=text("0"))
    first_seen_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
