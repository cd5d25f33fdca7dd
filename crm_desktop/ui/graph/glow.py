"""The soft light behind a community: a blurred density of its members, in layout space."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from crm_desktop.ui.graph.data import COLOURS, GREY
from crm_desktop.ui.graph.palette import rgb

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crm_desktop.ui.graph.data import GraphData, Shown
    from crm_desktop.ui.graph.palette import Palette

REACH = 1.5
"""Standard deviation of the blur, in spacings."""
CELLS_PER_REACH = 4
MOST_CELLS = 320
ALONE = 1.6
"""The density at a lone member is 1; only what exceeds this glows."""
SATURATION = 5.0
SOFTNESS = 0.3
STRENGTH_LIGHT = 0.25
STRENGTH_DARK = 0.36


@dataclass(frozen=True)
class Glow:
    """Density by colour, float32 of shape (12, rows, columns), over a rectangle of the layout."""

    density: NDArray[np.float32]
    area: QRectF


def measure_glow(data: GraphData, shown: Shown) -> Generator[None, None, Glow | None]:
    """How dense each colour's shown members are; None where nobody belongs to a community.

    A generator that stops after each colour, some milliseconds each, and returns the result.
    """
    members = np.flatnonzero(shown.nodes & (data.colour != GREY))
    if not len(members):
        return None
    x, y = data.x[members], data.y[members]
    reach = REACH * data.spacing
    margin = 4 * reach
    left, top = float(x.min()) - margin, float(y.min()) - margin
    width = float(x.max()) + margin - left
    height = float(y.max()) + margin - top
    cell = max(reach / CELLS_PER_REACH, max(width, height) / MOST_CELLS)
    columns, rows = int(np.ceil(width / cell)) + 1, int(np.ceil(height / cell)) + 1
    column, row = ((x - left) / cell).astype(np.int64), ((y - top) / cell).astype(np.int64)
    place = row * columns + column
    sigma = reach / cell
    blur_rows = np.exp(-2 * (np.pi * sigma * np.fft.fftfreq(rows)) ** 2)
    blur_columns = np.exp(-2 * (np.pi * sigma * np.fft.rfftfreq(columns)) ** 2)
    # The density that a single member has at its own place is 1.
    blur = (blur_rows[:, None] * blur_columns[None, :] * 2 * np.pi * sigma**2).astype(np.float32)
    density = np.zeros((COLOURS, rows, columns), dtype=np.float32)
    for colour in range(COLOURS):
        mine = place[data.colour[members] == colour]
        if len(mine):
            plane = np.bincount(mine, minlength=rows * columns).astype(np.float32)
            spectrum = np.fft.rfft2(plane.reshape(rows, columns)) * blur
            density[colour] = np.fft.irfft2(spectrum, s=(rows, columns))
            yield
    return Glow(density, QRectF(left, top, columns * cell, rows * cell))


def glow_image(glow: Glow, palette: Palette) -> QImage:
    """The glow on paper, one opaque pixel a cell; its edges are pure paper."""
    strength = STRENGTH_DARK if palette.is_dark else STRENGTH_LIGHT
    excess = np.maximum(glow.density - ALONE, 0.0)
    level = excess / np.float32(SATURATION)
    # Squared near nothing, so that the glow has no rim.
    alpha = strength * (1.0 - np.exp(-level * level / (level + np.float32(SOFTNESS))))
    total = alpha.sum(axis=0)
    cover = strength * 1.15 * (1.0 - np.exp(-total / (strength * 1.15)))
    share = np.where(total > 0, cover / np.maximum(total, 1e-9), 0.0)
    paper = np.array(rgb(palette.paper), dtype=np.float32)
    tint = np.einsum("krc,kn->rcn", alpha, palette.glow_rgb()) * share[..., None]
    colours = paper * (1.0 - cover[..., None]) + tint
    pixels = np.empty((*cover.shape, 4), dtype=np.uint8)
    pixels[..., 2::-1] = np.rint(colours)
    pixels[..., 3] = 255
    rows, columns = cover.shape
    image = QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGB32)
    return image.copy()
