"""The card of a company: its people, whom it works with, and what one wants to remember."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout

from crm_desktop.domain.cards import CompanyCard, RelatedLine
from crm_desktop.domain.relationships import SEED_TYPES, EntityKind, Suggestion
from crm_desktop.ui.format import number
from crm_desktop.ui.theme import TITLE
from crm_desktop.ui.tokens import SPACE_1, SPACE_2
from crm_desktop.ui.views import card_commands as commands
from crm_desktop.ui.views.card_edits import short
from crm_desktop.ui.views.card_parts import MenuRow, NotesSection, link_line
from crm_desktop.ui.views.history_section import HistorySection
from crm_desktop.ui.views.related_section import RelatedSection
from crm_desktop.ui.widgets.editable_text import EditableText
from crm_desktop.ui.widgets.empty_state import large_icon
from crm_desktop.ui.widgets.entity_picker import NEW_ID
from crm_desktop.ui.widgets.in_place_picker import PickLink
from crm_desktop.ui.widgets.row_section import RowSection
from crm_desktop.ui.widgets.section import CardScroll

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.theme import ThemeManager
    from crm_desktop.ui.views.card_edits import CardEdits
    from crm_desktop.ui.views.relationship_deeds import RelationshipDeeds

ICON = 40
FIRST_PEOPLE = 12
EMPLOYS = next(kind.forward_label for kind in SEED_TYPES if kind.id == "rt-employee")
NO_NAME = "A name needs at least one letter. Esc keeps the old one."

Person = tuple[int, str, str | None]


class PersonRow(MenuRow):
    """Somebody who works at the company."""

    def __init__(self, theme: ThemeManager, edits: CardEdits) -> None:
        super().__init__(theme)
        self._edits = edits
        self.company = ""

    def show_item(self, item: Person) -> None:
        """Show this person."""
        contact_id, name, title = item
        self._name = name
        self.entity.set_content(EntityKind.CONTACT, contact_id, name, title or "")
        self._name_menu(name)

    def menu(self) -> QMenu:
        """What can be done about the person."""
        menu = QMenu(self)
        menu.addAction("Show the card", self.clicked.emit)
        menu.addAction("No longer works here", self.remove)
        return menu

    @Slot()
    def remove(self) -> None:
        """Say that the person does not work here."""
        command = commands.update_contact(self.entity.entity_id, company_id=None)
        self._edits.run(command, f"Took {short(self._name)} off {short(self.company)}")


class PeopleSection(RowSection[Person]):
    """Who works at a company, and a link to add somebody.

    Signals:
        contact_wanted(contact_id): a line was clicked.
    """

    contact_wanted = Signal(int)

    def __init__(self, context: WindowContext, edits: CardEdits) -> None:
        super().__init__("People", key=lambda person: person[0], make=self._make)
        self._theme = context.theme
        self._edits = edits
        self._card: CompanyCard | None = None
        self._lists_all = False
        self.all_link = link_line("Show all", self._show_all)
        self.adder = PickLink(
            context, "Add a person", (EntityKind.CONTACT,), "Person", can_create=True
        )
        self.adder.picked.connect(self._pick)
        self.footer.addWidget(self.all_link)
        self.footer.addWidget(self.adder)
        self.footer.setSpacing(0)

    def show_card(self, card: CompanyCard) -> None:
        """Show the people of this company."""
        if self._card is None or card.id != self._card.id:
            self._lists_all = False
            self.adder.forget()
        self._card = card
        count = len(card.people)
        shown = card.people if self._lists_all else card.people[:FIRST_PEOPLE]
        self.show_items(shown)
        for row in self.rows():
            if isinstance(row, PersonRow):
                row.company = card.name
        self.heading.setText(f"People · {number(count)}" if count else "People")
        words = f"Show all {number(count)}"
        self.all_link.set_full_text(words)
        self.all_link.setVisible(count > len(shown))

    def _make(self, person: Person) -> PersonRow:
        row = PersonRow(self._theme, self._edits)
        row.clicked.connect(partial(self.contact_wanted.emit, person[0]))
        return row

    def _show_all(self) -> None:
        self._lists_all = True
        if self._card is not None:
            self.show_card(self._card)

    @Slot(object)
    def _pick(self, person: Suggestion) -> None:
        if self._card is None:
            return
        name, company = short(person.name), short(self._card.name)
        if person.entity_id == NEW_ID:
            command = commands.create_contact(person.name, company_id=self._card.id)
            self._edits.run(command, f"Added {name}, who works at {company}", field=self.adder)
        else:
            moved = commands.update_contact(person.entity_id, company_id=self._card.id)
            said = f"{name} works at {company} from now on"
            self._edits.run(moved, said, field=self.adder)


class CompanyCardView(CardScroll):
    """A company with its people, best score first, and its relationships.

    Signals:
        contact_wanted(contact_id), company_wanted(company_id): a line was clicked.
    """

    contact_wanted = Signal(int)
    company_wanted = Signal(int)

    def __init__(self, context: WindowContext, edits: CardEdits, deeds: RelationshipDeeds) -> None:
        super().__init__("Company")
        theme = context.theme
        self._theme = theme
        self._edits = edits
        self._deeds = deeds
        self.card: CompanyCard | None = None
        self._icon = QLabel()
        self._icon.setFixedSize(ICON, ICON)
        self.name = EditableText(
            theme,
            "Name",
            size=TITLE,
            weight=QFont.Weight.DemiBold,
            most_lines=3,
            needed=NO_NAME,
        )
        self.name.committed.connect(self._rename)
        self.domain = EditableText(theme, "Domain", "Add a domain", ink="muted")
        self.domain.committed.connect(self._change_domain)
        self.people = PeopleSection(context, edits)
        self.people.contact_wanted.connect(self.contact_wanted)
        self.related = RelatedSection(context, deeds)
        self.related.contact_wanted.connect(self.contact_wanted)
        self.related.company_wanted.connect(self.company_wanted)
        self.related.add_wanted.connect(self.add_relationship)
        self.notes = NotesSection("Notes", "Write what you want to remember")
        self.notes.committed.connect(self._change_notes)
        self.notes.notes.escaped.connect(self.setFocus)
        self.follow_cursor(self.notes.notes)
        self.history = HistorySection(context)
        self._arrange()
        self._draw_icon()
        theme.changed.connect(self._draw_icon)

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.domain)
        top = QHBoxLayout()
        top.setContentsMargins(SPACE_1, 0, 0, 0)
        top.setSpacing(SPACE_2)
        top.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        self.column.addLayout(top)
        for part in (self.people, self.related, self.notes, self.history):
            self.column.addWidget(part)
        self.column.addStretch(1)

    def show_card(self, card: CompanyCard) -> None:
        """Show this company."""
        if self.card is None or card.id != self.card.id:
            self.verticalScrollBar().setValue(0)
            self.name.forget()
            self.domain.forget()
            self.notes.notes.forget()
        self.card = card
        self.name.set_value(card.name)
        self.domain.set_value(card.domain or "")
        self.people.show_card(card)
        lines = _beyond_the_people(card)
        self.related.show_lines(lines, len(lines))
        self.notes.notes.set_value(card.notes or "")
        self.history.show_entity(EntityKind.COMPANY, card.id)

    def fill_menu(self, menu: QMenu) -> None:
        """Add what can be done with the company."""
        if self.card is None:
            return
        menu.addAction("Rename", self.rename)
        menu.addAction("Add a person", self.people.adder.begin)
        menu.addAction("Add a relationship…", self.add_relationship)
        menu.addSeparator()
        menu.addAction("Delete", partial(self._delete, self.card))

    @Slot()
    def rename(self) -> None:
        """Let the name be typed."""
        self.ensureWidgetVisible(self.name)
        self.name.begin()

    @Slot()
    def add_relationship(self) -> None:
        """Open the form with this end given."""
        if self.card is not None:
            self._deeds.add(EntityKind.COMPANY, self.card.id, self.card.name)

    def _delete(self, card: CompanyCard) -> None:
        said = f"Deleted {short(card.name)}; its people stay"
        self._edits.run(commands.delete_company(card.id), said)

    @Slot(str)
    def _rename(self, name: str) -> None:
        if self.card is not None:
            said = f"Renamed {short(self.card.name)} to {short(name)}"
            command = commands.update_company(self.card.id, name=name)
            self._edits.run(command, said, field=self.name)

    @Slot(str)
    def _change_domain(self, domain: str) -> None:
        if self.card is not None:
            said = f"Changed the domain of {short(self.card.name)}"
            command = commands.update_company(self.card.id, domain=domain or None)
            self._edits.run(command, said, field=self.domain)

    @Slot(str)
    def _change_notes(self, text: str) -> None:
        if self.card is not None:
            said = f"Saved the notes on {short(self.card.name)}"
            command = commands.update_company(self.card.id, notes=text or None)
            self._edits.run(command, said, field=self.notes.notes)

    @Slot()
    def _draw_icon(self) -> None:
        ink = self._theme.current.muted
        self._icon.setPixmap(large_icon("company", ink, ICON, self))


def _beyond_the_people(card: CompanyCard) -> Sequence[RelatedLine]:
    """The relationships that do not only say again who works there."""
    people = {contact_id for contact_id, _name, _title in card.people}
    return [
        line
        for line in card.relationships
        if line.entity_type is EntityKind.COMPANY
        or line.entity_id not in people
        or line.label != EMPLOYS
    ]
