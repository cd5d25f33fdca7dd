"""The fields in which a relationship type is written, with what is wrong said below each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.services.relationship_types import MAX_DESCRIPTION, MAX_NAME
from crm_desktop.ui.models.type_draft import FORWARD, NAME, REVERSE, TypeDraft
from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from crm_desktop.ui.type_words import COLOUR_NAMES, EXAMPLE_LABELS, KIND_WORDS, between
from crm_desktop.ui.widgets.colour_picker import ColourPicker
from crm_desktop.ui.widgets.form_field import FormField
from crm_desktop.ui.widgets.labels import plain_label

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

KINDS = tuple(EXAMPLE_LABELS)
"""The kinds of both ends, as the choice between them lists them."""


class TypeFields(QWidget):
    """A draft in widgets. Name and kinds can be given to a new type only.

    Signals:
        changed(): the person typed or chose something.
        pointed(FormField): the keyboard was put into this field, which should be in view.
    """

    changed = Signal()
    pointed = Signal(QWidget)

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_new = False
        self._taken: tuple[str, ...] = ()
        self._says_blanks = False
        self._is_filling = False
        self.name = FormField("Name", MAX_NAME)
        self.kinds = QComboBox()
        self.kinds.setAccessibleName("Between")
        for kinds in KINDS:
            self.kinds.addItem(between(*kinds))
        self.forward = FormField("Label", MAX_NAME)
        self.reverse = FormField("Label", MAX_NAME)
        self.is_same = QCheckBox("Both sides read the same")
        self.is_same.setAccessibleName("Both sides read the same")
        self.description = FormField("Description", MAX_DESCRIPTION)
        self.description.edit.setPlaceholderText("What it is for, if the name does not say it")
        self.colour = ColourPicker(theme)
        self._colour_name = plain_label("", "caption", "muted")
        self._texts = {NAME: self.name, FORWARD: self.forward, REVERSE: self.reverse}
        self._arrange()
        for field in (*self._texts.values(), self.description):
            field.edit.textChanged.connect(self._on_changed)
        self.kinds.currentIndexChanged.connect(self._on_changed)
        self.is_same.toggled.connect(self._on_changed)
        self.colour.chosen.connect(self._on_changed)

    def _arrange(self) -> None:
        self._kinds = QWidget()
        kinds = QVBoxLayout(self._kinds)
        kinds.setContentsMargins(0, 0, 0, 0)
        kinds.setSpacing(SPACE_1)
        caption = plain_label("Between", "caption", "muted", is_strong=True)
        caption.setBuddy(self.kinds)
        kinds.addWidget(caption)
        kinds.addWidget(self.kinds)
        heading = QHBoxLayout()
        heading.setSpacing(SPACE_2)
        heading.addWidget(plain_label("Colour", "caption", "muted", is_strong=True))
        heading.addWidget(self._colour_name)
        heading.addStretch(1)
        colours = QVBoxLayout()
        colours.setSpacing(SPACE_1)
        colours.addLayout(heading)
        colours.addWidget(self.colour)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_3)
        for widget in (
            *(self.name, self._kinds, self.forward, self.is_same, self.reverse),
            self.description,
        ):
            column.addWidget(widget)
        column.addLayout(colours)

    def set_draft(self, draft: TypeDraft, *, is_new: bool, taken: Iterable[str] = ()) -> None:
        """Show a draft; `taken` are the names that a new type cannot have."""
        self._is_filling = True
        self._is_new, self._taken, self._says_blanks = is_new, tuple(taken), False
        self.name.setVisible(is_new)
        self._kinds.setVisible(is_new)
        self.name.edit.setText(draft.name)
        self.kinds.setCurrentIndex(KINDS.index((draft.from_kind, draft.to_kind)))
        self.forward.edit.setText(draft.forward_label)
        self.reverse.edit.setText(draft.reverse_label)
        self.is_same.setChecked(
            bool(draft.forward_label.strip()) and draft.forward_label == draft.reverse_label
        )
        self.description.edit.setText(draft.description)
        self.colour.set_index(draft.color_index)
        for field in (*self._texts.values(), self.description):
            field.edit.setCursorPosition(0)
        self._is_filling = False
        self._show_state()

    def draft(self) -> TypeDraft:
        """What the fields hold."""
        forward = self.forward.edit.text()
        return TypeDraft(
            self.name.edit.text(),
            *KINDS[self.kinds.currentIndex()],
            forward,
            forward if self._reads_the_same() else self.reverse.edit.text(),
            self.description.edit.text(),
            self.colour.index(),
        )

    def problems(self) -> dict[str, str]:
        """What keeps the draft from being stored, by field."""
        draft = self.draft()
        found = draft.blanks() | (draft.clash(self._taken) if self._is_new else {})
        if self._reads_the_same():
            found.pop(REVERSE, None)
        return found

    def check(self) -> bool:
        """Whether the draft can be stored. If not, say why, and put the keyboard where."""
        self._says_blanks = True
        self._show_problems()
        wrong = next((field for key, field in self._texts.items() if key in self.problems()), None)
        if wrong is None:
            return True
        self.focus(wrong)
        return False

    def focus(self, field: FormField) -> None:
        """Put the keyboard into a field, all selected; the first that shows if it does not."""
        shown = field if not field.isHidden() else self.forward
        shown.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        shown.edit.selectAll()
        self.pointed.emit(shown)

    def _reads_the_same(self) -> bool:
        from_kind, to_kind = KINDS[self.kinds.currentIndex()]
        return from_kind is to_kind and self.is_same.isChecked()

    @Slot()
    def _on_changed(self) -> None:
        if self._is_filling:
            return
        self._show_state()
        self.changed.emit()

    def _show_state(self) -> None:
        from_kind, to_kind = KINDS[self.kinds.currentIndex()]
        self.is_same.setVisible(from_kind is to_kind)
        self.reverse.setVisible(not self._reads_the_same())
        if self._reads_the_same():
            captions = ("On both cards", "")
        elif from_kind is to_kind:
            noun = KIND_WORDS[from_kind].lower()
            captions = (f"On the first {noun}’s card", f"On the second {noun}’s card")
        else:
            captions = (
                f"On the {KIND_WORDS[from_kind].lower()}’s card",
                f"On the {KIND_WORDS[to_kind].lower()}’s card",
            )
        examples = EXAMPLE_LABELS[from_kind, to_kind]
        for field, caption, example in zip(
            (self.forward, self.reverse), captions, examples, strict=True
        ):
            field.set_caption(caption)
            field.edit.setPlaceholderText(f"For example “{example}”")
        self._colour_name.setText(COLOUR_NAMES[self.colour.index()])
        self._show_problems()

    def _show_problems(self) -> None:
        draft = self.draft()
        problems = draft.clash(self._taken) if self._is_new else {}
        if self._says_blanks:
            problems = self.problems()
        for key, field in self._texts.items():
            field.set_problem(problems.get(key, ""))
