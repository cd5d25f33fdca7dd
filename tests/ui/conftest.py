"""A window's context over a real database."""

from __future__ import annotations

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
def host(qtbot: QtBot) -> QWidget:
    """The widget that stands for the window."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 700)
    return made


@pytest.fixture
def context(database: Database, lanes: Lanes, host: QWidget) -> WindowContext:
    """The collaborators of a page."""
    return window_context(database, lanes, host)
