"""The map widget: layers in a pyqtgraph view box, the camera's moves, and who is selected."""

from __future__ import annotations

import time
from collections.abc import Callable

from pyqtgraph import GraphicsView, ViewBox
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from crm_desktop.ui.format import plural
from crm_desktop.ui.graph.backdrop import BackdropLayer
from crm_desktop.ui.graph.camera import Camera
from crm_desktop.ui.graph.data import NEVER, GraphData, GraphFilter
from crm_desktop.ui.graph.emphasis import Emphasis
from crm_desktop.ui.graph.hit_test import PointGrid, pick
from crm_desktop.ui.graph.hover_card import HoverCard
from crm_desktop.ui.graph.keys import command_for
from crm_desktop.ui.graph.labels import LabelsLayer
from crm_desktop.ui.graph.marks import LitLinesLayer, RingsLayer
from crm_desktop.ui.graph.mover import Mover
from crm_desktop.ui.graph.nodes import NodesLayer
from crm_desktop.ui.graph.palette import Palette
from crm_desktop.ui.graph.pointer import Pointer
from crm_desktop.ui.graph.stage import LARGEST_DOT_PX, Stage
from crm_desktop.ui.graph.walk import neighbour_towards
from crm_desktop.ui.tokens import Theme

ZOOM_STEP = 1.4
SLOP_PX = 5.0
LABELS_EVERY_S = 0.12
LABELS_SETTLE_MS = 90


