"""Moving the camera over the map: fit, zoom, pan and flights, within limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QRectF, Signal

from crm_desktop.ui.graph.camera import Camera, fitting
from crm_desktop.ui.graph.motion import Tween

if TYPE_CHECKING:
    from pyqtgraph import ViewBox

    from crm_desktop.ui.graph.stage import Stage

ZOOM_MS = 140
FLIGHT_MS = 200
FARTHEST = 0.5
"""How much smaller than fitting the map may be."""
CLOSEST_SPACING_PX = 420.0
FIT_SPACING_PX = 130.0
NEAR_SPACING_PX = 90.0


class Mover(QObject):
    """Sets the stage's camera and the view box's range, at once or in a flight.

    `is_fitted` says that the whole map is shown and nobody moved since, so that it is to stay
    whole when the view's size changes.

    Signals:
        moved(): the camera is somewhere else.
    """

    moved = Signal()

    def __init__(
        self, stage: Stage, box: ViewBox, duration: Callable[[int], int], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._stage = stage
        self._box = box
        self._duration = duration
        self._flight = Tween(self._on_flight, self)
        self._from = self._goal = Camera()
        self.is_fitted = True

    @property
    def is_flying(self) -> bool:
        return self._flight.is_running

    def look_from(self, camera: Camera) -> None:
        """Be there now."""
        stage = self._stage
        stage.camera = camera
        width, height = stage.size[0] / camera.scale, stage.size[1] / camera.scale
        area = QRectF(camera.x - width / 2, camera.y - height / 2, width, height)
        self._box.setRange(area, padding=0, disableAutoRange=False)
        self.moved.emit()

    def fly(self, goal: Camera, duration_ms: int = FLIGHT_MS) -> None:
        """Be there soon."""
        self.is_fitted = False
        self._from, self._goal = self._stage.camera, goal
        self._flight.start(self._duration(duration_ms))

    def stop(self) -> None:
        """End a flight where it is."""
        self._flight.stop()

    def fit(self, *, is_smooth: bool) -> None:
        """Show the whole map, whatever is filtered away: a filter moves nothing."""
        self.fly(self._fit_camera(), FLIGHT_MS if is_smooth else 0)
        self.is_fitted = True

    def size_changed(self) -> None:
        """Keep the whole map in view, or else the middle in the middle."""
        self._stage.fit_scale = self._fit_camera().scale
        self.look_from(self._fit_camera() if self.is_fitted else self._stage.camera)

    def pan(self, dx: float, dy: float) -> None:
        """Drag the map by pixels."""
        self.is_fitted = False
        self.look_from(self._stage.camera.moved(dx, dy))

    def zoom(self, factor: float, anchor: tuple[float, float], *, is_smooth: bool) -> None:
        """Zoom by `factor`, the place under the pixel `anchor` staying there."""
        stage, data = self._stage, self._stage.data
        if data is None:
            return
        start = self._goal if self.is_flying else stage.camera
        lowest = stage.fit_scale * FARTHEST
        highest = max(CLOSEST_SPACING_PX / data.spacing, stage.fit_scale * 2)
        factor = min(max(start.scale * factor, lowest), highest) / start.scale
        self.fly(start.zoomed(factor, anchor, stage.size), ZOOM_MS if is_smooth else 0)

    def show_around(self, node: int) -> None:
        """Put a node in the middle and its neighbours in view, all of them where that does not
        make the map smaller than when it is shown whole."""
        stage, data = self._stage, self._stage.data
        assert data is not None
        around = np.append(data.neighbours(node, stage.shown), np.int32(node))
        x, y = float(data.x[node]), float(data.y[node])
        reach_x = float(np.abs(data.x[around] - x).max())
        reach_y = float(np.abs(data.y[around] - y).max())
        bounds = (x - reach_x, y - reach_y, x + reach_x, y + reach_y)
        goal = fitting(bounds, stage.size, max_scale=FIT_SPACING_PX / data.spacing)
        self.fly(replace(goal, scale=max(goal.scale, stage.fit_scale)))

    def reveal(self, node: int) -> None:
        """Fly to a node, near enough to see those around it."""
        data = self._stage.data
        assert data is not None
        scale = max(self._stage.camera.scale, NEAR_SPACING_PX / data.spacing)
        self.fly(Camera(float(data.x[node]), float(data.y[node]), scale))

    def _fit_camera(self) -> Camera:
        data = self._stage.data
        if data is None:
            return Camera()
        bounds = data.bounds(np.ones(len(data.x), dtype=bool))
        return fitting(bounds, self._stage.size, max_scale=FIT_SPACING_PX / data.spacing)

    def _on_flight(self, part: float) -> None:
        self.look_from(self._from.towards(self._goal, part))
