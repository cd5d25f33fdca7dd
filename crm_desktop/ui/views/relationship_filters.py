"""The filters above the table of relationships: names, person, type, source, strength."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.domain.relationship_list import RelationshipQuery, RelationshipSort
from crm_desktop.domain.relationships import (
    EntityKind,
    RelationshipSource,
    RelationshipType,
    Suggestion,
)
from crm_desktop.ui.graph.slider import Slider
from crm_desktop.ui.models.relationships import SOURCE_WORDS
from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_6
from crm_desktop.ui.type_words import type_title
from crm_desktop.ui.widgets.entity_picker import EntityPicker
from crm_desktop.ui.widgets.filter_field import FilterField
from crm_desktop.ui.widgets.flow import FlowLayout
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.type_dot import dot_icon
from crm_desktop.workers.latest import Latest

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext

TEXT_KEY, PERSON_KEY = "relationships/filter", "relationships/person"
TYPE_KEY, SOURCE_KEY = "relationships/type", "relationships/source"
STRENGTH_KEY = "relationships/strength"
DELAY_MS = 120
TEXT_WIDTH, PERSON_WIDTH = 150, 184
BOX_WIDTH = 140
SLIDER_WIDTH, STRENGTH_WIDTH = 92, 96
STRONGEST = 95
_NAME_CHARACTERS = 60


def read_types(access: Access, _ctx: JobContext) -> tuple[RelationshipType, ...]:
    """The types to choose from. For the reader lane."""
    from crm_desktop.services.relationship_types import list_relationship_types

    return list_relationship_types(access)


def read_person(access: Access, contact_id: int, ctx: JobContext) -> Suggestion | None:
    """The person that was chosen when the program ran last. For the reader lane."""
    from crm_desktop.services.contacts import contact_rows

    rows = contact_rows(access, [contact_id], token=ctx.token)
    return Suggestion(EntityKind.CONTACT, rows[0].id, rows[0].name, "") if rows else None


class RelationshipFilters(QWidget):
    """What of all relationships is shown; remembered.

    Signals:
        changed(): other relationships are wanted.
        nears(): the pointer or the keyboard came to them.
    """

    changed = Signal()
    nears = Signal()

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._types: tuple[RelationshipType, ...] = ()
        self._is_filling = False
        self._latest = Latest(context.lanes.reader, self)
        self.text = FilterField("Name", "Filter by name")
        self.text.setFixedWidth(TEXT_WIDTH)
        self.person = EntityPicker(
            context, (EntityKind.CONTACT,), name="Relationships of a person", hint="Person"
        )
        self.person.setFixedWidth(PERSON_WIDTH)
        self.type_box = self._box("Type", "All types")
        self.source_box = self._box("Source", "All sources")
        for source, words in SOURCE_WORDS.items():
            self.source_box.addItem(words, source.value)
        self.strength = Slider(context.theme)
        self.strength.setRange(0, STRONGEST)
        self.strength.setSingleStep(5)
        self.strength.setPageStep(10)
        self.strength.setFixedWidth(SLIDER_WIDTH)
        self.strength.setAccessibleName("Minimum strength, of 100")
        self.strength.setToolTip("Show only relationships at least as strong")
        self.strength_words = plain_label("", "caption", "muted")
        self.strength_words.setFixedWidth(STRENGTH_WIDTH)
        self.clear_button = QPushButton("Clear filters")
        self.clear_button.setProperty("kind", "link")
        self.clear_button.setAccessibleName("Clear filters")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._arrange()
        self._restore()
        self._connect()

    def _box(self, name: str, everything: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.addItem(everything, None)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setFixedWidth(BOX_WIDTH)
        box.setMaxVisibleItems(20)
        return box

    def _arrange(self) -> None:
        strength = QWidget()
        line = QHBoxLayout(strength)
        line.setContentsMargins(SPACE_1, 0, 0, 0)
        line.setSpacing(SPACE_2)
        line.addWidget(self.strength)
        line.addWidget(self.strength_words)
        inner = QWidget()
        flow = FlowLayout(inner, SPACE_2)
        for widget in (self.text, self.person, self.type_box, self.source_box, strength):
            flow.addWidget(widget)
        flow.addWidget(self.clear_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_6, 0, SPACE_6, SPACE_3)
        column.addWidget(inner)
        for widget in (self, inner):
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            widget.setSizePolicy(policy)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.nears.emit()
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.nears.emit()

    def _connect(self) -> None:
        for control in (self.text, self.person, self.type_box, self.source_box, self.strength):
            control.installEventFilter(self)
        self.text.settled.connect(self._on_changed)
        self.person.picked.connect(self._on_changed)
        self.person.cleared.connect(self._on_changed)
        self.type_box.currentIndexChanged.connect(self._on_changed)
        self.source_box.currentIndexChanged.connect(self._on_changed)
        self.strength.valueChanged.connect(self._on_strength)
        self._timer.timeout.connect(self._on_changed)
        self.clear_button.clicked.connect(self.clear)
        self._context.theme.changed.connect(self._draw_dots)

    def query(self, sort: RelationshipSort, *, descending: bool) -> RelationshipQuery:
        """What the filters ask for, in an order."""
        source = self.source_box.currentData()
        person = self.person.entity()
        return RelationshipQuery(
            sort,
            descending,
            type_id=self.type_box.currentData(),
            source=None if source is None else RelationshipSource(source),
            min_strength=self.strength.value() / 100,
            contact_id=None if person is None else person.entity_id,
            text=self.text.wanted(),
        )

    def read_types(self) -> None:
        """Offer the types as they are now; the one chosen stays if it is there."""
        self._latest.submit(partial(read_types, self._context.access), done=self._offer_types)

    @Slot()
    def clear(self) -> None:
        """Show all relationships."""
        self._set_all(None)

    @Slot(str)
    def type_name(self, text: str) -> None:
        """Go on typing in the field for names."""
        self.text.setFocus()
        self.text.insert(text)

    def show_type(self, type_id: str) -> None:
        """Show the relationships of one type, and no others."""
        self._set_all(type_id)

    def _set_all(self, type_id: str | None) -> None:
        self._is_filling = True
        self.text.clear()
        self.person.set_entity(None)
        self._choose_type(type_id)
        self.source_box.setCurrentIndex(0)
        self.strength.setValue(0)
        self._timer.stop()
        self._is_filling = False
        self._on_changed()

    def _choose_type(self, type_id: str | None) -> None:
        if type_id is not None and self.type_box.findData(type_id) < 0:
            # Its name comes with the types; a type that is gone then leaves all.
            self.type_box.addItem("", type_id)
        self.type_box.setCurrentIndex(max(0, self.type_box.findData(type_id)))

    @Slot(object)
    def _offer_types(self, types: tuple[RelationshipType, ...]) -> None:
        if types == self._types:
            return
        self._types = types
        chosen = self.type_box.currentData()
        self._is_filling = True
        while self.type_box.count() > 1:
            self.type_box.removeItem(1)
        for kind in sorted(types, key=lambda kind: type_title(kind.name).casefold()):
            self.type_box.addItem(type_title(kind.name)[:_NAME_CHARACTERS], kind.id)
        self.type_box.setCurrentIndex(max(0, self.type_box.findData(chosen)))
        self._is_filling = False
        self._draw_dots()
        if self.type_box.currentData() != chosen:
            self._on_changed()

    @Slot()
    def _draw_dots(self) -> None:
        colours = {kind.id: kind.color_index for kind in self._types}
        for index in range(1, self.type_box.count()):
            colour = colours.get(self.type_box.itemData(index), 0)
            self.type_box.setItemIcon(index, dot_icon(self._context.theme.current, colour))

    @Slot()
    def _on_strength(self) -> None:
        self._say_strength()
        if not self._is_filling:
            self._timer.start()

    def _say_strength(self) -> None:
        value = self.strength.value()
        self.strength_words.setText(f"Strength {value} up" if value else "Any strength")

    @Slot()
    def _on_changed(self) -> None:
        if self._is_filling:
            return
        query = self.query(RelationshipSort.STRENGTH, descending=True)
        memory = self._context.memory
        memory.keep(TEXT_KEY, query.text)
        memory.keep(PERSON_KEY, query.contact_id or 0)
        memory.keep(TYPE_KEY, query.type_id or "")
        memory.keep(SOURCE_KEY, query.source or "")
        memory.keep(STRENGTH_KEY, self.strength.value())
        self._show_clear()
        self.changed.emit()

    def _show_clear(self) -> None:
        query = self.query(RelationshipSort.STRENGTH, descending=True)
        self.clear_button.setVisible(query.is_filtered)

    def _restore(self) -> None:
        memory = self._context.memory
        self._is_filling = True
        self.text.setText(memory.text(TEXT_KEY))
        self.source_box.setCurrentIndex(
            max(0, self.source_box.findData(memory.text(SOURCE_KEY) or None))
        )
        self._choose_type(memory.text(TYPE_KEY) or None)
        self.strength.setValue(memory.number(STRENGTH_KEY, 0))
        contact_id = memory.number(PERSON_KEY, 0)
        if contact_id:
            # The name is read; until then the field is empty, and the person is asked for.
            self.person.set_entity(Suggestion(EntityKind.CONTACT, contact_id, "…", ""))
            self._context.lanes.reader.submit(
                partial(read_person, self._context.access, contact_id), done=self._on_person
            )
        self._is_filling = False
        self._say_strength()
        self._show_clear()

    @Slot(object)
    def _on_person(self, person: Suggestion | None) -> None:
        shown = self.person.entity()
        if person is not None and shown is not None and shown.entity_id == person.entity_id:
            self.person.set_entity(person)
        elif person is None:
            self.person.set_entity(None)
            self._on_changed()
