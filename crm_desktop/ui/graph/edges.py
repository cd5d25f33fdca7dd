"""The lines: which are in a picture, how strongly each is drawn, and drawing them in chunks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QPainter, QPen

from crm_desktop.ui.graph.data import GREY
from crm_desktop.ui.graph.primitives import PrimitiveArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crm_desktop.ui.graph.camera import Camera
    from crm_desktop.ui.graph.data import GraphData, Shown
    from crm_desktop.ui.graph.palette import Palette

LINES_PER_CHUNK = 1000
ALPHAS = np.array([0.035, 0.07, 0.13, 0.22, 0.36, 0.58])
CALM_LINES_PER_MEGAPIXEL = 2200.0
LONG_SPACINGS = 7.0
"""Lines longer than this many spacings are drawn fainter: they cross what they do not concern."""


@dataclass(frozen=True)
class LineBatches:
    """Lines in device pixels, float64 of shape (n, 4), sorted into runs of one pen each."""

    lines: NDArray[np.float64]
    runs: tuple[tuple[int, int, int, float], ...]  # first, last, colour index, alpha 0-1


def _opacity(
    data: GraphData, edges: NDArray[np.intp], length: NDArray[np.float64], density: float
) -> NDArray[np.float64]:
    """How opaque each line is: by strength, fainter in a crowd, when long, and across."""
    strength = data.strength[edges]
    is_across = data.edge_colour[edges] == GREY
    alpha = np.where(is_across, 0.05 + 0.40 * strength**2, 0.15 + 0.60 * strength**1.4)
    crowd = np.clip((CALM_LINES_PER_MEGAPIXEL / max(density, 1.0)) ** 0.35, 0.5, 1.25)
    far = np.clip(LONG_SPACINGS / np.maximum(length / data.spacing, 1e-9), 0.12, 1.0) ** 0.8
    opacity: NDArray[np.float64] = alpha * crowd * far
    return opacity


def batch_lines(
    data: GraphData, shown: Shown, camera: Camera, size: tuple[int, int], ratio: float
) -> LineBatches:
    """The shown lines that touch a picture of `size` device pixels, faint runs first."""
    width, height = size
    scale = camera.scale * ratio
    px = (data.x - camera.x) * scale + width / 2
    py = (data.y - camera.y) * scale + height / 2
    x1, x2 = px[data.source], px[data.target]
    y1, y2 = py[data.source], py[data.target]
    inside = shown.edges & (np.maximum(x1, x2) >= 0) & (np.minimum(x1, x2) <= width)
    inside &= (np.maximum(y1, y2) >= 0) & (np.minimum(y1, y2) <= height)
    edges = np.flatnonzero(inside)
    if not len(edges):
        return LineBatches(np.empty((0, 4)), ())
    lines = np.stack([x1[edges], y1[edges], x2[edges], y2[edges]], axis=1)
    length = np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]) / scale
    density = len(edges) / (width * height / ratio**2 / 1e6)
    opacity = _opacity(data, edges, length, density) * (1.0 + 0.4 * (ratio - 1.0))
    bucket = np.argmin(np.abs(np.log(ALPHAS)[:, None] - np.log(opacity)[None, :]), axis=0)
    colour = data.edge_colour[edges].astype(np.int64)
    # Lines between communities lie below all others, and faint lines below strong ones.
    key = np.where(colour == GREY, bucket - len(ALPHAS), bucket) * (GREY + 1) + colour
    order = np.argsort(key, kind="stable")
    firsts = np.flatnonzero(np.diff(key[order], prepend=key[order[0]] - 1))
    lasts = np.append(firsts[1:], len(order))
    runs = tuple(
        (int(first), int(last), int(colour[order[first]]), float(ALPHAS[bucket[order[first]]]))
        for first, last in zip(firsts, lasts, strict=True)
    )
    return LineBatches(lines[order], runs)


def draw_batches(painter: QPainter, batches: LineBatches, palette: Palette) -> Iterator[None]:
    """Draw with a painter in device pixels, stopping after every chunk of lines.

    The painter must have an explicit clip rectangle: with one, Qt draws thin translucent lines
    more than ten times faster.
    """
    array = PrimitiveArray(QLineF, 4)
    drawn = 0
    for first, last, colour, alpha in batches.runs:
        tint = QColor(palette.dots[colour])
        tint.setAlphaF(alpha)
        pen = QPen(tint, 1.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        for begin in range(first, last, LINES_PER_CHUNK):
            part = batches.lines[begin : min(begin + LINES_PER_CHUNK, last)]
            array.table(len(part))[:] = part
            painter.drawLines(*array.arguments(len(part)))
            drawn += len(part)
            if drawn >= LINES_PER_CHUNK:
                drawn = 0
                yield
