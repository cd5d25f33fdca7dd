"""What can be done with a person of the top list, and with the list as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QStandardPaths, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu

from crm_desktop.domain.relationships import EntityKind, Suggestion
from crm_desktop.ui.format import mail_link, plural, short_day
from crm_desktop.ui.widgets.painting import one_line
from crm_desktop.workers.job import USER

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.domain.interactions import TopRelationship
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.models.top import TopQuery
    from crm_desktop.ui.views.top_list import TopList

OpenUrl = Callable[[QUrl], bool]
FOLDER_KEY = "export/folder"
MENU_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """An action on the person the keyboard is on: its words, icon, keys and method."""

    text: str
    icon: str
    keys: str
    method: str
    begins_group: bool = False


ENTRIES = (
    Entry("Open card", "person", "Return", "open_card"),
    Entry("Write", "mail", "Ctrl+Return", "write", begins_group=True),
    Entry("Copy address", "copy", "Ctrl+C", "copy_address"),
    Entry("Show on the graph", "graph", "Ctrl+G", "show_on_graph", begins_group=True),
    Entry("See who matters to them", "target", "Ctrl+E", "see_from"),
)
BY_THE_LIST = ("open_card",)
"""What the list does on its keys by itself."""


def write_table(access: Access, path: Path, query: TopQuery, ctx: JobContext) -> tuple[Path, int]:
    """Write the whole list to a file; how many people it holds. For a lane."""
    from crm_desktop.services.top_table import export_top

    count = export_top(
        access,
        path,
        self_person_id=query.centre_id,
        window=query.window,
        wanted=query.wanted,
        ctx=ctx,
    )
    return path, count


class TopCommands(QObject):
    """The actions of a top list; they live on it, with their keys.

    Signals:
        centre_wanted(Suggestion): the list is to be seen from this person.
    """

    centre_wanted = Signal(object)

    def __init__(
        self, context: WindowContext, view: TopList, open_url: OpenUrl, parent: QObject
    ) -> None:
        """`open_url` hands an address to the system's program for it; False when none took it."""
        super().__init__(parent)
        self._context = context
        self._view = view
        self._open_url = open_url
        self.actions: dict[str, QAction] = {}
        for entry in ENTRIES:
            action = QAction(entry.text, view)
            action.setShortcut(QKeySequence(entry.keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(partial(self._run, entry.method))
            self.actions[entry.method] = action
            if entry.method not in BY_THE_LIST:
                view.addAction(action)
        view.write_wanted.connect(self.write)
        view.menu_requested.connect(self._show_menu)
        context.theme.changed.connect(self._draw_icons)
        self._draw_icons()

    def open_card(self, row: TopRelationship) -> None:
        """Show the person's card."""
        self._context.navigate.show_contact.emit(row.person_id)

    @Slot(object)
    def write(self, row: TopRelationship) -> None:
        """Begin a mail to the person's first address, in the system's mail program."""
        messages = self._context.messages
        if not row.emails:
            words = f"No e-mail address of {_short(row.display_name)} is known"
            messages.toast(words, icon="info")
        elif not self._open_url(QUrl(mail_link(row.emails[0]))):
            copy = partial(self.copy_address, row)
            messages.toast("No mail program answered", "Copy the address", copy, icon="warning")

    def copy_address(self, row: TopRelationship) -> None:
        """Put the person's first address, or else number, on the clipboard."""
        for address in (*row.emails, *row.phones)[:1]:
            QGuiApplication.clipboard().setText(address)
            self._context.messages.toast(f"Copied {address}")

    def show_on_graph(self, row: TopRelationship) -> None:
        """Find the person on the map."""
        self._context.navigate.show_on_graph.emit(row.person_id)

    def see_from(self, row: TopRelationship) -> None:
        """Show who matters to this person."""
        self.centre_wanted.emit(Suggestion(EntityKind.CONTACT, row.person_id, row.display_name, ""))

    def menu(self, row: TopRelationship) -> QMenu:
        """What can be done with a person."""
        menu = QMenu(self._view)
        menu.setAccessibleName(one_line(row.display_name))
        name, address = _short(row.display_name), next(iter(row.emails), "")
        number = next(iter(row.phones), "")
        words = {
            "write": f"Write to {_short(address)}" if address else "Write",
            "copy_address": f"Copy {_short(address or number or 'address')}",
            "see_from": f"See who matters to {name}",
        }
        for entry in ENTRIES:
            action = self.actions[entry.method]
            action.setText(words.get(entry.method, entry.text).replace("&", "&&"))
            if entry.begins_group:
                menu.addSeparator()
            menu.addAction(action)
        self._allow(row)
        menu.aboutToHide.connect(self._allow_all)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def ask_export(self, query: TopQuery, now: int) -> None:
        """Ask where the list shall be written to, and write it."""
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        usual = QStandardPaths.writableLocation(documents) or str(Path.home())
        folder = self._context.memory.text(FOLDER_KEY, usual)
        if not Path(folder).is_dir():
            folder = usual
        dialog = QFileDialog(self._view.window(), "Export this list", folder)
        dialog.setAccessibleName("Export this list")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("Tables (*.csv)")
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(f"Top contacts {short_day(now)}.csv")
        dialog.fileSelected.connect(lambda path: self.export(Path(path), query))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export(self, path: Path, query: TopQuery) -> None:
        """Write the whole list to `path`, as a visible job."""
        self._context.memory.keep(FOLDER_KEY, str(path.parent))
        # With the imports: files in, files out. Those lists that are looked at do not wait for it.
        self._context.lanes.importing.submit(
            partial(write_table, self._context.access, path, query),
            name="Exporting the list",
            priority=USER,
            done=self._on_exported,
            failed=self._context.messages.error,
        )

    @Slot(object)
    def _on_exported(self, answer: tuple[Path, int]) -> None:
        path, count = answer
        words = f"Exported {plural(count, 'person', 'people')} to “{path.name}” in {path.parent}"
        folder = QUrl.fromLocalFile(str(path.parent))
        self._context.messages.toast(words, "Open folder", partial(self._open_url, folder))

    def _run(self, method: str, _checked: bool = False) -> None:
        row = self._view.current_row()
        if row is not None:
            getattr(self, method)(row)

    @Slot(object)
    def _show_menu(self, place: QPoint) -> None:
        row = self._view.current_row()
        if row is not None:
            self.menu(row).popup(place)

    def _allow(self, row: TopRelationship) -> None:
        self.actions["write"].setEnabled(bool(row.emails))
        self.actions["copy_address"].setEnabled(bool(row.emails or row.phones))

    @Slot()
    def _allow_all(self) -> None:
        """Keys always work: without an address they say so."""
        for action in self.actions.values():
            action.setEnabled(True)

    @Slot()
    def _draw_icons(self) -> None:
        for entry in ENTRIES:
            self.actions[entry.method].setIcon(self._context.theme.icon(entry.icon))


def open_with_system(url: QUrl) -> bool:
    """Hand an address to the program that the system opens it with."""
    return QDesktopServices.openUrl(url)


def _short(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= MENU_CHARACTERS else text[: MENU_CHARACTERS - 1] + "…"
