"""The relationships that address-book cards name, as far as they are of source imported.

`properties` of such a row is JSON with the key card: the id of the card that says so. A row that
the person has touched keeps its words, and becomes their own when no card says so any more.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crm_desktop.base.clock import now_seconds
from crm_desktop.domain.relationships import RelationshipType
from crm_desktop.model.bulk import fetch_raw
from crm_desktop.model.relationship_types import RelationshipTypeStore

_PERSON = "SELECT 1 FROM contacts c WHERE c.kind = 'person' AND c.id = "


@dataclass(frozen=True, slots=True)
class Employment:
    """What a contact's newest card that names an organisation says."""

    card_id: int
    import_id: int | None
    contact_id: int
    organization: str
    title: str | None


@dataclass(frozen=True, slots=True)
class NamedRelation:
    """Somebody, named in any way, whom a card says its owner is related to."""

    card_id: int
    import_id: int | None
    contact_id: int
    owner: str
    word: str
    value: str


@dataclass(frozen=True, slots=True)
class CardRelationship:
    """A relationship as cards want it stored."""

    type_id: str
    from_entity_id: int
    to_entity_id: int
    card_id: int
    import_id: int | None
    description: str | None

    @property
    def key(self) -> tuple[str, int, int]:
        """What makes it one and the same relationship."""
        return self.type_id, self.from_entity_id, self.to_entity_id


