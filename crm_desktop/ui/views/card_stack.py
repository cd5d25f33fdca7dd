"""The cards of the inspector, of which one shows; each kind is made when it is first wanted."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

from crm_desktop.domain.cards import CompanyCard, ContactCard
from crm_desktop.domain.conversations import ConversationDetail
from crm_desktop.ui.views.card_reading import ReadCard, RelationshipCard
from crm_desktop.ui.views.company_card import CompanyCardView
from crm_desktop.ui.views.contact_card import ContactCardView
from crm_desktop.ui.views.conversation_view import ConversationView
from crm_desktop.ui.views.relationship_card import RelationshipCardView
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.page_parts import PageStack
from crm_desktop.ui.widgets.skeleton import Skeleton

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.views.card_edits import CardEdits
    from crm_desktop.ui.views.relationship_deeds import RelationshipDeeds


class CardStack(PageStack):
    """Shows what was read on the card that it belongs to, or says why there is none."""

    def __init__(
        self, context: WindowContext, page: QWidget, edits: CardEdits, deeds: RelationshipDeeds
    ) -> None:
        self.context = context
        self.edits = edits
        self.deeds = deeds
        self.empty = EmptyState(context.theme)
        self.skeleton = Skeleton(context.theme)
        self.contact = ContactCardView(context, edits, deeds)
        super().__init__(page, self.empty, self.skeleton, self.contact)
        self.contact.contact_wanted.connect(context.navigate.show_contact)
        self.contact.company_wanted.connect(context.navigate.show_company)
        self.contact.conversation_wanted.connect(context.navigate.show_conversation)
        self.say_nothing_chosen()

    @cached_property
    def company(self) -> CompanyCardView:
        """The card of companies."""
        view = CompanyCardView(self.context, self.edits, self.deeds)
        view.contact_wanted.connect(self.context.navigate.show_contact)
        view.company_wanted.connect(self.context.navigate.show_company)
        self.addWidget(view)
        return view

    @cached_property
    def relationship(self) -> RelationshipCardView:
        """The card of relationships."""
        view = RelationshipCardView(self.context, self.edits, self.deeds)
        view.contact_wanted.connect(self.context.navigate.show_contact)
        view.company_wanted.connect(self.context.navigate.show_company)
        self.addWidget(view)
        return view

    @cached_property
    def conversation(self) -> ConversationView:
        """What is known of conversations."""
        view = ConversationView(self.context)
        view.contact_wanted.connect(self.context.navigate.show_contact)
        self.addWidget(view)
        return view

    def show_card(self, read: ReadCard) -> bool:
        """Show a card; whether it is one of something that can be changed."""
        if isinstance(read.card, ContactCard):
            self.contact.show_card(read.card, read.now)
            self.setCurrentWidget(self.contact)
        elif isinstance(read.card, CompanyCard):
            self.company.show_card(read.card)
            self.setCurrentWidget(self.company)
        elif isinstance(read.card, RelationshipCard):
            self.relationship.show_card(read.card, read.now)
            self.setCurrentWidget(self.relationship)
        elif isinstance(read.card, ConversationDetail):
            self.conversation.show_card(read.card, read.now)
            self.setCurrentWidget(self.conversation)
        else:
            detail = "It was removed, or joined with another. Search for it by name."
            self.empty.set_content("person", "No longer here", detail)
            self.setCurrentWidget(self.empty)
        return isinstance(read.card, ContactCard | CompanyCard | RelationshipCard)

    def say_nothing_chosen(self) -> None:
        """Nothing was asked for yet."""
        detail = "Choose someone in a list or on the graph."
        self.empty.set_content("person", "Nobody chosen", detail)
        self.setCurrentWidget(self.empty)

    def fill_menu(self, menu: QMenu) -> None:
        """Add what can be done with what is shown."""
        view = self.currentWidget()
        if isinstance(view, ContactCardView | CompanyCardView | RelationshipCardView):
            view.fill_menu(menu)

    def rename(self) -> bool:
        """Let the name be typed; whether what is shown has one."""
        view = self.currentWidget()
        if isinstance(view, ContactCardView | CompanyCardView):
            view.rename()
            return True
        return False
