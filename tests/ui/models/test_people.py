"""The table of people: the database filters and sorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from crm_desktop.ui.models import people
from crm_desktop.ui.models.paging import ROW_ROLE
from crm_desktop.ui.models.people import PeopleModel, PeopleQuery
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
def model(database: Database, access: DirectAccess, lanes: Lanes, qtbot: QtBot) -> PeopleModel:
    store_life(access, small_life())
    made = PeopleModel(LaneAccess(database, lanes.writer), lanes.reader)
    with qtbot.waitSignal(made.refreshed):
        made.refresh()
    return made


def names(model: PeopleModel, qtbot: QtBot) -> list[str]:
    """Every name, in order, once the rows have come."""

    def are_here() -> bool:
        return all(model.row_at(row) is not None for row in range(model.rowCount()))

    qtbot.waitUntil(are_here)
    return [model.index(row, people.NAME).data() for row in range(model.rowCount())]


def test_cells_speak_plainly(model: PeopleModel, qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    shown = names(model, qtbot)
    ada = [model.index(shown.index("Ada Lovelace"), column).data() for column in range(6)]
    assert ada[:3] == ["Ada Lovelace", "Analytical Engines", "ada@analytical.example"]
    assert ada[4:] == ["7 hours ago", "past day"]
    assert 60 < int(ada[3]) < 80
    mira = shown.index("Mira Lindqvist")
    assert model.index(mira, people.FRESHNESS).data() == "you"
    assert model.index(mira, people.SCORE).data() == ""
    assert model.headerData(people.SCORE, Qt.Orientation.Horizontal) == "Score"
    qtmodeltester.check(model)


def test_tooltips_never_carry_markup(model: PeopleModel, qtbot: QtBot) -> None:
    row = names(model, qtbot).index("<b>Bold</b> & Sons")
    tooltip = model.index(row, people.NAME).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tooltip
    assert "&lt;b&gt;Bold" in tooltip


def test_score_puts_the_best_first_and_turns_round(model: PeopleModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model.refreshed):
        model.sort(people.SCORE, Qt.SortOrder.DescendingOrder)
    best = names(model, qtbot)
    assert best[0] == "Ada Lovelace"
    assert best[-1] == "Mira Lindqvist"  # without a score
    with qtbot.waitSignal(model.refreshed):
        model.sort(people.SCORE, Qt.SortOrder.AscendingOrder)
    assert names(model, qtbot) == [*reversed(best[:-1]), "Mira Lindqvist"]


def test_a_filter_finds_words_by_their_beginning(model: PeopleModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model.refreshed):
        model.ask(PeopleQuery("hop"))
    assert names(model, qtbot) == ["Grace Hopper"]
    assert model.index(0, 0).data(ROW_ROLE).contact.email == "grace@compilers.example"


def test_the_same_question_is_not_asked_twice(model: PeopleModel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(model.refreshed, wait=50):
        model.ask(PeopleQuery())
