"""What the person does with the relationships selected in the browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from crm_desktop.domain.changes import Changes, Done
from crm_desktop.domain.relationships import Suggestion
from crm_desktop.ui.format import number, plural
from crm_desktop.ui.models.relationships import (
    HEADERS,
    RelationshipRow,
    RelationshipsModel,
    cell_text,
)
from crm_desktop.workers.job import USER
from crm_desktop.workers.latest import Latest

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext

NOUN = "relationship"


@dataclass(frozen=True, slots=True)
class Handled:
    """How many relationships a command was for and changed, and how many it left alone since
    another command is for them."""

    done: int
    left: int


def delete_own(access: Access, ids: Sequence[int]) -> Done[Handled]:
    """Delete those that were entered or imported."""
    from crm_desktop.services.relationship_edits import delete_relationships
    from crm_desktop.services.relationship_list import relationship_selection

    selection = relationship_selection(access, ids)
    return _handled(access, delete_relationships, selection.own, len(selection.found))


def reject_found(access: Access, ids: Sequence[int]) -> Done[Handled]:
    """Reject those that were found."""
    from crm_desktop.services.relationship_edits import reject_relationships
    from crm_desktop.services.relationship_list import relationship_selection

    selection = relationship_selection(access, ids)
    return _handled(access, reject_relationships, selection.found, len(selection.own))


def confirm_found(access: Access, ids: Sequence[int]) -> Done[Handled]:
    """Confirm those that were found."""
    from crm_desktop.services.relationship_edits import confirm_relationships
    from crm_desktop.services.relationship_list import relationship_selection

    selection = relationship_selection(access, ids)
    return _handled(access, confirm_relationships, selection.found, len(selection.own))


def _handled(
    access: Access,
    command: Callable[[Access, Sequence[int]], Done[int]],
    ids: Sequence[int],
    left: int,
) -> Done[Handled]:
    if not ids:
        return Done(Handled(0, left), Changes())
    done = command(access, ids)
    return Done(Handled(done.value, left), done.changes)


class RelationshipCommands(QObject):
    """Runs commands on relationships, given by id, and opens the dialogs that they need.

    Signals:
        made(relationship_id): the person entered a new one.
    """

    made = Signal(int)

    def __init__(self, context: WindowContext, model: RelationshipsModel, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self._model = model
        self._page = page
        self._copying = Latest(context.lanes.reader, self)

    def add(self, from_entity: Suggestion | None = None) -> None:
        """Ask for a new relationship, of somebody if that is known."""
        from crm_desktop.ui.dialogs.relationship_form import RelationshipForm

        entity = None
        if from_entity is not None:
            entity = (from_entity.entity_type, from_entity.entity_id, from_entity.name)
        form = RelationshipForm(self._context, self._page, from_entity=entity)
        form.made.connect(self.made)
        form.open()

    def edit(self, relationship_id: int) -> None:
        """Ask what shall be different about a relationship."""
        from crm_desktop.ui.dialogs.relationship_form import RelationshipForm

        RelationshipForm.edit(self._context, self._page, relationship_id)

    def add_note(self, relationship_id: int, sentence: str) -> None:
        """Ask for a note on a relationship, which reads as `sentence`."""
        from crm_desktop.ui.dialogs.relationship_note import NoteDialog

        NoteDialog(self._context, self._page, relationship_id, sentence).open()

    def retype(self, ids: Sequence[int]) -> None:
        """Ask for another type for relationships."""
        from crm_desktop.ui.dialogs.retype import RetypeDialog

        RetypeDialog(self._context, self._page, ids).open()

    def delete(self, ids: Sequence[int]) -> None:
        """Delete what was entered or imported; for what was found, offer to reject it."""

        def said(handled: Handled) -> str:
            if not handled.done:
                return ""
            left = f" {number(handled.left)} found in mail stayed." if handled.left else ""
            return f"Deleted {plural(handled.done, NOUN)}.{left}"

        def offer(handled: Handled) -> None:
            if handled.done or not handled.left:
                return
            words = "This one was" if handled.left == 1 else "These were"
            self._context.messages.toast(
                f"{words} found in your mail and would come back.",
                "Reject instead",
                partial(self.reject, ids),
                icon="info",
            )

        self._context.editing.run(lambda access: delete_own(access, ids), said=said, done=offer)

    def reject(self, ids: Sequence[int]) -> None:
        """Reject what was found; for what was entered or imported, offer to delete it."""

        def said(handled: Handled) -> str:
            if not handled.done:
                return ""
            left = f" {number(handled.left)} of your own stayed." if handled.left else ""
            return f"Rejected {plural(handled.done, NOUN)}.{left}"

        def offer(handled: Handled) -> None:
            if handled.done or not handled.left:
                return
            words = "This one was" if handled.left == 1 else "These were"
            self._context.messages.toast(
                f"{words} entered or imported, not found in mail.",
                "Delete instead",
                partial(self.delete, ids),
                icon="info",
            )

        self._context.editing.run(lambda access: reject_found(access, ids), said=said, done=offer)

    def confirm(self, ids: Sequence[int]) -> None:
        """Make what was found the person's own."""

        def said(handled: Handled) -> str:
            return f"Confirmed {plural(handled.done, NOUN)}." if handled.done else ""

        def explain(handled: Handled) -> None:
            if not handled.done:
                self._context.messages.toast(
                    "There is nothing to confirm: you entered or imported this yourself.",
                    icon="info",
                )

        self._context.editing.run(
            lambda access: confirm_found(access, ids), said=said, done=explain
        )

    def copy(self, ids: Sequence[int], columns: Sequence[int]) -> None:
        """Put these columns of relationships on the clipboard, as a table of plain text."""
        model = self._model

        def read(ctx: JobContext) -> tuple[int, str]:
            rows = model.read_rows(ids, ctx)
            lines = [_line([HEADERS[column] for column in columns])] if len(rows) > 1 else []
            lines += [_line([cell_text(row, column) for column in columns]) for row in rows]
            return len(rows), "\n".join(lines)

        self._copying.submit(read, priority=USER, done=self._take_copy)

    @Slot(object)
    def _take_copy(self, answer: tuple[int, str]) -> None:
        count, text = answer
        QGuiApplication.clipboard().setText(text)
        self._context.messages.toast(f"Copied {plural(count, NOUN)}.", icon="copy")


def _line(cells: Sequence[str]) -> str:
    return "\t".join(" ".join(cell.split()) for cell in cells)


def sentence_of(row: RelationshipRow | None) -> str:
    """A row in words; "" while it is not there."""
    return "" if row is None else row.relationship.sentence
