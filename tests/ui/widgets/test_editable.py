"""Values that are changed where they stand: by mouse, by keyboard, and while others come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout, QWidget

from crm_desktop.base.errors import InvalidInput
from crm_desktop.ui.theme import Appearance, ThemeManager
from crm_desktop.ui.tokens import TITLE
from crm_desktop.ui.widgets.choice_face import ChoiceFace
from crm_desktop.ui.widgets.editable_face import Face
from crm_desktop.ui.widgets.editable_notes import MOST_LINES, EditableNotes
from crm_desktop.ui.widgets.editable_text import EditableText
from crm_desktop.ui.widgets.scale_field import FIRST_DOT, STEP_WIDTH, ScaleField

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

HOSTILE = "<b>Bold</b> & Sons & <img src=x>"
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 6
WORDS = ("very negative", "negative", "neutral", "positive", "very positive")


@pytest.fixture
def theme(qapp: object) -> ThemeManager:
    return ThemeManager(Appearance.LIGHT)


@pytest.fixture
def place(qtbot: QtBot) -> QWidget:
    """A window with one other field in it, which the keyboard can go to."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    other = QLineEdit()
    other.setObjectName("other")
    column.addWidget(other)
    window.resize(300, 200)
    return window


def put(qtbot: QtBot, place: QWidget, widget: QWidget) -> QWidget:
    """Show `widget` in the window; the other field comes back."""
    layout = place.layout()
    assert layout is not None
    layout.addWidget(widget)
    place.show()
    place.activateWindow()
    qtbot.waitUntil(place.isActiveWindow)
    other = place.findChild(QLineEdit, "other")
    assert other is not None
    other.setFocus()
    return other


def checked(typed: str) -> str:
    if typed == "bad":
        raise InvalidInput("That is bad.")
    return typed.upper()


def test_a_click_opens_it_and_enter_commits(
    theme: ThemeManager, place: QWidget, qtbot: QtBot
) -> None:
    text = EditableText(theme, "Name", "Add a name")
    put(qtbot, place, text)
    text.set_value("Ada")
    assert text.face.accessibleName() == "Name: Ada"
    qtbot.mouseClick(text.face, Qt.MouseButton.LeftButton)
    assert text.is_editing
    assert text.field.hasFocus()
    assert text.field.selectedText() == "Ada"
    assert text.field.accessibleName() == "Name"
    with qtbot.waitSignal(text.committed) as committed:
        qtbot.keyClicks(text.field, "  Ada   King ")
        qtbot.keyClick(text.field, Qt.Key.Key_Return)
    assert committed.args == ["Ada King"]
    assert not text.is_editing
    assert text.face.hasFocus()
    assert text.text() == "Ada King"


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_the_keyboard_opens_it_and_esc_leaves_it(
    key: Qt.Key, theme: ThemeManager, place: QWidget, qtbot: QtBot
) -> None:
    text = EditableText(theme, "Name", "Add a name")
    put(qtbot, place, text)
    text.set_value("Ada")
    text.setFocus()
    qtbot.keyClick(text.face, key)
    assert text.is_editing
    qtbot.keyClicks(text.field, "Grace")
    escape = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    with qtbot.assertNotEmitted(text.committed):
        QApplication.sendEvent(text.field, escape)
    assert escape.isAccepted()  # or it would close the card
    assert not text.is_editing
    assert text.text() == "Ada"
    assert text.face.hasFocus()


def test_going_elsewhere_commits_and_looking_away_does_not(
    theme: ThemeManager, place: QWidget, qtbot: QtBot
) -> None:
    text = EditableText(theme, "Name")
    other = put(qtbot, place, text)
    text.begin()
    qtbot.keyClicks(text.field, "Grace")
    with qtbot.assertNotEmitted(text.committed):
        away = QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)
        QApplication.sendEvent(text.field, away)
    assert text.is_editing
    with qtbot.waitSignal(text.committed) as committed:
        other.setFocus()
    assert committed.args == ["Grace"]
    assert other.hasFocus()
    assert not text.is_editing


def test_nothing_new_is_not_committed(theme: ThemeManager, place: QWidget, qtbot: QtBot) -> None:
    text = EditableText(theme, "Name")
    put(qtbot, place, text)
    text.set_value("Ada")
    with qtbot.assertNotEmitted(text.committed):
        text.begin()
        qtbot.keyClick(text.field, Qt.Key.Key_Return)
        text.finish()
    assert not text.is_editing


def test_what_comes_during_an_edit_waits(theme: ThemeManager, place: QWidget, qtbot: QtBot) -> None:
    text = EditableText(theme, "Name")
    other = put(qtbot, place, text)
    text.set_value("Ada")
    text.begin()
    text.set_value("Ada Byron")
    assert text.field.text() == "Ada"
    with qtbot.assertNotEmitted(text.committed):
        other.setFocus()
    assert text.text() == "Ada Byron"
    text.begin()
    qtbot.keyClicks(text.field, "Countess")
    text.set_value("Ada Lovelace")
    assert text.field.text() == "Countess"
    qtbot.keyClick(text.field, Qt.Key.Key_Escape)
    assert text.text() == "Ada Lovelace"


