"""A context at rest, and a place to show pages in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from tests.conftest import FROZEN_NOW
from tests.ui.page_sample import small_life, store_life

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.model.database import Database
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


@pytest.fixture(scope="session")
def life_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small sample life in a file, to be copied: importing it takes longer than most tests."""
    from crm_desktop.model.database import Database
    from crm_desktop.services.access import DirectAccess

    path = tmp_path_factory.mktemp("life") / "people.sqlite"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_DESKTOP_NOW", FROZEN_NOW)
        opened = Database.open(path)
        store_life(DirectAccess(opened), small_life())
        opened.close()
    return path


@pytest.fixture
def life_database(life_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A database that holds the small sample life."""
    from crm_desktop.model.database import Database

    opened = Database.open(Path(shutil.copy(life_file, tmp_path / "life.sqlite")))
    yield opened
    opened.close()


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
