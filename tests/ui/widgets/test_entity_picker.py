"""Asking for a person or a company, by the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from crm_desktop.domain.relationships import EntityKind, Suggestion
from crm_desktop.ui.widgets.entity_picker import NEW_ID, EntityPicker
from tests.ui.keys import press, type_text
from tests.ui.page_sample import ADA, GRACE, contact_id_of, small_life, store_life

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.context import WindowContext

Key = Qt.Key


class Asked:
    """A window with a picker and a field after it, and what the picker said."""

    def __init__(self, qtbot: QtBot, context: WindowContext, **options: object) -> None:
        self.qtbot = qtbot
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.picker = EntityPicker(context, **options)  # type: ignore[arg-type]
        self.after = QLineEdit()
        column = QVBoxLayout(self.window)
        column.addWidget(self.picker)
        column.addWidget(self.after)
        self.heard: list[object] = []
        self.picker.picked.connect(self.heard.append)
        self.picker.cleared.connect(lambda: self.heard.append(None))
        with qtbot.waitActive(self.window):
            self.window.show()
        self.picker.setFocus()

    def type(self, text: str) -> list[str]:
        """What is offered for `text`."""
        type_text(text)
        self.qtbot.waitUntil(lambda: bool(self.picker.suggestions()))
        self.qtbot.waitUntil(lambda: self.picker._latest.current is None)
        return [suggestion.name for suggestion in self.picker.suggestions()]


@pytest.fixture
def life(access: DirectAccess) -> DirectAccess:
    store_life(access, small_life())
    return access


def test_letters_suggest_and_enter_takes_the_best(
    qtbot: QtBot, context: WindowContext, life: DirectAccess
) -> None:
    asked = Asked(qtbot, context)
    assert asked.type("lovel") == ["Ada Lovelace"]
    press(Key.Key_Return)
    entity = asked.picker.entity()
    assert entity is not None
    assert (entity.entity_type, entity.entity_id) == (
        EntityKind.CONTACT,
        contact_id_of(life, ADA),
    )
    assert asked.picker.text() == "Ada Lovelace"
    assert asked.heard == [entity]
    assert not asked.picker.popup.isVisible()
    assert asked.picker.hasFocus()


def test_arrows_move_and_companies_are_offered_as_well(
    qtbot: QtBot, context: WindowContext, life: DirectAccess
) -> None:
    asked = Asked(qtbot, context)
    offered = asked.type("a")
    assert "Analytical Engines" in offered
    for _ in range(offered.index("Analytical Engines")):
        press(Key.Key_Down)
    press(Key.Key_Return)
    entity = asked.picker.entity()
    assert entity is not None
    assert entity.entity_type is EntityKind.COMPANY


def test_only_the_kinds_asked_for(qtbot: QtBot, context: WindowContext, life: DirectAccess) -> None:
    asked = Asked(qtbot, context, kinds=(EntityKind.COMPANY,))
    assert asked.type("a") == ["Analytical Engines"]


def test_down_in_the_empty_field_offers_who_is_closest(
    qtbot: QtBot, context: WindowContext, life: DirectAccess
) -> None:
    asked = Asked(qtbot, context)
    press(Key.Key_Down)
    qtbot.waitUntil(lambda: len(asked.picker.suggestions()) > 2)
    assert asked.picker.suggestions()[0].name == "Ada Lovelace"


def test_tab_takes_the_best_and_goes_on(
    qtbot: QtBot, context: WindowContext, life: DirectAccess
) -> None:
    asked = Asked(qtbot, context)
    asked.type("grace")
    press(Key.Key_Tab)
    entity = asked.picker.entity()
    assert entity is not None
    assert entity.entity_id == contact_id_of(life, GRACE)
    assert asked.after.hasFocus()


def test_escape_closes_the_list_then_empties_the_field(
    qtbot: QtBot, context: WindowContext, life: DirectAccess
) -> None:
    asked = Asked(qtbot, context)
    asked.type("grace")
    press(Key.Key_Escape)
    assert not asked.picker.popup.isVisible()
    assert asked.picker.text() == "grace"
    press(Key.Key_Escape)
    assert asked.picker.text() == ""
    assert asked.heard == []


def test_what_is_only_typed_is_nobody_and_typing_on_lets_go(
    qtbot: QtBot, context: WindowContext, life: DirectAccess
) -> None:
    asked = Asked(qtbot, context)
    asked.type("grace")
    press(Key.Key_Return)
    asked.picker.setCursorPosition(len(asked.picker.text()))
    press(Key.Key_Backspace)
    assert asked.picker.entity() is None
    assert asked.heard[1:] == [None]


def test_somebody_unknown_may_be_made(
    qtbot: QtBot, context: WindowContext, life: DirectAccess
) -> None:
    asked = Asked(qtbot, context, can_create=True)
    assert asked.type("  Zuse   K. ") == ["Zuse K.", "Zuse K."]
    press(Key.Key_Down)
    press(Key.Key_Return)
    assert asked.heard == [Suggestion(EntityKind.COMPANY, NEW_ID, "Zuse K.", "")]
    assert asked.picker.text() == "Zuse K."


def test_going_on_makes_nobody(qtbot: QtBot, context: WindowContext, life: DirectAccess) -> None:
    asked = Asked(qtbot, context, can_create=True)
    asked.type("Zuse")
    press(Key.Key_Tab)
    assert asked.after.hasFocus()
    assert asked.heard == []


def test_without_leave_nobody_is_made(
    qtbot: QtBot, context: WindowContext, life: DirectAccess
) -> None:
    asked = Asked(qtbot, context)
    type_text("Zuse")
    qtbot.waitUntil(lambda: asked.picker._latest.current is None)
    assert asked.picker.suggestions() == ()


def test_a_click_takes_a_suggestion(
    qtbot: QtBot, context: WindowContext, life: DirectAccess
) -> None:
    asked = Asked(qtbot, context)
    asked.type("grace")
    view = asked.picker.popup
    place = view.visualRect(view.model().index(0, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert len(asked.heard) == 1
    assert not view.grab().isNull()


@pytest.mark.parametrize("name", ["<b>Bold</b>\nand more", "山田 太郎", "x" * 600, ""])
def test_any_name_is_held_and_shown_plainly(
    qtbot: QtBot, context: WindowContext, name: str
) -> None:
    asked = Asked(qtbot, context)
    held = Suggestion(EntityKind.CONTACT, 5, name, "")
    asked.picker.set_entity(held)
    assert asked.picker.entity() == held
    assert "\n" not in asked.picker.text()
    assert asked.heard == []
    asked.picker.set_kinds((EntityKind.COMPANY,))
    assert asked.picker.entity() is None
    assert asked.heard == [None]


@pytest.mark.parametrize("text", ["'", '"', "%", "\\", "*", "(", "a OR", "\u202e"])
def test_any_text_can_be_typed(
    qtbot: QtBot, context: WindowContext, life: DirectAccess, text: str
) -> None:
    asked = Asked(qtbot, context)
    type_text(text)
    qtbot.waitUntil(lambda: asked.picker._latest.current is None)
    assert asked.picker.entity() is None
