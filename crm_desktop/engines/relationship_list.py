"""Filtering and sorting long lists of relationships."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from crm_desktop.domain.marks import name_orders

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MISSING = -1
"""The key of a row that has nothing to be sorted by."""


def with_words(from_ends: Ints, to_ends: Ints, words: Iterable[Sequence[Ints]]) -> Flags:
    """Which rows have every word at one of their ends. A word is given by the arrays of the ends
    that match it."""
    wanted = np.ones(len(from_ends), np.bool_)
    highest = int(max(from_ends.max(initial=0), to_ends.max(initial=0)))
    for matching in words:
        has_word = np.zeros(highest + 1, np.bool_)
        for ends in matching:
            has_word[ends[ends <= highest]] = True
        wanted &= has_word[from_ends] | has_word[to_ends]
    return wanted


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
