"""The table of relationships."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from crm_desktop.domain.relationships import RelationshipSource
from crm_desktop.ui.models import relationships as table
from crm_desktop.ui.models.relationships import RelationshipQuery, RelationshipsModel
from crm_desktop.workers.access import LaneAccess
from tests.ui.page_sample import small_life, store_life

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from crm_desktop.model.database import Database
    from crm_desktop.services.access import DirectAccess
    from crm_desktop.workers.lanes import Lanes

pytestmark = pytest.mark.usefixtures("frozen_now")


@pytest.fixture
def model(database: Database, access: DirectAccess, lanes: Lanes) -> RelationshipsModel:
    store_life(access, small_life())
    return RelationshipsModel(LaneAccess(database, lanes.writer), lanes.reader)


def test_strongest_first_with_words_for_the_source(
    model: RelationshipsModel, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    with qtbot.waitSignal(model.loaded) as loaded:
        model.load(RelationshipQuery())
    strengths = [row.strength for row in loaded.args[0].rows]
    assert strengths == sorted(strengths, reverse=True)
    assert model.index(0, table.LABEL).data() == "Knows"
    assert model.index(0, table.SOURCE).data() == "Found in mail"
    assert model.index(0, table.STRENGTH).data() == f"{strengths[0] * 100:.0f}"
    hint = model.index(0, table.STRENGTH).data(Qt.ItemDataRole.ToolTipRole)
    assert "of 100" in hint
    qtmodeltester.check(model)


def test_filters_by_name_and_source(model: RelationshipsModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model.loaded) as loaded:
        model.load(RelationshipQuery(text="grace hop"))
    rows = loaded.args[0].rows
    assert len(rows) == 2
    assert all("Grace Hopper" in (row.from_name, row.to_name) for row in rows)
    with qtbot.waitSignal(model.loaded):
        model.load(RelationshipQuery(source=RelationshipSource.MANUAL))
    assert model.rowCount() == 0


def test_the_same_rows_again_change_in_place(model: RelationshipsModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model.loaded):
        model.load(RelationshipQuery())
    with (
        qtbot.assertNotEmitted(model.modelReset),
        qtbot.waitSignals([model.dataChanged, model.loaded]),
    ):
        model.load(RelationshipQuery())
