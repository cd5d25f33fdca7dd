"""Bars: a strength or score with its number, and the five terms of a score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from crm_desktop.ui.format import SCORE_TERMS
from crm_desktop.ui.theme import CAPTION, font
from crm_desktop.ui.tokens import SPACE_1, SPACE_2
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.painting import paint_bar, paint_text

if TYPE_CHECKING:
    from crm_desktop.domain.interactions import ScoreBreakdown
    from crm_desktop.ui.theme import ThemeManager

BAR_HEIGHT = 4


class Bar(QWidget):
    """A thin bar filled to a share of its width; the value is its accessible description."""

    def __init__(
        self,
        theme: ThemeManager,
        role: str = "accent",
        height: int = BAR_HEIGHT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._role = role
        self._bar_height = height
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_share(self, share: float, description: str) -> None:
        """Fill to `share` (0-1); `description` is read out and shown on hover (plain text)."""
        self._share = share
        self.setAccessibleName(description)
        self.setToolTip(description)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(64, self._bar_height + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self._bar_height + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        top = (self.height() - self._bar_height) / 2
        theme = self._theme.current
        paint_bar(
            painter,
            QRectF(0, top, self.width(), self._bar_height),
            self._share,
            getattr(theme, self._role),
            theme.hairline,
        )
        painter.end()


class Points(QWidget):
    """A number of points, right-aligned in tabular figures."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self.setFixedSize(36, 16)
        theme.changed.connect(self.update)

    def set_points(self, points: float) -> None:
        """Show points with one decimal place."""
        self._text = f"{points:.1f}"
        self.setAccessibleName(f"{self._text} points")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_text(
            painter,
            QRectF(self.rect()),
            self._text,
            font(CAPTION, QFont.Weight.Medium),
            self._theme.current.text,
            Qt.AlignmentFlag.AlignRight,
        )
        painter.end()


class ScoreTerms(QWidget):
    """The five terms of a score as bars, each against the most it can give."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_2)
        grid.setVerticalSpacing(SPACE_1)
        grid.setColumnStretch(1, 1)
        self._rows: list[tuple[str, str, int, Bar, Points]] = []
        for line, (term, label, most, meaning) in enumerate(SCORE_TERMS):
            name = plain_label(label, "caption", "muted")
            name.setToolTip(meaning)
            bar, points = Bar(theme), Points(theme)
            for column, widget in enumerate((name, bar, points)):
                grid.addWidget(widget, line, column)
            self._rows.append((term, label, most, bar, points))

    def set_breakdown(self, breakdown: ScoreBreakdown) -> None:
        """Show these terms."""
        for term, label, most, bar, points in self._rows:
            value = getattr(breakdown, term)
            bar.set_share(value / most, f"{label}: {value:.1f} of {most} points")
            points.set_points(value)
