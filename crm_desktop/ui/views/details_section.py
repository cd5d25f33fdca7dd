"""What is known of a contact: names, birthday, rhythm and kind, which can be changed, and facts."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.cards import ContactCard
from crm_desktop.domain.contacts import ContactKind
from crm_desktop.ui.format import (
    birthday,
    duration,
    exact,
    number,
    plural,
    short_day,
)
from crm_desktop.ui.typed_dates import spelt_date, typed_date
from crm_desktop.ui.views import card_commands as commands
from crm_desktop.ui.views.card_edits import short
from crm_desktop.ui.widgets.choice_face import ChoiceFace
from crm_desktop.ui.widgets.editable_text import EditableText
from crm_desktop.ui.widgets.rows import FactRow, FieldRow
from crm_desktop.ui.widgets.section import Section, clear_layout

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager
    from crm_desktop.ui.views.card_edits import CardEdits

KINDS = (
    (ContactKind.PERSON, "A person"),
    (ContactKind.ROLE, "A shared address"),
    (ContactKind.LIST, "A mailing list"),
    (ContactKind.BOT, "Automatic mail"),
)
RHYTHMS = ((7, "Every week"), (30, "Every month"), (90, "Every quarter"), (365, "Every year"))
OWN_RHYTHM = "own"
_SPAN = re.compile(r"(?:every\s+)?(\d{1,5})?\s*(day|week|month|quarter|year)?s?", re.IGNORECASE)
_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 90, "year": 365}


def rhythm_words(days: int | None) -> str:
    """How often one wants to be in touch, in words; "" for no rhythm."""
    if days is None:
        return ""
    return dict(RHYTHMS).get(days) or f"Every {plural(days, 'day')}"


def typed_rhythm(text: str) -> str:
    """The days of a rhythm as people type it: "45", "every 6 weeks". Raises InvalidInput."""
    match = _SPAN.fullmatch(text.strip())
    if match is None or not (match[1] or match[2]):
        raise InvalidInput(f"“{text[:40]}” is no rhythm. Write it like 45 days or 6 weeks.")
    return str(int(match[1] or 1) * _DAYS[(match[2] or "day").lower()])


class RhythmField(QWidget):
    """How often one wants to be in touch: a few choices, or any number of days.

    Signals:
        chosen(days): days as text, "" for no rhythm.
    """

    chosen = Signal(str)

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        choices = [(str(days), words) for days, words in RHYTHMS]
        self._choices = [*choices, (OWN_RHYTHM, "Another rhythm…"), ("", "No rhythm")]
        self.face = ChoiceFace(theme, "Keep in touch", self._choices, "No rhythm", is_at_end=True)
        self.own = EditableText(
            theme, "Keep in touch every", example="45 days", is_at_end=True, check=typed_rhythm
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.face)
        column.addWidget(self.own)
        self.own.hide()
        self.setFocusProxy(self.face)
        self.face.chosen.connect(self._choose)
        self.own.committed.connect(self.chosen)
        self.own.opened.connect(self._show_own)
        self.own.closed.connect(self._show_face)

    def set_days(self, days: int | None) -> None:
        """Show this rhythm."""
        self.face.set_key("" if days is None else str(days), rhythm_words(days))
        self.own.set_value("" if days is None else plural(days, "day"))

    @Slot(str)
    def _choose(self, key: str) -> None:
        if key == OWN_RHYTHM:
            self.own.begin()
        else:
            self.chosen.emit(key)

    @Slot()
    def _show_own(self) -> None:
        had_focus = self.window().focusWidget() is self.face
        self.own.show()
        self.setFocusProxy(self.own)
        if had_focus:
            self.own.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.face.hide()

    @Slot()
    def _show_face(self) -> None:
        had_focus = self.window().focusWidget() is self.own.face
        self.face.show()
        self.setFocusProxy(self.face)
        if had_focus:
            self.face.setFocus()
        self.own.hide()


class DetailsSection(Section):
    """Fields that can be changed, over what the messages tell."""

    def __init__(self, theme: ThemeManager, edits: CardEdits) -> None:
        super().__init__("Details", spacing=0, has_buttons=True)
        self._edits = edits
        self._contact_id = 0
        self._name = ""
        self._today = date(2000, 1, 1)
        self.given_name = EditableText(theme, "Given name", "Add", is_at_end=True)
        self.family_name = EditableText(theme, "Family name", "Add", is_at_end=True)
        self.birthday = EditableText(
            theme,
            "Birthday",
            "Add",
            example="12 April 1985, 1985…",
            is_at_end=True,
            check=self._read_birthday,
        )
        self.rhythm = RhythmField(theme)
        self.kind = ChoiceFace(theme, "Kind", [(str(k), w) for k, w in KINDS], is_at_end=True)
        for name, field in (
            ("Given name", self.given_name),
            ("Family name", self.family_name),
            ("Birthday", self.birthday),
            ("Keep in touch", self.rhythm),
            ("Kind", self.kind),
        ):
            self.add(FieldRow(name, field))
        self._facts = QVBoxLayout()
        self._facts.setSpacing(0)
        self.body.addLayout(self._facts)
        for column, words, field in (
            ("given_name", "given name", self.given_name),
            ("family_name", "family name", self.family_name),
            ("birthday", "birthday", self.birthday),
        ):
            field.committed.connect(partial(self._change, column, words, field))
        self.rhythm.chosen.connect(self._change_rhythm)
        self.kind.chosen.connect(self.change_kind)

    def show_card(self, card: ContactCard, now: int) -> None:
        """Show these of a contact; times are told from `now` (epoch seconds UTC)."""
        if card.id != self._contact_id:
            for field in (self.given_name, self.family_name, self.birthday, self.rhythm.own):
                field.forget()
        self._contact_id, self._name = card.id, card.name
        self._today = datetime.fromtimestamp(now, UTC).astimezone().date()
        self.given_name.set_value(card.given_name or "")
        self.family_name.set_value(card.family_name or "")
        spelt = spelt_date(card.birthday)
        shown = birthday(card.birthday, self._today) if card.birthday else ""
        self.birthday.set_value(spelt, shown)
        self.rhythm.set_days(card.cadence_days)
        self.kind.set_key(str(card.kind))
        self.kind.setEnabled(not card.is_self)
        clear_layout(self._facts)
        for fact in _facts(card):
            self._facts.addWidget(fact)

    @Slot(str)
    def change_kind(self, kind: str) -> None:
        """Say what the contact is."""
        words = dict(KINDS)[ContactKind(kind)]
        said = f"{short(self._name)} is {words[:1].lower()}{words[1:]} from now on"
        self._edits.run(commands.update_contact(self._contact_id, kind=kind), said)

    def _read_birthday(self, typed: str) -> str:
        return typed_date(typed, self._today)

    def _change(self, column: str, words: str, field: EditableText, text: str) -> None:
        command = commands.update_contact(self._contact_id, **{column: text or None})
        self._edits.run(command, f"Changed the {words} of {short(self._name)}", field=field)

    @Slot(str)
    def _change_rhythm(self, days: str) -> None:
        wanted = int(days) if days else None
        words = rhythm_words(wanted)
        name = short(self._name)
        said = f"Keep in touch with {name}: {words.lower()}" if words else f"No rhythm for {name}"
        command = commands.update_contact(self._contact_id, cadence_days=wanted)
        self._edits.run(command, said, field=self.rhythm.own)


def _facts(card: ContactCard) -> list[FactRow]:
    rows = []
    if card.message_count:
        rows.append(FactRow("Messages", number(card.message_count)))
    for name, moment in (
        ("First contact", card.first_message_at),
        ("Last contact", card.last_message_at),
    ):
        if moment is not None:
            rows.append(FactRow(name, short_day(moment), exact(moment)))
    features = card.features
    if features is not None and features.messages_30d:
        rows.append(FactRow("Last 30 days", plural(features.messages_30d, "message")))
    if features is not None and features.avg_reply_latency_seconds is not None:
        rows.append(FactRow("You answer within", duration(features.avg_reply_latency_seconds)))
    return rows
