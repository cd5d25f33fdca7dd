"""A window's context over a real database, and a host that must show no error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from tests.ui.page_sample import window_context

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.model.database import Database
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.workers.lanes import Lanes


@pytest.fixture
def context(
    database: Database, lanes: Lanes, qtbot: QtBot, frozen_now: str
) -> Iterator[WindowContext]:
    """The collaborators of a page. A job that fails without a receiver fails the test."""
    host = QWidget()
    qtbot.addWidget(host)
    failures: list[BaseException] = []
    lanes.unhandled.connect(lambda _handle, error: failures.append(error))
    yield window_context(database, lanes, host)
    assert failures == []


@pytest.fixture
def place(qtbot: QtBot) -> Iterator[Callable[[QWidget, int, int], None]]:
    """Show a widget at a size inside a window, where pages and cards live."""
    windows: list[QWidget] = []  # pytest-qt does not keep them alive

    def run(widget: QWidget, width: int, height: int) -> None:
        window = QWidget()
        qtbot.addWidget(window)
        windows.append(window)
        window.resize(width, height)
        widget.setParent(window)
        widget.resize(width, height)
        widget.show()
        window.show()

    yield run
    windows.clear()
