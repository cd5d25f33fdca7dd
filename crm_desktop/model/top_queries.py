"""The list of top contacts, narrowed as asked, and how contact changed from window to window."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crm_desktop.base.clock import DAY_S
from crm_desktop.domain.interactions import DECAY_LIMITS_DAYS
from crm_desktop.domain.top import Mover, TopFilter
from crm_desktop.model.bulk import fetch_raw

_CHOSEN = """
FROM crm_relationships r
JOIN contacts c ON c.id = r.person_id AND c.kind = 'person'
LEFT JOIN companies o ON o.id = c.company_id
WHERE r.self_person_id = ?1 AND r.person_id <> ?1
    AND r.last_contact_at BETWEEN ?2 AND ?3
    AND r.person_id NOT IN (SELECT value FROM json_each(?4))
"""
_OF_TYPE = """
    AND EXISTS (SELECT 1 FROM relationships e
        JOIN relationship_types t ON t.id = e.relationship_type_id
        WHERE e.relationship_type_id = ? AND t.from_entity_type = 'contact'
        AND t.to_entity_type = 'contact'
        AND ((e.from_entity_id, e.to_entity_id) = (?1, c.id)
            OR (e.from_entity_id, e.to_entity_id) = (c.id, ?1)))
"""
_ROWS = """
SELECT r.person_id, r.score, r.last_contact_at, c.name, o.name, r.edge_features
FROM json_each(?2) j
CROSS JOIN crm_relationships r ON r.self_person_id = ?1 AND r.person_id = j.value
CROSS JOIN contacts c ON c.id = r.person_id
LEFT JOIN companies o ON o.id = c.company_id
ORDER BY j.key
"""
_COUNTS = """
SELECT c.id, c.name, o.name,
    count(DISTINCT iif(m.sent_at > ?3, m.id, NULL)),
    count(DISTINCT iif(m.sent_at <= ?3, m.id, NULL))
FROM message_people s
CROSS JOIN messages m ON m.id = s.message_id AND m.is_active = 1 AND m.status <> 'failed'
    AND m.sent_at > ?2 AND m.sent_at <= ?4
CROSS JOIN message_people p ON p.message_id = m.id AND p.contact_id <> s.contact_id
    AND (p.role = 'sender') <> (s.role = 'sender')
CROSS JOIN contacts c ON c.id = p.contact_id AND c.kind = 'person'
LEFT JOIN companies o ON o.id = c.company_id
WHERE s.contact_id = ?1
GROUP BY c.id
"""


@dataclass(frozen=True, slots=True)
class TopRow:
    """A row of the top list as stored."""

    person_id: int
    score: float
    last_contact_at: int
    display_name: str
    organization: str | None
    edge_features: str


class TopQueries:
    """Reads `crm_relationships` as the top list shows it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def top(
        self,
        self_person_id: int,
        start: int,
        end: int,
        wanted: TopFilter,
        own: Iterable[int],
        *,
        limit: int,
        offset: int,
    ) -> tuple[tuple[TopRow, ...], int]:
        """A page of the persons last in contact from `start` to `end` (both inclusive), best
        score first, then latest contact, then id; and how many there are in all.

        The contacts that count as self, `own`, are left out.
        """
        chosen, values = _chosen(self_person_id, start, end, wanted, own)
        total = self._connection.exec_driver_sql(f"SELECT count(*) {chosen}", values).scalar_one()
        rows = self._connection.exec_driver_sql(
            f"SELECT r.person_id, r.score, r.last_contact_at, c.name, o.name, r.edge_features"
            f" {chosen} ORDER BY r.score DESC, r.last_contact_at DESC, r.person_id"
            f" LIMIT {int(limit)} OFFSET {int(offset)}",
            values,
        )
        return tuple(TopRow(*row) for row in rows), int(total)

    def ranked(
        self, self_person_id: int, start: int, end: int, wanted: TopFilter, own: Iterable[int]
    ) -> Iterator[tuple[int, int]]:
        """(id, last contact) of everyone whom `top` would give, in its order."""
        chosen, values = _chosen(self_person_id, start, end, wanted, own)
        return fetch_raw(
            self._connection,
            f"SELECT r.person_id, r.last_contact_at {chosen}"
            " ORDER BY r.score DESC, r.last_contact_at DESC, r.person_id",
            values,
        )

    def rows(self, self_person_id: int, person_ids: Sequence[int]) -> tuple[TopRow, ...]:
        """The rows of these people in the order given; who is not in touch with self is left
        out."""
        rows = fetch_raw(self._connection, _ROWS, (self_person_id, json.dumps(list(person_ids))))
        return tuple(TopRow(*row) for row in rows)

    def reaches_back_to(self, instant: int) -> bool:
        """Whether any message is as old as that."""
        found = self._connection.exec_driver_sql(
            "SELECT 1 FROM messages WHERE sent_at <= ? AND is_active = 1 LIMIT 1", (instant,)
        )
        return found.first() is not None

    def message_counts(
        self, self_person_id: int, before: int, start: int, end: int
    ) -> Sequence[Mover]:
        """How many messages went between self and each person after `start` up to `end`, and
        after `before` up to `start`; people with none in either are left out."""
        rows = fetch_raw(self._connection, _COUNTS, (self_person_id, before, start, end))
        return [Mover(*row) for row in rows]


def _chosen(
    self_person_id: int, start: int, end: int, wanted: TopFilter, own: Iterable[int]
) -> tuple[str, tuple[object, ...]]:
    """The FROM and WHERE of the people on the list, and the values of its parameters."""
    chosen = _CHOSEN
    conditions, values = _conditions(wanted, end)
    for number, condition in enumerate(conditions):
        chosen += condition.replace("?", f"?{5 + number}", 1)
    return chosen, (self_person_id, start, end, json.dumps(sorted(own)), *values)


def _conditions(wanted: TopFilter, end: int) -> tuple[list[str], list[object]]:
    """SQL conditions with one bare `?` each (the decay buckets: none), and its values."""
    conditions: list[str] = []
    values: list[object] = []
    if wanted.company_id is not None:
        conditions.append(" AND c.company_id = ?")
        values.append(wanted.company_id)
    if wanted.tag is not None:
        conditions.append(
            " AND EXISTS (SELECT 1 FROM contact_tags g WHERE g.contact_id = c.id AND g.tag = ?)"
        )
        values.append(wanted.tag)
    if wanted.relationship_type_id is not None:
        conditions.append(_OF_TYPE)
        values.append(wanted.relationship_type_id)
    if wanted.decay_buckets is not None:
        ranges = [_bucket_range(bucket, end) for bucket in sorted(wanted.decay_buckets)]
        conditions.append(f" AND ({' OR '.join(ranges) or '0'})")
    return conditions, values


def _bucket_range(bucket: int, end: int) -> str:
    """The last contacts, counted back from `end`, whose age falls into a decay bucket."""
    conditions = []
    if bucket < len(DECAY_LIMITS_DAYS):
        conditions.append(f"r.last_contact_at >= {end - DECAY_LIMITS_DAYS[bucket] * DAY_S}")
    if bucket > 0:
        conditions.append(f"r.last_contact_at < {end - DECAY_LIMITS_DAYS[bucket - 1] * DAY_S}")
    return f"({' AND '.join(conditions)})"
