"""What the inspector holds: the card of whatever is selected, and the way back to earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from crm_desktop.domain.cards import RelatedLine
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.ui.views.card_bar import CardBar
from crm_desktop.ui.views.card_edits import CardEdits
from crm_desktop.ui.views.card_parts import finish_edits, popup_below
from crm_desktop.ui.views.card_reading import ReadCard, read_card, read_related
from crm_desktop.ui.views.card_stack import CardStack
from crm_desktop.ui.views.company_card import CompanyCardView
from crm_desktop.ui.views.contact_card import ContactCardView
from crm_desktop.ui.views.conversation_view import ConversationView
from crm_desktop.ui.views.live_page import LivePage
from crm_desktop.ui.views.relationship_card import RelationshipCardView
from crm_desktop.ui.views.relationship_deeds import RelationshipDeeds
from crm_desktop.ui.views.subjects import CardKind, Subject, Trail
from crm_desktop.ui.widgets.section import keeping_focus
from crm_desktop.workers.job import VIEW
from crm_desktop.workers.latest import Latest

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.widgets.empty_state import EmptyState

SKELETON_AFTER_MS = 150
"""Most cards come sooner, and a skeleton that flashes by only disturbs."""


class CardView(LivePage):
    """Shows contacts, companies, relationships and conversations as they are asked for through
    the navigator."""

    CONCERNS = frozenset(
        {
            ChangeKind.CONTACTS,
            ChangeKind.COMPANIES,
            ChangeKind.RELATIONSHIPS,
            ChangeKind.RELATIONSHIP_TYPES,
            ChangeKind.INTERACTIONS,
            ChangeKind.MESSAGES,
            ChangeKind.SETTINGS,
        }
    )

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._trail = Trail()
        self._starts_note = False
        self._latest = Latest(context.lanes.reader, self)
        self._related = Latest(context.lanes.reader, self)
        self.edits = CardEdits(context, self)
        self.deeds = RelationshipDeeds(context, self.edits, self)
        self._skeleton_timer = QTimer(self)
        self._skeleton_timer.setSingleShot(True)
        self._skeleton_timer.setInterval(SKELETON_AFTER_MS)
        self._skeleton_timer.timeout.connect(self._show_skeleton)
        self.bar = CardBar(context.theme, self)
        self.stack = CardStack(context, self, self.edits, self.deeds)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.bar)
        column.addLayout(self.stack, 1)
        self.bar.show_trail(self._trail)
        self._connect()

    def _connect(self) -> None:
        navigate = self.context.navigate
        navigate.show_contact.connect(self.show_contact)
        navigate.select_contact.connect(self.show_contact)
        navigate.show_company.connect(self.show_company)
        navigate.show_relationship.connect(self.show_relationship)
        navigate.select_relationship.connect(self.show_relationship)
        navigate.show_conversation.connect(self.show_conversation)
        self.context.editing.status_changed.connect(self._follow_edit)
        self.edits.stored.connect(self._read_again)
        self.deeds.note_wanted.connect(self.write_note)
        self.deeds.gone.connect(self._leave_gone)
        self.contact.all_wanted.connect(self._read_related)
        self.contact.same_wanted.connect(self._ask_same)
        self.bar.stepped.connect(self._step)
        self.bar.graph_wanted.connect(self._show_on_graph)
        self.bar.menu_wanted.connect(self._open_menu)

    @property
    def contact(self) -> ContactCardView:
        """The card of contacts."""
        return self.stack.contact

    @property
    def company(self) -> CompanyCardView:
        """The card of companies."""
        return self.stack.company

    @property
    def relationship(self) -> RelationshipCardView:
        """The card of relationships."""
        return self.stack.relationship

    @property
    def conversation(self) -> ConversationView:
        """What is known of conversations."""
        return self.stack.conversation

    @property
    def empty(self) -> EmptyState:
        """What shows in place of a card."""
        return self.stack.empty

    @property
    def subject(self) -> Subject | None:
        """What is shown or on its way."""
        return self._trail.current

    @Slot(int)
    def show_contact(self, contact_id: int) -> None:
        """Show the card of a contact."""
        self._go(Subject(CardKind.CONTACT, contact_id))

    @Slot(int)
    def show_company(self, company_id: int) -> None:
        """Show the card of a company."""
        self._go(Subject(CardKind.COMPANY, company_id))

    @Slot(int)
    def show_relationship(self, relationship_id: int) -> None:
        """Show the card of a relationship."""
        self._go(Subject(CardKind.RELATIONSHIP, relationship_id))

    @Slot(int)
    def show_conversation(self, conversation_id: int) -> None:
        """Show what is known of a conversation."""
        self._go(Subject(CardKind.CONVERSATION, conversation_id))

    @Slot(int)
    def write_note(self, relationship_id: int) -> None:
        """Show the card of a relationship, ready for a new note."""
        if self.subject == Subject(CardKind.RELATIONSHIP, relationship_id):
            self.relationship.start_note()
            return
        self._starts_note = True
        self.context.navigate.show_relationship.emit(relationship_id)

    @Slot()
    def back(self) -> None:
        """Show the card before."""
        self._step(-1)

    @Slot()
    def forward(self) -> None:
        """Show the card after, once gone back."""
        self._step(1)

    def finish_edits(self) -> None:
        """Store whatever is being typed."""
        finish_edits(self)

    def refresh(self) -> None:
        subject = self.subject
        if subject is None:
            return
        access = self.context.access
        self._latest.submit(
            lambda ctx: read_card(access, subject, ctx),
            priority=VIEW,
            done=self._show,
            failed=self._fail,
        )

    def concerns(self, changes: Changes) -> bool:
        subject = self.subject
        if subject is None or not super().concerns(changes):
            return False
        is_named = bool(changes.ids) and subject.kind is CardKind.CONTACT
        return not is_named or subject.id in changes.ids

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_F2 or not self.stack.rename():
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.finish_edits()
        super().hideEvent(event)

    def menu(self) -> QMenu:
        """What can be done with what is shown."""
        menu = QMenu(self)
        self.stack.fill_menu(menu)
        return menu

    def _go(self, subject: Subject) -> None:
        self.finish_edits()
        if self._trail.go(subject):
            self._load()

    @Slot(int)
    def _step(self, by: int) -> None:
        self.finish_edits()
        if self._trail.step(by):
            self._load()

    def _load(self) -> None:
        self.edits.subject = self.subject
        self.bar.show_trail(self._trail)
        self._is_stale = True
        if self.isVisible():
            self._skeleton_timer.start()
            self._refresh_if_visible()

    @Slot()
    def _read_again(self) -> None:
        """Something was stored here: show it at once."""
        self._refresh_timer.stop()
        self._is_stale = True
        self._refresh_if_visible()

    @Slot()
    def _follow_edit(self) -> None:
        """Something was done or undone, here or elsewhere: whoever looks waits for it."""
        if self._is_stale:
            self._read_again()

    @Slot()
    def _show_skeleton(self) -> None:
        self.stack.setCurrentWidget(self.stack.skeleton)

    @Slot(object)
    def _show(self, read: ReadCard) -> None:
        self._skeleton_timer.stop()
        if read.subject != self.subject:
            return
        with keeping_focus(self):
            self._show_card(read)

    def _show_card(self, read: ReadCard) -> None:
        self.bar.more_button.setEnabled(self.stack.show_card(read))
        if read.card is None:
            self.bar.graph_button.setEnabled(False)
        elif self._starts_note and read.subject.kind is CardKind.RELATIONSHIP:
            self._starts_note = False
            self.relationship.start_note()

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        self._skeleton_timer.stop()
        self.context.messages.error(error)

    @Slot(int)
    def _read_related(self, contact_id: int) -> None:
        access = self.context.access
        self._related.submit(
            lambda ctx: read_related(access, contact_id, ctx),
            priority=VIEW,
            done=self._show_related,
            failed=self._fail,
        )

    @Slot(object)
    def _show_related(self, answer: tuple[int, tuple[RelatedLine, ...]]) -> None:
        contact_id, lines = answer
        if self.subject == Subject(CardKind.CONTACT, contact_id):
            with keeping_focus(self):
                self.contact.show_related(lines, len(lines))

    @Slot(int)
    def _leave_gone(self, relationship_id: int) -> None:
        """Whoever rejects or deletes what the card shows goes back to where they came from."""
        if self.subject == Subject(CardKind.RELATIONSHIP, relationship_id):
            self.back()

    @Slot(int, str)
    def _ask_same(self, contact_id: int, name: str) -> None:
        from crm_desktop.ui.dialogs.same_person import SamePersonDialog

        dialog = SamePersonDialog(self.context, self.edits, contact_id, name, self.window())
        dialog.open()

    @Slot()
    def _show_on_graph(self) -> None:
        subject = self.subject
        if subject is not None and subject.kind is CardKind.CONTACT:
            self.context.navigate.show_on_graph.emit(subject.id)

    @Slot()
    def _open_menu(self) -> None:
        popup_below(self.menu(), self.bar.more_button)
