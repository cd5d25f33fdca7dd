"""What moves with the attention: the lines of whoever is pointed at, and rings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from crm_desktop.ui.graph.data import NEVER
from crm_desktop.ui.graph.layer import Layer
from crm_desktop.ui.graph.primitives import PrimitiveArray

if TYPE_CHECKING:
    from pyqtgraph import ViewBox
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from crm_desktop.ui.graph.stage import Stage

MOST_LIT_LINES = 400
FAINTEST = 0.30


class LitLinesLayer(Layer):
    """Paints the stage's lit lines live, above the cached backdrop."""

    def __init__(self, stage: Stage, box: ViewBox, depth: int) -> None:
        super().__init__(stage, box, depth)
        self._lines = PrimitiveArray(QLineF, 4)

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        stage, data = self.stage, self.stage.data
        if data is None or not len(stage.lit_edges):
            return
        edges = stage.lit_edges[np.argsort(-data.strength[stage.lit_edges])[:MOST_LIT_LINES]]
        frame = stage.frame()
        painter.setClipRect(self.boundingRect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = data.strength[edges] >= 0.5
        for part, width in ((edges[~strong], 1.0), (edges[strong], 1.6)):
            colours = data.edge_colour[part]
            for colour in np.unique(colours).tolist():
                same = part[colours == colour]
                source, target = data.source[same], data.target[same]
                table = self._lines.table(len(same))
                table[:, 0], table[:, 1] = frame.px[source], frame.py[source]
                table[:, 2], table[:, 3] = frame.px[target], frame.py[target]
                tint = QColor(stage.palette.dots[colour])
                strongest = float(data.strength[same].max())
                tint.setAlphaF(min(FAINTEST + 0.6 * strongest, 0.9))
                pen = QPen(tint, width)
                pen.setCosmetic(True)
                painter.setPen(pen)
                painter.drawLines(*self._lines.arguments(len(same)))


class RingsLayer(Layer):
    """Paints rings: round oneself, whoever is selected and whoever is pointed at."""

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        stage, data = self.stage, self.stage.data
        if data is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        palette = stage.palette
        rings = (
            (data.self_index, palette.accent, 1.25, 2.75),
            (stage.hovered, palette.text, 1.5, 2.0),
            (stage.selected, palette.accent, 2.5, 3.5),
        )
        frame = stage.frame()
        for node, colour, width, gap in rings:
            if node == NEVER or not stage.shown.nodes[node]:
                continue
            is_dim = stage.lit is not None and not stage.lit[node]
            painter.setOpacity(1.0 - 0.8 * stage.dimming if is_dim else 1.0)
            if node == data.self_index and node != NEVER:
                # Oneself belongs to every circle and has the colour of none.
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(palette.accent)
                dot = float(frame.radius[node])
                painter.drawEllipse(QPointF(frame.px[node], frame.py[node]), dot, dot)
                painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, width))
            radius = float(frame.radius[node]) + gap
            painter.drawEllipse(QPointF(frame.px[node], frame.py[node]), radius, radius)
