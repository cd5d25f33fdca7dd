"""Looking at an old archive from its own time: sets the day that counts as now, and the banner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from crm_desktop.base.clock import from_seconds, iso
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.ui.format import short_day
from crm_desktop.ui.tokens import SPACE_2, SPACE_6
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.workers.job import USER

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext


def set_as_of(access: Access, seconds: int | None, ctx: JobContext) -> Changes:
    """Count from that moment (epoch seconds UTC) instead of from now, or from now again, and
    measure everyone anew."""
    from crm_desktop.services.instant import AS_OF
    from crm_desktop.services.interactions import aggregate_features
    from crm_desktop.services.settings import set_setting

    changes = set_setting(access, AS_OF, None if seconds is None else iso(from_seconds(seconds)))
    report = aggregate_features(access, ctx=ctx)
    return changes | report.changes | Changes.of(ChangeKind.INTERACTIONS)


class TimeTraveller(QObject):
    """Moves "now" for a window, as a listed job of the compute lane.

    Signals:
        moved(): everything is measured from the new moment.
    """

    moved = Signal()

    def __init__(self, context: WindowContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def go_to(self, seconds: int | None) -> None:
        """Count from that moment; None is today."""
        access = self._context.access
        self._context.lanes.compute.submit(
            lambda ctx: set_as_of(access, seconds, ctx),
            name="Measuring contact",
            priority=USER,
            done=self._finish,
        )

    @Slot(object)
    def _finish(self, changes: Changes) -> None:
        self._context.bus.publish(changes)
        self.moved.emit()


class LookingBackBanner(QFrame):
    """A slim line that says from which day everything is counted, and the way back."""

    def __init__(self, traveller: TimeTraveller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._words = plain_label()
        back = QPushButton("Back to today")
        back.setProperty("kind", "link")
        back.setAccessibleName("Back to today")
        back.clicked.connect(lambda: traveller.go_to(None))
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_6, 0, SPACE_6, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(self._words)
        row.addWidget(back)
        row.addStretch(1)
        self.hide()

    def show_moment(self, seconds: int | None) -> None:
        """Show the day that counts as now, or nothing for today."""
        self.setVisible(seconds is not None)
        if seconds is not None:
            self._words.setText(f"Looking back from {short_day(seconds)}")
