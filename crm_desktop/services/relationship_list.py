"""Relationships in long lists: the ids in order, and the rows of the part that is looked at."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.domain.relationship_list import (
    SOURCES,
    STRENGTH_STEPS,
    ListColumn,
    RelationshipQuery,
    RelationshipSort,
)
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
    from crm_desktop.services.access import Access

_KEYS = {
    RelationshipSort.FROM: ListColumn.FROM_END,
    RelationshipSort.LABEL: ListColumn.TYPE,
    RelationshipSort.TO: ListColumn.TO_END,
    RelationshipSort.TYPE: ListColumn.TYPE,
    RelationshipSort.SOURCE: ListColumn.SOURCE,
    RelationshipSort.STRENGTH: ListColumn.STRENGTH,
    RelationshipSort.SHARED_CONVERSATIONS: ListColumn.SHARED_CONVERSATIONS,
    RelationshipSort.SHARED_MESSAGES: ListColumn.SHARED_MESSAGES,
    RelationshipSort.LAST_INTERACTION: ListColumn.LAST_INTERACTION,
}


def relationship_ids(
    access: Access, query: RelationshipQuery, *, token: CancelToken | None = None
) -> array[int]:
    """The ids of the relationships that the query asks for, in its order, as int64."""
    is_usual = query.sort is RelationshipSort.STRENGTH and query.descending
    key = _KEYS[query.sort]
    with access.read(token) as store:
        conditions = _conditions(store, query)
        wanted = {ListColumn.ID, *conditions.columns(), *(() if is_usual else (key,))}
        columns = store.relationships.lists.columns(wanted)
        places = _places(store, query.sort)
    ids = columns[ListColumn.ID]
    if is_usual and not query.is_filtered:
        return array("q", ids.tobytes())
    met = conditions.met(columns)
    ids = ids[met]
    if not is_usual:
        keys = columns[key][met]
        if places is not None:
            keys = engine.places_of(keys, places)
        ids = ids[engine.sorted_rows(keys, descending=query.descending)]
    return array("q", ids.tobytes())


def prepare_list(access: Access, *, token: CancelToken | None = None) -> None:
    """Read ahead what any filter and order will take, but for names."""
    with access.read(token) as store:
        lists = store.relationships.lists
        lists.columns(tuple(ListColumn))
        # Any word: its answer is dropped, but the indexes of names are at hand from then on.
        lists.named("an")


def prepare_names(access: Access, *, token: CancelToken | None = None) -> None:
    """Read ahead what sorting by names takes."""
    with access.read(token) as store:
        _name_places(store)


def _conditions(store: UnitOfWork, query: RelationshipQuery) -> engine.Conditions:
    lists, contact_id = store.relationships.lists, query.contact_id
    same = None if contact_id is None else same_person_in(store, contact_id)
    return engine.Conditions(
        type_number=None if query.type_id is None else lists.type_number(query.type_id),
        source_place=None if query.source is None else SOURCES.index(query.source),
        least_strength=int(query.min_strength * STRENGTH_STEPS),
        ends=None if same is None else frozenset(2 * id_ for id_ in same),
        words=lists.named(query.text),
    )


def _places(store: UnitOfWork, sort: RelationshipSort) -> Ints | None:
    """Where the ends or types that are the keys of an order have their places; None for numbers
    that are their own."""
    if sort in (RelationshipSort.FROM, RelationshipSort.TO):
        return _name_places(store)
    if sort in (RelationshipSort.LABEL, RelationshipSort.TYPE):
        is_label = sort is RelationshipSort.LABEL
        return engine.type_places(store.relationships.lists.type_names(is_label=is_label))
    return None


def _name_places(store: UnitOfWork) -> Ints:
    lists = store.relationships.lists
    return lists.kept("name places", lambda: engine.name_places(*lists.names()))


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
