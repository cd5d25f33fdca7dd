"""The review of people who may be here twice, through the real lanes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.services.cards import contact_card
from crm_desktop.services.contact_edits import create_contact, decide_identity
from crm_desktop.ui.dialogs.merge import MergeDialog
from crm_desktop.ui.models.duplicates import key_of
from crm_desktop.ui.views import duplicates_finder
from crm_desktop.ui.views.card_edits import CardEdits
from crm_desktop.ui.views.duplicates_review import DuplicatesReview
from crm_desktop.ui.views.namesakes_section import fill_identity_menu
from crm_desktop.ui.views.people import PeoplePage
from tests.contents import contents, rows
from tests.life import NOW, Life
from tests.ui.keys import press, type_text
from tests.ui.window_sample import attach, markup_labels, nameless, open_window

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.base.jobs import JobContext
    from crm_desktop.model.database import Database, UnitOfWork
    from crm_desktop.services.access import Access, DirectAccess
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.workers.lanes import Lanes

Place = Callable[[QWidget, int, int], None]
Key = Qt.Key

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def people(access: DirectAccess) -> dict[str, int]:
    """Ada thrice, Bob and Zoe twice, and Mira once."""

    def make(store: UnitOfWork) -> dict[str, int]:
        life = Life(store)
        made = {
            "ada": life.contact("Ada <b>King</b>", "ada@work.example", phone="+441234567890"),
            "ada2": life.contact("Ada <b>King</b>", "ak@home.example"),
            "ada3": life.contact("Ada <b>King</b>", "x1@club.example"),
            "bob": life.contact("Bob Ray", "bob@work.example"),
            "bob2": life.contact("Bob Ray", "ray@home.example"),
            "zoe": life.contact("Zoë Quell", "zoe.quell@work.example"),
            "zoe2": life.contact("Zoe Quelle", "zq@home.example"),
            "mira": life.contact("Mira Lindqvist", "mira@example.org"),
        }
        talk = life.conversation("Golf")
        for sender, count in (("ada2", 3), ("ada", 1), ("bob", 2)):
            for _ in range(count):
                life.message(talk, made[sender], made["mira"], at=NOW)
        return made

    return access.write(make)


@pytest.fixture
def page(
    people: dict[str, int],
    context: WindowContext,
    place: Place,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> PeoplePage:
    monkeypatch.setattr(duplicates_finder, "SETTLE_MS", 0)
    made = PeoplePage(context)
    with qtbot.waitSignals([made.model.refreshed, made.duplicates.found]):
        place(made, 900, 600)
    with qtbot.waitActive(made.window()):
        made.window().activateWindow()
    return made


@pytest.fixture
def review(page: PeoplePage) -> DuplicatesReview:
    page.review_duplicates()
    assert page.review is not None
    return page.review


def names(review: DuplicatesReview) -> list[str]:
    return [str(review.model.index(row).data()) for row in range(review.model.rowCount())]


def decisions(access: DirectAccess) -> list[tuple[object, ...]]:
    return rows(access, "SELECT low_contact_id, high_contact_id, decision FROM identity_decisions")


def there(access: DirectAccess) -> list[int]:
    return [int(str(row[0])) for row in rows(access, "SELECT id FROM contacts ORDER BY id")]


def shown_ids(review: DuplicatesReview) -> list[int]:
    return [row.member.contact_id for row in review.panel.rows()]


ADA, BOB, ZOE = "Ada <b>King</b>", "Bob Ray", "Zoë Quell / Zoe Quelle"


def test_the_banner_counts_and_leads_to_the_review(
    page: PeoplePage, context: WindowContext, qtbot: QtBot
) -> None:
    assert page.banner.isVisible()
    assert page.banner.text() == "3 people may be here twice."
    page.banner.review_button.click()
    assert page.review is not None
    assert page.review.isVisible()
    assert not page.table.isVisible()
    press(Key.Key_Escape)
    assert page.table.isVisible()
    page.banner.dismiss_button.click()
    assert not page.banner.isVisible()
    page.banner.show_count(3)
    assert not page.banner.isVisible()
    page.banner.show_count(1)
    assert page.banner.isVisible()
    assert page.banner.text() == "1 person may be here twice."
    page.banner.show_count(0)
    assert not page.banner.isVisible()


def test_groups_are_shown_best_first_with_all_that_tells_them_apart(
    review: DuplicatesReview, people: dict[str, int], context: WindowContext, qtbot: QtBot
) -> None:
    assert names(review) == [ADA, BOB, ZOE]
    assert review.why.text() == "Same name"
    assert shown_ids(review) == [people["ada2"], people["ada"], people["ada3"]]
    kept = review.panel.kept()
    assert kept is not None
    assert kept.contact_id == people["ada2"]
    assert nameless(review) == []
    assert markup_labels(review) == []
    assert not review.grab().isNull()
    with qtbot.waitSignal(context.navigate.show_contact) as asked:
        qtbot.mouseClick(review.panel.rows()[1].link, Qt.MouseButton.LeftButton)
    assert asked.args == [people["ada"]]


def test_everything_by_keyboard(
    review: DuplicatesReview,
    page: PeoplePage,
    access: DirectAccess,
    people: dict[str, int],
    qtbot: QtBot,
) -> None:
    qtbot.waitUntil(review.list.hasFocus)
    press(Key.Key_Down)
    press(Key.Key_Down)
    assert review.why.text() == "Similar name"
    press(Key.Key_Up)
    with qtbot.waitSignal(page.duplicates.found):
        press(Key.Key_Return)
    assert there(access) == [id_ for name, id_ in people.items() if name != "bob2"]
    assert names(review) == [ADA, ZOE]
    # The place is kept: what came after is next.
    assert review.why.text() == "Similar name"
    with qtbot.waitSignal(page.duplicates.found):
        type_text("n")
    assert decisions(access) == [(people["zoe"], people["zoe2"], "different")]
    assert names(review) == [ADA]
    type_text("s")
    assert review.empty.isVisible()
    assert review.empty.title() == "That was everybody"
    assert review.facts.full_text().endswith("· 1 skipped")
    again = review.empty.findChildren(QPushButton)[0]
    again.click()
    assert names(review) == [ADA]
    press(Key.Key_Escape)
    assert page.table.isVisible()


def test_merge_undo_redo(
    review: DuplicatesReview,
    page: PeoplePage,
    context: WindowContext,
    access: DirectAccess,
    people: dict[str, int],
    qtbot: QtBot,
) -> None:
    before = contents(access)
    with qtbot.waitSignal(page.duplicates.found):
        review.merge_button.click()
    assert people["ada2"] in there(access)
    assert not {people["ada"], people["ada3"]} & set(there(access))
    after = contents(access)
    assert names(review) == [BOB, ZOE]
    with qtbot.waitSignal(page.duplicates.found):
        context.editing.undo()
    assert contents(access) == before
    assert names(review) == [ADA, BOB, ZOE]
    # What was undone is looked at again.
    assert shown_ids(review) == [people["ada2"], people["ada"], people["ada3"]]
    with qtbot.waitSignal(page.duplicates.found):
        context.editing.redo()
    assert contents(access) == after
    assert names(review) == [BOB, ZOE]


def test_only_who_takes_part_is_merged_into_who_is_chosen(
    review: DuplicatesReview,
    page: PeoplePage,
    access: DirectAccess,
    people: dict[str, int],
    qtbot: QtBot,
) -> None:
    first, _second, third = review.panel.rows()
    first.takes_part.click()
    kept = review.panel.kept()
    assert kept is not None
    assert kept.contact_id == people["ada"]  # the next one, since the first is out
    assert not first.keep.isEnabled()
    third.keep.click()
    with qtbot.waitSignal(page.duplicates.found):
        review.merge_button.click()
    assert people["ada"] not in there(access)
    assert {people["ada2"], people["ada3"]} <= set(there(access))
    assert shown_ids(review) != []
    assert key_of_current(review) in ({people["ada2"], people["ada3"]}, {4, 5})


def key_of_current(review: DuplicatesReview) -> frozenset[int]:
    group = review.group()
    assert group is not None
    return key_of(group)


def test_nothing_is_done_with_fewer_than_two(
    review: DuplicatesReview, access: DirectAccess
) -> None:
    before = contents(access)
    for row in review.panel.rows()[1:]:
        row.takes_part.click()
    assert not review.merge_button.isEnabled()
    assert not review.apart_button.isEnabled()
    review.merge()
    review.keep_apart()
    review.panel.rows()[0].takes_part.click()
    assert review.panel.kept() is None
    review.merge()
    assert contents(access) == before
    review.panel.rows()[2].takes_part.click()
    review.panel.rows()[0].takes_part.click()
    assert review.merge_button.isEnabled()


def test_enter_presses_the_button_that_has_the_keyboard(
    review: DuplicatesReview,
    page: PeoplePage,
    access: DirectAccess,
    people: dict[str, int],
    qtbot: QtBot,
) -> None:
    review.apart_button.setFocus()
    with qtbot.waitSignal(page.duplicates.found):
        press(Key.Key_Return)
    assert len(decisions(access)) == 3
    assert there(access) == list(people.values())
    review.skip_button.setFocus()
    press(Key.Key_Return)
    assert names(review) == [ZOE]


def test_choices_outlive_a_search_that_finds_the_same(
    review: DuplicatesReview,
    page: PeoplePage,
    access: DirectAccess,
    context: WindowContext,
    qtbot: QtBot,
) -> None:
    review.panel.rows()[2].takes_part.click()
    create_contact(access, "Somebody Else")
    with qtbot.waitSignal(page.duplicates.found):
        context.bus.publish(Changes.of(ChangeKind.CONTACTS))
    assert not review.panel.rows()[2].takes_part.isChecked()
    create_contact(access, "Bob Ray")
    review.list.setCurrentIndex(review.model.index(2))
    with qtbot.waitSignal(page.duplicates.found):
        context.bus.publish(Changes.of(ChangeKind.CONTACTS))
    assert review.list.currentIndex().row() == 2
    assert review.why.text() == "Similar name"


def test_nobody_here_twice(
    review: DuplicatesReview,
    page: PeoplePage,
    access: DirectAccess,
    context: WindowContext,
    people: dict[str, int],
    qtbot: QtBot,
) -> None:
    for one, other in (("ada", "ada2"), ("ada2", "ada3"), ("bob", "bob2"), ("zoe", "zoe2")):
        decide_identity(access, people[one], people[other], "same")
    with qtbot.waitSignal(page.duplicates.found):
        context.bus.publish(Changes.of(ChangeKind.CONTACTS))
    assert review.empty.title() == "Nobody seems to be here twice"
    assert not page.banner.isVisibleTo(page)


def test_a_search_shows_how_far_it_is_and_can_be_cancelled(
    people: dict[str, int],
    context: WindowContext,
    place: Place,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started, real = threading.Event(), duplicates_finder.find_duplicates

    def endless(_access: Access, ctx: JobContext) -> object:
        started.set()
        while True:
            ctx.tick(1, 4, "Comparing names")

    monkeypatch.setattr(duplicates_finder, "find_duplicates", endless)
    page = PeoplePage(context)
    place(page, 900, 600)
    page.review_duplicates()
    review = page.review
    assert review is not None
    assert review.bar.isVisible()
    qtbot.waitUntil(started.is_set)
    qtbot.waitUntil(lambda: review.bar.value() == 250)
    review.cancel_button.click()
    assert review.empty.title() == "The search was stopped"
    qtbot.waitUntil(lambda: not context.lanes.compute.handles())
    monkeypatch.setattr(duplicates_finder, "find_duplicates", real)
    with qtbot.waitSignal(page.duplicates.found):
        review.empty.findChildren(QPushButton)[0].click()
    assert names(review) == [ADA, BOB, ZOE]


def test_very_large_groups_come_in_parts(
    review: DuplicatesReview,
    page: PeoplePage,
    access: DirectAccess,
    context: WindowContext,
    qtbot: QtBot,
) -> None:
    def make(store: UnitOfWork) -> None:
        life = Life(store)
        for _ in range(40):
            life.contact("Carol Deng")

    access.write(make)
    with qtbot.waitSignal(page.duplicates.found):
        context.bus.publish(Changes.of(ChangeKind.CONTACTS))
    row = names(review).index("Carol Deng")
    review.list.setCurrentIndex(review.model.index(row))
    assert len(review.panel.rows()) == 30
    with qtbot.waitSignal(page.duplicates.found):
        review.merge_button.click()
    assert rows(access, "SELECT count(*) FROM contacts WHERE name = 'Carol Deng'") == [(11,)]


def test_several_selected_people_are_merged(
    page: PeoplePage,
    access: DirectAccess,
    people: dict[str, int],
    qtbot: QtBot,
    context: WindowContext,
) -> None:
    qtbot.waitUntil(lambda: page.model.row_at(0) is not None)
    menu = page.people_menu
    viewport = page.table.viewport()
    shift = Qt.KeyboardModifier.ControlModifier

    def spot(id_: int) -> QPoint:
        index = page.model.index(page.model.position_of(id_), 0)
        return page.table.visualRect(index).center()

    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=spot(people["zoe"]))
    assert not menu.menu().actions()[3].isEnabled()
    with qtbot.assertNotEmitted(context.navigate.show_contact):
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, shift, spot(people["mira"]))
    assert sorted(menu.selected_ids()) == [people["zoe"], people["mira"]]
    merge = menu.menu().actions()[3]
    assert merge.text() == "Merge…"
    assert merge.isEnabled()
    merge.trigger()
    dialog = page.window().findChild(MergeDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: len(dialog.panel.rows()) == 2 and dialog.isActiveWindow())
    assert nameless(dialog) == []
    assert markup_labels(dialog) == []
    before = contents(access)
    assert dialog.save_button.hasFocus()
    dialog.panel.rows()[1].keep.click()
    with qtbot.waitSignal(context.navigate.select_contact) as selected:
        press(Key.Key_Return)
    [kept] = selected.args
    assert kept in (people["zoe"], people["mira"])
    assert len(there(access)) == 7
    with qtbot.waitSignal(page.duplicates.found):
        context.editing.undo()
    assert contents(access) == before


def test_merging_is_for_two_to_ten(page: PeoplePage, access: DirectAccess, qtbot: QtBot) -> None:
    def make(store: UnitOfWork) -> None:
        life = Life(store)
        for number in range(300):
            life.contact(f"Person {number}")

    access.write(make)
    with qtbot.waitSignal(page.model.refreshed):
        page.refresh()
    page.table.selectAll()
    assert len(page.people_menu.selected_ids()) == 11
    assert not page.people_menu.menu().actions()[3].isEnabled()


def test_an_answer_from_before_a_change_is_not_shown(
    page: PeoplePage, context: WindowContext, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, real = threading.Event(), duplicates_finder.find_duplicates

    def late(access: Access, ctx: JobContext) -> object:
        found = real(access, ctx)
        assert go_on.wait(10)
        return found

    monkeypatch.setattr(duplicates_finder, "find_duplicates", late)
    finder, changes = page.duplicates, Changes.of(ChangeKind.CONTACTS)
    context.bus.publish(changes)
    finder.refresh(at_once=True)
    context.bus.publish(changes)
    with qtbot.assertNotEmitted(finder.found, wait=100):
        go_on.set()
    with qtbot.waitSignal(finder.found):
        finder.refresh(at_once=True)


def test_a_namesake_is_merged_from_the_card(
    context: WindowContext,
    access: DirectAccess,
    people: dict[str, int],
    host: QWidget,
    qtbot: QtBot,
) -> None:
    other = contact_card(access, people["bob"]).namesakes[0]
    menu, edits = QMenu(host), CardEdits(context, host)
    fill_identity_menu(menu, edits, people["bob"], other)
    merge = menu.actions()[0]
    assert merge.text() == "Merge into this card"
    with qtbot.waitSignal(edits.stored):
        merge.trigger()
    assert people["bob2"] not in there(access)


def test_the_palette_leads_to_the_review(
    people: dict[str, int], database: Database, lanes: Lanes, frozen_now: str, qtbot: QtBot
) -> None:
    with open_window(qtbot, lanes) as window:
        context = attach(qtbot, window, database)
        context.navigate.run_action.emit("review-duplicates")
        qtbot.waitUntil(
            lambda: isinstance(window.pages.currentWidget(), PeoplePage), timeout=20_000
        )
        page = window.pages.currentWidget()
        assert isinstance(page, PeoplePage)
        assert page.review is not None
        review = page.review
        qtbot.waitUntil(lambda: names(review) == [ADA, BOB, ZOE])
        assert window.pages.name == "people"


def test_narrow_pages_keep_all_choices(
    page: PeoplePage, review: DuplicatesReview, qtbot: QtBot
) -> None:
    assert review.panel.rows()[0].keep.text() == "Keep this card"
    page.resize(570, 500)
    assert review.panel.rows()[0].keep.text() == "Keep"
    buttons = (review.merge_button, review.apart_button, review.skip_button)
    qtbot.waitUntil(lambda: all(each.width() >= each.sizeHint().width() for each in buttons))
