"""Runs the edits of a card, and gives the answer to the field that they come from."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from crm_desktop.base.errors import UserError
from crm_desktop.ui.views.subjects import Subject

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.editing import Command

T = TypeVar("T")
MOST_OF_A_NAME = 40


class EditField(Protocol):
    """A field that waits for what becomes of what was typed in it."""

    def saved(self) -> None:
        """It is stored."""
        ...

    def refuse(self, problem: str) -> None:
        """It cannot be taken, and why."""
        ...

    def revert(self) -> None:
        """It could not be stored, through no fault of what was typed."""
        ...


def short(name: str) -> str:
    """A name as messages quote it."""
    name = " ".join(name.split())
    return name if len(name) <= MOST_OF_A_NAME else name[: MOST_OF_A_NAME - 1].rstrip() + "…"


class CardEdits(QObject):
    """The edits of all cards of one inspector.

    Signals:
        stored(): something was stored; the card is to be read again at once.
    """

    stored = Signal()

    def __init__(self, context: WindowContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.subject: Subject | None = None

    def run(
        self,
        command: Command[T],
        said: str | Callable[[T], str] = "",
        *,
        field: EditField | None = None,
        done: Callable[[T], object] | None = None,
    ) -> None:
        """Store something, say so with the offer to undo it, and answer `field`. Where the field
        is gone by then, or shows something else, an error is shown as any other."""
        self._context.editing.run(
            command,
            said=said,
            done=partial(self._on_done, field, done),
            failed=partial(self._on_failed, field, self.subject),
        )

    def _on_done(
        self, field: EditField | None, done: Callable[[Any], object] | None, value: Any
    ) -> None:
        if field is not None and _is_there(field):
            field.saved()
        self.stored.emit()
        if done is not None:
            done(value)

    def _on_failed(
        self, field: EditField | None, subject: Subject | None, error: BaseException
    ) -> None:
        if field is not None and _is_there(field):
            if isinstance(error, UserError) and subject == self.subject:
                field.refuse(str(error))
                return
            field.revert()
        self._context.messages.error(error)


def _is_there(field: EditField) -> bool:
    """Whether Qt has not deleted the field meanwhile."""
    return not isinstance(field, QObject) or isValid(field)
