"""The common ground of the map's layers: items that paint in pixels of the view box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyqtgraph import GraphicsObject
from PySide6.QtCore import QRectF

if TYPE_CHECKING:
    from pyqtgraph import ViewBox

    from crm_desktop.ui.graph.stage import Stage


class Layer(GraphicsObject):  # type: ignore[misc]
    """A graphics item that covers the view box and paints one aspect of the stage.

    It is a child of the box itself, not of its transformed group: its coordinates are pixels, so
    that a pan recomputes positions in numpy instead of transforming what Qt draws.
    """

    def __init__(self, stage: Stage, box: ViewBox, depth: int) -> None:
        super().__init__()
        self.stage = stage
        self.setParentItem(box)
        self.setZValue(depth)

    def boundingRect(self) -> QRectF:
        return QRectF(0.0, 0.0, *self.stage.size)
