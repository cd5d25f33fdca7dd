"""The relationships of a contact or company, each with what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu

from crm_desktop.domain.cards import RelatedLine
from crm_desktop.domain.relationships import EntityKind, RelationshipSource
from crm_desktop.ui.format import number
from crm_desktop.ui.typed_dates import spelt_date
from crm_desktop.ui.views.card_parts import MenuRow, link_line
from crm_desktop.ui.views.relationship_deeds import RelationshipDeeds
from crm_desktop.ui.widgets.row_section import RowSection

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.theme import ThemeManager

SOURCE_WORDS = {
    RelationshipSource.MANUAL: "entered by you",
    RelationshipSource.IMPORTED: "from your contacts",
    RelationshipSource.INFERRED: "found in your mail",
}


class RelatedRow(MenuRow):
    """One relationship as its line on a card: who, how, how strongly. Delete judges it."""

    def __init__(self, theme: ThemeManager, deeds: RelationshipDeeds) -> None:
        super().__init__(theme)
        self._deeds = deeds
        self.line: RelatedLine | None = None

    def show_item(self, item: RelatedLine) -> None:
        """Show this relationship."""
        self.line = item
        label = item.label if item.ended_on is None else f"{item.label} until {item.ended_on[:4]}"
        self.entity.set_content(
            item.entity_type,
            item.entity_id,
            item.name,
            label,
            item.strength,
            _hint(item),
            item.color_index,
        )
        self._name_menu(f"{item.label} {item.name}")

    def menu(self) -> QMenu:
        """What can be done about the relationship."""
        menu = QMenu(self)
        if self.line is not None:
            shown = " ".join(self.line.name.split())[:40].replace("&", "&&")
            menu.addAction(f"Show {shown}", self.clicked.emit)
            self._deeds.fill(menu, self.line.relationship_id, RelationshipSource(self.line.source))
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not (self.line and self._deeds.key(event, self.line.relationship_id, self.line.source)):
            super().keyPressEvent(event)


class RelatedSection(RowSection[RelatedLine]):
    """The relationships seen from one side.

    Signals:
        contact_wanted(contact_id), company_wanted(company_id): a line was clicked.
        all_wanted(): the rest is to be listed too.
        add_wanted(): a relationship is to be added.
    """

    contact_wanted = Signal(int)
    company_wanted = Signal(int)
    all_wanted = Signal()
    add_wanted = Signal()

    def __init__(self, context: WindowContext, deeds: RelationshipDeeds) -> None:
        super().__init__("Relationships", key=lambda line: line.relationship_id, make=self._make)
        self._theme = context.theme
        self._deeds = deeds
        self.all_link = link_line("Show all", self.all_wanted.emit)
        self.add_link = link_line("Add a relationship", self.add_wanted.emit)
        self.footer.addWidget(self.all_link)
        self.footer.addWidget(self.add_link)
        self.footer.setSpacing(0)

    def show_lines(self, lines: Sequence[RelatedLine], count: int) -> None:
        """List these; `count` is how many there are, listed or not."""
        self.show_items(lines)
        self.heading.setText(f"Relationships · {number(count)}" if count else "Relationships")
        words = f"Show all {number(count)}"
        self.all_link.set_full_text(words)
        self.all_link.setVisible(count > len(lines))

    def _make(self, _line: RelatedLine) -> RelatedRow:
        row = RelatedRow(self._theme, self._deeds)
        row.clicked.connect(partial(self._want, row))
        return row

    @Slot()
    def _want(self, row: RelatedRow) -> None:
        if row.line is None:
            return
        is_person = row.line.entity_type is EntityKind.CONTACT
        (self.contact_wanted if is_person else self.company_wanted).emit(row.line.entity_id)


def _hint(line: RelatedLine) -> str:
    words = [f"{line.label}: {line.name}", SOURCE_WORDS[RelationshipSource(line.source)]]
    if line.ended_on is not None:
        words.append(f"until {spelt_date(line.ended_on)}")
    if line.description:
        words.append(line.description)
    return "\n".join(words)
