"""The panel over the map that says what is shown: strength, types, companies, circles, names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.ui.format import number
from crm_desktop.ui.graph.data import GREY, GraphFilter
from crm_desktop.ui.graph.palette import Palette
from crm_desktop.ui.graph.slider import Slider
from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.segmented import SegmentedControl

if TYPE_CHECKING:
    from crm_desktop.ui.graph.data import GraphData
    from crm_desktop.ui.memory import WindowMemory
    from crm_desktop.ui.theme import ThemeManager

STRENGTH_KEY, COMPANIES_KEY = "graph/strength", "graph/companies"
NAMES_KEY, TYPES_KEY = "graph/names", "graph/hidden-types"
WIDTH_PX = 264
MOST_CIRCLES = 12
SWATCH_PX = 10
NO_SHADE = QColor(0, 0, 0, 0)
DENSITIES = (("none", "None"), ("some", "Some"), ("many", "Many"))
DENSITY_OF = {"none": 0.0, "some": 1.0, "many": 2.5}


def swatch(shade: QColor, ratio: float) -> QIcon:
    """A round dot as an icon."""
    pixmap = QPixmap(round(SWATCH_PX * ratio), round(SWATCH_PX * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    middle = SWATCH_PX / 2
    painter.drawEllipse(QPointF(middle, middle), middle - 0.5, middle - 0.5)
    painter.end()
    return QIcon(pixmap)


class FilterPanel(QFrame):
    """What is shown, and how many names.

    Signals:
        changed(GraphFilter): the person wants to see something else.
        density_changed(float): how many names, 1 being the calm middle.
    """

    changed = Signal(object)
    density_changed = Signal(float)

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._data: GraphData | None = None
        self._memory: WindowMemory | None = None
        self._hidden_types: frozenset[str] = frozenset()
        self._is_filling = False
        self._types: dict[str, QCheckBox] = {}
        self._circles: dict[int, QCheckBox] = {}
        self.setProperty("role", "raised")
        self.setAccessibleName("What the map shows")
        self.setFixedWidth(WIDTH_PX)
        self.strength = Slider(theme)
        self.strength.setRange(0, 90)
        self.strength.setSingleStep(5)
        self.strength.setPageStep(10)
        self.strength.setAccessibleName("Minimum strength in percent")
        self._strength_words = plain_label("any", "caption", "muted")
        self.companies = QCheckBox("Companies")
        self.companies.setChecked(True)
        self.companies.setAccessibleName("Show companies")
        self.names = SegmentedControl(DENSITIES, "Names")
        self.names.set_key("some")
        self.reset_button = QPushButton("Show everything")
        self.reset_button.setProperty("kind", "link")
        self.reset_button.setAccessibleName("Show everything")
        self._rows = QVBoxLayout()
        self._arrange()
        self.strength.valueChanged.connect(self._on_changed)
        self.companies.toggled.connect(self._on_changed)
        self.names.chosen.connect(self._on_density)
        self.reset_button.clicked.connect(self.reset)
        theme.changed.connect(self._draw_swatches)

    def _arrange(self) -> None:
        self._inner = QWidget()
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(SPACE_3, SPACE_3, SPACE_3, SPACE_2)
        column.setSpacing(SPACE_2)
        line = QHBoxLayout()
        line.addWidget(plain_label("Minimum strength", "caption", "muted", is_strong=True))
        line.addStretch(1)
        line.addWidget(self._strength_words)
        column.addLayout(line)
        column.addWidget(self.strength)
        self._rows.setSpacing(SPACE_1)
        column.addLayout(self._rows)
        column.addWidget(self.companies)
        names = plain_label("Names", "caption", "muted", is_strong=True)
        names.setContentsMargins(0, SPACE_2, 0, 0)
        column.addWidget(names)
        column.addWidget(self.names)
        column.addWidget(self.reset_button)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(self._inner)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for filled in (scroll.viewport(), self._inner):
            filled.setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.addWidget(scroll)

    def remember(self, memory: WindowMemory) -> None:
        """Take what was chosen last time, and keep what is chosen from now on. Circles are found
        anew each time and are not kept."""
        self._is_filling = True
        self.strength.setValue(memory.number(STRENGTH_KEY, 0))
        self.companies.setChecked(memory.flag(COMPANIES_KEY, True))
        self.names.set_key(memory.text(NAMES_KEY))
        self._hidden_types = frozenset(filter(None, memory.text(TYPES_KEY).split("\n")))
        self._say_strength()
        self._is_filling = False
        self._memory = memory

    def density(self) -> float:
        """How many names, 1 being the calm middle."""
        return DENSITY_OF[self.names.key()]

    def wanted_height(self) -> int:
        """The height at which nothing needs scrolling."""
        return self._inner.sizeHint().height() + 4

    def filter(self) -> GraphFilter:
        """What the panel says now."""
        return GraphFilter(
            min_strength=self.strength.value() / 100,
            hidden_types=self._hidden_types,
            hidden_communities=frozenset(
                index for index, box in self._circles.items() if not box.isChecked()
            ),
            shows_companies=self.companies.isChecked(),
        )

    def set_data(self, data: GraphData) -> None:
        """Offer the types and circles of a graph. Types that were hidden stay hidden; circles
        are others now, so all are shown."""
        self._data = data
        self._is_filling = True
        while (item := self._rows.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._types, self._circles = {}, {}
        self._heading("Relationships")
        for kind in data.kinds:
            box = self._box(f"{kind.label}  ·  {number(kind.count)}")
            box.setIconSize(QSize(SWATCH_PX, SWATCH_PX))
            box.setChecked(kind.name not in self._hidden_types)
            self._types[kind.name] = box
        self.companies.setVisible(bool(data.is_company.any()))
        self._offer_circles(data)
        self._draw_swatches()
        self._is_filling = False

    def _offer_circles(self, data: GraphData) -> None:
        sizes = np.bincount(data.community[data.community >= 0], minlength=1)
        circles = [index for index in range(min(len(sizes), MOST_CIRCLES)) if sizes[index] > 1]
        if len(circles) < 2:
            return
        self._heading("Circles")
        for index in circles:
            members = data.importance[data.community[data.importance] == index]
            box = self._box(f"{data.nodes[int(members[0])].name}  ·  {number(len(members))}")
            box.setIconSize(QSize(SWATCH_PX, SWATCH_PX))
            box.setAccessibleName(f"Circle of {data.nodes[int(members[0])].name}")
            box.setChecked(True)
            self._circles[index] = box

    def _heading(self, words: str) -> None:
        label = plain_label(words, "caption", "muted", is_strong=True)
        label.setContentsMargins(0, SPACE_2, 0, 0)
        self._rows.addWidget(label)

    def _box(self, words: str) -> QCheckBox:
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, WIDTH_PX - 76)
        box = QCheckBox(shown.replace("&", "&&"))
        box.setAccessibleName(words)
        box.toggled.connect(self._on_changed)
        self._rows.addWidget(box)
        return box

    @Slot()
    def reset(self) -> None:
        """Hide nothing."""
        self._is_filling = True
        self.strength.setValue(0)
        self._hidden_types = frozenset()
        for box in (*self._types.values(), *self._circles.values(), self.companies):
            box.setChecked(True)
        self._is_filling = False
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        if self._is_filling:
            return
        # A type that this graph has none of stays as it was chosen.
        self._hidden_types = frozenset(
            (self._hidden_types - self._types.keys())
            | {name for name, box in self._types.items() if not box.isChecked()}
        )
        self._say_strength()
        if self._memory is not None:
            self._memory.keep(STRENGTH_KEY, self.strength.value())
            self._memory.keep(COMPANIES_KEY, self.companies.isChecked())
            self._memory.keep(TYPES_KEY, "\n".join(sorted(self._hidden_types)))
        self.changed.emit(self.filter())

    def _say_strength(self) -> None:
        value = self.strength.value()
        self._strength_words.setText(f"{value} % or more" if value else "any")

    @Slot(str)
    def _on_density(self, key: str) -> None:
        if self._memory is not None:
            self._memory.keep(NAMES_KEY, key)
        self.density_changed.emit(DENSITY_OF[key])

    @Slot()
    def _draw_swatches(self) -> None:
        if self._data is None:
            return
        palette = Palette(self._theme.current)
        first = {
            int(c): int(k) for c, k in zip(self._data.community, self._data.colour, strict=True)
        }
        for index, box in self._circles.items():
            shade = palette.dots[first.get(index, GREY)]
            box.setIcon(swatch(shade, self.devicePixelRatioF()))
        for kind in self._data.kinds:
            # The lines of others have the colours of the circles; their words stay in line.
            shade = NO_SHADE if kind.colour is None else palette.dots[kind.colour]
            self._types[kind.name].setIcon(swatch(shade, self.devicePixelRatioF()))
