"""What the inspector holds: the card of whatever is selected, and the way back to earlier ones."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from crm_desktop.domain.cards import CompanyCard, ContactCard, RelatedLine
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.conversations import ConversationDetail
from crm_desktop.ui.tokens import SPACE_1, SPACE_2
from crm_desktop.ui.views.card_edits import CardEdits
from crm_desktop.ui.views.card_parts import finish_edits, popup_below
from crm_desktop.ui.views.card_reading import ReadCard, RelationshipCard, read_card, read_related
from crm_desktop.ui.views.company_card import CompanyCardView
from crm_desktop.ui.views.contact_card import ContactCardView
from crm_desktop.ui.views.conversation_view import ConversationView
from crm_desktop.ui.views.live_page import LivePage
from crm_desktop.ui.views.relationship_card import RelationshipCardView
from crm_desktop.ui.views.relationship_deeds import RelationshipDeeds
from crm_desktop.ui.views.subjects import CardKind, Subject, Trail
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.page_parts import PageStack
from crm_desktop.ui.widgets.section import keeping_focus
from crm_desktop.ui.widgets.skeleton import Skeleton
from crm_desktop.ui.widgets.tab_order import order_tabs
from crm_desktop.workers.job import VIEW
from crm_desktop.workers.latest import Latest

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext

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
        self._icons: list[tuple[QToolButton, str]] = []
        context.theme.changed.connect(self._draw_icons)
        self._latest = Latest(context.lanes.reader, self)
        self._related = Latest(context.lanes.reader, self)
        self.edits = CardEdits(context, self)
        self.edits.stored.connect(self._read_again)
        context.editing.status_changed.connect(self._follow_edit)
        self.deeds = RelationshipDeeds(context, self.edits, self)
        self.deeds.note_wanted.connect(self.write_note)
        self.deeds.gone.connect(self._leave_gone)
        self.contact = ContactCardView(context, self.edits, self.deeds)
        self.empty = EmptyState(context.theme)
        self._skeleton = Skeleton(context.theme)
        self._skeleton_timer = QTimer(self)
        self._skeleton_timer.setSingleShot(True)
        self._skeleton_timer.setInterval(SKELETON_AFTER_MS)
        self._skeleton_timer.timeout.connect(self._show_skeleton)
        self.back_button = self._button("arrow-left", "Back", "Alt+Left", self.back)
        self.forward_button = self._button("arrow-right", "Forward", "Alt+Right", self.forward)
        self.graph_button = self._button("graph", "Show on the graph", "", self._show_on_graph)
        self.more_button = self._button("more", "What can be done", "", self._open_menu)
        self._arrange()
        self._say_nothing_chosen()
        self._update_buttons()
        self._connect()

    def _arrange(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, 0)
        bar.setSpacing(SPACE_1)
        bar.addWidget(self.back_button)
        bar.addWidget(self.forward_button)
        bar.addStretch(1)
        bar.addWidget(self.graph_button)
        bar.addWidget(self.more_button)
        self._stack = PageStack(self, self.empty, self._skeleton, self.contact)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addLayout(self._stack, 1)

    def _connect(self) -> None:
        navigate = self.context.navigate
        navigate.show_contact.connect(self.show_contact)
        navigate.select_contact.connect(self.show_contact)
        navigate.show_company.connect(self.show_company)
        navigate.show_relationship.connect(self.show_relationship)
        navigate.select_relationship.connect(self.show_relationship)
        navigate.show_conversation.connect(self.show_conversation)
        self.contact.contact_wanted.connect(navigate.show_contact)
        self.contact.company_wanted.connect(navigate.show_company)
        self.contact.conversation_wanted.connect(self.show_conversation)
        self.contact.all_wanted.connect(self._read_related)
        self.contact.same_wanted.connect(self._ask_same)

    @cached_property
    def company(self) -> CompanyCardView:
        """The card of companies; made when it is first wanted, as are the next two."""
        view = CompanyCardView(self.context, self.edits, self.deeds)
        view.contact_wanted.connect(self.context.navigate.show_contact)
        view.company_wanted.connect(self.context.navigate.show_company)
        self._stack.addWidget(view)
        return view

    @cached_property
    def relationship(self) -> RelationshipCardView:
        """The card of relationships."""
        view = RelationshipCardView(self.context, self.edits, self.deeds)
        view.contact_wanted.connect(self.context.navigate.show_contact)
        view.company_wanted.connect(self.context.navigate.show_company)
        self._stack.addWidget(view)
        return view

    @cached_property
    def conversation(self) -> ConversationView:
        """What is known of conversations."""
        view = ConversationView(self.context)
        view.contact_wanted.connect(self.context.navigate.show_contact)
        self._stack.addWidget(view)
        return view

    def _button(self, icon: str, words: str, keys: str, action: Any) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(words)
        button.setToolTip(f"{words} ({keys})" if keys else words)
        button.clicked.connect(action)
        button.setIcon(self.context.theme.icon(icon))
        self._icons.append((button, icon))
        if keys:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(action)
        return button

    @Slot()
    def _draw_icons(self) -> None:
        for button, icon in self._icons:
            button.setIcon(self.context.theme.icon(icon))

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
        if event.key() == Qt.Key.Key_F2 and self.subject is not None:
            view = self._stack.currentWidget()
            if isinstance(view, ContactCardView | CompanyCardView):
                view.rename()
                return
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.finish_edits()
        super().hideEvent(event)

    def menu(self) -> QMenu:
        """What can be done with what is shown."""
        menu = QMenu(self)
        view = self._stack.currentWidget()
        if isinstance(view, ContactCardView | CompanyCardView | RelationshipCardView):
            view.fill_menu(menu)
        return menu

    def _go(self, subject: Subject) -> None:
        self.finish_edits()
        if self._trail.go(subject):
            self._load()

    def _step(self, by: int) -> None:
        self.finish_edits()
        if self._trail.step(by):
            self._load()

    def _load(self) -> None:
        self.edits.subject = self.subject
        self._update_buttons()
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
        self._stack.setCurrentWidget(self._skeleton)

    @Slot(object)
    def _show(self, read: ReadCard) -> None:
        self._skeleton_timer.stop()
        if read.subject != self.subject:
            return
        with keeping_focus(self):
            self._show_card(read)
        order_tabs(self)

    def _show_card(self, read: ReadCard) -> None:
        if isinstance(read.card, ContactCard):
            self.contact.show_card(read.card, read.now)
            self._stack.setCurrentWidget(self.contact)
        elif isinstance(read.card, CompanyCard):
            self.company.show_card(read.card)
            self._stack.setCurrentWidget(self.company)
        elif isinstance(read.card, RelationshipCard):
            self.relationship.show_card(read.card, read.now)
            self._stack.setCurrentWidget(self.relationship)
        elif isinstance(read.card, ConversationDetail):
            self.conversation.show_card(read.card, read.now)
            self._stack.setCurrentWidget(self.conversation)
        else:
            self._say_gone()
        can_change = isinstance(read.card, ContactCard | CompanyCard | RelationshipCard)
        self.more_button.setEnabled(can_change)
        if self._starts_note and read.subject.kind is CardKind.RELATIONSHIP:
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
        popup_below(self.menu(), self.more_button)

    def _update_buttons(self) -> None:
        self.back_button.setEnabled(self._trail.can_go_back)
        self.forward_button.setEnabled(self._trail.can_go_forward)
        subject = self.subject
        self.graph_button.setEnabled(subject is not None and subject.kind is CardKind.CONTACT)
        self.more_button.setEnabled(False)

    def _say_gone(self) -> None:
        detail = "It was removed, or joined with another. Search for it by name."
        self.empty.set_content("person", "No longer here", detail)
        self._stack.setCurrentWidget(self.empty)
        self.graph_button.setEnabled(False)

    def _say_nothing_chosen(self) -> None:
        self.empty.set_content(
            "person", "Nobody chosen", "Choose someone in a list or on the graph."
        )
        self._stack.setCurrentWidget(self.empty)
