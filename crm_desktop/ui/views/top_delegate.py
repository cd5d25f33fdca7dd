"""Draws a person of the top list: rank, portrait, name, trend, last contact, score, and the
button that writes to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QHelpEvent, QIcon, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from crm_desktop.domain.interactions import TopRelationship
from crm_desktop.ui.format import (
    decay_word,
    exact,
    plain_tooltip,
    plural,
    relative,
    score_tooltip,
)
from crm_desktop.ui.models.paging import ROW_ROLE, Index
from crm_desktop.ui.theme import BODY, CAPTION, font
from crm_desktop.ui.tokens import ICON_SMALL, RADIUS, SPACE_2, SPACE_3, SPACE_4, SPACE_6
from crm_desktop.ui.widgets.decay import paint_decay
from crm_desktop.ui.widgets.painting import (
    colour,
    paint_avatar,
    paint_bar,
    paint_sparkline,
    paint_text,
)
from crm_desktop.ui.widgets.skeleton import LINE_SHARES, paint_placeholder

if TYPE_CHECKING:
    from crm_desktop.ui.models.top import TopModel
    from crm_desktop.ui.theme import Theme, ThemeManager

ROW_HEIGHT = 60
AVATAR = 36
RANK_WIDTH = 26
CONTACT_WIDTH = 116
TIGHT_CONTACT_WIDTH = 96
NUMBER_WIDTH = 30
NAME_WIDTH = 200
MAIL = 28
TIGHT = 440
NARROW = 600
SPACIOUS = 1100
TREND_WIDTHS = ((1500, 300), (1300, 220), (960, 168), (0, 104))
BAR_WIDTHS = ((1500, 240), (1300, 176), (820, 132), (NARROW, 88), (TIGHT, 48), (0, 0))
"""How wide the trend and the score bar are from which width of the row."""


@dataclass(frozen=True, slots=True)
class RowLayout:
    """Where the parts of a row are; `rank`, `trend` and `address` are empty where there is no
    room. Where there is little, `mail` lies on the number."""

    rank: QRectF
    avatar: QRectF
    name: QRectF
    detail: QRectF
    address: QRectF
    mail: QRectF
    trend: QRectF
    contact: QRectF
    bar: QRectF
    number: QRectF


def row_layout(rect: QRectF) -> RowLayout:
    """The parts of a row that covers `rect`, arranged for its width."""
    top, middle, height = rect.top(), rect.center().y(), rect.height()
    is_narrow, is_tight = rect.width() < NARROW, rect.width() < TIGHT
    gap = SPACE_3 if is_tight else SPACE_4 if is_narrow else SPACE_6
    margin = SPACE_4 if is_tight else SPACE_6
    left = rect.left() + margin
    rank = QRectF(left, top, 0 if is_tight else RANK_WIDTH, height)
    avatar = QRectF(rank.right(), middle - AVATAR / 2, AVATAR, AVATAR)
    trend_width = _width(TREND_WIDTHS, rect)
    bar_width = _width(BAR_WIDTHS, rect)
    right = rect.right() - margin
    number = QRectF(right - NUMBER_WIDTH, top, NUMBER_WIDTH, height)
    bar = QRectF(number.left() - SPACE_2 - bar_width, middle - 2, bar_width, 4)
    contact_width = TIGHT_CONTACT_WIDTH if is_tight else CONTACT_WIDTH
    contact = QRectF(bar.left() - gap - contact_width, top, contact_width, height)
    edge = contact.left() - gap
    mail = QRectF(number.right() - MAIL, middle - MAIL / 2, MAIL, MAIL)
    trend = QRectF()
    if edge - trend_width - gap - MAIL - avatar.right() >= NAME_WIDTH:
        trend = QRectF(edge - trend_width, middle - 14, trend_width, 28)
        edge = trend.left() - gap
    if not is_narrow:
        mail.moveRight(edge)
        edge = mail.left() - SPACE_2
    address = QRectF()
    if rect.width() >= SPACIOUS:
        width = (edge - avatar.right()) * 0.45
        address = QRectF(edge - width, top, width, height)
        edge = address.left() - gap
    text = QRectF(avatar.right() + SPACE_3, top, max(24.0, edge - avatar.right() - SPACE_3), height)
    name = QRectF(text.left(), middle - 20, text.width(), 20)
    detail = QRectF(text.left(), middle + 1, text.width(), 16)
    return RowLayout(rank, avatar, name, detail, address, mail, trend, contact, bar, number)


def _width(widths: tuple[tuple[int, int], ...], rect: QRectF) -> int:
    return next(width for least, width in widths if rect.width() >= least)


class TopDelegate(QStyledItemDelegate):
    """Paints the rows of a TopModel and answers hovering over their parts."""

    def __init__(self, theme: ThemeManager, model: TopModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self._pointed = -1, False
        self._name_font = font(BODY, QFont.Weight.DemiBold)
        self._body = font(BODY)
        self._caption = font(CAPTION)
        self._number_font = font(BODY, QFont.Weight.DemiBold)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(320, ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> None:
        row: TopRelationship | None = index.data(ROW_ROLE)
        theme = self._theme.current
        rect = QRectF(option.rect)
        layout = row_layout(rect)
        pointed, is_on_mail = self._pointed
        is_pointed = index.row() == pointed
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_focused = self._is_focused(option)
        paint_row_state(painter, rect, option.state, theme, is_pointed, is_focused)
        if not layout.rank.isEmpty():
            paint_text(painter, layout.rank, str(index.row() + 1), self._caption, theme.muted)
        if row is None:
            self._paint_placeholder(painter, layout, index.row(), theme)
            painter.restore()
            return
        paint_avatar(painter, layout.avatar, theme, row.person_id, row.display_name, self._body)
        self._paint_words(painter, layout, row, theme)
        if not layout.trend.isEmpty():
            paint_sparkline(painter, layout.trend, row.trend, theme.accent, theme.hairline)
        if layout.bar.width() > 0:
            paint_bar(painter, layout.bar, row.score / 100, theme.accent, theme.hairline)
        has_button = is_pointed or is_focused
        if not (has_button and layout.mail.intersects(layout.number)):
            end = Qt.AlignmentFlag.AlignRight
            score = f"{row.score:.0f}"
            paint_text(painter, layout.number, score, self._number_font, theme.text, end)
        if has_button:
            self._paint_mail(painter, layout.mail, row, is_lit=is_pointed and is_on_mail)
        painter.restore()

    def point_at(self, row: int, *, is_on_mail: bool) -> None:
        """Say which row is under the mouse (-1: none), and whether its mail button is."""
        self._pointed = row, is_on_mail

    def _is_focused(self, option: QStyleOptionViewItem) -> bool:
        wanted = QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_Active
        return option.state & wanted == wanted

    def _paint_placeholder(
        self, painter: QPainter, layout: RowLayout, position: int, theme: Theme
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(theme.hairline, 0.7))
        painter.drawEllipse(layout.avatar)
        share = LINE_SHARES[position % len(LINE_SHARES)]
        paint_placeholder(painter, layout.name.adjusted(0, 4, 0, -4), theme, share)
        paint_placeholder(painter, layout.detail.adjusted(0, 4, 0, -3), theme, share * 0.6)

    def _paint_mail(
        self, painter: QPainter, rect: QRectF, row: TopRelationship, *, is_lit: bool
    ) -> None:
        theme, can_write = self._theme.current, bool(row.emails)
        painter.setPen(QPen(colour(theme.accent if is_lit and can_write else theme.hairline), 1))
        painter.setBrush(colour(theme.raised))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        image = self._theme.icon("mail", "accent" if can_write else "muted")
        place = QRectF(0, 0, ICON_SMALL, ICON_SMALL)
        place.moveCenter(rect.center())
        mode = QIcon.Mode.Normal if can_write else QIcon.Mode.Disabled
        image.paint(painter, place.toRect(), Qt.AlignmentFlag.AlignCenter, mode)

    def _paint_words(
        self, painter: QPainter, layout: RowLayout, row: TopRelationship, theme: Theme
    ) -> None:
        address = next(iter(row.emails + row.phones), "")
        has_column = not layout.address.isEmpty()
        detail = row.organization or ("" if has_column else address)
        if has_column:
            paint_text(painter, layout.address, address, self._body, theme.muted)
        name = layout.name if detail else layout.name.translated(0, 10)
        paint_text(painter, name, row.display_name, self._name_font, theme.text)
        paint_text(painter, layout.detail, detail, self._caption, theme.muted)
        middle = layout.contact.center().y()
        when = QRectF(layout.contact.left(), middle - 20, layout.contact.width(), 20)
        paint_text(
            painter, when, relative(row.last_contact_at, self._model.now), self._body, theme.text
        )
        decay = QRectF(layout.contact.left(), middle + 1, layout.contact.width(), 16)
        paint_decay(painter, decay, theme, row.decay_bucket, self._caption, ink=theme.muted)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        row = index.data(ROW_ROLE)
        if event.type() != QEvent.Type.ToolTip or row is None:
            return super().helpEvent(event, view, option, index)
        text = self.tooltip(row, row_layout(QRectF(option.rect)), QPointF(event.pos()))
        QToolTip.showText(event.globalPos(), text, view.viewport(), option.rect)
        return True

    def tooltip(self, row: TopRelationship, layout: RowLayout, place: QPointF) -> str:
        """What hovering there tells: whom the button writes to, the exact time, the weeks, or why
        the score is what it is."""
        if layout.mail.contains(place):
            return plain_tooltip(write_words(row))
        if layout.contact.left() <= place.x() <= layout.contact.right():
            word = decay_word(row.decay_bucket)
            return f"<span>Last contact {exact(row.last_contact_at)} ({word})</span>"
        if not layout.trend.isEmpty() and layout.trend.left() <= place.x() <= layout.trend.right():
            weeks = len(row.trend)
            return f"<span>{plural(sum(row.trend), 'message')} in {weeks} weeks</span>"
        return score_tooltip(row.display_name, row.breakdown) if row.breakdown else ""


def write_words(row: TopRelationship) -> str:
    """What writing to a person means, or why it cannot be."""
    if not row.emails:
        return "No e-mail address is known"
    keys = QKeySequence("Ctrl+Return").toString(QKeySequence.SequenceFormat.NativeText)
    return f"Write to {row.emails[0]}  {keys}"


def paint_row_state(
    painter: QPainter,
    rect: QRectF,
    state: QStyle.StateFlag,
    theme: Theme,
    is_pointed: bool,
    is_focused: bool,
) -> None:
    """The rounded ground of a row under the mouse, selected, or with the keyboard focus."""
    ground = rect.adjusted(SPACE_2 + 0.5, 1.5, -SPACE_2 - 0.5, -1.5)
    is_selected = bool(state & QStyle.StateFlag.State_Selected)
    if is_selected or is_pointed:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(theme.accent_soft if is_selected else theme.hover))
        painter.drawRoundedRect(ground, RADIUS, RADIUS)
    if is_focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour(theme.accent), 1))
        painter.drawRoundedRect(ground, RADIUS, RADIUS)
