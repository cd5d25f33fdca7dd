"""Entering and changing a relationship, through the real services and by the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.domain.relationships import (
    EntityKind,
    Relationship,
    RelationshipDetail,
    RelationshipSource,
)
from crm_desktop.services.relationships import load_relationships, relationship_detail
from crm_desktop.ui.dialogs.relationship_form import RelationshipEditForm, RelationshipForm
from crm_desktop.ui.widgets.entity_picker import EntityPicker
from tests.ui.keys import CONTROL, press, type_text
from tests.ui.page_sample import ADA, GRACE, contact_id_of, small_life, store_life
from tests.ui.window_sample import markup_labels, nameless

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.context import WindowContext

pytestmark = pytest.mark.usefixtures("frozen_now")
Key = Qt.Key


@pytest.fixture
def life(access: DirectAccess) -> DirectAccess:
    store_life(access, small_life())
    return access


@pytest.fixture
def window(host: QWidget, qtbot: QtBot) -> QWidget:
    with qtbot.waitActive(host):
        host.show()
    return host


@pytest.fixture
def form(
    context: WindowContext, life: DirectAccess, window: QWidget, qtbot: QtBot
) -> RelationshipForm:
    return opened(qtbot, RelationshipForm(context, window))


def opened(qtbot: QtBot, form: RelationshipForm) -> RelationshipForm:
    form.open()
    qtbot.waitUntil(form.isActiveWindow)
    qtbot.waitUntil(lambda: form.phrase.count() > 0)
    return form


def pick(qtbot: QtBot, picker: EntityPicker, letters: str) -> None:
    """Type letters into the picker that has the keyboard, and take the best answer."""
    assert picker.hasFocus()
    type_text(letters)
    qtbot.waitUntil(lambda: bool(picker.suggestions()) and picker._latest.current is None)
    press(Key.Key_Tab)
    assert picker.entity() is not None


def choose(form: RelationshipForm, words: str) -> None:
    """Go down to some words in the middle, where the keyboard is, and on."""
    assert form.phrase.hasFocus()
    for _ in range(form.phrase.count()):
        if form.phrase.currentText() != words:
            press(Key.Key_Down)
    assert form.phrase.currentText() == words
    press(Key.Key_Tab)


def manual(access: DirectAccess) -> list[Relationship]:
    return list(load_relationships(access, source=RelationshipSource.MANUAL))


def detail_of(access: DirectAccess, relationship_id: int) -> RelationshipDetail:
    detail = relationship_detail(access, relationship_id)
    assert detail is not None
    return detail


def test_a_relationship_is_entered_by_the_keyboard_alone(
    form: RelationshipForm, context: WindowContext, life: DirectAccess, qtbot: QtBot
) -> None:
    pick(qtbot, form.first, "grace")
    choose(form, "Works at")
    pick(qtbot, form.second, "analyt")
    assert form.preview.texts() == ["Grace Hopper works at Analytical Engines"]
    press(Key.Key_Tab)  # over the button that swaps
    type_text("Consults on compilers")
    press(Key.Key_Tab)
    type_text("Likes rowing")
    press(Key.Key_Tab)
    press(Key.Key_Down)
    press(Key.Key_Down)
    press(Key.Key_Tab)
    type_text("Very")
    press(Key.Key_Tab)
    type_text("May 2019")
    press(Key.Key_Tab)
    type_text("2021-03-04")
    with qtbot.waitSignal(form.accepted):
        press(Key.Key_Return, CONTROL)
    (made,) = manual(life)
    assert made.type == "EMPLOYEE"
    assert made.sentence == "Analytical Engines employs Grace Hopper"
    assert made.from_entity_type is EntityKind.COMPANY
    assert (made.description, made.attitude, made.proximity) == ("Consults on compilers", 2, 5)
    detail = detail_of(life, made.id)
    assert (detail.started_on, detail.ended_on) == ("2019-05", "2021-03-04")
    assert [note.content for note in detail.notes] == ["Likes rowing"]
    assert context.editing.status.undo_label == "Add relationship"
    with qtbot.waitSignal(context.editing.status_changed):
        context.editing.undo()
    assert manual(life) == []
    with qtbot.waitSignal(context.editing.status_changed):
        context.editing.redo()
    assert manual(life) == [made]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Reports to", "Ada Lovelace has direct report Grace Hopper"),
        ("Has direct report", "Grace Hopper has direct report Ada Lovelace"),
        ("Works with", "Ada Lovelace works with Grace Hopper"),
    ],
)
def test_the_words_decide_which_end_is_which(
    form: RelationshipForm, life: DirectAccess, qtbot: QtBot, words: str, expected: str
) -> None:
    pick(qtbot, form.first, "grace")
    choose(form, words)
    pick(qtbot, form.second, "lovel")
    with qtbot.waitSignal(form.accepted):
        form.save()
    assert {row.sentence for row in manual(life)} == {expected}


def test_only_words_that_fit_are_offered_and_only_who_fits_them(
    form: RelationshipForm, qtbot: QtBot
) -> None:
    def offered() -> list[str]:
        return [form.phrase.itemText(i) for i in range(form.phrase.count())]

    assert len(offered()) == 9
    pick(qtbot, form.first, "analyt")
    assert "Employs" in offered()
    assert "Knows" not in offered()
    choose(form, "Employs")
    assert form.second.kinds() == (EntityKind.CONTACT,)
    assert form.second.placeholderText() == "Person"
    pick(qtbot, form.second, "a")
    entity = form.second.entity()
    assert entity is not None
    assert entity.entity_type is EntityKind.CONTACT
    form.first.clear()
    assert form.chosen_phrase() is not None
    form.second.clear()
    form.phrase.setCurrentIndex(-1)
    assert len(offered()) == 9
    form.reject()


def test_swapping_turns_the_words_where_they_no_longer_fit(
    form: RelationshipForm, qtbot: QtBot
) -> None:
    pick(qtbot, form.first, "grace")
    choose(form, "Works at")
    pick(qtbot, form.second, "analyt")
    form.swap_button.click()
    assert form.preview.texts() == ["Analytical Engines employs Grace Hopper"]
    form.swap_button.click()
    assert form.preview.texts() == ["Grace Hopper works at Analytical Engines"]
    form.second.clear()
    form.second.setFocus()
    form.phrase.setCurrentIndex(form.phrase.findText("Reports to"))
    pick(qtbot, form.second, "lovel")
    assert form.preview.texts() == ["Grace Hopper reports to Ada Lovelace"]
    form.swap_button.click()
    assert form.preview.texts() == ["Ada Lovelace reports to Grace Hopper"]
    form.reject()


def test_what_is_missing_is_said_in_place(
    form: RelationshipForm, life: DirectAccess, qtbot: QtBot
) -> None:
    form.save()
    assert form._first.problem() == "Choose a person or company."
    assert form._phrase.problem() == "Choose the words."
    assert form.first.hasFocus()
    pick(qtbot, form.first, "grace")
    assert form._first.problem() == form._phrase.problem() == ""
    choose(form, "Knows")
    type_text("gra")
    qtbot.waitUntil(lambda: bool(form.second.suggestions()))
    press(Key.Key_Escape)
    form.save()
    assert form._second.problem() == "Choose from the list who that is."
    form.second.clear()
    pick(qtbot, form.second, "grace")
    form.save()
    assert "same" in form._second.problem()
    form.second.clear()
    form.second.setFocus()
    pick(qtbot, form.second, "lovel")
    form.fields.started.setText("someday")
    form.save()
    assert "someday" in form.fields.problems()[0]
    assert form.fields.started.hasFocus()
    form.fields.started.setText("2020")
    form.fields.ended.setText("2019")
    assert form.fields.problems() == []
    form.save()
    assert "before the start" in form.fields.problems()[0]
    assert manual(life) == []
    form.reject()


def test_one_that_is_there_already_is_refused_in_place(
    form: RelationshipForm, context: WindowContext, life: DirectAccess, qtbot: QtBot
) -> None:
    pick(qtbot, form.first, "lovel")
    choose(form, "Works at")
    pick(qtbot, form.second, "analyt")
    form.save()
    qtbot.waitUntil(lambda: "already there" in form.problem.text())
    assert form.isVisible()
    assert form.save_button.isEnabled()
    form.fields.description.setPlainText("again")
    assert form.problem.text() == ""
    form.reject()


def test_somebody_new_is_made_with_the_relationship_and_not_before(
    form: RelationshipForm, context: WindowContext, life: DirectAccess, qtbot: QtBot
) -> None:
    pick(qtbot, form.first, "lovel")
    form.phrase.setCurrentIndex(form.phrase.findText("Works at"))
    form.second.setFocus()
    type_text("Zuse KG")
    qtbot.waitUntil(lambda: bool(form.second.suggestions()))
    press(Key.Key_Return)
    assert form.second.text() == "Zuse KG"
    with life.read() as store:
        assert store.fulltext.find_companies(["Zuse"]) == []
    with qtbot.waitSignal(form.accepted):
        press(Key.Key_Return, CONTROL)
    (made,) = manual(life)
    assert made.sentence == "Zuse KG employs Ada Lovelace"
    for label in ("Add relationship", "Add company"):
        undone = context.editing.status.undo_label
        assert undone is not None
        assert undone.startswith(label.split()[0]), undone
        with qtbot.waitSignal(context.editing.status_changed):
            context.editing.undo()
    with life.read() as store:
        assert store.fulltext.find_companies(["Zuse"]) == []


def test_of_somebody_the_words_are_asked_first(
    context: WindowContext, life: DirectAccess, window: QWidget, qtbot: QtBot
) -> None:
    ada = contact_id_of(life, ADA)
    form = opened(
        qtbot,
        RelationshipForm(context, window, from_entity=(EntityKind.CONTACT, ada, ADA.name)),
    )
    assert form.first.text() == "Ada Lovelace"
    assert form.phrase.hasFocus()
    assert form.preview.texts() == ["Ada Lovelace … …"]
    assert nameless(form) == []
    assert markup_labels(form) == []
    assert not form.grab().isNull()
    form.reject()


def test_a_form_that_was_closed_does_what_it_was_told(
    form: RelationshipForm, life: DirectAccess, qtbot: QtBot
) -> None:
    pick(qtbot, form.first, "grace")
    choose(form, "Works with")
    pick(qtbot, form.second, "lovel")
    form.save()
    form.reject()
    qtbot.waitUntil(lambda: len(manual(life)) == 1)


def test_names_are_never_markup(
    context: WindowContext, life: DirectAccess, window: QWidget, qtbot: QtBot
) -> None:
    hostile = (EntityKind.CONTACT, 4711, "<b>Bold</b> & <img src=x>\nand more")
    form = opened(qtbot, RelationshipForm(context, window, from_entity=hostile))
    assert "<b>Bold</b>" in form.first.text()
    assert markup_labels(form) == []
    form.reject()


@pytest.fixture
def known(life: DirectAccess) -> int:
    from crm_desktop.services.relationship_edits import create_relationship

    ends = contact_id_of(life, GRACE), contact_id_of(life, ADA)
    return create_relationship(
        life, "rt-reports-to", *ends, description="Since the lab", attitude=4, started_on="2019-05"
    ).value


def edited(
    context: WindowContext, window: QWidget, qtbot: QtBot, relationship_id: int
) -> RelationshipEditForm:
    form = RelationshipForm.edit(context, window, relationship_id)
    qtbot.waitUntil(form.isActiveWindow)
    qtbot.waitUntil(lambda: form.fields.isEnabled() or bool(form.problem.text()))
    return form


def test_only_what_was_changed_is_changed(
    context: WindowContext, life: DirectAccess, window: QWidget, known: int, qtbot: QtBot
) -> None:
    form = edited(context, window, qtbot, known)
    assert form.preview.texts() == ["Grace Hopper has direct report Ada Lovelace"]
    assert form.fields.description.toPlainText() == "Since the lab"
    assert form.fields.description.hasFocus()
    assert form.fields.started.text() == "May 2019"
    assert nameless(form) == []
    assert markup_labels(form) == []
    press(Key.Key_Tab)
    press(Key.Key_Home)
    press(Key.Key_Tab)
    type_text("Close")
    with qtbot.waitSignal(form.accepted):
        press(Key.Key_Return, CONTROL)
    detail = detail_of(life, known)
    relationship = detail.relationship
    assert (relationship.description, relationship.attitude) == ("Since the lab", None)
    assert (relationship.proximity, detail.started_on) == (4, "2019-05")
    with qtbot.waitSignal(context.editing.status_changed):
        context.editing.undo()
    assert detail_of(life, known).relationship.attitude == 4


def test_nothing_changed_is_no_command(
    context: WindowContext, window: QWidget, known: int, qtbot: QtBot
) -> None:
    form = edited(context, window, qtbot, known)
    label = context.editing.status.undo_label
    form.save()
    assert not form.isVisible()
    assert context.editing.status.undo_label == label


def test_one_that_is_gone_cannot_be_changed(
    context: WindowContext, life: DirectAccess, window: QWidget, known: int, qtbot: QtBot
) -> None:
    form = edited(context, window, qtbot, known + 1)
    assert "no longer there" in form.problem.text()
    assert not form.save_button.isEnabled()
    form.reject()


def test_one_that_went_meanwhile_is_refused_in_place(
    context: WindowContext, life: DirectAccess, window: QWidget, known: int, qtbot: QtBot
) -> None:
    from crm_desktop.services.relationship_edits import delete_relationships

    form = edited(context, window, qtbot, known)
    delete_relationships(life, [known])
    form.fields.description.setPlainText("Else")
    form.save()
    qtbot.waitUntil(lambda: "no longer there" in form.problem.text())
    form.reject()


def test_enter_in_a_line_does_what_the_button_does(
    context: WindowContext, life: DirectAccess, window: QWidget, known: int, qtbot: QtBot
) -> None:
    form = edited(context, window, qtbot, known)
    form.fields.ended.setFocus()
    type_text("2022")
    with qtbot.waitSignal(form.accepted):
        press(Key.Key_Return)
    assert detail_of(life, known).ended_on == "2022"
    assert QApplication.activePopupWidget() is None
