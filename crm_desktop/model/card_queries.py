"""What the cards of contacts and companies show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crm_desktop.domain.cards import Namesake, RelatedLine
from crm_desktop.domain.companies import Company
from crm_desktop.domain.contacts import ContactKind, Identifier, IdentifierKind
from crm_desktop.domain.relationships import EntityKind
from crm_desktop.model.bulk import fetch_raw

_LINES = """
SELECT r.id,
    CASE WHEN r.is_first THEN t.forward_label ELSE t.reverse_label END,
    r.other_type, r.other_id, coalesce(c.name, o.name), r.source,
    json_extract(r.properties, '$.strength') AS strength, r.description,
    t.id, t.color_index, r.ended_on
FROM (
    SELECT *, 1 AS is_first, to_entity_type AS other_type, to_entity_id AS other_id
    FROM relationships WHERE from_entity_type = :kind
        AND from_entity_id IN (SELECT value FROM json_each(:ids))
    UNION ALL
    SELECT *, 0, from_entity_type, from_entity_id
    FROM relationships WHERE to_entity_type = :kind
        AND to_entity_id IN (SELECT value FROM json_each(:ids))
) r
JOIN relationship_types t ON t.id = r.relationship_type_id
LEFT JOIN contacts c ON r.other_type = 'contact' AND c.id = r.other_id
LEFT JOIN companies o ON r.other_type = 'company' AND o.id = r.other_id
WHERE coalesce(c.id, o.id) IS NOT NULL
ORDER BY r.source = 'inferred', strength DESC, t.name, coalesce(c.name, o.name), r.id
"""

_NAMESAKES = """
SELECT c.id, c.name,
    (SELECT i.raw FROM contact_identifiers i WHERE i.contact_id = c.id
     ORDER BY i.kind = 'handle', i.kind = 'phone', i.is_primary DESC, i.id LIMIT 1),
    c.id IN (SELECT value FROM json_each(:same)) AS is_same, d.decision
FROM contacts c
LEFT JOIN identity_decisions d
    ON d.low_contact_id = min(c.id, :id) AND d.high_contact_id = max(c.id, :id)
WHERE c.id <> :id AND c.id IN (
    SELECT value FROM json_each(:same)
    UNION SELECT n.id FROM contacts n WHERE n.kind = 'person' AND n.name_key =
        (SELECT name_key FROM contacts WHERE id = :id AND kind = 'person' AND name_key <> '')
    UNION SELECT high_contact_id FROM identity_decisions WHERE low_contact_id = :id
    UNION SELECT low_contact_id FROM identity_decisions WHERE high_contact_id = :id
)
ORDER BY is_same DESC, c.name_key, c.id LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What one contact's own row says, with its company."""

    id: int
    name: str
    kind: ContactKind
    company_id: int | None
    organization: str | None
    title: str | None
    birthday: str | None
    notes: str | None
    photo: bytes | None
    given_name: str | None
    family_name: str | None
    cadence_days: int | None


