"""Mouse, wheel and pinch on the map, turned into what the view does."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from crm_desktop.ui.graph.data import NEVER

if TYPE_CHECKING:
    from crm_desktop.ui.graph.view import MapView

ZOOM_PER_NOTCH = 1.25
NOTCH = 120.0
PIXELS_PER_NOTCH = 60.0


class Pointer(QObject):
    """An event filter on the view's viewport: drag pans, wheel and pinch zoom at the pointer, a
    click selects, a double click centres."""

    def __init__(self, view: MapView) -> None:
        super().__init__(view)
        self._view = view
        self._pressed_at: QPointF | None = None
        self._last = QPointF()
        self._is_dragging = False
        self._was_double = False
        view.viewport().installEventFilter(self)
        view.viewport().setMouseTracking(True)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QMouseEvent):
            return self._mouse(kind, event)
        if isinstance(event, QWheelEvent):
            return self._wheel(event)
        if isinstance(event, QNativeGestureEvent):
            return self._native_gesture(event)
        if kind == QEvent.Type.Leave:
            self._view.point_at(None)
        return False

    def _mouse(self, kind: QEvent.Type, event: QMouseEvent) -> bool:
        at = event.position()
        if kind == QEvent.Type.MouseMove:
            self._move(at, event.buttons())
        elif kind == QEvent.Type.MouseButtonPress:
            self._view.setFocus(Qt.FocusReason.MouseFocusReason)
            if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
                self._pressed_at = self._last = at
                self._is_dragging = self._was_double = False
                self._view.mover.stop()
        elif kind == QEvent.Type.MouseButtonDblClick:
            if event.button() is Qt.MouseButton.LeftButton:
                self._was_double = True
                self._view.double_clicked(at)
        elif kind == QEvent.Type.MouseButtonRelease:
            self._release(at, event.button())
        else:
            return False
        event.accept()
        return True

    def _move(self, at: QPointF, buttons: Qt.MouseButton) -> None:
        if self._pressed_at is None or not buttons:
            self._view.point_at(at)
            return
        distance = (at - self._pressed_at).manhattanLength()
        if not self._is_dragging and distance >= QApplication.startDragDistance():
            self._is_dragging = True
            self._view.point_at(None)
            self._view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._is_dragging:
            self._view.pan(at.x() - self._last.x(), at.y() - self._last.y())
            self._last = at

    def _release(self, at: QPointF, button: Qt.MouseButton) -> None:
        if self._pressed_at is None:
            return
        self._pressed_at = None
        if self._is_dragging:
            self._is_dragging = False
            self._view.viewport().unsetCursor()
            self._view.point_at(at)
        elif button is Qt.MouseButton.LeftButton and not self._was_double:
            self._view.clicked(at)

    def _wheel(self, event: QWheelEvent) -> bool:
        pixels, degrees = event.pixelDelta().y(), event.angleDelta().y()
        notches = degrees / NOTCH if degrees else pixels / PIXELS_PER_NOTCH
        if notches:
            self._view.zoom_at(math.pow(ZOOM_PER_NOTCH, notches), event.position())
        event.accept()
        return True

    def _native_gesture(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
            self._view.zoom_at(1.0 + event.value(), event.position(), is_smooth=False)
            return True
        if event.gestureType() is Qt.NativeGestureType.SmartZoomNativeGesture:
            node = self._view.node_at(event.position())
            if node != NEVER:
                self._view.centre_on(node)
            return True
        return False
