"""How a contact can be reached: addresses, numbers and handles, and one more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from crm_desktop.domain.contacts import Identifier
from crm_desktop.ui.views import card_commands as commands
from crm_desktop.ui.views.card_edits import short
from crm_desktop.ui.widgets.identifier_row import IdentifierRow, shown_text
from crm_desktop.ui.widgets.new_identifier import NewIdentifier
from crm_desktop.ui.widgets.row_section import RowSection

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager
    from crm_desktop.ui.views.card_edits import CardEdits

Item = tuple[Identifier, bool]


class IdentifiersSection(RowSection[Item]):
    """The identifiers of one contact, which can be changed, and a field for one more."""

    def __init__(self, theme: ThemeManager, edits: CardEdits) -> None:
        super().__init__("Reach", key=lambda item: item[0].id, make=self._make)
        self._theme = theme
        self._edits = edits
        self._contact_id = 0
        self._name = ""
        self.new = NewIdentifier(theme)
        self.new.entered.connect(self._add)
        self.footer.addWidget(self.new)

    def show_identifiers(
        self, contact_id: int, name: str, identifiers: Sequence[Identifier]
    ) -> None:
        """Show these of a contact of this name."""
        if contact_id != self._contact_id:
            self.new.revert()
        self._contact_id, self._name = contact_id, name
        counts = Counter(identifier.kind for identifier in identifiers)
        self.show_items((identifier, counts[identifier.kind] > 1) for identifier in identifiers)

    def _make(self, item: Item) -> IdentifierRow:
        row = IdentifierRow(self._theme)
        identifier_id = item[0].id
        row.editor.committed.connect(partial(self._change, row, identifier_id))
        row.removed.connect(partial(self._remove, row, identifier_id))
        row.made_primary.connect(partial(self._make_primary, row, identifier_id))
        return row

    @Slot(str, str)
    def _add(self, kind: str, text: str) -> None:
        said = f"Added {short(text)} to {short(self._name)}"
        command = commands.add_identifier(self._contact_id, kind, text)
        self._edits.run(command, said, field=self.new)

    def _change(self, row: IdentifierRow, identifier_id: int, text: str) -> None:
        said = f"Changed {_shown(row)} to {short(text)}"
        self._edits.run(commands.edit_identifier(identifier_id, text), said, field=row.editor)

    def _remove(self, row: IdentifierRow, identifier_id: int) -> None:
        said = f"Removed {_shown(row)} from {short(self._name)}"
        self._edits.run(commands.remove_identifier(identifier_id), said)

    def _make_primary(self, row: IdentifierRow, identifier_id: int) -> None:
        self._edits.run(commands.make_primary(identifier_id), f"{_shown(row)} is shown first")


def _shown(row: IdentifierRow) -> str:
    return "" if row.identifier is None else short(shown_text(row.identifier))
