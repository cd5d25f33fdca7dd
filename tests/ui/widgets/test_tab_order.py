"""Tab goes by the layouts, and asking for it does no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLineEdit, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from crm_desktop.ui.widgets.tab_order import all_tab_stops

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_layouts_lead_and_what_they_do_not_hold_follows(qtbot: QtBot) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    free, last, first, hidden = (QPushButton(name, root) for name in "dcab")
    stack = QStackedLayout()
    stack.addWidget(first)
    stack.addWidget(hidden)
    column = QVBoxLayout(root)
    column.addLayout(stack)
    column.addWidget(last)
    assert all_tab_stops(root) == [first, hidden, last, free]
    dialog = QWidget(root)
    dialog.setWindowFlags(dialog.windowFlags().Window)
    QPushButton("elsewhere", dialog)
    assert all_tab_stops(root) == [first, hidden, last, free]


def test_a_field_outlives_the_button_before_it(qtbot: QtBot) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    column = QVBoxLayout(root)
    button, field = QPushButton("One"), QLineEdit()
    column.addWidget(button)
    column.addWidget(field)
    action = field.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
    all_tab_stops(root)
    button.deleteLater()
    QCoreApplication.sendPostedEvents(button, QEvent.Type.DeferredDelete.value)
    action.setVisible(False)
    assert not action.isVisible()
