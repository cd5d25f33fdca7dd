"""Whom the map shows: the best connected people, and of their edges those that say most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

EDGES_PER_NODE = 12
SELF_EDGES = 40


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen nodes as ascending keys, and which of the edges given are drawn.

    `sources` and `targets` index `keys` for the drawn edges, whose rows are `edges`. `weights`
    (0-1) grow with the sum of the strengths of all a node's edges. `omitted` people have
    relationships but no place.
    """

    keys: Ints
    edges: Ints
    sources: Ints
    targets: Ints
    weights: Floats
    omitted: int


def select(
    first: Ints,
    second: Ints,
    strengths: Floats,
    is_inferred: npt.NDArray[np.bool_],
    is_person: npt.NDArray[np.bool_],
    self_key: int | None,
    limit: int,
) -> Selection:
    """At most `limit` persons, by the sum of their strengths (ties: lowest key), and whatever is
    joined to them by entered relationships.

    `first` and `second` are the keys of the edges' ends, `is_person` says for each edge that both
    are persons. Edges drawn: everything entered, and of the inferred ones those among the 12
    strongest of either end. Self, tied to everyone, shows its 40 strongest only.
    """
    people, total = _sums(first[is_person], second[is_person], strengths[is_person])
    only_entered = ~is_person & ~is_inferred
    order = np.lexsort((people, -total, people != (-1 if self_key is None else self_key)))
    chosen = np.sort(people[order[:limit]])
    # A company or person known by entered relationships only comes along with whom it is tied to.
    inside = np.isin(first, chosen) | np.isin(second, chosen)
    along = only_entered & inside
    keys = np.unique(np.concatenate((chosen, first[along], second[along])))
    between = np.isin(first, keys) & np.isin(second, keys) & (is_person | ~is_inferred)
    drawn = _strongest(first, second, strengths, is_inferred, np.flatnonzero(between), self_key)
    everyone, all_total = _sums(first[between], second[between], strengths[between])
    weight_of = np.zeros(len(keys))
    weight_of[np.searchsorted(keys, everyone)] = all_total
    others = weight_of[keys != self_key] if self_key is not None else weight_of
    largest = float(others.max(initial=0.0)) or 1.0
    return Selection(
        keys,
        drawn,
        np.searchsorted(keys, first[drawn]),
        np.searchsorted(keys, second[drawn]),
        np.sqrt(np.minimum(1.0, weight_of / largest)),
        max(0, len(people) - limit),
    )


def _sums(first: Ints, second: Ints, strengths: Floats) -> tuple[Ints, Floats]:
    keys, places = np.unique(np.concatenate((first, second)), return_inverse=True)
    sums = np.bincount(places, np.concatenate((strengths, strengths)), len(keys))
    return keys, sums.astype(np.float64)


def _strongest(
    first: Ints,
    second: Ints,
    strengths: Floats,
    is_inferred: npt.NDArray[np.bool_],
    rows: Ints,
    self_key: int | None,
) -> Ints:
    inferred = rows[is_inferred[rows]]
    is_own = np.zeros(len(inferred), np.bool_)
    if self_key is not None:
        is_own = (first[inferred] == self_key) | (second[inferred] == self_key)
    own, others = inferred[is_own], inferred[~is_own]
    own = own[np.lexsort((own, -strengths[own]))][:SELF_EDGES]
    ends = np.concatenate((first[others], second[others]))
    edges = np.concatenate((others, others))
    order = np.lexsort((edges, -strengths[edges], ends))
    ends = ends[order]
    starts = np.searchsorted(ends, ends)
    kept = edges[order][np.arange(len(ends)) - starts < EDGES_PER_NODE]
    return np.unique(np.concatenate((rows[~is_inferred[rows]], own, kept)))
