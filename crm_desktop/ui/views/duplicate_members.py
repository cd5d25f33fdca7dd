"""Contacts that may be one person, one below the other: who takes part, and who is kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.domain.duplicates import DuplicateMember
from crm_desktop.ui.format import plural, relative
from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from crm_desktop.ui.widgets.avatar import Avatar
from crm_desktop.ui.widgets.labels import ElidedLabel, LinkLabel, plain_label
from crm_desktop.ui.widgets.section import clear_layout

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

PORTRAIT = 36
MOST_SHOWN = 30
"""Of larger groups the rest comes once these are decided."""
KEEP, KEEP_SHORT = "Keep this card", "Keep"
NO_ADDRESS = "No address or number"


def facts_of(member: DuplicateMember, now: int) -> str:
    """Company, messages sent and last contact in a line."""
    parts = [member.organization] if member.organization else []
    sent = plural(member.message_count, "message") if member.message_count else "nothing"
    parts.append(f"sent {sent}")
    if member.last_message_at is not None:
        parts.append(f"last seen {relative(member.last_message_at, now)}")
    return " · ".join(parts)


class MemberRow(QFrame):
    """One contact with the choices about it."""

    def __init__(self, theme: ThemeManager, member: DuplicateMember, now: int) -> None:
        super().__init__()
        self.member = member
        self.setProperty("role", "raised")
        name, addresses = member.name, (*member.emails, *member.phones)
        self.takes_part = QCheckBox()
        self.takes_part.setChecked(True)
        self.takes_part.setAccessibleName(f"{name} takes part")
        self.takes_part.setToolTip("Takes part")
        portrait = Avatar(theme, PORTRAIT)
        portrait.set_person(member.contact_id, name)
        self.link = LinkLabel(name, "body", is_strong=True)
        sides = Qt.AlignmentFlag  # names of either writing direction stand over what is below
        self.link.setAlignment(sides.AlignLeft | sides.AlignAbsolute | sides.AlignVCenter)
        self.keep = QRadioButton(KEEP)
        self.keep.setAccessibleName(f"Keep the card of {name}, {facts_of(member, now)}")
        lines = QVBoxLayout()
        lines.setSpacing(SPACE_1)
        lines.addWidget(self.link)
        where = ElidedLabel(
            ", ".join(addresses) or NO_ADDRESS, "body", "" if addresses else "muted"
        )
        if len(addresses) > 1:
            where.set_full_text(where.full_text(), "\n".join(addresses))
        lines.addWidget(where)
        lines.addWidget(ElidedLabel(facts_of(member, now), "caption", "muted"))
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        row.setSpacing(SPACE_3)
        row.addWidget(self.takes_part)
        row.addWidget(portrait)
        row.addLayout(lines, 1)
        row.addWidget(self.keep)


class MembersPanel(QWidget):
    """Everyone takes part, and the first is kept, until the person says otherwise.

    Signals:
        changed(): somebody else takes part or is kept.
        contact_wanted(contact_id): a name was clicked.
    """

    changed = Signal()
    contact_wanted = Signal(int)

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: list[MemberRow] = []
        self._is_roomy = True
        self._kept = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_2)
        self._kept.buttonClicked.connect(self.changed)

    def show_members(self, members: Sequence[DuplicateMember], now: int) -> None:
        """Show these; times are relative to `now` (epoch seconds)."""
        for row in self._rows:
            self._kept.removeButton(row.keep)
        clear_layout(self._column)
        self._rows = [MemberRow(self._theme, one, now) for one in members[:MOST_SHOWN]]
        for row in self._rows:
            self._kept.addButton(row.keep)
            row.takes_part.toggled.connect(partial(self._on_taken, row))
            row.link.activated.connect(partial(self.contact_wanted.emit, row.member.contact_id))
            row.keep.setText(KEEP if self._is_roomy else KEEP_SHORT)
            self._column.addWidget(row)
        if self._rows:
            self._rows[0].keep.setChecked(True)
        left = len(members) - len(self._rows)
        if left > 0:
            words = f"{plural(left, 'more contact')} after these."
            self._column.addWidget(plain_label(words, "caption", "muted", wraps=True))
        self._column.addStretch(1)
        self.changed.emit()

    def set_roomy(self, is_roomy: bool) -> None:
        """Say in full what the choice is, or briefly where there is little room."""
        self._is_roomy = is_roomy
        for row in self._rows:
            row.keep.setText(KEEP if is_roomy else KEEP_SHORT)

    def rows(self) -> tuple[MemberRow, ...]:
        """The rows, from the top."""
        return tuple(self._rows)

    def kept(self) -> DuplicateMember | None:
        """Whose card is kept."""
        return next((row.member for row in self._rows if row.keep.isChecked()), None)

    def others(self) -> tuple[DuplicateMember, ...]:
        """Who takes part besides."""
        return tuple(
            row.member
            for row in self._rows
            if row.takes_part.isChecked() and not row.keep.isChecked()
        )

    @Slot()
    def _on_taken(self, row: MemberRow, is_taken: bool) -> None:
        row.keep.setEnabled(is_taken)
        taken = [each for each in self._rows if each.takes_part.isChecked()]
        if taken and not any(each.keep.isChecked() for each in taken):
            taken[0].keep.setChecked(True)
        elif not taken and row.keep.isChecked():
            self._kept.setExclusive(False)
            row.keep.setChecked(False)
            self._kept.setExclusive(True)
        self.changed.emit()
