"""Places for the people on the map: a multilevel force layout with bounded forces.

Every edge pulls with a spring that is stronger near by, every node pushes its surroundings with
a bounded short-range force (the t-distribution's), so clusters stay round and apart and nothing
is flung off. The graph is coarsened by independent sets, laid out coarsest first and refined.
Units: two free neighbours settle about 1 apart. The same input gives the same places.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from crm_desktop.base.jobs import JobContext
from crm_desktop.engines.packing import pack, remove_overlaps
from crm_desktop.engines.repulsion import Repulsion

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_SEED = 20_260_501
_COMPRESSION = 0.5
_GRAVITY = 0.1
_LINEAR_PULL = 0.1
_NEAR_PULL = 8.0
_COARSEST = 40
_ITERATIONS_COARSE = 100
_ITERATIONS_FINEST = 120
_ITERATIONS_ADDED = 25
_LARGEST_STEP = 2.0


@dataclass(frozen=True, slots=True)
class _Level:
    """A graph of the multilevel hierarchy and, for each node, its node on the next coarser one."""

    matrix: sparse.csr_array
    masses: Floats
    parents: Ints | None


def layout(
    count: int,
    sources: Ints,
    targets: Ints,
    strengths: Floats,
    radii: Floats,
    *,
    ctx: JobContext | None = None,
) -> Floats:
    """Places (count × 2) of the nodes of an undirected graph, centred on the origin.

    `strengths` are positive edge weights, `radii` the nodes' sizes: no two discs overlap.
    Components without an edge between them are packed side by side.
    """
    ctx = ctx or JobContext()
    positions = np.zeros((count, 2))
    if count == 0:
        return positions
    matrix = attraction(count, sources, targets, strengths)
    _, labels = csgraph.connected_components(matrix, directed=False)
    component = labels.astype(np.int64)
    sizes = np.bincount(component)
    done = 0
    for label in np.argsort(-sizes, kind="stable").tolist():
        if sizes[label] == 1:
            break
        ctx.tick(done, count, "Drawing the map")
        members = np.flatnonzero(component == label)
        inner = matrix[members][:, members]
        placed = _lay_out_component(sparse.csr_array(inner), ctx, done, count)
        positions[members] = remove_overlaps(placed, radii[members])
        done += len(members)
    packed = pack(positions, component, radii)
    ctx.tick(count, count, "Drawing the map")
    return packed


def extend(
    positions: Floats,
    sources: Ints,
    targets: Ints,
    strengths: Floats,
    radii: Floats,
) -> Floats:
    """The places with those that are NaN filled in: at the barycentre of their neighbours, or at
    the rim without any, followed by a few gentle steps that move only the new nodes."""
    count = len(positions)
    placed = positions.copy()
    is_new = np.isnan(placed[:, 0])
    matrix = attraction(count, sources, targets, strengths)
    generator = np.random.default_rng(_SEED)
    waiting = is_new.copy()
    while waiting.any():
        known = (~waiting).astype(np.float64)
        pull = matrix @ known
        ready = waiting & (pull > 0)
        if not ready.any():
            break
        settled = placed.copy()
        settled[waiting] = 0.0
        barycentres = matrix @ settled
        placed[ready] = barycentres[ready] / pull[ready, np.newaxis]
        placed[ready] += generator.normal(scale=0.5, size=(int(ready.sum()), 2))
        waiting &= ~ready
    if waiting.any():
        placed[waiting] = _rim(placed[~waiting], int(waiting.sum()))
    joined = is_new & ~waiting
    if joined.any():
        masses = np.ones(count)
        placed = _simulate(placed, matrix, masses, _ITERATIONS_ADDED, 0.3, None, movable=joined)
    return remove_overlaps(placed, radii, movable=is_new)


def align(positions: Floats, before: Floats) -> Floats:
    """The places turned or mirrored, and moved, to lie as near as can be to where they were
    `before` (orthogonal Procrustes); rows of `before` that are NaN have no say."""
    known = ~np.isnan(before[:, 0])
    if np.count_nonzero(known) < 3:
        return positions
    middle, former_middle = positions[known].mean(axis=0), before[known].mean(axis=0)
    left, _, right = np.linalg.svd((positions[known] - middle).T @ (before[known] - former_middle))
    aligned: Floats = (positions - middle) @ (left @ right) + former_middle
    return aligned


def attraction(count: int, sources: Ints, targets: Ints, strengths: Floats) -> sparse.csr_array:
    """The symmetric matrix of pulls: strength × embeddedness (1 + shared neighbours) divided by
    the root of the smaller degree, scaled to a mean of 1 over the edges."""
    different = sources != targets
    low = np.minimum(sources, targets)[different]
    high = np.maximum(sources, targets)[different]
    flat = sparse.coo_array((strengths[different], (low, high)), shape=(count, count))
    flat.sum_duplicates()
    upper = flat.tocsr()
    if upper.nnz == 0:
        return sparse.csr_array((count, count))
    weights = sparse.csr_array(upper + upper.T)
    adjacency = weights.copy()
    adjacency.data[:] = 1.0
    shared = adjacency @ adjacency
    embedded = sparse.csr_array(adjacency.multiply(shared) + adjacency)
    degrees = np.diff(adjacency.indptr)
    matrix = sparse.coo_array(weights.multiply(embedded))
    smaller = np.minimum(degrees[matrix.row], degrees[matrix.col])
    matrix.data /= np.sqrt(smaller)
    # Compressed, since one hundred times the pull must not mean a hundredth of the distance.
    matrix.data **= _COMPRESSION
    matrix.data /= matrix.data.mean()
    return matrix.tocsr()


def _lay_out_component(matrix: sparse.csr_array, ctx: JobContext, done: int, total: int) -> Floats:
    levels = _coarsen(matrix)
    generator = np.random.default_rng(_SEED)
    coarsest = levels[-1]
    positions = _circle(coarsest.matrix.shape[0], generator)
    for level in reversed(levels):
        ctx.tick(done, total, "Drawing the map")
        if level.parents is not None:
            spread = generator.normal(scale=0.5, size=(level.matrix.shape[0], 2))
            # A coarse node's area grows with the number of nodes it stands for.
            positions = positions[level.parents] * _growth(level) + spread
        is_finest = level is levels[0]
        iterations = _ITERATIONS_FINEST if is_finest else _ITERATIONS_COARSE
        positions = _simulate(positions, level.matrix, level.masses, iterations, 1.0, ctx)
    centred: Floats = positions - positions.mean(axis=0)
    return centred


def _growth(level: _Level) -> float:
    assert level.parents is not None
    return float(np.sqrt(level.matrix.shape[0] / (level.parents.max() + 1)))


def _circle(count: int, generator: np.random.Generator) -> Floats:
    angles = generator.permutation(count) * (2 * np.pi / max(count, 1))
    circle: Floats = np.sqrt(count) * np.column_stack((np.cos(angles), np.sin(angles)))
    return circle


def _coarsen(matrix: sparse.csr_array) -> list[_Level]:
    """The levels from the graph itself to one of about 40 nodes."""
    levels: list[_Level] = []
    masses = np.ones(matrix.shape[0])
    while matrix.shape[0] > _COARSEST:
        parents = _independent_set(matrix)
        coarse_count = int(parents.max()) + 1
        if coarse_count > 0.9 * matrix.shape[0]:
            break
        levels.append(_Level(matrix, masses, parents))
        fold = sparse.csr_array(
            (np.ones(len(parents)), (parents, np.arange(len(parents)))),
            shape=(coarse_count, len(parents)),
        )
        coarse = sparse.coo_array(fold @ matrix @ fold.T)
        inner = coarse.row != coarse.col
        matrix = sparse.csr_array(
            (coarse.data[inner], (coarse.row[inner], coarse.col[inner])), shape=coarse.shape
        )
        masses = np.bincount(parents, masses, coarse_count).astype(np.float64)
    levels.append(_Level(matrix, masses, None))
    return levels


def _independent_set(matrix: sparse.csr_array) -> Ints:
    """For each node the number of the centre it joins: centres are a maximal independent set,
    heaviest nodes first; every other node joins the centre that pulls it most."""
    count = matrix.shape[0]
    pull = np.asarray(matrix.sum(axis=1)).ravel()
    rank = np.empty(count, np.int64)
    rank[np.lexsort((np.arange(count), pull))] = np.arange(count)
    rows = np.repeat(np.arange(count), np.diff(matrix.indptr))
    columns = matrix.indices
    state = np.zeros(count, np.int8)
    while True:
        undecided = state == 0
        if not undecided.any():
            break
        best = np.full(count, -1, np.int64)
        open_edge = undecided[rows] & undecided[columns]
        np.maximum.at(best, rows[open_edge], rank[columns[open_edge]])
        chosen = undecided & (rank > best)
        state[chosen] = 1
        covered = np.zeros(count, np.bool_)
        covered[columns[chosen[rows]]] = True
        state[covered & (state == 0)] = 2
    centres = np.flatnonzero(state == 1)
    number = np.full(count, -1, np.int64)
    number[centres] = np.arange(len(centres))
    to_centre = (state[rows] == 2) & (state[columns] == 1)
    order = np.lexsort((columns[to_centre], matrix.data[to_centre], rows[to_centre]))
    joined_rows = rows[to_centre][order]
    joined_columns = columns[to_centre][order]
    last = np.ones(len(joined_rows), np.bool_)
    last[:-1] = joined_rows[1:] != joined_rows[:-1]
    number[joined_rows[last]] = number[joined_columns[last]]
    return number


def _simulate(
    positions: Floats,
    matrix: sparse.csr_array,
    masses: Floats,
    iterations: int,
    heat: float,
    ctx: JobContext | None,
    movable: npt.NDArray[np.bool_] | None = None,
) -> Floats:
    """The places after a number of cooling steps."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    columns = matrix.indices
    springs = matrix.data
    count = len(positions)
    repulsion = Repulsion(masses)
    # A step beyond the inverse of a node's spring constants overshoots and diverges.
    stiffness = np.bincount(rows, springs, minlength=count) * (_LINEAR_PULL + _NEAR_PULL)
    limits = 1.0 / (stiffness + 1.0)
    for iteration in range(iterations):
        if ctx is not None:
            ctx.token.raise_if_set()
        difference = positions[columns] - positions[rows]
        near = 1.0 + np.einsum("ij,ij->i", difference, difference)
        pull = springs * (_LINEAR_PULL + _NEAR_PULL / near)
        force = repulsion.forces(positions)
        for axis in (0, 1):
            force[:, axis] += np.bincount(rows, pull * difference[:, axis], minlength=count)
        # Towards the middle, so that weakly tied circles stay near instead of drifting off.
        force -= _GRAVITY * (positions - positions.mean(axis=0))
        cooling = heat * (1.0 - iteration / iterations)
        step = force * (np.minimum(1.0, 4.0 * limits) * cooling)[:, np.newaxis]
        length = np.sqrt(np.einsum("ij,ij->i", step, step))
        step *= np.minimum(1.0, _LARGEST_STEP / np.maximum(length, 1e-12))[:, np.newaxis]
        if movable is not None:
            step[~movable] = 0.0
        positions = positions + step
    return positions


def _rim(placed: Floats, count: int) -> Floats:
    """Places for unconnected newcomers: along a circle just outside everyone else."""
    radius = 1.0 + (np.sqrt((placed**2).sum(axis=1)).max() if len(placed) else 0.0)
    angles = np.arange(count) * np.pi * (3.0 - np.sqrt(5.0))
    return radius * np.column_stack((np.cos(angles), np.sin(angles)))
