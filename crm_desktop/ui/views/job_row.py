"""One job in the Jobs page: name, state, thin progress line, Cancel."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import UserError
from crm_desktop.ui.format import duration, exact, plain_tooltip, relative
from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.tokens import ICON, SPACE_1, SPACE_2, SPACE_3, SPACE_4
from crm_desktop.ui.widgets.labels import ElidedLabel
from crm_desktop.ui.widgets.progress import amount, show_progress
from crm_desktop.workers.job import JobHandle, JobState

# The word, the icon and the tone of its colour: meaning never by colour alone.
STATES = {
    JobState.PENDING: ("Waiting", "clock", "muted"),
    JobState.RUNNING: ("Running", "refresh", "accent"),
    JobState.SUCCEEDED: ("Done", "check", "positive"),
    JobState.FAILED: ("Failed", "warning", "danger"),
    JobState.CANCELLED: ("Stopped", "stop", "muted"),
}


def describe(handle: JobHandle, now: int) -> str:
    """What a job is doing or did, in one line."""
    if handle.is_cancelling:
        return "Stopping at the next safe point…"
    word = STATES[handle.state][0]
    if handle.state is JobState.PENDING:
        return f"{word} for its turn"
    if handle.state is JobState.RUNNING:
        progress = handle.progress
        parts = [progress.label if progress and progress.label else word]
        if progress and (done := amount(progress)):
            parts.append(done)
        if handle.started_at is not None and now - handle.started_at >= 60:
            parts.append(f"since {duration(now - handle.started_at)}")
        return " · ".join(parts)
    if handle.state is JobState.FAILED:
        error = handle.error
        return str(error) if isinstance(error, UserError) else "Something went wrong on our side"
    ended = handle.ended_at or now
    took = ended - (handle.started_at or ended)
    return f"{word} {relative(ended, now)}" + (f" · took {duration(took)}" if took >= 2 else "")


class JobRow(QFrame):
    """Follows one job."""

    def __init__(self, theme: ThemeManager, handle: JobHandle) -> None:
        super().__init__()
        self.handle = handle
        self._theme = theme
        self._mark = QLabel()
        self._name = ElidedLabel(handle.name, is_strong=True)
        self._state = ElidedLabel("", "caption", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(f"Progress of {handle.name}")
        self._cancel = QPushButton("Cancel")
        self._cancel.setAccessibleName(f"Cancel {handle.name}")
        self._cancel.clicked.connect(handle.cancel)
        self._cancel.clicked.connect(self.show_state)
        words = QVBoxLayout()
        words.setSpacing(SPACE_1)
        words.addWidget(self._name)
        words.addWidget(self._state)
        words.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, SPACE_3, 0, SPACE_3)
        row.setSpacing(SPACE_4)
        row.addWidget(self._mark)
        row.addLayout(words, 1)
        row.addWidget(self._cancel)
        row.addSpacing(SPACE_2)
        for signal in (handle.started, handle.progressed, handle.finished):
            signal.connect(self.show_state)
        theme.changed.connect(self.show_state)
        self.show_state()

    @Slot()
    def show_state(self) -> None:
        """Read the job again."""
        handle = self.handle
        word, icon_name, tone = STATES[handle.state]
        self._mark.setPixmap(self._theme.icon(icon_name, tone).pixmap(ICON, ICON))
        self._mark.setAccessibleName(word)
        text = describe(handle, now_seconds())
        since = f"Started {exact(handle.started_at)}" if handle.started_at else ""
        self._state.set_full_text(text, since)
        self.setToolTip(plain_tooltip(since))
        is_active = not handle.state.is_outcome
        self._cancel.setVisible(is_active)
        self._cancel.setEnabled(not handle.is_cancelling)
        self._bar.setVisible(handle.state is JobState.RUNNING)
        show_progress(self._bar, handle.progress, is_still=self._theme.motion_is_reduced)
