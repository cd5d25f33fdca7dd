"""The dated notes on a relationship: a field for one more over those there are, latest first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from crm_desktop.domain.relationships import Note, RelationshipDetail
from crm_desktop.ui.format import exact, plain_tooltip, relative
from crm_desktop.ui.tokens import SPACE_1
from crm_desktop.ui.views import card_commands as commands
from crm_desktop.ui.widgets.editable_face import PADDING
from crm_desktop.ui.widgets.editable_notes import EditableNotes
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.row_section import RowSection

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager
    from crm_desktop.ui.views.card_edits import CardEdits

BUTTON = 22
SAID_DELETED = "Deleted the note"


class NoteRow(QWidget):
    """One note: its date, its words, which can be changed, and a button that deletes it.

    Signals:
        deleted(): the person deletes it.
    """

    deleted = Signal()

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self._theme = theme
        self.note_id = 0
        self.notes = EditableNotes("Note", "An emptied note is deleted", least_lines=1)
        self.date = plain_label("", "caption", "muted")
        self.delete_button = QToolButton()
        self.delete_button.setFixedSize(BUTTON, BUTTON)
        self.delete_button.setToolTip("Delete this note")
        self.delete_button.clicked.connect(self.deleted)
        top = QHBoxLayout()
        top.setContentsMargins(PADDING, 0, 0, 0)
        top.addWidget(self.date, 1)
        top.addWidget(self.delete_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_1, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.notes)
        self.setFocusProxy(self.notes)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def show_item(self, item: tuple[Note, int]) -> None:
        """Show this note; its age is told from the second part (epoch seconds UTC)."""
        note, now = item
        self.note_id = note.id
        when = relative(note.created_at, now)
        self.date.setText(when)
        self.date.setToolTip(plain_tooltip(exact(note.created_at)))
        self.notes.set_value(note.content)
        self.notes.setAccessibleName(f"Note, {when}")
        self.delete_button.setAccessibleName(f"Delete the note, {when}")

    @Slot()
    def _draw_icon(self) -> None:
        self.delete_button.setIcon(self._theme.icon("trash"))


class RelationshipNotes(RowSection[tuple[Note, int]]):
    """The notes of one relationship.

    Signals:
        escaped(): Esc was pressed in a note.
    """

    escaped = Signal()

    def __init__(self, theme: ThemeManager, edits: CardEdits) -> None:
        super().__init__("Notes", key=lambda item: item[0].id, make=self._make)
        self._theme = theme
        self._edits = edits
        self._relationship_id = 0
        self.new = EditableNotes("New note", "Write a note", least_lines=1)
        self.problem = plain_label("", "caption", "danger", wraps=True)
        self.problem.hide()
        self.new.committed.connect(self._add)
        self.new.refused.connect(self._complain)
        self.new.textChanged.connect(self.problem.hide)
        self.new.escaped.connect(self.escaped)
        # Over the notes, where the latest will be.
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(1, self.new)
        column.insertWidget(2, self.problem)

    def show_notes(self, detail: RelationshipDetail, now: int) -> None:
        """Show the notes of this relationship; ages are told from `now` (epoch seconds UTC)."""
        if detail.relationship.id != self._relationship_id:
            self.new.forget()
        self._relationship_id = detail.relationship.id
        self.show_items((note, now) for note in reversed(detail.notes))
        self.show()

    @Slot()
    def start(self) -> None:
        """Let a new note be typed."""
        self.new.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make(self, item: tuple[Note, int]) -> NoteRow:
        row = NoteRow(self._theme)
        note_id = item[0].id
        row.notes.committed.connect(partial(self._change, row, note_id))
        row.notes.refused.connect(self._complain)
        row.notes.escaped.connect(self.escaped)
        row.deleted.connect(partial(self._delete, note_id))
        return row

    @Slot(str)
    def _add(self, text: str) -> None:
        if text.strip():
            self._edits.run(
                commands.add_note(self._relationship_id, text),
                "Added a note",
                field=self.new,
                done=partial(self._added, text),
            )
        else:
            self.new.forget()

    def _added(self, text: str, _note_id: int) -> None:
        # What was typed on meanwhile belongs to the next note.
        rest = self.new.toPlainText().removeprefix(text)
        had_more = rest != self.new.toPlainText() and bool(rest.strip())
        self.new.forget()
        if had_more:
            self.new.setPlainText(rest.lstrip())

    def _change(self, row: NoteRow, note_id: int, text: str) -> None:
        if text.strip():
            command = commands.edit_note(note_id, text)
            self._edits.run(command, "Changed the note", field=row.notes)
        else:
            self._edits.run(commands.remove_note(note_id), SAID_DELETED, field=row.notes)

    def _delete(self, note_id: int) -> None:
        self._edits.run(commands.remove_note(note_id), SAID_DELETED)

    @Slot(str)
    def _complain(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.show()
