"""Companies, and which of them the imported data still speaks for."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection

from crm_desktop.domain.contacts import name_key


class CompanyStore:
    """Reads and writes `companies`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_name_key(self, keys: Iterable[str]) -> dict[str, int]:
        """Company ids by comparable name; the oldest where several share one."""
        rows = self._connection.exec_driver_sql(
            "SELECT c.name_key, min(c.id) FROM json_each(?) j"
            " CROSS JOIN companies c ON c.name_key = j.value GROUP BY c.name_key",
            (json.dumps(list(keys)),),
        )
        return {row[0]: row[1] for row in rows}

    def by_domain(self) -> dict[str, int]:
        """Ids of all companies that have a domain, by domain."""
        rows = self._connection.exec_driver_sql(
            "SELECT domain, id FROM companies WHERE domain IS NOT NULL"
        )
        return {row[0]: row[1] for row in rows}

    def largest(self, limit: int) -> list[int]:
        """The companies with most persons, then others by name; at most `limit`."""
        rows = self._connection.exec_driver_sql(
            "SELECT o.id FROM companies o LEFT JOIN (SELECT company_id, count(*) AS people"
            "  FROM contacts WHERE kind = 'person' GROUP BY company_id) c ON c.company_id = o.id"
            " ORDER BY coalesce(c.people, 0) DESC, o.name_key, o.id LIMIT ?",
            (limit,),
        )
        return [row[0] for row in rows]

    def add_imported(
        self, name: str, *, domain: str | None, import_id: int | None, now: int
    ) -> int:
        """The id of a new company; with a domain or not, it belongs to some import, by default the
        earliest."""
        return int(
            self._connection.exec_driver_sql(
                "INSERT INTO companies (name, name_key, domain, import_id, created_at, updated_at)"
                " VALUES (?, ?, ?, coalesce(?, (SELECT min(id) FROM imports)), ?, ?) RETURNING id",
                (name, name_key(name), domain, import_id, now, now),
            ).scalar_one()
        )

    def set_domain(self, company_id: int, domain: str) -> None:
        """Say which domain a company's people write from."""
        self._connection.exec_driver_sql(
            "UPDATE companies SET domain = ? WHERE id = ?", (domain, company_id)
        )

    def forget_domains(self, domains: Iterable[str]) -> None:
        """Clear the domain of imported companies that are not among `domains`."""
        self._connection.exec_driver_sql(
            "UPDATE companies SET domain = NULL WHERE domain IS NOT NULL"
            " AND import_id IS NOT NULL AND domain NOT IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(set(domains))),),
        )

    def delete_unused(self) -> None:
        """Delete the imported companies that no contact and no relationship names any more."""
        self._connection.exec_driver_sql(
            "DELETE FROM companies WHERE import_id IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM contacts c WHERE c.company_id = companies.id)"
            " AND NOT EXISTS (SELECT 1 FROM relationships r WHERE"
            " (r.from_entity_type = 'company' AND r.from_entity_id = companies.id) OR"
            " (r.to_entity_type = 'company' AND r.to_entity_id = companies.id))"
        )
