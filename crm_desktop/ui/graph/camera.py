"""Where the map is looked at from, and the arithmetic of moving."""

from __future__ import annotations

import math
from dataclasses import dataclass

FIT_MARGIN_PX = (64, 36)
"""Beside and above: room for the names, and for the tools at the right."""


@dataclass(frozen=True, slots=True)
class Camera:
    """The layout point at the centre of the view, and pixels per layout unit."""

    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0

    def to_screen(self, x: float, y: float, size: tuple[float, float]) -> tuple[float, float]:
        """The pixel of a layout point in a view of `size` (width, height)."""
        width, height = size
        return (x - self.x) * self.scale + width / 2, (y - self.y) * self.scale + height / 2

    def to_layout(self, px: float, py: float, size: tuple[float, float]) -> tuple[float, float]:
        """The layout point under a pixel."""
        width, height = size
        return self.x + (px - width / 2) / self.scale, self.y + (py - height / 2) / self.scale

    def moved(self, dx_px: float, dy_px: float) -> Camera:
        """The camera after the map was dragged by so many pixels."""
        return Camera(self.x - dx_px / self.scale, self.y - dy_px / self.scale, self.scale)

    def zoomed(
        self, factor: float, anchor_px: tuple[float, float], size: tuple[float, float]
    ) -> Camera:
        """The camera `factor` times closer, the point under `anchor_px` staying where it is."""
        x, y = self.to_layout(*anchor_px, size)
        return Camera(x + (self.x - x) / factor, y + (self.y - y) / factor, self.scale * factor)

    def towards(self, goal: Camera, part: float) -> Camera:
        """The camera on the way to `goal`, at `part` (0-1) of it.

        Scale moves geometrically, and the centre with it such that the point that both cameras
        show at the same pixel never leaves it: zooming to the cursor holds still under it.
        """
        if part >= 1.0:
            return goal
        scale = self.scale * (goal.scale / self.scale) ** part
        if math.isclose(self.scale, goal.scale, rel_tol=1e-6):
            share = part
        else:
            share = (1 / scale - 1 / self.scale) / (1 / goal.scale - 1 / self.scale)
        return Camera(self.x + (goal.x - self.x) * share, self.y + (goal.y - self.y) * share, scale)


def fitting(
    bounds: tuple[float, ...],
    size: tuple[float, float],
    *,
    margin_px: tuple[float, float] = FIT_MARGIN_PX,
    max_scale: float = math.inf,
) -> Camera:
    """The camera that shows left, top, right, bottom whole, with `margin_px` (at the sides,
    above and below) around it."""
    left, top, right, bottom = bounds
    width, height = (
        max(extent - 2 * margin, 40.0) for extent, margin in zip(size, margin_px, strict=True)
    )
    scale = min(width / max(right - left, 1e-9), height / max(bottom - top, 1e-9), max_scale)
    return Camera((left + right) / 2, (top + bottom) / 2, scale)
