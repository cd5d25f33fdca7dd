"""The top list as a model, over a real database and real lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QModelIndex, Qt

from crm_desktop.ui.models.paging import ID_ROLE, ROW_ROLE
from crm_desktop.ui.models.top import TopModel
from crm_desktop.workers.access import LaneAccess
from tests.ui.page_sample import ADA, NOW, contact_id_of, many_people, small_life, store_life

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from crm_desktop.model.database import Database
    from crm_desktop.services.access import DirectAccess
    from crm_desktop.workers.lanes import Lanes

pytestmark = pytest.mark.usefixtures("frozen_now")
ROOT = QModelIndex()


@pytest.fixture
def model(database: Database, lanes: Lanes) -> TopModel:
    return TopModel(LaneAccess(database, lanes.writer), lanes.reader)


def test_the_page_says_who_how_many_and_as_of_when(
    model: TopModel, access: DirectAccess, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    store_life(access, small_life())
    with qtbot.waitSignal(model.loaded) as loaded:
        model.load("90d")
    page = loaded.args[0]
    assert (page.total, page.month_count, page.quarter_count) == (5, 3, 5)
    assert page.now == NOW
    assert page.has_self
    assert not page.is_looking_back
    assert model.rowCount() == 5
    first = model.index(0)
    assert first.data() == "Ada Lovelace"
    assert first.data(ID_ROLE) == contact_id_of(access, ADA)
    assert first.data(ROW_ROLE).breakdown is not None
    spoken = first.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("1. Ada Lovelace, Analytical Engines, score ")
    assert "past day" in spoken
    qtmodeltester.check(model)


def test_nobody_said_who_they_are(model: TopModel, access: DirectAccess, qtbot: QtBot) -> None:
    store_life(access, small_life(), has_self=False)
    with qtbot.waitSignal(model.loaded) as loaded:
        model.load("90d")
    assert not loaded.args[0].has_self
    assert loaded.args[0].newest_message_at is not None
    assert model.rowCount() == 0


def test_more_people_come_as_the_list_ends(
    model: TopModel, access: DirectAccess, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    store_life(access, many_people(120))
    with qtbot.waitSignal(model.loaded):
        model.load("90d")
    assert (model.rowCount(), model.total) == (50, 120)
    while model.canFetchMore(ROOT):
        with qtbot.waitSignal(model.extended):
            model.fetchMore(ROOT)
    assert model.rowCount() == 120
    assert len({model.index(row).data(ID_ROLE) for row in range(120)}) == 120
    qtmodeltester.check(model)


def test_the_same_people_again_change_in_place(
    model: TopModel, access: DirectAccess, qtbot: QtBot
) -> None:
    store_life(access, many_people(70))
    with qtbot.waitSignal(model.loaded):
        model.load("90d")
    with qtbot.waitSignal(model.extended):
        model.fetchMore(ROOT)
    resets = []
    model.modelReset.connect(lambda: resets.append(True))
    with qtbot.waitSignals([model.dataChanged, model.loaded]):
        model.load("90d")
    assert model.rowCount() == 70
    assert resets == []


def test_another_window_resets(model: TopModel, access: DirectAccess, qtbot: QtBot) -> None:
    store_life(access, small_life())
    with qtbot.waitSignal(model.loaded):
        model.load("90d")
    with qtbot.waitSignals([model.modelReset, model.loaded]):
        model.load("30d")
    assert model.rowCount() == 3
    assert model.position_of(contact_id_of(access, ADA)) == 0
    assert model.position_of(-1) == -1
