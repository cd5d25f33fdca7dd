"""Relationships in long lists: the ids in order, and the rows of the part that is looked at."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.domain.relationship_list import RelationshipQuery, RelationshipSort
from crm_desktop.domain.relationships import (
    EntityKind,
    Relationship,
    RelationshipSource,
    RelationshipType,
)
from crm_desktop.engines import relationship_list as engine
from crm_desktop.services.relationships import same_person_in

if TYPE_CHECKING:
    from crm_desktop.base.jobs import CancelToken
    from crm_desktop.model.bulk import Ints
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.model.relationship_queries import ListColumns
    from crm_desktop.services.access import Access

_BY_NAME = frozenset({RelationshipSort.FROM, RelationshipSort.TO})
_BY_TYPE = frozenset({RelationshipSort.LABEL, RelationshipSort.TYPE})


def relationship_ids(
    access: Access, query: RelationshipQuery, *, token: CancelToken | None = None
) -> array[int]:
    """The ids of the relationships that the query asks for, in its order, as int64."""
    is_usual = query.sort is RelationshipSort.STRENGTH and query.descending
    places: Ints | None = None
    with access.read(token) as store:
        lists = store.relationships.lists
        words = lists.named(query.text)
        columns = _columns(store, query, None if is_usual else query.sort, has_ends=bool(words))
        if query.sort in _BY_NAME:
            places = _name_places(store)
        elif query.sort in _BY_TYPE:
            is_label = query.sort is RelationshipSort.LABEL
            places = engine.type_places(lists.type_names(is_label=is_label))
    ids, keys = columns.ids, columns.keys
    if words:
        wanted = engine.with_words(columns.from_ends, columns.to_ends, words)
        ids, keys = ids[wanted], keys if is_usual else keys[wanted]
    if not is_usual:
        if places is not None:
            keys = engine.places_of(keys, places)
        ids = ids[engine.sorted_rows(keys, descending=query.descending)]
    return array("q", ids.tobytes())


def prepare_words(
    access: Access, query: RelationshipQuery, *, token: CancelToken | None = None
) -> None:
    """Read ahead what looking for words among the relationships of the query takes."""
    is_usual = query.sort is RelationshipSort.STRENGTH and query.descending
    with access.read(token) as store:
        _columns(store, query, None if is_usual else query.sort, has_ends=True)
        # Any word: its answer is dropped, but the indexes of names are at hand from then on.
        store.relationships.lists.named("an")


def prepare_names(access: Access, *, token: CancelToken | None = None) -> None:
    """Read ahead what sorting by names takes."""
    with access.read(token) as store:
        _name_places(store)


def _name_places(store: UnitOfWork) -> Ints:
    lists = store.relationships.lists
    return lists.kept("name places", lambda: engine.name_places(*lists.names()))


def _columns(
    store: UnitOfWork, query: RelationshipQuery, key: RelationshipSort | None, *, has_ends: bool
) -> ListColumns:
    contact_id = query.contact_id
    return store.relationships.lists.columns(
        key=key,
        has_ends=has_ends,
        type_id=query.type_id,
        source=query.source,
        min_strength=query.min_strength,
        contact_ids=None if contact_id is None else same_person_in(store, contact_id),
    )


def relationship_rows(
    access: Access, ids: Sequence[int], *, token: CancelToken | None = None
) -> list[Relationship]:
    """These relationships in the order given; those that are gone are left out."""
    with access.read(token) as store:
        return store.relationships.rows(ids)


@dataclass(frozen=True, slots=True)
class Selection:
    """What decides what can be done with several relationships at once.

    `found` were found in conversations, `own` were entered or imported. `kinds` are the kinds of
    their ends, from and to.
    """

    found: tuple[int, ...]
    own: tuple[int, ...]
    kinds: frozenset[tuple[EntityKind, EntityKind]]
    type_ids: frozenset[str]


def relationship_selection(
    access: Access, ids: Collection[int], *, token: CancelToken | None = None
) -> Selection:
    """What these relationships have in common; those that are gone are left out."""
    with access.read(token) as store:
        rows = store.relationships.ends(ids)
    found = RelationshipSource.INFERRED
    return Selection(
        tuple(row.id for row in rows if row.source is found),
        tuple(row.id for row in rows if row.source is not found),
        frozenset((row.from_entity_type, row.to_entity_type) for row in rows),
        frozenset(row.type_id for row in rows),
    )


def fitting_types(
    access: Access, ids: Collection[int], *, token: CancelToken | None = None
) -> tuple[RelationshipType, ...]:
    """The types, by name, that all these relationships can have instead of theirs: those whose
    kinds fit both ends, whichever way round."""
    selection = relationship_selection(access, ids, token=token)
    with access.read(token) as store:
        types = store.relationship_types.list()
    return tuple(
        type_
        for type_ in types
        if selection.kinds
        and selection.type_ids != {type_.id}
        and all(_fits(type_, *kinds) for kinds in selection.kinds)
    )


def _fits(type_: RelationshipType, first: EntityKind, second: EntityKind) -> bool:
    kinds = (type_.from_entity_type, type_.to_entity_type)
    return (first, second) == kinds or (second, first) == kinds
