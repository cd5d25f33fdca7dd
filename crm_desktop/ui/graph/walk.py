"""Walking from person to person with the arrow keys."""

from __future__ import annotations

import numpy as np

from crm_desktop.ui.graph.data import NEVER, GraphData, Shown

NARROWEST = 0.35
"""The cosine below which a neighbour does not lie in the direction at all."""


def neighbour_towards(data: GraphData, shown: Shown, node: int, dx: int, dy: int) -> int:
    """The shown neighbour of `node` that lies best in a direction (y down): near and straight.

    Without one in that direction, -1.
    """
    neighbours = data.neighbours(node, shown)
    if not len(neighbours):
        return NEVER
    away_x, away_y = data.x[neighbours] - data.x[node], data.y[neighbours] - data.y[node]
    distance = np.maximum(np.hypot(away_x, away_y), 1e-12)
    cosine = (away_x * dx + away_y * dy) / (distance * np.hypot(dx, dy))
    cost = np.where(cosine >= NARROWEST, distance / np.maximum(cosine, 1e-9) ** 2, np.inf)
    best = int(np.argmin(cost))
    return int(neighbours[best]) if np.isfinite(cost[best]) else NEVER
