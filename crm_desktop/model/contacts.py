"""Contacts and their identifiers: bulk look-ups and inserts, votes, and derived fields."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from crm_desktop.domain.contacts import ContactKind, IdentifierKind, name_key
from crm_desktop.domain.edits import PRIMARY, removed_tag


@dataclass(frozen=True, slots=True)
class NewContact:
    """A row for `contacts` with its first identifier, with the ids they will have."""

    id: int
    identifier_id: int
    identifier_kind: IdentifierKind
    value: str
    raw: str
    name: str
    is_named: bool  # False when `name` is only read from the address
    kind: ContactKind


@dataclass(slots=True)
class Evidence:
    """What imports say of one contact; its derived fields follow from this alone."""

    contact_id: int
    edited_fields: frozenset[str]
    identifiers: list[tuple[int, str, str]] = field(default_factory=list)  # id, kind, value
    votes: dict[str, dict[str, int]] = field(default_factory=dict)  # attribute → value → count
    cards: list[dict[str, object]] = field(default_factory=list)  # oldest first
    photo: bytes | None = None


@dataclass(frozen=True, slots=True)
class DerivedFields:
    """The columns of `contacts` that imports decide, and which identifier is the primary one."""

    name: str
    name_key: str
    kind: ContactKind
    given_name: str | None
    family_name: str | None
    title: str | None
    birthday: str | None
    notes: str | None
    photo: bytes | None
    primary_identifier_id: int | None
    tags: tuple[str, ...]


_DERIVED_COLUMNS = (
    "name",
    "name_key",
    "kind",
    "given_name",
    "family_name",
    "title",
    "birthday",
    "notes",
    "photo",
)


class ContactStore:
    """Reads and writes `contacts`, `contact_identifiers`, `identifier_votes`, `contact_tags`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def resolve(self, kind: IdentifierKind, values: Iterable[str]) -> dict[str, tuple[int, int]]:
        """(identifier_id, contact_id) by canonical value, for those of `values` that are known."""
        rows = self._connection.exec_driver_sql(
            "SELECT i.value, i.id, i.contact_id FROM json_each(?) j"
            " CROSS JOIN contact_identifiers i ON i.kind = ? AND i.value = j.value",
            (json.dumps(list(values)), kind.value),
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def contact_of(self, kind: IdentifierKind, value: str) -> int | None:
        """The contact with this identifier, or None."""
        found = self.resolve(kind, [value])
        return found[value][1] if value in found else None

    def next_ids(self) -> tuple[int, int]:
        """The ids the next contact and the next identifier will have. Only the one writer may
        rely on them, within its transaction. No id is given out twice, those of contacts that
        were joined or deleted included."""
        row = self._connection.exec_driver_sql(
            "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'contacts'), 0) + 1,"
            " coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'contact_identifiers'), 0) + 1"
        ).one()
        return row[0], row[1]

    def insert(self, rows: Sequence[NewContact], import_id: int | None, now: int) -> None:
        """Add contacts with one identifier each."""
        if not rows:
            return
        self._connection.exec_driver_sql(
            "INSERT INTO contacts (id, name, name_key, kind, import_id, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    r.id,
                    r.name,
                    name_key(r.name) if r.is_named else "",
                    r.kind.value,
                    import_id,
                    now,
                    now,
                )
                for r in rows
            ],
        )
        self._connection.exec_driver_sql(
            "INSERT INTO contact_identifiers (id, contact_id, home_contact_id, kind, value, raw,"
            " is_primary, import_id) VALUES (?, ?, ?, ?, ?, ?, 1, ?)",
            [
                (r.identifier_id, r.id, r.id, r.identifier_kind.value, r.value, r.raw, import_id)
                for r in rows
            ],
        )

    def insert_bare(self, contact_id: int, name: str, import_id: int | None, now: int) -> None:
        """Add a contact that has no identifier (yet)."""
        self._connection.exec_driver_sql(
            "INSERT INTO contacts (id, name, name_key, import_id, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (contact_id, name, name_key(name), import_id, now, now),
        )

    def insert_identifiers(
        self, rows: Sequence[tuple[int, int, IdentifierKind, str, str]], import_id: int | None
    ) -> None:
        """Add (id, contact_id, kind, value, raw) identifiers to existing contacts."""
        if rows:
            self._connection.exec_driver_sql(
                "INSERT INTO contact_identifiers (id, contact_id, home_contact_id, kind, value,"
                " raw, import_id) VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6)",
                [(*row[:2], row[2].value, *row[3:], import_id) for row in rows],
            )

    def add_votes(self, import_id: int, votes: Mapping[tuple[int, str, str], int]) -> None:
        """Count (identifier_id, attribute, value) statements of an import."""
        if votes:
            self._connection.exec_driver_sql(
                "INSERT INTO identifier_votes (identifier_id, import_id, attribute, value, count)"
                " VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (identifier_id, import_id, attribute, value)"
                " DO UPDATE SET count = count + excluded.count",
                [(key[0], import_id, key[1], key[2], count) for key, count in votes.items()],
            )

    def touched_by(self, import_id: int) -> list[int]:
        """Contacts about which an import says anything, by id."""
        rows = self._connection.exec_driver_sql(
            "SELECT i.contact_id FROM identifier_votes v"
            " JOIN contact_identifiers i ON i.id = v.identifier_id WHERE v.import_id = ?1"
            " UNION SELECT contact_id FROM cards WHERE import_id = ?1"
            " UNION SELECT id FROM contacts WHERE import_id = ?1 ORDER BY 1",
            (import_id,),
        )
        return [row[0] for row in rows]

    def person_addresses(self) -> list[tuple[int, str]]:
        """(contact_id, address) of every address of a person, the primary one first."""
        rows = self._connection.exec_driver_sql(
            "SELECT c.id, i.value FROM contacts c"
            " JOIN contact_identifiers i ON i.contact_id = c.id AND i.kind = 'email'"
            " WHERE c.kind = 'person' ORDER BY c.id, i.is_primary DESC, i.id"
        )
        return [(row[0], row[1]) for row in rows]

    def derived_companies(self) -> dict[int, int | None]:
        """company_id by contact id, of the contacts whose company the person has not chosen."""
        rows = self._connection.exec_driver_sql(
            "SELECT id, company_id FROM contacts WHERE edited_fields NOT LIKE '%\"company_id\"%'"
        )
        return {row[0]: row[1] for row in rows}

    def save_companies(self, rows: Sequence[tuple[int | None, int]]) -> None:
        """Write (company_id, contact_id) assignments."""
        if rows:
            self._connection.exec_driver_sql(
                "UPDATE contacts SET company_id = ? WHERE id = ?", list(rows)
            )

    def evidence(self, contact_ids: Iterable[int]) -> list[Evidence]:
        """What imports say of each of the contacts that exists."""
        ids = json.dumps(list(contact_ids))
        found = {
            row[0]: Evidence(row[0], frozenset(json.loads(row[1])))
            for row in self._connection.exec_driver_sql(
                "SELECT c.id, c.edited_fields FROM json_each(?) j"
                " CROSS JOIN contacts c ON c.id = j.value",
                (ids,),
            )
        }
        for contact_id, identifier_id, kind, value in self._connection.exec_driver_sql(
            "SELECT i.contact_id, i.id, i.kind, i.value FROM json_each(?) j"
            " CROSS JOIN contact_identifiers i ON i.contact_id = j.value ORDER BY i.id",
            (ids,),
        ):
            found[contact_id].identifiers.append((identifier_id, kind, value))
        votes: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        for contact_id, attribute, value, count in self._connection.exec_driver_sql(
            "SELECT i.contact_id, v.attribute, v.value, sum(v.count) FROM json_each(?) j"
            " CROSS JOIN contact_identifiers i ON i.contact_id = j.value"
            " JOIN identifier_votes v ON v.identifier_id = i.id GROUP BY 1, 2, 3",
            (ids,),
        ):
            votes[contact_id][attribute][value] = count
        for contact_id, attributes in votes.items():
            found[contact_id].votes = attributes
        for contact_id, data, photo in self._connection.exec_driver_sql(
            "SELECT k.contact_id, k.data, k.photo FROM json_each(?) j"
            " CROSS JOIN cards k ON k.contact_id = j.value ORDER BY k.id",
            (ids,),
        ):
            found[contact_id].cards.append(json.loads(data))
            if photo is not None:
                found[contact_id].photo = photo
        return list(found.values())

    def save_derived(self, rows: Sequence[tuple[Evidence, DerivedFields]]) -> None:
        """Write derived fields back, except those the person has edited."""
        for edited, group in _by_edited_fields(rows).items():
            columns = [c for c in _DERIVED_COLUMNS if c not in edited]
            if "name" in edited:
                columns.remove("name_key")
            assignments = ", ".join(f"{column} = ?" for column in columns)
            if columns:
                self._connection.exec_driver_sql(
                    f"UPDATE contacts SET {assignments} WHERE id = ?",
                    [
                        (*(getattr(derived, c) for c in columns), evidence.contact_id)
                        for evidence, derived in group
                    ],
                )
        undecided = self._without_primary(
            [evidence.contact_id for evidence, _ in rows if PRIMARY in evidence.edited_fields]
        )
        primary = [
            (derived.primary_identifier_id, evidence.contact_id)
            for evidence, derived in rows
            if evidence.identifiers
            and (PRIMARY not in evidence.edited_fields or evidence.contact_id in undecided)
        ]
        if primary:
            self._connection.exec_driver_sql(
                "UPDATE contact_identifiers SET is_primary = (id IS ?1)"
                " WHERE contact_id = ?2 AND is_primary <> (id IS ?1)",
                primary,
            )
        self._save_tags(rows)

    def _without_primary(self, contact_ids: Sequence[int]) -> set[int]:
        """Those of the contacts whose chosen primary identifier is theirs no more."""
        rows = self._connection.exec_driver_sql(
            "SELECT j.value FROM json_each(?) j WHERE (SELECT count(*) FROM contact_identifiers i"
            " WHERE i.contact_id = j.value AND i.is_primary) <> 1",
            (json.dumps(contact_ids),),
        )
        return {row[0] for row in rows}

    def _save_tags(self, rows: Sequence[tuple[Evidence, DerivedFields]]) -> None:
        ids = json.dumps([evidence.contact_id for evidence, _ in rows])
        self._connection.exec_driver_sql(
            "DELETE FROM contact_tags WHERE source = 'imported'"
            " AND contact_id IN (SELECT value FROM json_each(?))",
            (ids,),
        )
        tags = [
            (evidence.contact_id, tag)
            for evidence, derived in rows
            for tag in derived.tags
            if removed_tag(tag) not in evidence.edited_fields
        ]
        if tags:
            self._connection.exec_driver_sql(
                "INSERT OR IGNORE INTO contact_tags (contact_id, tag, source)"
                " SELECT ?1, ?2, 'imported' WHERE NOT EXISTS (SELECT 1 FROM contact_tags"
                "  WHERE contact_id = ?1 AND tag = ?2 COLLATE NOCASE AND source = 'manual')",
                tags,
            )

    def self_candidates(self, limit: int) -> list[tuple[str, str, int, int]]:
        """Addresses that may be the person's own: (address, name, messages sent, messages
        received or delivered to it), the one in most messages first."""
        rows = self._connection.exec_driver_sql(
            "SELECT i.value, c.name, s.sent, max(s.received, coalesce(d.delivered, 0))"
            " FROM (SELECT identifier_id, sum(role = 'sender') AS sent,"
            "       sum(role IN ('recipient', 'cc')) AS received"
            "       FROM message_people GROUP BY identifier_id) s"
            " JOIN contact_identifiers i ON i.id = s.identifier_id AND i.kind = 'email'"
            " JOIN contacts c ON c.id = i.contact_id AND c.kind = 'person'"
            " LEFT JOIN (SELECT identifier_id, sum(count) AS delivered FROM identifier_votes"
            "       WHERE attribute = 'delivered' GROUP BY identifier_id) d"
            "   ON d.identifier_id = i.id"
            " ORDER BY 3 * coalesce(d.delivered, 0) + s.sent + s.received DESC, i.id LIMIT ?",
            (limit,),
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]


def _by_edited_fields(
    rows: Sequence[tuple[Evidence, DerivedFields]],
) -> dict[frozenset[str], list[tuple[Evidence, DerivedFields]]]:
    groups: dict[frozenset[str], list[tuple[Evidence, DerivedFields]]] = defaultdict(list)
    for row in rows:
        groups[row[0].edited_fields].append(row)
    return groups
