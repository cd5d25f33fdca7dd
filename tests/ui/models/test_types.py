"""The table of relationship types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from crm_desktop.domain.relationships import EntityKind
from crm_desktop.services.relationship_types import create_relationship_type
from crm_desktop.ui.models import types as table
from crm_desktop.ui.models.types import TypesModel
from crm_desktop.workers.access import LaneAccess
from tests.ui.page_sample import small_life, store_life

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from crm_desktop.model.database import Database
    from crm_desktop.services.access import DirectAccess
    from crm_desktop.workers.lanes import Lanes

pytestmark = pytest.mark.usefixtures("frozen_now")
SEEDS = ["Employee", "Knows", "Partner", "Reports to", "Vendor", "Works with"]


@pytest.fixture
def model(database: Database, access: DirectAccess, lanes: Lanes, qtbot: QtBot) -> TypesModel:
    store_life(access, small_life())
    made = TypesModel(LaneAccess(database, lanes.writer), lanes.reader)
    with qtbot.waitSignal(made.loaded):
        made.load()
    return made


def column(model: TypesModel, number: int) -> list[str]:
    return [model.index(row, number).data() for row in range(model.rowCount())]


def test_what_a_row_says(model: TypesModel, qtmodeltester: ModelTester) -> None:
    assert column(model, table.NAME) == SEEDS
    employee = model.position_of("rt-employee")
    said = [model.index(employee, number).data() for number in range(len(table.HEADERS))]
    assert said[:4] == ["Employee", "Company → Person", "Employs", "Works at"]
    assert said[table.DESCRIPTION] == "Employment"
    knows = model.position_of("rt-knows")
    assert model.index(knows, table.USES).data() == "6"
    qtmodeltester.check(model)


def test_what_is_spoken_and_hinted(model: TypesModel) -> None:
    def of(number: int, role: Qt.ItemDataRole) -> str:
        return str(model.index(model.position_of("rt-knows"), number).data(role))

    spoken, hinted = Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole
    assert of(table.NAME, spoken) == "Knows, built in"
    assert of(table.BETWEEN, spoken) == "Person to Person"
    assert of(table.USES, spoken) == "6 relationships"
    assert "KNOWS" in of(table.NAME, hinted)
    assert of(table.USES, hinted) == "<span>6 relationships</span>"


def test_every_column_sorts_both_ways(model: TypesModel) -> None:
    model.order_by(table.USES, is_turned=False)
    assert column(model, table.NAME) == ["Knows", *(name for name in SEEDS if name != "Knows")]
    model.order_by(table.USES, is_turned=True)
    assert column(model, table.NAME)[-1] == "Knows"
    for number in (table.NAME, table.BETWEEN, table.FORWARD, table.REVERSE, table.DESCRIPTION):
        model.order_by(number, is_turned=False)
        assert column(model, number) == sorted(column(model, number), key=str.casefold)
        model.order_by(number, is_turned=True)
        assert column(model, number) == sorted(
            column(model, number), key=str.casefold, reverse=True
        )


def test_the_same_rows_again_change_in_place_and_new_ones_appear(
    model: TypesModel, access: DirectAccess, qtbot: QtBot
) -> None:
    with (
        qtbot.assertNotEmitted(model.modelReset),
        qtbot.waitSignals([model.dataChanged, model.loaded]),
    ):
        model.load()
    made = create_relationship_type(
        access, "Adviser", EntityKind.CONTACT, EntityKind.COMPANY, "Advises", "Is advised by"
    )
    with qtbot.waitSignals([model.modelReset, model.loaded]):
        model.load()
    assert model.position_of(made.value.id) == 0
    assert model.index(0, table.USES).data() == "–"


def test_nothing_outside_the_table(model: TypesModel) -> None:
    assert model.row_at(-1) is None
    assert model.position_of("rt-nothing") == -1
    assert model.headerData(99, Qt.Orientation.Horizontal) is None
    assert model.rowCount(model.index(0, 0)) == 0
