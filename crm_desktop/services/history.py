"""The history of a contact or company in words: names instead of ids, labels instead of codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from crm_desktop.domain.contacts import ContactKind
from crm_desktop.domain.history import FieldChange, HistoryEntry, HistoryLine, HistoryRecord
from crm_desktop.domain.relationships import EntityKind, RelationshipType

if TYPE_CHECKING:
    from crm_desktop.base.jobs import CancelToken
    from crm_desktop.services.access import Access

Entity: TypeAlias = tuple[EntityKind, int]

_FIELDS = {
    ("contacts", "name"): "Name",
    ("contacts", "given_name"): "Given name",
    ("contacts", "family_name"): "Family name",
    ("contacts", "company_id"): "Company",
    ("contacts", "title"): "Title",
    ("contacts", "kind"): "Kind",
    ("contacts", "birthday"): "Birthday",
    ("contacts", "cadence_days"): "Rhythm",
    ("contacts", "notes"): "Notes",
    ("contacts", "photo"): "Photo",
    ("companies", "name"): "Name",
    ("companies", "domain"): "Domain",
    ("companies", "notes"): "Notes",
    ("contact_tags", "tag"): "Tag",
}
_RELATIONSHIP_FIELDS = {
    "source": "Source",
    "description": "Description",
    "attitude": "Attitude",
    "proximity": "Closeness",
    "started_on": "Since",
    "ended_on": "Until",
}
_KINDS = {
    ContactKind.PERSON: "Person",
    ContactKind.ROLE: "Shared address",
    ContactKind.LIST: "Mailing list",
    ContactKind.BOT: "Automatic sender",
}
_ATTITUDES = ("Very negative", "Negative", "Neutral", "Positive", "Very positive")
_PROXIMITIES = ("Distant", "Acquainted", "Familiar", "Close", "Very close")
_SOURCES = {
    "manual": "entered by you",
    "inferred": "found in messages",
    "imported": "from an address book",
}
_GONE = {
    EntityKind.CONTACT: "somebody who is gone",
    EntityKind.COMPANY: "a company that is gone",
}


def entity_history(
    access: Access,
    entity_type: EntityKind | str,
    entity_id: int,
    *,
    limit: int = 100,
    token: CancelToken | None = None,
) -> tuple[HistoryRecord, ...]:
    """What commands changed about a contact or company, newest first, at most `limit` of them."""
    entity = EntityKind(entity_type), entity_id
    with access.read(token) as store:
        entries = store.history.of(*entity, limit=limit)
        types = {type_.id: type_ for type_ in store.relationship_types.list()}
        names = store.history.names(_named(entries))
    words = _Words(entity, names, types)
    return tuple(
        HistoryRecord(entry.id, entry.label, entry.changed_at, tuple(words.lines(entry.changes)))
        for entry in entries
    )


def _named(entries: Iterable[HistoryEntry]) -> Iterator[Entity]:
    """Everyone whose name the entries need."""
    for entry in entries:
        for change in entry.changes:
            if change.table.startswith("relationship") and change.subject:
                yield from _ends(change.subject)
            elif change.field in ("company_id", "contact_id"):
                kind = EntityKind(change.field.removesuffix("_id"))
                yield from ((kind, int(v)) for v in (change.before, change.after) if v)


def _ends(subject: str) -> tuple[Entity, Entity]:
    first, second = (end.partition(":") for end in subject.split(" ")[1:3])
    return (EntityKind(first[0]), int(first[2])), (EntityKind(second[0]), int(second[2]))


class _Words:
    """Puts changes of one contact or company into words."""

    def __init__(
        self, entity: Entity, names: dict[Entity, str], types: dict[str, RelationshipType]
    ) -> None:
        self._entity = entity
        self._names = names
        self._types = types

    def lines(self, changes: Iterable[FieldChange]) -> Iterator[HistoryLine]:
        """The lines of one command, in the order in which things happened."""
        gone: set[str | None] = set()
        for change in changes:
            if change.table == "contact_identifiers":
                line = self._identifier_line(change)
            elif change.table == "relationship_notes":
                line = self._line(f"Note on {self._other(change)}", change)
            elif change.table == "relationships":
                if change.field == "relationship_type_id" and change.after is None:
                    gone.add(change.subject)
                elif change.subject in gone:
                    continue  # that it is gone says it all
                line = self._relationship_line(change)
            else:
                line = self._field_line(change)
            if line is not None:
                yield line

    def _field_line(self, change: FieldChange) -> HistoryLine | None:
        what = _FIELDS.get((change.table, change.field))
        if what is None or _is_first_kind(change):
            return None
        if change.field == "photo":
            after = None if change.after is None else "a picture"
            before = None if change.before is None else "a picture"
            return HistoryLine(what, before, "another picture" if before and after else after)
        return self._line(what, change)

    def _line(self, what: str, change: FieldChange) -> HistoryLine:
        return HistoryLine(
            what, self._shown(change.field, change.before), self._shown(change.field, change.after)
        )

    def _shown(self, field: str, value: str | None) -> str | None:
        if value is None:
            return None
        if field in ("company_id", "contact_id"):
            return self._name((EntityKind(field.removesuffix("_id")), int(value)))
        if field == "kind":
            return _KINDS[ContactKind(value)]
        if field == "cadence_days":
            return "every day" if value == "1" else f"every {value} days"
        if field == "source":
            return _SOURCES.get(value, value)
        if field == "attitude":
            return _ATTITUDES[int(value) - 1]
        if field == "proximity":
            return _PROXIMITIES[int(value) - 1]
        return value

    def _identifier_line(self, change: FieldChange) -> HistoryLine | None:
        word = _identifier_word(change.subject or "")
        if change.field == "raw":
            return self._line(word, change)
        if change.before is None or change.after is None:
            return None  # it came or went, and `raw` says so
        if change.field == "contact_id":
            return self._line(f"{word} “{change.subject}” of", change)
        return HistoryLine("Shown first", None, change.subject) if change.after == "1" else None

    def _relationship_line(self, change: FieldChange) -> HistoryLine | None:
        if change.field == "relationship_type_id":
            return HistoryLine(
                "Relationship",
                self._relationship(change, change.before),
                self._relationship(change, change.after),
            )
        if change.field == "source" and change.before is None:
            return None  # of a new relationship it goes without saying
        return self._line(f"{_RELATIONSHIP_FIELDS[change.field]} ({self._other(change)})", change)

    def _relationship(self, change: FieldChange, type_id: str | None) -> str | None:
        if type_id is None:
            return None
        type_ = self._types.get(type_id)
        if type_ is None:
            return self._other(change)
        is_first = _ends(change.subject or "")[0] == self._entity
        label = type_.forward_label if is_first else type_.reverse_label
        return f"{label} {self._other(change)}"

    def _other(self, change: FieldChange) -> str:
        if not change.subject:
            return _GONE[EntityKind.CONTACT]
        first, second = _ends(change.subject)
        return self._name(second if first == self._entity else first)

    def _name(self, entity: Entity) -> str:
        return self._names.get(entity) or _GONE[entity[0]]


def _is_first_kind(change: FieldChange) -> bool:
    """Whether this only says that a contact that came or went was a person, as most are."""
    return change.field == "kind" and (change.before is None or change.after is None)


def _identifier_word(raw: str) -> str:
    if "@" in raw.strip("@") and ":" not in raw:
        return "Address"
    return "Number" if raw[:1].isdecimal() or raw[:1] in "+(" else "Handle"
