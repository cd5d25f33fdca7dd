"""What the person changes: commands run on the writer lane, told with the offer to undo them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from crm_desktop.domain.undo import UndoStatus
from crm_desktop.workers.job import USER

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.domain.changes import Done
    from crm_desktop.services.access import Access
    from crm_desktop.ui.messages import Messages
    from crm_desktop.workers.bus import ChangeBus
    from crm_desktop.workers.lanes import Lanes

T = TypeVar("T")
Command = Callable[["Access"], "Done[T]"]
"""A service with all its arguments but the access to the database."""


def _undo(access: Access) -> Done[str | None]:
    from crm_desktop.services.undo import undo

    return undo(access)


def _redo(access: Access) -> Done[str | None]:
    from crm_desktop.services.undo import redo

    return redo(access)


def as_clause(label: str) -> str:
    """A command's label inside a sentence or after a verb: "Delete type" → "delete type"."""
    return label[:1].lower() + label[1:]


class Editing(QObject):
    """Runs the commands of one window, in the order in which they are given.

    Signals:
        status_changed(UndoStatus): what undo and redo would now concern.
    """

    status_changed = Signal(object)

    def __init__(
        self, access: Access, lanes: Lanes, bus: ChangeBus, messages: Messages, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._access = access
        self._lanes = lanes
        self._bus = bus
        self._messages = messages

    @property
    def status(self) -> UndoStatus:
        """What undo and redo would concern."""
        return self._access.undo_status

    def run(
        self,
        command: Command[T],
        *,
        said: str | Callable[[T], str] | None = None,
        done: Callable[[T], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        finished: Callable[[], object] | None = None,
    ) -> None:
        """Run `command` on the writer lane before anything less urgent, then tell the views.

        `said`, or what it makes of the command's value, is shown with a link that undoes; "" and
        None show nothing. Then `done` gets the value. Without `failed` an error is shown. All of
        them are called on the GUI thread.
        """
        self._submit(command, partial(self._on_done, said, done), failed, finished)

    @Slot()
    def undo(self) -> None:
        """Take the last command back."""
        self._submit(_undo, partial(self._on_replayed, "Undone"))

    @Slot()
    def redo(self) -> None:
        """Do again what was taken back last."""
        self._submit(_redo, partial(self._on_replayed, "Redone"))

    def _submit(
        self,
        command: Command[T],
        done: Callable[[Done[T]], object],
        failed: Callable[[BaseException], object] | None = None,
        finished: Callable[[], object] | None = None,
    ) -> None:
        access = self._access

        def job(_ctx: JobContext) -> Done[T]:
            return command(access)

        self._lanes.writer.submit(
            job, priority=USER, done=done, failed=failed or self._fail, finished=finished
        )

    def _on_done(
        self,
        said: str | Callable[[Any], str] | None,
        done: Callable[[Any], object] | None,
        outcome: Done[Any],
    ) -> None:
        self._bus.publish(outcome.changes)
        status = self.status
        self.status_changed.emit(status)
        words = said(outcome.value) if callable(said) else said
        if words:
            offers_undo = bool(outcome.changes) and status.undo_label is not None
            if offers_undo:
                self._messages.toast(words, "Undo", partial(self._if_still, status, self.undo))
            else:
                self._messages.toast(words)
        if done is not None:
            done(outcome.value)

    def _if_still(self, status: UndoStatus, replay: Callable[[], object]) -> None:
        """The link of an older message must not undo or redo anything else."""
        if self.status.version == status.version:
            replay()
        else:
            self._messages.toast(
                "Something else has been changed since. The Edit menu goes back step by step.",
                icon="info",
            )

    def _on_replayed(self, verb: str, outcome: Done[str | None]) -> None:
        self._bus.publish(outcome.changes)
        self.status_changed.emit(self.status)
        if outcome.value is None:
            return
        other, replay = ("Redo", self.redo) if verb == "Undone" else ("Undo", self.undo)
        link = partial(self._if_still, self.status, replay)
        self._messages.toast(f"{verb}: {as_clause(outcome.value)}", other, link, "undo")

    def _fail(self, error: BaseException) -> None:
        # A step that could not be replayed is given up.
        self.status_changed.emit(self.status)
        self._messages.error(error)
