"""Movements of at most 200 ms, which do not happen where motion is reduced."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Slot


class Tween(QObject):
    """Calls `step` with the part done (0-1, eased out) until the end, which is exactly 1."""

    def __init__(self, step: Callable[[float], None], parent: QObject) -> None:
        super().__init__(parent)
        self._step = step
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.valueChanged.connect(self._on_value)

    @property
    def is_running(self) -> bool:
        return self._animation.state() is QVariantAnimation.State.Running

    def start(self, duration_ms: int) -> None:
        """Begin again from 0; with no duration, take the one step to the end at once."""
        self._animation.stop()
        if duration_ms <= 0:
            self._step(1.0)
            return
        self._animation.setDuration(duration_ms)
        self._animation.start()

    def stop(self) -> None:
        """Stay where it is."""
        self._animation.stop()

    @Slot(object)
    def _on_value(self, value: float) -> None:
        # Setting the range resets the animation to its start; that is not a step.
        if self.is_running:
            self._step(value)
