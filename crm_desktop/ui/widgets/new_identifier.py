"""The field for one more address, number or handle."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from crm_desktop.domain.contacts import IdentifierKind
from crm_desktop.ui.tokens import SPACE_1
from crm_desktop.ui.widgets.editable_text import InPlaceField
from crm_desktop.ui.widgets.identifier_row import BUTTON, ICONS, INPUT_HINTS, WORDS
from crm_desktop.ui.widgets.labels import LinkLabel, plain_label

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager


def kind_of(text: str) -> IdentifierKind:
    """What a text that somebody is typing looks like."""
    text = text.strip()
    if "@" in text.strip("@"):
        return IdentifierKind.EMAIL
    digits = sum(character.isdecimal() for character in text)
    if digits >= 3 and not any(character.isalpha() for character in text):
        return IdentifierKind.PHONE
    return IdentifierKind.HANDLE if text else IdentifierKind.EMAIL


class NewIdentifier(QWidget):
    """A link that turns into a field for one more address, number or handle.

    What is typed decides which of them it is, unless the button before the field was asked.

    Signals:
        entered(kind, text): the person wants it added. The owner answers with `saved` or `refuse`.
    """

    entered = Signal(str, str)

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self._theme = theme
        self._chosen: IdentifierKind | None = None
        self._sent = ""
        self.link = LinkLabel("Add an address or number", "body", "accent")
        self.link.setAccessibleName("Add an address or number")
        self.link.activated.connect(self.begin)
        self.kind_button = QToolButton()
        self.kind_button.setFixedSize(BUTTON, BUTTON)
        self.kind_button.clicked.connect(self._open_menu)
        self.field = InPlaceField("New address, number or handle", BUTTON)
        self.field.setPlaceholderText("Address, number or handle")
        self.field.entered.connect(self._enter)
        self.field.escaped.connect(self.cancel)
        self.field.left.connect(self._leave)
        self.field.textChanged.connect(self._look)
        self.problem = plain_label("", "caption", "danger", wraps=True)
        self._form = QWidget()
        row = QHBoxLayout(self._form)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_1)
        row.addWidget(self.kind_button)
        row.addWidget(self.field, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_1, 2, 0, 0)
        column.setSpacing(0)
        for widget in (self.link, self._form, self.problem):
            column.addWidget(widget)
        self._form.hide()
        self._look()
        self.setFocusProxy(self.link)
        theme.changed.connect(self._look)

    @property
    def kind(self) -> IdentifierKind:
        """Which of the three it will be."""
        return self._chosen or kind_of(self.field.text())

    @property
    def is_editing(self) -> bool:
        """Whether the field is open."""
        return not self._form.isHidden()

    @Slot()
    def begin(self) -> None:
        """Open the field."""
        self._chosen = None
        self.field.clear()
        self._open("")

    @Slot()
    def cancel(self) -> None:
        """Close the field; nothing is added."""
        self._close(takes_focus=True)

    def finish(self) -> None:
        """Add what was typed, if anything: something else is to be shown."""
        if self.is_editing:
            self._leave()

    def saved(self) -> None:
        """It was added."""
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

    def menu(self) -> QMenu:
        """The three kinds to choose from."""
        menu = QMenu(self)
        for kind, words in WORDS.items():
            entry = menu.addAction(self._theme.icon(ICONS[kind]), words)
            entry.setCheckable(True)
            entry.setChecked(kind is self.kind)
            entry.triggered.connect(partial(self._choose, kind))
        return menu

    @Slot()
    def _open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.kind_button.mapToGlobal(QPoint(0, self.kind_button.height())))

    def _choose(self, kind: IdentifierKind, _checked: bool = False) -> None:
        self._chosen = kind
        self._look()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _look(self) -> None:
        kind = self.kind
        self.kind_button.setIcon(self._theme.icon(ICONS[kind]))
        self.kind_button.setToolTip(WORDS[kind])
        self.kind_button.setAccessibleName(f"Kind: {WORDS[kind]}")
        self.field.setInputMethodHints(INPUT_HINTS[kind])
        self.problem.hide()

    @Slot()
    def _enter(self) -> None:
        self._send(takes_focus=True)

    @Slot()
    def _leave(self) -> None:
        if self.window().focusWidget() is not self.kind_button:
            self._send(takes_focus=False)

    def _send(self, *, takes_focus: bool) -> None:
        text, kind = self.field.text().strip(), self.kind
        self._close(takes_focus=takes_focus)
        if text:
            self._sent = text
            self.entered.emit(kind.value, text)

    def _open(self, text: str) -> None:
        self.field.setText(text)
        self.field.setAccessibleDescription("")
        self._look()
        self.link.hide()
        self._form.show()
        self.setFocusProxy(self.field)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self, *, takes_focus: bool) -> None:
        self.setFocusProxy(self.link)
        self.field.blockSignals(True)
        self.link.show()
        if takes_focus:
            self.link.setFocus(Qt.FocusReason.OtherFocusReason)
        self._form.hide()
        self.field.blockSignals(False)
        self.problem.hide()
