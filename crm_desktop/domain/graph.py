"""The relationship graph as the window draws it."""

from __future__ import annotations

from dataclasses import dataclass

from crm_desktop.domain.relationships import EntityKind


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A person or company with its place on the map, in layout units."""

    kind: EntityKind
    id: int
    name: str
    x: float
    y: float
    weight: float  # 0-1, sizes the dot
    community: int  # index of its community, largest first; -1 when alone
    organization: str | None = None
    is_self: bool = False


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A line between two nodes, which are given by their positions in `Graph.nodes`.

    `color_index` is the colour of its type; None where the relationship was found and not entered
    or imported.
    """

    source_index: int
    target_index: int
    strength: float  # 0-1
    relationship_id: int
    type: str
    label: str
    color_index: int | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges; `omitted` counts the people left out because only the best connected
    `limit` are drawn."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    omitted: int = 0


def node_radius(weight: float) -> float:
    """The radius, in layout units, of the disc that the map keeps free around a node."""
    return 0.15 + 0.3 * weight