class CardRelationshipStore:
    """Reads cards for their relationships; reads and writes the rows that follow from them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def exist(self) -> bool:
        """Whether there is any card."""
        found = self._connection.exec_driver_sql("SELECT 1 FROM cards LIMIT 1")
        return found.first() is not None

    def employments(self) -> list[Employment]:
        """Where persons work, except those of whom a person said it."""
        rows = fetch_raw(
            self._connection,
            "SELECT max(k.id), k.import_id, k.contact_id, json_extract(k.data, '$.organization'),"
            " json_extract(k.data, '$.title') FROM cards k JOIN contacts c ON c.id = k.contact_id"
            " WHERE json_extract(k.data, '$.organization') <> '' AND c.kind = 'person'"
            " AND NOT EXISTS (SELECT 1 FROM json_each(c.edited_fields)"
            "   WHERE value = 'company_id') GROUP BY k.contact_id ORDER BY 1",
        )
        return [Employment(*row) for row in rows]

    def relations(self) -> list[NamedRelation]:
        """Whom cards of persons name, in the order of the cards."""
        rows = fetch_raw(
            self._connection,
            "SELECT k.id, k.import_id, k.contact_id, c.name, json_extract(r.value, '$[0]'),"
            " json_extract(r.value, '$[1]') FROM cards k JOIN contacts c ON c.id = k.contact_id,"
            " json_each(k.data, '$.related') r WHERE c.kind = 'person' ORDER BY k.id, r.key",
        )
        return [NamedRelation(*row) for row in rows]

    def by_uid(self, uids: Collection[str]) -> dict[str, int]:
        """The person of the newest card with each of these UIDs, which are in small letters."""
        rows = self._connection.exec_driver_sql(
            "SELECT lower(k.uid), k.contact_id FROM cards k JOIN contacts c ON c.id = k.contact_id"
            " WHERE k.uid <> '' AND c.kind = 'person'"
            " AND lower(k.uid) IN (SELECT value FROM json_each(?)) ORDER BY k.id",
            (json.dumps(sorted(uids)),),
        )
        return {row[0]: row[1] for row in rows}

    def by_name_key(self, keys: Collection[str]) -> dict[str, list[int]]:
        """The persons of each of these comparable names, by id."""
        rows = self._connection.exec_driver_sql(
            "SELECT c.name_key, c.id FROM json_each(?) j CROSS JOIN contacts c"
            " ON c.name_key = j.value AND c.kind = 'person' ORDER BY c.id",
            (json.dumps(sorted(keys)),),
        )
        found: dict[str, list[int]] = {}
        for key, contact_id in rows:
            found.setdefault(key, []).append(contact_id)
        return found

    def persons(self, contact_ids: Iterable[int]) -> dict[int, str]:
        """The comparable names of those of these contacts that are persons, by id, ascending."""
        rows = fetch_raw(
            self._connection,
            "SELECT c.id, c.name_key FROM json_each(?) j CROSS JOIN contacts c"
            " ON c.id = j.value AND c.kind = 'person' ORDER BY c.id",
            (json.dumps(sorted(contact_ids)),),
        )
        return dict(rows)

    def decided(self, decision: str) -> list[tuple[int, int]]:
        """The pairs of contacts that the person said are "same" or "different"."""
        rows = self._connection.exec_driver_sql(
            "SELECT low_contact_id, high_contact_id FROM identity_decisions WHERE decision = ?"
            " ORDER BY 1, 2",
            (decision,),
        )
        return [(row[0], row[1]) for row in rows]

    def stored(self) -> dict[int, tuple[CardRelationship, bool]]:
        """The rows that follow from cards by id, and whether the person has touched each."""
        rows = fetch_raw(
            self._connection,
            "SELECT id, updated_by IS NOT NULL, relationship_type_id, from_entity_id,"
            " to_entity_id, json_extract(properties, '$.card'), import_id, description"
            " FROM relationships WHERE source = 'imported'"
            " AND json_extract(properties, '$.card') IS NOT NULL",
        )
        return {row[0]: (CardRelationship(*row[2:]), bool(row[1])) for row in rows}

    def taken(self, type_ids: Collection[str]) -> set[tuple[str, int, int]]:
        """Type and ends of what the person, or another import, says of these types, and of what
        the person does not want to hear of."""
        ids = json.dumps(sorted(type_ids))
        rows = fetch_raw(
            self._connection,
            "SELECT relationship_type_id, from_entity_id, to_entity_id FROM relationships"
            " WHERE relationship_type_id IN (SELECT value FROM json_each(?1))"
            " AND (source <> 'imported' OR json_extract(properties, '$.card') IS NULL)"
            " UNION ALL SELECT relationship_type_id, from_entity_id, to_entity_id"
            " FROM relationship_decisions WHERE decision = 'rejected'"
            " AND relationship_type_id IN (SELECT value FROM json_each(?1))",
            (ids,),
        )
        return {(row[0], row[1], row[2]) for row in rows}

    def add(self, rows: Sequence[CardRelationship], type_: RelationshipType) -> None:
        """Add rows of a type, except what has been entered, decided or lost an end meanwhile."""
        now = now_seconds()
        kinds = (str(type_.from_entity_type), str(type_.to_entity_type))
        ends = " AND ".join(
            f"EXISTS ({_PERSON}{place})"
            if kind == "contact"
            else f"EXISTS (SELECT 1 FROM companies c WHERE c.id = {place})"
            for kind, place in zip(kinds, ("?2", "?3"), strict=True)
        )
        self._connection.exec_driver_sql(
            "INSERT INTO relationships (relationship_type_id, from_entity_type, from_entity_id,"
            " to_entity_type, to_entity_id, source, properties, import_id, description,"
            f" created_at, updated_at) SELECT ?1, '{kinds[0]}', ?2, '{kinds[1]}', ?3, 'imported',"
            f" json_object('card', ?4), ?5, ?6, {now}, {now}"
            " WHERE EXISTS (SELECT 1 FROM cards k WHERE k.id = ?4)"
            " AND EXISTS (SELECT 1 FROM relationship_types t WHERE t.id = ?1)"
            f" AND {ends} AND NOT EXISTS (SELECT 1 FROM relationship_decisions d"
            "  WHERE d.from_entity_id = ?2 AND d.to_entity_id = ?3"
            "  AND d.relationship_type_id = ?1 AND d.decision = 'rejected')"
            " ON CONFLICT (from_entity_id, to_entity_id, relationship_type_id) DO NOTHING",
            [(*row.key, row.card_id, row.import_id, row.description) for row in rows],
        )

    def change(self, rows: Sequence[tuple[int, CardRelationship]]) -> None:
        """Let rows, by id, say what their cards say now; the words of touched ones stay."""
        self._connection.exec_driver_sql(
            "UPDATE relationships SET properties = json_object('card', ?1), import_id = ?2,"
            " description = CASE WHEN updated_by IS NULL THEN ?3 ELSE description END,"
            f" updated_at = {now_seconds()} WHERE id = ?4 AND source = 'imported'",
            [(row.card_id, row.import_id, row.description, id_) for id_, row in rows],
        )

    def drop(self, ids: Iterable[int]) -> None:
        """Delete rows of which no card speaks any more, or leave them to the person who has
        touched them."""
        marks = (json.dumps(sorted(ids)),)
        self._connection.exec_driver_sql(
            "DELETE FROM relationships WHERE source = 'imported' AND updated_by IS NULL"
            " AND id IN (SELECT value FROM json_each(?))",
            marks,
        )
        self._connection.exec_driver_sql(
            "UPDATE relationships SET source = 'manual', properties = NULL, import_id = NULL,"
            " created_by = updated_by WHERE source = 'imported'"
            " AND id IN (SELECT value FROM json_each(?))",
            marks,
        )

    def add_type(self, type_: RelationshipType) -> None:
        """Add a type that cards need, unless it is there; under a longer name if its own is
        taken."""
        types = RelationshipTypeStore(self._connection)
        if types.get(type_.id) is not None:
            return
        is_taken = types.get_by_name(type_.name) is not None
        now = now_seconds()
        self._connection.exec_driver_sql(
            "INSERT OR IGNORE INTO relationship_types (id, name, from_entity_type, to_entity_type,"
            " forward_label, reverse_label, is_system, description, color_index, created_at,"
            " updated_at) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)",
            (
                *(type_.id, f"{type_.name} (address book)" if is_taken else type_.name),
                *(str(type_.from_entity_type), str(type_.to_entity_type)),
                *(type_.forward_label, type_.reverse_label, type_.description),
                *(type_.color_index, now, now),
            ),
        )

    def drop_unused_types(self, ids: Collection[str]) -> int:
        """Delete those of these types that nothing uses, no decision names and nobody has changed;
        how many that were."""
        return self._connection.exec_driver_sql(
            "DELETE FROM relationship_types WHERE updated_by IS NULL"
            " AND id IN (SELECT value FROM json_each(?)) AND NOT EXISTS (SELECT 1"
            "  FROM relationships r WHERE r.relationship_type_id = relationship_types.id)"
            " AND NOT EXISTS (SELECT 1 FROM relationship_decisions d"
            "  WHERE d.relationship_type_id = relationship_types.id)",
            (json.dumps(sorted(ids)),),
        ).rowcount
