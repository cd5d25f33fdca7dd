"""The status bar: what is running, how fresh what you see is, and which database is open."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.jobs import Progress
from crm_desktop.ui.format import plain_tooltip, relative
from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.progress import amount, show_progress
from crm_desktop.workers.job import JobHandle, JobState
from crm_desktop.workers.lanes import Lanes

HEIGHT = 28
ICON_PIXELS = 14
REFRESH_MS = 20_000


def progress_text(handle: JobHandle) -> str:
    """How far a job is, in words: "1,204 of 5,000", "1,204", or what it is doing."""
    progress = handle.progress
    if handle.is_cancelling:
        return "stopping…"
    if handle.state is JobState.PENDING:
        return "waiting"
    if progress is None:
        return ""
    return amount(progress)


class StatusBar(QFrame):
    """One thin line at the foot of the window.

    Signals:
        jobs_requested(): the person wants to see the jobs.
    """

    jobs_requested = Signal()

    def __init__(self, theme: ThemeManager, lanes: Lanes) -> None:
        super().__init__()
        self.setObjectName("statusBar")
        self.setAccessibleName("Status")
        self.setFixedHeight(HEIGHT)
        self._theme = theme
        self._jobs: list[JobHandle] = []
        self._fresh_at: int | None = None
        self._job = QPushButton()
        self._job.setProperty("kind", "quiet")
        self._job.setAccessibleName("Running jobs")
        self._job.setIconSize(QSize(ICON_PIXELS, ICON_PIXELS))
        self._job.clicked.connect(self.jobs_requested)
        self._bar = QProgressBar()
        self._bar.setAccessibleName("Progress of the running job")
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(120)
        self._amount = plain_label()
        self._freshness = plain_label()
        self._mark = QLabel()
        self._database = plain_label()
        self._database.setAccessibleName("Database")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_2, 0, SPACE_3, 0)
        layout.setSpacing(SPACE_2)
        for widget in (self._job, self._bar, self._amount):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self._freshness)
        layout.addSpacing(SPACE_3)
        layout.addWidget(self._mark)
        layout.addSpacing(-SPACE_1)
        layout.addWidget(self._database)
        timer = QTimer(self)
        timer.setInterval(REFRESH_MS)
        timer.timeout.connect(self._show_freshness)
        timer.start()
        lanes.job_added.connect(self._add)
        for handle in lanes.active():
            self._add(handle)
        theme.changed.connect(self._draw_icons)
        self._draw_icons()
        self._show_job()

    def set_database(self, name: str, path: str) -> None:
        """Show which database is open; the whole path is the tooltip."""
        self._database.setText(name)
        self._database.setToolTip(plain_tooltip(path))
        self._mark.setVisible(bool(name))

    def set_freshness(self, found_at: int | None) -> None:
        """Show when relationships were last found (epoch seconds UTC)."""
        self._fresh_at = found_at
        self._show_freshness()

    @Slot()
    def _show_freshness(self) -> None:
        at = self._fresh_at
        self._freshness.setVisible(at is not None)
        if at is not None:
            self._freshness.setText(f"Relationships found {relative(at, now_seconds())}")

    @Slot(object)
    def _add(self, handle: JobHandle) -> None:
        if handle.state.is_outcome:
            return
        self._jobs.append(handle)
        handle.started.connect(self._show_job)
        handle.progressed.connect(self._on_progress)
        handle.finished.connect(partial(self._remove, handle))
        self._show_job()

    def _remove(self, handle: JobHandle) -> None:
        if handle in self._jobs:
            self._jobs.remove(handle)
        self._show_job()

    @Slot(object)
    def _on_progress(self, _progress: Progress) -> None:
        self._show_job()

    @Slot()
    def _show_job(self) -> None:
        running = [handle for handle in self._jobs if handle.state is JobState.RUNNING]
        shown = next(iter(running or self._jobs), None)
        for widget in (self._job, self._bar, self._amount):
            widget.setVisible(shown is not None)
        if shown is None:
            return
        others = len(self._jobs) - 1
        name = shown.name if len(shown.name) <= 60 else shown.name[:59] + "…"
        self._job.setText(name.replace("&", "&&") + (f"  and {others} more" if others else ""))
        show_progress(self._bar, shown.progress, is_still=self._theme.motion_is_reduced)
        self._amount.setText(progress_text(shown))

    @Slot()
    def _draw_icons(self) -> None:
        self._job.setIcon(self._theme.icon("refresh", "accent"))
        self._mark.setPixmap(self._theme.icon("database").pixmap(ICON_PIXELS, ICON_PIXELS))
