"""The one search box: people, companies and conversations, or commands after “>”."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from crm_desktop.domain.search import HitKind, SearchResults
from crm_desktop.ui.actions import Action
from crm_desktop.ui.matching import rank
from crm_desktop.ui.theme import ThemeManager

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.search_popup import SearchPopup
    from crm_desktop.ui.search_rows import Row

COMMAND_MARK = ">"
LIMIT = 20
HINT = "Type a name, a company or a subject. Type > for commands."
PAGE_STEP = 6


def find(access: Access, query: str, ctx: JobContext) -> SearchResults:
    """What the database holds for `query`; runs on the search lane."""
    from crm_desktop.services.search import search

    return search(access, query, limit=LIMIT, token=ctx.token)


class SearchField(QLineEdit):
    """The line itself; passes on the keys that belong to the list below it.

    Signals:
        stepped(by): move the selection. chosen(): open it. dismissed(): Esc.
        focused(bool): the keyboard came or went.
    """

    stepped = Signal(int)
    chosen = Signal()
    dismissed = Signal()
    focused = Signal(bool)

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("searchField")
        self.setPlaceholderText("Search people, companies, subjects  (Ctrl+K)")
        self.setAccessibleName("Search")
        self.setAccessibleDescription(HINT)
        self.setClearButtonEnabled(False)
        # Files dropped here belong to the window.
        self.setAcceptDrops(False)
        self.setMaximumWidth(560)
        self.setMinimumWidth(220)
        self._mark = QAction(theme.icon("search"), "", self)
        self.addAction(self._mark, QLineEdit.ActionPosition.LeadingPosition)
        theme.changed.connect(self._on_theme_changed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: PAGE_STEP,
            Qt.Key.Key_PageUp: -PAGE_STEP,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self.stepped.emit(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        elif key == Qt.Key.Key_Escape:
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        ):
            self.focused.emit(False)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._mark.setIcon(self._theme.icon("search"))


class SearchBox(QObject):
    """Brings the field, the list below it and the search lane together.

    What was found stays until something newer is: nothing flickers and nothing waits.

    Signals:
        command_chosen(Action): a command of the palette is to be run.
        left(): the person is done; give the keyboard back to the page.
    """

    command_chosen = Signal(object)
    left = Signal()

    def __init__(
        self, theme: ThemeManager, host: QWidget, commands: Callable[[], Iterable[Action]]
    ) -> None:
        super().__init__(host)
        self.field = SearchField(theme)
        self._theme = theme
        self._host = host
        self._commands = commands
        self._context: WindowContext | None = None
        self._latest: object | None = None
        self._answered = ""
        self._open_when_found = False
        self._is_active = False
        self.field.textEdited.connect(self._on_edited)
        self.field.textChanged.connect(self._on_text)
        self.field.stepped.connect(self._on_step)
        self.field.chosen.connect(self._on_enter)
        self.field.dismissed.connect(self._on_escape)
        self.field.focused.connect(self._on_focused)
        host.installEventFilter(self)

    @cached_property
    def popup(self) -> SearchPopup:
        """The list below the field; made when it is first wanted, after the first paint."""
        from crm_desktop.ui.search_popup import SearchPopup

        made = SearchPopup(self._theme, self._host)
        made.chosen.connect(self.open_row)
        return made

    @property
    def _is_open(self) -> bool:
        return "popup" in self.__dict__ and self.popup.isVisible()

    @property
    def answered(self) -> str:
        """The query whose results are shown; "" when there are none."""
        return self._answered

    def attach(self, context: WindowContext) -> None:
        """Search the database of `context` from now on."""
        from crm_desktop.workers.latest import Latest

        self._context = context
        self._latest = Latest(context.lanes.search, self)

    def start(self, text: str = "") -> None:
        """Put the keyboard into the box, with `text` in it; selects what was there otherwise."""
        self._is_active = True
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if text:
            self.field.setText(text)
        else:
            if self.field.text().startswith(COMMAND_MARK):
                self.field.clear()
            self.field.selectAll()
        self._show()

    @Slot(object)
    def open_row(self, row: Row) -> None:
        """Go to what was chosen, and leave the box."""
        self.close()
        if row.action is not None:
            self.left.emit()
            self.command_chosen.emit(row.action)
            return
        hit, context = row.hit, self._context
        if hit is None or context is None:
            return
        self.left.emit()
        if hit.kind is HitKind.COMPANY:
            context.navigate.show_company.emit(hit.id)
        elif hit.kind is HitKind.PERSON:
            context.navigate.show_contact.emit(hit.id)
        else:
            context.navigate.show_conversation.emit(hit.id)

    def close(self) -> None:
        """Take the list away; what was searched for stays, a command does not."""
        self._is_active = False
        self._open_when_found = False
        if self._is_open:
            self.popup.hide()
        if self.field.text().startswith(COMMAND_MARK):
            self.field.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self._is_open:
            self._place()
        return False

    @Slot(str)
    def _on_edited(self, _text: str) -> None:
        # After Esc the keyboard is still here; typing opens the list again.
        if not self._is_active:
            self._is_active = True
            self._show()

    @Slot(str)
    def _on_text(self, text: str) -> None:
        self._open_when_found = False
        if self._is_active:
            self._show()

    def _show(self) -> None:
        from crm_desktop.ui.search_rows import command_rows, note

        text = self.field.text()
        if text.startswith(COMMAND_MARK):
            query = text[len(COMMAND_MARK) :]
            self.popup.select_first()
            self.popup.set_rows(command_rows(rank(query, self._commands()), query))
        elif not text.strip():
            self._stop()
            self.popup.set_rows(note(HINT))
        else:
            self._search(text)
            if self._answered != text and not self._is_open:
                return
        self._place()
        self.popup.show()
        self.popup.raise_()

    def _search(self, query: str) -> None:
        from crm_desktop.workers.latest import Latest

        if self._context is None or not isinstance(self._latest, Latest):
            return
        if query != self._answered:
            self._latest.submit(partial(find, self._context.access, query), done=self._on_found)

    def _stop(self) -> None:
        from crm_desktop.workers.latest import Latest

        self._answered = ""
        if isinstance(self._latest, Latest):
            self._latest.cancel()

    @Slot(object)
    def _on_found(self, results: SearchResults) -> None:
        from crm_desktop.ui.search_rows import result_rows

        if self.field.text() != results.query:
            return
        self._answered = results.query
        self.popup.set_rows(result_rows(results))
        if self._open_when_found:
            self._on_enter()
        elif self._is_active:
            self._place()
            self.popup.show()
            self.popup.raise_()

    @Slot(int)
    def _on_step(self, by: int) -> None:
        self._is_active = True
        if self._is_open:
            self.popup.step(by)
        else:
            self._show()

    @Slot()
    def _on_enter(self) -> None:
        self._is_active = True
        text = self.field.text()
        is_command = text.startswith(COMMAND_MARK)
        if not is_command and text.strip() and text != self._answered:
            self._open_when_found = True
            return
        row = self.popup.current()
        if row is not None and (self._is_open or self._open_when_found):
            self.open_row(row)
        elif row is None:
            self._open_when_found = False
            self._show()
        else:
            self._show()

    @Slot()
    def _on_escape(self) -> None:
        self._open_when_found = False
        if self._is_open:
            was_palette = self.field.text().startswith(COMMAND_MARK)
            self.close()
            if was_palette:
                self.left.emit()
        elif self.field.text():
            self.field.clear()
            self.close()
        else:
            self.left.emit()

    @Slot(bool)
    def _on_focused(self, is_focused: bool) -> None:
        if is_focused:
            self._is_active = True
        else:
            self.close()

    def _place(self) -> None:
        corner = self.field.mapTo(self._host, QPoint(0, 0))
        self.popup.place_below(QRect(corner, self.field.size()))
