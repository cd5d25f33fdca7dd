from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.base.errors import Cancelled, UserError
from crm_desktop.ui.messages import Messages
from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.toast import MOST, Toast


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


@pytest.fixture
def messages(host: QWidget) -> Iterator[Messages]:
    made = Messages(ThemeManager("light", host), host)
    yield made
    if made.dialog is not None:
        made.dialog.accept()


def toasts(host: QWidget) -> list[Toast]:
    return [toast for toast in host.findChildren(Toast) if toast.isVisible()]


def test_a_toast_says_it_and_offers_what_to_do(
    qtbot: QtBot, host: QWidget, messages: Messages
) -> None:
    done: list[str] = []
    messages.toast("Merged <b>Ada</b>.", "Undo", lambda: done.append("undo"))
    (toast,) = toasts(host)
    label = next(each for each in toast.findChildren(QLabel) if each.text())
    assert label.text() == "Merged <b>Ada</b>."
    assert label.textFormat() is Qt.TextFormat.PlainText
    button = next(each for each in toast.findChildren(QPushButton) if each.text() == "Undo")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["undo"]
    assert toasts(host) == []


def test_toasts_stand_above_each_other_inside_the_window(
    qtbot: QtBot, host: QWidget, messages: Messages
) -> None:
    for number in range(MOST + 2):
        messages.toast(f"Message {number} " + "long words " * (40 if number == 3 else 1))
    shown = toasts(host)
    assert len(shown) == MOST
    for first, second in pairwise(shown):
        assert not first.geometry().intersects(second.geometry())
    host.resize(420, 500)
    assert all(host.rect().contains(toast.geometry()) for toast in shown)


def test_escape_takes_a_toast_away(qtbot: QtBot, host: QWidget, messages: Messages) -> None:
    messages.toast("Done.")
    QTest.keyClick(toasts(host)[0], Qt.Key.Key_Escape)
    assert toasts(host) == []


def test_a_user_error_is_shown_as_it_is(qtbot: QtBot, messages: Messages) -> None:
    messages.error(UserError("“a.mbox” cannot be read. Allow reading it and try again."))
    dialog = messages.dialog
    assert dialog is not None
    assert dialog.text == "“a.mbox” cannot be read. Allow reading it and try again."
    for label in dialog.findChildren(QLabel):
        assert label.textFormat() is not Qt.TextFormat.RichText


def test_a_fault_of_ours_gives_a_reference_and_no_data(
    qtbot: QtBot, messages: Messages, expected_log: list[object]
) -> None:
    messages.error(KeyError("ada@example.org"))
    dialog = messages.dialog
    assert dialog is not None
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "ada@example.org" not in said
    assert "Reference" in said
    copy = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Copy reference")
    copy.click()
    assert QGuiApplication.clipboard().text() in said


def test_further_errors_join_the_open_dialog(qtbot: QtBot, messages: Messages) -> None:
    for number in range(8):
        messages.error(UserError(f"Problem {number % 6}."))
    dialog = messages.dialog
    assert dialog is not None
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert "And 2 more, in the log." in said
    dialog.accept()
    assert messages.dialog is None


def test_stopping_something_is_no_error(qtbot: QtBot, messages: Messages) -> None:
    messages.error(Cancelled())
    assert messages.dialog is None
