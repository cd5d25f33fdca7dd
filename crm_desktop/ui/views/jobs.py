"""The Jobs page: what is running, what ran, and every import that is in the database."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QMessageBox, QPushButton, QVBoxLayout, QWidget

from crm_desktop.base.clock import now_seconds
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.imports import ImportRecord, Reject
from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_6, SPACE_8
from crm_desktop.ui.views.import_row import (
    ImportRow,
    counts_of,
    is_worked_on,
    name_of,
    removal_title,
)
from crm_desktop.ui.views.job_row import JobRow
from crm_desktop.ui.views.live_page import LivePage
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.page_parts import PageScroll
from crm_desktop.ui.widgets.section import clear_layout, hairline, keeping_focus
from crm_desktop.workers.job import USER, VIEW, JobHandle

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext

ENDED_SHOWN = 8
IMPORTS_SHOWN = 50
CLOCK_MS = 15_000
WIDTH = 820


def read_imports(access: Access, _ctx: JobContext) -> tuple[ImportRecord, ...]:
    """Every import, newest first. For the reader lane."""
    from crm_desktop.services.imports import list_imports

    return list_imports(access)


def read_rejects(access: Access, import_id: int, _ctx: JobContext) -> tuple[Reject, ...]:
    """What an import could not read. For the reader lane."""
    from crm_desktop.services.imports import list_rejects

    return list_rejects(access, import_id)


def remove(access: Access, import_id: int, ctx: JobContext) -> Changes:
    """Take an import back as a whole. For the importing lane."""
    from crm_desktop.services.removal import remove_import

    return remove_import(access, import_id, ctx=ctx)


class RowList(QVBoxLayout):
    """Rows parted by hairlines."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[QWidget] = []
        self.setSpacing(0)

    def set_rows(self, rows: Iterable[QWidget]) -> None:
        """Show these rows instead of the ones before."""
        clear_layout(self)
        self.rows = list(rows)
        for position, row in enumerate(self.rows):
            if position:
                self.addWidget(hairline())
            self.addWidget(row)


