"""Circles of people: communities of the weighted graph, found by the Leiden algorithm."""

from __future__ import annotations

import graspologic_native
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ALONE = -1
_SEED = 20_260_501
_TRIALS = 2


def communities(
    count: int, sources: Ints, targets: Ints, weights: Floats, *, resolution: float = 1.0
) -> Ints:
    """For each of `count` nodes the index of its community: 0 is the largest, ties go to the one
    with the lowest node; ALONE (-1) for a node without a community of two or more.

    Edges are given by node numbers; `weights` are positive. The same input gives the same answer.
    """
    membership = np.full(count, ALONE, np.int64)
    joined = (sources != targets) & (weights > 0)
    if not joined.any():
        return membership
    edges = [
        (str(source), str(target), weight)
        for source, target, weight in zip(
            sources[joined].tolist(),
            targets[joined].tolist(),
            weights[joined].tolist(),
            strict=True,
        )
    ]
    _, found = graspologic_native.leiden(
        edges, resolution=resolution, seed=_SEED, trials=_TRIALS, use_modularity=True
    )
    for node, community in found.items():
        membership[int(node)] = community
    return _by_size(membership)


def _by_size(membership: Ints) -> Ints:
    members = np.flatnonzero(membership != ALONE)
    labels, first, numbers, sizes = np.unique(
        membership[members], return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((members[first], -sizes))
    rank = np.empty(len(labels), np.int64)
    rank[order] = np.arange(len(labels))
    rank[sizes < 2] = ALONE
    ordered = np.full(len(membership), ALONE, np.int64)
    ordered[members] = rank[numbers]
    return ordered
