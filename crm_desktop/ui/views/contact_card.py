"""The card of a person: who they are, how it stands between you, and what was said last."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from crm_desktop.domain.cards import ContactCard, RelatedLine
from crm_desktop.domain.contacts import ContactKind
from crm_desktop.domain.messages import ConversationSummary
from crm_desktop.domain.relationships import EntityKind
from crm_desktop.ui.tokens import SPACE_4
from crm_desktop.ui.views import card_commands as commands
from crm_desktop.ui.views.card_edits import short
from crm_desktop.ui.views.card_parts import NotesSection
from crm_desktop.ui.views.card_reading import read_tags
from crm_desktop.ui.views.contact_header import CardHeader
from crm_desktop.ui.views.details_section import KINDS, DetailsSection
from crm_desktop.ui.views.history_section import HistorySection
from crm_desktop.ui.views.identifiers_section import IdentifiersSection
from crm_desktop.ui.views.namesakes_section import NamesakesSection
from crm_desktop.ui.views.related_section import RelatedSection
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.row_section import RowSection
from crm_desktop.ui.widgets.rows import ConversationRow
from crm_desktop.ui.widgets.score_bar import ScoreTerms
from crm_desktop.ui.widgets.section import CardScroll, Section
from crm_desktop.ui.widgets.sparkline import MonthlyChart
from crm_desktop.ui.widgets.tag_editor import TagEditor
from crm_desktop.workers.job import VIEW
from crm_desktop.workers.latest import Latest

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.theme import ThemeManager
    from crm_desktop.ui.views.card_edits import CardEdits
    from crm_desktop.ui.views.relationship_deeds import RelationshipDeeds

FIRST_RELATED = 8
FIRST_CONVERSATIONS = 5


class ScoreSection(Section):
    """The score as a number and its five terms."""

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__("Score")
        self.number = plain_label("", "display")
        self.terms = ScoreTerms(theme)
        self.note = plain_label("", "caption", "muted", wraps=True)
        row = QHBoxLayout()
        row.setSpacing(SPACE_4)
        row.addWidget(self.number, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.terms, 1)
        self.body.addLayout(row)
        self.body.addWidget(self.note)

    def show_card(self, card: ContactCard) -> None:
        """Show the terms, or nothing where there are none: nobody is ranked against oneself."""
        breakdown = None if card.is_self else card.breakdown
        self.setVisible(breakdown is not None)
        if breakdown is None:
            return
        self.number.setText(f"{breakdown.score:.0f}")
        self.number.setAccessibleName(f"Score {breakdown.score:.0f} of 100")
        self.number.setToolTip("Of 100 points")
        self.terms.set_breakdown(breakdown)
        self.note.setVisible(breakdown.is_capped)
        self.note.setText("Capped at 15: you never wrote to them.")


class _ConversationItem(ConversationRow):
    """A conversation in a RowSection."""

    def show_item(self, item: tuple[ConversationSummary, int]) -> None:
        """Show this conversation; times are told from the second part."""
        self.set_content(*item)


class ContactCardView(CardScroll):
    """A contact, from portrait to history; most of it can be changed where it stands.

    Signals:
        contact_wanted(contact_id), company_wanted(company_id): a line was clicked.
        conversation_wanted(conversation_id): the same for a conversation.
        all_wanted(contact_id): all relationships are to be listed, not only the first.
        same_wanted(contact_id, name): another contact that is the same person is to be asked for.
    """

    contact_wanted = Signal(int)
    company_wanted = Signal(int)
    conversation_wanted = Signal(int)
    all_wanted = Signal(int)
    same_wanted = Signal(int, str)

    def __init__(self, context: WindowContext, edits: CardEdits, deeds: RelationshipDeeds) -> None:
        super().__init__("Contact")
        theme = context.theme
        self._context = context
        self._edits = edits
        self._deeds = deeds
        self._latest = Latest(context.lanes.reader, self)
        self.card: ContactCard | None = None
        self._lists_all = False
        self.header = CardHeader(context, edits)
        self.score = ScoreSection(theme)
        self.chart = MonthlyChart(theme)
        self._chart_section = Section("Contact over time")
        self._chart_section.add(self.chart)
        self.identifiers = IdentifiersSection(theme, edits)
        self.namesakes = NamesakesSection(theme, edits)
        self.related = RelatedSection(context, deeds)
        self.conversations: RowSection[tuple[ConversationSummary, int]] = RowSection(
            "Recent conversations", key=lambda item: item[0].id, make=self._conversation
        )
        self.details = DetailsSection(theme, edits)
        self.tags = TagEditor(theme)
        self._tags_section = Section("Tags")
        self._tags_section.add(self.tags)
        self.notes = NotesSection("Notes", "Write what you want to remember")
        self.history = HistorySection(context)
        for part in self._parts():
            self.column.addWidget(part)
        self.column.addStretch(1)
        self._connect()

    def _parts(self) -> tuple[QWidget, ...]:
        return (
            self.header,
            self.score,
            self._chart_section,
            self.identifiers,
            self.namesakes,
            self.related,
            self.conversations,
            self.details,
            self._tags_section,
            self.notes,
            self.history,
        )

    def _connect(self) -> None:
        self.header.company_wanted.connect(self.company_wanted)
        self.namesakes.contact_wanted.connect(self.contact_wanted)
        self.related.contact_wanted.connect(self.contact_wanted)
        self.related.company_wanted.connect(self.company_wanted)
        self.related.all_wanted.connect(self._want_all)
        self.related.add_wanted.connect(self.add_relationship)
        self.tags.opened.connect(self._read_tags)
        self.tags.added.connect(self._add_tags)
        self.tags.removed.connect(self._remove_tag)
        self.notes.committed.connect(self._change_notes)
        self.notes.notes.escaped.connect(self.setFocus)
        self.follow_cursor(self.notes.notes)

    def show_card(self, card: ContactCard, now: int) -> None:
        """Show this contact; times are told from `now` (epoch seconds UTC)."""
        if self.card is None or card.id != self.card.id:
            self.verticalScrollBar().setValue(0)
            self.notes.notes.forget()
            self.tags.revert()
            self._lists_all = False
        self.card = card
        self.header.show_card(card, now)
        self.score.show_card(card)
        self._chart_section.setVisible(card.message_count > 0)
        self.chart.set_months(card.monthly, now)
        self.identifiers.show_identifiers(card.id, card.name, card.identifiers)
        self.namesakes.show_namesakes(card.id, card.namesakes)
        if self._lists_all:
            self.all_wanted.emit(card.id)
        else:
            self.related.show_lines(card.relationships[:FIRST_RELATED], card.relationship_count)
        self.conversations.show_items(
            (conversation, now) for conversation in card.conversations[:FIRST_CONVERSATIONS]
        )
        self.details.show_card(card, now)
        self.tags.set_tags(card.tags)
        self.notes.notes.set_value(card.notes or "")
        self.history.show_entity(EntityKind.CONTACT, card.id)

    def show_related(self, lines: Sequence[RelatedLine], count: int) -> None:
        """List relationships; `count` is how many there are, shown or not."""
        self.related.show_lines(lines, count)

    def fill_menu(self, menu: QMenu) -> None:
        """Add what can be done with the contact."""
        card = self.card
        if card is None:
            return
        menu.addAction("Rename", self.rename)
        menu.addAction("Add a relationship…", self.add_relationship)
        menu.addAction("Same person as…", partial(self.same_wanted.emit, card.id, card.name))
        if not card.is_self:
            kinds = menu.addMenu(
                "This is not a person" if card.kind is ContactKind.PERSON else "Kind"
            )
            for kind, words in KINDS:
                entry = kinds.addAction(words, partial(self.details.change_kind, str(kind)))
                entry.setCheckable(True)
                entry.setChecked(kind is card.kind)
        menu.addSeparator()
        delete = menu.addAction("Delete", partial(self._delete, card))
        delete.setEnabled(not card.message_count and not card.is_self)
        if card.message_count:
            delete.setText("Delete (has messages)")

    @Slot()
    def rename(self) -> None:
        """Let the name be typed."""
        self.ensureWidgetVisible(self.header.name)
        self.header.name.begin()

    @Slot()
    def add_relationship(self) -> None:
        """Open the form with this end given."""
        if self.card is not None:
            self._deeds.add(EntityKind.CONTACT, self.card.id, self.card.name)

    def _delete(self, card: ContactCard) -> None:
        self._edits.run(commands.delete_contact(card.id), f"Deleted {short(card.name)}")

    def _conversation(self, _item: tuple[ConversationSummary, int]) -> _ConversationItem:
        row = _ConversationItem(self._context.theme)
        row.clicked.connect(lambda: self.conversation_wanted.emit(row.conversation_id))
        return row

    @Slot()
    def _want_all(self) -> None:
        if self.card is not None:
            self._lists_all = True
            self.all_wanted.emit(self.card.id)

    @Slot()
    def _read_tags(self) -> None:
        access = self._context.access
        self._latest.submit(
            lambda ctx: read_tags(access, ctx),
            priority=VIEW,
            done=self.tags.set_known,
            failed=self._context.messages.error,
        )

    @Slot(list)
    def _add_tags(self, tags: list[str]) -> None:
        if self.card is None:
            return
        words = ", ".join(short(tag) for tag in tags)
        said = f"Tagged {short(self.card.name)}: {words}"
        self._edits.run(commands.add_tags(self.card.id, tags), said, field=self.tags)

    @Slot(str)
    def _remove_tag(self, tag: str) -> None:
        if self.card is not None:
            said = f"Took the tag {short(tag)} off {short(self.card.name)}"
            self._edits.run(commands.remove_tag(self.card.id, tag), said)

    @Slot(str)
    def _change_notes(self, text: str) -> None:
        if self.card is not None:
            said = f"Saved the notes on {short(self.card.name)}"
            command = commands.update_contact(self.card.id, notes=text or None)
            self._edits.run(command, said, field=self.notes.notes)
