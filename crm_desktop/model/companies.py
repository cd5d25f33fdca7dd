"""Companies, and which of them the imported data still speaks for."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection

from crm_desktop.domain.contacts import name_key
from crm_desktop.domain.edits import FORMER_DOMAIN, FORMER_NAME, marks_of

DELETED_SETTING = "deleted_companies"
"""Where `CompanyStore.deleted` is kept, as JSON."""

_DOMAIN_IS_CHOSEN = "edited_fields LIKE '%\"domain\"%'"


class CompanyStore:
    """Reads and writes `companies`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_name_key(self, keys: Iterable[str]) -> dict[str, int]:
        """Company ids by comparable name, or by one they had before a person renamed them; the
        oldest where several share one."""
        wanted = set(keys)
        rows = self._connection.exec_driver_sql(
            "SELECT c.name_key, min(c.id) FROM json_each(?) j"
            " CROSS JOIN companies c ON c.name_key = j.value GROUP BY c.name_key",
            (json.dumps(sorted(wanted)),),
        )
        found = {row[0]: row[1] for row in rows}
        for key, company_id in self._former(FORMER_NAME).items():
            if key in wanted:
                found.setdefault(key, company_id)
        return found

    def by_domain(self) -> dict[str, int]:
        """Ids of all companies by domain, and by domains they had before a person changed them."""
        rows = self._connection.exec_driver_sql(
            "SELECT domain, id FROM companies WHERE domain IS NOT NULL"
        )
        return {**self._former(FORMER_DOMAIN), **{row[0]: row[1] for row in rows}}

    def chosen_domains(self) -> set[str]:
        """The domains of which a person said that they are a company's."""
        rows = self._connection.exec_driver_sql(
            f"SELECT domain FROM companies WHERE domain IS NOT NULL AND {_DOMAIN_IS_CHOSEN}"
        )
        return {row[0] for row in rows} | set(self._former(FORMER_DOMAIN))

    def _former(self, prefix: str) -> dict[str, int]:
        """What companies were known by, after `prefix`; the oldest where several share one."""
        rows = self._connection.exec_driver_sql(
            "SELECT substr(f.value, length(?1) + 1), min(c.id)"
            " FROM companies c, json_each(c.edited_fields) f"
            " WHERE c.edited_fields <> '[]' AND substr(f.value, 1, length(?1)) = ?1 GROUP BY 1",
            (prefix,),
        )
        return {row[0]: row[1] for row in rows}

    def may_get_domain(self, company_id: int) -> bool:
        """Whether a company has no domain, nor a person said that it has none."""
        found = self._connection.exec_driver_sql(
            f"SELECT 1 FROM companies WHERE id = ? AND domain IS NULL AND NOT {_DOMAIN_IS_CHOSEN}",
            (company_id,),
        )
        return found.first() is not None

    def deleted(self) -> frozenset[str]:
        """The former names and domains (marks) of companies that a person deleted: nothing
        brings them back by itself."""
        text = self._connection.exec_driver_sql(
            "SELECT value FROM system_settings WHERE key = ?", (DELETED_SETTING,)
        ).scalar()
        return marks_of(text) if text else frozenset()

    def people(self, company_ids: Iterable[int]) -> set[int]:
        """The contacts at any of these companies."""
        rows = self._connection.exec_driver_sql(
            "SELECT c.id FROM json_each(?) j CROSS JOIN contacts c ON c.company_id = j.value",
            (json.dumps(list(company_ids)),),
        )
        return {row[0] for row in rows}

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
        """Clear the domains that are not among `domains`, unless a person chose them or an import
        gave them."""
        self._connection.exec_driver_sql(
            "UPDATE companies SET domain = NULL WHERE domain IS NOT NULL"
            f" AND NOT {_DOMAIN_IS_CHOSEN} AND domain NOT IN (SELECT value FROM json_each(?))"
            " AND NOT EXISTS (SELECT 1 FROM company_imports i WHERE i.company_id = companies.id"
            "   AND i.domain = companies.domain)",
            (json.dumps(sorted(set(domains))),),
        )

    def delete_unused(self) -> None:
        """Delete the companies that no contact and no relationship names any more, unless a person
        entered or edited them or an import contained them."""
        self._connection.exec_driver_sql(
            "DELETE FROM companies WHERE created_by IS NULL AND edited_fields = '[]'"
            " AND NOT EXISTS (SELECT 1 FROM contacts c WHERE c.company_id = companies.id)"
            " AND NOT EXISTS (SELECT 1 FROM company_imports i WHERE i.company_id = companies.id)"
            " AND NOT EXISTS (SELECT 1 FROM relationships r WHERE"
            " (r.from_entity_type = 'company' AND r.from_entity_id = companies.id) OR"
            " (r.to_entity_type = 'company' AND r.to_entity_id = companies.id))"
        )
