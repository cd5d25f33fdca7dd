"""Names on the map: cached pixmaps with a halo, placed where they cover no other."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPixmap

from crm_desktop.ui.graph.data import NEVER
from crm_desktop.ui.graph.layer import Layer
from crm_desktop.ui.theme import font
from crm_desktop.ui.tokens import BODY, CAPTION, LEAD

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyqtgraph import ViewBox
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from crm_desktop.ui.graph.palette import Palette
    from crm_desktop.ui.graph.stage import Frame, Stage

CELL_PX = 6
HALO_PX = 2.25
LONGEST_PX = 190
GAP_PX = 2.0
PIXELS_PER_LABEL = 52_000
MOST_LABELS = 80
MOST_LIT_LABELS = 14
CACHED = 600
NEW_PER_FRAME = 8
STICKY = 0.6
TOO_MUCH = 12.0
PREFERENCE = (0.0, 6.0, 8.0, 8.0)
"""What it costs, in pairs of covered cells, to stand below, above, right or left of the dot."""
_RING = [
    QPointF(HALO_PX * np.cos(angle), HALO_PX * np.sin(angle))
    for angle in np.linspace(0, 2 * np.pi, 12, endpoint=False)
] + [QPointF(x, y) for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))]


@dataclass(frozen=True, slots=True)
class Label:
    """A name as drawn: size in pixels without its halo, and the pixmap with it."""

    pixmap: QPixmap
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A label at its node: the offset of its top left corner from the dot's centre."""

    node: int
    label: Label
    dx: float
    dy: float


class LabelCache:
    """Names drawn once for each size, colour and resolution; the longest unused go first."""

    def __init__(self) -> None:
        self._labels: OrderedDict[tuple[object, ...], Label] = OrderedDict()
        self.made = 0

    def get(self, text: str, pixels: int, palette: Palette, ratio: float) -> Label:
        """The label, drawn now if need be (about 0.3 ms)."""
        key = (text, pixels, id(palette), ratio)
        label = self._labels.get(key)
        if label is None:
            self.made += 1
            label = self._labels[key] = _draw_label(text, pixels, palette, ratio)
            if len(self._labels) > CACHED:
                self._labels.popitem(last=False)
        else:
            self._labels.move_to_end(key)
        return label

    def clear(self) -> None:
        """Forget all, as when the colours change."""
        self._labels.clear()


def _draw_label(text: str, pixels: int, palette: Palette, ratio: float) -> Label:
    chosen = font(pixels, QFont.Weight.DemiBold if pixels > CAPTION else QFont.Weight.Medium)
    metrics = QFontMetricsF(chosen)
    shown = metrics.elidedText(" ".join(text.split()), Qt.TextElideMode.ElideRight, LONGEST_PX)
    width, height = metrics.horizontalAdvance(shown), metrics.height()
    pad = HALO_PX + 1
    pixmap = QPixmap(
        int(np.ceil((width + 2 * pad) * ratio)), int(np.ceil((height + 2 * pad) * ratio))
    )
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(chosen)
    baseline = QPointF(pad, pad + metrics.ascent())
    painter.setPen(palette.paper)
    for offset in _RING:
        painter.drawText(baseline + offset, shown)
    painter.setPen(palette.text)
    painter.drawText(baseline, shown)
    painter.end()
    return Label(pixmap, width, height)


