"""Messages as events between people, and the directional measures derived from them.

`crm_relationships.edge_features` is JSON with the keys of `EdgeFeatures`
(days_since_last_message, messages_30d, distinct_threads_90d, attachments_30d,
avg_reply_latency_seconds or null, messages_90d_in, messages_90d_out, messages_out) and `trend`,
13 weekly message counts, oldest first. `score`, `decay_bucket` and the features are as of
`updated_at`, or as of the system setting `aggregated_at` where nothing changed since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from sqlalchemy import Connection

from crm_desktop.domain.interactions import TREND_WEEKS, EdgeFeatures
from crm_desktop.model.bulk import change_stamp, fetch_raw, integer_columns

_FEATURES = tuple(field.name for field in fields(EdgeFeatures))


InteractionRow: TypeAlias = tuple[int, int, float, int, int, str]
"""A row of `crm_relationships` as aggregation wants it stored: self person id, person id, score,
last contact at, decay bucket, text of `edge_features`. A plain tuple, since there are many and
the garbage collector looks into everything else."""


@dataclass(frozen=True, slots=True)
class InteractionChanges:
    """What must be written so that the stored rows are exactly those wanted."""

    inserts: tuple[InteractionRow, ...]
    updates: tuple[InteractionRow, ...]
    deletes: tuple[tuple[int, int], ...]


def edge_features_json(features: EdgeFeatures, trend: Sequence[int]) -> str:
    """The text of `edge_features` for these measures and this weekly trend."""
    latency = features.avg_reply_latency_seconds
    # Spelt out because an archive has hundreds of thousands of these.
    return (
        f'{{"days_since_last_message":{features.days_since_last_message!r},'
        f'"messages_30d":{features.messages_30d},'
        f'"distinct_threads_90d":{features.distinct_threads_90d},'
        f'"attachments_30d":{features.attachments_30d},'
        f'"avg_reply_latency_seconds":{"null" if latency is None else repr(latency)},'
        f'"messages_90d_in":{features.messages_90d_in},'
        f'"messages_90d_out":{features.messages_90d_out},'
        f'"messages_out":{features.messages_out},'
        f'"trend":[{",".join(map(str, trend))}]}}'
    )


def edge_features_from_json(text: str) -> tuple[EdgeFeatures, tuple[int, ...]]:
    """The measures and the weekly trend (13 counts, oldest first) of a stored row.

    Keys that this version does not know are ignored; a missing trend reads as silence.
    """
    values = json.loads(text)
    trend = tuple(values.get("trend") or (0,) * TREND_WEEKS)
    return EdgeFeatures(**{name: values[name] for name in _FEATURES if name in values}), trend


class InteractionStore:
    """Reads message events; reads and writes `crm_relationships`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def change_stamp(self) -> tuple[int, int]:
        """See `bulk.change_stamp`."""
        return change_stamp(self._connection)

    def deliveries(self) -> tuple[Any, ...]:
        """One row per message, sender and receiver, both persons, as six int64 arrays: message
        id, conversation id, sent at, attachments, sender id, receiver id.

        Only active, dated messages that did not fail. A receiver is everyone in the message who
        did not send it.
        """
        return integer_columns(
            self._connection,
            "SELECT m.id, m.conversation_id, m.sent_at, m.attachment_count,"
            " s.contact_id, r.contact_id FROM messages m"
            " CROSS JOIN message_people s ON s.message_id = m.id AND s.role = 'sender'"
            " CROSS JOIN message_people r ON r.message_id = m.id AND r.role <> 'sender'"
            " CROSS JOIN contacts cs ON cs.id = s.contact_id AND cs.kind = 'person'"
            " CROSS JOIN contacts cr ON cr.id = r.contact_id AND cr.kind = 'person'"
            " WHERE m.is_active = 1 AND m.status <> 'failed' AND m.sent_at IS NOT NULL"
            " AND s.contact_id <> r.contact_id",
            6,
        )

    def changes(self, wanted: Iterable[InteractionRow]) -> InteractionChanges:
        """How the stored rows differ from those wanted."""
        stored: dict[tuple[int, int], tuple[float, int, int, str]] = {
            (row[0], row[1]): row[2:]
            for row in fetch_raw(
                self._connection,
                "SELECT self_person_id, person_id, score, last_contact_at, decay_bucket,"
                " edge_features FROM crm_relationships",
            )
        }
        inserts: list[InteractionRow] = []
        updates: list[InteractionRow] = []
        for row in wanted:
            before = stored.pop(row[:2], None)
            if before is None:
                inserts.append(row)
            elif before != row[2:]:
                updates.append(row)
        return InteractionChanges(tuple(inserts), tuple(updates), tuple(stored))

    def upsert(self, rows: Sequence[InteractionRow], now: int) -> None:
        """Store these rows in place of those of the same pairs.

        A pair of which a contact has gone meanwhile is left out.
        """
        if rows:
            self._connection.exec_driver_sql(
                "INSERT INTO crm_relationships (self_person_id, person_id, score, last_contact_at,"
                " decay_bucket, edge_features, updated_at) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7"
                " WHERE EXISTS (SELECT 1 FROM contacts WHERE id = ?1)"
                " AND EXISTS (SELECT 1 FROM contacts WHERE id = ?2)"
                " ON CONFLICT (self_person_id, person_id) DO UPDATE SET score = excluded.score,"
                " last_contact_at = excluded.last_contact_at,"
                " decay_bucket = excluded.decay_bucket, edge_features = excluded.edge_features,"
                " updated_at = excluded.updated_at",
                [(*row, now) for row in rows],
            )

    def delete(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Delete the rows of these (self person, person) pairs."""
        if pairs:
            self._connection.exec_driver_sql(
                "DELETE FROM crm_relationships WHERE self_person_id = ? AND person_id = ?",
                list(pairs),
            )

    def features(self, self_person_id: int, person_id: int) -> tuple[int, str] | None:
        """Last contact (epoch seconds UTC) and the text of `edge_features` of one pair, or
        None."""
        row = self._connection.exec_driver_sql(
            "SELECT last_contact_at, edge_features FROM crm_relationships"
            " WHERE self_person_id = ? AND person_id = ?",
            (self_person_id, person_id),
        ).first()
        return None if row is None else (row[0], row[1])

    def contact_exists(self, contact_id: int) -> bool:
        """Whether there is a contact with this id."""
        return (
            self._connection.exec_driver_sql(
                "SELECT 1 FROM contacts WHERE id = ?", (contact_id,)
            ).first()
            is not None
        )

    def identifiers(self, contact_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
        """(kind, canonical value) of each contact's addresses and numbers, primary ones first."""
        found: dict[int, list[tuple[str, str]]] = {}
        for contact_id, kind, value in self._connection.exec_driver_sql(
            "SELECT i.contact_id, i.kind, i.value FROM json_each(?) j"
            " CROSS JOIN contact_identifiers i ON i.contact_id = j.value"
            " ORDER BY i.is_primary DESC, i.id",
            (json.dumps(list(contact_ids)),),
        ):
            found.setdefault(contact_id, []).append((kind, value))
        return found
