"""Databases as CRMExtender makes them, versions 3 and 4, for tests: built with the standard
library's SQLite, as that program does."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

SPACE = UUID("b5a3b7f0-6d6c-4c40-9d3d-2f1f3d1c9a11")
CREATED = "2025-11-03T08:00:00+00:00"

_AUDIT = """created_by TEXT REFERENCES users(id) ON DELETE SET NULL,
    updated_by TEXT REFERENCES users(id) ON DELETE SET NULL,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL"""
COMMON = f"""
CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE TABLE provider_accounts (id TEXT PRIMARY KEY, provider TEXT NOT NULL, email_address TEXT,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE TABLE companies (id TEXT PRIMARY KEY, name TEXT NOT NULL, domain TEXT, industry TEXT,
    {_AUDIT});
CREATE UNIQUE INDEX idx_companies_name ON companies(name);
CREATE TABLE contacts (id TEXT PRIMARY KEY, name TEXT, company TEXT,
    company_id TEXT REFERENCES companies(id) ON DELETE SET NULL, source TEXT,
    status TEXT DEFAULT 'active', {_AUDIT});
CREATE TABLE contact_identifiers (id TEXT PRIMARY KEY,
    contact_id TEXT NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
    type TEXT NOT NULL, value TEXT NOT NULL, label TEXT, is_primary INTEGER DEFAULT 0,
    {_AUDIT}, UNIQUE (type, value));
CREATE TABLE conversations (id TEXT PRIMARY KEY, title TEXT, status TEXT DEFAULT 'active',
    communication_count INTEGER DEFAULT 0, participant_count INTEGER DEFAULT 0,
    first_activity_at TEXT, last_activity_at TEXT, triage_result TEXT, {_AUDIT});
CREATE TABLE conversation_participants (
    conversation_id TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    address TEXT NOT NULL, name TEXT,
    contact_id TEXT REFERENCES contacts(id) ON DELETE SET NULL,
    communication_count INTEGER DEFAULT 0, first_seen_at TEXT, last_seen_at TEXT,
    PRIMARY KEY (conversation_id, address));
CREATE TABLE communications (id TEXT PRIMARY KEY,
    account_id TEXT REFERENCES provider_accounts(id) ON DELETE SET NULL,
    channel TEXT NOT NULL, timestamp TEXT NOT NULL, content TEXT, direction TEXT,
    sender_address TEXT, sender_name TEXT, subject TEXT, snippet TEXT,
    header_message_id TEXT, header_references TEXT, header_in_reply_to TEXT,
    is_current INTEGER DEFAULT 1, triage_result TEXT, created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL);
CREATE TABLE communication_participants (
    communication_id TEXT NOT NULL REFERENCES communications(id) ON DELETE CASCADE,
    address TEXT NOT NULL, name TEXT,
    contact_id TEXT REFERENCES contacts(id) ON DELETE SET NULL,
    role TEXT NOT NULL, PRIMARY KEY (communication_id, address, role));
CREATE TABLE conversation_communications (
    conversation_id TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    communication_id TEXT NOT NULL REFERENCES communications(id) ON DELETE CASCADE,
    is_primary INTEGER DEFAULT 1, created_at TEXT NOT NULL,
    PRIMARY KEY (conversation_id, communication_id));
CREATE TABLE attachments (id TEXT PRIMARY KEY,
    communication_id TEXT NOT NULL REFERENCES communications(id) ON DELETE CASCADE,
    filename TEXT NOT NULL, created_at TEXT NOT NULL);
"""
V3_RELATIONSHIPS = """
CREATE TABLE relationships (id TEXT PRIMARY KEY,
    from_entity_type TEXT NOT NULL DEFAULT 'contact', from_entity_id TEXT NOT NULL,
    to_entity_type TEXT NOT NULL DEFAULT 'contact', to_entity_id TEXT NOT NULL,
    relationship_type TEXT NOT NULL DEFAULT 'KNOWS', properties TEXT,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
    UNIQUE (from_entity_id, to_entity_id, relationship_type));
CREATE INDEX idx_relationships_from ON relationships(from_entity_id);
CREATE INDEX idx_relationships_to ON relationships(to_entity_id);
"""
V4_RELATIONSHIPS = f"""
CREATE TABLE relationship_types (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    from_entity_type TEXT NOT NULL DEFAULT 'contact',
    to_entity_type TEXT NOT NULL DEFAULT 'contact',
    forward_label TEXT NOT NULL, reverse_label TEXT NOT NULL,
    is_system INTEGER NOT NULL DEFAULT 0, description TEXT, {_AUDIT},
    CHECK (from_entity_type IN ('contact', 'company')),
    CHECK (to_entity_type IN ('contact', 'company')));
CREATE TABLE relationships (id TEXT PRIMARY KEY,
    relationship_type_id TEXT NOT NULL REFERENCES relationship_types(id) ON DELETE RESTRICT,
    from_entity_type TEXT NOT NULL DEFAULT 'contact', from_entity_id TEXT NOT NULL,
    to_entity_type TEXT NOT NULL DEFAULT 'contact', to_entity_id TEXT NOT NULL,
    source TEXT NOT NULL DEFAULT 'manual', properties TEXT, {_AUDIT},
    UNIQUE (from_entity_id, to_entity_id, relationship_type_id));
"""
V4_SEEDS = (
    ("rt-knows", "KNOWS", "contact", "contact", "Knows", "Knows", 1),
    ("rt-employee", "EMPLOYEE", "company", "contact", "Employs", "Works at", 0),
    ("rt-reports-to", "REPORTS_TO", "contact", "contact", "Has direct report", "Reports to", 0),
    ("rt-works-with", "WORKS_WITH", "contact", "contact", "Works with", "Works with", 0),
    ("rt-partner", "PARTNER", "company", "company", "Partners with", "Partners with", 0),
    ("rt-vendor", "VENDOR", "company", "company", "Is a vendor of", "Is a client of", 0),
)


def uuid(name: str) -> str:
    """The same UUID for the same name."""
    return str(uuid5(SPACE, name))


class CrmExtender:
    """A CRMExtender database that is being written. Ids are UUIDs of readable names.

    Kept open in WAL mode as that program does; `close` folds the log into the file.
    """

    def __init__(self, path: Path, version: int = 3, *, journal: str = "wal") -> None:
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.connection.execute(f"PRAGMA journal_mode={journal}")
        self.connection.execute("PRAGMA synchronous=OFF")
        self.connection.executescript(COMMON)
        self.connection.executescript(V3_RELATIONSHIPS if version == 3 else V4_RELATIONSHIPS)
        if version == 4:
            for seed in V4_SEEDS:
                self.type(seed[1], *seed[2:4], *seed[4:6], is_system=seed[6], id_=seed[0])
        self._count = 0

    def __enter__(self) -> CrmExtender:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def insert(self, table: str, **values: Any) -> None:
        """One row."""
        marks = ", ".join("?" * len(values))
        self.connection.execute(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", tuple(values.values())
        )

    def _dated(self) -> dict[str, str]:
        return {"created_at": CREATED, "updated_at": CREATED}

    def company(self, name: str, domain: str | None = None) -> str:
        """The id of a new company."""
        id_ = uuid(f"company {name}")
        self.insert("companies", id=id_, name=name, domain=domain, **self._dated())
        return id_

    def contact(
        self,
        name: str | None,
        *emails: str,
        company: str | None = None,
        phone: str | None = None,
        id_: str | None = None,
    ) -> str:
        """The id of a new contact with its addresses and number; `company` is a company's id."""
        self._count += 1
        id_ = id_ or uuid(f"contact {self._count} {name}")
        self.insert("contacts", id=id_, name=name, company_id=company, **self._dated())
        kinds = [("email", email) for email in emails] + ([("phone", phone)] if phone else [])
        for place, (kind, value) in enumerate(kinds):
            self.insert(
                "contact_identifiers",
                id=uuid(f"{kind} {value}"),
                contact_id=id_,
                type=kind,
                value=value,
                is_primary=int(place == 0),
                **self._dated(),
            )
        return id_

    def conversation(
        self,
        title: str | None,
        participants: Sequence[tuple[str, str | None, int, str | None, str | None]] = (),
    ) -> str:
        """The id of a new conversation. Participants are (address, contact id, messages sent,
        first seen, last seen)."""
        self._count += 1
        id_ = uuid(f"conversation {self._count} {title}")
        self.insert("conversations", id=id_, title=title, **self._dated())
        for address, contact, count, first, last in participants:
            self.insert(
                "conversation_participants",
                conversation_id=id_,
                address=address,
                contact_id=contact,
                communication_count=count,
                first_seen_at=first,
                last_seen_at=last,
            )
        return id_

    def communication(
        self,
        conversation: str,
        sender: str,
        *recipients: str,
        at: str,
        subject: str = "",
        content: str = "",
        channel: str = "email",
        **more: Any,
    ) -> str:
        """The id of a new message of a conversation; participants are not counted here."""
        self._count += 1
        id_ = uuid(f"communication {self._count}")
        self.insert(
            "communications",
            id=id_,
            channel=channel,
            timestamp=at,
            content=content,
            sender_address=sender,
            subject=subject,
            **more,
            **self._dated(),
        )
        for recipient in recipients:
            self.insert(
                "communication_participants", communication_id=id_, address=recipient, role="to"
            )
        self.insert(
            "conversation_communications",
            conversation_id=conversation,
            communication_id=id_,
            created_at=CREATED,
        )
        return id_

    def type(
        self,
        name: str,
        from_kind: str = "contact",
        to_kind: str = "contact",
        forward: str = "Is with",
        reverse: str = "Has with",
        *,
        is_system: int = 0,
        id_: str | None = None,
    ) -> str:
        """The id of a new type of version 4."""
        id_ = id_ or uuid(f"type {name}")
        self.insert(
            "relationship_types",
            id=id_,
            name=name,
            from_entity_type=from_kind,
            to_entity_type=to_kind,
            forward_label=forward,
            reverse_label=reverse,
            is_system=is_system,
            **self._dated(),
        )
        return id_

    def relationship(
        self,
        from_id: str,
        to_id: str,
        type_: str = "KNOWS",
        *,
        kinds: tuple[str, str] = ("contact", "contact"),
        source: str | None = None,
        properties: str | None = None,
    ) -> str:
        """The id of a new relationship: of version 4, with a type's id, where `source` is given,
        else of version 3 with a free text."""
        self._count += 1
        id_ = uuid(f"relationship {self._count}")
        column = "relationship_type" if source is None else "relationship_type_id"
        self.insert(
            "relationships",
            id=id_,
            from_entity_type=kinds[0],
            from_entity_id=from_id,
            to_entity_type=kinds[1],
            to_entity_id=to_id,
            properties=properties,
            **{column: type_},
            **({} if source is None else {"source": source}),
            **self._dated(),
        )
        return id_


def rows(path: Path, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """The rows of a query on a closed file."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, parameters).fetchall()


def small_life(path: Path) -> Path:
    """A closed file of version 3 with people, a company, conversations and relationships of
    three texts, KNOWS in both directions."""
    with CrmExtender(path) as made:
        acme = made.company("Acme", "acme.example")
        ada = made.contact("Ada Abel", "ada@acme.example", company=acme)
        bob = made.contact("Bob Bond", "bob@acme.example", company=acme, phone="+49 89 123456")
        cy = made.contact("Cy Cole", "cy@home.example")
        made.conversation(
            "Plans for the garden",
            [
                ("ada@acme.example", ada, 3, "2026-01-01T10:00:00+00:00", "2026-02-01T10:00:00Z"),
                ("bob@acme.example", bob, 2, "2026-01-02T10:00:00+00:00", "2026-02-02T10:00:00Z"),
            ],
        )
        properties = '{"strength": 0.5, "shared_conversations": 1}'
        made.relationship(ada, bob, properties=properties)
        made.relationship(bob, ada, properties=properties)
        made.relationship(ada, bob, "MENTOR_OF")
        made.relationship(cy, ada, "Friend of the family")
        made.relationship(ada, cy)
    return path
