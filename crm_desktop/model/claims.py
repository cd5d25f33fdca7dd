"""Which imports speak for companies, relationship types and relationships of other programs.

A relationship of source imported without a card in its `properties` came so; the person has
touched it when its `updated_by` is set.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection

_OWN = "source = 'imported' AND json_extract(properties, '$.card') IS NULL"
_SLICE = 1_000


@dataclass(frozen=True, slots=True)
class KnownRelationship:
    """A stored relationship as an import that also contains it needs it."""

    id: int
    source: str
    is_touched: bool  # by the person
    is_of_card: bool


class ClaimStore:
    """Reads and writes `company_imports`, `relationship_type_imports` and
    `relationship_imports`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim_company(self, company_id: int, import_id: int, domain: str | None) -> None:
        """Note that an import contained a company."""
        self._connection.exec_driver_sql(
            "INSERT OR IGNORE INTO company_imports (company_id, import_id, domain)"
            " VALUES (?, ?, ?)",
            (company_id, import_id, domain),
        )

    def claim_type(self, type_id: str, import_id: int, *, is_new: bool) -> None:
        """Note that an import contained a type: one that it brought, or that imports brought."""
        if is_new:
            self._connection.exec_driver_sql(
                "UPDATE relationship_types SET created_by = NULL, updated_by = NULL WHERE id = ?",
                (type_id,),
            )
        self._connection.exec_driver_sql(
            "INSERT OR IGNORE INTO relationship_type_imports (relationship_type_id, import_id)"
            " SELECT ?1, ?2 WHERE ?3 OR EXISTS (SELECT 1 FROM relationship_type_imports"
            " WHERE relationship_type_id = ?1)",
            (type_id, import_id, is_new),
        )

    def known(self, type_id: str, from_id: int, to_id: int) -> KnownRelationship | None:
        """The stored relationship of this type from the one to the other, or None."""
        row = self._connection.exec_driver_sql(
            "SELECT id, source, updated_by IS NOT NULL,"
            " coalesce(json_extract(properties, '$.card'), '') <> '' FROM relationships"
            " WHERE relationship_type_id = ? AND from_entity_id = ? AND to_entity_id = ?",
            (type_id, from_id, to_id),
        ).first()
        return (
            None if row is None else KnownRelationship(row[0], row[1], bool(row[2]), bool(row[3]))
        )

    def claim_relationship(self, relationship_id: int, import_id: int) -> None:
        """Note that an import contained a relationship."""
        self._connection.exec_driver_sql(
            "INSERT OR IGNORE INTO relationship_imports (relationship_id, import_id) VALUES (?, ?)",
            (relationship_id, import_id),
        )

    def disown(self, relationship_id: int, import_id: int) -> None:
        """Say that a relationship is from an import: no person's, and no card's."""
        self._connection.exec_driver_sql(
            "UPDATE relationships SET properties = NULL, import_id = ?, created_by = NULL,"
            " updated_by = NULL WHERE id = ?",
            (import_id, relationship_id),
        )

    # Removing an import

    def remove_relationships(self, import_id: int) -> int:
        """Hand over, leave to the person or delete up to a thousand relationships of an import;
        how many those were."""
        execute = self._connection.exec_driver_sql
        execute("DELETE FROM relationship_imports WHERE import_id = ?", (import_id,))
        ids = [
            row[0]
            for row in execute(
                f"SELECT id FROM relationships WHERE import_id = ? AND {_OWN} LIMIT {_SLICE}",
                (import_id,),
            )
        ]
        marks = (json.dumps(ids),)
        these = "id IN (SELECT value FROM json_each(?))"
        execute(
            "UPDATE relationships SET import_id = (SELECT min(i.import_id)"
            f" FROM relationship_imports i WHERE i.relationship_id = relationships.id)"
            f" WHERE {these}",
            marks,
        )
        execute(
            "UPDATE relationships SET source = 'manual', created_by = updated_by"
            f" WHERE import_id IS NULL AND updated_by IS NOT NULL AND {these}",
            marks,
        )
        execute(
            f"DELETE FROM relationships WHERE import_id IS NULL AND updated_by IS NULL AND {these}",
            marks,
        )
        return len(ids)

    def remove_types(self, import_id: int) -> None:
        """Delete the types that only this import brought, unless they are used, decided on or the
        person has changed them."""
        self._connection.exec_driver_sql(
            "DELETE FROM relationship_types WHERE updated_by IS NULL AND id IN"
            " (SELECT relationship_type_id FROM relationship_type_imports WHERE import_id = ?1)"
            " AND id NOT IN (SELECT relationship_type_id FROM relationship_type_imports"
            "   WHERE import_id <> ?1)"
            " AND NOT EXISTS (SELECT 1 FROM relationships r"
            "   WHERE r.relationship_type_id = relationship_types.id)"
            " AND NOT EXISTS (SELECT 1 FROM relationship_decisions d"
            "   WHERE d.relationship_type_id = relationship_types.id)",
            (import_id,),
        )
        self._connection.exec_driver_sql(
            "DELETE FROM relationship_type_imports WHERE import_id = ?", (import_id,)
        )

    def remove_companies(self, import_id: int) -> None:
        """Take back that an import contained companies, and the domains it gave them."""
        self._connection.exec_driver_sql(
            "UPDATE companies SET domain = NULL WHERE edited_fields NOT LIKE '%\"domain\"%'"
            " AND domain IN (SELECT domain FROM company_imports"
            "   WHERE import_id = ?1 AND company_id = companies.id)"
            " AND domain NOT IN (SELECT domain FROM company_imports"
            "   WHERE import_id <> ?1 AND company_id = companies.id AND domain IS NOT NULL)",
            (import_id,),
        )
        self._connection.exec_driver_sql(
            "DELETE FROM company_imports WHERE import_id = ?", (import_id,)
        )
