"""Keeping discs apart: overlap removal within a layout, and packing of separate components."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

GAP = 0.1
"""Least distance between two discs, in layout units."""
_ROUNDS = 200
_COMPONENT_GAP = 1.5
_LONE_GAP = 0.8
_SPOT_WIDTH = 0.8
_GOLDEN_ANGLE = np.pi * (3.0 - np.sqrt(5.0))


def remove_overlaps(
    positions: Floats, radii: Floats, movable: npt.NDArray[np.bool_] | None = None
) -> Floats:
    """The places with overlapping discs pushed apart, each pair by half of its overlap a round
    (an immovable disc leaves all of it to the other)."""
    placed = positions.copy()
    if len(placed) < 2:
        return placed
    reach = 2.0 * float(radii.max()) + GAP
    free = np.ones(len(placed)) if movable is None else movable.astype(np.float64)
    for _ in range(_ROUNDS):
        pairs = cKDTree(placed).query_pairs(reach, output_type="ndarray")
        first, second = pairs[:, 0], pairs[:, 1]
        apart = placed[second] - placed[first]
        distance = np.sqrt(np.einsum("ij,ij->i", apart, apart))
        overlap = radii[first] + radii[second] + GAP - distance
        share = free[first] + free[second]
        touching = (overlap > 1e-9) & (share > 0)
        if not touching.any():
            break
        first, second, apart = first[touching], second[touching], apart[touching]
        distance, overlap, share = distance[touching], overlap[touching], share[touching]
        # Two discs on one spot have no direction: they part along one that their number gives.
        same = distance < 1e-9
        angle = first[same] * _GOLDEN_ANGLE
        apart[same] = np.column_stack((np.cos(angle), np.sin(angle)))
        distance[same] = 1.0
        push = apart * ((overlap + 1e-3) / (distance * share))[:, np.newaxis]
        for axis in (0, 1):
            placed[:, axis] += free * (
                np.bincount(second, push[:, axis], len(placed))
                - np.bincount(first, push[:, axis], len(placed))
            )
    return placed


def pack(positions: Floats, component: Ints, radii: Floats) -> Floats:
    """Components side by side: the largest in the middle, each next one as near to the middle as
    it fits beside all others, lone nodes last; centred on the origin."""
    placed = positions.copy()
    labels, sizes = np.unique(component, return_counts=True)
    members_of = {int(label): np.flatnonzero(component == label) for label in labels[sizes > 1]}
    reaches = {}
    for label, members in members_of.items():
        placed[members] -= (placed[members].min(axis=0) + placed[members].max(axis=0)) / 2
        reaches[label] = float((np.hypot(*placed[members].T) + radii[members]).max())
    order = sorted(members_of, key=lambda label: (-reaches[label], label))
    lone = np.flatnonzero(np.isin(component, labels[sizes == 1]))
    lone = lone[np.lexsort((lone, -radii[lone]))]
    taken = members_of[order[0]] if order else lone[:0]
    if len(order) > 1:
        spots = _hexagonal(_area(reaches.values(), len(lone)), _SPOT_WIDTH)
        clearance = _clearance(spots, placed[taken], radii[taken])
        for label in order[1:]:
            members = members_of[label]
            spot = spots[np.argmax(clearance >= reaches[label] + _COMPONENT_GAP)]
            placed[members] += spot
            clearance = np.minimum(clearance, np.hypot(*(spots - spot).T) - reaches[label])
            taken = np.concatenate((taken, members))
    if len(lone):
        width = 2.0 * float(radii[lone].max()) + _LONE_GAP
        spots = _hexagonal(_area(reaches.values(), len(lone) * width**2), width)
        free = _clearance(spots, placed[taken], radii[taken]) >= width / 2 + _COMPONENT_GAP
        placed[lone] = spots[free][: len(lone)]
    placed -= placed.mean(axis=0)
    return placed


def _area(reaches: Iterable[float], more: float) -> float:
    """The radius of a disc with room for discs of these radii and a further area, generously."""
    largest = 0.0
    area = 4.0 * more + 100.0
    for reach in reaches:
        largest = max(largest, reach)
        area += 4.0 * (reach + _COMPONENT_GAP) ** 2
    return largest + 2.0 * float(np.sqrt(area))


def _hexagonal(radius: float, width: float) -> Floats:
    """The points of a hexagonal grid within a disc, from the middle outwards."""
    rows = int(np.ceil(radius / (width * np.sqrt(0.75)))) + 1
    columns = int(np.ceil(radius / width)) + 2
    row, column = np.mgrid[-rows : rows + 1, -columns : columns + 1]
    x = (column + 0.5 * (row % 2)).ravel() * width
    y = row.ravel() * (width * np.sqrt(0.75))
    distance = np.round(np.hypot(x, y), 6)
    inside = distance <= radius
    order = np.lexsort((y[inside], x[inside], distance[inside]))
    return np.column_stack((x[inside], y[inside]))[order]


def _clearance(spots: Floats, placed: Floats, radii: Floats) -> Floats:
    """How far each spot is from the nearest disc's edge, taking all discs as large as the
    largest; infinite without discs."""
    if not len(placed):
        return np.full(len(spots), np.inf)
    distance, _ = cKDTree(placed).query(spots)
    return np.asarray(distance, np.float64) - float(radii.max())
