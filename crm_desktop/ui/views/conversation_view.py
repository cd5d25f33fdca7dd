"""What is known of a conversation: who took part, and the beginning of what each wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.domain.contacts import ContactKind
from crm_desktop.domain.conversations import ConversationDetail, ConversationPerson, KnownMessage
from crm_desktop.domain.relationships import EntityKind
from crm_desktop.ui.format import exact, number, plain_tooltip, plural, relative, short_day
from crm_desktop.ui.theme import CAPTION, LEAD
from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from crm_desktop.ui.views.card_parts import link_line
from crm_desktop.ui.widgets.breaking_label import BreakingLabel
from crm_desktop.ui.widgets.labels import LinkLabel, plain_label
from crm_desktop.ui.widgets.row_section import RowSection
from crm_desktop.ui.widgets.rows import EntityRow
from crm_desktop.ui.widgets.section import (
    CardScroll,
    Section,
    clear_layout,
    hairline,
    keeping_focus,
)

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.theme import ThemeManager

FIRST_MESSAGES = 30
KEPT_CHARACTERS = 500
KIND_WORDS = {
    ContactKind.ROLE: "Shared address",
    ContactKind.LIST: "Mailing list",
    ContactKind.BOT: "Automatic mail",
}


class _PersonItem(EntityRow):
    """Someone who took part, in a RowSection."""

    def show_item(self, item: ConversationPerson) -> None:
        """Show this person."""
        sent = f"{number(item.sent)} sent" if item.sent else ""
        detail = KIND_WORDS.get(item.kind, sent)
        self.set_content(EntityKind.CONTACT, item.contact_id, item.name, detail)


class MessageEntry(QWidget):
    """One message: who wrote when, and how it begins.

    Signals:
        contact_wanted(contact_id): the sender was clicked.
    """

    contact_wanted = Signal(int)

    def __init__(self, theme: ThemeManager, message: KnownMessage, now: int) -> None:
        super().__init__()
        sender = message.sender or "Not counted as correspondence"
        when = "" if message.sent_at is None else relative(message.sent_at, now)
        top = QHBoxLayout()
        top.setSpacing(SPACE_2)
        if message.sender_id is None:
            top.addWidget(plain_label(sender, "body", "muted"), 1)
        else:
            contact_id = message.sender_id
            link = LinkLabel(sender, "body", is_strong=True)
            link.activated.connect(lambda: self.contact_wanted.emit(contact_id))
            top.addWidget(link, 1)
        date = plain_label(when, "caption", "muted")
        if message.sent_at is not None:
            date.setToolTip(plain_tooltip(exact(message.sent_at)))
        top.addWidget(date)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_1, SPACE_2, SPACE_1, SPACE_2)
        column.setSpacing(SPACE_1)
        column.addLayout(top)
        is_cut = len(message.preview) >= KEPT_CHARACTERS
        text = message.preview.strip() + (" …" if is_cut else "")
        column.addWidget(
            BreakingLabel(
                theme, text or "Nothing is kept of its text.", ink="text" if text else "muted"
            )
        )
        if message.attachment_count:
            count = plural(message.attachment_count, "attachment")
            column.addWidget(plain_label(count, "caption", "muted"))
        self.setAccessibleName(", ".join(part for part in (sender, when, text) if part))


class ConversationView(CardScroll):
    """A conversation, its latest message first.

    Signals:
        contact_wanted(contact_id): somebody who took part was clicked.
    """

    contact_wanted = Signal(int)

    def __init__(self, context: WindowContext) -> None:
        super().__init__("Conversation")
        self._theme = context.theme
        self.detail: ConversationDetail | None = None
        self._now = 0
        self._lists_all = False
        self.subject = BreakingLabel(context.theme, size=LEAD)
        self.facts = BreakingLabel(context.theme, size=CAPTION, ink="muted")
        head = QVBoxLayout()
        head.setContentsMargins(SPACE_1, 0, SPACE_1, 0)
        head.setSpacing(SPACE_1)
        head.addWidget(self.subject)
        head.addWidget(self.facts)
        self.people: RowSection[ConversationPerson] = RowSection(
            "People", key=lambda person: person.contact_id, make=self._person
        )
        self.messages = Section("Messages, latest first", spacing=0, has_buttons=True)
        self.column.setSpacing(SPACE_3)
        self.column.addLayout(head)
        self.column.addWidget(self.people)
        self.column.addWidget(self.messages)
        self.column.addStretch(1)

    def show_card(self, detail: ConversationDetail, now: int) -> None:
        """Show this conversation; times are told from `now` (epoch seconds UTC)."""
        if self.detail is None or detail.id != self.detail.id:
            self.verticalScrollBar().setValue(0)
            self._lists_all = False
        elif detail == self.detail:
            return
        self.detail, self._now = detail, now
        self.subject.set_text(detail.subject.strip() or "No subject")
        self.facts.set_text(_facts(detail))
        self.people.show_items(detail.people)
        self._show_messages()

    def _show_messages(self) -> None:
        detail = self.detail
        if detail is None:
            return
        latest_first = detail.messages[::-1]
        shown = latest_first if self._lists_all else latest_first[:FIRST_MESSAGES]
        clear_layout(self.messages.body)
        for place, message in enumerate(shown):
            if place:
                self.messages.add(hairline())
            entry = MessageEntry(self._theme, message, self._now)
            entry.contact_wanted.connect(self.contact_wanted)
            self.messages.add(entry)
        missing = len(latest_first) - len(shown)
        if missing:
            words = f"Show {plural(missing, 'earlier message')}"
            self.messages.add(link_line(words, self._show_all))
        self.messages.setVisible(bool(shown))

    @Slot()
    def _show_all(self) -> None:
        self._lists_all = True
        with keeping_focus(self):
            self._show_messages()

    def _person(self, person: ConversationPerson) -> _PersonItem:
        row = _PersonItem(self._theme)
        row.clicked.connect(lambda: self.contact_wanted.emit(person.contact_id))
        return row


def _facts(detail: ConversationDetail) -> str:
    words = [plural(detail.message_count, "message")]
    dates = [message.sent_at for message in detail.messages if message.sent_at is not None]
    if dates:
        first, last = short_day(min(dates)), short_day(max(dates))
        words.append(first if first == last else f"{first} – {last}")
    if detail.message_count > len(detail.messages):
        words.append(f"the last {number(len(detail.messages))} are shown")
    return " · ".join(words)
