"""What the person does to relationship types: commands that are told, undone and refused."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from crm_desktop.base.errors import UserError
from crm_desktop.ui.models.type_draft import TypeDraft
from crm_desktop.ui.type_words import type_title

if TYPE_CHECKING:
    from crm_desktop.domain.changes import Done
    from crm_desktop.domain.relationships import RelationshipType
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.models.types import TypeRow


def create_type(draft: TypeDraft, access: Access) -> Done[RelationshipType]:
    """Store a new type. For the writer lane."""
    from crm_desktop.services.relationship_types import create_relationship_type

    return create_relationship_type(
        access,
        draft.name,
        draft.from_kind,
        draft.to_kind,
        draft.forward_label,
        draft.reverse_label,
        description=draft.description or None,
        color_index=draft.color_index,
    )


def change_type(
    type_id: str, changed: dict[str, Any], access: Access
) -> Done[RelationshipType | None]:
    """Store what is other now. For the writer lane."""
    from crm_desktop.services.relationship_types import update_relationship_type

    return update_relationship_type(access, type_id, **changed)


def delete_type(type_id: str, access: Access) -> Done[None]:
    """Delete a type. For the writer lane."""
    from crm_desktop.services.relationship_types import delete_relationship_type

    return delete_relationship_type(access, type_id)


class TypeCommands(QObject):
    """Creates, changes and deletes types.

    Signals:
        created(RelationshipType): the new type is stored.
        changed(): a type was changed, or was no longer there.
        deleted(): a type is gone.
        refused(TypeRow | None, str): why a command was not carried out; None for a new type.
    """

    created = Signal(object)
    changed = Signal()
    deleted = Signal()
    refused = Signal(object, str)

    def __init__(self, context: WindowContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._is_busy = False

    def create(self, draft: TypeDraft) -> None:
        """Store a new type; once, however often Enter is pressed meanwhile."""
        if self._is_busy:
            return
        self._is_busy = True
        self._context.editing.run(
            partial(create_type, draft),
            said=f"Created the type “{type_title(draft.name)}”",
            done=self.created.emit,
            failed=partial(self._refuse, None),
            finished=self._rest,
        )

    def change(self, row: TypeRow, draft: TypeDraft) -> None:
        """Store what the draft of a type has other."""
        self._context.editing.run(
            partial(change_type, row.id, draft.changes_from(TypeDraft.of(row.type))),
            said=partial(_words_of_change, row.title),
            done=lambda _changed: self.changed.emit(),
            failed=partial(self._refuse, row),
        )

    def delete(self, row: TypeRow) -> None:
        """Delete a type; once, however long Del is held down."""
        if self._is_busy:
            return
        self._is_busy = True
        self._context.editing.run(
            partial(delete_type, row.id),
            said=f"Deleted the type “{row.title}”",
            done=lambda _nothing: self.deleted.emit(),
            failed=partial(self._refuse, row),
            finished=self._rest,
        )

    @Slot()
    def _rest(self) -> None:
        self._is_busy = False

    def _refuse(self, row: TypeRow | None, error: BaseException) -> None:
        if not isinstance(error, UserError):
            self._context.messages.error(error)
            return
        text = str(error)
        if row is not None:
            # Called as the list calls it.
            text = text.replace(f"“{row.type.name}”", f"“{row.title}”")
        self.refused.emit(row, text)


def _words_of_change(title: str, changed: RelationshipType | None) -> str:
    return f"Changed the type “{title}”" if changed else f"The type “{title}” is no longer there."
