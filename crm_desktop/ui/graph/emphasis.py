"""Who is bright on the map: whoever is pointed at, or in focus, with their neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from crm_desktop.ui.graph.data import NEVER
from crm_desktop.ui.graph.motion import Tween

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_desktop.ui.graph.stage import Stage

FADE_MS = 130


class Emphasis(QObject):
    """Keeps the stage's hovered, selected and focused nodes and what is lit because of them.

    `changed` is called whenever the map must be painted anew, with True when other people are
    lit, so that names are placed again.
    """

    def __init__(
        self,
        stage: Stage,
        changed: Callable[[bool], None],
        duration: Callable[[int], int],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._stage = stage
        self._changed = changed
        self._duration = duration
        self._from = 0.0
        self._to = 0.0
        self._fade = Tween(self._on_fade, self)
        self.focused = NEVER

    def forget(self) -> None:
        """Start anew with another graph: nobody is hovered, selected or in focus."""
        self._fade.stop()
        stage = self._stage
        stage.hovered = stage.selected = self.focused = NEVER
        stage.lit, stage.dimming = None, 0.0
        stage.lit_edges = stage.lit_edges[:0]
        self._from = self._to = 0.0

    def hover(self, node: int) -> None:
        """Point at a node, or at none (-1)."""
        if node != self._stage.hovered:
            self._stage.hovered = node
            self.refresh()

    def select(self, node: int) -> None:
        """Mark a node as selected, or none."""
        if node != self._stage.selected:
            self._stage.selected = node
            self.refresh()

    def focus(self, node: int) -> None:
        """Keep a node and its neighbours bright until another or none is in focus."""
        if node != self.focused:
            self.focused = node
            self.refresh()

    def refresh(self) -> None:
        """Light whom the marks and the filter of now call for."""
        stage, data = self._stage, self._stage.data
        if data is None:
            return
        subject = stage.hovered if stage.hovered != NEVER else self.focused
        if subject != NEVER and stage.shown.nodes[subject]:
            lit = np.zeros(len(data.x), dtype=bool)
            lit[data.neighbours(subject, stage.shown)] = True
            lit[subject] = True
            stage.lit, stage.lit_edges = lit, data.lines(subject, stage.shown)
            self._fade_to(1.0)
            return
        if stage.selected != NEVER and stage.shown.nodes[stage.selected]:
            stage.lit_edges = data.lines(stage.selected, stage.shown)
        else:
            stage.lit_edges = stage.lit_edges[:0]
        self._fade_to(0.0)

    def _fade_to(self, dimming: float) -> None:
        stage = self._stage
        self._to = dimming
        if stage.dimming == dimming:
            self._fade.stop()
            if dimming == 0.0:
                stage.lit = None
            self._changed(True)
            return
        self._from = stage.dimming
        self._changed(True)
        self._fade.start(self._duration(FADE_MS))

    def _on_fade(self, part: float) -> None:
        stage = self._stage
        stage.dimming = self._from + (self._to - self._from) * part
        is_over = part >= 1.0 and self._to == 0.0
        if is_over:
            stage.lit, stage.dimming = None, 0.0
        self._changed(is_over)
