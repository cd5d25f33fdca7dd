"""The list below the search box, and how its rows are drawn."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeySequence,
    QPainter,
    QPainterPath,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.domain.search import HitKind
from crm_desktop.ui.icons import icon
from crm_desktop.ui.matching import Marks
from crm_desktop.ui.models.paging import Index
from crm_desktop.ui.search_rows import ROW_ROLE, Row, RowKind, SearchRows
from crm_desktop.ui.theme import ThemeManager, font
from crm_desktop.ui.tokens import (
    BODY,
    CAPTION,
    ICON,
    SPACE_1,
    SPACE_2,
    SPACE_3,
    Theme,
)
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.painting import one_line, paint_avatar

HEIGHTS = {RowKind.GROUP: 30, RowKind.HIT: 48, RowKind.COMMAND: 38, RowKind.NOTE: 56}
DISC = 30
MOST_VISIBLE_HEIGHT = 560
EVIDENT = ("name", "subject")
SEARCH_KEYS = "↑ ↓ to move   ·   Enter to open   ·   > for commands   ·   Esc to close"
PALETTE_KEYS = "↑ ↓ to move   ·   Enter to run   ·   Esc to close"


def paint_marked(
    painter: QPainter, rect: QRectF, text: str, marks: Marks, size: int, theme: Theme
) -> float:
    """One line of text in `rect`, matched ranges set off; gives the width it took."""
    made = font(size, 500)
    metrics = QFontMetricsF(made)
    shown = metrics.elidedText(one_line(text), Qt.TextElideMode.ElideRight, rect.width())
    layout = QTextLayout(shown, made)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    layout.setTextOption(option)
    formats = []
    for start, length in marks:
        if start >= len(shown):
            continue
        one = QTextLayout.FormatRange()
        one.start, one.length = start, min(length, len(shown) - start)
        style = QTextCharFormat()
        style.setForeground(QColor(theme.accent))
        style.setFontWeight(700)
        one.format = style
        formats.append(one)
    layout.setFormats(formats)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(rect.width() + 1000)
    layout.endLayout()
    painter.setPen(QColor(theme.text))
    layout.draw(painter, QPointF(rect.left(), rect.center().y() - line.height() / 2))
    return float(min(line.naturalTextWidth(), rect.width()))


class RowDelegate(QStyledItemDelegate):
    """Draws hits with their avatar, commands with their icon and keys, titles and sentences."""

    def __init__(self, theme: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: Row = index.data(ROW_ROLE)
        return QSize(option.rect.width(), HEIGHTS[row.kind])

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> None:
        row: Row = index.data(ROW_ROLE)
        theme = self._theme.current
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect).adjusted(SPACE_2, 1, -SPACE_2, -1)
        if row.can_be_chosen and option.state & QStyle.StateFlag.State_Selected:
            shape = QPainterPath()
            shape.addRoundedRect(rect, 7, 7)
            painter.fillPath(shape, QColor(theme.accent_soft))
        rect = rect.adjusted(SPACE_2, 0, -SPACE_3, 0)
        if row.kind is RowKind.GROUP:
            self._plain(painter, rect.adjusted(0, 6, 0, 0), row.text, CAPTION, 600, theme.muted)
        elif row.kind is RowKind.NOTE:
            self._plain(painter, rect, row.text, BODY, 400, theme.muted)
        elif row.kind is RowKind.COMMAND:
            self._command(painter, rect, row, theme)
        else:
            self._hit(painter, rect, row, theme)
        painter.restore()

    def _plain(
        self, painter: QPainter, rect: QRectF, text: str, size: int, weight: int, ink: str
    ) -> None:
        painter.setFont(font(size, weight))
        painter.setPen(QColor(ink))
        shown = painter.fontMetrics().elidedText(
            one_line(text), Qt.TextElideMode.ElideRight, int(rect.width())
        )
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)

    def _command(self, painter: QPainter, rect: QRectF, row: Row, theme: Theme) -> None:
        if row.action is None:
            return
        top = int(rect.center().y() - ICON / 2)
        icon(row.action.icon, theme.muted).paint(painter, int(rect.left()), top, ICON, ICON)
        keys = QKeySequence(row.action.shortcuts[0]) if row.action.shortcuts else QKeySequence()
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        words = rect.adjusted(ICON + SPACE_3, 0, -120 if shown else 0, 0)
        paint_marked(painter, words, row.text, row.marks, BODY, theme)
        if shown:
            painter.setFont(font(CAPTION))
            painter.setPen(QColor(theme.muted))
            painter.drawText(
                rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, shown
            )

    def _hit(self, painter: QPainter, rect: QRectF, row: Row, theme: Theme) -> None:
        hit = row.hit
        if hit is None:
            return
        disc = QRectF(rect.left(), rect.center().y() - DISC / 2, DISC, DISC)
        if hit.kind is HitKind.PERSON:
            paint_avatar(painter, disc, theme, hit.id, hit.title, font(CAPTION, 600))
        else:
            painter.setPen(QColor(theme.hairline))
            painter.setBrush(QColor(theme.surface))
            painter.drawRoundedRect(disc.adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
            name = "company" if hit.kind is HitKind.COMPANY else "conversation"
            left, top = int(disc.left()) + 6, int(disc.top()) + 6
            icon(name, theme.muted).paint(painter, left, top, DISC - 12, DISC - 12)
        words = rect.adjusted(DISC + SPACE_3, SPACE_1 + 1, 0, -SPACE_1 - 1)
        half = words.height() / 2
        upper = QRectF(words.left(), words.top(), words.width(), half)
        lower = QRectF(words.left(), words.top() + half, words.width(), half)
        # Where the marks in the title say it already, the word would only be noise.
        if row.why and not (row.marks and row.why in EVIDENT):
            painter.setFont(font(CAPTION))
            why = painter.fontMetrics().elidedText(
                one_line(row.why), Qt.TextElideMode.ElideRight, int(words.width() * 0.4)
            )
            painter.setPen(QColor(theme.muted))
            painter.drawText(
                upper, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, why
            )
            upper.setRight(upper.right() - painter.fontMetrics().horizontalAdvance(why) - SPACE_3)
        paint_marked(painter, upper, row.text, row.marks, BODY, theme)
        self._plain(painter, lower, row.subtitle, CAPTION, 400, theme.muted)


class SearchPopup(QFrame):
    """The list below the search box. The keyboard stays in the box; it asks this to move.

    Signals:
        chosen(Row): a row was clicked.
    """

    chosen = Signal(object)

    def __init__(self, theme: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "raised")
        self.setAccessibleName("Search results")
        self.model = SearchRows(self)
        self._list = QListView()
        self._list.setObjectName("searchResults")
        self._list.setAccessibleName("Search results")
        self._list.setModel(self.model)
        self._list.setItemDelegate(RowDelegate(theme, self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setMouseTracking(True)
        self._list.entered.connect(self._on_entered)
        self._list.clicked.connect(self._on_clicked)
        self._hint = plain_label("", "caption", "muted")
        self._hint.setContentsMargins(SPACE_3 + SPACE_1, SPACE_2, SPACE_3, SPACE_2)
        line = QFrame()
        line.setProperty("role", "line")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, SPACE_1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self._list, 1)
        layout.addWidget(line)
        layout.addWidget(self._hint)
        theme.changed.connect(self.update)
        self.hide()

    def set_rows(self, rows: list[Row]) -> None:
        """Show rows; what was selected stays so if it is still there, else the first is."""
        before = self.current()
        self.model.set_rows(rows)
        is_palette = any(row.kind is RowKind.COMMAND for row in rows)
        self._hint.setText(PALETTE_KEYS if is_palette else SEARCH_KEYS)
        choice = next((i for i, row in enumerate(rows) if before and row.key == before.key), None)
        if choice is None:
            choice = next((i for i, row in enumerate(rows) if row.can_be_chosen), None)
        if choice is not None:
            self._select(choice)

    def select_first(self) -> None:
        """Select the best answer again, for a query that is a new question."""
        self._list.setCurrentIndex(QModelIndex())

    def current(self) -> Row | None:
        """The selected row."""
        index = self._list.currentIndex()
        row: Row | None = index.data(ROW_ROLE) if index.isValid() else None
        return row if row is not None and row.can_be_chosen else None

    def step(self, by: int) -> None:
        """Select the row `by` choosable rows further, going round."""
        choices = [i for i, row in enumerate(self.model.rows) if row.can_be_chosen]
        if not choices:
            return
        at = self._list.currentIndex().row()
        place = choices.index(at) + by if at in choices else (0 if by > 0 else -1)
        if abs(by) > 1:
            place = max(0, min(len(choices) - 1, place))
        self._select(choices[place % len(choices)])

    def place_below(self, box: QRect) -> None:
        """Lie below `box`, given in the parent's coordinates, as high as the rows need."""
        host = self.parentWidget()
        if host is None:
            return
        height = sum(HEIGHTS[row.kind] for row in self.model.rows) + 48
        width = min(max(box.width(), 560), host.width() - 2 * SPACE_3)
        left = max(SPACE_3, min(box.center().x() - width // 2, host.width() - width - SPACE_3))
        top = box.bottom() + 1 + SPACE_1
        room = max(120, host.height() - top - SPACE_3)
        self.setGeometry(left, top, width, min(height, MOST_VISIBLE_HEIGHT, room))

    def _select(self, row: int) -> None:
        index = self.model.index(row)
        self._list.setCurrentIndex(index)
        if row <= 1:
            self._list.scrollToTop()
        else:
            self._list.scrollTo(index)

    @Slot(QModelIndex)
    def _on_entered(self, index: QModelIndex) -> None:
        row: Row | None = index.data(ROW_ROLE)
        if row is not None and row.can_be_chosen:
            self._list.setCurrentIndex(index)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        row: Row | None = index.data(ROW_ROLE)
        if row is not None and row.can_be_chosen:
            self.chosen.emit(row)