class MapView(GraphicsView):  # type: ignore[misc]
    """A graph one can walk in.

    Signals (node indices of the graph shown; -1 for nobody):
        selected(node): the person clicked or walked to someone, or let go.
        opened(node): the person wants the card.
        menu_requested(node, position): a context menu, at a global position.
    """

    selected = Signal(int)
    opened = Signal(int)
    menu_requested = Signal(int, QPoint)

    def __init__(
        self, theme: Theme, duration: Callable[[int], int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent, background=None)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setAccessibleName("Map of relationships")
        # Files dropped here belong to the window.
        self.setAcceptDrops(False)
        self.stage = Stage(Palette(theme))
        self._grid: PointGrid | None = None
        self._filter = GraphFilter()
        self._steps: list[tuple[Camera, int]] = []
        self._box = ViewBox(enableMouse=False, enableMenu=False, lockAspect=True, invertY=True)
        self._box.disableAutoRange()
        self.setCentralItem(self._box)
        self.backdrop = BackdropLayer(self.stage, self._box, 0)
        self._lit_lines = LitLinesLayer(self.stage, self._box, 1)
        self._nodes = NodesLayer(self.stage, self._box, 2)
        self._rings = RingsLayer(self.stage, self._box, 3)
        self.labels = LabelsLayer(self.stage, self._box, 4)
        self.emphasis = Emphasis(self.stage, self._on_emphasis, duration, self)
        self.card = HoverCard(self.viewport())
        self.mover = Mover(self.stage, self._box, duration, self)
        self.mover.moved.connect(self._on_moved)
        self._labels_at_s = 0.0
        self._label_timer = QTimer(self)
        self._label_timer.setSingleShot(True)
        self._label_timer.timeout.connect(self._place_labels)
        self._pointer = Pointer(self)

    # What is shown

    def set_data(self, data: GraphData) -> None:
        """Show a graph. Whoever was selected or in focus stays so if they are on it, and the
        camera stays unless the map was shown whole."""
        stage, before = self.stage, self.stage.data
        kept = [NEVER, NEVER]
        if before is not None:
            for place, node in enumerate((stage.selected, self.emphasis.focused)):
                if node != NEVER:
                    old = before.nodes[node]
                    kept[place] = data.index_of.get((old.kind, old.id), NEVER)
        self.emphasis.forget()
        self._hide_card()
        self._steps.clear()
        stage.data = data
        stage.shown = data.filtered(self._filter)
        self._grid = PointGrid(data.x, data.y, data.spacing)
        self.labels.placed = []
        stage.selected = kept[0]
        self.emphasis.focus(kept[1])
        self.mover.is_fitted = self.mover.is_fitted or before is None
        self.mover.size_changed()
        self._refilter()

    def set_filter(self, wanted: GraphFilter) -> None:
        """Leave out what `wanted` says."""
        if wanted == self._filter:
            return
        self._filter = wanted
        if self.stage.data is not None:
            self.stage.shown = self.stage.data.filtered(wanted)
            self._refilter()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self.stage.palette = Palette(theme)
        self.labels.cache.clear()
        self.backdrop.recolour()
        self._place_labels()

    def set_label_density(self, density: float) -> None:
        """Show more or fewer names: 1 is calm, 0 shows only those pointed at or selected."""
        self.labels.density = density
        self._place_labels()

    def describe(self, node: int) -> tuple[str, str, str]:
        """Name, organisation and connections of a node, in words."""
        data = self.stage.data
        assert data is not None
        person = data.nodes[node]
        count = len(data.neighbours(node, self.stage.shown))
        name = f"{person.name} (you)" if person.is_self else person.name
        return name, person.organization or "", plural(count, "connection")

    def select(self, node: int, *, is_flying: bool = True) -> None:
        """Select without telling `selected`: someone else moved the selection. The camera flies
        there unless the node is comfortably in view."""
        self.emphasis.select(node)
        self._tell_reader()
        if is_flying and node != NEVER and not self._is_in_view(node):
            self.mover.reveal(node)

    # Moving

    def fit(self, *, is_smooth: bool = True) -> None:
        """Show the whole map."""
        self.mover.fit(is_smooth=is_smooth)

    def zoom(self, steps: float) -> None:
        """Come closer (or go back, below 0) round the selected node or the middle."""
        stage = self.stage
        anchor = QPointF(stage.size[0] / 2, stage.size[1] / 2)
        if stage.data is not None and stage.selected != NEVER:
            frame = stage.frame()
            at = QPointF(frame.px[stage.selected], frame.py[stage.selected])
            if QRectF(self.viewport().rect()).contains(at):
                anchor = at
        self.zoom_at(ZOOM_STEP**steps, anchor)

    def zoom_at(self, factor: float, anchor: QPointF, *, is_smooth: bool = True) -> None:
        """Zoom by `factor`, the place under the pixel `anchor` staying there."""
        self.mover.zoom(factor, (anchor.x(), anchor.y()), is_smooth=is_smooth)

    def pan(self, dx: float, dy: float) -> None:
        """Drag the map by pixels."""
        self.mover.pan(dx, dy)

    def centre_on(self, node: int) -> None:
        """Show a person among their neighbours, the others faded; Esc leads back."""
        data = self.stage.data
        if data is None or not self.stage.shown.nodes[node]:
            return
        self._steps.append((self.stage.camera, self.emphasis.focused))
        self._hide_card()
        self.emphasis.focus(node)
        self.mover.show_around(node)

    def step_back(self) -> bool:
        """Undo the last centring, else let go of the selection; False when there was neither."""
        if self._steps:
            camera, focused = self._steps.pop()
            self.emphasis.focus(focused)
            self.mover.fly(camera)
            return True
        if self.emphasis.focused != NEVER:
            self.emphasis.focus(NEVER)
            return True
        if self.stage.selected != NEVER:
            self._choose(NEVER)
            return True
        return False

    def walk(self, dx: int, dy: int) -> None:
        """Select the neighbour in a direction (y down); at first, whoever matters most in view."""
        stage, data = self.stage, self.stage.data
        if data is None or not len(data.x):
            return
        if stage.selected == NEVER:
            in_view = stage.frame().in_view
            if len(in_view):
                self._choose(int(in_view[-1]))
            return
        node = neighbour_towards(data, stage.shown, stage.selected, dx, dy)
        if node != NEVER:
            self._choose(node)
            if not self._is_in_view(node):
                self.mover.reveal(node)

    # What the pointer does

    def node_at(self, at: QPointF) -> int:
        """The node under a pixel, by its dot or its name; -1 for none."""
        stage = self.stage
        if stage.data is None or self._grid is None:
            return NEVER
        x, y = stage.camera.to_layout(at.x(), at.y(), stage.size)
        near = self._grid.near(x, y, (LARGEST_DOT_PX + SLOP_PX) / stage.camera.scale)
        near = near[stage.shown.nodes[near]]
        frame = stage.frame()
        node = pick(frame.px, frame.py, frame.radius, near, (at.x(), at.y()), SLOP_PX)
        return node if node != NEVER else self.labels.at(at.x(), at.y())

    def point_at(self, at: QPointF | None) -> None:
        """Light whoever is under the pointer and show who it is."""
        node = NEVER if at is None else self.node_at(at)
        if node == self.stage.hovered:
            return
        if node == NEVER:
            self._hide_card()
        else:
            frame = self.stage.frame()
            centre = QPointF(frame.px[node], frame.py[node])
            self.card.show_beside(centre, float(frame.radius[node]), *self.describe(node))
            self.labels.reserved = QRectF(self.card.geometry())
        self.emphasis.hover(node)

    def clicked(self, at: QPointF) -> None:
        """Select whoever is there; a click on the paper lets go."""
        self._choose(self.node_at(at))

    def double_clicked(self, at: QPointF) -> None:
        """Centre on whoever is there."""
        node = self.node_at(at)
        if node != NEVER:
            self.centre_on(node)

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = command_for(event)
        if command is None or command(self) is False:
            event.ignore()
        else:
            event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        node, where = self.stage.selected, event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            node = self.node_at(QPointF(event.pos()))
        elif node != NEVER:
            frame = self.stage.frame()
            at = QPoint(round(frame.px[node]), round(frame.py[node]))
            where = self.viewport().mapToGlobal(at)
        if node != NEVER:
            self._hide_card()
            self.menu_requested.emit(node, where)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if not hasattr(self, "_pointer"):
            return
        self._take_size(self.viewport().size())

    def close(self) -> bool:
        # pyqtgraph's own takes the scene apart, which crashes while layers hold on to it.
        return bool(QWidget.close(self))

    def sizeHint(self) -> QSize:
        return QSize(800, 600)

    # Within

    def _take_size(self, size: QSize) -> None:
        stage = self.stage
        stage.size = (max(size.width(), 1), max(size.height(), 1))
        stage.ratio = self.devicePixelRatioF()
        if stage.data is None:
            return
        self.mover.size_changed()
        self.backdrop.invalidate(forget=False)
        self._place_labels()

    def _refilter(self) -> None:
        self.backdrop.remeasure()
        self.emphasis.refresh()
        self._place_labels()
        self._tell_reader()

    def _hide_card(self) -> None:
        if self.card.isVisible():
            self.card.hide()
        self.labels.reserved = QRectF()

    @Slot()
    def _on_moved(self) -> None:
        self._hide_card()
        if time.monotonic() - self._labels_at_s > LABELS_EVERY_S:
            self._place_labels()
        else:
            self._label_timer.start(LABELS_SETTLE_MS)
        self.backdrop.camera_moved()
        self.viewport().update()

    def _on_emphasis(self, are_others_lit: bool) -> None:
        if are_others_lit:
            self._place_labels()
        self.viewport().update()

    @Slot()
    def _place_labels(self) -> None:
        self._labels_at_s = time.monotonic()
        self.labels.place()
        if self.labels.is_incomplete:
            self._label_timer.start(0)
        self.viewport().update()

    def _choose(self, node: int) -> None:
        if node == self.stage.selected:
            return
        self.emphasis.select(node)
        self._tell_reader()
        self.selected.emit(node)

    def _is_in_view(self, node: int) -> bool:
        frame, margin = self.stage.frame(), LARGEST_DOT_PX * 2
        inner = QRectF(self.viewport().rect()).adjusted(margin, margin, -margin, -margin)
        return bool(inner.contains(frame.px[node], frame.py[node]))

    def _tell_reader(self) -> None:
        stage = self.stage
        summary = (
            f"{plural(stage.shown.node_count, 'person or company', 'people and companies')}, "
            f"{plural(stage.shown.edge_count, 'relationship')}. Arrow keys walk from person to "
            "person, Enter shows the card, Escape steps back."
        )
        if stage.data is not None and stage.selected != NEVER:
            who = ", ".join(part for part in self.describe(stage.selected) if part)
            summary = f"Selected: {who}. {summary}"
        self.setAccessibleDescription(summary)
