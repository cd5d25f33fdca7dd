"""An address, number or handle: opens by its text, is copied, changed and removed by its menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QDesktopServices, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from crm_desktop.domain.contacts import Identifier, IdentifierKind
from crm_desktop.ui.format import identifier_link
from crm_desktop.ui.tokens import ICON_SMALL, SPACE_1, SPACE_2
from crm_desktop.ui.widgets.editable_text import EditableText
from crm_desktop.ui.widgets.labels import LinkLabel, plain_label
from crm_desktop.ui.widgets.section import holds_focus

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

COPIED_MS = 1500
EMPTIED = "To take it away, press Esc and choose Remove."
BUTTON = 24
ICONS = {
    IdentifierKind.EMAIL: "mail",
    IdentifierKind.PHONE: "phone",
    IdentifierKind.HANDLE: "handle",
}
WORDS = {
    IdentifierKind.EMAIL: "E-mail address",
    IdentifierKind.PHONE: "Phone number",
    IdentifierKind.HANDLE: "Handle",
}
OPENS = {IdentifierKind.EMAIL: "Write a mail", IdentifierKind.PHONE: "Call"}
INPUT_HINTS = {
    IdentifierKind.EMAIL: Qt.InputMethodHint.ImhEmailCharactersOnly,
    IdentifierKind.PHONE: Qt.InputMethodHint.ImhDialableCharactersOnly,
    IdentifierKind.HANDLE: Qt.InputMethodHint.ImhNoAutoUppercase,
}


def shown_text(identifier: Identifier) -> str:
    """How an identifier is shown: numbers as they were written, the rest in its usual form."""
    return identifier.raw if identifier.kind is IdentifierKind.PHONE else identifier.value


class IdentifierRow(QWidget):
    """One identifier. Enter opens it, F2 changes it, Delete removes it.

    Signals:
        removed(), made_primary(): the person chose so. What is typed is committed by `editor`.
    """

    removed = Signal()
    made_primary = Signal()

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self._theme = theme
        self.identifier: Identifier | None = None
        self._has_others = False
        self._icon = QLabel()
        self._icon.setFixedSize(ICON_SMALL, ICON_SMALL)
        self.text = LinkLabel("")
        self.text.activated.connect(self._open)
        self.mark = plain_label("First", "caption", "muted")
        self.copy_button = self._button("Copy")
        self.copy_button.clicked.connect(self._copy)
        self.more_button = self._button("More")
        self.more_button.clicked.connect(self._open_menu)
        self.editor = EditableText(theme, WORDS[IdentifierKind.EMAIL], needed=EMPTIED)
        self.editor.opened.connect(self._show_editor)
        self.editor.closed.connect(self._show_line)
        self._restore = QTimer(self)
        self._restore.setSingleShot(True)
        self._restore.setInterval(COPIED_MS)
        self._restore.timeout.connect(self._draw_icons)
        self._arrange()
        theme.changed.connect(self._draw_icons)

    def _arrange(self) -> None:
        self._line = QWidget()
        row = QHBoxLayout(self._line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(self.text, 1)
        row.addWidget(self.mark)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.more_button)
        row.addLayout(buttons)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._line)
        right.addWidget(self.editor)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(SPACE_1, 1, 0, 1)
        whole.setSpacing(SPACE_2)
        whole.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(right, 1)
        self._icon.setFixedHeight(BUTTON)
        self._line.setFixedHeight(BUTTON)
        self.editor.hide()
        self.setFocusProxy(self.text)

    def _button(self, words: str) -> QToolButton:
        button = QToolButton()
        button.setFixedSize(BUTTON, BUTTON)
        button.setToolTip(words)
        button.setAccessibleName(words)
        return button

    def show_item(self, item: tuple[Identifier, bool]) -> None:
        """Show an identifier; the second part says whether there are others of its kind."""
        self.identifier, self._has_others = item
        shown = shown_text(self.identifier)
        if not self.editor.is_saving:
            self.text.set_full_text(shown)
        for button in (self.copy_button, self.more_button):
            button.setAccessibleDescription(shown)
        self.mark.setVisible(self._has_others and self.identifier.is_primary)
        self.editor.set_name(WORDS[self.identifier.kind])
        self.editor.field.setInputMethodHints(INPUT_HINTS[self.identifier.kind])
        self.editor.set_value(shown)
        self._draw_icons()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2:
            self.editor.begin()
        elif event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self.editor.is_editing:
            self._popup(self.menu(), event.globalPos())

    def menu(self) -> QMenu:
        """What can be done with the identifier."""
        menu = QMenu(self)
        if self.identifier is None:
            return menu
        opens = OPENS.get(self.identifier.kind)
        if opens is not None:
            menu.addAction(opens, self._open)
        menu.addAction("Copy", self._copy)
        menu.addAction("Change", self.editor.begin)
        if self._has_others and not self.identifier.is_primary:
            menu.addAction("Show first", self.made_primary.emit)
        menu.addSeparator()
        remove = menu.addAction("Remove", self.removed.emit)
        if self.identifier.is_used:
            remove.setText("Remove (messages use it)")
            remove.setEnabled(False)
        return menu

    @Slot()
    def _open_menu(self) -> None:
        menu, button = self.menu(), self.more_button
        corner = QPoint(button.width() - menu.sizeHint().width(), button.height())
        self._popup(menu, button.mapToGlobal(corner))

    @staticmethod
    def _popup(menu: QMenu, position: QPoint) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(position)

    @Slot()
    def _open(self) -> None:
        link = None if self.identifier is None else identifier_link(self.identifier)
        if link is not None:
            QDesktopServices.openUrl(QUrl(link))
        else:
            self.editor.begin()

    @Slot()
    def _copy(self) -> None:
        if self.identifier is None:
            return
        QGuiApplication.clipboard().setText(self.identifier.value)
        self.copy_button.setIcon(self._theme.icon("check", "positive"))
        self.copy_button.setAccessibleName("Copied")
        self._restore.start()

    @Slot()
    def _show_editor(self) -> None:
        had_focus = holds_focus(self)
        self.editor.show()
        self.setFocusProxy(self.editor)
        if had_focus:
            self.editor.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._line.hide()

    @Slot()
    def _show_line(self) -> None:
        had_focus = self.window().focusWidget() is self.editor.face
        self.text.set_full_text(self.editor.text())
        self._line.show()
        self.setFocusProxy(self.text)
        if had_focus:
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self.editor.hide()

    @Slot()
    def _draw_icons(self) -> None:
        if self.identifier is not None:
            icon = self._theme.icon(ICONS[self.identifier.kind])
            self._icon.setPixmap(icon.pixmap(ICON_SMALL, ICON_SMALL))
        self.copy_button.setIcon(self._theme.icon("copy"))
        self.copy_button.setAccessibleName("Copy")
        self.more_button.setIcon(self._theme.icon("more"))
