from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crm_desktop.ui.pages import PAGES
from crm_desktop.ui.rail import NARROW, WIDE, Rail, RailButton
from crm_desktop.ui.theme import ThemeManager


@pytest.fixture
def theme(qapp: object) -> ThemeManager:
    return ThemeManager("light")


@pytest.fixture
def rail(qtbot: QtBot, theme: ThemeManager) -> Rail:
    made = Rail(theme, PAGES, {"people": "Ctrl+2"})
    qtbot.addWidget(made)
    made.resize(WIDE, 600)
    made.show()
    return made


def button(rail: Rail, name: str) -> RailButton:
    return next(each for each in rail.findChildren(RailButton) if each.page.name == name)


def test_a_click_and_the_space_bar_choose_a_page(qtbot: QtBot, rail: Rail) -> None:
    with qtbot.waitSignal(rail.page_chosen) as chosen:
        QTest.mouseClick(button(rail, "people"), Qt.MouseButton.LeftButton)
    assert chosen.args == ["people"]
    with qtbot.waitSignal(rail.page_chosen) as chosen:
        QTest.keyClick(button(rail, "graph"), Qt.Key.Key_Space)
    assert chosen.args == ["graph"]


def test_the_page_shown_is_marked(rail: Rail) -> None:
    rail.set_page("today")
    assert rail.checked_page() == "today"
    rail.set_page("nowhere")
    assert rail.checked_page() == ""


def test_pages_about_the_program_stand_at_the_foot(rail: Rail) -> None:
    order = sorted(rail.findChildren(RailButton), key=lambda each: each.y())
    assert [each.page.name for each in order][-2:] == ["jobs", "settings"]
    assert button(rail, "jobs").y() - button(rail, "graph").geometry().bottom() > 100


def test_collapsed_it_keeps_the_icons_and_their_names(
    qtbot: QtBot, rail: Rail, theme: ThemeManager
) -> None:
    rail.set_collapsed(True, at_once=True)
    assert rail.width() == NARROW
    assert button(rail, "people").accessibleName() == "People"
    assert "Ctrl+2" in button(rail, "people").toolTip()
    rail.set_collapsed(False)
    qtbot.waitUntil(lambda: rail.width() == WIDE)
    theme.set_reduced_motion(True)
    rail.set_collapsed(True)
    assert rail.width() == NARROW


def test_every_state_is_drawn(qtbot: QtBot, rail: Rail, theme: ThemeManager) -> None:
    def picture() -> object:
        return button(rail, "people").grab().toImage()

    plain = picture()
    rail.set_page("people")
    checked = picture()
    rail.set_usable(False)
    disabled = picture()
    assert plain != checked
    assert checked != disabled
    theme.set_appearance("dark")
    assert picture() != disabled


def test_tab_reaches_the_page_shown_and_arrows_the_others(qtbot: QtBot, rail: Rail) -> None:
    rail.set_page("today")
    today = button(rail, "today")
    assert today.focusPolicy() & Qt.FocusPolicy.TabFocus
    today.setFocus()
    with qtbot.waitSignal(rail.page_chosen) as chosen:
        QTest.keyClick(today, Qt.Key.Key_Down)
    assert chosen.args == ["people"]
