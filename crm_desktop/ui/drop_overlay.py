"""Files dragged over the window: a clear sign that it takes them, and what was dropped."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.tokens import SPACE_2, SPACE_8
from crm_desktop.ui.widgets.labels import plain_label

DIM = 0.86
ICON_PIXELS = 40


def local_paths(data: QMimeData) -> list[Path]:
    """The files and folders of this machine in a drag."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class DropOverlay(QWidget):
    """Covers `host` while files are over it.

    Signals:
        dropped(paths): files and folders were let go here.
    """

    dropped = Signal(list)

    def __init__(self, theme: ThemeManager, host: QWidget) -> None:
        super().__init__(host)
        self._theme = theme
        self._host = host
        self.is_open = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        card = QFrame(self)
        card.setObjectName("dropCard")
        mark = QLabel()
        mark.setPixmap(theme.icon("import", "accent").pixmap(ICON_PIXELS, ICON_PIXELS))
        self._mark = mark
        title = plain_label("Drop to import", "title")
        detail = plain_label(
            "Mail archives, folders of mail, contacts (.vcf), CRMExtender databases",
            "body",
            "muted",
        )
        inner = QVBoxLayout(card)
        inner.setContentsMargins(SPACE_8 * 2, SPACE_8, SPACE_8 * 2, SPACE_8)
        inner.setSpacing(SPACE_2)
        for label in (mark, title, detail):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inner.addWidget(label)
        outer = QVBoxLayout(self)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName("Drop to import")
        self.hide()
        host.setAcceptDrops(True)
        host.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._host:
            return False
        if isinstance(event, QDragEnterEvent):
            return self._enter(event)
        if isinstance(event, QDragMoveEvent):
            event.setAccepted(self.isVisible())
            return self.isVisible()
        if isinstance(event, QDropEvent):
            return self._drop(event)
        if isinstance(event, QDragLeaveEvent):
            self.hide()
        elif event.type() == QEvent.Type.Resize:
            self.resize(self._host.size())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        dim = QColor(self._theme.current.paper)
        dim.setAlphaF(DIM)
        painter = QPainter(self)
        painter.fillRect(self.rect(), dim)

    def _enter(self, event: QDragEnterEvent) -> bool:
        if not self.is_open or not local_paths(event.mimeData()):
            return False
        event.acceptProposedAction()
        self._mark.setPixmap(self._theme.icon("import", "accent").pixmap(ICON_PIXELS, ICON_PIXELS))
        self.resize(self._host.size())
        self.show()
        self.raise_()
        return True

    def _drop(self, event: QDropEvent) -> bool:
        self.hide()
        paths = local_paths(event.mimeData())
        if not self.is_open or not paths:
            return False
        event.acceptProposedAction()
        self.dropped.emit(paths)
        return True
