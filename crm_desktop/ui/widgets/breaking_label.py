"""Running text from outside: plain, and broken anywhere when a word is wider than its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from crm_desktop.ui.theme import BODY, font
from crm_desktop.ui.widgets.painting import colour

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

LINE_SEPARATOR = "\N{LINE SEPARATOR}"


class BreakingLabel(QWidget):
    """As high as its text needs at its width. The menu copies the text."""

    def __init__(
        self, theme: ThemeManager, text: str = "", *, size: int = BODY, ink: str = "text"
    ) -> None:
        """`ink` is a field of Theme."""
        super().__init__()
        self._theme = theme
        self._font = font(size)
        self._ink = ink
        self._text = ""
        self._layout = QTextLayout()
        self._width = -1
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show this text."""
        self._text = text
        self._width = -1
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The text shown."""
        return self._text

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._laid_out(width).boundingRect().height()) + 1

    def sizeHint(self) -> QSize:
        width = max(self.width(), 80)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.heightForWidth(max(self.width(), 80)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(colour(getattr(self._theme.current, self._ink)))
        self._laid_out(self.width()).draw(painter, QPointF(0, 0))
        painter.end()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addAction("Copy", self.copy)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Put the text on the clipboard."""
        QGuiApplication.clipboard().setText(self._text)

    def _laid_out(self, width: int) -> QTextLayout:
        if width == self._width:
            return self._layout
        layout = QTextLayout(self._text.replace("\n", LINE_SEPARATOR), self._font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        # The side lists start on, for words of either writing direction.
        option.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        layout.setTextOption(option)
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        self._layout, self._width = layout, width
        return layout
