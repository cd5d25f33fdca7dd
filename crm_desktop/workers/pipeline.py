"""Keeps derived data fresh: turns the marks in the database's `pending` into refresh jobs.

The database is the queue. A service that makes derived data stale marks it in the same
transaction, and the service that renews it clears the mark in the same transaction; so a program
that is killed anywhere finishes its work when it next opens the file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Slot

from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.derived import Derived
from crm_desktop.workers.job import BACKGROUND, JobHandle
from crm_desktop.workers.lanes import Lanes

if TYPE_CHECKING:
    from crm_desktop.services.access import Access
    from crm_desktop.workers.bus import ChangeBus


@dataclass(frozen=True, slots=True)
class Step:
    """One refresh job: the kind of mark that asks for it, its title and its work."""

    kind: str
    name: str
    run: Callable[[Access, JobContext], Changes]


def _settle_contacts(access: Access, ctx: JobContext) -> Changes:
    from crm_desktop.services.identity import settle_contacts

    return settle_contacts(access, ctx=ctx)


def _find_relationships(access: Access, ctx: JobContext) -> Changes:
    from crm_desktop.services.inference import refresh_relationships

    return refresh_relationships(access, ctx=ctx)


def _measure_contact(access: Access, ctx: JobContext) -> Changes:
    from crm_desktop.services.interactions import refresh_features

    return refresh_features(access, ctx=ctx)


def _stale_kinds(access: Access) -> tuple[str, ...]:
    from crm_desktop.services.refresh import stale_kinds

    return stale_kinds(access)


FINDING = "Finding relationships"
"""The title of the job that infers."""

STEPS = (
    Step(Derived.CONTACTS, "Settling names", _settle_contacts),
    Step(Derived.INFERENCE, FINDING, _find_relationships),
    Step(Derived.INTERACTIONS, "Measuring contact", _measure_contact),
)

_STALING = frozenset(ChangeKind) - {ChangeKind.INTERACTIONS}
"""Kinds of changes after which derived data may be stale."""

LOOK_AGAIN_MS = 10 * 60 * 1000
"""Scores age with the days: a window left open overnight looks for itself."""


class Pipeline(QObject):
    """Runs the steps that are due, one after the other on the compute lane, each as its own
    named job, and publishes what each changed.

    Marks that come while it works are seen to afterwards, together; while an import runs, it
    waits. A step that fails or is cancelled keeps its mark until the next change or start.
    """

    def __init__(
        self,
        access: Access,
        lanes: Lanes,
        bus: ChangeBus,
        *,
        steps: tuple[Step, ...] = STEPS,
        stale: Callable[[Access], tuple[str, ...]] = _stale_kinds,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._access = access
        self._lanes = lanes
        self._bus = bus
        self._steps = steps
        self._stale = stale
        self._is_working = False
        self._is_asked_again = False
        self._is_publishing = False
        self._is_stopped = False
        self._awaited: JobHandle | None = None
        self._rest: list[Step] = []
        self._results: list[Any] = []
        self._then: Callable[[Any], None] = self._begin
        bus.changed.connect(self._hear)
        bus.refresh_wanted.connect(self.start)
        timer = QTimer(self)
        timer.setInterval(LOOK_AGAIN_MS)
        timer.timeout.connect(self.start)
        timer.start()

    @Slot()
    def start(self) -> None:
        """Do whatever is due; if that is being done already, look again afterwards."""
        if self._is_stopped:
            return
        if self._is_working:
            self._is_asked_again = True
            return
        imports = self._lanes.importing.handles()
        if imports:
            self._wait_for(imports[-1])
            return
        self._is_working = True
        self._run(self._lanes.reader.prepare(self._stale_kinds, priority=BACKGROUND), self._begin)

    def stop(self) -> None:
        """Submit nothing more; for a database that is about to close."""
        self._is_stopped = True

    def _wait_for(self, handle: JobHandle) -> None:
        if self._awaited is not handle:
            self._awaited = handle
            handle.finished.connect(self.start)

    @Slot(object)
    def _hear(self, changes: Changes) -> None:
        if not self._is_publishing and changes.kinds & _STALING:
            self.start()

    def _stale_kinds(self, _ctx: JobContext) -> tuple[str, ...]:
        return self._stale(self._access)

    def _begin(self, kinds: tuple[str, ...]) -> None:
        self._rest = [step for step in self._steps if step.kind in kinds]
        self._go_on()

    def _go_on(self) -> None:
        if not self._rest or self._is_stopped:
            self._end()
            return
        step = self._rest.pop(0)
        handle = self._lanes.compute.prepare(
            partial(step.run, self._access), name=step.name, priority=BACKGROUND
        )
        self._run(handle, self._publish)

    def _run(self, handle: JobHandle, then: Callable[[Any], None]) -> None:
        """Start a job; `then` gets its result once it is over. Without one the work ends; a
        failure is for whoever hears `unhandled`."""
        self._then, self._results = then, []
        handle.succeeded.connect(self._results.append)
        handle.finished.connect(self._take_result)
        handle.start()

    @Slot()
    def _take_result(self) -> None:
        if self._results:
            self._then(self._results.pop())
        else:
            self._end()

    def _publish(self, changes: Changes) -> None:
        self._is_publishing = True
        try:
            self._bus.publish(changes)
        finally:
            self._is_publishing = False
        self._go_on()

    def _end(self) -> None:
        self._is_working = False
        if self._is_asked_again:
            self._is_asked_again = False
            self.start()
