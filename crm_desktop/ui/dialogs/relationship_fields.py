"""What a person says of a relationship beside who and what: words, feelings, dates, a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from crm_desktop.base import clock
from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.relationships import ATTITUDES, PROXIMITIES, RelationshipDetail
from crm_desktop.domain.spans import check_span
from crm_desktop.ui.tokens import SPACE_3
from crm_desktop.ui.typed_dates import spelt_date, typed_date
from crm_desktop.ui.widgets.captioned import Captioned

TEXT_HEIGHT = 58
DATE_CHARACTERS = 40
DATE_HINT = "2019, May 2019…"


@dataclass(frozen=True, slots=True)
class Said:
    """What the fields say; None where nothing is said."""

    description: str | None
    attitude: int | None
    proximity: int | None
    started_on: str | None
    ended_on: str | None


class RelationshipFields(QWidget):
    """The fields, each with its problem in place.

    Signals:
        edited(): something else stands in them.
    """

    edited = Signal()

    def __init__(self, *, has_note: bool) -> None:
        """`has_note` adds a field for a first note."""
        super().__init__()
        self.description = _text("What connects them, in your words")
        self.attitude = _choice(ATTITUDES)
        self.proximity = _choice(PROXIMITIES)
        self.started = _line(DATE_HINT)
        self.ended = _line(DATE_HINT)
        self.note = _text("What you want to remember")
        self._started = Captioned("Since", self.started)
        self._ended = Captioned("Until", self.ended)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_3)
        grid.setVerticalSpacing(SPACE_3)
        row = QHBoxLayout()
        row.setSpacing(SPACE_3)
        for field in (
            Captioned("Attitude", self.attitude),
            Captioned("Closeness", self.proximity),
            self._started,
            self._ended,
        ):
            row.addWidget(field, 1)
        grid.addWidget(Captioned("Description", self.description), 0, 0)
        if has_note:
            grid.addWidget(Captioned("First note", self.note), 0, 1)
        grid.addLayout(row, 1, 0, 1, 2 if has_note else 1)
        self.attitude.setAccessibleDescription("How you feel about it")
        self.proximity.setAccessibleDescription("How close they are")
        for edit in (self.description, self.note, self.started, self.ended):
            edit.textChanged.connect(self._on_edited)
        for box in (self.attitude, self.proximity):
            box.currentIndexChanged.connect(self._on_edited)

    def set_detail(self, detail: RelationshipDetail) -> None:
        """Show what was said before."""
        relationship = detail.relationship
        self.description.setPlainText(relationship.description or "")
        self.attitude.setCurrentIndex(relationship.attitude or 0)
        self.proximity.setCurrentIndex(relationship.proximity or 0)
        self.started.setText(spelt_date(detail.started_on))
        self.ended.setText(spelt_date(detail.ended_on))

    def said(self) -> Said | None:
        """What the fields say; None where that cannot be taken, and then they say why and the
        first of them has the keyboard."""
        started, ended = self._date(self._started), self._date(self._ended)
        if not self._started.problem() and not self._ended.problem():
            try:
                check_span(started, ended)
            except InvalidInput as error:
                self._ended.set_problem(str(error))
        for field in (self._started, self._ended):
            if field.problem():
                field.setFocus()
                return None
        return Said(
            self.description.toPlainText().strip() or None,
            self.attitude.currentIndex() or None,
            self.proximity.currentIndex() or None,
            started,
            ended,
        )

    def problems(self) -> list[str]:
        """What is said to be wrong."""
        return [field.problem() for field in (self._started, self._ended) if field.problem()]

    def _date(self, field: Captioned) -> str | None:
        edit = field.control
        assert isinstance(edit, QLineEdit)
        try:
            found = typed_date(edit.text(), clock.now().date(), needs_year=True)
        except InvalidInput as error:
            field.set_problem(str(error))
            return None
        field.set_problem("")
        return found or None

    @Slot()
    def _on_edited(self) -> None:
        self._started.set_problem("")
        self._ended.set_problem("")
        self.edited.emit()


def _text(hint: str) -> QPlainTextEdit:
    edit = QPlainTextEdit()
    edit.setPlaceholderText(hint)
    edit.setTabChangesFocus(True)
    edit.setFixedHeight(TEXT_HEIGHT)
    return edit


def _line(hint: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setPlaceholderText(hint)
    edit.setMaxLength(DATE_CHARACTERS)
    edit.setAcceptDrops(False)
    return edit


def _choice(words: Sequence[str]) -> QComboBox:
    """Places 1-5, and 0 for none."""
    box = QComboBox()
    box.addItem("Not said")
    box.addItems(list(words))
    return box
