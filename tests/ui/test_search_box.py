from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.base.errors import UserError
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.search import Hit, HitKind, SearchResults
from crm_desktop.ui.actions import all_actions
from crm_desktop.ui.context import WindowContext
from crm_desktop.ui.search_box import HINT, SearchBox
from crm_desktop.ui.search_rows import RowKind

ADA = Hit(HitKind.PERSON, 7, "Ada Lovelace", "Analytical Engines", "name", ((0, 3),), 7)
FIRM = Hit(HitKind.COMPANY, 3, "Adamant", "adamant.example", "name", ((0, 3),))
TALK = Hit(HitKind.CONVERSATION, 5, "Ada's notes", "Ada, Grace", "subject", ((0, 3),), 8)
ORPHAN = Hit(HitKind.CONVERSATION, 6, "Ada?", "", "subject")


class Finder:
    """Answers like the search service, and can be held back."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.gates: dict[str, threading.Event] = {}
        self.hits: tuple[Hit, ...] = (ADA, FIRM, TALK)
        self.error: Exception | None = None

    def __call__(self, _access: object, query: str, ctx: JobContext) -> SearchResults:
        self.asked.append(query)
        if gate := self.gates.get(query):
            assert gate.wait(10)
        ctx.token.raise_if_set()
        if self.error is not None:
            raise self.error
        return SearchResults(query, self.hits if "zz" not in query else ())


@pytest.fixture
def finder(monkeypatch: pytest.MonkeyPatch) -> Finder:
    made = Finder()
    monkeypatch.setattr("crm_desktop.ui.search_box.find", made)
    return made


@pytest.fixture
def box(host: QWidget, context: WindowContext, finder: Finder) -> Iterator[SearchBox]:
    made = SearchBox(context.theme, host, all_actions)
    layout = QVBoxLayout(host)
    layout.addWidget(made.field)
    layout.addStretch(1)
    made.attach(context)
    host.show()
    yield made
    for gate in finder.gates.values():
        gate.set()


def kinds(box: SearchBox) -> list[RowKind]:
    return [row.kind for row in box.popup.model.rows]


def texts(box: SearchBox) -> list[str]:
    return [row.text for row in box.popup.model.rows]


def type_and_wait(qtbot: QtBot, box: SearchBox, text: str) -> None:
    box.field.setFocus()
    box.field.setText("")
    QTest.keyClicks(box.field, text)
    qtbot.waitUntil(lambda: box.answered == text)


def test_results_come_in_groups(qtbot: QtBot, box: SearchBox) -> None:
    type_and_wait(qtbot, box, "ada")
    assert texts(box) == [
        "People",
        "Ada Lovelace",
        "Companies",
        "Adamant",
        "Conversations",
        "Ada's notes",
    ]
    assert box.popup.isVisible()
    row = box.popup.current()
    assert row is not None
    assert row.hit == ADA


def test_a_group_that_is_long_leaves_room_for_the_others(
    qtbot: QtBot, box: SearchBox, finder: Finder
) -> None:
    crowd = tuple(Hit(HitKind.PERSON, i, f"Ada {i}", "", "name") for i in range(20))
    finder.hits = (*crowd, FIRM)
    type_and_wait(qtbot, box, "ada")
    assert kinds(box).count(RowKind.HIT) == 7
    finder.hits = crowd
    type_and_wait(qtbot, box, "adas")
    assert kinds(box).count(RowKind.HIT) == 20


def test_empty_and_fruitless_searches_say_so_in_a_sentence(qtbot: QtBot, box: SearchBox) -> None:
    box.start()
    assert texts(box) == [HINT]
    type_and_wait(qtbot, box, "zz")
    assert texts(box) == ["Nothing found for “zz”."]
    assert box.popup.current() is None


def test_only_the_latest_answer_counts_and_the_last_stays_until_it_comes(
    qtbot: QtBot, box: SearchBox, finder: Finder
) -> None:
    type_and_wait(qtbot, box, "ada")
    finder.gates["adax"] = threading.Event()
    finder.gates["adaxy"] = threading.Event()
    QTest.keyClicks(box.field, "x")
    qtbot.waitUntil(lambda: "adax" in finder.asked)
    QTest.keyClicks(box.field, "y")
    assert "Ada Lovelace" in texts(box)
    finder.hits = (FIRM,)
    finder.gates["adax"].set()
    qtbot.waitUntil(lambda: "adaxy" in finder.asked)
    assert "Ada Lovelace" in texts(box)
    finder.gates["adaxy"].set()
    qtbot.waitUntil(lambda: box.answered == "adaxy")
    assert texts(box) == ["Companies", "Adamant"]


def test_arrows_move_over_choices_only_and_go_round(qtbot: QtBot, box: SearchBox) -> None:
    type_and_wait(qtbot, box, "ada")
    seen = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(box.field, key)
        row = box.popup.current()
        seen.append(row.text if row else None)
    assert seen == ["Adamant", "Ada's notes", "Ada Lovelace", "Ada's notes"]
    QTest.keyClick(box.field, Qt.Key.Key_PageUp)
    row = box.popup.current()
    assert row is not None
    assert row.text == "Ada Lovelace"


def test_the_selection_stays_with_what_was_chosen(
    qtbot: QtBot, box: SearchBox, finder: Finder
) -> None:
    type_and_wait(qtbot, box, "ad")
    QTest.keyClick(box.field, Qt.Key.Key_Down)
    finder.hits = (TALK, FIRM, ADA)
    QTest.keyClicks(box.field, "a")
    qtbot.waitUntil(lambda: box.answered == "ada")
    row = box.popup.current()
    assert row is not None
    assert row.hit == FIRM


@pytest.mark.parametrize(
    ("hit", "signal", "shown"),
    [(ADA, "show_contact", 7), (FIRM, "show_company", 3), (TALK, "show_conversation", 5)],
)
def test_enter_opens(
    qtbot: QtBot,
    box: SearchBox,
    finder: Finder,
    context: WindowContext,
    hit: Hit,
    signal: str,
    shown: int,
) -> None:
    finder.hits = (hit,)
    type_and_wait(qtbot, box, "ada")
    with (
        qtbot.waitSignal(getattr(context.navigate, signal)) as asked,
        qtbot.waitSignal(box.left),
    ):
        QTest.keyClick(box.field, Qt.Key.Key_Return)
    assert asked.args == [shown]
    assert not box.popup.isVisible()


def test_a_conversation_of_nobody_opens_nothing(
    qtbot: QtBot, box: SearchBox, finder: Finder, context: WindowContext
) -> None:
    finder.hits = (ORPHAN,)
    type_and_wait(qtbot, box, "ada")
    with qtbot.assertNotEmitted(context.navigate.show_contact):
        QTest.keyClick(box.field, Qt.Key.Key_Return)


def test_enter_before_the_answer_opens_it_when_it_comes(
    qtbot: QtBot, box: SearchBox, finder: Finder, context: WindowContext
) -> None:
    finder.gates["ada"] = threading.Event()
    box.field.setFocus()
    QTest.keyClicks(box.field, "ada")
    QTest.keyClick(box.field, Qt.Key.Key_Return)
    with qtbot.waitSignal(context.navigate.show_contact) as asked:
        finder.gates["ada"].set()
    assert asked.args == [7]


def test_escape_closes_then_clears_then_leaves(qtbot: QtBot, box: SearchBox) -> None:
    type_and_wait(qtbot, box, "ada")
    QTest.keyClick(box.field, Qt.Key.Key_Escape)
    assert not box.popup.isVisible()
    assert box.field.text() == "ada"
    QTest.keyClick(box.field, Qt.Key.Key_Escape)
    assert box.field.text() == ""
    with qtbot.waitSignal(box.left):
        QTest.keyClick(box.field, Qt.Key.Key_Escape)


def test_typing_after_escape_opens_the_list_again(qtbot: QtBot, box: SearchBox) -> None:
    type_and_wait(qtbot, box, "ad")
    QTest.keyClick(box.field, Qt.Key.Key_Escape)
    QTest.keyClicks(box.field, "a")
    qtbot.waitUntil(lambda: box.answered == "ada")
    assert box.popup.isVisible()


def test_the_mark_turns_it_into_the_palette(qtbot: QtBot, box: SearchBox, finder: Finder) -> None:
    box.start(">")
    assert set(kinds(box)) == {RowKind.COMMAND}
    QTest.keyClicks(box.field, "dark")
    assert texts(box)[0] == "Always dark"
    with qtbot.waitSignal(box.command_chosen) as asked:
        QTest.keyClick(box.field, Qt.Key.Key_Return)
    assert asked.args[0].id == "appearance-dark"
    assert finder.asked == []
    box.start(">zzzz")
    assert texts(box) == ["No command is called “zzzz”."]


def test_a_failed_search_is_told(
    qtbot: QtBot, box: SearchBox, finder: Finder, context: WindowContext
) -> None:
    told: list[BaseException] = []
    context.lanes.unhandled.connect(lambda _handle, error: told.append(error))
    finder.error = UserError("The database cannot be read. Check the disk.")
    box.field.setFocus()
    QTest.keyClicks(box.field, "a")
    qtbot.waitUntil(lambda: bool(told))
    assert told == [finder.error]


@pytest.mark.parametrize("width", [500, 900, 1900])
def test_the_list_stays_inside_the_window(
    qtbot: QtBot, box: SearchBox, host: QWidget, width: int
) -> None:
    type_and_wait(qtbot, box, "ada")
    host.resize(width, 420)
    assert host.rect().contains(box.popup.geometry())


def test_rows_are_drawn_whatever_the_names_hold(
    qtbot: QtBot, box: SearchBox, finder: Finder
) -> None:
    finder.hits = (
        Hit(HitKind.PERSON, 1, "<b>Bold</b>\n" + "x" * 500, "sub " * 100, "why " * 90, ((0, 600),)),
        Hit(HitKind.PERSON, 2, "", "", "", ((3, 4),)),
        Hit(HitKind.COMPANY, 3, "山田", "", "name", ((0, 1),)),
        Hit(HitKind.CONVERSATION, 4, "زيارة", "", "", ((1, 2),)),
    )
    type_and_wait(qtbot, box, "x")
    assert not box.popup.grab().isNull()
