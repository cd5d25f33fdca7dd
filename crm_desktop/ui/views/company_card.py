"""The card of a company: its people and whom it works with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from crm_desktop.domain.cards import CompanyCard, RelatedLine
from crm_desktop.domain.relationships import SEED_TYPES, EntityKind
from crm_desktop.ui.format import number
from crm_desktop.ui.tokens import SPACE_1, SPACE_4
from crm_desktop.ui.views.contact_card import link_button
from crm_desktop.ui.widgets.empty_state import large_icon
from crm_desktop.ui.widgets.labels import ElidedLabel, plain_label
from crm_desktop.ui.widgets.rows import EntityRow, related_row
from crm_desktop.ui.widgets.section import CardScroll, Section

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

ICON = 40
FIRST_PEOPLE = 12
EMPLOYS = next(kind.forward_label for kind in SEED_TYPES if kind.id == "rt-employee")


class CompanyCardView(CardScroll):
    """A company with its people, best score first, and its relationships.

    Signals:
        contact_wanted(contact_id), company_wanted(company_id): a line was clicked.
    """

    contact_wanted = Signal(int)
    company_wanted = Signal(int)

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__("Company")
        self._theme = theme
        self._company_id = 0
        self._icon = QLabel()
        self._icon.setFixedSize(ICON, ICON)
        self.name = plain_label("", "title", wraps=True)
        self.domain = ElidedLabel("", "body", "muted")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.name)
        words.addWidget(self.domain)
        top = QHBoxLayout()
        top.setContentsMargins(SPACE_1, 0, SPACE_1, 0)
        top.setSpacing(SPACE_4)
        top.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        self.people = Section("People", spacing=0, has_buttons=True)
        self.related = Section("Relationships", spacing=0, has_buttons=True)
        self.column.addLayout(top)
        self.column.addWidget(self.people)
        self.column.addWidget(self.related)
        self.column.addStretch(1)
        self._draw_icon()
        theme.changed.connect(self._draw_icon)

    def show_card(self, card: CompanyCard) -> None:
        """Show this company."""
        if card.id != self._company_id:
            self.verticalScrollBar().setValue(0)
        self._company_id = card.id
        self.name.setText(card.name)
        self.domain.set_full_text(card.domain or "")
        self.domain.setVisible(bool(card.domain))
        self._show_people(card, FIRST_PEOPLE)
        self.related.clear()
        for line in _beyond_the_people(card):
            row = related_row(self._theme, line)
            self._connect(row, line.entity_type)
            self.related.add(row)

    def _show_people(self, card: CompanyCard, most: int) -> None:
        self.people.clear()
        self.people.heading.setText(f"People · {number(len(card.people))}")
        for contact_id, name, title in card.people[:most]:
            row = EntityRow(self._theme, EntityKind.CONTACT, contact_id, name, title or "")
            self._connect(row, EntityKind.CONTACT)
            self.people.add(row)
        if len(card.people) > most:
            self.people.add(
                link_button(
                    f"Show all {number(len(card.people))}",
                    lambda: self._show_people(card, len(card.people)),
                )
            )

    def _connect(self, row: EntityRow, kind: EntityKind) -> None:
        wanted = self.contact_wanted if kind is EntityKind.CONTACT else self.company_wanted
        row.clicked.connect(lambda: wanted.emit(row.entity_id))

    def _draw_icon(self) -> None:
        ink = self._theme.current.muted
        self._icon.setPixmap(large_icon("company", ink, ICON, self))


def _beyond_the_people(card: CompanyCard) -> list[RelatedLine]:
    """The relationships that do not only say again who works there."""
    people = {contact_id for contact_id, _name, _title in card.people}
    return [
        line
        for line in card.relationships
        if line.entity_type is EntityKind.COMPANY
        or line.entity_id not in people
        or line.label != EMPLOYS
    ]
