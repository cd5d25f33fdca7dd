"""The card of a relationship: who is related how, what one thinks of it, and how it is known."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from crm_desktop.domain import relationships
from crm_desktop.domain.relationships import (
    ATTITUDES,
    PROXIMITIES,
    EntityKind,
    RelationshipSource,
)
from crm_desktop.ui.format import exact, number, short_day
from crm_desktop.ui.tokens import SPACE_1, SPACE_2
from crm_desktop.ui.typed_dates import spelt_date, typed_date
from crm_desktop.ui.views import card_commands as commands
from crm_desktop.ui.views.card_parts import NotesSection
from crm_desktop.ui.views.card_reading import RelationshipCard
from crm_desktop.ui.views.namesakes_section import Decision, decide, standing
from crm_desktop.ui.views.relationship_deeds import RelationshipDeeds
from crm_desktop.ui.views.relationship_ends import RelationshipEnds
from crm_desktop.ui.views.relationship_notes import RelationshipNotes
from crm_desktop.ui.widgets.breaking_label import BreakingLabel
from crm_desktop.ui.widgets.editable_text import EditableText
from crm_desktop.ui.widgets.rows import FactRow, FieldRow
from crm_desktop.ui.widgets.scale_field import ScaleField
from crm_desktop.ui.widgets.section import CardScroll, Section, clear_layout

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.theme import ThemeManager
    from crm_desktop.ui.views.card_edits import CardEdits

EXAMPLE = "2019, May 2019…"
SOURCES = {
    RelationshipSource.MANUAL: "Entered by you",
    RelationshipSource.INFERRED: "Found in your mail",
    RelationshipSource.IMPORTED: "From your contacts",
}


def command_button(words: str, kind: str = "plain") -> QPushButton:
    """A button for one command."""
    button = QPushButton(words)
    button.setProperty("kind", kind)
    button.setAccessibleName(words)
    return button


class OpinionSection(Section):
    """What the person says of a relationship: attitude, closeness, and since and until when."""

    def __init__(self, theme: ThemeManager, edits: CardEdits) -> None:
        super().__init__("What you say of it", spacing=0, has_buttons=True)
        self._edits = edits
        self._relationship_id = 0
        self._today = date(2000, 1, 1)
        self.attitude = ScaleField(theme, "Attitude", ATTITUDES, "Not said")
        self.closeness = ScaleField(theme, "Closeness", PROXIMITIES, "Not said")
        self.started = EditableText(
            theme, "Since", "Not said", example=EXAMPLE, check=self._read_date
        )
        self.ended = EditableText(
            theme, "Until", "Still so", example=EXAMPLE, check=self._read_date
        )
        for name, field in (
            ("Attitude", self.attitude),
            ("Closeness", self.closeness),
            ("Since", self.started),
            ("Until", self.ended),
        ):
            self.add(FieldRow(name, field, is_aligned=True))
        self.attitude.chosen.connect(partial(self._rate, "attitude"))
        self.closeness.chosen.connect(partial(self._rate, "proximity"))
        self.started.committed.connect(partial(self._date, "started_on", self.started))
        self.ended.committed.connect(partial(self._date, "ended_on", self.ended))

    def show_card(self, card: RelationshipCard, now: int) -> None:
        """Show these of a relationship."""
        detail = card.detail
        row = detail.relationship
        if row.id != self._relationship_id:
            self.started.forget()
            self.ended.forget()
        self._relationship_id = row.id
        self._today = datetime.fromtimestamp(now, UTC).astimezone().date()
        self.attitude.set_value(row.attitude)
        self.closeness.set_value(row.proximity)
        self.started.set_value(spelt_date(detail.started_on))
        self.ended.set_value(spelt_date(detail.ended_on))

    def _read_date(self, typed: str) -> str:
        return typed_date(typed, self._today, needs_year=True)

    def _rate(self, field: str, value: int) -> None:
        words = "attitude" if field == "attitude" else "closeness"
        command = commands.update_relationship(self._relationship_id, **{field: value or None})
        self._edits.run(command, f"Changed the {words}")

    def _date(self, column: str, field: EditableText, text: str) -> None:
        words = "beginning" if column == "started_on" else "end"
        command = commands.update_relationship(self._relationship_id, **{column: text or None})
        self._edits.run(command, f"Changed the {words}", field=field)


class IdentitySection(Section):
    """Asks whether the two ends are one person, where that may be."""

    def __init__(self, theme: ThemeManager, edits: CardEdits) -> None:
        super().__init__("One person or two?", has_buttons=True)
        self._edits = edits
        self._card: RelationshipCard | None = None
        self.words = BreakingLabel(theme)
        self.same_button = command_button("The same person")
        self.different_button = command_button("Two people")
        self.same_button.clicked.connect(self._say_same)
        self.different_button.clicked.connect(self._say_different)
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(SPACE_1, 0, SPACE_1, 0)
        column.addWidget(self.words)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        buttons.addWidget(self.same_button)
        buttons.addWidget(self.different_button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.add(box)

    def show_card(self, card: RelationshipCard) -> None:
        """Ask about the ends of this relationship, or hide."""
        self._card = card
        other = card.identity
        self.setVisible(other is not None)
        if other is not None:
            self.words.set_text(f"{other.name}: {standing(other)}")
            self.same_button.setVisible(other.decision != "same")
            self.different_button.setVisible(other.decision != "different")

    @Slot()
    def _say_same(self) -> None:
        self._decide("same")

    @Slot()
    def _say_different(self) -> None:
        self._decide("different")

    def _decide(self, decision: Decision) -> None:
        if self._card is not None and self._card.identity is not None:
            contact_id = self._card.detail.relationship.from_entity_id
            decide(self._edits, contact_id, self._card.identity, decision)


class RelationshipCardView(CardScroll):
    """A relationship; what a person says of it is changed where it stands.

    Signals:
        contact_wanted(contact_id), company_wanted(company_id): an end was clicked.
    """

    contact_wanted = Signal(int)
    company_wanted = Signal(int)

    def __init__(self, context: WindowContext, edits: CardEdits, deeds: RelationshipDeeds) -> None:
        super().__init__("Relationship")
        theme = context.theme
        self._edits = edits
        self._deeds = deeds
        self.card: RelationshipCard | None = None
        self.ends = RelationshipEnds(theme)
        self.ends.contact_wanted.connect(self.contact_wanted)
        self.ends.company_wanted.connect(self.company_wanted)
        self.ends.type_chosen.connect(self._retype)
        self.confirm_button = command_button("Confirm", "primary")
        self.reject_button = command_button("Reject")
        self.delete_button = command_button("Delete", "danger")
        self.confirm_button.clicked.connect(partial(self._judge, "confirm"))
        self.reject_button.clicked.connect(partial(self._judge, "reject"))
        self.delete_button.clicked.connect(partial(self._judge, "delete"))
        self.identity = IdentitySection(theme, edits)
        self.description = NotesSection("Description", "What is it about?", 1)
        self.description.committed.connect(self._describe)
        self.opinion = OpinionSection(theme, edits)
        self.notes = RelationshipNotes(theme, edits)
        self.source = Section("How it is known", spacing=0, has_buttons=True)
        for editor in (self.description.notes, self.notes.new):
            self.follow_cursor(editor)
        self.description.notes.escaped.connect(self.setFocus)
        self.notes.escaped.connect(self.setFocus)
        self._arrange()

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setContentsMargins(SPACE_1, 0, 0, 0)
        buttons.setSpacing(SPACE_2)
        for button in (self.confirm_button, self.reject_button, self.delete_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.column.addWidget(self.ends)
        self.column.addLayout(buttons)
        for part in (self.identity, self.description, self.opinion, self.notes, self.source):
            self.column.addWidget(part)
        self.column.addStretch(1)

    def show_card(self, card: RelationshipCard, now: int) -> None:
        """Show this relationship; times are told from `now` (epoch seconds UTC)."""
        row = card.detail.relationship
        if self.card is None or row.id != self.card.detail.relationship.id:
            self.verticalScrollBar().setValue(0)
            self.description.notes.forget()
        self.card = card
        self.ends.show_card(card)
        is_found = row.source is RelationshipSource.INFERRED
        self.confirm_button.setVisible(is_found)
        self.reject_button.setVisible(is_found)
        self.delete_button.setVisible(not is_found)
        self.identity.show_card(card)
        self.description.notes.set_value(row.description or "")
        self.opinion.show_card(card, now)
        self.notes.show_notes(card.detail, now)
        clear_layout(self.source.body)
        for fact in _facts(card):
            self.source.add(fact)

    def fill_menu(self, menu: QMenu) -> None:
        """Add what can be done with the relationship."""
        if self.card is None:
            return
        row = self.card.detail.relationship
        self._deeds.fill(menu, row.id, row.source, leads=False)
        are_people = row.from_entity_type is row.to_entity_type is EntityKind.CONTACT
        if are_people and self.card.identity is None:
            menu.addSeparator()
            menu.addAction("These two are the same person", self._say_same)

    @Slot()
    def start_note(self) -> None:
        """Let a new note be typed."""
        self.ensureWidgetVisible(self.notes.new)
        self.notes.start()

    @Slot()
    def _say_same(self) -> None:
        if self.card is not None:
            row = self.card.detail.relationship
            self._edits.run(
                commands.decide_identity(row.from_entity_id, row.to_entity_id, "same"),
                "The two count as one person from now on",
            )

    def _judge(self, judgement: commands.Judgement, _checked: bool = False) -> None:
        if self.card is not None:
            self._deeds.judge(self.card.detail.relationship.id, judgement)

    @Slot(str)
    def _retype(self, type_id: str) -> None:
        if self.card is not None:
            command = commands.retype_relationship(self.card.detail.relationship.id, type_id)
            self._edits.run(command, "Changed the type of the relationship")

    @Slot(str)
    def _describe(self, text: str) -> None:
        if self.card is not None:
            relationship_id = self.card.detail.relationship.id
            command = commands.update_relationship(relationship_id, description=text or None)
            said = "Saved the description"
            self._edits.run(command, said, field=self.description.notes)


def _facts(card: RelationshipCard) -> list[FactRow]:
    detail = card.detail
    row = detail.relationship
    rows = [FactRow(SOURCES[row.source], short_day(detail.created_at), exact(detail.created_at))]
    if detail.decision is relationships.Decision.CONFIRMED:
        rows.append(FactRow("Confirmed", "by you"))
    if row.strength is not None:
        rows.append(FactRow("Strength", f"{row.strength * 100:.0f} of 100"))
    for name, count in (
        ("Shared conversations", row.shared_conversations),
        ("Shared messages", row.shared_messages),
    ):
        if count is not None:
            rows.append(FactRow(name, number(count)))
    for name, moment in (
        ("First together", row.first_interaction),
        ("Last together", row.last_interaction),
    ):
        if moment is not None:
            rows.append(FactRow(name, short_day(moment), exact(moment)))
    return rows
