"""Short messages that rise at the foot of the window and go by themselves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.tokens import ICON_SMALL, SPACE_2, SPACE_3, SPACE_4
from crm_desktop.ui.widgets.labels import plain_label

STAY_MS = 6_000
STAY_WITH_ACTION_MS = 12_000
MOST = 3
MAX_WIDTH = 640


class Toast(QFrame):
    """One message, with an action if there is something to do about it.

    Signals:
        closed(): it is to be taken away.
    """

    closed = Signal()

    def __init__(
        self,
        theme: ThemeManager,
        text: str,
        action: str | None,
        callback: Callable[[], object] | None,
        icon_name: str,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.setAccessibleName(text)
        self._callback = callback
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_4, SPACE_2, SPACE_2, SPACE_2)
        layout.setSpacing(SPACE_3)
        mark = QLabel()
        role = {"check": "positive", "warning": "warning"}.get(icon_name, "accent")
        mark.setPixmap(theme.icon(icon_name, role).pixmap(ICON_SMALL, ICON_SMALL))
        layout.addWidget(mark)
        words = plain_label(text, wraps=True)
        words.setMinimumWidth(min(words.fontMetrics().horizontalAdvance(text) + 2, 420))
        layout.addWidget(words, 1)
        if action is not None:
            button = QPushButton(action)
            button.setProperty("kind", "link")
            button.setAccessibleName(action)
            button.clicked.connect(self._on_action)
            layout.addWidget(button)
        close = QToolButton()
        close.setIcon(theme.icon("close"))
        close.setAccessibleName("Close this message")
        close.clicked.connect(self.closed)
        layout.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAY_MS if action is None else STAY_WITH_ACTION_MS)
        self._timer.timeout.connect(self.closed)
        self._timer.start()

    @Slot()
    def _on_action(self) -> None:
        self.closed.emit()
        if self._callback is not None:
            self._callback()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)


class ToastStack(QObject):
    """The messages shown over `host`, the latest at the bottom; at most three."""

    def __init__(self, theme: ThemeManager, host: QWidget) -> None:
        super().__init__(host)
        self._theme = theme
        self._host = host
        self._toasts: list[Toast] = []
        self.lift = SPACE_4
        host.installEventFilter(self)

    def show(
        self,
        text: str,
        action: str | None = None,
        callback: Callable[[], object] | None = None,
        icon_name: str = "check",
    ) -> Toast:
        """Show `text`, and a link `action` that calls `callback`."""
        while len(self._toasts) >= MOST:
            self._remove(self._toasts[0])
        toast = Toast(self._theme, text, action, callback, icon_name, self._host)
        toast.closed.connect(lambda: self._remove(toast))
        self._toasts.append(toast)
        self._place()
        toast.show()
        toast.raise_()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(toast, text))
        return toast

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _remove(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._place()

    def _place(self) -> None:
        bottom = self._host.height() - self.lift
        for toast in reversed(self._toasts):
            width = min(MAX_WIDTH, self._host.width() - 2 * SPACE_4, toast.sizeHint().width())
            height = max(toast.heightForWidth(width), toast.minimumSizeHint().height())
            bottom -= height
            toast.setGeometry((self._host.width() - width) // 2, bottom, width, height)
            bottom -= SPACE_2
