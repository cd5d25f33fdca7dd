"""Glow and lines as one cached picture, larger than the view, drawn again off the paint path."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QTimer, Slot
from PySide6.QtGui import QImage, QPainter

from crm_desktop.ui.graph.camera import Camera
from crm_desktop.ui.graph.edges import batch_lines, draw_batches
from crm_desktop.ui.graph.glow import Glow, glow_image, measure_glow
from crm_desktop.ui.graph.layer import Layer

if TYPE_CHECKING:
    from pyqtgraph import ViewBox
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from crm_desktop.ui.graph.stage import Stage

MARGIN = 1.5
MARGIN_DENSE = 1.25
"""How much larger than the view the picture is, at 100 % and on screens of 150 % or more."""
STEP_BUDGET_S = 0.004
BAND_PIXELS = 400_000
SETTLE_MS = 70
STRETCH_MOST = 1.7
DIMMED = 0.22
GLOW_FADES_FROM = 2.0
GLOW_GONE_AT = 8.0


@dataclass(frozen=True)
class Picture:
    """What was drawn: an image and the camera at its centre."""

    image: QImage
    camera: Camera
    ratio: float

    def area(self, camera: Camera, size: tuple[float, float]) -> QRectF:
        """Where it lies, in pixels, in a view of `size` under `camera`."""
        stretch = camera.scale / self.camera.scale
        width = self.image.width() / self.ratio * stretch
        height = self.image.height() / self.ratio * stretch
        x, y = camera.to_screen(self.camera.x, self.camera.y, size)
        return QRectF(x - width / 2, y - height / 2, width, height)


def _glow_opacity(zoom: float) -> float:
    span = math.log(GLOW_GONE_AT / GLOW_FADES_FROM)
    return min(max(math.log(GLOW_GONE_AT / max(zoom, 1e-9)) / span, 0.0), 1.0)


def draw_picture(stage: Stage, glow: tuple[Glow, QImage] | None) -> Iterator[Picture | None]:
    """Draw the stage's lines and glow around its camera of now; None after each chunk of a few
    milliseconds, the finished picture last."""
    data, shown, palette, camera = stage.data, stage.shown, stage.palette, stage.camera
    assert data is not None
    ratio = stage.ratio
    margin = MARGIN if ratio < 1.5 else MARGIN_DENSE
    width = max(1, round(stage.size[0] * margin * ratio))
    height = max(1, round(stage.size[1] * margin * ratio))
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(palette.paper)
    opacity = _glow_opacity(stage.zoom)
    batches = batch_lines(data, shown, camera, (width, height), ratio)
    yield None
    painter = QPainter(image)
    try:
        if glow is not None and opacity > 0:
            area, source = glow[0].area, glow[1]
            scale = camera.scale * ratio
            target = QRectF(
                (area.x() - camera.x) * scale + width / 2,
                (area.y() - camera.y) * scale + height / 2,
                area.width() * scale,
                area.height() * scale,
            )
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setOpacity(opacity)
            rows = max(1, BAND_PIXELS // width)
            for top in range(0, height, rows):
                painter.setClipRect(QRect(0, top, width, rows))
                painter.drawImage(target, source)
                yield None
            painter.setOpacity(1.0)
        painter.setClipRect(0, 0, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for _ in draw_batches(painter, batches, palette):
            yield None
    finally:
        painter.end()
    yield Picture(image, camera, ratio)


class BackdropLayer(Layer):
    """Paper, glow and lines, from the cached picture.

    While the camera moves, the last picture is shifted or stretched; a new one is drawn between
    events, some milliseconds at a time, once the camera rests, leaves the picture or has zoomed
    far. `overview`, the last picture that held the whole map, fills what a newer one leaves free.
    """

    def __init__(self, stage: Stage, box: ViewBox, depth: int) -> None:
        super().__init__(stage, box, depth)
        self.picture: Picture | None = None
        self.overview: Picture | None = None
        self._glow: Glow | None = None
        self._glow_image: QImage | None = None
        self._is_glow_measured = False
        self._drawing: Iterator[Picture | None] | None = None
        self._is_stale = True
        self._step = QTimer(self)
        self._step.setInterval(0)
        self._step.timeout.connect(self._draw_some)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._on_settled)

    @property
    def is_current(self) -> bool:
        """Whether the picture shows exactly the stage of now and none is being drawn."""
        return self._drawing is None and not self._is_stale and self._fits_exactly()

    def remeasure(self) -> None:
        """Draw other people: the graph or its filter changed, and so did the glow."""
        self._is_glow_measured = False
        self.invalidate(forget=False)

    def recolour(self) -> None:
        """Draw in the colours of a new theme; the old picture is not shown again."""
        self._glow_image = None
        self.invalidate(forget=True)

    def invalidate(self, *, forget: bool) -> None:
        """Draw anew since graph, filter, size or colours are others. `forget` drops what was
        drawn, where showing it a moment longer would be wrong."""
        self._is_stale = True
        self.overview = None
        if forget:
            self.picture = None
        self._stop_drawing()
        self._start_drawing()
        self.update()

    def camera_moved(self) -> None:
        """Show the picture from the new camera and see to it that a better one follows."""
        self.update()
        if self._fits_exactly():
            return
        if self._drawing is None and self._is_urgent():
            self._start_drawing()
        self._settle.start()

    def finish(self) -> None:
        """Draw to the end at once; for pictures of the map, never for frames."""
        if not self.is_current and self._drawing is None:
            self._start_drawing()
        while self._drawing is not None:
            self._take(next(self._drawing))

    def _fits_exactly(self) -> bool:
        picture, stage = self.picture, self.stage
        return (
            picture is not None
            and picture.ratio == stage.ratio
            and math.isclose(picture.camera.scale, stage.camera.scale, rel_tol=1e-3)
            and self._covers(picture)
        )

    def _covers(self, picture: Picture) -> bool:
        view = QRectF(0, 0, *self.stage.size)
        return picture.area(self.stage.camera, self.stage.size).contains(view)

    def _is_urgent(self) -> bool:
        picture = self.picture
        if picture is None or not self._covers(picture):
            return True
        stretch = self.stage.camera.scale / picture.camera.scale
        return max(stretch, 1 / stretch) > STRETCH_MOST

    @Slot()
    def _on_settled(self) -> None:
        if self._drawing is not None:
            self._settle.start()
        elif not self._fits_exactly():
            self._start_drawing()

    def _start_drawing(self) -> None:
        if self.stage.data is None:
            return
        self._is_stale = False
        self._drawing = self._draw_all()
        self._step.start()

    def _draw_all(self) -> Iterator[Picture | None]:
        stage = self.stage
        assert stage.data is not None
        if not self._is_glow_measured:
            self._glow = yield from measure_glow(stage.data, stage.shown)
            self._glow_image, self._is_glow_measured = None, True
        if self._glow is None:
            yield from draw_picture(stage, None)
            return
        if self._glow_image is None:
            self._glow_image = glow_image(self._glow, stage.palette)
            yield None
        yield from draw_picture(stage, (self._glow, self._glow_image))

    def _stop_drawing(self) -> None:
        self._step.stop()
        self._drawing = None

    @Slot()
    def _draw_some(self) -> None:
        until = time.perf_counter() + STEP_BUDGET_S
        while self._drawing is not None and time.perf_counter() < until:
            self._take(next(self._drawing))

    def _take(self, picture: Picture | None) -> None:
        if picture is None:
            return
        self._stop_drawing()
        self.picture = picture
        if self.stage.camera.scale <= self.stage.fit_scale * 1.2:
            self.overview = picture
        self.update()

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        stage, view = self.stage, self.boundingRect()
        painter.fillRect(view, stage.palette.paper)
        if self.picture is None:
            return
        painter.setClipRect(view)
        painter.setOpacity(1.0 - stage.dimming * (1.0 - DIMMED))
        if self.overview is not None and not self._covers(self.picture):
            self._draw(painter, self.overview)
        self._draw(painter, self.picture)

    def _draw(self, painter: QPainter, picture: Picture) -> None:
        stage = self.stage
        area = picture.area(stage.camera, stage.size)
        if math.isclose(picture.camera.scale, stage.camera.scale, rel_tol=1e-3):
            # Whole device pixels: a plain copy, and lines stay crisp.
            ratio = picture.ratio
            area.moveTo(round(area.x() * ratio) / ratio, round(area.y() * ratio) / ratio)
            area.setSize(picture.image.size().toSizeF() / ratio)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, picture.image)
