"""The conversations that two people share, as inference counts them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from crm_desktop.model.bulk import fetch_raw

# Who counts as whom is what it was when relationships were last found.
_SHARED = """
SELECT j.value, min(p.first_seen_at), max(p.last_seen_at),
    sum(iif(p.contact_id IN (SELECT value FROM json_each(?2)), p.communication_count, 0)),
    sum(iif(p.contact_id IN (SELECT value FROM json_each(?3)), p.communication_count, 0))
FROM json_each(?1) j
CROSS JOIN conversation_participants p ON p.conversation_id = j.value
WHERE (p.contact_id IN (SELECT value FROM json_each(?2))
        OR p.contact_id IN (SELECT value FROM json_each(?3)))
    AND (SELECT count(DISTINCT coalesce(n.person_id, q.contact_id))
        FROM conversation_participants q
        LEFT JOIN inference_people n ON n.contact_id = q.contact_id
        WHERE q.conversation_id = j.value AND coalesce(n.person_id, 1) <> 0) <= ?4
GROUP BY j.value
"""

SharedRow = tuple[int, int | None, int | None, int, int]
"""Conversation id, first and last time of either side, messages sent by each side."""


class EvidenceQueries:
    """Reads what two groups of contacts share."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def shared(
        self,
        conversation_ids: Iterable[int],
        one: Collection[int],
        other: Collection[int],
        max_participants: int,
    ) -> list[SharedRow]:
        """What the two sides did in these conversations, in no particular order; those with more
        people than `max_participants` do not count."""
        rows = fetch_raw(
            self._connection,
            _SHARED,
            (
                json.dumps(list(conversation_ids)),
                json.dumps(sorted(one)),
                json.dumps(sorted(other)),
                max_participants,
            ),
        )
        return list(rows)
