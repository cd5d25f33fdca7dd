"""The soft light behind a community: a blurred density of its members, in layout space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from crm_desktop.ui.graph.data import COLOURS, GREY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crm_desktop.ui.graph.data import GraphData, Shown
    from crm_desktop.ui.graph.palette import Palette

REACH = 1.25
"""Standard deviation of the blur, in spacings."""
CELLS_PER_REACH = 5
MOST_CELLS = 420
ALONE = 1.15
"""The density at a lone member is 1; only what exceeds this glows."""
SATURATION = 3.5
STRENGTH_LIGHT = 0.24
STRENGTH_DARK = 0.30


@dataclass(frozen=True)
class Glow:
    """Density by colour, float32 of shape (12, rows, columns), over a rectangle of the layout."""

    density: NDArray[np.float32]
    area: QRectF


def measure_glow(data: GraphData, shown: Shown) -> Glow | None:
    """How dense each colour's shown members are; None where nobody belongs to a community."""
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
    planes = np.zeros((COLOURS, rows, columns), dtype=np.float32)
    place = (
        data.colour[members].astype(np.int64),
        ((y - top) / cell).astype(np.int64),
        ((x - left) / cell).astype(np.int64),
    )
    np.add.at(planes, place, 1.0)
    sigma = reach / cell
    blur_rows = np.exp(-2 * (np.pi * sigma * np.fft.fftfreq(rows)) ** 2)
    blur_columns = np.exp(-2 * (np.pi * sigma * np.fft.rfftfreq(columns)) ** 2)
    spectrum = np.fft.rfft2(planes) * blur_rows[:, None] * blur_columns[None, :]
    density = np.fft.irfft2(spectrum, s=(rows, columns)) * (2 * np.pi * sigma * sigma)
    return Glow(density.astype(np.float32), QRectF(left, top, columns * cell, rows * cell))


def glow_image(glow: Glow, palette: Palette) -> QImage:
    """The glow on paper, one opaque pixel a cell; its edges are pure paper."""
    strength = STRENGTH_DARK if palette.is_dark else STRENGTH_LIGHT
    excess = np.maximum(glow.density - ALONE, 0.0)
    alpha = strength * (1.0 - np.exp(-excess / SATURATION))
    total = alpha.sum(axis=0)
    cover = strength * 1.15 * (1.0 - np.exp(-total / (strength * 1.15)))
    share = np.where(total > 0, cover / np.maximum(total, 1e-9), 0.0)
    paper = np.array(palette.paper.getRgb()[:3], dtype=np.float32)
    tint = np.einsum("krc,kn->rcn", alpha, palette.glow_rgb()) * share[..., None]
    rgb = paper * (1.0 - cover[..., None]) + tint
    pixels = np.empty((*cover.shape, 4), dtype=np.uint8)
    pixels[..., 2::-1] = np.rint(rgb)
    pixels[..., 3] = 255
    rows, columns = cover.shape
    image = QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGB32)
    return image.copy()
