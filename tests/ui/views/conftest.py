"""A context at rest, and a place to show pages in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.ui.context import WindowContext
    from crm_desktop.workers.lanes import Lanes


@pytest.fixture
def context(context: WindowContext, lanes: Lanes, frozen_now: str) -> Iterator[WindowContext]:
    """The same at a moment that stands still. A job that fails without a receiver fails the
    test."""
    failures: list[BaseException] = []
    lanes.unhandled.connect(lambda _handle, error: failures.append(error))
    yield context
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
