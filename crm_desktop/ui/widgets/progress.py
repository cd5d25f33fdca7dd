"""How far a job is, as a thin bar and in words."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar

from crm_desktop.base.jobs import Progress

STEPS = 1000


def amount(progress: Progress) -> str:
    """The share done where the total is known, else the number done."""
    if progress.total > 0:
        return f"{min(100, 100 * progress.done // progress.total)} %"
    return f"{progress.done:,}" if progress.done else ""


def show_progress(bar: QProgressBar, progress: Progress | None, *, is_still: bool) -> None:
    """Fill `bar` where the total is known. Else it moves by itself, unless nothing may move."""
    if progress is not None and progress.total > 0:
        bar.setRange(0, STEPS)
        bar.setValue(min(STEPS, STEPS * progress.done // progress.total))
    else:
        bar.setRange(0, STEPS if is_still else 0)
        bar.setValue(0)
