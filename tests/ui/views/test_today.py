"""The home page, through the real lanes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.interactions import TopRelationship
from crm_desktop.ui.models.paging import ROW_ROLE
from crm_desktop.ui.views.today import TodayPage
from crm_desktop.ui.views.top_delegate import ROW_HEIGHT, TopDelegate, row_layout
from tests.ui.page_sample import (
    ADA,
    DAY,
    GRACE,
    NOW,
    Life,
    contact_id_of,
    many_people,
    small_life,
    store_life,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.context import WindowContext

Show = Callable[[], TodayPage]
Place = Callable[[QWidget, int, int], None]


@pytest.fixture
def show(context: WindowContext, place: Place, qtbot: QtBot) -> Show:
    """Show the page and wait for what it reads."""

    def run() -> TodayPage:
        page = TodayPage(context)
        with qtbot.waitSignal(page.model.loaded):
            place(page, 900, 600)
        return page

    return run


def buttons(page: TodayPage) -> list[QPushButton]:
    return [button for button in page.empty.findChildren(QPushButton) if button.isVisible()]


def test_people_are_listed_best_first_with_facts_that_add_up(
    show: Show, access: DirectAccess
) -> None:
    store_life(access, small_life())
    page = show()
    assert page.list.isVisible()
    assert page.model.index(0).data() == "Ada Lovelace"
    assert page.facts.full_text() == "Friday, 1 May 2026 · 3 people this month · 2 fading"
    assert not page.banner.isVisible()


def test_the_switch_changes_the_window(show: Show, access: DirectAccess, qtbot: QtBot) -> None:
    store_life(access, small_life())
    page = show()
    with qtbot.waitSignal(page.model.loaded):
        page.switch.setFocus()
        qtbot.keyClick(page.switch, Qt.Key.Key_Left)
    assert page.window_key() == "30d"
    assert page.model.rowCount() == 3


def test_keyboard_selects_and_opens(
    show: Show, access: DirectAccess, context: WindowContext, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = show()
    page.list.setCurrentIndex(page.model.index(0))
    with qtbot.waitSignal(context.navigate.select_contact):
        qtbot.keyClick(page.list, Qt.Key.Key_Down)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        with qtbot.waitSignal(context.navigate.show_contact) as shown:
            qtbot.keyClick(page.list, key)
        assert shown.args == [page.model.row_at(1).person_id]


def test_a_click_opens_the_card(
    show: Show, access: DirectAccess, context: WindowContext, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = show()
    place = page.list.visualRect(page.model.index(0)).center()
    with qtbot.waitSignal(context.navigate.show_contact) as shown:
        qtbot.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert shown.args == [contact_id_of(access, ADA)]


def test_scrolling_to_the_end_brings_more(show: Show, access: DirectAccess, qtbot: QtBot) -> None:
    store_life(access, many_people(80))
    page = show()
    if page.model.rowCount() == 50:
        with qtbot.waitSignal(page.model.extended):
            page.list.scrollToBottom()
    assert page.model.rowCount() == 80


def test_a_visible_page_follows_changes_and_keeps_the_selection(
    show: Show, access: DirectAccess, context: WindowContext, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = show()
    grace = contact_id_of(access, GRACE)
    page.list.setCurrentIndex(page.model.index(page.model.position_of(grace)))
    life = Life(series="b")
    life.exchange(GRACE, (0.4, 0.3, 0.2, 0.1), "Fresh")
    store_life(access, life)
    with qtbot.waitSignal(page.model.loaded):
        context.bus.publish(Changes.of(ChangeKind.INTERACTIONS))
    assert page.list.currentIndex().data() == "Grace Hopper"


def test_a_hidden_page_only_goes_stale(
    show: Show, access: DirectAccess, context: WindowContext, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = show()
    page.hide()
    with qtbot.assertNotEmitted(page.model.loaded, wait=600):
        context.bus.publish(Changes.of(ChangeKind.INTERACTIONS))
    assert page.is_stale
    with qtbot.waitSignal(page.model.loaded):
        page.show()


def test_changes_of_other_kinds_do_not_matter(show: Show, context: WindowContext) -> None:
    page = show()
    context.bus.publish(Changes.of(ChangeKind.IMPORTS))
    assert not page.is_stale


def test_nothing_imported_yet(show: Show) -> None:
    page = show()
    assert page.empty.title() == "Nothing here yet"
    assert not page.switch.isVisible()


def test_without_self_it_asks_who_you_are(
    show: Show, access: DirectAccess, context: WindowContext, qtbot: QtBot
) -> None:
    from crm_desktop.ui.dialogs.self_person import SelfPersonDialog

    store_life(access, small_life(), has_self=False)
    page = show()
    assert page.empty.title() == "Tell us which address is yours"
    (button,) = buttons(page)
    button.click()
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, SelfPersonDialog))
    qtbot.waitUntil(lambda: dialog.address() == "mira@example.org")
    with qtbot.waitSignal(page.model.loaded):
        dialog.save_button.click()
    assert page.model.rowCount() == 5


def test_an_old_archive_offers_ten_years(show: Show, access: DirectAccess, qtbot: QtBot) -> None:
    store_life(access, small_life(NOW - 800 * DAY))
    page = show()
    assert page.empty.title() == "No contact in the last 90 days."
    first, second = buttons(page)
    assert first.text() == "Show the last 10 years"
    assert second.text() == "Look back from 21 February 2024"
    with qtbot.waitSignal(page.model.loaded):
        first.click()
    assert page.model.rowCount() == 5
    assert page.switch.key() == "3650d"


def test_an_older_archive_is_looked_at_from_its_own_time(
    show: Show, access: DirectAccess, qtbot: QtBot
) -> None:
    store_life(access, small_life(NOW - 8000 * DAY))
    page = show()
    (button,) = buttons(page)
    assert button.text().startswith("Look back from ")
    with qtbot.waitSignals([page.traveller.moved, page.model.loaded]):
        button.click()
    assert page.model.rowCount() == 5
    assert page.banner.isVisible()
    back = page.banner.findChild(QPushButton)
    with qtbot.waitSignals([page.traveller.moved, page.model.loaded]):
        back.click()
    qtbot.waitUntil(page.empty.isVisible)
    assert not page.banner.isVisible()


def test_hovering_tells_the_score_the_trend_and_the_exact_time(
    show: Show, access: DirectAccess
) -> None:
    store_life(access, small_life())
    page = show()
    row: TopRelationship = page.model.index(0).data(ROW_ROLE)
    layout = row_layout(QRectF(0, 0, 900, ROW_HEIGHT))
    delegate = page.list.itemDelegate()
    assert isinstance(delegate, TopDelegate)
    assert "Recency" in delegate.tooltip(row, layout, round(layout.name.left()))
    assert "2026 at" in delegate.tooltip(row, layout, round(layout.contact.center().x()))
    assert "in 13 weeks" in delegate.tooltip(row, layout, round(layout.trend.center().x()))


@pytest.mark.parametrize("width", [360, 460, 600, 760, 1100, 1900])
def test_the_parts_of_a_row_never_overlap(width: int) -> None:
    layout = row_layout(QRectF(0, 0, width, ROW_HEIGHT))
    parts = [layout.rank, layout.avatar, layout.name]
    parts += [] if layout.address.isEmpty() else [layout.address]
    parts += [] if layout.trend.isEmpty() else [layout.trend]
    parts += [layout.contact, layout.bar, layout.number]
    for before, after in pairwise(parts):
        assert before.right() <= after.left()
    assert parts[-1].right() <= width


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_it_paints_in_both_themes(
    show: Show, access: DirectAccess, context: WindowContext, appearance: str
) -> None:
    store_life(access, small_life())
    page = show()
    context.theme.set_appearance(appearance)
    image = page.list.grab().toImage()
    drawn = {image.pixelColor(QPoint(x, ROW_HEIGHT // 2)).name() for x in range(image.width())}
    theme = context.theme.current
    assert theme.community(contact_id_of(access, ADA)) in drawn
    assert theme.accent in drawn
