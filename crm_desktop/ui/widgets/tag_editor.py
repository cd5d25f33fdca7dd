"""The tags of somebody: chips that can be taken away, and a field that knows the tags in use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QCompleter, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.ui.format import plain_tooltip
from crm_desktop.ui.theme import CAPTION, font
from crm_desktop.ui.tokens import SPACE_1
from crm_desktop.ui.widgets.editable_text import InPlaceField
from crm_desktop.ui.widgets.flow import FlowLayout
from crm_desktop.ui.widgets.labels import LinkLabel, plain_label
from crm_desktop.ui.widgets.painting import colour, one_line, paint_text

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

HEIGHT = 24
PADDING = 8
CROSS = 18
ARM = 3.0
MOST_WIDTH = 220
FIELD_WIDTH = 140


class TagChip(QWidget):
    """One tag with a cross. Delete and Backspace take it away, the arrows go along the tags.

    Signals:
        removed(tag): the person takes it away.
        stepped(by): the keyboard is to go to the tag before (-1) or after (1).
    """

    removed = Signal(str)
    stepped = Signal(int)

    def __init__(self, theme: ThemeManager, tag: str) -> None:
        super().__init__()
        self._theme = theme
        self.tag = tag
        self._text = one_line(tag)
        self._is_on_cross = False
        self.setAccessibleName(f"Tag: {self._text}")
        self.setAccessibleDescription("Delete takes it away")
        self.setToolTip(plain_tooltip(self._text))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(font(CAPTION)).horizontalAdvance(self._text) + PADDING + CROSS + 2
        return QSize(min(width, MOST_WIDTH), HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self.tag)
        elif (step := steps.get(Qt.Key(event.key()))) is not None:
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.cross().contains(event.position()):
            self.removed.emit(self.tag)

    def leaveEvent(self, event: QEvent) -> None:
        self._is_on_cross = False
        self.update()

    def cross(self) -> QRectF:
        """Where a click takes the tag away."""
        return QRectF(self.width() - CROSS - 1, 0, CROSS + 1, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme.current
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(
            QPen(colour(theme.accent), 1) if self.hasFocus() else QPen(Qt.PenStyle.NoPen)
        )
        painter.setBrush(colour(theme.accent_soft))
        painter.drawRoundedRect(rect, HEIGHT / 2, HEIGHT / 2)
        room = rect.adjusted(PADDING, 0, -CROSS, 0)
        paint_text(painter, room, self._text, font(CAPTION), theme.text)
        centre = QPointF(self.width() - CROSS / 2 - 2, rect.center().y())
        painter.setPen(QPen(colour(theme.text if self._is_on_cross else theme.muted), 1.4))
        painter.drawLine(centre + QPointF(-ARM, -ARM), centre + QPointF(ARM, ARM))
        painter.drawLine(centre + QPointF(-ARM, ARM), centre + QPointF(ARM, -ARM))
        painter.end()

    def _point(self, position: QPointF) -> None:
        is_on_cross = self.cross().contains(position)
        if is_on_cross != self._is_on_cross:
            self._is_on_cross = is_on_cross
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if is_on_cross else Qt.CursorShape.ArrowCursor
            )
            self.update()


class TagEditor(QWidget):
    """Chips in a flow, and at their end a link that turns into a field.

    Signals:
        added(tags): these are to be put on; a list of str.
        removed(tag): this one is to be taken away.
        opened(): the field opened; the tags in use are wanted (`set_known`).
    """

    added = Signal(list)
    removed = Signal(str)
    opened = Signal()

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self._theme = theme
        self._chips: dict[str, TagChip] = {}
        self._known = QStringListModel(self)
        self._sent = ""
        self.link = LinkLabel("Add a tag", "body", "accent")
        self.link.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.link.setFixedHeight(HEIGHT)
        self.link.activated.connect(self.begin)
        self.field = InPlaceField("New tag", HEIGHT)
        self.field.setPlaceholderText("Tag")
        self.field.setFixedWidth(FIELD_WIDTH)
        completer = QCompleter(self._known, self.field)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        proposals = completer.popup()
        if proposals is not None:
            proposals.setProperty("role", "raised")
            proposals.setAccessibleName("Tags in use")
        completer.activated.connect(self._take)
        self.field.setCompleter(completer)
        self.field.entered.connect(self._enter)
        self.field.escaped.connect(self.cancel)
        self.field.left.connect(self._leave)
        self.field.textEdited.connect(self._look)
        self.problem = plain_label("", "caption", "danger", wraps=True)
        self.problem.hide()
        box = QWidget()
        self._flow = FlowLayout(box, SPACE_1)
        self._flow.addWidget(self.link)
        self._flow.addWidget(self.field)
        self.field.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(box)
        column.addWidget(self.problem)
        self.setFocusProxy(self.link)

    def set_tags(self, tags: Sequence[str]) -> None:
        """Show these tags; the keyboard stays where it is, or goes to the neighbour of a tag that
        went."""
        names, focus = list(self._chips), self.window().focusWidget()
        held = next((tag for tag, chip in self._chips.items() if chip is focus), None)
        for tag in [tag for tag in names if tag not in tags]:
            chip = self._chips.pop(tag)
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        for widget in (self.link, self.field):
            self._flow.removeWidget(widget)
        for tag in tags:
            chip = self._chips.get(tag) or self._made(tag)
            self._flow.removeWidget(chip)
            self._flow.addWidget(chip)
            chip.show()
        self._chips = {tag: self._chips[tag] for tag in tags}
        for widget in (self.link, self.field):
            self._flow.addWidget(widget)
        if held is not None and held not in self._chips:
            after = [tag for tag in names[names.index(held) :] if tag in self._chips]
            self._focus(after[0] if after else None)
        self.updateGeometry()

    def chips(self) -> list[TagChip]:
        """The chips, in order."""
        return list(self._chips.values())

    def set_known(self, tags: Iterable[str]) -> None:
        """The tags in use, to be proposed."""
        held = {tag.casefold() for tag in self._chips}
        self._known.setStringList([tag for tag in tags if tag.casefold() not in held])

    @property
    def is_editing(self) -> bool:
        """Whether the field is open."""
        return not self.field.isHidden()

    @Slot()
    def begin(self) -> None:
        """Open the field."""
        self._open("")

    @Slot()
    def cancel(self) -> None:
        """Close the field; nothing is added."""
        self._close(takes_focus=True)

    def finish(self) -> None:
        """Add what was typed: something else is to be shown."""
        if self.is_editing:
            self._leave()

    def saved(self) -> None:
        """What was typed is added."""
        self._sent = ""

    def revert(self) -> None:
        """It could not be added."""
        self._sent = ""

    def refuse(self, problem: str) -> None:
        """It cannot be added: open the field with it again, and say why."""
        if not self.is_editing:
            self._open(self._sent)
        self.problem.setText(problem)
        self.problem.show()
        self.field.setAccessibleDescription(problem)

    def _made(self, tag: str) -> TagChip:
        chip = TagChip(self._theme, tag)
        chip.removed.connect(self.removed)
        chip.stepped.connect(self._step)
        self._chips[tag] = chip
        return chip

    def _focus(self, tag: str | None) -> None:
        chips = self.chips()
        widget: QWidget = self.link if not chips else chips[-1] if tag is None else self._chips[tag]
        widget.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _step(self, by: int) -> None:
        chips = self.chips()
        focus = self.window().focusWidget()
        place = next((i for i, chip in enumerate(chips) if chip is focus), None)
        if place is None:
            return
        stops: list[QWidget] = [*chips, self.link]
        stops[max(0, min(place + by, len(stops) - 1))].setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _look(self) -> None:
        self.problem.hide()
        if "," in self.field.text():
            # A comma ends a tag, and the next can be typed.
            *whole, rest = self.field.text().split(",")
            self._add(whole)
            self.field.setText(rest.lstrip())

    @Slot(str)
    def _take(self, tag: str) -> None:
        self._close(takes_focus=True)
        self._add([tag])

    @Slot()
    def _enter(self) -> None:
        text = self.field.text()
        self._close(takes_focus=True)
        self._add(text.split(","))

    @Slot()
    def _leave(self) -> None:
        text = self.field.text()
        self._close(takes_focus=False)
        self._add(text.split(","))

    def _add(self, tags: Iterable[str]) -> None:
        wanted = [tag.strip() for tag in tags if tag.strip()]
        if wanted:
            self._sent = ", ".join(wanted)
            self.added.emit(wanted)

    def _open(self, text: str) -> None:
        self.field.setText(text)
        self.field.setAccessibleDescription("")
        self.problem.hide()
        self.link.hide()
        self.field.show()
        self.setFocusProxy(self.field)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.opened.emit()

    def _close(self, *, takes_focus: bool) -> None:
        self.setFocusProxy(self.link)
        self.field.blockSignals(True)
        self.link.show()
        if takes_focus:
            self.link.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.hide()
        self.field.blockSignals(False)
        self.problem.hide()
