"""Whom address-book cards say somebody works for or is related to, as imported relationships.

They follow from all cards there are: the order of imports makes no difference, a card that comes
again adds nothing, and removing an import takes its relationships back. Whoever a card names and
nobody knows is found when that person appears.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from urllib.parse import unquote

from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.contacts import IdentifierKind, name_key
from crm_desktop.domain.related import CARD_TYPES, EMPLOYEE_TYPE_ID, relation
from crm_desktop.domain.relationships import SEED_TYPES, EntityKind, RelationshipType
from crm_desktop.importers.addresses import canonical
from crm_desktop.model.card_relationships import CardRelationship
from crm_desktop.services.phones import canonical_phone, region_in

if TYPE_CHECKING:
    from crm_desktop.model.card_relationships import NamedRelation
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access

_Row = TypeVar("_Row")
_Key: TypeAlias = tuple[str, int, int]
"""Type, first and second end."""

ROWS_PER_WRITE = 200

_URN = re.compile(r"(?:urn:)?uuid:", re.IGNORECASE)
_BRACKETED = re.compile(r"<([^<>\s]+@[^<>\s]+)>")


@dataclass(frozen=True, slots=True)
class _Plan:
    """What must be written so that the rows that follow from cards are exactly those wanted."""

    types: tuple[RelationshipType, ...]
    adds: tuple[CardRelationship, ...]
    changes: tuple[tuple[int, CardRelationship], ...]
    drops: tuple[int, ...]


def relate_cards(access: Access, ctx: JobContext | None = None) -> Changes:
    """Bring the relationships that follow from address-book cards in line with the cards."""
    ctx = ctx or JobContext()
    with access.read(ctx.token) as store:
        ctx.tick(0, 0, "Reading cards")
        plan = _plan(store)
        unused = frozenset(CARD_TYPES) - {type_.id for type_ in plan.types}
    for type_ in plan.types:
        if type_.id in CARD_TYPES:
            access.write(partial(_add_type, type_))
    for ids in _slices(plan.drops):
        access.write(partial(_drop, ids))
    for changes in _slices(plan.changes):
        access.write(partial(_change, changes))
    for type_ in plan.types:
        for rows in _slices([row for row in plan.adds if row.type_id == type_.id]):
            ctx.tick(0, 0, "Saving what cards say")
            access.write(partial(_add, type_, rows))
    dropped = access.write(lambda store: store.relationships.cards.drop_unused_types(unused))
    if not (plan.adds or plan.changes or plan.drops or dropped):
        return Changes()
    return Changes.of(ChangeKind.RELATIONSHIPS, ChangeKind.RELATIONSHIP_TYPES)


def _add_type(type_: RelationshipType, store: UnitOfWork) -> None:
    store.relationships.cards.add_type(type_)


def _drop(ids: Sequence[int], store: UnitOfWork) -> None:
    store.relationships.cards.drop(ids)


def _change(rows: Sequence[tuple[int, CardRelationship]], store: UnitOfWork) -> None:
    store.relationships.cards.change(rows)


def _add(type_: RelationshipType, rows: Sequence[CardRelationship], store: UnitOfWork) -> None:
    store.relationships.cards.add(rows, type_)


def _slices(rows: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
    return (rows[start : start + ROWS_PER_WRITE] for start in range(0, len(rows), ROWS_PER_WRITE))


def _plan(store: UnitOfWork) -> _Plan:
    said = [*_employments(store), *_relations(store)]
    said.sort(key=lambda row: row.card_id)
    types = _types(store, {row.type_id for row in said})
    said = [_directed(row, type_) for row in said if (type_ := types.get(row.type_id)) is not None]
    stored = store.relationships.cards.stored()
    own_types = {type_.id: type_ for type_ in types.values()}
    taken = store.relationships.cards.taken(own_types)
    touched = {
        row.key for row, is_touched in stored.values() if is_touched and row.type_id in own_types
    }
    fold = _Fold(store, own_types, [*(row.key for row in said), *taken, *touched])
    wanted = _wanted(said, fold, {fold.key(key) for key in taken}, touched)
    known = {row.key: (id_, row, is_touched) for id_, (row, is_touched) in stored.items()}
    changes = [
        (id_, row)
        for key, row in wanted.items()
        if key in known and _differs(row, *known[key][1:]) and (id_ := known[key][0])
    ]
    return _Plan(
        types=tuple(own_types.values()),
        adds=tuple(row for key, row in wanted.items() if key not in known),
        changes=tuple(changes),
        drops=tuple(id_ for key, (id_, _, _) in known.items() if key not in wanted),
    )


def _wanted(
    said: Iterable[CardRelationship],
    fold: _Fold,
    taken: Collection[_Key | None],
    touched: Iterable[_Key],
) -> dict[_Key, CardRelationship]:
    """What cards say, each once, under the ends that the person has touched, if any; the first
    card stands for all that say the same."""
    kept = {fold.key(key): key for key in touched}
    rows: dict[_Key, CardRelationship] = {}
    texts: dict[_Key, set[str]] = {}
    for row in said:
        key = fold.key(row.key)
        if key is None or key in taken:
            continue
        _, from_id, to_id = kept.get(key, row.key)
        rows.setdefault(key, replace(row, from_entity_id=from_id, to_entity_id=to_id))
        texts.setdefault(key, set()).update(filter(None, (row.description,)))
    return {
        row.key: replace(row, description=min(texts[key], default=None))
        for key, row in rows.items()
    }


def _differs(row: CardRelationship, old: CardRelationship, is_touched: bool) -> bool:
    same_card = (row.card_id, row.import_id) == (old.card_id, old.import_id)
    return not same_card or (not is_touched and row.description != old.description)


def _employments(store: UnitOfWork) -> Iterator[CardRelationship]:
    found = store.relationships.cards.employments()
    companies = store.companies.by_name_key({name_key(row.organization) for row in found})
    for row in found:
        company_id = companies.get(name_key(row.organization))
        if company_id is not None:
            yield CardRelationship(
                EMPLOYEE_TYPE_ID,
                company_id,
                row.contact_id,
                row.card_id,
                row.import_id,
                row.title or None,
            )


def _relations(store: UnitOfWork) -> Iterator[CardRelationship]:
    found = store.relationships.cards.relations()
    people = _People(store, found)
    for row in found:
        named = people.find(row.value)
        if named is None:
            continue
        meaning = relation(row.word)
        ends = (named, row.contact_id) if meaning.named_is_first else (row.contact_id, named)
        description = f"“{row.word}” on the card of {row.owner}" if meaning.says_more else None
        yield CardRelationship(meaning.type_id, *ends, row.card_id, row.import_id, description)


class _People:
    """Finds whom cards name: by UID, address, number or name, and only if that is one person."""

    def __init__(self, store: UnitOfWork, named: Sequence[NamedRelation]) -> None:
        self._region = region_in(store)
        clues = {clue for row in named for clue in self._clues(row.value)}
        values = {kind: {value for k, value in clues if k == kind} for kind in _CLUE_KINDS}
        self._found: dict[tuple[str, str], int] = {}
        for kind in (IdentifierKind.EMAIL, IdentifierKind.PHONE):
            for value, (_, id_) in store.contacts.resolve(kind, sorted(values[kind])).items():
                self._found[kind, value] = id_
        for uid, id_ in store.relationships.cards.by_uid(values["uid"]).items():
            self._found["uid", uid] = id_
        by_name = store.relationships.cards.by_name_key(values["name"])
        fold = _Fold.of_contacts(store, {id_ for ids in by_name.values() for id_ in ids})
        for key, ids in by_name.items():
            if len({fold[id_] for id_ in ids}) == 1:
                self._found["name", key] = ids[0]

    def find(self, value: str) -> int | None:
        """The contact that a card means, or None when that is nobody, or several people."""
        return next((self._found[clue] for clue in self._clues(value) if clue in self._found), None)

    def _clues(self, value: str) -> list[tuple[str, str]]:
        """What may tell who is meant, the surest first."""
        text = value.strip()
        if match := _URN.match(text):
            return [("uid", text[match.end() :].strip().lower())]
        if text.lower().startswith("mailto:"):
            return [("email", canonical(unquote(text[7:].partition("?")[0])))]
        if text.lower().startswith("tel:"):
            number = canonical_phone(unquote(text[4:].partition(";")[0]), self._region)
            return [("phone", number)] if number else []
        if match := _BRACKETED.search(text):
            name = text[: match.start()].strip(" \"'")
            return [("email", canonical(match[1])), *([("name", name_key(name))] if name else ())]
        if "@" in text and not any(map(str.isspace, text)):
            return [("email", canonical(text))]
        return [("uid", text.lower()), ("name", name_key(text))]


_CLUE_KINDS = ("uid", "email", "phone", "name")


class _Fold:
    """Which relationships are one and the same when contacts count as the same person."""

    def __init__(
        self,
        store: UnitOfWork,
        types: Mapping[str, RelationshipType],
        keys: Sequence[_Key],
    ) -> None:
        self._types = types
        contacts = {id_ for key in keys for id_ in self._contacts(key)}
        self._persons = self.of_contacts(store, contacts)

    @staticmethod
    def of_contacts(store: UnitOfWork, contact_ids: Iterable[int]) -> dict[int, int]:
        """Each of these contacts that is a person → one that counts as the same."""
        from crm_desktop.engines.folding import canonical_contacts

        names = store.relationships.cards.persons(contact_ids)
        different, same = map(store.relationships.cards.decided, ("different", "same"))
        canonical = canonical_contacts(list(names), list(names.values()), {}, different, same)
        return {id_: canonical.get(id_, id_) for id_ in names}

    def key(self, key: _Key) -> _Key | None:
        """The same for everything that is one and the same relationship; None for one with
        oneself, or with somebody who is no person."""
        type_ = self._types[key[0]]
        ends = []
        for kind, id_ in zip((type_.from_entity_type, type_.to_entity_type), key[1:], strict=True):
            end = self._persons.get(id_) if kind is EntityKind.CONTACT else id_
            if end is None:
                return None
            ends.append(end)
        if type_.from_entity_type is type_.to_entity_type and ends[0] == ends[1]:
            return None
        first, second = sorted(ends) if type_.is_symmetric else ends
        return key[0], first, second

    def _contacts(self, key: _Key) -> Iterator[int]:
        type_ = self._types[key[0]]
        for kind, id_ in zip((type_.from_entity_type, type_.to_entity_type), key[1:], strict=True):
            if kind is EntityKind.CONTACT:
                yield id_


def _types(store: UnitOfWork, wanted: Iterable[str]) -> dict[str, RelationshipType]:
    """The types to use for those that cards mean, by the id of what they mean; a type that a
    person deleted is left out, and so are its relationships."""
    deleted = store.relationship_types.deleted()
    found: dict[str, RelationshipType] = {}
    for type_id in sorted(wanted):
        spec = CARD_TYPES.get(type_id) or next(type_ for type_ in SEED_TYPES if type_.id == type_id)
        type_ = store.relationship_types.get(type_id)
        if type_ is None and type_id in CARD_TYPES and type_id not in deleted:
            named = store.relationship_types.get_by_name(spec.name)
            type_ = named if named is not None and _means(named, spec) else spec
        # A direction that the person gave to a type is not to be guessed.
        if type_ is not None and (type_.is_symmetric or not spec.is_symmetric or spec is type_):
            found[type_id] = type_
    return found


def _means(own: RelationshipType, spec: RelationshipType) -> bool:
    """Whether a type that a person made under the same name says the same."""
    if (own.from_entity_type, own.to_entity_type) != (spec.from_entity_type, spec.to_entity_type):
        return False
    if spec.is_symmetric:
        return own.is_symmetric
    return (own.forward_label, own.reverse_label) == (spec.forward_label, spec.reverse_label)


def _directed(row: CardRelationship, type_: RelationshipType) -> CardRelationship:
    """The row with the type that is used for it, and its ends in the order in which they are
    stored."""
    ends = row.from_entity_id, row.to_entity_id
    first, second = sorted(ends) if type_.is_symmetric else ends
    return replace(row, type_id=type_.id, from_entity_id=first, to_entity_id=second)
