"""What the person writes about contacts, remembered so that imports leave it alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import UserError
from crm_desktop.domain.contacts import IdentifierKind, name_key
from crm_desktop.domain.edits import marks_json, marks_of

COLUMNS = (
    *("name", "given_name", "family_name", "company_id", "title", "kind", "birthday"),
    *("cadence_days", "notes", "photo"),
)
"""The columns of `contacts` that a person edits."""


@dataclass(frozen=True, slots=True)
class StoredIdentifier:
    """An identifier with its owner. `message_count` counts the messages under it."""

    id: int
    contact_id: int
    owner: str
    kind: IdentifierKind
    value: str
    raw: str
    is_primary: bool
    message_count: int


class ContactEditStore:
    """Writes `contacts`, `contact_identifiers`, `contact_tags` and `identity_decisions` as the
    person says."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # The contact itself

    def values(self, contact_id: int) -> dict[str, object]:
        """The columns a person edits. Raises UserError when the contact is gone."""
        row = self._connection.exec_driver_sql(
            f"SELECT {', '.join(COLUMNS)} FROM contacts WHERE id = ?", (contact_id,)
        ).first()
        if row is None:
            raise UserError("This contact is no longer there. Choose another.")
        return dict(zip(COLUMNS, row, strict=True))

    def names(self, contact_ids: Iterable[int]) -> dict[int, str]:
        """Names by id, in the order given. Raises UserError when one of them is gone."""
        ids = list(dict.fromkeys(contact_ids))
        rows = self._connection.exec_driver_sql(
            "SELECT c.id, c.name FROM json_each(?) j CROSS JOIN contacts c ON c.id = j.value"
            " ORDER BY j.key",
            (json.dumps(ids),),
        )
        found = {row[0]: row[1] for row in rows}
        if len(found) < len(ids):
            raise UserError(
                "This contact is no longer there. Choose another."
                if len(ids) == 1
                else "Some of these contacts are no longer there. Choose again."
            )
        return found

    def add(self, name: str, values: Mapping[str, object], marks: Iterable[str]) -> int:
        """The id of a new contact that belongs to no import."""
        now = now_seconds()
        columns = {
            **values,
            "name": name,
            "name_key": name_key(name),
            "edited_fields": marks_json(marks),
            "created_by": 1,
            "updated_by": 1,
            "created_at": now,
            "updated_at": now,
        }
        return int(
            self._connection.exec_driver_sql(
                f"INSERT INTO contacts ({', '.join(columns)})"
                f" VALUES ({', '.join('?' * len(columns))}) RETURNING id",
                tuple(columns.values()),
            ).scalar_one()
        )

    def change(self, contact_id: int, values: Mapping[str, object]) -> None:
        """Set these columns and remember that the person did."""
        columns = dict(values)
        if "name" in columns:
            columns["name_key"] = name_key(str(columns["name"]))
        self._update(contact_id, columns, self.marks(contact_id) | set(values))

    def marks(self, contact_id: int) -> frozenset[str]:
        """What is remembered of the person's edits; see domain.edits."""
        text = self._connection.exec_driver_sql(
            "SELECT edited_fields FROM contacts WHERE id = ?", (contact_id,)
        ).scalar_one()
        return marks_of(text)

    def remember(
        self, contact_id: int, marks: Iterable[str] = (), forget: Iterable[str] = ()
    ) -> None:
        """Add marks and drop those to `forget`; nothing is written when that changes nothing."""
        known = self.marks(contact_id)
        wanted = (known | set(marks)) - set(forget)
        if wanted != known:
            self._update(contact_id, {}, wanted)

    def _update(self, contact_id: int, columns: Mapping[str, object], marks: Iterable[str]) -> None:
        written = {
            **columns,
            "edited_fields": marks_json(marks),
            "updated_by": 1,
            "updated_at": now_seconds(),
        }
        self._connection.exec_driver_sql(
            f"UPDATE contacts SET {', '.join(f'{name} = ?' for name in written)} WHERE id = ?",
            (*written.values(), contact_id),
        )

    def message_counts(self, contact_ids: Iterable[int]) -> dict[int, int]:
        """In how many messages, or failing that conversations, each takes part; 0 is left out."""
        rows = self._connection.exec_driver_sql(
            "SELECT j.value, coalesce(nullif("
            " (SELECT count(DISTINCT message_id) FROM message_people WHERE contact_id = j.value),"
            " 0), (SELECT count(*) FROM conversation_participants WHERE contact_id = j.value))"
            " FROM json_each(?) j ORDER BY j.key",
            (json.dumps(list(contact_ids)),),
        )
        return {row[0]: row[1] for row in rows if row[1]}

    def delete(self, contact_ids: Sequence[int]) -> int:
        """Delete contacts with everything that is only about them; how many that were."""
        ids = (json.dumps(list(contact_ids)),)
        for statement in _DELETIONS:
            self._connection.exec_driver_sql(statement, ids)
        return self._connection.exec_driver_sql(
            "DELETE FROM contacts WHERE id IN (SELECT value FROM json_each(?))", ids
        ).rowcount

    # Identifiers

    def identifier(self, identifier_id: int) -> StoredIdentifier:
        """An identifier. Raises UserError when it is gone."""
        found = self._identifier("i.id = ?", identifier_id)
        if found is None:
            raise UserError("This address or number is no longer there. Choose another.")
        return found

    def identified_by(self, kind: IdentifierKind, value: str) -> StoredIdentifier | None:
        """The identifier with this canonical value, whoever has it, or None."""
        return self._identifier("i.kind = ? AND i.value = ?", str(kind), value)

    def _identifier(self, condition: str, *values: object) -> StoredIdentifier | None:
        row = self._connection.exec_driver_sql(
            "SELECT i.id, i.contact_id, c.name, i.kind, i.value, i.raw, i.is_primary,"
            " (SELECT count(DISTINCT p.message_id) FROM message_people p"
            "  WHERE p.identifier_id = i.id)"
            f" FROM contact_identifiers i JOIN contacts c ON c.id = i.contact_id WHERE {condition}",
            values,
        ).first()
        if row is None:
            return None
        return StoredIdentifier(
            row[0], row[1], row[2], IdentifierKind(row[3]), row[4], row[5], bool(row[6]), row[7]
        )

    def add_identifier(self, contact_id: int, kind: IdentifierKind, value: str, raw: str) -> int:
        """The id of a new identifier that belongs to no import; the first one is the primary."""
        return int(
            self._connection.exec_driver_sql(
                "INSERT INTO contact_identifiers (contact_id, home_contact_id, kind, value, raw,"
                " is_primary) SELECT ?1, ?1, ?2, ?3, ?4, NOT EXISTS (SELECT 1"
                "  FROM contact_identifiers WHERE contact_id = ?1 AND is_primary) RETURNING id",
                (contact_id, str(kind), value, raw),
            ).scalar_one()
        )

    def change_identifier(self, identifier_id: int, value: str, raw: str) -> None:
        """Give an identifier another value, which is the person's own from now on: what imports
        said of the old value goes."""
        self._connection.exec_driver_sql(
            "DELETE FROM identifier_votes WHERE identifier_id = ?", (identifier_id,)
        )
        self._connection.exec_driver_sql(
            "DELETE FROM card_identifiers WHERE identifier_id = ?", (identifier_id,)
        )
        self._connection.exec_driver_sql(
            "UPDATE contact_identifiers SET value = ?, raw = ?, import_id = NULL,"
            " home_contact_id = contact_id WHERE id = ?",
            (value, raw, identifier_id),
        )

    def respell_identifier(self, identifier_id: int, raw: str) -> None:
        """Show an identifier in another spelling of the same value."""
        self._connection.exec_driver_sql(
            "UPDATE contact_identifiers SET raw = ? WHERE id = ?", (raw, identifier_id)
        )

    def remove_identifier(self, identifier_id: int) -> None:
        """Delete an identifier that no message uses."""
        self._connection.exec_driver_sql(
            "DELETE FROM contact_identifiers WHERE id = ?", (identifier_id,)
        )

    def set_primary(self, contact_id: int, identifier_id: int | None) -> None:
        """Make this identifier the primary one of its contact; None: the oldest address, or else
        the oldest of all, if there is any."""
        if identifier_id is None:
            identifier_id = self._connection.exec_driver_sql(
                "SELECT id FROM contact_identifiers WHERE contact_id = ?"
                " ORDER BY kind <> 'email', id LIMIT 1",
                (contact_id,),
            ).scalar()
        self._connection.exec_driver_sql(
            "UPDATE contact_identifiers SET is_primary = (id IS ?1)"
            " WHERE contact_id = ?2 AND is_primary <> (id IS ?1)",
            (identifier_id, contact_id),
        )

    # Tags

    def tags(self, contact_id: int) -> dict[str, str]:
        """Where each tag of a contact comes from: "manual" or "imported"."""
        rows = self._connection.exec_driver_sql(
            "SELECT tag, source FROM contact_tags WHERE contact_id = ?", (contact_id,)
        )
        return {row[0]: row[1] for row in rows}

    def card_tags(self, contact_id: int) -> list[str]:
        """The tags that the cards of a contact name, removed ones included."""
        rows = self._connection.exec_driver_sql(
            "SELECT DISTINCT t.value FROM cards k, json_each(k.data, '$.categories') t"
            " WHERE k.contact_id = ?",
            (contact_id,),
        )
        return [str(row[0]) for row in rows]

    def put_tag(self, contact_id: int, tag: str) -> None:
        """Put a tag on a contact, or make one that was imported the person's own."""
        self._connection.exec_driver_sql(
            "INSERT INTO contact_tags (contact_id, tag, source) VALUES (?, ?, 'manual')"
            " ON CONFLICT (contact_id, tag) DO UPDATE SET source = 'manual'",
            (contact_id, tag),
        )

    def take_tag(self, contact_id: int, tag: str) -> None:
        """Take a tag off a contact."""
        self._connection.exec_driver_sql(
            "DELETE FROM contact_tags WHERE contact_id = ? AND tag = ?", (contact_id, tag)
        )

    # Who is who

    def decide(self, low: int, high: int, decision: str | None) -> None:
        """Keep that two contacts are the "same" person or "different" ones; None forgets it."""
        if decision is None:
            self._connection.exec_driver_sql(
                "DELETE FROM identity_decisions WHERE low_contact_id = ? AND high_contact_id = ?",
                (low, high),
            )
            return
        self._connection.exec_driver_sql(
            "INSERT INTO identity_decisions (low_contact_id, high_contact_id, decision, created_at)"
            " VALUES (?, ?, ?, ?) ON CONFLICT (low_contact_id, high_contact_id)"
            " DO UPDATE SET decision = excluded.decision, created_at = excluded.created_at"
            " WHERE decision <> excluded.decision",
            (low, high, decision, now_seconds()),
        )


_MARKED = "(SELECT value FROM json_each(?1))"
_DELETIONS = (
    "DELETE FROM relationships WHERE (from_entity_type = 'contact'"
    f" AND from_entity_id IN {_MARKED}) OR (to_entity_type = 'contact'"
    f" AND to_entity_id IN {_MARKED})",
    "DELETE FROM relationship_decisions WHERE EXISTS (SELECT 1 FROM relationship_types t"
    " WHERE t.id = relationship_type_id"
    f" AND (t.from_entity_type = 'contact' AND from_entity_id IN {_MARKED}"
    f"  OR t.to_entity_type = 'contact' AND to_entity_id IN {_MARKED}))",
    f"DELETE FROM graph_positions WHERE entity_type = 'contact' AND entity_id IN {_MARKED}",
)
"""What names contacts without being tied to them."""
