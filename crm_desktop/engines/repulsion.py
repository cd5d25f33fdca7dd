"""How nodes push each other apart: a bounded force d / (1 + d²)², exact for few nodes, on a grid
for many."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import fft

Floats = npt.NDArray[np.float64]

PUSH = 8.0
EXACT_NODES = 150
CELL = 0.5
"""Width of a grid cell in layout units; the force peaks at 0.58."""
MARGIN = 8.0
_MAX_CELLS = 2_048


class Repulsion:
    """The push on every node from all others, whose `masses` scale their push."""

    def __init__(self, masses: Floats) -> None:
        self._masses = masses

    def forces(self, positions: Floats) -> Floats:
        """The force on each node (n × 2)."""
        if len(positions) <= EXACT_NODES:
            return exact_forces(positions, self._masses)
        return grid_forces(positions, self._masses)


def exact_forces(positions: Floats, masses: Floats) -> Floats:
    """Every pair, n² work."""
    difference = positions[:, np.newaxis, :] - positions[np.newaxis, :, :]
    squared = np.einsum("ijk,ijk->ij", difference, difference)
    push = PUSH * masses[np.newaxis, :] / (1.0 + squared) ** 2
    forces: Floats = np.einsum("ij,ijk->ik", push, difference)
    return forces


def grid_forces(positions: Floats, masses: Floats) -> Floats:
    """Masses spread over the four cells around each node (cloud in cell), convolved with the
    kernel by FFT and read back with the same weights, so no node pushes itself."""
    low = positions.min(axis=0)
    extent = positions.max(axis=0) - low
    cell = max(CELL, float(extent.max() + 2 * MARGIN) / _MAX_CELLS)
    shape = tuple(_grid_length(float(width), cell) for width in extent)
    place = (positions - low) / cell
    corner = place.astype(np.int64)
    part = place - corner
    cells: list[npt.NDArray[np.int64]] = []
    shares: list[Floats] = []
    for right in (0, 1):
        for up in (0, 1):
            cells.append((corner[:, 0] + right) * shape[1] + corner[:, 1] + up)
            share_x = part[:, 0] if right else 1.0 - part[:, 0]
            share_y = part[:, 1] if up else 1.0 - part[:, 1]
            shares.append(share_x * share_y)
    every_cell = np.concatenate(cells)
    density = np.bincount(
        every_cell, np.concatenate([masses * share for share in shares]), shape[0] * shape[1]
    ).reshape(shape)
    spectrum = fft.rfft2(density)
    forces = np.empty_like(positions)
    for axis, kernel in enumerate(_kernels(shape[0], shape[1], cell)):
        field = fft.irfft2(spectrum * kernel, s=shape).ravel()
        forces[:, axis] = sum(
            share * field[index] for share, index in zip(shares, cells, strict=True)
        )
    return forces


def _grid_length(width: float, cell: float) -> int:
    # The force fades with the cube of the distance, so a margin is enough against wrap-around.
    # Lengths come in steps of a quarter octave so that kernels are reused while a layout grows.
    needed = int((width + 2 * MARGIN) / cell) + 2
    stepped = 2.0 ** (np.ceil(np.log2(needed) * 4) / 4)
    return int(fft.next_fast_len(int(np.ceil(stepped)), real=True))


@lru_cache(maxsize=8)
def _kernels(
    rows: int, columns: int, cell: float
) -> tuple[npt.NDArray[np.complex128], npt.NDArray[np.complex128]]:
    x = fft.fftfreq(rows, 1.0 / rows)[:, np.newaxis] * cell
    y = fft.fftfreq(columns, 1.0 / columns)[np.newaxis, :] * cell
    push = PUSH / (1.0 + x * x + y * y) ** 2
    return fft.rfft2(push * x), fft.rfft2(push * y)
