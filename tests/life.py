"""A small made-up correspondence for tests of what reads it, written in plain SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crm_desktop.domain.contacts import name_key
from crm_desktop.model.database import UnitOfWork

DAY_S = 86_400
NOW = 1_777_626_000  # 2026-05-01T09:00:00Z, the frozen clock of the tests


@dataclass
class Life:
    """Adds contacts, companies and messages to an open write; every method returns the new id."""

    store: UnitOfWork
    identifiers: dict[int, int] = field(default_factory=dict)

    def company(self, name: str, domain: str | None = None, notes: str | None = None) -> int:
        """A company."""
        company_id = self._insert(
            "companies",
            name=name,
            name_key=name_key(name),
            domain=domain,
            notes=notes,
            created_at=0,
            updated_at=0,
        )
        self.store.fulltext.refresh_companies([company_id])
        return company_id

    def contact(
        self,
        name: str,
        *emails: str,
        kind: str = "person",
        company: int | None = None,
        title: str | None = None,
        notes: str | None = None,
        tags: Sequence[str] = (),
        phone: str | None = None,
    ) -> int:
        """A contact with its identifiers and tags, findable."""
        contact_id = self._insert(
            "contacts",
            name=name,
            name_key=name_key(name),
            kind=kind,
            company_id=company,
            title=title,
            notes=notes,
            created_at=0,
            updated_at=0,
        )
        values = [("email", email) for email in emails or (f"c{contact_id}@example.org",)]
        values += [("phone", phone)] if phone else []
        for place, (identifier_kind, value) in enumerate(values):
            identifier = self._insert(
                "contact_identifiers",
                contact_id=contact_id,
                home_contact_id=contact_id,
                kind=identifier_kind,
                value=value.lower(),
                raw=value,
                is_primary=int(place == 0),
            )
            self.identifiers.setdefault(contact_id, identifier)
        for tag in tags:
            self.store.connection.exec_driver_sql(
                "INSERT INTO contact_tags (contact_id, tag) VALUES (?, ?)", (contact_id, tag)
            )
        self.store.fulltext.refresh_contacts([contact_id])
        return contact_id

    def conversation(self, subject: str) -> int:
        """A conversation without messages."""
        return self._insert("conversations", source="mail", subject=subject)

    def message(
        self,
        conversation_id: int,
        sender: int,
        *recipients: int,
        at: int | None,
        subject: str = "",
        preview: str = "",
        body: str | None = None,
        is_active: bool = True,
    ) -> int:
        """A message, with its conversation recounted, findable."""
        execute = self.store.connection.exec_driver_sql
        message_id = self._insert(
            "messages",
            conversation_id=conversation_id,
            source_type="mail",
            external_id=f"m{execute('SELECT count(*) FROM messages').scalar_one()}",
            content_key=0,
            sent_at=at,
            subject=subject,
            preview=preview,
            is_active=int(is_active),
        )
        if body is not None:
            execute("INSERT INTO message_texts VALUES (?, ?)", (message_id, body))
        roles = [(sender, "sender"), *((recipient, "recipient") for recipient in recipients)]
        for contact_id, role in roles if is_active else ():
            execute(
                "INSERT INTO message_people (message_id, contact_id, role, identifier_id)"
                " VALUES (?, ?, ?, ?)",
                (message_id, contact_id, role, self.identifiers[contact_id]),
            )
        self.store.messages.rebuild_participants([conversation_id])
        self.store.fulltext.add_messages([message_id])
        return message_id

    def relationship(
        self, type_id: str, from_id: int, to_id: int, source: str = "manual", strength: float = 0.0
    ) -> int:
        """A relationship between ends of the kinds that its type names."""
        kinds = self.store.connection.exec_driver_sql(
            "SELECT from_entity_type, to_entity_type FROM relationship_types WHERE id = ?",
            (type_id,),
        ).one()
        return self._insert(
            "relationships",
            relationship_type_id=type_id,
            from_entity_type=kinds[0],
            from_entity_id=from_id,
            to_entity_type=kinds[1],
            to_entity_id=to_id,
            source=source,
            properties=f'{{"strength": {strength}}}' if source == "inferred" else None,
            created_at=0,
            updated_at=0,
        )

    def score(self, self_id: int, person_id: int, score: float, last_contact_at: int = NOW) -> None:
        """A measured pair of which only the score matters."""
        features = (
            '{"days_since_last_message": 1.0, "messages_30d": 2, "distinct_threads_90d": 1,'
            ' "attachments_30d": 0, "avg_reply_latency_seconds": null, "messages_90d_in": 1,'
            ' "messages_90d_out": 1, "messages_out": 1}'
        )
        self.store.connection.exec_driver_sql(
            "INSERT INTO crm_relationships VALUES (?, ?, ?, ?, 1, ?, 0)",
            (self_id, person_id, score, last_contact_at, features),
        )

    def _insert(self, table: str, **values: object) -> int:
        marks = ", ".join("?" * len(values))
        return int(
            self.store.connection.exec_driver_sql(
                f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks}) RETURNING id",
                tuple(values.values()),
            ).scalar_one()
        )