def test_while_it_is_being_saved_the_old_value_does_not_flash(
    theme: ThemeManager, place: QWidget, qtbot: QtBot
) -> None:
    text = EditableText(theme, "Name")
    put(qtbot, place, text)
    text.set_value("Ada")
    text.begin()
    text.field.setText("Grace")
    text.commit()
    text.set_value("Ada")
    assert text.text() == "Grace"
    text.saved()
    assert text.text() == "Grace"
    text.set_value("Grace H.")
    assert text.text() == "Grace H."


def test_what_cannot_be_taken_is_said_and_kept(
    theme: ThemeManager, place: QWidget, qtbot: QtBot
) -> None:
    text = EditableText(theme, "Code", needed="A code is needed.", check=checked)
    other = put(qtbot, place, text)
    text.set_value("OLD")
    text.begin()
    qtbot.keyClicks(text.field, "bad")
    with qtbot.assertNotEmitted(text.committed):
        qtbot.keyClick(text.field, Qt.Key.Key_Return)
        assert text.problem.text() == text.field.accessibleDescription() == "That is bad."
        other.setFocus()
    assert text.is_editing
    assert text.problem.isVisible()
    text.field.setFocus()
    text.field.selectAll()
    qtbot.keyClick(text.field, Qt.Key.Key_Backspace)
    assert not text.problem.isVisible()
    qtbot.keyClick(text.field, Qt.Key.Key_Return)
    assert text.problem.text() == "A code is needed."
    with qtbot.waitSignal(text.committed) as committed:
        qtbot.keyClicks(text.field, "new")
        qtbot.keyClick(text.field, Qt.Key.Key_Return)
    assert committed.args == ["NEW"]
    text.refuse("Somebody has it.")
    assert text.is_editing
    assert text.field.text() == "new"
    assert text.field.hasFocus()
    assert text.problem.isVisible()
    with qtbot.waitSignal(text.committed) as committed:
        qtbot.keyClick(text.field, Qt.Key.Key_Return)
    assert committed.args == ["NEW"]
    text.revert()
    assert text.text() == "OLD"
    text.begin()
    text.field.setText("bad")
    with qtbot.assertNotEmitted(text.committed):
        text.finish()
    assert not text.is_editing
    assert text.text() == "OLD"


def test_a_face_never_reads_markup_or_shortcuts(
    theme: ThemeManager, place: QWidget, qtbot: QtBot
) -> None:
    face = Face(theme, "Name")
    put(qtbot, place, face)
    face.set_face(HOSTILE + "\nnext line", "")
    assert face.words() == HOSTILE + " next line"
    assert face.text() == ""
    assert face.shortcut().isEmpty()
    face.resize(100, face.height())
    assert "<b>" not in face.toolTip()
    assert "Bold" in face.toolTip()
    face.resize(900, face.height())
    assert face.toolTip() == ""


@pytest.mark.parametrize("text", [LONG, "山田太郎" * 20, "ليلى الخطيب " * 12, "👩‍👩‍👧 " * 40])
def test_long_names_wrap_anywhere_up_to_their_lines(
    text: str, theme: ThemeManager, qtbot: QtBot
) -> None:
    face = Face(theme, "Name", size=TITLE, most_lines=3)
    qtbot.addWidget(face)
    face.set_face(text, "")
    one = face.heightForWidth(100_000)
    three = face.heightForWidth(180)
    assert one < three <= 3 * one
    assert face.minimumSizeHint().width() <= 100
    face.resize(180, three)
    assert not face.grab().isNull()


def test_an_empty_face_says_what_could_stand_there(theme: ThemeManager, qtbot: QtBot) -> None:
    face = Face(theme, "Birthday", is_at_end=True)
    qtbot.addWidget(face)
    face.set_face("", "Add a birthday")
    assert face.accessibleName() == "Birthday: none"
    assert face.accessibleDescription() == "Add a birthday"
    assert not face.grab().isNull()


def test_the_menu_edits_and_copies(theme: ThemeManager, place: QWidget, qtbot: QtBot) -> None:
    text = EditableText(theme, "Name")
    put(qtbot, place, text)
    text.set_value("Ada")
    menu = text.context_menu()
    actions = {action.text(): action for action in menu.actions()}
    actions["Copy"].trigger()
    assert QGuiApplication.clipboard().text() == "Ada"
    actions["Edit"].trigger()
    assert text.is_editing


def test_notes_are_committed_whatever_way_they_are_left(place: QWidget, qtbot: QtBot) -> None:
    notes = EditableNotes("Notes", "Add a note")
    other = put(qtbot, place, notes)
    notes.set_value("First")
    notes.setFocus()
    with qtbot.waitSignal(notes.committed) as committed:
        notes.setPlainText("Second\nline  \n")
        qtbot.keyClick(notes, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert committed.args == ["Second\nline"]
    notes.saved()
    with qtbot.assertNotEmitted(notes.committed):
        other.setFocus()
    notes.setFocus()
    qtbot.keyClicks(notes, "x")
    with qtbot.waitSignals([notes.committed, notes.escaped]):
        qtbot.keyClick(notes, Qt.Key.Key_Escape)
    notes.saved()
    qtbot.keyClicks(notes, "y")
    with qtbot.waitSignal(notes.committed):
        qtbot.keyClick(notes, Qt.Key.Key_Tab)
    assert not notes.hasFocus()
    notes.saved()
    notes.setFocus()
    qtbot.keyClicks(notes, "z")
    with qtbot.waitSignal(notes.committed):
        away = QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)
        QApplication.sendEvent(notes, away)


