"""The list of groups beside the review: up and down move in it, letters are commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from crm_desktop.domain.duplicates import DuplicateGroup, reason_words
from crm_desktop.ui.format import number
from crm_desktop.ui.models.duplicates import GROUP_ROLE, DuplicatesModel
from crm_desktop.ui.models.paging import Index
from crm_desktop.ui.theme import BODY, CAPTION, font
from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from crm_desktop.ui.widgets.painting import colour, paint_avatar, paint_text

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from crm_desktop.ui.theme import ThemeManager

ROW_HEIGHT = 56
PORTRAIT = 28
OVERLAP = 8
RING = 1.5
COUNT_WIDTH = 28


class GroupDelegate(QStyledItemDelegate):
    """Paints two portraits, the names, what speaks for one person, and how many contacts."""

    def __init__(self, theme: ThemeManager, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        group = index.data(GROUP_ROLE)
        if not isinstance(group, DuplicateGroup):
            return
        theme, rect = self._theme.current, QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = theme.paper
        if option.state & QStyle.StateFlag.State_Selected:
            ground = theme.accent_soft
        elif option.state & QStyle.StateFlag.State_MouseOver:
            ground = theme.hover
        painter.fillRect(rect, colour(ground))
        line = QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1)
        has_keys = option.state & QStyle.StateFlag.State_HasFocus
        painter.fillRect(line, colour(theme.accent) if has_keys else colour(theme.hairline, 0.6))
        left, top = rect.left() + SPACE_3, rect.center().y() - PORTRAIT / 2
        for place in (1, 0):  # the first lies on top
            member = group.members[place]
            portrait = QRectF(left + place * (PORTRAIT - OVERLAP), top, PORTRAIT, PORTRAIT)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(ground))
            painter.drawEllipse(portrait.adjusted(-RING, -RING, RING, RING))
            paint_avatar(painter, portrait, theme, member.contact_id, member.name, font())
        words = QRectF(rect)
        words.setLeft(left + 2 * PORTRAIT - OVERLAP + SPACE_2)
        words.setRight(rect.right() - SPACE_2)
        upper = QRectF(words.left(), rect.center().y() - 19, words.width(), 20)
        count = len(group.members)
        if count > 2:
            end = QRectF(words.right() - COUNT_WIDTH, upper.top(), COUNT_WIDTH, upper.height())
            right = Qt.AlignmentFlag.AlignRight
            paint_text(painter, end, number(count), font(CAPTION), theme.muted, right)
            upper.setRight(end.left() - SPACE_1)
        strong = font(BODY, QFont.Weight.Medium)
        name = str(index.data(Qt.ItemDataRole.DisplayRole))
        paint_text(painter, upper, name, strong, theme.text)
        lower = QRectF(words.left(), rect.center().y() + 1, words.width(), 17)
        why = reason_words(group.reasons)
        paint_text(painter, lower, why, font(CAPTION), theme.muted)
        painter.restore()


class DuplicatesList(QListView):
    """One group at a time; what is typed does not search, since letters are commands."""

    def __init__(self, theme: ThemeManager, model: DuplicatesModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(GroupDelegate(theme, self))
        self.setAccessibleName("People who may be here twice")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT // 2)
        theme.changed.connect(self.viewport().update)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: the keys of the review are letters."""
