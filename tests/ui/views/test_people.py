"""The page of all people, through the real lanes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHoverEvent
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.ui.models import people as columns
from crm_desktop.ui.views.people import PeoplePage
from tests.ui.page_sample import ADA, GRACE, contact_id_of, many_people, small_life, store_life

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.context import WindowContext

Place = Callable[[QWidget, int, int], None]


@pytest.fixture
def page(context: WindowContext, access: DirectAccess, place: Place, qtbot: QtBot) -> PeoplePage:
    store_life(access, small_life())
    made = PeoplePage(context)
    with qtbot.waitSignal(made.model.refreshed):
        place(made, 1000, 600)
    return made


def first(page: PeoplePage, qtbot: QtBot) -> str:
    qtbot.waitUntil(lambda: page.model.row_at(0) is not None)
    return str(page.model.index(0, columns.NAME).data())


def test_everyone_is_counted_and_listed(page: PeoplePage, qtbot: QtBot) -> None:
    assert page.count.text() == "6 people"
    assert first(page, qtbot) == "Ada Lovelace"


def test_header_clicks_sort_and_turn(page: PeoplePage, qtbot: QtBot) -> None:
    header = page.table.header
    with qtbot.waitSignal(page.model.refreshed):
        header.sectionClicked.emit(columns.LAST_CONTACT)
    assert first(page, qtbot) == "Ada Lovelace"
    with qtbot.waitSignal(page.model.refreshed):
        header.sectionClicked.emit(columns.LAST_CONTACT)
    qtbot.waitUntil(lambda: first(page, qtbot) == "ليلى الخطيب")
    with qtbot.assertNotEmitted(page.model.refreshed, wait=50):
        header.sectionClicked.emit(columns.EMAIL)


def test_the_filter_waits_for_the_typing_and_can_be_cleared(page: PeoplePage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.model.refreshed):
        qtbot.keyClicks(page.filter, "grace")
    assert page.count.text() == "1 person found"
    with qtbot.waitSignal(page.model.refreshed):
        page.filter.setText("nobody like this")
    assert page.empty.isVisible()
    assert page.empty.title() == "Nobody matches “nobody like this”"
    with qtbot.waitSignal(page.model.refreshed):
        page.filter.clear()
    assert page.table.isVisible()


def test_rows_open_by_enter_and_double_click_and_selection_is_followed(
    page: PeoplePage, context: WindowContext, access: DirectAccess, qtbot: QtBot
) -> None:
    assert first(page, qtbot) == "Ada Lovelace"
    ada = contact_id_of(access, ADA)
    with qtbot.waitSignal(context.navigate.select_contact) as selected:
        page.table.setCurrentIndex(page.model.index(0, 0))
    assert selected.args == [ada]
    with qtbot.waitSignal(context.navigate.show_contact) as shown:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert shown.args == [ada]
    with qtbot.waitSignal(context.navigate.show_contact):
        page.table.doubleClicked.emit(page.model.index(0, 0))


def test_the_selection_is_kept_by_person_when_the_order_turns(
    page: PeoplePage, access: DirectAccess, qtbot: QtBot
) -> None:
    grace = contact_id_of(access, GRACE)
    page.table.setCurrentIndex(page.model.index(page.model.position_of(grace), 0))
    with qtbot.waitSignal(page.model.refreshed):
        page.table.header.sectionClicked.emit(columns.SCORE)
    assert page.model.id_at(page.table.currentIndex().row()) == grace


def test_the_whole_row_under_the_mouse_is_lit_until_it_leaves(
    page: PeoplePage, qtbot: QtBot
) -> None:
    viewport = page.table.viewport()
    at = QPointF(300, page.table.rowViewportPosition(2) + 5)
    move = QHoverEvent(QEvent.Type.HoverMove, at, at, QPointF(-1, -1))
    QApplication.sendEvent(viewport, move)
    assert page.table.hovered_row == 2
    QApplication.sendEvent(viewport, QHoverEvent(QEvent.Type.HoverLeave, at, at, at))
    assert page.table.hovered_row == -1


def test_home_and_end_go_to_the_first_and_last_row(page: PeoplePage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.table, Qt.Key.Key_End)
    assert page.table.currentIndex().row() == page.model.rowCount() - 1
    qtbot.keyClick(page.table, Qt.Key.Key_Home)
    assert page.table.currentIndex().row() == 0


def test_escape_clears_the_filter_before_it_steps_back(page: PeoplePage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.model.refreshed):
        page.filter.setText("grace")
    with qtbot.waitSignal(page.model.refreshed):
        qtbot.keyClick(page.filter, Qt.Key.Key_Escape)
    assert page.filter.text() == ""


def test_narrow_pages_keep_what_matters(page: PeoplePage) -> None:
    page.resize(560, 600)
    assert page.table.isColumnHidden(columns.EMAIL)
    assert page.table.isColumnHidden(columns.ORGANIZATION)
    assert not page.table.isColumnHidden(columns.FRESHNESS)
    page.resize(1000, 600)
    assert not page.table.isColumnHidden(columns.EMAIL)


def test_an_empty_database_says_so(context: WindowContext, place: Place, qtbot: QtBot) -> None:
    page = PeoplePage(context)
    with qtbot.waitSignal(page.model.refreshed):
        place(page, 1000, 600)
    assert page.empty.title() == "Nobody here yet"


def test_placeholders_and_rows_paint(
    context: WindowContext, access: DirectAccess, place: Place, qtbot: QtBot
) -> None:
    store_life(access, many_people(300))
    page = PeoplePage(context)
    with qtbot.waitSignal(page.model.refreshed):
        place(page, 1000, 600)
    assert not page.grab().isNull()
    page.table.scrollToBottom()
    assert not page.grab().isNull()
    qtbot.waitUntil(lambda: page.model.row_at(page.model.rowCount() - 1) is not None)
    assert not page.grab().isNull()


def test_a_new_person_is_asked_for(page: PeoplePage, context: WindowContext, qtbot: QtBot) -> None:
    for ask in (
        page.new_button.click,
        lambda: qtbot.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier),
    ):
        with qtbot.waitSignal(context.navigate.run_action) as asked:
            ask()
        assert asked.args == ["new-person"]
