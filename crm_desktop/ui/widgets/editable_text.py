"""A line of text that is changed where it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QGuiApplication,
    QKeyEvent,
)
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget

from crm_desktop.base.errors import UserError
from crm_desktop.ui.theme import BODY, font
from crm_desktop.ui.widgets.editable_face import PADDING, Face, line_height
from crm_desktop.ui.widgets.labels import plain_label

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

PASSING_REASONS = frozenset(
    {
        Qt.FocusReason.ActiveWindowFocusReason,
        Qt.FocusReason.PopupFocusReason,
        Qt.FocusReason.MenuBarFocusReason,
    }
)
"""The keyboard goes away for a moment only: to another program, a menu, a list of proposals."""


class InPlaceField(QLineEdit):
    """The field itself: Enter takes the text, Esc leaves it, and so does going elsewhere.

    Signals:
        entered(): Enter was pressed.
        escaped(): Esc was pressed.
        left(): the keyboard went elsewhere for good.
    """

    entered = Signal()
    escaped = Signal()
    left = Signal()

    def __init__(self, name: str, height: int) -> None:
        """`height` is that of the face whose place it takes."""
        super().__init__()
        self._height = height
        self.setProperty("kind", "inPlace")
        self.setAccessibleName(name)
        # Files dropped here belong to the window.
        self.setAcceptDrops(False)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height)

    def minimumSizeHint(self) -> QSize:
        # The style sheet takes a fixed height away.
        return QSize(super().minimumSizeHint().width(), self._height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        proposals = self.completer().popup() if self.completer() is not None else None
        is_proposing, is_chosen = False, False
        if proposals is not None and proposals.isVisible():
            is_proposing, is_chosen = True, proposals.currentIndex().isValid()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not is_chosen:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape and not is_proposing:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in PASSING_REASONS:
            self.left.emit()


class EditableText(QWidget):
    """A value on its face; a click, Enter or F2 turns it into a field.

    Enter and leaving the field commit what was typed, Esc restores what was there. Values that
    come meanwhile wait until the field is closed.

    Signals:
        committed(text): what was typed, checked; not what was there before. The owner answers
            with `saved`, `refuse` or `revert`.
        opened(), closed(): the field takes the place of the face, and the face that of the field.
    """

    committed = Signal(str)
    opened = Signal()
    closed = Signal()

    def __init__(
        self,
        theme: ThemeManager,
        name: str,
        hint: str = "",
        *,
        size: int = BODY,
        weight: int | QFont.Weight = QFont.Weight.Normal,
        ink: str = "text",
        most_lines: int = 1,
        is_at_end: bool = False,
        example: str = "",
        needed: str = "",
        check: Callable[[str], str] | None = None,
        mark: str = "edit",
    ) -> None:
        """`hint` stands where there is nothing, `example` in the empty field. `needed` is said when
        a value that must be there is cleared. `check` makes of what was typed what is committed;
        it raises UserError."""
        super().__init__()
        self._hint = hint
        self._needed = needed
        self._check = check
        self._value = ""
        self._shown = ""
        self._before = ""
        self._saving: str | None = None
        self.face = Face(
            theme,
            name,
            mark,
            size=size,
            weight=weight,
            ink=ink,
            most_lines=most_lines,
            is_at_end=is_at_end,
        )
        self.field = InPlaceField(name, line_height(size, weight))
        self.field.setFont(font(size, weight))
        self.field.setPlaceholderText(example)
        if is_at_end:
            self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.problem = plain_label("", "caption", "danger", wraps=True)
        self.problem.setContentsMargins(PADDING, 0, PADDING, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.face, self.field, self.problem):
            column.addWidget(widget)
        self.field.hide()
        self.problem.hide()
        self.setFocusProxy(self.face)
        self.face.clicked.connect(self.begin)
        self.field.entered.connect(self.commit)
        self.field.escaped.connect(self.cancel)
        self.field.left.connect(self.commit)
        self.field.textEdited.connect(self.problem.hide)
        self.set_value("")

    def set_value(self, value: str, shown: str | None = None) -> None:
        """The value as it is edited, and as it is shown if that differs. Not before the field is
        closed and what was typed in it is saved."""
        self._value = value
        self._shown = value if shown is None else shown
        if self._saving is None:
            self.face.set_face(self._shown, self._hint)

    def text(self) -> str:
        """What is shown."""
        return self.face.words()

    def value(self) -> str:
        """The value as it is stored."""
        return self._value

    @property
    def is_editing(self) -> bool:
        """Whether the field is open."""
        return not self.field.isHidden()

    @property
    def is_saving(self) -> bool:
        """Whether what was committed is not stored yet."""
        return self._saving is not None

    def set_name(self, name: str) -> None:
        """Say otherwise what the value is."""
        self.face.set_name(name)
        self.field.setAccessibleName(name)

    @Slot()
    def begin(self) -> None:
        """Open the field, with all of the value selected."""
        if not self.is_editing:
            self._open(self._value if self._saving is None else self._saving)
            self._before = self.field.text()
            self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def commit(self) -> bool:
        """Close the field and tell what was typed, if that is new; whether it could be taken."""
        if not self.is_editing:
            return True
        typed = " ".join(self.field.text().split())
        # A value that came meanwhile is not overwritten by one that nobody typed.
        if typed == self._before or (self._saving is None and typed == self._value):
            self._close()
            return True
        try:
            value = self._checked(typed)
        except UserError as error:
            self._complain(str(error))
            return False
        self._saving = typed
        self.face.set_face(typed, self._hint)
        self._close()
        self.committed.emit(value)
        return True

    @Slot()
    def cancel(self) -> None:
        """Close the field; what was there stays."""
        if self.is_editing:
            self._close()

    def finish(self) -> None:
        """Commit what can be taken, and forget what cannot: something else is to be shown."""
        if not self.commit():
            self._close()

    def forget(self) -> None:
        """Something else is shown from now on."""
        self._saving = None
        if self.is_editing:
            self._close()

    def saved(self) -> None:
        """What was committed is stored; the next value is shown again."""
        self._saving = None

    def revert(self) -> None:
        """What was committed could not be stored."""
        self._saving = None
        self.face.set_face(self._shown, self._hint)

    def refuse(self, problem: str) -> None:
        """What was committed cannot be taken: open the field with it again and say why."""
        typed = self._saving
        self.revert()
        if not self.is_editing and typed is not None:
            had_focus = self.window().focusWidget() is self.face
            self._open(typed)
            self._before = self._value
            if had_focus:
                self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._complain(problem)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self.is_editing:
            menu = self.context_menu()
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(event.globalPos())

    def context_menu(self) -> QMenu:
        """What can be done with the value."""
        menu = QMenu(self)
        menu.addAction("Edit", self.begin)
        copy = menu.addAction("Copy", lambda: QGuiApplication.clipboard().setText(self.text()))
        copy.setEnabled(bool(self.text()))
        return menu

    def _checked(self, typed: str) -> str:
        if not typed and self._needed:
            raise UserError(self._needed)
        return typed if self._check is None else self._check(typed)

    def _complain(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(self.is_editing)
        self.field.setAccessibleDescription(problem)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, problem))

    def _open(self, text: str) -> None:
        self.field.setText(text)
        self.field.setAccessibleDescription("")
        self.problem.hide()
        self.face.hide()
        self.field.show()
        self.setFocusProxy(self.field)
        self.opened.emit()

    def _close(self) -> None:
        had_focus = self.window().focusWidget() is self.field
        # Before the field is hidden, which makes it lose the keyboard and commit once more.
        self.setFocusProxy(self.face)
        self.field.blockSignals(True)
        self.face.show()
        if had_focus:
            self.face.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.hide()
        self.field.blockSignals(False)
        self.problem.hide()
        self.closed.emit()
