"""Pressing keys as a person does: they go to the popup that is open, else to the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def _target() -> QWidget:
    popup = QApplication.activePopupWidget()
    # As Qt does: a popup may have the keyboard in one of its fields.
    target = (popup.focusWidget() or popup) if popup else QApplication.focusWidget()
    assert target is not None, "nothing has the keyboard"
    return target


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
    """One key."""
    QTest.keyClick(_target(), key, modifiers)


def type_text(text: str) -> None:
    """Letters of any alphabet, one after the other."""
    for character in text:
        if character.isascii():
            QTest.keyClicks(_target(), character)
        else:  # QTest knows no key for it
            event = QKeyEvent(QEvent.Type.KeyPress, 0, NO_MODIFIER, character)
            QApplication.sendEvent(_target(), event)
