"""The dots: every visible node in one or two calls, from the atlas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QPainter

from crm_desktop.ui.graph.atlas import DotAtlas, levels_of
from crm_desktop.ui.graph.layer import Layer
from crm_desktop.ui.graph.primitives import PrimitiveArray

if TYPE_CHECKING:
    from pyqtgraph import ViewBox
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from crm_desktop.ui.graph.palette import Palette
    from crm_desktop.ui.graph.stage import Stage

DIMMED = 0.16


class NodesLayer(Layer):
    """Paints the dots, lightest first; those that are not lit fade with the stage's dimming."""

    def __init__(self, stage: Stage, box: ViewBox, depth: int) -> None:
        super().__init__(stage, box, depth)
        self._atlas: DotAtlas | None = None
        self._atlas_key: tuple[Palette, float, bool] | None = None
        self._fragments = PrimitiveArray(QPainter.PixmapFragment, 10)

    def atlas(self) -> DotAtlas:
        """The dots in the colours and at the resolution of now."""
        stage = self.stage
        assert stage.data is not None
        key = (stage.palette, stage.ratio, bool(stage.data.is_company.any()))
        if self._atlas is None or self._atlas_key != key:
            self._atlas = DotAtlas(stage.palette, stage.ratio, with_companies=key[2])
            self._atlas_key = key
        return self._atlas

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        stage = self.stage
        if stage.data is None:
            return
        frame, data = stage.frame(), stage.data
        nodes = frame.in_view
        if stage.dimming and stage.lit is not None:
            # Lit dots lie above faded ones, whatever their weight.
            nodes = np.concatenate([nodes[~stage.lit[nodes]], nodes[stage.lit[nodes]]])
        if not len(nodes):
            return
        atlas = self.atlas()
        left, top, side = atlas.source(
            levels_of(frame.radius[nodes]), data.colour[nodes], data.is_company[nodes]
        )
        table = self._fragments.table(len(nodes))
        table[:, 0] = frame.px[nodes]
        table[:, 1] = frame.py[nodes]
        table[:, 2] = left
        table[:, 3] = top
        table[:, 4] = side
        table[:, 5] = side
        table[:, 6:8] = 1.0 / atlas.ratio
        table[:, 8] = 0.0
        table[:, 9] = 1.0
        if stage.dimming and stage.lit is not None:
            table[~stage.lit[nodes], 9] = 1.0 - stage.dimming * (1.0 - DIMMED)
        first, count = self._fragments.arguments(len(nodes))
        painter.drawPixmapFragments(first, count, atlas.pixmap)
