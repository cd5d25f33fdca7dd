"""Messages as events between people, and the directional measures derived from them.

`crm_relationships.edge_features` is JSON with the keys of `EdgeFeatures`
(days_since_last_message, messages_30d, distinct_threads_90d, attachments_30d,
avg_reply_latency_seconds or null, messages_90d_in, messages_90d_out, messages_out, replies,
reply_seconds) and `trend`, 13 weekly message counts, oldest first. `score`, `decay_bucket` and the
features are as of the system setting `aggregated_at`; in a row that nothing but time has changed
since, as of an earlier instant, as long as the score is the same to a hundredth and the bucket is.
Whoever shows them counts ages and buckets from `last_contact_at`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any, TypeAlias

from sqlalchemy import Connection

from crm_desktop.domain.interactions import TREND_WEEKS, EdgeFeatures
from crm_desktop.model.bulk import fetch_raw, integer_columns, listed_columns

_FEATURES = tuple(field.name for field in fields(EdgeFeatures))
_COUNTED = "m.is_active = 1 AND m.status <> 'failed' AND m.sent_at IS NOT NULL"
_DELIVERIES = (
    "SELECT DISTINCT m.id, m.conversation_id, m.sent_at, m.attachment_count, s.contact_id,"
    " r.contact_id FROM {source}"
    " CROSS JOIN message_people s ON s.message_id = m.id AND s.role = 'sender'"
    " CROSS JOIN message_people r ON r.message_id = m.id AND r.role <> 'sender'"
    f" WHERE {_COUNTED} AND s.contact_id <> r.contact_id"
)
_ROW = "self_person_id, person_id, score, last_contact_at, decay_bucket, edge_features"
_MESSAGES_PER_READ = 20_000

InteractionRow: TypeAlias = tuple[int, int, float, int, int, str]
"""A row of `crm_relationships` as aggregation wants it stored: self person id, person id, score,
last contact at, decay bucket, text of `edge_features`. A plain tuple, since there are many and
the garbage collector looks into everything else."""


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

    def messages(self) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
        """All messages that count, in runs by id: their ids, threads, times and attachments; and
        message, contact, and 1 for the sender, of everyone in the messages of these ids. int64
        arrays, both by message id.

        Only active, dated messages that did not fail count.
        """
        highest = self._connection.exec_driver_sql(
            "SELECT coalesce(max(id), 0) FROM messages"
        ).scalar_one()
        for first in range(0, highest + 1, _MESSAGES_PER_READ):
            run = (first, first + _MESSAGES_PER_READ)
            yield (
                listed_columns(
                    self._connection,
                    "SELECT group_concat(id), group_concat(conversation_id), group_concat(sent_at),"
                    " group_concat(attachment_count) FROM messages m"
                    f" WHERE id >= ? AND id < ? AND {_COUNTED}",
                    run,
                ),
                listed_columns(
                    self._connection,
                    "SELECT group_concat(message_id), group_concat(contact_id),"
                    " group_concat(role = 'sender') FROM message_people"
                    " WHERE message_id >= ? AND message_id < ?",
                    run,
                ),
            )

    def message_count(self) -> int:
        """How many messages there are, at most."""
        return int(
            self._connection.exec_driver_sql(
                "SELECT coalesce(max(id), 0) FROM messages"
            ).scalar_one()
        )

    def persons(self) -> Any:
        """The ids of all persons, ascending, as an int64 array."""
        return listed_columns(
            self._connection,
            "SELECT group_concat(id) FROM (SELECT id FROM contacts WHERE kind = 'person'"
            " ORDER BY id)",
        )[0]

    def deliveries_in(self, conversation_ids: Iterable[int]) -> tuple[Any, ...]:
        """One row per message of these conversations, sender and receiver, whoever they are, as
        six int64 arrays: message id, conversation id, sent at, attachments, sender id, receiver
        id. A receiver is everyone in the message who did not send it."""
        source = "json_each(?) j CROSS JOIN messages m ON m.conversation_id = j.value"
        return self._deliveries(source, _json(conversation_ids))

    def deliveries_since(self, instant: int) -> tuple[Any, ...]:
        """The same for the messages sent at an instant or later."""
        source = "messages m INDEXED BY idx_messages_sent"
        return self._deliveries(source, instant, " AND m.sent_at >= ?")

    def deliveries_of(self, contact_ids: Iterable[int]) -> tuple[Any, ...]:
        """The same for the messages in which any of these contacts takes part."""
        source = (
            "(SELECT DISTINCT p.message_id FROM json_each(?) j"
            " CROSS JOIN message_people p ON p.contact_id = j.value) o"
            " CROSS JOIN messages m ON m.id = o.message_id"
        )
        return self._deliveries(source, _json(contact_ids))

    def deliveries_between(self, few: int, many: int) -> tuple[Any, ...]:
        """The same for the messages in which both contacts take part. Quicker when the first is
        in fewer messages."""
        source = (
            "(SELECT DISTINCT p.message_id FROM message_people p WHERE p.contact_id = ?"
            " AND EXISTS (SELECT 1 FROM message_people q WHERE q.message_id = p.message_id"
            f" AND q.contact_id = {int(many)})) o CROSS JOIN messages m ON m.id = o.message_id"
        )
        return self._deliveries(source, few)

    def message_counts(self, contact_ids: Iterable[int]) -> dict[int, int]:
        """In how many messages, or a little fewer, each of these contacts takes part."""
        rows = fetch_raw(
            self._connection,
            "SELECT j.value, (SELECT count(*) FROM message_people p WHERE p.contact_id = j.value)"
            " FROM json_each(?) j",
            (_json(contact_ids),),
        )
        return dict(rows)

    def stored(self) -> Iterator[InteractionRow]:
        """All rows by (self person, person). Read them all before the block ends."""
        return fetch_raw(self._connection, f"SELECT {_ROW} FROM crm_relationships ORDER BY 1, 2")

    def count(self) -> int:
        """How many rows there are."""
        return int(
            self._connection.exec_driver_sql("SELECT count(*) FROM crm_relationships").scalar_one()
        )

    def rows_of_pairs(
        self, pairs: Sequence[tuple[int, int]]
    ) -> dict[tuple[int, int], InteractionRow]:
        """The stored rows of these (self person, person) pairs, by pair."""
        rows = fetch_raw(
            self._connection,
            f"SELECT {_ROW} FROM json_each(?) j CROSS JOIN crm_relationships"
            " ON self_person_id = json_extract(j.value, '$[0]')"
            " AND person_id = json_extract(j.value, '$[1]')",
            (_json(pairs),),
        )
        return {(row[0], row[1]): row for row in rows}

    def pairs_of(self, contact_ids: Iterable[int]) -> list[tuple[int, int]]:
        """The (self person, person) pairs of stored rows that one of these contacts is in."""
        rows = fetch_raw(
            self._connection,
            "SELECT self_person_id, person_id FROM json_each(?1) j"
            " CROSS JOIN crm_relationships ON self_person_id = j.value"
            " UNION SELECT self_person_id, person_id FROM json_each(?1) j"
            " CROSS JOIN crm_relationships ON person_id = j.value",
            (_json(contact_ids),),
        )
        return list(rows)

    def ages(self) -> tuple[Any, ...]:
        """Self person, person, last contact, decay bucket, and score in millionths, of all rows,
        as int64 arrays."""
        return integer_columns(
            self._connection,
            "SELECT self_person_id, person_id, last_contact_at, decay_bucket,"
            " CAST(round(score * 1000000) AS INTEGER) FROM crm_relationships",
            5,
        )

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

    def _deliveries(self, source: str, value: object, condition: str = "") -> tuple[Any, ...]:
        return integer_columns(
            self._connection, _DELIVERIES.format(source=source) + condition, 6, (value,)
        )


def _json(values: Iterable[Any]) -> str:
    return json.dumps(list(values))
