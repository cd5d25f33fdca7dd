"""The card of a person: who they are, how it stands between you, and what was said last."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from crm_desktop.domain.cards import ContactCard, RelatedLine
from crm_desktop.domain.contacts import ContactKind
from crm_desktop.domain.relationships import EntityKind
from crm_desktop.ui.format import (
    birthday,
    decay_word,
    duration,
    exact,
    number,
    plain_tooltip,
    plural,
    relative,
    short_day,
)
from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4
from crm_desktop.ui.widgets.avatar import Avatar
from crm_desktop.ui.widgets.chip import Chip
from crm_desktop.ui.widgets.decay import DecayLabel
from crm_desktop.ui.widgets.flow import FlowLayout
from crm_desktop.ui.widgets.labels import ElidedLabel, LinkLabel, plain_label
from crm_desktop.ui.widgets.rows import (
    ConversationRow,
    EntityRow,
    FactRow,
    IdentifierRow,
    related_row,
)
from crm_desktop.ui.widgets.score_bar import ScoreTerms
from crm_desktop.ui.widgets.section import CardScroll, Section
from crm_desktop.ui.widgets.sparkline import MonthlyChart

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

PORTRAIT = 64
FIRST_RELATED = 8
FIRST_CONVERSATIONS = 5
KIND_WORDS = {
    ContactKind.ROLE: "A shared address, not a person",
    ContactKind.LIST: "A mailing list",
    ContactKind.BOT: "Automatic mail",
}


class CardHeader(QWidget):
    """Portrait, name, work and how fresh the contact is.

    Signals:
        company_wanted(company_id): the organisation was clicked.
    """

    company_wanted = Signal(int)

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self.avatar = Avatar(theme, PORTRAIT)
        self.name = plain_label("", "title", wraps=True)
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.work = ElidedLabel("", "body", "muted")
        self.company = LinkLabel("", "body", "accent")
        self.company.activated.connect(self._want_company)
        self.decay = DecayLabel(theme)
        self._company_id: int | None = None
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        for widget in (self.name, self.work, self.company):
            words.addWidget(widget)
        words.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(SPACE_4)
        top.addWidget(self.avatar, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_1, 0, SPACE_1, 0)
        column.setSpacing(SPACE_3)
        column.addLayout(top)
        column.addWidget(self.decay)

    def show_card(self, card: ContactCard, now: int) -> None:
        """Show this person."""
        self.avatar.set_person(card.id, card.name, card.photo)
        self.name.setText(card.name)
        self.name.setAccessibleName(card.name)
        what = "This is you" if card.is_self else KIND_WORDS.get(card.kind, card.title or "")
        self.work.set_full_text(what)
        self.work.setVisible(bool(what))
        self._company_id = card.company_id
        self.company.set_full_text(card.organization or "")
        self.company.setVisible(card.organization is not None)
        # How long ago one was in touch with oneself says nothing.
        has_decay = card.decay_bucket is not None and not card.is_self
        self.decay.setVisible(has_decay)
        if card.decay_bucket is not None and card.last_message_at is not None:
            word, ago = decay_word(card.decay_bucket), relative(card.last_message_at, now)
            self.decay.set_bucket(card.decay_bucket, f"{word} · last contact {ago}")
            self.decay.setToolTip(exact(card.last_message_at))

    @Slot()
    def _want_company(self) -> None:
        if self._company_id is not None:
            self.company_wanted.emit(self._company_id)


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


class ContactCardView(CardScroll):
    """A contact, from portrait to last conversations.

    Signals:
        contact_wanted(contact_id), company_wanted(company_id): a line was clicked.
        all_wanted(contact_id): all relationships are to be listed, not only the first.
    """

    contact_wanted = Signal(int)
    company_wanted = Signal(int)
    all_wanted = Signal(int)

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__("Contact")
        self._theme = theme
        self._contact_id = 0
        self.header = CardHeader(theme)
        self.header.company_wanted.connect(self.company_wanted)
        self.score = ScoreSection(theme)
        self.chart = MonthlyChart(theme)
        self._chart_section = Section("Contact over time")
        self._chart_section.add(self.chart)
        self.identifiers = Section("Reach", spacing=0, has_buttons=True)
        self.facts = Section("Details")
        self.tags = Section("Tags")
        self.notes = Section("Notes")
        self.related = Section("Relationships", spacing=0, has_buttons=True)
        self.conversations = Section("Recent conversations", spacing=SPACE_2)
        for part in (
            self.header,
            self.score,
            self._chart_section,
            self.identifiers,
            self.related,
            self.conversations,
            self.facts,
            self.tags,
            self.notes,
        ):
            self.column.addWidget(part)
        self.column.addStretch(1)

    def show_card(self, card: ContactCard, now: int) -> None:
        """Show this contact; times are told from `now` (epoch seconds UTC)."""
        if card.id != self._contact_id:
            self.verticalScrollBar().setValue(0)
        self._contact_id = card.id
        self.header.show_card(card, now)
        self.score.show_card(card)
        self._chart_section.setVisible(card.message_count > 0)
        self.chart.set_months(card.monthly, now)
        self._fill(self.identifiers, (IdentifierRow(self._theme, i) for i in card.identifiers))
        self.show_related(card.relationships[:FIRST_RELATED], card.relationship_count)
        self._fill(
            self.conversations,
            (
                ConversationRow(self._theme, conversation, now)
                for conversation in card.conversations[:FIRST_CONVERSATIONS]
            ),
        )
        self._fill(self.facts, _facts(card, now))
        self._show_tags(card.tags)
        self.notes.clear()
        if card.notes:
            text = plain_label(card.notes, wraps=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.notes.add(text)

    def show_related(self, lines: Iterable[RelatedLine], count: int) -> None:
        """List relationships; `count` is how many there are, shown or not."""
        rows = [self._entity_row(line) for line in lines]
        self._fill(self.related, rows)
        self.related.heading.setText(f"Relationships · {number(count)}" if count else "")
        if count > len(rows):
            self.related.add(link_button(f"Show all {number(count)}", self._want_all))

    def _entity_row(self, line: RelatedLine) -> EntityRow:
        row = related_row(self._theme, line)
        is_person = line.entity_type is EntityKind.CONTACT
        wanted = self.contact_wanted if is_person else self.company_wanted
        row.clicked.connect(lambda: wanted.emit(line.entity_id))
        return row

    def _show_tags(self, tags: Iterable[str]) -> None:
        self.tags.clear()
        chips = [Chip(self._theme, tag) for tag in tags]
        if chips:
            box = QWidget()
            flow = FlowLayout(box, SPACE_1)
            for chip in chips:
                flow.addWidget(chip)
            self.tags.add(box)

    @staticmethod
    def _fill(section: Section, widgets: Iterable[QWidget]) -> None:
        section.clear()
        for widget in widgets:
            section.add(widget)

    @Slot()
    def _want_all(self) -> None:
        self.all_wanted.emit(self._contact_id)


def link_button(words: str, action: Callable[[], object]) -> QPushButton:
    """A quiet button that reads as a link."""
    button = QPushButton(words)
    button.setProperty("kind", "link")
    button.setAccessibleName(words)
    button.clicked.connect(lambda _checked=False: action())
    return button


def _facts(card: ContactCard, now: int) -> list[FactRow]:
    rows = []
    if card.birthday:
        today = datetime.fromtimestamp(now, UTC).astimezone().date()
        rows.append(FactRow("Birthday", birthday(card.birthday, today)))
    if card.message_count:
        rows.append(FactRow("Messages", number(card.message_count)))
    for name, moment in (
        ("First contact", card.first_message_at),
        ("Last contact", card.last_message_at),
    ):
        if moment is not None:
            rows.append(FactRow(name, short_day(moment), plain_tooltip(exact(moment))))
    features = card.features
    if features is not None and features.messages_30d:
        rows.append(FactRow("Last 30 days", plural(features.messages_30d, "message")))
    if features is not None and features.avg_reply_latency_seconds is not None:
        rows.append(FactRow("You answer within", duration(features.avg_reply_latency_seconds)))
    return rows
