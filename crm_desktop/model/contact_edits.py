"""What the person writes about contacts, remembered so that imports leave it alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import UserError
from crm_desktop.domain.contacts import name_key
from crm_desktop.domain.edits import marks_json, marks_of

COLUMNS = (
    *("name", "given_name", "family_name", "company_id", "title", "kind", "birthday"),
    *("cadence_days", "notes", "photo"),
)
"""The columns of `contacts` that a person edits."""


class ContactEditStore:
    """Writes `contacts` and `identity_decisions` as the person says."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def values(self, contact_id: int) -> dict[str, object]:
        """The columns a person edits. Raises UserError when the contact is gone."""
        row = self._connection.exec_driver_sql(
            f"SELECT {', '.join(COLUMNS)} FROM contacts WHERE id = ?", (contact_id,)
        ).first()
        if row is None:
            raise UserError("This contact is no longer there. Choose another.")
        return dict(zip(COLUMNS, row, strict=True))

    def names(self, contact_ids: Iterable[int]) -> dict[int, str]:
        """Names by id, in the order given. Raises UserError when one of them is gone."""
        ids = list(dict.fromkeys(contact_ids))
        rows = self._connection.exec_driver_sql(
            "SELECT c.id, c.name FROM json_each(?) j CROSS JOIN contacts c ON c.id = j.value"
            " ORDER BY j.key",
            (json.dumps(ids),),
        )
        found = {row[0]: row[1] for row in rows}
        if len(found) < len(ids):
            raise UserError(
                "This contact is no longer there. Choose another."
                if len(ids) == 1
                else "Some of these contacts are no longer there. Choose again."
            )
        return found

    def add(self, name: str, values: Mapping[str, object], marks: Iterable[str]) -> int:
        """The id of a new contact that belongs to no import."""
        now = now_seconds()
        columns = {
            **values,
            "name": name,
            "name_key": name_key(name),
            "edited_fields": marks_json(marks),
            "created_by": 1,
            "updated_by": 1,
            "created_at": now,
            "updated_at": now,
        }
        return int(
            self._connection.exec_driver_sql(
                f"INSERT INTO contacts ({', '.join(columns)})"
                f" VALUES ({', '.join('?' * len(columns))}) RETURNING id",
                tuple(columns.values()),
            ).scalar_one()
        )

    def change(self, contact_id: int, values: Mapping[str, object]) -> None:
        """Set these columns and remember that the person did."""
        columns = dict(values)
        if "name" in columns:
            columns["name_key"] = name_key(str(columns["name"]))
        self._update(contact_id, columns, self.marks(contact_id) | set(values))

    def marks(self, contact_id: int) -> frozenset[str]:
        """What is remembered of the person's edits; see domain.edits."""
        text = self._connection.exec_driver_sql(
            "SELECT edited_fields FROM contacts WHERE id = ?", (contact_id,)
        ).scalar_one()
        return marks_of(text)

    def remember(
        self, contact_id: int, marks: Iterable[str] = (), forget: Iterable[str] = ()
    ) -> None:
        """Add marks and drop those to `forget`; nothing is written when that changes nothing."""
        known = self.marks(contact_id)
        wanted = (known | set(marks)) - set(forget)
        if wanted != known:
            self._update(contact_id, {}, wanted)

    def _update(self, contact_id: int, columns: Mapping[str, object], marks: Iterable[str]) -> None:
        written = {
            **columns,
            "edited_fields": marks_json(marks),
            "updated_by": 1,
            "updated_at": now_seconds(),
        }
        self._connection.exec_driver_sql(
            f"UPDATE contacts SET {', '.join(f'{name} = ?' for name in written)} WHERE id = ?",
            (*written.values(), contact_id),
        )

    def message_counts(self, contact_ids: Iterable[int]) -> dict[int, int]:
        """In how many messages, or failing that conversations, each takes part; 0 is left out."""
        rows = self._connection.exec_driver_sql(
            "SELECT j.value, coalesce(nullif("
            " (SELECT count(DISTINCT message_id) FROM message_people WHERE contact_id = j.value),"
            " 0), (SELECT count(*) FROM conversation_participants WHERE contact_id = j.value))"
            " FROM json_each(?) j ORDER BY j.key",
            (json.dumps(list(contact_ids)),),
        )
        return {row[0]: row[1] for row in rows if row[1]}

    def delete(self, contact_ids: Sequence[int]) -> int:
        """Delete contacts with everything that is only about them; how many that were."""
        ids = (json.dumps(list(contact_ids)),)
        for statement in _DELETIONS:
            self._connection.exec_driver_sql(statement, ids)
        return self._connection.exec_driver_sql(
            "DELETE FROM contacts WHERE id IN (SELECT value FROM json_each(?))", ids
        ).rowcount

    def decide(self, low: int, high: int, decision: str | None) -> None:
        """Keep that two contacts are the "same" person or "different" ones; None forgets it."""
        if decision is None:
            self._connection.exec_driver_sql(
                "DELETE FROM identity_decisions WHERE low_contact_id = ? AND high_contact_id = ?",
                (low, high),
            )
            return
        self._connection.exec_driver_sql(
            "INSERT INTO identity_decisions (low_contact_id, high_contact_id, decision, created_at)"
            " VALUES (?, ?, ?, ?) ON CONFLICT (low_contact_id, high_contact_id)"
            " DO UPDATE SET decision = excluded.decision, created_at = excluded.created_at"
            " WHERE decision <> excluded.decision",
            (low, high, decision, now_seconds()),
        )


_MARKED = "(SELECT value FROM json_each(?1))"
_DELETIONS = (
    "DELETE FROM relationships WHERE (from_entity_type = 'contact'"
    f" AND from_entity_id IN {_MARKED}) OR (to_entity_type = 'contact'"
    f" AND to_entity_id IN {_MARKED})",
    "DELETE FROM relationship_decisions WHERE EXISTS (SELECT 1 FROM relationship_types t"
    " WHERE t.id = relationship_type_id"
    f" AND (t.from_entity_type = 'contact' AND from_entity_id IN {_MARKED}"
    f"  OR t.to_entity_type = 'contact' AND to_entity_id IN {_MARKED}))",
    f"DELETE FROM graph_positions WHERE entity_type = 'contact' AND entity_id IN {_MARKED}",
)
"""What names contacts without being tied to them."""