class JobsPage(LivePage):
    """Jobs above, imports below."""

    CONCERNS = frozenset({ChangeKind.IMPORTS})

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._imports: tuple[ImportRecord, ...] = ()
        self._shows_all = False
        self._is_read = False
        self.jobs = RowList()
        self.imports = RowList()
        self._quiet = plain_label("Nothing is running.", "body", "muted")
        self._none = plain_label(
            "No imports yet. Import mail or contacts, and each file is listed here with what "
            "was read.",
            "body",
            "muted",
            wraps=True,
        )
        self._import = QPushButton("Import mail")
        self._import.setAccessibleName("Import mail")
        self._import.clicked.connect(self._import_mail)
        self._more = QPushButton()
        self._more.setProperty("kind", "link")
        self._more.clicked.connect(self._show_all)
        self._arrange()
        context.lanes.job_added.connect(self._on_job_added)
        clock = QTimer(self)
        clock.setInterval(CLOCK_MS)
        clock.timeout.connect(self._tell_time)
        clock.start()
        self._show_jobs()
        self._show_imports()

    def refresh(self) -> None:
        self._show_jobs()
        self.context.lanes.reader.submit(
            partial(read_imports, self.context.access), priority=VIEW, done=self._on_read
        )

    def job_rows(self) -> list[JobRow]:
        """The rows of the jobs listed, the running ones first."""
        return [row for row in self.jobs.rows if isinstance(row, JobRow)]

    def import_rows(self) -> list[ImportRow]:
        """The rows of the imports listed, newest first."""
        return [row for row in self.imports.rows if isinstance(row, ImportRow)]

    def _arrange(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        column.setSpacing(SPACE_2)
        column.addWidget(plain_label("Jobs", "title"))
        column.addWidget(self._quiet)
        column.addLayout(self.jobs)
        column.addSpacing(SPACE_8)
        column.addWidget(plain_label("Imports", "lead", is_strong=True))
        column.addWidget(self._none)
        column.addWidget(self._import, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self.imports)
        column.addSpacing(SPACE_1)
        column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(SPACE_3)
        column.addStretch(1)
        PageScroll("Jobs and imports", column, WIDTH).fill(self)

    @Slot(object)
    def _on_job_added(self, handle: JobHandle) -> None:
        handle.finished.connect(self._on_job_finished)
        self._show_jobs()

    @Slot()
    def _on_job_finished(self) -> None:
        # After the lanes have put it among those that are over.
        QTimer.singleShot(0, self, self._show_jobs)

    @Slot()
    def _show_jobs(self) -> None:
        lanes = self.context.lanes
        active = list(lanes.active())
        shown = active + [job for job in lanes.ended()[:ENDED_SHOWN] if job not in active]
        if [row.handle for row in self.job_rows()] != shown:
            with keeping_focus(self):
                self.jobs.set_rows([JobRow(self.context.theme, handle) for handle in shown])
        self._quiet.setVisible(not active)
        if self._is_read:
            self._show_imports()

    @Slot()
    def _tell_time(self) -> None:
        if self.isVisible():
            for row in self.job_rows():
                row.show_state()

    @Slot(object)
    def _on_read(self, imports: tuple[ImportRecord, ...]) -> None:
        self._imports = imports
        self._is_read = True
        self._show_imports()

    def _show_imports(self) -> None:
        now = now_seconds()
        jobs = [job for job in self.context.lanes.active() if job.lane_name == "importing"]
        shown = self._imports if self._shows_all else self._imports[:IMPORTS_SHOWN]
        rows = []
        for record in shown:
            row = ImportRow(
                self.context.theme,
                record,
                now,
                is_running=is_worked_on(record, jobs),
                is_busy=bool(jobs),
            )
            row.rejects_requested.connect(self._read_rejects)
            row.removal_requested.connect(self.ask_removal)
            row.continue_requested.connect(self._go_on)
            rows.append(row)
        with keeping_focus(self):
            self.imports.set_rows(rows)
        for widget in (self._none, self._import):
            widget.setVisible(self._is_read and not self._imports)
        self._more.setVisible(len(shown) < len(self._imports))
        self._more.setText(f"Show all {len(self._imports):,} imports")
        self._more.setAccessibleName(self._more.text())

    @Slot()
    def _import_mail(self) -> None:
        self.context.navigate.run_action.emit("import-mail")

    @Slot()
    def _show_all(self) -> None:
        self._shows_all = True
        self._show_imports()

    @Slot(object)
    def _read_rejects(self, record: ImportRecord) -> None:
        self.context.lanes.reader.submit(
            partial(read_rejects, self.context.access, record.id),
            priority=USER,
            done=self._show_rejects,
        )

    @Slot(object)
    def _show_rejects(self, rejects: tuple[Reject, ...]) -> None:
        from crm_desktop.ui.dialogs.rejects import RejectsDialog

        RejectsDialog(self.context.theme, rejects, self.window()).open()

    @Slot(object)
    def _go_on(self, record: ImportRecord) -> None:
        if record.is_removing:
            self.remove(record)
        else:
            self.context.navigate.import_paths.emit([Path(record.path)])

    @Slot(object)
    def ask_removal(self, record: ImportRecord) -> QMessageBox:
        """Ask, because it cannot be undone; the question comes back, open."""
        name = name_of(record)
        question = QMessageBox(self.window())
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setWindowTitle("Remove this import")
        question.setText(f"Remove everything that only “{name}” brought?")
        question.setInformativeText(
            f"{counts_of(record)}. What other imports also contain stays. This cannot be undone, "
            "but the file itself is not touched and can be imported again."
        )
        accept = question.addButton("Remove import", QMessageBox.ButtonRole.AcceptRole)
        accept.setProperty("kind", "danger")
        keep = question.addButton("Keep it", QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(keep)
        question.setEscapeButton(keep)
        accept.clicked.connect(partial(self.remove, record))
        question.open()
        return question

    def remove(self, record: ImportRecord, _checked: bool = False) -> JobHandle:
        """Remove an import as a listed job."""
        return self.context.lanes.importing.submit(
            partial(remove, self.context.access, record.id),
            name=removal_title(record),
            priority=USER,
            done=partial(self._on_removed, name_of(record)),
        )

    def _on_removed(self, name: str, changes: Changes) -> None:
        self.context.bus.publish(changes)
        self.context.messages.toast(f"Removed everything that only {name} brought.")
