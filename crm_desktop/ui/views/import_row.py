"""One past import in the Jobs page: its counts, what was not read, and its removal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from crm_desktop.domain.imports import ImportRecord
from crm_desktop.ui.format import exact, number, relative
from crm_desktop.ui.import_flow import SEVERAL_FILES, title_of
from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.tokens import ICON, SPACE_1, SPACE_2, SPACE_3, SPACE_4
from crm_desktop.ui.widgets.labels import ElidedLabel

if TYPE_CHECKING:
    from crm_desktop.workers.job import JobHandle

SOURCE_ICONS = {
    "vcard": "contacts",
    "maildir": "folder",
    "eml": "folder",
    "chat": "conversation",
    "meeting": "calendar",
}


def counts_of(record: ImportRecord) -> str:
    """The account of an import: "1,204 read: 1,190 new, 11 already here, 3 not read"."""
    parts = [f"{number(record.imported)} new"]
    if record.duplicates:
        parts.append(f"{number(record.duplicates)} already here")
    if record.rejected:
        parts.append(f"{number(record.rejected)} not read")
    return f"{number(record.read)} read: {', '.join(parts)}"


def name_of(record: ImportRecord) -> str:
    """The name of the file or folder."""
    return Path(record.path).name or record.path


def removal_title(record: ImportRecord) -> str:
    """The name of the job that removes an import."""
    return f"Removing {name_of(record)}"


def is_worked_on(record: ImportRecord, jobs: Iterable[JobHandle]) -> bool:
    """Whether one of the jobs may be at work on an import: it names its file, or stands for
    several files."""
    titles = (title_of([Path(record.path)]), removal_title(record))
    return any(job.name in titles or job.name.endswith(SEVERAL_FILES) for job in jobs)


class ImportRow(QFrame):
    """What came from one file or folder.

    `is_running` says that a job is at work on it, `is_busy` that the importing lane is, so that
    nothing else can be begun.

    Signals:
        rejects_requested(ImportRecord), removal_requested(ImportRecord),
        continue_requested(ImportRecord): what its buttons ask for.
    """

    rejects_requested = Signal(object)
    removal_requested = Signal(object)
    continue_requested = Signal(object)

    def __init__(
        self,
        theme: ThemeManager,
        record: ImportRecord,
        now: int,
        *,
        is_running: bool = False,
        is_busy: bool = False,
    ) -> None:
        super().__init__()
        self.record = record
        self._theme = theme
        self._mark = QLabel()
        name = name_of(record)
        title = ElidedLabel(name, is_strong=True)
        title.set_full_text(name, record.path)
        is_stopped = record.finished_at is None and not is_running
        detail = ElidedLabel("", "caption", "warning" if is_stopped else "muted")
        state = _state_of(record, now, is_running=is_running)
        detail.set_full_text(f"{state} · {counts_of(record)}", exact(record.started_at))
        words = QVBoxLayout()
        words.setSpacing(SPACE_1)
        words.addWidget(title)
        words.addWidget(detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, SPACE_3, 0, SPACE_3)
        row.setSpacing(SPACE_4)
        row.addWidget(self._mark)
        row.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        if record.rejected:
            buttons.addWidget(
                self._button("Show what was not read", name, "link", self._ask_rejects)
            )
        if record.is_removing and not is_busy:
            buttons.addWidget(self._button("Finish removing", name, "plain", self._ask_to_continue))
        elif not is_busy:
            if is_stopped:
                buttons.addWidget(self._button("Go on", name, "plain", self._ask_to_continue))
            verb = "Remove this import" if is_stopped else "Remove"
            buttons.addWidget(self._button(verb, name, "quiet", self._ask_removal))
        row.addLayout(buttons)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def _button(self, words: str, name: str, kind: str, slot: object) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("kind", kind)
        button.setAccessibleName(f"{words}: {name}")
        button.clicked.connect(slot)
        return button

    @Slot()
    def _ask_rejects(self) -> None:
        self.rejects_requested.emit(self.record)

    @Slot()
    def _ask_removal(self) -> None:
        self.removal_requested.emit(self.record)

    @Slot()
    def _ask_to_continue(self) -> None:
        self.continue_requested.emit(self.record)

    @Slot()
    def _draw_icon(self) -> None:
        name = SOURCE_ICONS.get(self.record.source, "mail")
        self._mark.setPixmap(self._theme.icon(name).pixmap(ICON, ICON))


def _state_of(record: ImportRecord, now: int, *, is_running: bool) -> str:
    if record.finished_at is not None:
        when = relative(record.finished_at, now)
        return when[0].upper() + when[1:]
    if record.is_removing:
        return "Being removed" if is_running else "Removal stopped part way"
    return "Running" if is_running else "Stopped part way"
