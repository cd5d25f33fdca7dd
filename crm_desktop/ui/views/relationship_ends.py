"""Who is related to whom, and how: the head of a relationship's card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from crm_desktop.domain.relationships import EntityKind, Relationship, RelationshipType
from crm_desktop.domain.wording import sentence
from crm_desktop.ui.theme import CAPTION
from crm_desktop.ui.tokens import ICON_SMALL, SPACE_1, SPACE_2
from crm_desktop.ui.type_words import type_title
from crm_desktop.ui.widgets.breaking_label import BreakingLabel
from crm_desktop.ui.widgets.choice_face import ChoiceFace
from crm_desktop.ui.widgets.rows import EntityRow
from crm_desktop.ui.widgets.type_dot import dot_icon

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager
    from crm_desktop.ui.views.card_reading import RelationshipCard

INDENT = 8


class RelationshipEnds(QWidget):
    """Both ends, which lead to their cards, and between them the label, which offers other types.

    Signals:
        contact_wanted(contact_id), company_wanted(company_id): an end was clicked.
        type_chosen(relationship_type_id): the person chose another type.
    """

    contact_wanted = Signal(int)
    company_wanted = Signal(int)
    type_chosen = Signal(str)

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self._theme = theme
        self._color_index = 0
        self.first, self.second = EntityRow(theme), EntityRow(theme)
        for row in (self.first, self.second):
            row.clicked.connect(self._follow)
        self._dot = QLabel()
        self._dot.setFixedSize(ICON_SMALL, ICON_SMALL)
        self.type = ChoiceFace(theme, "Type", ())
        self.type.shows_mark = True
        self.type.chosen.connect(self.type_chosen)
        self.reverse = BreakingLabel(theme, size=CAPTION, ink="muted")
        middle = QHBoxLayout()
        middle.setContentsMargins(INDENT, 0, 0, 0)
        middle.setSpacing(SPACE_2)
        middle.addWidget(self._dot)
        middle.addWidget(self.type, 1)
        below = QHBoxLayout()
        below.setContentsMargins(SPACE_1, SPACE_2, SPACE_1, 0)
        below.addWidget(self.reverse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.first)
        column.addLayout(middle)
        column.addWidget(self.second)
        column.addLayout(below)
        theme.changed.connect(self._draw_dot)

    def show_card(self, card: RelationshipCard) -> None:
        """Show the ends of this relationship."""
        row = card.detail.relationship
        self.first.set_content(row.from_entity_type, row.from_entity_id, row.from_name)
        self.second.set_content(row.to_entity_type, row.to_entity_id, row.to_name)
        fitting = [type_ for type_ in card.types if _fits(type_, row)]
        self.type.set_choices([(type_.id, type_title(type_.name)) for type_ in fitting])
        self.type.set_key(row.relationship_type_id, row.forward_label)
        self._color_index = next(
            (type_.color_index for type_ in fitting if type_.id == row.relationship_type_id), 0
        )
        is_one_way = row.forward_label != row.reverse_label
        reverse = sentence(row.to_name, row.reverse_label, row.from_name)
        self.reverse.set_text(reverse if is_one_way else "")
        self.reverse.setVisible(is_one_way)
        self._draw_dot()

    @Slot()
    def _follow(self) -> None:
        row = self.sender()
        if isinstance(row, EntityRow):
            is_person = row.kind is EntityKind.CONTACT
            (self.contact_wanted if is_person else self.company_wanted).emit(row.entity_id)

    @Slot()
    def _draw_dot(self) -> None:
        icon = dot_icon(self._theme.current, self._color_index)
        self._dot.setPixmap(icon.pixmap(ICON_SMALL, ICON_SMALL))


def _fits(type_: RelationshipType, row: Relationship) -> bool:
    """Whether a relationship could be of a type, its ends swapped if need be."""
    kinds = (row.from_entity_type, row.to_entity_type)
    ends = (type_.from_entity_type, type_.to_entity_type)
    return ends in (kinds, kinds[::-1])
