from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from crm_desktop.domain.imports import Reject
from crm_desktop.ui.dialogs.rejects import RejectModel, RejectsDialog
from crm_desktop.ui.theme import ThemeManager

REJECTS = (Reject("a.mbox, message 3", "no <b>date</b>", 3), Reject("b.eml", "broken", 1))


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    model = RejectModel(REJECTS)
    qtmodeltester.check(model)
    assert model.index(1, 0).data() == "b.eml"
    assert "<b>" not in model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Why"


def test_the_list_can_be_copied(qtbot: QtBot) -> None:
    dialog = RejectsDialog(ThemeManager("light"), REJECTS)
    qtbot.addWidget(dialog)
    next(b for b in dialog.findChildren(QPushButton) if b.text() == "Copy all").click()
    assert QGuiApplication.clipboard().text() == (
        "a.mbox, message 3\tno <b>date</b>\nb.eml\tbroken"
    )
