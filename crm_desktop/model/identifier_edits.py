"""What the person writes about the addresses, numbers and handles of contacts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from crm_desktop.base.errors import UserError
from crm_desktop.domain.contacts import IdentifierKind


@dataclass(frozen=True, slots=True)
class StoredIdentifier:
    """An identifier with its owner. `message_count` counts the messages under it, or else the
    conversations of which an import knew only who took part."""

    id: int
    contact_id: int
    owner: str
    kind: IdentifierKind
    value: str
    raw: str
    is_primary: bool
    message_count: int


class IdentifierEditStore:
    """Writes `contact_identifiers` as the person says."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, identifier_id: int) -> StoredIdentifier:
        """An identifier. Raises UserError when it is gone."""
        found = self._one("i.id = ?", identifier_id)
        if found is None:
            raise UserError("This address or number is no longer there. Choose another.")
        return found

    def find(self, kind: IdentifierKind, value: str) -> StoredIdentifier | None:
        """The identifier with this canonical value, whoever has it, or None."""
        return self._one("i.kind = ? AND i.value = ?", str(kind), value)

    def _one(self, condition: str, *values: object) -> StoredIdentifier | None:
        row = self._connection.exec_driver_sql(
            "SELECT i.id, i.contact_id, c.name, i.kind, i.value, i.raw, i.is_primary,"
            " coalesce(nullif((SELECT count(DISTINCT p.message_id) FROM message_people p"
            "  WHERE p.identifier_id = i.id), 0), (SELECT count(*) FROM counted_participants n"
            "  WHERE n.identifier_id = i.id))"
            f" FROM contact_identifiers i JOIN contacts c ON c.id = i.contact_id WHERE {condition}",
            values,
        ).first()
        if row is None:
            return None
        return StoredIdentifier(
            row[0], row[1], row[2], IdentifierKind(row[3]), row[4], row[5], bool(row[6]), row[7]
        )

    def add(self, contact_id: int, kind: IdentifierKind, value: str, raw: str) -> int:
        """The id of a new identifier that belongs to no import; the first one is the primary."""
        return int(
            self._connection.exec_driver_sql(
                "INSERT INTO contact_identifiers (contact_id, home_contact_id, kind, value, raw,"
                " is_primary) SELECT ?1, ?1, ?2, ?3, ?4, NOT EXISTS (SELECT 1"
                "  FROM contact_identifiers WHERE contact_id = ?1 AND is_primary) RETURNING id",
                (contact_id, str(kind), value, raw),
            ).scalar_one()
        )

    def change(self, identifier_id: int, value: str, raw: str) -> None:
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

    def respell(self, identifier_id: int, raw: str) -> None:
        """Show an identifier in another spelling of the same value."""
        self._connection.exec_driver_sql(
            "UPDATE contact_identifiers SET raw = ? WHERE id = ?", (raw, identifier_id)
        )

    def remove(self, identifier_id: int) -> None:
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
