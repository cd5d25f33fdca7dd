"""Labels: plain, elided, and links by mouse and keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.widgets.labels import ElidedLabel, LinkLabel, plain_label

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

LONG = "Wolfeschlegelsteinhausenbergerdorff, Hubert Blaine the Younger of Philadelphia"


def shown(qtbot: QtBot, label: QWidget, width: int) -> None:
    qtbot.addWidget(label)
    label.resize(width, 20)
    label.show()


@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_a_long_name_is_elided_and_whole_on_hover(qtbot: QtBot) -> None:
    label = ElidedLabel(LONG)
    shown(qtbot, label, 120)
    assert label.text().endswith("…")
    assert LONG in label.toolTip()
    assert label.full_text() == label.accessibleName() == LONG
    label.resize(1200, 20)
    assert label.text() == LONG
    assert label.toolTip() == ""


def test_tooltips_and_text_are_never_markup(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.set_full_text("<b>Bob</b>\nSmith", "<img src=x>")
    assert label.full_text() == "<b>Bob</b> Smith"
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert "<img" not in label.toolTip()
    assert plain_label("<b>").textFormat() is Qt.TextFormat.PlainText


@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_links_work_by_mouse_and_by_keyboard(qtbot: QtBot) -> None:
    link = LinkLabel("Acme")
    shown(qtbot, link, 100)
    with qtbot.waitSignal(link.activated):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        with qtbot.waitSignal(link.activated):
            qtbot.keyClick(link, key)
    with qtbot.assertNotEmitted(link.activated):
        qtbot.keyClick(link, Qt.Key.Key_A)
