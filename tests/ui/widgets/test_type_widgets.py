"""The parts of the form for relationship types."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.ui.theme import Appearance, ThemeManager
from crm_desktop.ui.type_words import COLOUR_NAMES, Sentence
from crm_desktop.ui.widgets.colour_picker import COLUMNS, ColourPicker
from crm_desktop.ui.widgets.form_field import FormField
from crm_desktop.ui.widgets.notice import Notice
from crm_desktop.ui.widgets.sentences import SentencePreview


@pytest.fixture
def theme(qapp: object) -> ThemeManager:
    return ThemeManager(Appearance.LIGHT)


def shown(qtbot: QtBot, widget: QWidget, width: int = 300) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, 200)
    with qtbot.waitExposed(widget):
        widget.show()


def test_the_picker_by_mouse_and_keyboard(qtbot: QtBot, theme: ThemeManager) -> None:
    picker = ColourPicker(theme)
    shown(qtbot, picker)
    chosen: list[int] = []
    picker.chosen.connect(chosen.append)
    qtbot.mouseClick(picker.swatches[4], Qt.MouseButton.LeftButton)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up):
        QTest.keyClick(picker.swatches[picker.index()], key)
    assert chosen == [4, 5, 5 + COLUMNS, 4 + COLUMNS, 4]
    assert picker.index() == 4
    # Tab reaches the chosen colour only; arrows reach the rest.
    reached = [s.index for s in picker.swatches if s.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert reached == [4]


def test_every_colour_has_a_name_to_be_read(qtbot: QtBot, theme: ThemeManager) -> None:
    picker = ColourPicker(theme)
    shown(qtbot, picker)
    names = [
        QAccessible.queryAccessibleInterface(swatch).text(QAccessible.Text.Name)
        for swatch in picker.swatches
    ]
    assert names == [f"Colour: {name}" for name in COLOUR_NAMES]
    picker.set_index(3)
    state = QAccessible.queryAccessibleInterface(picker.swatches[3]).state()
    assert state.checked
    assert not picker.grab().isNull()


def test_the_preview_emphasises_the_label_and_wraps(qtbot: QtBot, theme: ThemeManager) -> None:
    preview = SentencePreview(theme)
    shown(qtbot, preview)
    preview.set_content([Sentence("Acme", "employs", "Bob")], 1)
    low = preview.heightForWidth(300)
    assert preview.texts() == ["Acme employs Bob"]
    assert preview.accessibleName() == "For example: Acme employs Bob"
    emphasis = preview._layouts(300)[0].formats()[0]
    assert (emphasis.start, emphasis.length) == (5, 7)
    colour = emphasis.format.foreground().color().name()
    assert colour == theme.current.communities[1]
    preview.set_content([Sentence("🎪 Acme", "employs " * 12, "Bob")], 1)
    assert preview._layouts(300)[0].formats()[0].start == 8  # Qt counts the tent twice
    assert preview.heightForWidth(300) > low
    preview.set_content([Sentence("Acme", "", "Bob"), Sentence("Bob", "<b>x</b>", "Acme")], 1)
    assert preview.texts() == ["Acme … Bob", "Bob <b>x</b> Acme"]
    assert not preview.grab().isNull()


def test_a_field_says_what_is_wrong_to_eye_and_ear(qtbot: QtBot, theme: ThemeManager) -> None:
    field = FormField("Name", 5)
    shown(qtbot, field)
    QTest.keyClicks(field.edit, "abcdefg")
    assert field.edit.text() == "abcde"
    assert field.edit.accessibleName() == "Name"
    field.set_problem("Too plain.")
    assert field.problem() == "Too plain."
    assert field.edit.accessibleDescription() == "Too plain."
    assert field.edit.property("state") == "wrong"
    field.set_problem("")
    assert field.edit.property("state") == ""
    assert field.problem() == ""


def test_a_notice_goes_and_leads_somewhere(qtbot: QtBot, theme: ThemeManager) -> None:
    host = QWidget()
    notice = Notice(theme, host)
    shown(qtbot, host)
    assert notice.isHidden()
    notice.say("Three use it.", "Show them")
    assert notice.isVisible()
    with qtbot.waitSignal(notice.followed):
        qtbot.mouseClick(notice.link, Qt.MouseButton.LeftButton)
    notice.say("It stays.")
    assert notice.link.isHidden()
    notice.say("")
    assert notice.isHidden()
