"""The inspector: the place at the right where the card of whatever is selected lives."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout

from crm_desktop.ui.page_host import load_module
from crm_desktop.workers.job import IDLE

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.views.card import CardView

CARD_MODULE = "crm_desktop.ui.views.card"
MIN_WIDTH = 280
USUAL_WIDTH = 360


class Inspector(QFrame):
    """Opens for whom the navigator shows; follows, while open, whom it selects.

    Signals:
        toggled(bool): it was opened or closed.
        left(): it was closed while the keyboard was in it.
    """

    toggled = Signal(bool)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inspector")
        self.setAccessibleName("Card")
        self.setMinimumWidth(MIN_WIDTH)
        self._context: WindowContext | None = None
        self._card: CardView | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def sizeHint(self) -> QSize:
        return QSize(USUAL_WIDTH, 600)

    @property
    def card(self) -> CardView | None:
        """The card's view, once there is one."""
        return self._card

    @property
    def is_open(self) -> bool:
        """Whether the card shows."""
        return not self.isHidden()

    def attach(self, context: WindowContext) -> None:
        """Show cards from the database of `context`; their view is loaded on a lane."""
        self._context = context
        context.navigate.show_contact.connect(self._show_contact)
        context.navigate.show_company.connect(self._show_company)
        context.navigate.show_relationship.connect(self._show_relationship)
        context.navigate.show_conversation.connect(self._show_conversation)
        context.lanes.search.submit(
            partial(load_module, CARD_MODULE), priority=IDLE, done=self._on_loaded
        )

    def set_open(self, is_open: bool) -> None:
        """Show or hide the card."""
        if is_open:
            self._make_card()
        focus = self.window().focusWidget()
        had_focus = focus is not None and self.isAncestorOf(focus)
        self.setVisible(is_open)
        self.toggled.emit(is_open)
        if had_focus and not is_open:
            self.left.emit()

    @Slot(int)
    def _show_contact(self, contact_id: int) -> None:
        self.set_open(True)
        if self._card is not None:
            # A card that was made only now has not heard the request.
            self._card.show_contact(contact_id)

    @Slot(int)
    def _show_company(self, company_id: int) -> None:
        self.set_open(True)
        if self._card is not None:
            self._card.show_company(company_id)

    @Slot(int)
    def _show_relationship(self, relationship_id: int) -> None:
        self.set_open(True)
        if self._card is not None:
            self._card.show_relationship(relationship_id)

    @Slot(int)
    def _show_conversation(self, conversation_id: int) -> None:
        self.set_open(True)
        if self._card is not None:
            self._card.show_conversation(conversation_id)

    def finish_edits(self) -> None:
        """Store whatever is being typed in the card."""
        if self._card is not None:
            self._card.finish_edits()

    @Slot(object)
    def _on_loaded(self, _module: str) -> None:
        self._make_card()

    def _make_card(self) -> None:
        if self._context is None or self._card is not None:
            return
        from crm_desktop.ui.views.card import CardView

        self._card = CardView(self._context)
        self._layout.addWidget(self._card)
