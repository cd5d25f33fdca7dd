"""What all painters of the map look at: the graph, the camera, and who is emphasised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crm_desktop.ui.graph.camera import Camera
from crm_desktop.ui.graph.data import NEVER, GraphData, Shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crm_desktop.ui.graph.palette import Palette

SMALLEST_DOT_PX = 1.5
LARGEST_DOT_PX = 26.0
EDGE_OF_VIEW_PX = 32.0


@dataclass(frozen=True)
class Frame:
    """The nodes in pixels for one camera: centres, radii, and which are in view (lightest
    first, so that the weighty are painted last, on top)."""

    px: NDArray[np.float64]
    py: NDArray[np.float64]
    radius: NDArray[np.float64]
    in_view: NDArray[np.int32]
    spacing_px: float


def dot_radius(weight: NDArray[np.float64], spacing_px: float) -> NDArray[np.float64]:
    """Radii in pixels: a crowd gets small dots, and dots grow more slowly than the zoom."""
    largest = min(max(13.0 * (spacing_px / 45.0) ** 0.6, 4.5), LARGEST_DOT_PX)
    smallest = max(SMALLEST_DOT_PX, 0.24 * largest)
    radius: NDArray[np.float64] = smallest + (largest - smallest) * weight**0.8
    return radius


class Stage:
    """The state of the map that is painted. The view changes it; painters only read.

    `lit` masks the nodes that stay bright while `dimming` (0-1) fades the others.
    """

    def __init__(self, palette: Palette) -> None:
        self.palette = palette
        self.data: GraphData | None = None
        self.shown = Shown(np.zeros(0, dtype=bool), np.zeros(0, dtype=bool))
        self.camera = Camera()
        self.fit_scale = 1.0
        self.size = (1.0, 1.0)
        self.ratio = 1.0
        self.selected = NEVER
        self.hovered = NEVER
        self.lit: NDArray[np.bool_] | None = None
        self.lit_edges: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self.dimming = 0.0
        self._frame: tuple[object, Frame] | None = None

    @property
    def zoom(self) -> float:
        """How much closer the camera is than when the whole map fits."""
        return self.camera.scale / self.fit_scale

    def frame(self) -> Frame:
        """The nodes in pixels; computed once for each camera, size and graph."""
        data = self.data
        assert data is not None
        key = (self.camera, self.size, id(data), id(self.shown))
        if self._frame is not None and self._frame[0] == key:
            return self._frame[1]
        (width, height), camera = self.size, self.camera
        px = (data.x - camera.x) * camera.scale + width / 2
        py = (data.y - camera.y) * camera.scale + height / 2
        spacing_px = data.spacing * camera.scale
        pad = EDGE_OF_VIEW_PX
        inside = (px > -pad) & (px < width + pad) & (py > -pad) & (py < height + pad)
        inside &= self.shown.nodes
        order = data.importance[::-1]
        frame = Frame(px, py, dot_radius(data.weight, spacing_px), order[inside[order]], spacing_px)
        self._frame = (key, frame)
        return frame
