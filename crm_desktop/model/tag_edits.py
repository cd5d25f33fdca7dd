"""The tags that the person puts on contacts and takes off them, many at once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from crm_desktop.base.clock import now_seconds
from crm_desktop.domain.edits import marks_json, marks_of


class TagEditStore:
    """Writes `contact_tags` as the person says, and remembers what they took off."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def held(self, contact_ids: Collection[int]) -> dict[int, dict[str, str]]:
        """By contact, where each of its tags comes from: "manual" or "imported"."""
        found: dict[int, dict[str, str]] = defaultdict(dict)
        for contact_id, tag, source in self._connection.exec_driver_sql(
            "SELECT t.contact_id, t.tag, t.source FROM json_each(?) j"
            " CROSS JOIN contact_tags t ON t.contact_id = j.value",
            (json.dumps(list(contact_ids)),),
        ):
            found[contact_id][tag] = source
        return found

    def on_cards(self, contact_ids: Collection[int]) -> dict[int, set[str]]:
        """By contact, the tags its cards name, in small letters; those taken off included."""
        found: dict[int, set[str]] = defaultdict(set)
        for contact_id, tag in self._connection.exec_driver_sql(
            "SELECT k.contact_id, t.value FROM json_each(?) j"
            " CROSS JOIN cards k ON k.contact_id = j.value, json_each(k.data, '$.categories') t",
            (json.dumps(list(contact_ids)),),
        ):
            found[contact_id].add(str(tag).casefold())
        return found

    def put(self, rows: Sequence[tuple[int, str]]) -> None:
        """Put (contact, tag) in place, or make such a tag that was imported the person's own."""
        if rows:
            self._connection.exec_driver_sql(
                "INSERT INTO contact_tags (contact_id, tag, source) VALUES (?, ?, 'manual')"
                " ON CONFLICT (contact_id, tag) DO UPDATE SET source = 'manual'",
                list(rows),
            )

    def take(self, rows: Sequence[tuple[int, str]]) -> None:
        """Take these (contact, tag) away."""
        if rows:
            self._connection.exec_driver_sql(
                "DELETE FROM contact_tags WHERE contact_id = ? AND tag = ?", list(rows)
            )

    def marks(self, contact_ids: Collection[int]) -> dict[int, frozenset[str]]:
        """What is remembered of the person's edits of each contact; see domain.edits."""
        rows = self._connection.exec_driver_sql(
            "SELECT c.id, c.edited_fields FROM json_each(?) j"
            " CROSS JOIN contacts c ON c.id = j.value",
            (json.dumps(list(contact_ids)),),
        )
        return {row[0]: marks_of(row[1]) for row in rows}

    def save_marks(self, marks: Mapping[int, frozenset[str]]) -> None:
        """Remember exactly these marks of each of the contacts."""
        if marks:
            now = now_seconds()
            self._connection.exec_driver_sql(
                "UPDATE contacts SET edited_fields = ?, updated_by = 1, updated_at = ?"
                " WHERE id = ?",
                [(marks_json(wanted), now, contact_id) for contact_id, wanted in marks.items()],
            )
