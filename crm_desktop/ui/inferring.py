"""Finding relationships now, because the person wants it, and following that job."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from crm_desktop.base.jobs import Progress
from crm_desktop.domain.changes import Changes
from crm_desktop.ui.tokens import SPACE_2
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.progress import amount, show_progress
from crm_desktop.workers.job import USER, VIEW, JobHandle, JobState
from crm_desktop.workers.pipeline import FINDING

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext

BAR_WIDTH = 72
PATIENCE_MS = 500
HINT = "Look through your conversations again for who knows whom"


def mark_inference(access: Access, _ctx: JobContext) -> None:
    """Say that relationships shall be found anew. For the writer lane."""
    from crm_desktop.services.refresh import request_inference

    request_inference(access)


def is_inference_wanted(access: Access, _ctx: JobContext) -> bool:
    """Whether relationships are still to be found anew. For the reader lane."""
    from crm_desktop.services.refresh import is_inference_requested

    return is_inference_requested(access)


def infer_now(context: WindowContext, done: Callable[[], object] | None = None) -> None:
    """Have relationships found anew, as soon as whatever is being imported is there; `done` is
    called when that is noted. One that is running already may be followed by another."""

    def begin(_none: object) -> None:
        if done is not None:
            done()
        context.bus.refresh_wanted.emit()

    job = partial(mark_inference, context.access)
    context.lanes.writer.submit(job, priority=USER, done=begin)


class InferControl(QWidget):
    """A button that finds relationships now. While they are being found it tells how far that is,
    with a button that stops it; what the program does by itself shows only when it takes long."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._handle: JobHandle | None = None
        self._is_asked = False
        self._is_noted = False  # from when on a job that ends may be the one asked for
        self._has_news = False
        self._is_long = False
        self._state = plain_label("", "caption", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(BAR_WIDTH)
        self._bar.setAccessibleName("Progress of finding relationships")
        self.stop_button = QToolButton()
        self.stop_button.setAccessibleName("Stop finding relationships")
        self.stop_button.setToolTip("Stop")
        self.button = QPushButton("Infer now")
        self.button.setAccessibleName("Infer now")
        self.button.setToolTip(HINT)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        for widget in (self._state, self._bar, self.stop_button, self.button):
            row.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.button)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._on_long)
        self.button.clicked.connect(self._ask)
        self.stop_button.clicked.connect(self._stop)
        context.lanes.job_added.connect(self._hear)
        context.theme.changed.connect(self._draw_icon)
        for handle in context.lanes.active():
            self._hear(handle)
        self._draw_icon()
        self._show()

    def state_text(self) -> str:
        """What it says about the job; "" while there is nothing to say."""
        return self._state.text()

    @Slot()
    def _ask(self) -> None:
        if not self._is_asked:
            self._is_asked, self._is_noted, self._has_news = True, False, False
            infer_now(self._context, self._note)
            self._show()

    def _note(self) -> None:
        self._is_noted = True

    @Slot()
    def _stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._show()

    @Slot(object)
    def _hear(self, handle: JobHandle) -> None:
        if handle.name != FINDING or handle.state.is_outcome:
            return
        self._handle = handle
        self._is_long = False
        self._patience.start()
        handle.started.connect(self._show)
        handle.progressed.connect(self._on_progress)
        handle.succeeded.connect(self._on_found)
        handle.cancelled.connect(self._on_cancelled)
        handle.finished.connect(self._on_finished)
        self._show()

    @Slot(object)
    def _on_progress(self, _progress: Progress) -> None:
        self._show()

    @Slot(object)
    def _on_found(self, changes: Changes) -> None:
        self._has_news = self._has_news or bool(changes)
        if self._is_asked and self._is_noted:
            # It may have begun before the person asked, and another follows.
            context = self._context
            context.lanes.reader.submit(
                partial(is_inference_wanted, context.access), priority=VIEW, done=self._on_looked
            )

    @Slot(object)
    def _on_looked(self, is_wanted: bool) -> None:
        if self._is_asked and not is_wanted:
            self._is_asked = False
            news = "Your relationships are up to date." if self._has_news else "There is no news."
            self._context.messages.toast(news)
            self._show()

    @Slot()
    def _on_cancelled(self) -> None:
        self._context.messages.toast("Stopped. The relationships are as they were.", icon="stop")

    @Slot()
    def _on_finished(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None and handle.state is not JobState.SUCCEEDED:
            # The pipeline has stopped as well, and with it whatever was to follow.
            self._is_asked = False
        self._patience.stop()
        self._show()

    @Slot()
    def _on_long(self) -> None:
        self._is_long = True
        self._show()

    @Slot()
    def _show(self) -> None:
        handle = self._handle
        is_shown = self._is_asked or (handle is not None and self._is_long)
        is_running = handle is not None and handle.state is JobState.RUNNING
        self._state.setText(self._words() if is_shown else "")
        self._state.setVisible(is_shown)
        self._bar.setVisible(is_shown and is_running)
        self.stop_button.setVisible(is_shown and handle is not None)
        self.button.setEnabled(not self._is_asked)
        if handle is not None:
            self.stop_button.setEnabled(not handle.is_cancelling)
            is_still = self._context.theme.motion_is_reduced
            show_progress(self._bar, handle.progress, is_still=is_still)

    def _words(self) -> str:
        handle = self._handle
        if handle is None or handle.state is JobState.PENDING:
            return "Waiting for its turn"
        if handle.is_cancelling:
            return "Stopping…"
        progress = handle.progress
        if progress is None:
            return "Finding…"
        return " · ".join(part for part in (progress.label, amount(progress)) if part)

    @Slot()
    def _draw_icon(self) -> None:
        self.stop_button.setIcon(self._context.theme.icon("stop"))
