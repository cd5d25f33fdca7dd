"""What the actions do: one method for each callback named in `ui.actions`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from crm_desktop.base.paths import default_database, sample_database
from crm_desktop.ui.actions import Action
from crm_desktop.ui.search_box import COMMAND_MARK
from crm_desktop.workers.job import USER

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFileDialog, QWidget

    from crm_desktop.base.jobs import JobContext
    from crm_desktop.ui.main_window import MainWindow

# Mailbox files of many programs have no suffix at all.
MAIL_FILTER = "All files (*);;Mail (*.mbox *.mbx *.eml *.emlx *.zip)"
CARD_FILTER = "Contacts (*.vcf *.vcard);;All files (*)"
DATABASE_FILTER = "Databases (*.sqlite *.db);;All files (*)"
SAMPLE_SEED = 7


def make_sample(path: Path, ctx: JobContext) -> Path:
    """The sample life in a fresh database at `path`; runs on a lane."""
    from crm_desktop.services.demo import create_demo

    create_demo(path, seed=SAMPLE_SEED, ctx=ctx)
    return path


class Commands(QObject):
    """Carries out the actions of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._is_making_sample = False

    @Slot(object)
    def run(self, action: Action) -> None:
        """Do what `action` says."""
        method = getattr(self, action.callback)
        if action.argument is None:
            method()
        else:
            method(action.argument)

    def import_mail(self) -> None:
        """Ask for mail archives and import them."""
        self._ask_files("Import mail", MAIL_FILTER)

    def import_contacts(self) -> None:
        """Ask for address books and import them."""
        self._ask_files("Import contacts", CARD_FILTER)

    def import_folder(self) -> None:
        """Ask for a folder of mail or contacts and import it."""
        dialog = self._dialog("Import a folder")
        dialog.setFileMode(dialog.FileMode.Directory)
        dialog.filesSelected.connect(self._import)
        dialog.open()

    def export_list(self) -> None:
        """Write the top contacts, as they are listed, to a file."""
        from crm_desktop.ui.views.today import TodayPage

        page = self._window.pages.currentWidget()
        if isinstance(page, TodayPage):
            page.export()

    def open_database(self) -> None:
        """Ask for another database and open it."""
        dialog = self._dialog("Open a database")
        dialog.setFileMode(dialog.FileMode.ExistingFile)
        dialog.setNameFilter(DATABASE_FILTER)
        dialog.setDirectory(str(default_database().parent))
        dialog.fileSelected.connect(self._open)
        dialog.open()

    def new_database(self) -> None:
        """Ask where a new, empty database shall be, and open it."""
        dialog = self._dialog("New database")
        dialog.setAcceptMode(dialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(DATABASE_FILTER)
        dialog.setDefaultSuffix("sqlite")
        dialog.setDirectory(str(default_database().parent))
        # A database is opened, never written over: choosing an existing one opens it.
        dialog.setOption(dialog.Option.DontConfirmOverwrite)
        dialog.fileSelected.connect(self._open)
        dialog.open()

    def open_sample(self) -> None:
        """Open the sample life; it is made first where there is none."""
        path = sample_database()
        if path.exists():
            self._window.open_requested.emit(path)
            return
        if self._is_making_sample:
            return
        self._is_making_sample = True
        self._window.lanes.importing.submit(
            partial(make_sample, path),
            name="Making the sample life",
            priority=USER,
            done=self._window.open_requested.emit,
            failed=self._window.messages.error,
            finished=self._end_sample,
        )

    def open_own_database(self) -> None:
        """Leave the sample for the person's own database."""
        self._window.open_requested.emit(default_database())

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    def undo(self) -> None:
        """Take the last command back."""
        if self._window.editing is not None:
            self._window.editing.undo()

    def redo(self) -> None:
        """Do again what was taken back last."""
        if self._window.editing is not None:
            self._window.editing.redo()

    def search(self) -> None:
        """Put the keyboard into the search box."""
        self._window.search_box.start()

    def open_palette(self) -> None:
        """Offer every command."""
        self._window.search_box.start(COMMAND_MARK)

    def infer_now(self) -> None:
        """Find relationships anew."""
        self._window.infer_now()

    def new_person(self) -> None:
        """Ask for a new person."""
        from crm_desktop.ui.dialogs.new_entity import NewContactDialog

        if self._window.context is not None:
            NewContactDialog(self._window.context, self._window).open()

    def new_company(self) -> None:
        """Ask for a new company."""
        from crm_desktop.ui.dialogs.new_entity import NewCompanyDialog

        if self._window.context is not None:
            NewCompanyDialog(self._window.context, self._window).open()

    def review_duplicates(self) -> None:
        """Look at people who may be here twice."""

        def start(page: QWidget) -> None:
            from crm_desktop.ui.views.people import PeoplePage

            if isinstance(page, PeoplePage):
                page.review_duplicates()

        self._window.show_page("people")
        self._window.pages.when_made("people", start)

    def new_relationship(self) -> None:
        """Ask for a new relationship."""

        def start(page: QWidget) -> None:
            from crm_desktop.ui.views.relationships_page import RelationshipsPage

            if isinstance(page, RelationshipsPage):
                page.add()

        self._window.show_page("relationships")
        self._window.pages.when_made("relationships", start)

    def new_type(self) -> None:
        """Ask for a new relationship type."""

        def start(page: QWidget) -> None:
            from crm_desktop.ui.views.types_page import TypesPage

            if isinstance(page, TypesPage):
                page.start_new()

        self._window.show_page("types")
        self._window.pages.when_made("types", start)

    def toggle_inspector(self) -> None:
        """Show or hide the card."""
        inspector = self._window.inspector
        inspector.set_open(not inspector.is_open)

    def toggle_rail(self) -> None:
        """Show the rail with words or as icons."""
        self._window.rail.set_collapsed(not self._window.rail.is_collapsed)

    def set_appearance(self, appearance: str) -> None:
        """Follow the system, or stay light or dark."""
        self._window.theme.set_appearance(appearance)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or go back to a window."""
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()

    def show_page(self, name: str) -> None:
        """Go to a page, and bring the keyboard there."""
        self._window.show_page(name)
        self._window.focus_page()

    def show_shortcuts(self) -> None:
        """Every shortcut on one sheet."""
        from crm_desktop.ui.dialogs.shortcuts import ShortcutsDialog

        ShortcutsDialog(self._window.action_set.actions, self._window).open()

    def show_about(self) -> None:
        """Name, version and licence."""
        from crm_desktop.ui.dialogs.about import AboutDialog

        AboutDialog(self._window.theme, self._window).open()

    def _dialog(self, title: str) -> QFileDialog:
        from PySide6.QtWidgets import QFileDialog

        dialog = QFileDialog(self._window, title, str(Path.home()))
        dialog.setAccessibleName(title)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _ask_files(self, title: str, name_filter: str) -> None:
        dialog = self._dialog(title)
        dialog.setFileMode(dialog.FileMode.ExistingFiles)
        dialog.setNameFilter(name_filter)
        dialog.filesSelected.connect(self._import)
        dialog.open()

    @Slot(list)
    def _import(self, names: list[str]) -> None:
        self._window.start_import([Path(name) for name in names])

    @Slot(str)
    def _open(self, name: str) -> None:
        self._window.open_requested.emit(Path(name))

    @Slot()
    def _end_sample(self) -> None:
        self._is_making_sample = False