class CardQueries:
    """Reads the parts of cards."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def contact(self, contact_id: int) -> ContactFacts | None:
        """The contact itself, or None when it is gone."""
        row = self._connection.exec_driver_sql(
            "SELECT c.id, c.name, c.kind, c.company_id, o.name, c.title, c.birthday, c.notes,"
            " c.photo, c.given_name, c.family_name, c.cadence_days"
            " FROM contacts c LEFT JOIN companies o ON o.id = c.company_id WHERE c.id = ?",
            (contact_id,),
        ).first()
        return None if row is None else ContactFacts(row[0], row[1], ContactKind(row[2]), *row[3:])

    def identifiers(self, contact_id: int) -> tuple[Identifier, ...]:
        """The contact's addresses, then numbers, then handles, the primary ones first."""
        rows = self._connection.exec_driver_sql(
            "SELECT kind, value, raw, is_primary, id, EXISTS (SELECT 1 FROM message_people p"
            "  WHERE p.identifier_id = i.id) OR EXISTS (SELECT 1 FROM counted_participants n"
            "  WHERE n.identifier_id = i.id) FROM contact_identifiers i WHERE contact_id = ?"
            " ORDER BY kind = 'handle', kind = 'phone', is_primary DESC, id",
            (contact_id,),
        )
        return tuple(
            Identifier(IdentifierKind(row[0]), row[1], row[2], bool(row[3]), row[4], bool(row[5]))
            for row in rows
        )

    def tags(self, contact_id: int) -> dict[str, str]:
        """Where the contact's tags come from ("manual" or "imported"), in alphabetical order."""
        rows = self._connection.exec_driver_sql(
            "SELECT tag, source FROM contact_tags WHERE contact_id = ? ORDER BY tag COLLATE NOCASE",
            (contact_id,),
        )
        return {row[0]: row[1] for row in rows}

    def known_tags(self, *, limit: int) -> tuple[str, ...]:
        """The tags in use, the most used first."""
        rows = self._connection.exec_driver_sql(
            "SELECT tag FROM contact_tags GROUP BY tag"
            " ORDER BY count(*) DESC, tag COLLATE NOCASE LIMIT ?",
            (limit,),
        )
        return tuple(row[0] for row in rows)

    def namesakes(
        self, contact_id: int, same: Iterable[int], *, limit: int
    ) -> tuple[Namesake, ...]:
        """Those who count as the same person (`same`), who have the same name, or of whom it was
        said that they are, or are not, the same as this contact."""
        rows = self._connection.exec_driver_sql(
            _NAMESAKES,
            {"id": contact_id, "same": json.dumps(sorted(same)), "limit": limit},
        )
        return tuple(Namesake(row[0], row[1], row[2], bool(row[3]), row[4]) for row in rows)

    def message_times(self, contact_id: int) -> list[int | None]:
        """When each active message that the contact takes part in was sent (epoch seconds UTC, or
        None), in no particular order."""
        rows = fetch_raw(
            self._connection,
            "SELECT m.sent_at FROM"
            " (SELECT DISTINCT message_id FROM message_people WHERE contact_id = ?) p"
            " CROSS JOIN messages m ON m.id = p.message_id WHERE m.is_active = 1",
            (contact_id,),
        )
        return [row[0] for row in rows]

    def related(
        self, entity_type: EntityKind, entity_ids: Iterable[int], *, limit: int
    ) -> tuple[tuple[RelatedLine, ...], int]:
        """The relationships of a company, or of contacts that count as one person, as read from
        their side, and how many there are.

        Those a person entered or imported come first, then inferred ones, strongest first.
        """
        rows = self._connection.exec_driver_sql(
            _LINES, {"kind": str(entity_type), "ids": json.dumps(sorted(entity_ids))}
        ).all()
        lines = tuple(
            RelatedLine(row[0], row[1], EntityKind(row[2]), *row[3:]) for row in rows[:limit]
        )
        return lines, len(rows)

    def company_notes(self, company_id: int) -> str | None:
        """What the person wrote about a company."""
        notes: str | None = self._connection.exec_driver_sql(
            "SELECT notes FROM companies WHERE id = ?", (company_id,)
        ).scalar()
        return notes

    def company(self, company_id: int) -> Company | None:
        """The company itself, or None when it is gone."""
        row = self._connection.exec_driver_sql(
            "SELECT id, name, domain FROM companies WHERE id = ?", (company_id,)
        ).first()
        return None if row is None else Company(*row)

    def companies(self, company_ids: Sequence[int]) -> list[tuple[Company, int]]:
        """These companies, in the order given, each with how many persons work there."""
        rows = self._connection.exec_driver_sql(
            "SELECT o.id, o.name, o.domain, (SELECT count(*) FROM contacts c"
            "   WHERE c.company_id = o.id AND c.kind = 'person')"
            " FROM json_each(?) j CROSS JOIN companies o ON o.id = j.value ORDER BY j.key",
            (json.dumps(list(company_ids)),),
        )
        return [(Company(*row[:3]), row[3]) for row in rows]

    def people_at(
        self, company_id: int, self_person_id: int | None
    ) -> tuple[tuple[int, str, str | None], ...]:
        """(id, name, title) of the persons at a company, best score towards self first."""
        rows = self._connection.exec_driver_sql(
            "SELECT c.id, c.name, c.title FROM contacts c LEFT JOIN crm_relationships r"
            " ON r.self_person_id = ? AND r.person_id = c.id"
            " WHERE c.company_id = ? AND c.kind = 'person'"
            " ORDER BY coalesce(r.score, -1) DESC, c.name_key, c.id",
            (self_person_id, company_id),
        )
        return tuple((row[0], row[1], row[2]) for row in rows)
