"""Importing, from files chosen to the toast that accounts for every record."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.imports import ImportReport
from crm_desktop.workers.job import USER

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext

SEVERAL_FILES = " files"
KEEP_TEXT = "keep_text"
"""The setting of a database: whether imports keep the full text of messages."""
CARD_SUFFIXES = frozenset({".vcf", ".vcard"})
DATABASE_SUFFIXES = frozenset({".db", ".sqlite", ".sqlite3"})
CHANGED = Changes.of(
    ChangeKind.IMPORTS,
    ChangeKind.CONTACTS,
    ChangeKind.COMPANIES,
    ChangeKind.MESSAGES,
    ChangeKind.RELATIONSHIPS,
    ChangeKind.RELATIONSHIP_TYPES,
)


def title_of(paths: Sequence[Path]) -> str:
    """The name of the job: "Importing Inbox.mbox", "Importing 3 files"."""
    if len(paths) == 1:
        return f"Importing {paths[0].name or paths[0]}"
    return f"Importing {len(paths):,}{SEVERAL_FILES}"


def noun_of(paths: Sequence[Path]) -> tuple[str, str]:
    """What the records of these files are called, one and many."""
    suffixes = {path.suffix.lower() for path in paths}
    if suffixes <= CARD_SUFFIXES:
        return "contact", "contacts"
    if suffixes.isdisjoint(CARD_SUFFIXES | DATABASE_SUFFIXES):
        return "message", "messages"
    return "record", "records"


def account_of(report: ImportReport, noun: tuple[str, str]) -> str:
    """The whole account in one sentence: read = new + already here + not read."""
    if report.read == 0:
        return f"There were no {noun[1]} in it."
    parts = [f"{report.imported:,} new"]
    if report.duplicates:
        parts.append(f"{report.duplicates:,} already here")
    if report.rejected:
        parts.append(f"{len(report.rejected):,} could not be read")
    return f"Read {report.read:,} {noun[report.read != 1]}: {', '.join(parts)}."


def run_import(
    access: Access, paths: Sequence[Path], self_email: str | None, ctx: JobContext
) -> ImportReport:
    """The import as a job, keeping the full text where the person chose so."""
    from crm_desktop.services.imports import import_paths
    from crm_desktop.services.settings import get_setting

    return import_paths(
        access,
        paths,
        self_email=self_email,
        keep_text=get_setting(access, KEEP_TEXT) == "true",
        ctx=ctx,
    )


def has_self(access: Access, _ctx: JobContext) -> bool:
    """Whether the person said which contact they are."""
    from crm_desktop.services.settings import self_person_id

    return self_person_id(access) is not None


class ImportFlow(QObject):
    """Runs imports as listed jobs and tells how they went.

    Signals:
        imported(ImportReport): one is over and its changes are published.
    """

    imported = Signal(object)

    def __init__(self, context: WindowContext, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self._asked = False

    def start(self, paths: Sequence[Path], self_email: str | None = None) -> None:
        """Import `paths`, in the order given, after imports that are already under way."""
        chosen = tuple(paths)
        if not chosen:
            return
        self._context.lanes.importing.submit(
            partial(run_import, self._context.access, chosen, self_email),
            name=title_of(chosen),
            priority=USER,
            done=partial(self._on_done, noun_of(chosen)),
            failed=self._on_failed,
            cancelled=self._on_cancelled,
        )

    def _on_done(self, noun: tuple[str, str], report: ImportReport) -> None:
        self._context.bus.publish(CHANGED)
        text = account_of(report, noun)
        if report.rejected:
            self._context.messages.toast(
                text, "Show them", partial(self.show_rejects, report), "warning"
            )
        else:
            self._context.messages.toast(text)
        self._context.lanes.reader.submit(
            partial(has_self, self._context.access), done=self._on_self_known
        )
        self.imported.emit(report)

    def show_rejects(self, report: ImportReport) -> None:
        """List what an import could not read, and why."""
        from crm_desktop.ui.dialogs.rejects import RejectsDialog

        dialog = RejectsDialog(self._context.theme, report.rejected, self._window)
        dialog.open()

    @Slot(object)
    def _on_failed(self, error: BaseException) -> None:
        # What was stored before it failed is there and wants to be shown.
        self._context.bus.publish(CHANGED)
        self._context.messages.error(error, "The import stopped")

    @Slot()
    def _on_cancelled(self) -> None:
        self._context.bus.publish(CHANGED)
        self._context.messages.toast(
            "Import stopped. What was read so far is kept; importing the same file goes on "
            "where it stopped.",
            icon="info",
        )

    @Slot(object)
    def _on_self_known(self, is_known: bool) -> None:
        """Ask once per session which address is the person's own."""
        if is_known or self._asked:
            return
        self._asked = True
        from crm_desktop.ui.dialogs.self_person import SelfPersonDialog

        SelfPersonDialog(self._context, self._window).open()
