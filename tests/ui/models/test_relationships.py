"""The table of relationships."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from crm_desktop.domain.relationship_list import RelationshipQuery, RelationshipSort
from crm_desktop.domain.relationships import EntityKind, RelationshipSource
from crm_desktop.ui.models import relationships as table
from crm_desktop.ui.models.paging import ROW_ROLE
from crm_desktop.ui.models.relationships import RelationshipRow, RelationshipsModel
from crm_desktop.workers.access import LaneAccess
from tests.ui.page_sample import ADA, GRACE, SELF, contact_id_of, small_life, store_life

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from crm_desktop.model.database import Database
    from crm_desktop.services.access import DirectAccess
    from crm_desktop.workers.lanes import Lanes

pytestmark = pytest.mark.usefixtures("frozen_now")
TOOLTIP, SPOKEN = Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole


@pytest.fixture
def model(
    database: Database, access: DirectAccess, lanes: Lanes, qtbot: QtBot
) -> RelationshipsModel:
    store_life(access, small_life())
    made = RelationshipsModel(LaneAccess(database, lanes.writer), lanes.reader)
    with qtbot.waitSignal(made.refreshed):
        made.refresh()
    return made


def rows_of(model: RelationshipsModel, qtbot: QtBot) -> list[RelationshipRow]:
    count = model.rowCount()
    qtbot.waitUntil(lambda: all(model.row_at(position) for position in range(count)))
    return [model.row_at(position) for position in range(count)]


def test_strongest_first_with_words_for_the_source(
    model: RelationshipsModel, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    *measured, imported = rows_of(model, qtbot)
    strengths = [row.relationship.strength for row in measured]
    assert strengths == sorted(strengths, reverse=True)
    assert (imported.relationship.strength, table.cell_text(imported, table.STRENGTH)) == (None, "")
    assert model.index(0, table.LABEL).data() == "Knows"
    assert model.index(0, table.TYPE).data() == "Knows"
    assert model.index(0, table.SOURCE).data() == "Found in mail"
    assert model.index(0, table.STRENGTH).data() == f"{strengths[0] * 100:.0f}"
    assert "of 100" in model.index(0, table.STRENGTH).data(TOOLTIP)
    assert model.index(0, table.CONVERSATIONS).data(SPOKEN).startswith("Conversations: ")
    assert "shared conversation" in model.index(0, table.CONVERSATIONS).data(TOOLTIP)
    assert "2026 at" in model.index(0, table.LAST).data(TOOLTIP)
    assert " knows " in model.index(0, table.LABEL).data(TOOLTIP)
    qtmodeltester.check(model)


def test_filters_by_name_and_source(model: RelationshipsModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model.refreshed):
        model.ask(RelationshipQuery(text="grace hop"))
    rows = rows_of(model, qtbot)
    assert len(rows) == 2
    for row in rows:
        assert "Grace Hopper" in (row.relationship.from_name, row.relationship.to_name)
    with qtbot.waitSignal(model.refreshed):
        model.ask(replace(model.query(), source=RelationshipSource.MANUAL))
    assert model.rowCount() == 0


@pytest.mark.parametrize("column", table.SORTS)
def test_every_column_sorts_both_ways(model: RelationshipsModel, qtbot: QtBot, column: int) -> None:
    orders = []
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        with qtbot.waitSignal(model.refreshed):
            model.sort(column, order)
        orders.append([model.id_at(position) for position in range(model.rowCount())])
    assert model.query().sort is table.SORTS[column]
    assert sorted(orders[0]) == sorted(orders[1])


def test_the_same_rows_again_change_in_place(model: RelationshipsModel, qtbot: QtBot) -> None:
    with (
        qtbot.assertNotEmitted(model.modelReset),
        qtbot.waitSignals([model.dataChanged, model.refreshed]),
    ):
        model.refresh()


def test_a_row_is_about_who_was_not_asked_for(
    model: RelationshipsModel, access: DirectAccess, qtbot: QtBot
) -> None:
    mine, ada, grace = (contact_id_of(access, person) for person in (SELF, ADA, GRACE))
    person = EntityKind.CONTACT

    def between(first: int, second: int) -> RelationshipRow:
        found = {
            frozenset((row.relationship.from_entity_id, row.relationship.to_entity_id)): row
            for row in rows_of(model, qtbot)
        }
        return found[frozenset((first, second))]

    assert between(mine, ada).other_end() == (person, ada)
    assert between(mine, ada).other_end(ada) == (person, mine)
    assert between(ada, grace).other_end(grace) == (person, ada)
    last = between(ada, grace).relationship.to_entity_id
    assert between(ada, grace).other_end() == (person, last)


def test_the_first_rows_come_along_and_a_row_to_come_says_nothing(
    model: RelationshipsModel, qtbot: QtBot
) -> None:
    assert model.index(0, table.FROM).data(ROW_ROLE) is not None
    model.PAGE_ROWS = 2
    model.ask(RelationshipQuery(RelationshipSort.LABEL, descending=False))
    with qtbot.waitSignal(model.refreshed):
        pass
    assert model.index(1, table.FROM).data(ROW_ROLE) is not None
    assert model.index(2, table.FROM).data() is None
