"""Asks whose card is kept when several contacts become one person."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from crm_desktop.domain.duplicates import DuplicateMember
from crm_desktop.ui.dialogs.command_dialog import CommandDialog
from crm_desktop.ui.views import card_commands as commands
from crm_desktop.ui.views.duplicate_members import MembersPanel
from crm_desktop.ui.views.duplicates_face import HINT
from crm_desktop.ui.views.duplicates_review import merged_words
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.section import CardScroll

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext

WIDTH = 640
LIST_HEIGHT = 260

Members = tuple[tuple[DuplicateMember, ...], int]


def read_members(access: Access, ids: Sequence[int], ctx: JobContext) -> Members:
    """The contacts, and the moment that their times are relative to. For the reader lane."""
    from crm_desktop.services.identity_review import review_members
    from crm_desktop.services.instant import reference_seconds

    return review_members(access, ids, token=ctx.token), reference_seconds(access)


class MergeDialog(CommandDialog):
    """The contacts, of which one is kept and all take part until the person says otherwise."""

    def __init__(self, context: WindowContext, parent: QWidget, ids: Sequence[int]) -> None:
        super().__init__(context, parent, "Merge contacts", "Merge", WIDTH)
        self.panel = MembersPanel(context.theme)
        scroll = CardScroll("Contacts to merge")
        scroll.setWidget(self.panel)
        scroll.setWidgetResizable(True)
        scroll.setMinimumHeight(LIST_HEIGHT)
        self.body.addWidget(plain_label(HINT, "body", "muted", wraps=True))
        self.body.addWidget(scroll, 1)
        self.save_button.setDefault(True)
        self.save_button.setEnabled(False)
        self.panel.changed.connect(self._allow)
        context.lanes.reader.submit(
            partial(read_members, context.access, tuple(ids)), done=self._offer
        )

    @Slot()
    def save(self) -> None:
        kept, others = self.panel.kept(), self.panel.others()
        if kept is None or not others:
            return
        self.run(
            commands.merge_contacts(kept.contact_id, tuple(other.contact_id for other in others)),
            merged_words(kept, others),
            self._show,
        )

    def _show(self, contact_id: int) -> None:
        self.context.navigate.select_contact.emit(contact_id)
        if self.is_alive():
            self.accept()

    @Slot(object)
    def _offer(self, read: Members) -> None:
        members, now = read
        self.panel.show_members(members, now)
        if len(members) < 2:
            self.explain("These contacts are no longer there. Choose others.")
        else:
            self.save_button.setFocus()

    @Slot()
    def _allow(self) -> None:
        is_ready = self.panel.kept() is not None and bool(self.panel.others())
        self.save_button.setEnabled(is_ready and not self.is_running)
