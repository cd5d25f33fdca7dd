"""Example sentences with the relationship emphasised: "Acme employs Bob"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.ui.theme import LEAD, font
from crm_desktop.ui.tokens import RADIUS_LARGE, SPACE_1, SPACE_3, SPACE_4
from crm_desktop.ui.type_words import type_colour
from crm_desktop.ui.widgets.painting import colour, one_line

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager
    from crm_desktop.ui.type_words import Sentence

MISSING = "…"
DOT = 10


class SentencePreview(QWidget):
    """Up to two sentences on a card, each with a dot in the type's colour; long ones wrap.

    Painted, not a label: what is typed must never be read as markup.
    """

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sentences: tuple[Sentence, ...] = ()
        self._color_index = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    def set_content(self, sentences: Sequence[Sentence], color_index: int) -> None:
        """Show other sentences, in the colour of their type."""
        self._sentences = tuple(sentences)
        self._color_index = color_index
        self.setAccessibleName("For example: " + "; ".join(self.texts()))
        self.updateGeometry()
        self.update()

    def texts(self) -> list[str]:
        """The sentences shown."""
        return [f"{s.subject} {one_line(s.label) or MISSING} {s.object}" for s in self._sentences]

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        heights = [layout.boundingRect().height() for layout in self._layouts(width)]
        between = SPACE_1 * max(0, len(heights) - 1)
        return round(sum(heights)) + between + 2 * SPACE_3

    def sizeHint(self) -> QSize:
        width = max(self.width(), 200)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.heightForWidth(max(self.width(), 160)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme.current
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(colour(theme.hairline))
        painter.setBrush(colour(theme.raised))
        painter.drawRoundedRect(ground, RADIUS_LARGE, RADIUS_LARGE)
        top = float(SPACE_3)
        for layout in self._layouts(self.width()):
            middle = top + layout.lineAt(0).height() / 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(type_colour(theme, self._color_index)))
            painter.drawEllipse(QPointF(SPACE_4 + DOT / 2, middle), DOT / 2, DOT / 2)
            painter.setPen(colour(theme.text))
            layout.draw(painter, QPointF(SPACE_4 + DOT + SPACE_3, top))
            top += layout.boundingRect().height() + SPACE_1
        painter.end()

    def _layouts(self, width: int) -> list[QTextLayout]:
        room = max(40, width - 2 * SPACE_4 - DOT - SPACE_3)
        return [self._layout(sentence, room) for sentence in self._sentences]

    def _layout(self, sentence: Sentence, width: int) -> QTextLayout:
        label = one_line(sentence.label)
        layout = QTextLayout(f"{sentence.subject} {label or MISSING} {sentence.object}", font(LEAD))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        # Example names are Latin; a label of another direction must not turn the whole line.
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        layout.setTextOption(option)
        layout.setFormats([self._emphasis(sentence, label)])
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        return layout

    def _emphasis(self, sentence: Sentence, label: str) -> QTextLayout.FormatRange:
        emphasis = QTextCharFormat()
        theme = self._theme.current
        if label:
            emphasis.setFontWeight(QFont.Weight.Bold)
            emphasis.setForeground(colour(type_colour(theme, self._color_index)))
        else:
            emphasis.setForeground(colour(theme.muted))
        span = QTextLayout.FormatRange()
        span.start = _utf16_length(sentence.subject) + 1
        span.length = _utf16_length(label or MISSING)
        span.format = emphasis
        return span


def _utf16_length(text: str) -> int:
    """How many positions Qt counts, which counts some characters twice."""
    return len(text.encode("utf-16-le")) // 2
