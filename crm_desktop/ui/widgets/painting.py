"""Shapes that lists and widgets draw alike: avatars, bars, sparklines, dots, elided text.

Everything takes a Theme, so that no colour is chosen here, and a QRectF in logical pixels, so
that it is sharp at any scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
)

from crm_desktop.domain.contacts import initials

if TYPE_CHECKING:
    from crm_desktop.ui.theme import Theme


@lru_cache(maxsize=512)
def colour(name: str, alpha: float = 1.0) -> QColor:
    """The QColor of a theme token, `alpha` 0-1. Shared: do not change what you get."""
    made = QColor(name)
    made.setAlphaF(alpha)
    return made


def avatar_colours(theme: Theme, contact_id: int) -> tuple[str, str]:
    """Background and letter colour of a contact's avatar: always the same for one contact."""
    return theme.community(contact_id), theme.community_text


def paint_avatar(
    painter: QPainter,
    rect: QRectF,
    theme: Theme,
    contact_id: int,
    name: str,
    font: QFont,
    photo: QPixmap | None = None,
) -> None:
    """A round portrait: the photo when there is one, else initials on the contact's colour."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if photo is not None and not photo.isNull():
        circle = QPainterPath()
        circle.addEllipse(rect)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipPath(circle)
        side = min(photo.width(), photo.height())
        source = QRectF((photo.width() - side) / 2, (photo.height() - side) / 2, side, side)
        painter.drawPixmap(rect, photo, source)
        painter.restore()
        return
    background, letters = avatar_colours(theme, contact_id)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(background))
    painter.drawEllipse(rect)
    text = initials(name)
    sized = QFont(font)
    sized.setPixelSize(max(9, round(rect.height() * (0.36 if len(text) > 1 else 0.42))))
    sized.setWeight(QFont.Weight.DemiBold)
    # Wide letters, such as Chinese ones, must stay inside the circle.
    width = QFontMetricsF(sized).horizontalAdvance(text)
    if width > rect.width() * 0.66:
        sized.setPixelSize(max(8, int(sized.pixelSize() * rect.width() * 0.66 / width)))
    painter.setFont(sized)
    painter.setPen(colour(letters))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def paint_bar(painter: QPainter, rect: QRectF, share: float, fill: str, track: str) -> None:
    """A rounded bar filled to `share` (0-1)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = rect.height() / 2
    painter.setBrush(colour(track))
    painter.drawRoundedRect(rect, radius, radius)
    share = min(1.0, max(0.0, share))
    if share > 0:
        filled = QRectF(rect)
        filled.setWidth(max(rect.height(), rect.width() * share))
        painter.setBrush(colour(fill))
        painter.drawRoundedRect(filled, radius, radius)
    painter.restore()


def spark_points(values: Sequence[int], rect: QRectF) -> list[QPointF]:
    """Where each value lies in `rect`; the greatest touches the top, zero the bottom."""
    if not values:
        return []
    top = max(max(values), 1)
    step = rect.width() / max(1, len(values) - 1)
    return [
        QPointF(rect.left() + index * step, rect.bottom() - rect.height() * value / top)
        for index, value in enumerate(values)
    ]


def smooth_path(points: Sequence[QPointF]) -> QPainterPath:
    """A curve through the points that never overshoots them (monotone cubic).

    Tangents after F. N. Fritsch and R. E. Carlson, "Monotone Piecewise Cubic Interpolation",
    1980, in the simple form of the harmonic mean of neighbouring slopes.
    """
    path = QPainterPath()
    if not points:
        return path
    path.moveTo(points[0])
    if len(points) == 1:
        return path
    slopes = [(b.y() - a.y()) / ((b.x() - a.x()) or 1.0) for a, b in pairwise(points)]
    tangents = [slopes[0]]
    for before, after in pairwise(slopes):
        tangents.append(2 * before * after / (before + after) if before * after > 0 else 0.0)
    tangents.append(slopes[-1])
    for index, (a, b) in enumerate(pairwise(points)):
        third = (b.x() - a.x()) / 3
        path.cubicTo(
            QPointF(a.x() + third, a.y() + tangents[index] * third),
            QPointF(b.x() - third, b.y() - tangents[index + 1] * third),
            b,
        )
    return path


def paint_sparkline(
    painter: QPainter, rect: QRectF, values: Sequence[int], line: str, flat: str
) -> None:
    """A soft filled curve that ends in a dot; a thin flat line when every value is zero."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = rect.adjusted(2, 2, -3, -1.5)
    if not any(values):
        painter.setPen(QPen(colour(flat), 1.2))
        painter.drawLine(inner.bottomLeft(), inner.bottomRight())
        painter.restore()
        return
    points = spark_points(values, inner)
    curve = smooth_path(points)
    area = QPainterPath(curve)
    area.lineTo(inner.right(), rect.bottom())
    area.lineTo(inner.left(), rect.bottom())
    area.closeSubpath()
    shade = QLinearGradient(0, rect.top(), 0, rect.bottom())
    shade.setColorAt(0, colour(line, 0.28))
    shade.setColorAt(1, colour(line, 0.02))
    painter.fillPath(area, shade)
    painter.setPen(
        QPen(
            colour(line),
            1.5,
            Qt.PenStyle.SolidLine,
            Qt.PenCapStyle.RoundCap,
            Qt.PenJoinStyle.RoundJoin,
        )
    )
    painter.drawPath(curve)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(line))
    painter.drawEllipse(points[-1], 2.1, 2.1)
    painter.restore()


def paint_dot(painter: QPainter, centre: QPointF, radius: float, fill: str) -> None:
    """A filled dot."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(fill))
    painter.drawEllipse(centre, radius, radius)
    painter.restore()


def decay_colour(theme: Theme, bucket: int | None) -> str:
    """The colour of a decay bucket; muted without any contact."""
    return theme.muted if bucket is None else theme.decay[bucket]


def paint_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    font: QFont,
    ink: str,
    alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> float:
    """One line of plain text, vertically centred and elided to fit; the width it took.

    Left means the side lists start on, for names of either writing direction.
    """
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(one_line(text), Qt.TextElideMode.ElideRight, rect.width())
    painter.setFont(font)
    painter.setPen(colour(ink))
    flags = alignment | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
    painter.drawText(rect, int(flags) | int(Qt.TextFlag.TextSingleLine), shown)
    return metrics.horizontalAdvance(shown)


def one_line(text: str) -> str:
    """Text without line breaks and tabs, so that it draws on one line."""
    return " ".join(text.split()) if any(c in text for c in "\n\r\t") else text
