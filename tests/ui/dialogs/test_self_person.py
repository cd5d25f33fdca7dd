"""Asking which address is the person's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QRadioButton, QWidget

from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.ui.dialogs.self_person import SelfPersonDialog
from tests.ui.page_sample import SELF, contact_id_of, small_life, store_life, window_context

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.model.database import Database
    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.workers.lanes import Lanes

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


@pytest.fixture
def context(database: Database, lanes: Lanes, qtbot: QtBot, frozen_now: str) -> WindowContext:
    host = QWidget()
    qtbot.addWidget(host)
    return window_context(database, lanes, host)


def opened(context: WindowContext) -> SelfPersonDialog:
    dialog = SelfPersonDialog(context)
    dialog.open()
    return dialog


def test_the_likeliest_is_chosen_and_kept(
    context: WindowContext, access: DirectAccess, qtbot: QtBot
) -> None:
    store_life(access, small_life(), has_self=False)
    dialog = opened(context)
    qtbot.waitUntil(lambda: dialog.address() == SELF.address)
    named = [b.accessibleName() for b in dialog.findChildren(QRadioButton)]
    assert f"{SELF.address}, 7 messages sent · 9 received" in named
    heard: list[Changes] = []
    context.bus.changed.connect(heard.append)
    with qtbot.waitSignal(dialog.saved) as saved:
        dialog.save_button.click()
    assert saved.args == [SELF.address]
    assert ChangeKind.SETTINGS in heard[0].kinds
    with access.read() as store:
        assert store.settings.self_person_id == contact_id_of(access, SELF)


def test_another_address_can_be_typed(
    context: WindowContext, access: DirectAccess, qtbot: QtBot
) -> None:
    dialog = opened(context)
    qtbot.waitUntil(dialog.own.isChecked)
    assert not dialog.save_button.isEnabled()
    qtbot.keyClicks(dialog.field, "Me@Example.org")
    assert dialog.save_button.isEnabled()
    with qtbot.waitSignal(dialog.saved):
        dialog.save_button.click()
    with access.read() as store:
        assert store.settings.self_person_id is not None


def test_what_is_no_address_is_said_in_the_dialog(context: WindowContext, qtbot: QtBot) -> None:
    dialog = opened(context)
    qtbot.waitUntil(dialog.own.isChecked)
    qtbot.keyClicks(dialog.field, "not an @ddress")
    dialog.save_button.click()
    qtbot.waitUntil(dialog.problem.isVisible)
    assert "is not an e-mail address" in dialog.problem.text()
    assert dialog.save_button.isEnabled()
    dialog.reject()


def test_typing_chooses_the_field(
    context: WindowContext, access: DirectAccess, qtbot: QtBot
) -> None:
    store_life(access, small_life(), has_self=False)
    dialog = opened(context)
    qtbot.waitUntil(lambda: dialog.address() == SELF.address)
    qtbot.keyClicks(dialog.field, "x@y.example")
    assert dialog.own.isChecked()
    assert dialog.address() == "x@y.example"
    dialog.reject()
