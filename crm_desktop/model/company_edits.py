"""What the person writes about companies, remembered so that imports leave it alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import UserError
from crm_desktop.domain.contacts import name_key
from crm_desktop.domain.edits import former_domain, former_name, marks_json, marks_of
from crm_desktop.model.companies import DELETED_SETTING, CompanyStore
from crm_desktop.model.settings import SettingStore

COLUMNS = ("name", "domain", "notes")
"""The columns of `companies` that a person edits."""


class CompanyEditStore:
    """Writes `companies` as the person says."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def values(self, company_id: int) -> dict[str, object]:
        """The columns a person edits. Raises UserError when the company is gone."""
        row = self._connection.exec_driver_sql(
            f"SELECT {', '.join(COLUMNS)} FROM companies WHERE id = ?", (company_id,)
        ).first()
        if row is None:
            raise UserError("This company is no longer there. Choose another.")
        return dict(zip(COLUMNS, row, strict=True))

    def named(self, name: str) -> tuple[int, str] | None:
        """Id and name of the oldest company with a comparable name, or None."""
        row = self._connection.exec_driver_sql(
            "SELECT id, name FROM companies WHERE name_key = ? ORDER BY id LIMIT 1",
            (name_key(name),),
        ).first()
        return None if row is None else (row[0], row[1])

    def with_domain(self, domain: str) -> tuple[int, str] | None:
        """Id and name of the company with this domain, or None."""
        row = self._connection.exec_driver_sql(
            "SELECT id, name FROM companies WHERE domain = ?", (domain,)
        ).first()
        return None if row is None else (row[0], row[1])

    def add(self, name: str, domain: str | None) -> int:
        """The id of a new company that belongs to no import."""
        now = now_seconds()
        return int(
            self._connection.exec_driver_sql(
                "INSERT INTO companies (name, name_key, domain, edited_fields, created_by,"
                " updated_by, created_at, updated_at) VALUES (?, ?, ?, ?, 1, 1, ?, ?) RETURNING id",
                (
                    *(name, name_key(name), domain),
                    *(marks_json(("name", "domain") if domain else ("name",)), now, now),
                ),
            ).scalar_one()
        )

    def change(
        self,
        company_id: int,
        values: Mapping[str, object],
        marks: Iterable[str] = (),
        forget: Iterable[str] = (),
    ) -> None:
        """Set these columns and remember that the person did, with further marks."""
        text = self._connection.exec_driver_sql(
            "SELECT edited_fields FROM companies WHERE id = ?", (company_id,)
        ).scalar_one()
        wanted = (marks_of(text) | set(values) | set(marks)) - set(forget)
        written = {
            **values,
            "edited_fields": marks_json(wanted),
            "updated_by": 1,
            "updated_at": now_seconds(),
        }
        if "name" in values:
            written["name_key"] = name_key(str(values["name"]))
        self._connection.exec_driver_sql(
            f"UPDATE companies SET {', '.join(f'{name} = ?' for name in written)} WHERE id = ?",
            (*written.values(), company_id),
        )

    def delete(self, company_id: int) -> None:
        """Delete a company with its relationships, for good; its people lose it."""
        name, domain, text = self._connection.exec_driver_sql(
            "SELECT name, domain, edited_fields FROM companies WHERE id = ?", (company_id,)
        ).one()
        known_by = {mark for mark in marks_of(text) if ":" in mark} | {former_name(name)}
        if domain is not None:
            known_by.add(former_domain(domain))
        for statement in _DELETIONS:
            self._connection.exec_driver_sql(statement, (company_id,))
        self._save_deleted(self._deleted() | known_by)

    def welcome_back(self, marks: Iterable[str]) -> None:
        """Forget that companies known by these names and domains (marks) were deleted."""
        deleted = self._deleted()
        if not deleted.isdisjoint(marks):
            self._save_deleted(deleted - set(marks))

    def _deleted(self) -> frozenset[str]:
        return CompanyStore(self._connection).deleted()

    def _save_deleted(self, marks: Iterable[str]) -> None:
        settings = SettingStore(self._connection)
        if wanted := set(marks):
            settings.set(DELETED_SETTING, marks_json(wanted))
        else:
            settings.delete(DELETED_SETTING)

    def unassigned(self, domain: str) -> list[tuple[int, str]]:
        """(contact id, address) of the persons without a company, nor a choice of the person's
        about it, who have an address under `domain`: all their addresses, the primary first."""
        rows = self._connection.exec_driver_sql(
            "SELECT c.id, a.value FROM contacts c"
            " JOIN contact_identifiers a ON a.contact_id = c.id AND a.kind = 'email'"
            " WHERE c.kind = 'person' AND c.company_id IS NULL"
            " AND c.edited_fields NOT LIKE '%\"company_id\"%' AND c.id IN ("
            "  SELECT contact_id FROM contact_identifiers WHERE kind = 'email'"
            "  AND (substr(value, -length(?1) - 1) = '@' || ?1"
            "    OR substr(value, -length(?1) - 1) = '.' || ?1))"
            " ORDER BY c.id, a.is_primary DESC, a.id",
            (domain,),
        )
        return [(row[0], row[1]) for row in rows]


_DELETIONS = (
    "DELETE FROM relationships WHERE (from_entity_type = 'company' AND from_entity_id = ?1)"
    " OR (to_entity_type = 'company' AND to_entity_id = ?1)",
    "DELETE FROM relationship_decisions WHERE EXISTS (SELECT 1 FROM relationship_types t"
    " WHERE t.id = relationship_type_id"
    " AND (t.from_entity_type = 'company' AND from_entity_id = ?1"
    "  OR t.to_entity_type = 'company' AND to_entity_id = ?1))",
    "DELETE FROM graph_positions WHERE entity_type = 'company' AND entity_id = ?1",
    "UPDATE contacts SET company_id = NULL WHERE company_id = ?1",
    "DELETE FROM companies WHERE id = ?1",
)