def test_notes_are_not_overwritten_while_they_are_written(place: QWidget, qtbot: QtBot) -> None:
    notes = EditableNotes("Notes", "Add a note")
    put(qtbot, place, notes)
    notes.set_value("First")
    notes.setFocus()
    notes.moveCursor(notes.textCursor().MoveOperation.End)
    qtbot.keyClicks(notes, " and more")
    notes.set_value("Changed elsewhere")
    assert notes.toPlainText() == "First and more"
    notes.commit()
    notes.set_value("Changed elsewhere")
    assert notes.toPlainText() == "First and more"
    with qtbot.waitSignal(notes.refused):
        notes.refuse("Too long.")
    assert notes.is_touched
    with qtbot.waitSignal(notes.committed):
        notes.commit()
    notes.saved()
    assert not notes.is_touched
    qtbot.keyClick(notes, Qt.Key.Key_Return)
    notes.set_value("First and more")
    assert notes.toPlainText() == "First and more\n"
    notes.set_value("Undone")
    assert notes.toPlainText() == "Undone"


def test_notes_are_as_high_as_their_text(place: QWidget, qtbot: QtBot) -> None:
    notes = EditableNotes("Notes", "Add a note")
    put(qtbot, place, notes)
    low = notes.height()
    notes.set_value("line\n" * 10)
    assert notes.height() > low
    notes.set_value("line\n" * 500)
    assert notes.verticalScrollBar().isVisible()
    highest = notes.height()
    notes.set_value("line\n" * (MOST_LINES + 30))
    assert notes.height() == highest
    notes.forget()
    assert notes.height() == low
    assert not notes.is_touched


def test_a_choice_is_offered_and_told(theme: ThemeManager, place: QWidget, qtbot: QtBot) -> None:
    face = ChoiceFace(theme, "Keep in touch", (("7", "Every week"), ("30", "R&D")), "Never")
    put(qtbot, place, face)
    assert face.accessibleName() == "Keep in touch: none"
    face.set_key("7")
    assert face.words() == "Every week"
    face.setFocus()
    qtbot.keyClick(face, Qt.Key.Key_Down)
    assert isinstance(face.menu, QMenu)
    assert [(a.text(), a.isChecked()) for a in face.menu.actions()] == [
        ("Every week", True),
        ("R&&D", False),
    ]
    with qtbot.waitSignal(face.chosen) as chosen:
        face.menu.actions()[1].trigger()
    assert chosen.args == ["30"]
    face.menu.close()
    face.set_key("45", "Every 45 days")
    assert face.accessibleName() == "Keep in touch: Every 45 days"


def test_a_scale_by_keyboard(theme: ThemeManager, place: QWidget, qtbot: QtBot) -> None:
    scale = ScaleField(theme, "Attitude", WORDS, "Not known")
    other = put(qtbot, place, scale)
    scale.set_value(None)
    assert scale.accessibleName() == "Attitude: not known"
    scale.setFocus()
    with qtbot.waitSignal(scale.chosen) as chosen:
        qtbot.keyClick(scale, Qt.Key.Key_Right)
        qtbot.keyClick(scale, Qt.Key.Key_Right)
        qtbot.keyClick(scale, Qt.Key.Key_4)
        scale.set_value(1)  # a refresh does not move what is being chosen
    assert chosen.args == [4]
    assert scale.accessibleName() == "Attitude: positive, 4 of 5"
    with qtbot.assertNotEmitted(scale.chosen):
        qtbot.keyClick(scale, Qt.Key.Key_Left)
        qtbot.keyClick(scale, Qt.Key.Key_Escape)
    assert scale.value() == 4
    with qtbot.waitSignal(scale.chosen) as chosen:
        qtbot.keyClick(scale, Qt.Key.Key_Delete)
        other.setFocus()
    assert chosen.args == [0]


def test_a_scale_by_mouse(theme: ThemeManager, place: QWidget, qtbot: QtBot) -> None:
    scale = ScaleField(theme, "Attitude", WORDS, "Not known")
    put(qtbot, place, scale)
    third = QPoint(round(FIRST_DOT + 2 * STEP_WIDTH), scale.height() // 2)
    for wanted in (3, 0):
        with qtbot.waitSignal(scale.chosen) as chosen:
            qtbot.mouseClick(scale, Qt.MouseButton.LeftButton, pos=third)
        assert chosen.args == [wanted]
    with qtbot.assertNotEmitted(scale.chosen):
        qtbot.mouseClick(scale, Qt.MouseButton.LeftButton, pos=QPoint(scale.width() - 3, 5))
    qtbot.mouseMove(scale, third)
    assert not scale.grab().isNull()
