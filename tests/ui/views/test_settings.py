from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.services.access import DirectAccess
from crm_desktop.services.settings import get_setting
from crm_desktop.ui.context import WindowContext
from crm_desktop.ui.import_flow import KEEP_TEXT
from crm_desktop.ui.views.settings import SettingsPage
from tests.ui.page_sample import small_life, store_life


@pytest.fixture
def page(qtbot: QtBot, context: WindowContext) -> Iterator[SettingsPage]:
    made = SettingsPage(context)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    yield made
    context.lanes.close()


def test_appearance_and_motion_follow_both_ways(page: SettingsPage, context: WindowContext) -> None:
    page.appearance.chosen.emit("dark")
    assert context.theme.current.is_dark
    page.motion.click()
    assert context.theme.wants_reduced_motion
    context.theme.set_appearance("light")
    context.theme.set_reduced_motion(False)
    assert page.appearance.key() == "light"
    assert not page.motion.isChecked()


def test_keeping_full_text_is_kept_in_the_database(
    qtbot: QtBot, page: SettingsPage, context: WindowContext, access: DirectAccess
) -> None:
    with qtbot.waitSignal(context.bus.changed):
        page.full_text.click()
    assert get_setting(access, KEEP_TEXT) == "true"
    page.full_text.setChecked(False)
    page.refresh()
    qtbot.waitUntil(page.full_text.isChecked)
    with qtbot.waitSignal(context.bus.changed):
        page.full_text.click()
    assert get_setting(access, KEEP_TEXT) == "false"


def test_it_says_who_you_are(qtbot: QtBot, page: SettingsPage, access: DirectAccess) -> None:
    qtbot.waitUntil(lambda: page.you.text() == "Not chosen yet.")
    store_life(access, small_life())
    page.refresh()
    qtbot.waitUntil(lambda: page.you.text() == "Mira Lindqvist  ·  mira@example.org")
    assert page.choose.text() == "Change…"


def test_a_whole_database_is_said_to_be_whole(
    qtbot: QtBot, page: SettingsPage, context: WindowContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(context.messages, "toast", lambda text, **_more: told.append(text))
    page.check_button.click()
    assert not page.check_button.isEnabled()
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert told == ["The database is whole."]
    qtbot.waitUntil(page.check_button.isEnabled)


def test_other_databases_are_the_windows_business(
    qtbot: QtBot, page: SettingsPage, context: WindowContext
) -> None:
    with qtbot.waitSignal(context.navigate.run_action) as asked:
        page.open_button.click()
    assert asked.args == ["open-database"]
