"""The home page, through the real lanes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QToolTip, QWidget

from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.interactions import TopRelationship
from crm_desktop.domain.relationships import EntityKind, Suggestion
from crm_desktop.ui.models.paging import ID_ROLE, ROW_ROLE
from crm_desktop.ui.models.top import FIRST_ROWS
from crm_desktop.ui.views.today import HEADER_WIDTH, LEAST_WIDTH, TodayPage
from crm_desktop.ui.views.top_delegate import ROW_HEIGHT, TopDelegate, row_layout
from tests.ui.keys import press, type_text
from tests.ui.page_sample import (
    ADA,
    DAY,
    GRACE,
    HOSTILE,
    NOW,
    SELF,
    Life,
    contact_id_of,
    many_people,
    small_life,
    store_life,
)
from tests.ui.window_sample import markup_labels, nameless

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.views.what_moved import MoverButton

Show = Callable[..., TodayPage]
Place = Callable[[QWidget, int, int], None]
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened() -> list[str]:
    """The addresses that were handed to the system."""
    return []


@pytest.fixture
def show(context: WindowContext, place: Place, opened: list[str], qtbot: QtBot) -> Show:
    """Show the page and wait for what it reads."""

    def open_url(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    def run(width: int = 900, height: int = 600) -> TodayPage:
        page = TodayPage(context, open_url=open_url)
        with qtbot.waitSignals([page.model.loaded, page.moved.loaded]):
            place(page, width, height)
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
    assert page.facts.full_text() == "Friday, 1 May 2026 · 5 people · 3 this month · 2 fading"
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
    with qtbot.waitSignal(context.navigate.show_contact) as shown:
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert shown.args == [page.model.id_at(1)]


def test_one_click_selects_and_two_open(
    show: Show, access: DirectAccess, context: WindowContext, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = show()
    place = page.list.visualRect(page.model.index(0)).center()
    left, viewport = Qt.MouseButton.LeftButton, page.list.viewport()
    with (
        qtbot.assertNotEmitted(context.navigate.show_contact),
        qtbot.waitSignal(context.navigate.select_contact) as selected,
    ):
        qtbot.mouseClick(viewport, left, pos=place)
    assert selected.args == [contact_id_of(access, ADA)]
    with qtbot.waitSignal(context.navigate.show_contact) as shown:
        qtbot.mouseDClick(viewport, left, pos=place)
    assert shown.args == [contact_id_of(access, ADA)]


def test_the_list_reaches_to_its_end(show: Show, access: DirectAccess, qtbot: QtBot) -> None:
    store_life(access, many_people(FIRST_ROWS + 30))
    page = show()
    assert page.model.rowCount() == FIRST_ROWS + 30
    page.list.setFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_End)
    last = page.list.currentIndex()
    assert last.row() == FIRST_ROWS + 29
    qtbot.waitUntil(lambda: last.data(ROW_ROLE) is not None)
    assert page.list.rows_in_view()[1] == FIRST_ROWS + 30


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


def test_hovering_tells_the_score_the_trend_the_exact_time_and_whom_one_writes_to(
    show: Show, access: DirectAccess
) -> None:
    store_life(access, small_life())
    page = show()
    row: TopRelationship = page.model.index(0).data(ROW_ROLE)
    layout = row_layout(QRectF(0, 0, 900, ROW_HEIGHT))
    delegate = page.list.itemDelegate()
    assert isinstance(delegate, TopDelegate)
    why = delegate.tooltip(row, layout, layout.name.topLeft())
    for term in ("Recency", "Frequency", "Breadth", "Give and take", "Attachments"):
        assert term in why
    assert "2026 at" in delegate.tooltip(row, layout, layout.contact.center())
    assert "in 13 weeks" in delegate.tooltip(row, layout, layout.trend.center())
    assert ADA.address in delegate.tooltip(row, layout, layout.mail.center())


@pytest.mark.parametrize("width", [LEAST_WIDTH, 360, 460, 600, 760, 1100, 1900])
def test_the_parts_of_a_row_never_overlap(width: int) -> None:
    layout = row_layout(QRectF(0, 0, width, ROW_HEIGHT))
    parts = [layout.rank, layout.avatar, layout.name]
    parts += [] if layout.address.isEmpty() else [layout.address]
    if layout.mail.right() <= layout.contact.left():
        parts += [layout.mail]
    else:  # where there is little room it covers the score, no more
        assert layout.mail.left() >= layout.number.left()
        assert layout.mail.right() <= layout.number.right()
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


def test_space_says_why_the_score_is_what_it_is(
    show: Show, access: DirectAccess, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = show()
    page.list.setFocus()
    page.list.setCurrentIndex(page.model.index(0))
    qtbot.keyClick(page.list, Qt.Key.Key_Space)
    assert QToolTip.isVisible()
    assert "Ada Lovelace" in QToolTip.text()
    assert "Give and take" in QToolTip.text()
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


# Reaching out


def test_the_mail_button_of_a_row_begins_a_mail(
    show: Show, access: DirectAccess, context: WindowContext, opened: list[str], qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = show()
    index = page.model.index(1)
    mail = row_layout(QRectF(page.list.visualRect(index))).mail.center().toPoint()
    viewport, left = page.list.viewport(), Qt.MouseButton.LeftButton
    qtbot.mouseMove(viewport, mail)
    qtbot.waitUntil(lambda: viewport.cursor().shape() is Qt.CursorShape.PointingHandCursor)
    with qtbot.assertNotEmitted(context.navigate.select_contact):
        qtbot.mouseClick(viewport, left, pos=mail)
    assert opened == [f"mailto:{index.data(ROW_ROLE).emails[0]}"]
    with qtbot.assertNotEmitted(context.navigate.show_contact):
        qtbot.mouseDClick(viewport, left, pos=mail)
    qtbot.mousePress(viewport, left, pos=mail)
    qtbot.mouseRelease(viewport, left, pos=mail + QPoint(0, ROW_HEIGHT))
    assert len(opened) == 1


def test_a_key_begins_a_mail_and_another_copies_the_address(
    show: Show, access: DirectAccess, opened: list[str], qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = show()
    page.list.window().activateWindow()
    page.list.setFocus()
    qtbot.waitUntil(page.list.hasFocus)
    page.list.setCurrentIndex(page.model.index(0))
    press(Qt.Key.Key_Return, CONTROL)
    assert opened == [f"mailto:{ADA.address}"]
    press(Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == ADA.address


def test_nobody_is_written_to_without_an_address(
    show: Show, access: DirectAccess, host: QWidget, opened: list[str], qtbot: QtBot
) -> None:
    store_life(access, small_life())
    ada = contact_id_of(access, ADA)
    access.write(
        lambda store: store.connection.exec_driver_sql(
            "DELETE FROM contact_identifiers WHERE contact_id = ?", (ada,)
        )
    )
    page = show()
    row = page.model.row_at(page.model.position_of(ada))
    assert row is not None
    menu = page.commands.menu(row)
    assert not page.commands.actions["write"].isEnabled()
    assert not page.commands.actions["copy_address"].isEnabled()
    menu.aboutToHide.emit()
    page.list.setCurrentIndex(page.model.index(page.model.position_of(ada)))
    page.commands.actions["write"].trigger()
    assert opened == []
    assert "No e-mail address of Ada Lovelace is known" in said(host)


def said(host: QWidget) -> list[str]:
    """The messages that stand over the window."""
    return [label.text() for label in host.findChildren(QLabel)]


def test_without_a_mail_program_the_address_is_offered(
    context: WindowContext, access: DirectAccess, place: Place, host: QWidget, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = TodayPage(context, open_url=lambda _url: False)
    with qtbot.waitSignal(page.model.loaded):
        place(page, 900, 600)
    page.list.setCurrentIndex(page.model.index(0))
    page.commands.actions["write"].trigger()
    assert "No mail program answered" in said(host)
    copy = next(b for b in host.findChildren(QPushButton) if b.text() == "Copy the address")
    copy.click()
    assert QGuiApplication.clipboard().text() == ADA.address


def test_the_menu_names_whom_it_concerns(
    show: Show, access: DirectAccess, context: WindowContext, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = show()
    row = page.model.row_at(0)
    assert row is not None
    menu = page.commands.menu(row)
    words = [action.text() for action in menu.actions() if action.text()]
    assert words == [
        "Open card",
        f"Write to {ADA.address}",
        f"Copy {ADA.address}",
        "Show on the graph",
        "See who matters to Ada Lovelace",
    ]
    page.list.setCurrentIndex(page.model.index(0))
    with qtbot.waitSignal(context.navigate.show_on_graph) as shown:
        page.commands.actions["show_on_graph"].trigger()
    assert shown.args == [contact_id_of(access, ADA)]
    with qtbot.waitSignal(context.navigate.show_contact):
        page.commands.actions["open_card"].trigger()


# Somebody else at the centre


def test_the_list_is_seen_from_somebody_else_and_back(
    show: Show, access: DirectAccess, context: WindowContext, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = show()
    assert not page.centre.chip.isVisible()
    page.list.setCurrentIndex(page.model.index(0))
    with qtbot.waitSignals([page.model.loaded, page.moved.loaded]):
        page.commands.actions["see_from"].trigger()
    assert page.centre.chip.words() == "Seen from: Ada Lovelace"
    assert {page.model.index(row).data() for row in range(page.model.rowCount())} == {
        SELF.name,
        GRACE.name,
    }
    assert "2 people" in page.facts.full_text()
    page.centre.chip.setFocus()
    with qtbot.waitSignal(page.model.loaded):
        qtbot.keyClick(page.centre.chip, Qt.Key.Key_Delete)
    assert not page.centre.chip.isVisible()
    assert page.model.rowCount() == 5


def test_whoever_is_at_the_centre_can_be_typed(
    show: Show, access: DirectAccess, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = show()
    page.centre.button.click()
    qtbot.waitUntil(page.centre.picker.hasFocus)
    type_text("grace")
    qtbot.waitUntil(lambda: len(page.centre.picker.suggestions()) == 1)
    with qtbot.waitSignal(page.model.loaded):
        press(Qt.Key.Key_Return)
    assert not page.centre.panel.isVisible()
    assert page.centre.chip.words() == "Seen from: Grace Hopper"


def test_a_centre_without_contacts_says_so_and_offers_the_way_back(
    show: Show, access: DirectAccess, qtbot: QtBot
) -> None:
    life = small_life()
    life.message(ADA, [GRACE], 400, "Only the two of them")
    store_life(access, life)
    page = show()
    with qtbot.waitSignal(page.model.loaded):
        page.set_window("30d")
    hostile = contact_id_of(access, HOSTILE)
    with qtbot.waitSignal(page.model.loaded):
        page.centre.see_from(Suggestion(EntityKind.CONTACT, hostile, "", ""))
    assert page.empty.title() == "<b>Bold</b> & Sons was in touch with nobody in the last 30 days."
    assert markup_labels(page) == []
    with qtbot.waitSignal(page.model.loaded):
        buttons(page)[0].click()
    assert page.list.isVisible()


# What narrows the list


def test_freshness_chips_narrow_the_list_together(
    show: Show, access: DirectAccess, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = show()
    chips = page.filters.buckets
    assert [chip.accessibleName() for chip in chips if chip.isVisible()] == [
        "Past day, 1",
        "Past week, 1",
        "Past month, 1",
        "Past quarter, 2",
    ]
    chips[1].setFocus()
    with qtbot.waitSignal(page.model.loaded):
        qtbot.keyClick(chips[1], Qt.Key.Key_Return)
    with qtbot.waitSignal(page.model.loaded):
        qtbot.keyClick(chips[3], Qt.Key.Key_Space)
    assert page.model.rowCount() == 3
    assert "3 of 5 people" in page.facts.full_text()
    # How many there would be does not depend on what is chosen.
    assert chips[0].accessibleName() == "Past day, 1"
    with qtbot.waitSignal(page.model.loaded):
        page.filters.clear_button.click()
    assert page.model.rowCount() == 5
    assert not any(chip.isChecked() for chip in chips)
    assert not page.filters.clear_button.isVisible()
    with qtbot.waitSignal(page.model.loaded):
        page.set_window("365d")
    assert all(chip.isVisible() for chip in chips)


def test_company_tag_and_type_are_chosen_in_the_panel_and_removed_by_chips(
    show: Show, access: DirectAccess, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = show()
    filters, panel = page.filters, page.filters.panel
    filters.button.setFocus()
    filters.button.click()
    qtbot.waitUntil(panel.company.hasFocus)
    qtbot.waitUntil(lambda: panel.type.count() > 1 and panel.tag.count() > 1)
    type_text("ana")
    qtbot.waitUntil(lambda: len(panel.company.suggestions()) == 1)
    with qtbot.waitSignal(page.model.loaded):
        press(Qt.Key.Key_Return)
    with qtbot.waitSignal(page.model.loaded):
        panel.tag.setCurrentText("Mathematics")
    with qtbot.waitSignal(page.model.loaded):
        panel.type.setCurrentText("Knows")
    # Esc closes the panel; it does not empty the field that the keyboard is in.
    panel.company.setFocus()
    press(Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert filters.button.hasFocus()
    chips = (filters.company, filters.tag, filters.type)
    assert [chip.words() for chip in chips] == [
        "Company: Analytical Engines",
        "Tag: Mathematics",
        "Relationship: Knows",
    ]
    assert page.model.rowCount() == 1
    for chip in chips:
        chip.setFocus()
        with qtbot.waitSignal(page.model.loaded):
            qtbot.keyClick(chip, Qt.Key.Key_Backspace)
        assert not chip.isVisible()
        assert filters.button.hasFocus()
    assert page.model.rowCount() == 5


def test_filters_that_match_nobody_say_so(show: Show, access: DirectAccess, qtbot: QtBot) -> None:
    store_life(access, small_life())
    page = show()
    with qtbot.waitSignal(page.model.loaded):
        page.filters.buckets[2].click()
    with qtbot.waitSignal(page.model.loaded):
        page.filters.panel.tag.addItem("Nobody has it", "Nobody has it")
        page.filters.panel.tag.setCurrentText("Nobody has it")
    assert page.empty.title() == "Nobody matches these filters"
    assert "0 of 5 people" in page.facts.full_text()
    assert not page.export_button.isEnabled()
    (clear,) = buttons(page)
    with qtbot.waitSignal(page.model.loaded):
        clear.click()
    assert page.list.isVisible()


def test_everything_is_remembered(
    show: Show, access: DirectAccess, context: WindowContext, place: Place, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = show()
    grace = contact_id_of(access, GRACE)
    with qtbot.waitSignals([page.model.loaded, page.moved.loaded]):
        page.centre.see_from(Suggestion(EntityKind.CONTACT, grace, GRACE.name, ""))
    page.filters.button.click()
    qtbot.waitUntil(lambda: page.filters.panel.type.count() > 1)
    with qtbot.waitSignal(page.model.loaded):
        page.filters.panel.type.setCurrentText("Knows")
    page.filters.panel.hide()
    with qtbot.waitSignal(page.model.loaded):
        page.filters.buckets[2].click()
    again = TodayPage(context)
    with qtbot.waitSignals([again.model.loaded, again.moved.loaded]):
        place(again, 900, 600)
    assert again.query() == page.query()
    assert again.query().buckets == {2}
    assert again.query().type_id == "rt-knows"
    assert again.centre.chip.words() == "Seen from: Grace Hopper"
    assert again.filters.type.words() == "Relationship: Knows"
    context.memory.keep("today/centre-name", "Somebody of another database")
    third = TodayPage(context)
    with qtbot.waitSignals([third.model.loaded, third.moved.loaded]):
        place(third, 900, 600)
    assert third.query().centre is None
    assert context.memory.number("today/centre", 0) == 0


# A list that keeps its place


def test_a_refresh_moves_neither_the_list_nor_the_selection(
    show: Show, access: DirectAccess, context: WindowContext, qtbot: QtBot
) -> None:
    store_life(access, many_people(60))
    page = show()
    page.list.verticalScrollBar().setValue(20 * ROW_HEIGHT + 7)
    first = page.list.indexAt(QPoint(5, 5))
    seen, offset = first.data(ID_ROLE), page.list.visualRect(first).top()
    chosen = page.model.id_at(22)
    page.list.setCurrentIndex(page.model.index(22))
    life = Life(series="b")
    for number in range(3):  # three people whom nobody knew come to the top
        person = type(ADA)(f"new{number}@crowd.example", f"Newcomer {number}")
        life.exchange(person, (0.4, 0.3, 0.2, 0.1), "Hello")
    store_life(access, life)
    with qtbot.waitSignal(page.model.loaded):
        context.bus.publish(Changes.of(ChangeKind.INTERACTIONS))
    assert page.model.rowCount() == 63
    again = page.list.indexAt(QPoint(5, 5))
    assert (again.data(ID_ROLE), page.list.visualRect(again).top()) == (seen, offset)
    assert page.list.currentIndex().data(ID_ROLE) == chosen
    assert page.list.selectionModel().isSelected(page.list.currentIndex())
    assert again.data(ROW_ROLE) is not None
    # A list that stands at its top stays there, and shows who is new.
    page.list.verticalScrollBar().setValue(0)
    life = Life(series="c")
    life.exchange(type(ADA)("top@crowd.example", "Top"), (0.3, 0.2, 0.1, 0.05), "Hi")
    store_life(access, life)
    with qtbot.waitSignal(page.model.loaded):
        context.bus.publish(Changes.of(ChangeKind.INTERACTIONS))
    assert page.list.verticalScrollBar().value() == 0
    assert page.list.currentIndex().data(ID_ROLE) == chosen


def test_another_list_begins_at_its_top(show: Show, access: DirectAccess, qtbot: QtBot) -> None:
    store_life(access, many_people(60))
    page = show()
    page.list.verticalScrollBar().setValue(20 * ROW_HEIGHT)
    with qtbot.waitSignal(page.model.loaded):
        page.set_window("30d")
    assert page.list.verticalScrollBar().value() == 0


def test_time_passes_while_nothing_happens(show: Show, access: DirectAccess, qtbot: QtBot) -> None:
    store_life(access, small_life())
    page = show()
    with qtbot.waitSignal(page.model.loaded):
        page._clock.timeout.emit()
    page.hide()
    with qtbot.assertNotEmitted(page.model.loaded):
        page._clock.timeout.emit()
    assert page.is_stale


# What moved


def moving_life() -> Life:
    """Ada writes more than in the 90 days before, Grace less."""
    life = small_life()
    life.message(ADA, [GRACE], 200, "The archive reaches back that far")
    life.exchange(ADA, [100 + number for number in range(3)], "Before")
    life.exchange(GRACE, [95 + number for number in range(30)], "Before")
    for number in range(8):
        life.exchange(ADA, (30 - number, 29.5 - number), f"More {number}")
    return life


def movers(page: TodayPage) -> list[list[MoverButton]]:
    return [[b for b in line.buttons if b.isVisible()] for line in page.moved.lines]


def test_who_rose_and_who_faded(
    show: Show, access: DirectAccess, context: WindowContext, qtbot: QtBot
) -> None:
    store_life(access, moving_life())
    page = show()
    assert page.moved.isVisible()
    (rose,), (faded,) = movers(page)
    assert rose.accessibleName() == "Ada Lovelace, 21 messages, 3 before"
    assert faded.accessibleName() == "Grace Hopper, 5 messages, 30 before"
    assert [line.accessibleName() for line in page.moved.lines] == ["More", "Less"]
    with qtbot.waitSignal(context.navigate.show_contact) as shown:
        rose.click()
    assert shown.args == [contact_id_of(access, ADA)]
    with qtbot.waitSignal(context.navigate.show_contact):
        faded.setFocus()
        qtbot.keyClick(faded, Qt.Key.Key_Return)


def test_the_strip_can_be_closed_and_stays_so(
    show: Show, access: DirectAccess, context: WindowContext, place: Place, qtbot: QtBot
) -> None:
    store_life(access, moving_life())
    page = show()
    page.moved.toggle.setFocus()
    qtbot.keyClick(page.moved.toggle, Qt.Key.Key_Space)
    assert not page.moved.content.isVisible()
    assert page.moved.toggle.accessibleName() == "What moved, hidden"
    again = TodayPage(context)
    with qtbot.waitSignal(again.moved.loaded):
        place(again, 900, 600)
    assert again.moved.isVisible()
    assert not again.moved.content.isVisible()


def test_nothing_shows_when_nothing_moved(show: Show, access: DirectAccess, qtbot: QtBot) -> None:
    store_life(access, moving_life())
    page = show()
    with qtbot.waitSignal(page.moved.loaded):
        page.set_window("3650d")
    assert not page.moved.isVisible()


def test_whoever_does_not_fit_the_line_is_left_out(
    show: Show, access: DirectAccess, qtbot: QtBot
) -> None:
    life = small_life()
    life.message(ADA, [GRACE], 200, "The archive reaches back that far")
    for number in range(5):
        person = type(ADA)(f"p{number}@example.org", f"Somebody with a name {number}")
        life.exchange(person, [number + 1 + step / 10 for step in range(9 - number)], "Hello")
    store_life(access, life)
    page = show(1900)
    assert len(movers(page)[0]) == 5
    page.resize(560, 600)
    fitting = movers(page)[0]
    assert 0 < len(fitting) < 5
    assert fitting[0].mover.messages_now == 9
    line = page.moved.lines[0]
    assert all(line.rect().contains(button.geometry()) for button in fitting)
    page.resize(LEAST_WIDTH, 600)
    (first,) = movers(page)[0]
    assert first.mover == fitting[0].mover
    assert line.rect().contains(first.geometry())
    page.resize(LEAST_WIDTH, 440)
    assert not page.moved.isVisible()


# The list as a file


def test_the_whole_list_is_exported_as_it_is_narrowed(
    show: Show, access: DirectAccess, host: QWidget, opened: list[str], tmp_path: Path, qtbot: QtBot
) -> None:
    store_life(access, many_people(FIRST_ROWS + 30))
    page = show()
    with qtbot.waitSignal(page.model.loaded):
        page.filters.buckets[3].click()
    count = page.model.rowCount()
    page.export()
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog))
    assert dialog.selectedNameFilter() == "Tables (*.csv)"
    path = tmp_path / "list.csv"
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    words = f"Exported {count} people to “list.csv” in {tmp_path}"
    qtbot.waitUntil(lambda: words in said(host))
    assert len(path.read_text(encoding="utf-8-sig").splitlines()) == count + 1
    folder = next(b for b in host.findChildren(QPushButton) if b.text() == "Open folder")
    folder.click()
    assert opened == [QUrl.fromLocalFile(str(tmp_path)).toString()]


def test_an_export_that_fails_says_why(
    show: Show, access: DirectAccess, context: WindowContext, tmp_path: Path, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = show()
    page.commands.export(tmp_path / "nowhere" / "list.csv", page.query())
    qtbot.waitUntil(lambda: context.messages.dialog is not None)
    dialog = context.messages.dialog
    assert dialog is not None
    assert dialog.text.startswith("“list.csv” cannot be written")
    dialog.accept()


def test_without_anybody_there_is_nothing_to_export(show: Show, host: QWidget) -> None:
    page = show()
    page.export()
    assert "There is nobody to export" in said(host)


# Everybody can use it


@pytest.mark.parametrize("width", [LEAST_WIDTH, 480, 900, 1750])
def test_everything_fits_and_has_a_name(
    show: Show, access: DirectAccess, qtbot: QtBot, width: int
) -> None:
    store_life(access, moving_life())
    page = show(width, 440)
    assert nameless(page) == []
    assert markup_labels(page) == []
    grace = contact_id_of(access, GRACE)
    long_name = "Grace Brewster Murray Hopper of the United States Navy, Rear Admiral"
    with qtbot.waitSignal(page.model.loaded):
        page.centre.take(Suggestion(EntityKind.CONTACT, grace, long_name, ""))
        page.filters.buckets[0].click()
    assert page.width() == width
    controls = [page.centre.chip, page.switch, page.filters.clear_button, page.list]
    controls += [page.export_button] if width >= HEADER_WIDTH else []
    for control in controls:
        if control.isVisible():
            place = control.mapTo(page, QPoint())
            assert place.x() >= 0
            assert place.x() + control.width() <= width, control


def test_the_pointer_on_a_row_shows_its_button(
    show: Show, access: DirectAccess, context: WindowContext, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    page = show()
    index = page.model.index(1)
    layout = row_layout(QRectF(page.list.visualRect(index)))
    centre = layout.mail.center().toPoint()

    def shades() -> set[str]:
        image = page.list.viewport().grab(layout.mail.toRect()).toImage()
        return {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
        }

    before = shades()
    qtbot.mouseMove(page.list.viewport(), centre + QPoint(-200, 0))
    qtbot.waitUntil(lambda: shades() != before)
    assert context.theme.current.raised in shades()
