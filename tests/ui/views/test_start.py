from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.views.start import StartCard, StartPage


@pytest.fixture
def page(qtbot: QtBot) -> StartPage:
    made = StartPage(ThemeManager("light"))
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    return made


def test_three_ways_to_begin(qtbot: QtBot, page: StartPage) -> None:
    page.show_welcome()
    cards = page.findChildren(StartCard)
    asked: list[str] = []
    page.chosen.connect(asked.append)
    for card in cards:
        QTest.keyClick(card, Qt.Key.Key_Space)
    assert asked == ["import-mail", "import-contacts", "open-sample"]
    assert all(card.accessibleDescription() for card in cards)


def test_recent_databases_can_be_opened(qtbot: QtBot, page: StartPage, tmp_path: Path) -> None:
    path = tmp_path / "R&D.sqlite"
    page.show_welcome([path])
    button = page.findChildren(QPushButton)[0]
    assert "R&&D" in button.text()
    with qtbot.waitSignal(page.open_requested) as asked:
        button.click()
    assert asked.args == [path]


def test_it_can_be_shown_again_and_then_fail(page: StartPage) -> None:
    page.show_welcome()
    page.show_welcome()
    assert page.text().count("Import your mail") == 1
    page.show_failure("This file is no database of ours. Choose another.", "abc123")
    assert "Import your mail" not in page.text()
    assert "no database of ours" in page.text()
    assert "reference abc123" in page.text()
