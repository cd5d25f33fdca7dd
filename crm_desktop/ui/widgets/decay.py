"""How fresh a contact is: a dot and its word, since colour alone says nothing to some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.ui.format import decay_word
from crm_desktop.ui.theme import BODY, font
from crm_desktop.ui.widgets.painting import decay_colour, paint_dot, paint_text

if TYPE_CHECKING:
    from PySide6.QtGui import QFont

    from crm_desktop.ui.theme import Theme, ThemeManager

DOT_RADIUS = 3.5
DOT_WIDTH = 14


def paint_decay(
    painter: QPainter,
    rect: QRectF,
    theme: Theme,
    bucket: int | None,
    word_font: QFont,
    text: str | None = None,
    ink: str | None = None,
) -> None:
    """The dot of `bucket` and, beside it, `text` or the bucket's word, on one line."""
    centre = QPointF(rect.left() + DOT_RADIUS + 0.5, rect.center().y())
    paint_dot(painter, centre, DOT_RADIUS, decay_colour(theme, bucket))
    paint_text(
        painter,
        rect.adjusted(DOT_WIDTH, 0, 0, 0),
        text if text is not None else decay_word(bucket),
        word_font,
        ink or theme.text,
    )


class DecayLabel(QWidget):
    """The dot and the word of a decay bucket."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bucket: int | None = None
        self._text = decay_word(None)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_bucket(self, bucket: int | None, text: str | None = None) -> None:
        """Show a bucket, with its word or with `text`, which must hold the word."""
        self._bucket = bucket
        self._text = text if text is not None else decay_word(bucket)
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(font(BODY))
        return QSize(DOT_WIDTH + metrics.horizontalAdvance(self._text) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(DOT_WIDTH + 24, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_decay(
            painter,
            QRectF(self.rect()),
            self._theme.current,
            self._bucket,
            font(BODY),
            self._text,
        )
        painter.end()
