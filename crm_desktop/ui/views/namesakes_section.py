"""Other contacts that are, or by their name might be, the same person."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu

from crm_desktop.domain.cards import Namesake
from crm_desktop.domain.relationships import EntityKind
from crm_desktop.ui.views import card_commands as commands
from crm_desktop.ui.views.card_edits import short
from crm_desktop.ui.views.card_parts import MenuRow
from crm_desktop.ui.widgets.row_section import RowSection

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager
    from crm_desktop.ui.views.card_edits import CardEdits

Decision = Literal["same", "different"]


def standing(namesake: Namesake) -> str:
    """How it stands between the two, in words."""
    if namesake.is_same:
        return "the same person" if namesake.decision == "same" else "counts as the same"
    return "someone else" if namesake.decision == "different" else "might be the same"


def decide(edits: CardEdits, contact_id: int, other: Namesake, decision: Decision | None) -> None:
    """Keep what the person says about a contact and another one."""
    name = short(other.name)
    said = {
        "same": f"{name} counts as the same person from now on",
        "different": f"{name} counts as someone else from now on",
        None: f"Whether {name} is the same person is open again",
    }[decision]
    edits.run(commands.decide_identity(contact_id, other.contact_id, decision), said)


def fill_identity_menu(menu: QMenu, edits: CardEdits, contact_id: int, other: Namesake) -> None:
    """Add what can be said about two contacts."""

    def say(words: str, decision: Decision | None) -> None:
        menu.addAction(words, partial(decide, edits, contact_id, other, decision))

    if other.decision != "different":
        merged = f"Merged {short(other.name)} into this card"
        command = commands.merge_contacts(contact_id, (other.contact_id,))
        menu.addAction("Merge into this card", partial(edits.run, command, merged))
    if not (other.is_same and other.decision == "same"):
        say("The same person", "same")
    if other.decision != "different":
        say("Not the same person", "different")
    if other.decision is not None:
        say("Leave it open", None)


class NamesakeRow(MenuRow):
    """One of them."""

    def __init__(self, theme: ThemeManager, edits: CardEdits) -> None:
        super().__init__(theme)
        self._edits = edits
        self.contact_id = 0
        self.other: Namesake | None = None

    def show_item(self, item: Namesake) -> None:
        """Show this contact."""
        self.other = item
        hint = f"{item.name}\n{item.detail}" if item.detail else item.name
        self.entity.set_content(
            EntityKind.CONTACT, item.contact_id, item.detail or item.name, standing(item), hint=hint
        )
        self._name_menu(item.name)

    def menu(self) -> QMenu:
        """What can be said about the two."""
        menu = QMenu(self)
        if self.other is not None:
            menu.addAction("Show the card", self.clicked.emit)
            menu.addSeparator()
            fill_identity_menu(menu, self._edits, self.contact_id, self.other)
        return menu


class NamesakesSection(RowSection[Namesake]):
    """Hidden while there is nobody to tell apart.

    Signals:
        contact_wanted(contact_id): a line was clicked.
    """

    contact_wanted = Signal(int)

    def __init__(self, theme: ThemeManager, edits: CardEdits) -> None:
        super().__init__(
            "One person or several?", key=lambda other: other.contact_id, make=self._make
        )
        self._theme = theme
        self._edits = edits

    def show_namesakes(self, contact_id: int, others: Sequence[Namesake]) -> None:
        """List who else there is beside a contact."""
        self.show_items(others)
        for row in self.rows():
            if isinstance(row, NamesakeRow):
                row.contact_id = contact_id

    def _make(self, other: Namesake) -> NamesakeRow:
        row = NamesakeRow(self._theme, self._edits)
        row.clicked.connect(partial(self.contact_wanted.emit, other.contact_id))
        return row
