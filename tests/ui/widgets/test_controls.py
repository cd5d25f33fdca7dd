"""The switch, chips in a flow, empty states and skeletons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget

from crm_desktop.domain.interactions import ScoreBreakdown
from crm_desktop.ui.theme import Appearance, ThemeManager
from crm_desktop.ui.widgets.chip import Chip
from crm_desktop.ui.widgets.decay import DecayLabel
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.flow import FlowLayout
from crm_desktop.ui.widgets.score_bar import Bar, ScoreTerms
from crm_desktop.ui.widgets.segmented import SegmentedControl
from crm_desktop.ui.widgets.skeleton import RowsSkeleton, Skeleton

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


@pytest.fixture
def theme(qapp: object) -> ThemeManager:
    return ThemeManager(Appearance.LIGHT)


def test_a_switch_by_mouse_and_keyboard(qtbot: QtBot) -> None:
    switch = SegmentedControl((("a", "One"), ("b", "Two"), ("c", "Three")), "Window")
    qtbot.addWidget(switch)
    switch.show()
    assert switch.key() == "a"
    with qtbot.waitSignal(switch.chosen) as chosen:
        switch.findChildren(QToolButton)[1].click()
    assert chosen.args == ["b"]
    with qtbot.waitSignal(switch.chosen) as chosen:
        qtbot.keyClick(switch, Qt.Key.Key_Right)
    assert chosen.args == ["c"]
    with qtbot.assertNotEmitted(switch.chosen):
        qtbot.keyClick(switch, Qt.Key.Key_Right)
    switch.set_key("nonsense")
    assert switch.key() == "c"


def test_a_rare_choice_shows_only_while_it_is_in_force(qtbot: QtBot) -> None:
    switch = SegmentedControl((("a", "One"), ("b", "Two"), ("c", "Rare")), "Window")
    qtbot.addWidget(switch)
    switch.hide_unless_chosen("c")
    switch.show()
    rare = switch.findChildren(QToolButton)[2]
    assert not rare.isVisible()
    switch.set_key("c")
    assert rare.isVisible()
    switch.findChildren(QToolButton)[0].click()
    assert not rare.isVisible()


def test_chips_flow_into_lines(theme: ThemeManager, qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    flow = FlowLayout(box)
    chips = [Chip(theme, f"<b>Tag number {index}</b>") for index in range(8)]
    for chip in chips:
        flow.addWidget(chip)
    assert flow.heightForWidth(150) > flow.heightForWidth(600) > 0
    box.resize(220, flow.heightForWidth(220))
    box.show()
    assert chips[-1].y() > chips[0].y()
    assert all(chip.geometry().right() <= 220 for chip in chips)
    assert "<b>" not in chips[0].toolTip()
    assert flow.itemAt(99) is None
    assert flow.takeAt(99) is None


def test_an_empty_state_has_one_sentence_and_buttons(theme: ThemeManager, qtbot: QtBot) -> None:
    empty = EmptyState(theme)
    qtbot.addWidget(empty)
    done: list[str] = []
    empty.set_content("mail", "Nothing <b>here</b>", "", [("Import", lambda: done.append("x"))])
    empty.set_content(
        "mail", "Nothing <b>here</b>", "Try this.", [("Go", lambda: done.append("y"))]
    )
    empty.show()
    assert empty.title() == "Nothing <b>here</b>"
    assert {label.textFormat() for label in empty.findChildren(QLabel) if label.text()} == {
        Qt.TextFormat.PlainText
    }
    (button,) = [b for b in empty.findChildren(QPushButton) if b.isVisible()]
    button.click()
    assert done == ["y"]


def test_bars_and_dots_say_what_they_show(theme: ThemeManager, qtbot: QtBot) -> None:
    terms = ScoreTerms(theme)
    qtbot.addWidget(terms)
    terms.set_breakdown(ScoreBreakdown(35, 12.5, 7.5, 0, 10, 65, is_capped=False))
    names = [bar.accessibleName() for bar in terms.findChildren(Bar)]
    assert "Recency: 35.0 of 35 points" in names
    assert "Attachments: 0.0 of 5 points" in names
    dot = DecayLabel(theme)
    qtbot.addWidget(dot)
    dot.set_bucket(3)
    assert dot.accessibleName() == "past quarter"
    assert not dot.grab().isNull()
    assert not terms.grab().isNull()


def test_skeletons_paint_at_any_size(theme: ThemeManager, qtbot: QtBot) -> None:
    for skeleton in (Skeleton(theme), RowsSkeleton(theme)):
        qtbot.addWidget(skeleton)
        for width, height in ((0, 0), (80, 40), (800, 1200)):
            skeleton.resize(width, height)
            skeleton.grab()
        assert skeleton.accessibleName() == "Loading"
