"""What moved: a calm strip of those with whom contact grew or faded, if there are any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.domain.interactions import NoSelfPerson, UnknownPerson
from crm_desktop.domain.top import Movement, Mover
from crm_desktop.ui.format import number, plain_tooltip, plural
from crm_desktop.ui.theme import BODY, CAPTION, font
from crm_desktop.ui.tokens import ICON_SMALL, RADIUS, SPACE_1, SPACE_2, SPACE_3, SPACE_6
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.painting import colour, one_line, paint_avatar, paint_text
from crm_desktop.ui.widgets.section import clear_layout
from crm_desktop.ui.widgets.skeleton import Skeleton
from crm_desktop.workers.job import BACKGROUND
from crm_desktop.workers.latest import Latest

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.theme import ThemeManager

OPEN_KEY, FILLED_KEY = "today/what-moved", "today/has-moved"
LONGEST_DAYS = 365
"""Nobody compares ten years with the ten before."""
LINE_HEIGHT = 30
AVATAR = 20
LEAST_NAME, MOST_NAME = 40, 150
WORD_WIDTH = 60
CHEVRON_INSET = 6
"""How far the chevron stands from the edge of its icon: it aligns with the text below."""
SAID = (("trend-up", "positive", "More"), ("trend-down", "warning", "Less"))


def read_movement(
    access: Access, window: str, centre_id: int | None, ctx: JobContext
) -> Movement | None:
    """Who rose and who faded; None when nobody is at the centre. For the reader lane."""
    from crm_desktop.services.movement import movement

    try:
        return movement(access, self_person_id=centre_id, window=window, token=ctx.token)
    except (NoSelfPerson, UnknownPerson):
        return None


class MoverButton(QAbstractButton):
    """Somebody with how contact changed, on one line."""

    def __init__(self, theme: ThemeManager, mover: Mover) -> None:
        super().__init__()
        self._theme = theme
        self.mover = mover
        self._name = one_line(mover.display_name)
        self._detail = (
            f"{plural(mover.messages_now, 'message')}, {number(mover.messages_before)} before"
        )
        self._name_font, self._detail_font = font(BODY, QFont.Weight.Medium), font(CAPTION)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._natural_width = self._width()
        self.setFixedSize(self._natural_width, LINE_HEIGHT - 2)
        self.setAccessibleName(f"{self._name}, {self._detail}")
        about = " · ".join(part for part in (mover.display_name, mover.organization) if part)
        self.setToolTip(plain_tooltip(f"{about}\n{self._detail}"))
        theme.changed.connect(self.update)

    def squeeze(self, room: int | None) -> int:
        """Be no wider than `room` pixels (None: as wide as wanted), and say how wide that is; the
        name gives way, down to a few letters."""
        width = self._natural_width
        if room is not None:
            least = width - self._name_width() + LEAST_NAME
            width = min(width, max(least, room))
        self.setFixedWidth(width)
        return width

    def _name_width(self) -> int:
        return min(MOST_NAME, QFontMetrics(self._name_font).horizontalAdvance(self._name) + 2)

    def _width(self) -> int:
        detail = QFontMetrics(self._detail_font).horizontalAdvance(self._detail) + 2
        return SPACE_1 + AVATAR + SPACE_2 + self._name_width() + SPACE_2 + detail + SPACE_2

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, rect = self._theme.current, QRectF(self.rect())
        if self.underMouse() or self.hasFocus():
            painter.setPen(QPen(colour(theme.accent), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(colour(theme.hover))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        disc = QRectF(SPACE_1, rect.center().y() - AVATAR / 2, AVATAR, AVATAR)
        person = self.mover.person_id, self.mover.display_name
        paint_avatar(painter, disc, theme, *person, self._detail_font)
        name_width = self._name_width() - (self._natural_width - self.width())
        name = QRectF(disc.right() + SPACE_2, 0, name_width, rect.height())
        paint_text(painter, name, self._name, self._name_font, theme.text)
        detail = QRectF(name.right() + SPACE_2, 0, rect.right() - name.right(), rect.height())
        paint_text(painter, detail, self._detail, self._detail_font, theme.muted)
        painter.end()


class MoverLine(QWidget):
    """An arrow, its word, and as many movers as there is room for, the greatest change first.

    Signals:
        chosen(person_id): somebody was clicked.
    """

    chosen = Signal(int)

    def __init__(self, theme: ThemeManager, icon: str, role: str, word: str) -> None:
        super().__init__()
        self._theme = theme
        self._image = icon, role
        self._arrow = QLabel()
        self._arrow.setFixedSize(ICON_SMALL, ICON_SMALL)
        words = plain_label(word, "caption", "muted", is_strong=True)
        lead = QWidget()
        lead.setFixedWidth(WORD_WIDTH)
        start = QHBoxLayout(lead)
        start.setContentsMargins(0, 0, 0, 0)
        start.setSpacing(SPACE_2)
        start.addWidget(self._arrow)
        start.addWidget(words, 1)
        self._row = QHBoxLayout()
        self._row.setSpacing(SPACE_1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(SPACE_1)
        whole.addWidget(lead)
        whole.addLayout(self._row)
        whole.addStretch(1)
        self.buttons: list[MoverButton] = []
        self.setFixedHeight(LINE_HEIGHT)
        # It takes the width there is, and asks for none: whoever does not fit is left out.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(word)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def show_movers(self, movers: Sequence[Mover]) -> None:
        """Show these; the line goes where there are none."""
        if [button.mover for button in self.buttons] != list(movers):
            clear_layout(self._row)
            self.buttons = [MoverButton(self._theme, mover) for mover in movers]
            for button in self.buttons:
                button.clicked.connect(self._on_clicked)
                self._row.addWidget(button)
        self.setVisible(bool(movers))
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(WORD_WIDTH, LINE_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - WORD_WIDTH
        for place, button in enumerate(self.buttons):
            # The first is always told, however short.
            room -= button.squeeze(room - SPACE_1 if place == 0 else None) + SPACE_1
            button.setVisible(room >= 0 or place == 0)

    @Slot()
    def _on_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, MoverButton):
            self.chosen.emit(button.mover.person_id)

    @Slot()
    def _draw_icon(self) -> None:
        icon, role = self._image
        pixmap = self._theme.icon(icon, role).pixmap(QSize(ICON_SMALL, ICON_SMALL))
        self._arrow.setPixmap(pixmap)


class WhatMoved(QWidget):
    """Risers and faders against the window before. It can be closed, which is remembered; where
    nothing moved there is nothing.

    Signals:
        chosen(person_id): somebody was clicked.
        loaded(): what shows is of the window asked for last.
    """

    chosen = Signal(int)
    loaded = Signal()

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._latest = Latest(context.lanes.reader, self)
        self._asked: tuple[str, int | None] | None = None
        self._is_again = False
        self._has_room = True
        self._has_moved = context.memory.flag(FILLED_KEY)
        theme, memory = context.theme, context.memory
        self.toggle = QToolButton()
        self.toggle.setObjectName("disclosure")
        self.toggle.setText("What moved")
        self.toggle.setCheckable(True)
        self.toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggle.setChecked(memory.flag(OPEN_KEY, True))
        self.content = QWidget()
        self.lines = tuple(MoverLine(theme, *said) for said in SAID)
        # As high as what will most likely come, so that the list below does not jump.
        self._skeleton = Skeleton(theme, (10, 10), portrait=0)
        self._skeleton.setFixedHeight(2 * LINE_HEIGHT)
        inner = QVBoxLayout(self.content)
        inner.setContentsMargins(CHEVRON_INSET, 0, 0, SPACE_1)
        inner.setSpacing(0)
        inner.addWidget(self._skeleton)
        for line in self.lines:
            line.hide()
            line.chosen.connect(self.chosen)
            inner.addWidget(line)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_6 - CHEVRON_INSET, 0, SPACE_6, SPACE_3)
        column.setSpacing(0)
        column.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.content)
        self.toggle.toggled.connect(self._on_toggled)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()
        self.content.setVisible(self.toggle.isChecked())
        self.setVisible(self._has_moved)

    def set_room(self, has_room: bool) -> None:
        """Say whether there is room for more than the list."""
        self._has_room = has_room
        self.setVisible(has_room and self._has_moved)

    def load(self, window: str, centre_id: int | None) -> None:
        """Read who moved; what is shown stays until it has come."""
        asked = window, centre_id
        if asked == self._asked and self._latest.current is not None:
            # It may take long in a large archive: let it end, then ask once more.
            self._is_again = True
            return
        self._asked, self._is_again = asked, False
        if int(window.removesuffix("d")) > LONGEST_DAYS:
            self._latest.cancel()
            self._take(None)
            return
        access = self._context.access
        self._latest.submit(
            lambda ctx: read_movement(access, window, centre_id, ctx),
            priority=BACKGROUND,
            done=self._take,
            failed=self._context.messages.error,
            finished=self._on_finished,
        )

    @Slot(object)
    def _take(self, found: Movement | None) -> None:
        risers, faders = (found.risers, found.faders) if found else ((), ())
        self._skeleton.hide()
        for line, movers in zip(self.lines, (risers, faders), strict=True):
            line.show_movers(movers)
        self._has_moved = bool(risers or faders)
        self._context.memory.keep(FILLED_KEY, self._has_moved)
        self.set_room(self._has_room)
        if found is not None:
            days = (found.window_end - found.window_start) // 86_400
            self.toggle.setToolTip(f"The last {days} days beside the {days} before them")
        self.loaded.emit()

    @Slot()
    def _on_finished(self) -> None:
        if self._is_again and self._asked is not None:
            self.load(*self._asked)

    @Slot(bool)
    def _on_toggled(self, is_open: bool) -> None:
        self._context.memory.keep(OPEN_KEY, is_open)
        self.content.setVisible(is_open)
        self._draw_icon()

    @Slot()
    def _draw_icon(self) -> None:
        is_open = self.toggle.isChecked()
        name = "chevron-down" if is_open else "chevron-right"
        self.toggle.setIcon(self._context.theme.icon(name, active_role="muted"))
        self.toggle.setAccessibleName(f"What moved, {'shown' if is_open else 'hidden'}")
