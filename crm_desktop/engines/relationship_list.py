"""Filtering and sorting long lists of relationships."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crm_desktop.domain.marks import name_orders
from crm_desktop.domain.relationship_list import ListColumn

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MISSING = -1
"""The key of a row that has nothing to be sorted by."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a relationship must meet; None and nothing for any.

    `ends` are those of one person, of which one must be there. Every word must be at one of the
    ends; it is given by the arrays of the ends that match it.
    """

    type_number: int | None = None
    source_place: int | None = None
    least_strength: int = 0
    ends: frozenset[int] | None = None
    words: Sequence[Sequence[Ints]] = ()

    def columns(self) -> frozenset[ListColumn]:
        """The columns that it takes to decide."""
        wanted: set[ListColumn] = set()
        if self.type_number is not None:
            wanted.add(ListColumn.TYPE)
        if self.source_place is not None:
            wanted.add(ListColumn.SOURCE)
        if self.least_strength > 0:
            wanted.add(ListColumn.STRENGTH)
        if self.ends is not None or self.words:
            wanted |= {ListColumn.FROM_END, ListColumn.TO_END}
        return frozenset(wanted)

    def met(self, columns: Mapping[ListColumn, Ints]) -> Flags:
        """Which rows meet all of them."""
        met = np.ones(len(columns[ListColumn.ID]), np.bool_)
        if self.type_number is not None:
            met &= columns[ListColumn.TYPE] == self.type_number
        if self.source_place is not None:
            met &= columns[ListColumn.SOURCE] == self.source_place
        if self.least_strength > 0:
            met &= columns[ListColumn.STRENGTH] >= self.least_strength
        either = list(self.words)
        if self.ends is not None:
            either.append([np.array(sorted(self.ends), np.int64)])
        for matching in either:
            met &= _has_end(columns[ListColumn.FROM_END], columns[ListColumn.TO_END], matching)
        return met


def _has_end(from_ends: Ints, to_ends: Ints, matching: Iterable[Ints]) -> Flags:
    """Which rows have an end that is in one of the arrays."""
    highest = int(max(from_ends.max(initial=0), to_ends.max(initial=0)))
    is_one = np.zeros(highest + 1, np.bool_)
    for ends in matching:
        is_one[ends[ends <= highest]] = True
    found: Flags = is_one[from_ends] | is_one[to_ends]
    return found


def name_places(names: Sequence[str], ends: Ints) -> Ints:
    """The place of each end in the order of their names; MISSING for those without a name that
    has a letter. `names` are comparable forms, best sorted roughly."""
    forms = name_orders(names)
    # Sorting what is nearly in order takes one pass.
    order = sorted(range(len(forms)), key=forms.__getitem__)
    named = np.array(order, np.int64)[forms.count("") :]
    places = np.full(int(ends.max(initial=0)) + 1, MISSING)
    places[ends[named]] = np.arange(len(named))
    return places


def places_of(keys: Ints, places: Ints) -> Ints:
    """The places of ends or types; MISSING for those that have none."""
    known = np.minimum(keys, len(places) - 1)
    return np.where(known == keys, places[known], MISSING)


def type_places(names: Mapping[int, str]) -> Ints:
    """The place of each type, by its number, in the order of the names; the same for types that
    read the same."""
    places = np.full(max(names, default=0) + 1, MISSING)
    order = {name: place for place, name in enumerate(sorted(set(names.values())))}
    for number, name in names.items():
        places[number] = order[name]
    return places


def sorted_rows(keys: Ints, *, descending: bool) -> Ints:
    """The order of the rows by their keys. Equal rows stay as they are; MISSING comes last."""
    if descending:
        return np.argsort(-keys, kind="stable")
    return np.argsort(np.where(keys == MISSING, np.iinfo(np.int64).max, keys), kind="stable")