class Occupancy:
    """Which cells of the view are taken: by labels, where no other may be, and by dots, which a
    label covers only if it must."""

    def __init__(self, size: tuple[float, float]) -> None:
        self._columns = int(size[0]) // CELL_PX + 1
        self._rows = int(size[1]) // CELL_PX + 1
        self._labels = np.zeros((self._rows, self._columns), dtype=bool)
        self._dots = np.zeros((self._rows, self._columns), dtype=np.uint8)

    def mark_dots(self, frame: Frame, nodes: NDArray[np.int32]) -> None:
        """Mark the squares inside these dots, lightest first; large ones count for more."""
        half = frame.radius[nodes] * 0.7
        left = np.clip((frame.px[nodes] - half) // CELL_PX, 0, self._columns).astype(int)
        right = np.clip((frame.px[nodes] + half) // CELL_PX + 1, 0, self._columns).astype(int)
        top = np.clip((frame.py[nodes] - half) // CELL_PX, 0, self._rows).astype(int)
        bottom = np.clip((frame.py[nodes] + half) // CELL_PX + 1, 0, self._rows).astype(int)
        heft = np.clip(frame.radius[nodes] / 5.0, 1, 4).astype(np.uint8)
        edges = np.stack([top, bottom, left, right, heft], axis=1)
        for a, b, c, d, value in edges.tolist():
            self._dots[a:b, c:d] = value

    def covered(self, area: tuple[float, float, float, float]) -> int | None:
        """How much of dots lies under left, top, right, bottom; None where a label may not be."""
        if area[0] < 2 or area[1] < 2:
            return None
        rows, columns = self._cells(area)
        if rows.stop > self._rows or columns.stop > self._columns:
            return None
        if self._labels[rows, columns].any():
            return None
        return int(self._dots[rows, columns].sum())

    def take(self, area: tuple[float, float, float, float]) -> None:
        """Give the cells to a label."""
        rows, columns = self._cells(area)
        self._labels[rows, columns] = True

    @staticmethod
    def _cells(area: tuple[float, float, float, float]) -> tuple[slice, slice]:
        left, top, right, bottom = (int(value // CELL_PX) for value in area)
        return slice(max(top, 0), bottom + 1), slice(max(left, 0), right + 1)


class LabelsLayer(Layer):
    """Paints the names of the people who matter most in view, and of everyone emphasised.

    Placement is kept while the camera moves, so that names travel with their dots, and is made
    anew when `place` is called. `density` scales how many there are; 0 leaves the emphasised.
    `reserved` is where the hover card lies: it names whom it is about.
    """

    def __init__(self, stage: Stage, box: ViewBox, depth: int) -> None:
        super().__init__(stage, box, depth)
        self.cache = LabelCache()
        self.placed: list[Placed] = []
        self.density = 1.0
        self.reserved = QRectF()
        self.is_incomplete = False

    def place(self) -> None:
        """Choose names and places for the camera of now. Draws at most a few new names at once:
        `is_incomplete` then says that a further call would show more."""
        shown_before = {placed.node for placed in self.placed}
        self.placed, self.is_incomplete = [], False
        if self.stage.data is None:
            return
        frame = self.stage.frame()
        occupancy = Occupancy(self.stage.size)
        visible = frame.in_view
        occupancy.mark_dots(frame, visible[frame.radius[visible] >= 4.0])
        made_before = self.cache.made
        if not self.reserved.isEmpty():
            card = self.reserved
            occupancy.take((card.left(), card.top(), card.right(), card.bottom()))
        first, then, budget = self._candidates(frame, shown_before)
        for position, node in enumerate((*first, *then)):
            if len(self.placed) >= budget:
                break
            if self.cache.made - made_before >= NEW_PER_FRAME:
                self.is_incomplete = True
                break
            self._place_one(node, frame, occupancy, is_wanted=position < len(first))
        self.update()

    def at(self, px: float, py: float) -> int:
        """The node whose name is under a pixel, or -1."""
        for placed in self.placed:
            if self._area(placed).contains(px, py):
                return placed.node
        return NEVER

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        stage = self.stage
        if stage.data is None or not self.placed:
            return
        width, height = stage.size
        ratio = stage.ratio
        pad = HALO_PX + 1
        for placed in reversed(self.placed):
            area = self._area(placed)
            if area.right() < 0 or area.bottom() < 0 or area.x() > width or area.y() > height:
                continue
            is_dim = stage.dimming and stage.lit is not None and not stage.lit[placed.node]
            painter.setOpacity(1.0 - stage.dimming if is_dim else 1.0)
            corner = QPointF(
                round((area.x() - pad) * ratio) / ratio, round((area.y() - pad) * ratio) / ratio
            )
            painter.drawPixmap(corner, placed.label.pixmap)

    def _candidates(self, frame: Frame, shown_before: set[int]) -> tuple[list[int], list[int], int]:
        """Who must have a name, who may in order of weight, and how many in all. Whoever had one
        before is preferred, so that names do not flicker as the camera moves."""
        stage, data = self.stage, self.stage.data
        assert data is not None
        inside = np.zeros(len(data.x), dtype=bool)
        inside[frame.in_view] = True
        marked = [stage.selected, data.self_index]
        if self.reserved.isEmpty():
            marked.insert(0, stage.hovered)
        first = [node for node in dict.fromkeys(marked) if node != NEVER and inside[node]]
        if stage.lit is not None:
            lit = data.importance[(inside & stage.lit)[data.importance]].tolist()
            hidden = NEVER if self.reserved.isEmpty() else stage.hovered
            return first, [n for n in lit if n not in first and n != hidden], MOST_LIT_LABELS
        closeness = min(max((frame.spacing_px / 45.0) ** 0.8, 1.0), 4.0)
        area = stage.size[0] * stage.size[1]
        budget = min(int(area / PIXELS_PER_LABEL * closeness * self.density), MOST_LABELS)
        ranked = data.importance[inside[data.importance]][: budget * 3].tolist()
        rank = {
            node: place * (STICKY if node in shown_before else 1.0)
            for place, node in enumerate(ranked)
            if node not in first
        }
        return first, sorted(rank, key=rank.__getitem__), max(budget, len(first))

    def _place_one(self, node: int, frame: Frame, occupancy: Occupancy, *, is_wanted: bool) -> None:
        stage, data = self.stage, self.stage.data
        assert data is not None
        radius = float(frame.radius[node])
        pixels = LEAD if radius >= 15 else BODY if radius >= 5.5 or is_wanted else CAPTION
        label = self.cache.get(data.nodes[node].name, pixels, stage.palette, stage.ratio)
        x, y = float(frame.px[node]), float(frame.py[node])
        gap = radius + GAP_PX
        places = (
            (-label.width / 2, gap - 1),
            (-label.width / 2, -gap - label.height + 1),
            (gap + 2, -label.height / 2),
            (-gap - 2 - label.width, -label.height / 2),
        )
        best: tuple[float, float, float] | None = None
        for preference, (dx, dy) in enumerate(places):
            area = (x + dx, y + dy + 2, x + dx + label.width, y + dy + label.height - 2)
            covered = occupancy.covered(area)
            if covered is None:
                continue
            cost = 0.5 * covered + PREFERENCE[preference]
            if best is None or cost < best[0]:
                best = (cost, dx, dy)
        if best is None:
            if not is_wanted:
                return
            best = (0.0, *places[0])
        elif best[0] > TOO_MUCH and not is_wanted:
            return
        _cost, dx, dy = best
        self.placed.append(Placed(node, label, dx, dy))
        occupancy.take((x + dx, y + dy, x + dx + label.width, y + dy + label.height))

    def _area(self, placed: Placed) -> QRectF:
        frame = self.stage.frame()
        return QRectF(
            frame.px[placed.node] + placed.dx,
            frame.py[placed.node] + placed.dy,
            placed.label.width,
            placed.label.height,
        )
