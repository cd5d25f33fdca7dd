"""Choosing one of the twelve colours, by mouse, by keyboard, and by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QWidget

from crm_desktop.ui.tokens import SPACE_1
from crm_desktop.ui.type_words import COLOUR_NAMES, type_colour
from crm_desktop.ui.widgets.painting import colour

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

SIDE = 30
DOT = 20
TICK = 14
COLUMNS = 6


class Swatch(QAbstractButton):
    """One colour; ticked when it is the one chosen."""

    def __init__(self, theme: ThemeManager, index: int) -> None:
        super().__init__()
        self.index = index
        self._theme = theme
        name = COLOUR_NAMES[index]
        self.setText(name)
        self.setAccessibleName(f"Colour: {name}")
        self.setToolTip(name)
        self.setCheckable(True)
        self.setFixedSize(SIDE, SIDE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()  # the picker moves, and the form saves

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, middle = self._theme.current, QPointF(SIDE / 2, SIDE / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(type_colour(theme, self.index)))
        painter.drawEllipse(middle, DOT / 2, DOT / 2)
        ring = theme.accent if self.hasFocus() else theme.outline if self.underMouse() else ""
        if ring:
            painter.setPen(QPen(colour(ring), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, SIDE / 2 - 1.5, SIDE / 2 - 1.5)
        if self.isChecked():
            corner = (SIDE - TICK) // 2
            tick = self._theme.icon("check", "community_text")
            tick.paint(painter, QRect(corner, corner, TICK, TICK))
        painter.end()


class ColourPicker(QWidget):
    """The twelve colours in two rows, of which one is chosen; the arrow keys choose another.

    Signals:
        chosen(index): the person chose this colour.
    """

    chosen = Signal(int)

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Colour")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE_1)
        self._group = QButtonGroup(self)
        self.swatches = [Swatch(theme, index) for index in range(len(COLOUR_NAMES))]
        for swatch in self.swatches:
            self._group.addButton(swatch, swatch.index)
            grid.addWidget(swatch, *divmod(swatch.index, COLUMNS))
        grid.setColumnStretch(COLUMNS, 1)
        self._group.idClicked.connect(self._on_clicked)
        self.set_index(0)

    def index(self) -> int:
        """The colour chosen."""
        return self._group.checkedId()

    def set_index(self, index: int) -> None:
        """Choose without a signal."""
        self.swatches[index % len(self.swatches)].setChecked(True)
        for swatch in self.swatches:
            # Tab reaches the chosen one, arrows the others.
            is_chosen = swatch.isChecked()
            swatch.setFocusPolicy(
                Qt.FocusPolicy.StrongFocus if is_chosen else Qt.FocusPolicy.ClickFocus
            )
        self.setFocusProxy(self.swatches[self.index()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -COLUMNS,
            Qt.Key.Key_Down: COLUMNS,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        swatch = self.swatches[(self.index() + step) % len(self.swatches)]
        swatch.click()
        swatch.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot(int)
    def _on_clicked(self, index: int) -> None:
        self.set_index(index)
        self.chosen.emit(index)
