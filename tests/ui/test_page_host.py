from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.model.database import Database
from crm_desktop.ui.context import WindowContext
from crm_desktop.ui.page_host import PageHost
from crm_desktop.ui.pages import Page
from crm_desktop.ui.widgets.skeleton import RowsSkeleton
from crm_desktop.workers.lanes import Lanes
from tests.ui.page_sample import window_context

SOURCE = """
import threading
from PySide6.QtWidgets import QWidget
THREAD = threading.current_thread().name
class Slow(QWidget):
    def __init__(self, context):
        super().__init__()
        self.made_on = threading.current_thread().name
"""


@pytest.fixture
def slow_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    (tmp_path / "slow_page_of_a_test.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "slow_page_of_a_test", raising=False)
    return Page("slow", "Slow", "today", "slow_page_of_a_test", "Slow")


@pytest.fixture
def context(qtbot: QtBot, database: Database, lanes: Lanes) -> WindowContext:
    host = QWidget()
    qtbot.addWidget(host)
    return window_context(database, lanes, host)


def test_a_module_is_loaded_on_a_lane_and_the_page_made_on_the_gui_thread(
    qtbot: QtBot, context: WindowContext, slow_page: Page
) -> None:
    host = PageHost(context.theme, [slow_page])
    qtbot.addWidget(host)
    host.attach(context)
    host.show_page("slow")
    qtbot.waitUntil(lambda: host.widget_of("slow") is not None)
    assert host.currentWidget() is host.widget_of("slow")
    module = sys.modules["slow_page_of_a_test"]
    assert module.THREAD == "search"
    assert host.widget_of("slow").made_on == "MainThread"  # type: ignore[union-attr]


def test_a_page_that_is_no_longer_wanted_does_not_push_itself_in_front(
    qtbot: QtBot, context: WindowContext, slow_page: Page
) -> None:
    host = PageHost(context.theme, [slow_page])
    qtbot.addWidget(host)
    other = QWidget()
    host.add("other", other)
    gate = threading.Event()
    context.lanes.search.submit(lambda ctx: gate.wait(10))
    host.attach(context)
    host.show_page("slow")
    assert isinstance(host.currentWidget(), RowsSkeleton)
    host.show_page("other")
    gate.set()
    qtbot.waitUntil(lambda: "slow_page_of_a_test" in sys.modules)
    with qtbot.waitSignal(context.lanes.search.submit(lambda ctx: None).finished):
        assert host.currentWidget() is other
    assert host.currentWidget() is other
    assert host.widget_of("slow") is None


def test_unknown_pages_and_pages_without_a_database_change_nothing(
    qtbot: QtBot, context: WindowContext, slow_page: Page
) -> None:
    host = PageHost(context.theme, [slow_page])
    qtbot.addWidget(host)
    with qtbot.assertNotEmitted(host.page_shown):
        host.show_page("nowhere")
    host.show_page("slow")
    assert host.name == "slow"
    assert isinstance(host.currentWidget(), RowsSkeleton)
    assert host.widget_of("slow") is None
