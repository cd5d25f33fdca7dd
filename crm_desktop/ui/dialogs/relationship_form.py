"""The one form for a relationship: entering a new one, and changing what is said of one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from crm_desktop.domain.changes import KEEP
from crm_desktop.domain.relationships import (
    EntityKind,
    RelationshipDetail,
    RelationshipType,
    Suggestion,
)
from crm_desktop.domain.wording import label_in_sentence
from crm_desktop.ui.dialogs.command_dialog import CommandDialog
from crm_desktop.ui.dialogs.phrases import Phrase, phrases, words_of
from crm_desktop.ui.dialogs.relationship_fields import RelationshipFields, Said
from crm_desktop.ui.tokens import SPACE_2
from crm_desktop.ui.type_words import KIND_WORDS, Sentence
from crm_desktop.ui.widgets.captioned import Captioned
from crm_desktop.ui.widgets.entity_picker import BOTH, NEW_ID, EntityPicker
from crm_desktop.ui.widgets.sentences import MISSING, SentencePreview
from crm_desktop.ui.widgets.type_dot import dot_icon

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.domain.changes import Done
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext

WIDTH = 640
GONE = "This relationship is no longer there."
Entity = tuple[EntityKind, int, str]
"""Kind, id and name of a person or company."""


def read_types(access: Access, _ctx: JobContext) -> tuple[RelationshipType, ...]:
    """Every type. For the reader lane."""
    from crm_desktop.services.relationship_types import list_relationship_types

    return list_relationship_types(access)


def read_detail(
    access: Access, relationship_id: int, ctx: JobContext
) -> tuple[RelationshipDetail | None, int]:
    """All that is known of a relationship, and the colour of its type. For the reader lane."""
    from crm_desktop.services.relationship_types import get_relationship_type
    from crm_desktop.services.relationships import relationship_detail

    detail = relationship_detail(access, relationship_id, token=ctx.token)
    if detail is None:
        return None, 0
    kind = get_relationship_type(access, detail.relationship.relationship_type_id)
    return detail, 0 if kind is None else kind.color_index


def make_entity(access: Access, entity: Suggestion) -> Done[int]:
    """A person or company of this name. For the writer lane."""
    from crm_desktop.services.company_edits import create_company
    from crm_desktop.services.contact_edits import create_contact

    if entity.entity_type is EntityKind.COMPANY:
        return create_company(access, entity.name)
    return create_contact(access, entity.name)


def make_relationship(
    access: Access, phrase: Phrase, first: int, second: int, said: Said, note: str
) -> Done[int]:
    """A new relationship. For the writer lane."""
    from crm_desktop.services.relationship_edits import create_relationship

    return create_relationship(
        access,
        phrase.type.id,
        *phrase.ends(first, second),
        description=said.description,
        attitude=said.attitude,
        proximity=said.proximity,
        started_on=said.started_on,
        ended_on=said.ended_on,
        note=note or None,
    )


def change_relationship(
    access: Access, relationship_id: int, before: Said, after: Said
) -> Done[None]:
    """A relationship of which something else is said now. For the writer lane."""
    from crm_desktop.services.relationship_edits import update_relationship

    def changed(name: str) -> object:
        value = getattr(after, name)
        return KEEP if value == getattr(before, name) else value

    fields = {name: changed(name) for name in Said.__slots__}
    return update_relationship(access, relationship_id, **fields)  # type: ignore[arg-type]


class RelationshipForm(CommandDialog):
    """Asks for a new relationship: who, how, whom, and what there is to say of it.

    The words in the middle are those of either direction of a type: they are read from the
    first to the second, whichever way round the type is.

    Signals:
        made(relationship_id): the relationship is there.
    """

    made = Signal(int)

    def __init__(
        self,
        context: WindowContext,
        parent: QWidget,
        *,
        from_entity: Entity | None = None,
    ) -> None:
        """`from_entity` is who the relationship is of, where that is known."""
        super().__init__(context, parent, "Add a relationship", "Add", WIDTH)
        self._all: tuple[Phrase, ...] = ()
        self._offered: tuple[Phrase, ...] = ()
        self._is_filling = False
        self.first = EntityPicker(context, can_create=True, name="Who", hint="Person or company")
        self.second = EntityPicker(context, can_create=True, name="Whom", hint="Person or company")
        self.phrase = QComboBox()
        self.phrase.setAccessibleName("How they are connected")
        self.phrase.setPlaceholderText("How?")
        self.phrase.setMaxVisibleItems(20)
        self.phrase.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.swap_button = QToolButton()
        self.swap_button.setIcon(context.theme.icon("swap"))
        self.swap_button.setAccessibleName("Swap the two")
        self.swap_button.setToolTip("Swap the two")
        self.preview = SentencePreview(context.theme)
        self.fields = RelationshipFields(has_note=True)
        self._first = Captioned("Who", self.first)
        self._phrase = Captioned("How", self.phrase)
        self._second = Captioned("Whom", self.second)
        self._arrange()
        if from_entity is not None:
            self.first.set_entity(Suggestion(*from_entity, ""))
        for picker in (self.first, self.second):
            picker.picked.connect(self._follow)
            picker.cleared.connect(self._follow)
        self.phrase.currentIndexChanged.connect(self._on_phrase)
        self.swap_button.clicked.connect(self.swap)
        self.fields.edited.connect(self._forgive)
        self._follow()
        (self.first if from_entity is None else self.phrase).setFocus()
        context.lanes.reader.submit(partial(read_types, context.access), done=self._take_types)

    @classmethod
    def edit(
        cls, context: WindowContext, parent: QWidget, relationship_id: int
    ) -> RelationshipEditForm:
        """The form on a relationship that is there, opened."""
        form = RelationshipEditForm(context, parent, relationship_id)
        form.open()
        return form

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        row.addWidget(self._first, 5)
        row.addWidget(self._phrase, 4)
        row.addWidget(self._second, 5)
        row.addWidget(Captioned("", self.swap_button))
        self.body.addLayout(row)
        self.body.addWidget(self.preview)
        self.body.addWidget(self.fields)

    def chosen_phrase(self) -> Phrase | None:
        """How the two are connected, if that was chosen."""
        index = self.phrase.currentIndex()
        return self._offered[index] if 0 <= index < len(self._offered) else None

    @Slot()
    def swap(self) -> None:
        """Put each in the place of the other. The words stay where they fit; else they are those
        of the other side."""
        first, second, phrase = self.first.entity(), self.second.entity(), self.chosen_phrase()
        self._is_filling = True
        self.first.set_kinds(BOTH)
        self.second.set_kinds(BOTH)
        self.first.set_entity(second)
        self.second.set_entity(first)
        self._is_filling = False
        kinds = _kind(second), _kind(first)
        if phrase is not None and not phrase.fits(*kinds):
            phrase = Phrase(phrase.type, not phrase.is_forward)
        self._offer(phrase)

    @Slot()
    def save(self) -> None:
        if self.is_running or not self._is_complete():
            return
        said = self.fields.said()
        if said is None:
            return
        for picker in (self.first, self.second):
            entity = picker.entity()
            if entity is not None and entity.entity_id == NEW_ID:
                self.run(
                    partial(make_entity, entity=entity),
                    f"Added “{entity.name}”.",
                    done=partial(self._go_on, picker, entity),
                )
                return
        first, second, phrase = self.first.entity(), self.second.entity(), self.chosen_phrase()
        assert first is not None
        assert second is not None
        assert phrase is not None
        command = partial(
            make_relationship,
            phrase=phrase,
            first=first.entity_id,
            second=second.entity_id,
            said=said,
            note=self.fields.note.toPlainText().strip(),
        )
        self.run(command, f"Added: {self._sentence(phrase).text()}.", done=self._end)

    def _end(self, relationship_id: int) -> None:
        if self.is_alive():
            self.made.emit(relationship_id)
            self.accept()

    def _go_on(self, picker: EntityPicker, entity: Suggestion, entity_id: int) -> None:
        """Somebody had to be made first."""
        if not self.is_alive():
            return
        picker.set_entity(Suggestion(entity.entity_type, entity_id, entity.name, ""))
        self.then(self.save)

    def _is_complete(self) -> bool:
        first, second = self.first.entity(), self.second.entity()
        self._first.set_problem(self._missing(self.first))
        self._phrase.set_problem("" if self.chosen_phrase() else "Choose the words.")
        self._second.set_problem(self._missing(self.second))
        if first is not None and second is not None and _is_same(first, second):
            self._second.set_problem("Choose somebody else: these are the same.")
        for field in (self._first, self._phrase, self._second):
            if field.problem():
                field.setFocus()
                return False
        return True

    def _missing(self, picker: EntityPicker) -> str:
        if picker.entity() is not None:
            return ""
        if picker.text().strip():
            return "Choose from the list who that is."
        words = " or ".join(KIND_WORDS[kind].lower() for kind in picker.kinds())
        return f"Choose a {words}."

    @Slot(object)
    def _take_types(self, types: tuple[RelationshipType, ...]) -> None:
        self._all = phrases(types)
        self._offer(None)

    @Slot()
    def _follow(self) -> None:
        if not self._is_filling:
            self._offer(self.chosen_phrase())

    def _offer(self, chosen: Phrase | None) -> None:
        """Offer what can be said of the two, and keep what was chosen if it is among that."""
        first, second = _kind(self.first.entity()), _kind(self.second.entity())
        self._offered = tuple(phrase for phrase in self._all if phrase.fits(first, second))
        theme = self.context.theme.current
        self._is_filling = True
        self.phrase.clear()
        for phrase, words in zip(self._offered, words_of(self._offered), strict=True):
            self.phrase.addItem(dot_icon(theme, phrase.type.color_index), words)
        is_there = chosen is not None and chosen in self._offered
        self.phrase.setCurrentIndex(self._offered.index(chosen) if is_there else -1)
        self._is_filling = False
        self._on_phrase()

    @Slot()
    def _on_phrase(self) -> None:
        if self._is_filling:
            return
        phrase = self.chosen_phrase()
        wanted = (phrase,) if phrase is not None else self._offered
        kinds = {kind for each in wanted for kind in each.kinds[1:]} or set(BOTH)
        self._is_filling = True
        self.second.set_kinds([kind for kind in BOTH if kind in kinds])
        self._is_filling = False
        words = " or ".join(KIND_WORDS[kind].lower() for kind in self.second.kinds())
        self.second.setPlaceholderText(words.capitalize())
        colour = 0 if phrase is None else phrase.type.color_index
        sentence = self._sentence(phrase)
        self.preview.set_content([sentence], colour)
        self.preview.setAccessibleName(sentence.text())
        self._forgive()

    def _sentence(self, phrase: Phrase | None) -> Sentence:
        first, second = self.first.entity(), self.second.entity()
        return Sentence(
            MISSING if first is None else first.name,
            "" if phrase is None else label_in_sentence(phrase.label),
            MISSING if second is None else second.name,
        )

    @Slot()
    def _forgive(self) -> None:
        """What was wrong may be right now."""
        for field in (self._first, self._phrase, self._second):
            field.set_problem("")
        self.explain("")


class RelationshipEditForm(CommandDialog):
    """Changes what is said of a relationship; who and how stay."""

    def __init__(self, context: WindowContext, parent: QWidget, relationship_id: int) -> None:
        super().__init__(context, parent, "Edit relationship", "Save", WIDTH)
        self._relationship_id = relationship_id
        self._before: Said | None = None
        self.preview = SentencePreview(context.theme)
        self.fields = RelationshipFields(has_note=False)
        self.body.addWidget(self.preview)
        self.body.addWidget(self.fields)
        self.fields.setEnabled(False)
        self.save_button.setEnabled(False)
        self.fields.edited.connect(self._forgive)
        context.lanes.reader.submit(
            partial(read_detail, context.access, relationship_id), done=self._take
        )

    @Slot()
    def save(self) -> None:
        if self._before is None or self.is_running:
            return
        said = self.fields.said()
        if said is None:
            return
        if said == self._before:
            self.accept()
            return
        command = partial(
            change_relationship,
            relationship_id=self._relationship_id,
            before=self._before,
            after=said,
        )
        self.run(command, "Changed the relationship.")

    @Slot(object)
    def _take(self, answer: tuple[RelationshipDetail | None, int]) -> None:
        detail, colour = answer
        if detail is None:
            self.explain(GONE)
            return
        relationship = detail.relationship
        label = label_in_sentence(relationship.forward_label)
        sentence = Sentence(relationship.from_name, label, relationship.to_name)
        self.preview.set_content([sentence], colour)
        self.preview.setAccessibleName(sentence.text())
        self.fields.set_detail(detail)
        self.fields.setEnabled(True)
        self.save_button.setEnabled(True)
        # As the fields read it: a date that they write otherwise is no change.
        self._before = self.fields.said()
        self.fields.description.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _forgive(self) -> None:
        self.explain("")


def _is_same(first: Suggestion, second: Suggestion) -> bool:
    is_new = first.entity_id == NEW_ID and second.entity_id == NEW_ID
    ends = (first.entity_type, first.entity_id), (second.entity_type, second.entity_id)
    return ends[0] == ends[1] and (not is_new or first.name == second.name)


def _kind(entity: Suggestion | None) -> EntityKind | None:
    return None if entity is None else entity.entity_type
