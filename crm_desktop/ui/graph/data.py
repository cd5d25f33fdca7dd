"""A graph as arrays: what the map's painters and the hit-test read in every frame."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from crm_desktop.domain.relationships import EntityKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crm_desktop.domain.graph import Graph, GraphEdge, GraphNode

COLOURS = 12
GREY = COLOURS
"""The colour index of loners, of small communities and of lines between communities."""

COLOURED_COMMUNITIES = 36
SMALLEST_COLOURED = 3
NEVER = -1
WIDER = 1.35
"""A window is wider than high, and so is the map: distances across are drawn so much longer."""
RANDOMLY_OCCUPIED = 1 - math.exp(-1)
"""The share of cells that are not empty when as many points as cells fall at random."""


@dataclass(frozen=True, slots=True)
class EdgeKind:
    """A relationship type as the legend lists it: its name, its label and how many lines. `colour`
    is that of most of its lines; None where they have the colours of the circles they lie in."""

    name: str
    label: str
    count: int
    colour: int | None = None


@dataclass(frozen=True, slots=True)
class GraphFilter:
    """What is left out of the map. `hidden_communities` holds community indices."""

    min_strength: float = 0.0
    hidden_types: frozenset[str] = frozenset()
    hidden_communities: frozenset[int] = frozenset()
    shows_companies: bool = True


@dataclass(frozen=True)
class Shown:
    """The part of a graph that a filter leaves: masks over nodes and edges."""

    nodes: NDArray[np.bool_]
    edges: NDArray[np.bool_]

    @cached_property
    def node_count(self) -> int:
        return int(np.count_nonzero(self.nodes))

    @cached_property
    def edge_count(self) -> int:
        return int(np.count_nonzero(self.edges))


@dataclass(frozen=True)
class GraphData:
    """The arrays of one graph of n nodes and m edges; nothing in it changes. The graph's own edges
    are not kept: ten thousand small objects make every garbage collection slow.

    `x`, `y` float64 in layout units; `weight` 0-1; `colour` and `edge_colour` index the twelve
    community colours, GREY beyond; a line that was entered or imported has the colour of its type.
    `spacing` is the typical distance between neighbouring dots.
    The neighbours of node i are `neighbour[start[i]:start[i + 1]]`, over the edges
    `edge_of[start[i]:start[i + 1]]`.
    """

    nodes: tuple[GraphNode, ...]
    omitted: int
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    weight: NDArray[np.float64]
    community: NDArray[np.int32]
    colour: NDArray[np.int8]
    is_company: NDArray[np.bool_]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    strength: NDArray[np.float64]
    edge_colour: NDArray[np.int8]
    edge_kind: NDArray[np.int16]
    kinds: tuple[EdgeKind, ...]
    start: NDArray[np.int32]
    neighbour: NDArray[np.int32]
    edge_of: NDArray[np.int32]
    spacing: float
    importance: NDArray[np.int32]
    self_index: int
    index_of: dict[tuple[EntityKind, int], int] = field(repr=False)

    def neighbours(self, index: int, shown: Shown) -> NDArray[np.int32]:
        """The nodes that a shown line joins to node `index`, each once."""
        part = slice(self.start[index], self.start[index + 1])
        return np.unique(self.neighbour[part][shown.edges[self.edge_of[part]]])

    def lines(self, index: int, shown: Shown) -> NDArray[np.int32]:
        """The shown edges at node `index`."""
        edges = self.edge_of[self.start[index] : self.start[index + 1]]
        return edges[shown.edges[edges]]

    def bounds(self, nodes: NDArray[np.bool_] | NDArray[np.int32]) -> tuple[float, ...]:
        """Left, top, right and bottom of these nodes; a unit square around nothing."""
        x, y = self.x[nodes], self.y[nodes]
        if not len(x):
            return (-0.5, -0.5, 0.5, 0.5)
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())

    def filtered(self, wanted: GraphFilter) -> Shown:
        """What `wanted` leaves. A person whose every line is filtered away goes too, but nobody
        who had none to begin with, and never the person whose graph it is."""
        nodes = np.ones(len(self.x), dtype=bool)
        if not wanted.shows_companies:
            nodes &= ~self.is_company
        if wanted.hidden_communities:
            nodes &= ~np.isin(self.community, list(wanted.hidden_communities))
        edges = self.strength >= wanted.min_strength
        hidden = [i for i, kind in enumerate(self.kinds) if kind.name in wanted.hidden_types]
        if hidden:
            edges &= ~np.isin(self.edge_kind, hidden)
        edges &= nodes[self.source] & nodes[self.target]
        if wanted != GraphFilter():
            has_line = np.zeros(len(nodes), dtype=bool)
            has_line[self.source[edges]] = True
            has_line[self.target[edges]] = True
            had_line = self.start[1:] > self.start[:-1]
            lost = had_line & ~has_line
            if self.self_index != NEVER:
                lost[self.self_index] = False
            nodes &= ~lost
        return Shown(nodes, edges)


def _spacing(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """The side of the square that a node has for itself where most nodes are.

    First from the area that is not empty; then, since a crowded middle decides how large a dot
    may be, from how many share a square of twice that side where it is rather full.
    """
    count = len(x)
    if count < 2:
        return 1.0
    left, top = float(x.min()), float(y.min())
    width, height = float(x.max()) - left, float(y.max()) - top
    span = max(width, height, 1e-9)

    def cells(side: float) -> NDArray[np.int64]:
        columns = int(width / side) + 1
        row, column = ((y - top) / side).astype(np.int64), ((x - left) / side).astype(np.int64)
        key: NDArray[np.int64] = row * columns + column
        return key

    side = float(np.sqrt(max(width * height, span * span * 0.05) / count))
    for _ in range(3):
        occupied = len(np.unique(cells(side)))
        side = max(side * float(np.sqrt(occupied / count / RANDOMLY_OCCUPIED)), span * 1e-4)
    _keys, which, sizes = np.unique(cells(2 * side), return_inverse=True, return_counts=True)
    return min(side, 2 * side / float(np.sqrt(np.percentile(sizes[which], 75))))


def _community_colours(
    community: NDArray[np.int32], x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.int8]:
    """A colour index for each community. The first twelve have their own; later ones take the
    colour whose other owners are farthest away, so that neighbours differ."""
    count = int(community.max()) + 1 if len(community) else 0
    colours = np.full(max(count, 1), GREY, dtype=np.int8)
    members = community >= 0
    sizes = np.bincount(community[members], minlength=count)
    safe = np.maximum(sizes, 1)
    centre_x = np.bincount(community[members], x[members], minlength=count) / safe
    centre_y = np.bincount(community[members], y[members], minlength=count) / safe
    for index in range(min(count, COLOURED_COMMUNITIES)):
        if index < COLOURS:
            colours[index] = index
            continue
        if sizes[index] < SMALLEST_COLOURED:
            continue
        nearest = np.full(COLOURS, np.inf)
        for other in range(index):
            if colours[other] != GREY:
                distance = np.hypot(
                    centre_x[other] - centre_x[index], centre_y[other] - centre_y[index]
                )
                nearest[colours[other]] = min(nearest[colours[other]], distance)
        colours[index] = int(np.argmax(nearest))
    return colours


def _adjacency(
    count: int, source: NDArray[np.int32], target: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    ends = np.concatenate([source, target])
    others = np.concatenate([target, source])
    edge = np.tile(np.arange(len(source), dtype=np.int32), 2)
    order = np.argsort(ends, kind="stable")
    start = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(ends, minlength=count), out=start[1:])
    return start, others[order].astype(np.int32), edge[order]


def _kinds(edges: tuple[GraphEdge, ...]) -> tuple[tuple[EdgeKind, ...], NDArray[np.int16]]:
    counts: dict[str, int] = {}
    labels: dict[str, str] = {}
    tinted: dict[str, int] = {}
    tints: dict[str, int] = {}
    for edge in edges:
        counts[edge.type] = counts.get(edge.type, 0) + 1
        labels.setdefault(edge.type, edge.label)
        if edge.color_index is not None:
            tinted[edge.type] = tinted.get(edge.type, 0) + 1
            tints[edge.type] = edge.color_index % COLOURS
    names = sorted(counts, key=lambda name: (-counts[name], name))
    position = {name: index for index, name in enumerate(names)}
    kinds = tuple(
        EdgeKind(
            name,
            labels[name],
            counts[name],
            tints[name] if 2 * tinted.get(name, 0) > counts[name] else None,
        )
        for name in names
    )
    return kinds, np.fromiter((position[edge.type] for edge in edges), np.int16, len(edges))


def build_data(graph: Graph) -> GraphData:
    """The arrays of `graph`; some milliseconds per thousand nodes, on any thread."""
    nodes, edges = graph.nodes, graph.edges
    count = len(nodes)
    x = WIDER * np.fromiter((node.x for node in nodes), np.float64, count)
    y = np.fromiter((node.y for node in nodes), np.float64, count)
    weight = np.clip(np.fromiter((node.weight for node in nodes), np.float64, count), 0.0, 1.0)
    community = np.fromiter((node.community for node in nodes), np.int32, count)
    source = np.fromiter((edge.source_index for edge in edges), np.int32, len(edges))
    target = np.fromiter((edge.target_index for edge in edges), np.int32, len(edges))
    strength = np.fromiter((edge.strength for edge in edges), np.float64, len(edges))
    by_community = np.append(_community_colours(community, x, y), np.int8(GREY))
    colour = by_community[community]
    same = (community[source] == community[target]) & (community[source] >= 0)
    by_circle = np.where(same, colour[source], np.int8(GREY))
    by_type = np.fromiter(
        (-1 if edge.color_index is None else edge.color_index % COLOURS for edge in edges),
        np.int8,
        len(edges),
    )
    kinds, edge_kind = _kinds(edges)
    start, neighbour, edge_of = _adjacency(count, source, target)
    is_self = [index for index, node in enumerate(nodes) if node.is_self]
    importance = np.argsort(-weight, kind="stable").astype(np.int32)
    return GraphData(
        nodes=nodes,
        omitted=graph.omitted,
        x=x,
        y=y,
        weight=weight,
        community=community,
        colour=colour,
        is_company=np.fromiter((node.kind is EntityKind.COMPANY for node in nodes), bool, count),
        source=source,
        target=target,
        strength=np.clip(strength, 0.0, 1.0),
        edge_colour=np.where(by_type >= 0, by_type, by_circle).astype(np.int8),
        edge_kind=edge_kind,
        kinds=kinds,
        start=start,
        neighbour=neighbour,
        edge_of=edge_of,
        spacing=_spacing(x, y),
        importance=importance,
        self_index=is_self[0] if is_self else NEVER,
        index_of={(node.kind, node.id): index for index, node in enumerate(nodes)},
    )
