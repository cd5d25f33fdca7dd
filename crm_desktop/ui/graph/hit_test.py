"""Which dot is under the pointer: a uniform grid over the layout, answered in microseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class PointGrid:
    """Points sorted into square cells of about `cell` layout units.

    The points of a row of cells lie next to each other in memory, so that a look around a point
    is a slice per row.
    """

    MOST_CELLS = 1_000_000

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64], cell: float) -> None:
        self._left = float(x.min()) if len(x) else 0.0
        self._top = float(y.min()) if len(y) else 0.0
        width = float(x.max()) - self._left if len(x) else 0.0
        height = float(y.max()) - self._top if len(y) else 0.0
        self._cell = max(cell, float(np.sqrt(max(width * height, 1e-12) / self.MOST_CELLS)), 1e-9)
        self._columns = int(width / self._cell) + 1
        self._rows = int(height / self._cell) + 1
        column = ((x - self._left) / self._cell).astype(np.int64)
        row = ((y - self._top) / self._cell).astype(np.int64)
        key = row * self._columns + column
        self._order = np.argsort(key, kind="stable").astype(np.int32)
        self._x, self._y = x[self._order], y[self._order]
        counts = np.bincount(key, minlength=self._columns * self._rows)
        self._start = np.concatenate([[0], np.cumsum(counts)]).tolist()

    def near(self, x: float, y: float, radius: float) -> NDArray[np.int32]:
        """The points in the cells that touch the square of `radius` around (x, y)."""
        first = max(0, int((x - radius - self._left) // self._cell))
        last = min(self._columns - 1, int((x + radius - self._left) // self._cell))
        top = max(0, int((y - radius - self._top) // self._cell))
        bottom = min(self._rows - 1, int((y + radius - self._top) // self._cell))
        if first > last or top > bottom:
            return self._order[:0]
        start, columns = self._start, self._columns
        found = [
            self._order[start[row * columns + first] : start[row * columns + last + 1]]
            for row in range(top, bottom + 1)
        ]
        return np.concatenate(found)


def pick(
    px: NDArray[np.float64],
    py: NDArray[np.float64],
    radius: NDArray[np.float64],
    candidates: NDArray[np.int32],
    at: tuple[float, float],
    slop_px: float,
) -> int:
    """The candidate whose rim is nearest to the pixel `at` and within `slop_px` of it, or -1.

    Inside several dots at once the one with the nearest centre, relative to its size, wins.
    """
    if not len(candidates):
        return -1
    distance = np.hypot(px[candidates] - at[0], py[candidates] - at[1])
    gap = distance - radius[candidates]
    best = int(np.argmin(np.where(gap > 0, gap, distance / radius[candidates] - 1.0)))
    return int(candidates[best]) if gap[best] <= slop_px else -1
