"""Long tables: ids at once, rows when looked at, never a reset for rows that arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView

from crm_desktop.ui.models.paging import ID_ROLE, ROW_ROLE, PagedModel

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from crm_desktop.base.jobs import JobContext
    from crm_desktop.workers.lanes import Lanes


@dataclass(frozen=True)
class Row:
    id: int
    text: str


class Numbers(PagedModel):
    """Rows of numbers; `version` is a part of their text."""

    def __init__(self, lanes: Lanes, count: int) -> None:
        super().__init__(lanes.reader, ("Number", "Twice"))
        self.count = count
        self.first = 0
        self.version = 1
        self.missing: set[int] = set()
        self.read: list[list[int]] = []
        self.error: Exception | None = None

    def query(self) -> Any:
        return (self.first, self.count)

    def read_ids(self, query: Any, ctx: JobContext) -> Sequence[int]:
        if self.error is not None:
            raise self.error
        first, count = query
        return range(first, first + count)

    def read_rows(self, ids: Sequence[int], ctx: JobContext) -> Sequence[Row]:
        self.read.append(list(ids))
        wanted = [id_ for id_ in ids if id_ not in self.missing]
        return [Row(id_, f"{id_} v{self.version}") for id_ in reversed(wanted)]

    def cell(self, row: Row, column: int, role: int) -> Any:
        return row.text if role == Qt.ItemDataRole.DisplayRole else None


def text_of(model: PagedModel, position: int) -> Any:
    return model.index(position, 0).data()


@pytest.fixture
def numbers(lanes: Lanes, qtbot: QtBot) -> Numbers:
    model = Numbers(lanes, 1000)
    with qtbot.waitSignal(model.refreshed):
        model.refresh()
    return model


def wait_for(qtbot: QtBot, model: PagedModel, position: int, text: str) -> None:
    qtbot.waitUntil(lambda: text_of(model, position) == text)


def test_ids_are_known_before_any_row_is_read(numbers: Numbers) -> None:
    assert numbers.rowCount() == 1000
    assert numbers.read == []
    assert numbers.index(999, 0).data(ID_ROLE) == 999
    assert numbers.position_of(700) == 700
    assert numbers.position_of(5000) == -1
    assert numbers.id_at(-1) is None


def test_a_row_that_is_looked_at_arrives_without_a_reset(numbers: Numbers, qtbot: QtBot) -> None:
    resets = []
    numbers.modelReset.connect(lambda: resets.append(True))
    assert text_of(numbers, 130) is None
    with qtbot.waitSignal(numbers.dataChanged) as changed:
        pass
    assert text_of(numbers, 130) == "130 v1"
    assert numbers.index(130, 1).data(ROW_ROLE) == Row(130, "130 v1")
    top, bottom = changed.args[:2]
    assert (top.row(), bottom.row()) == (128, 191)
    assert len(numbers.read[0]) == numbers.PAGE_ROWS
    assert resets == []


def test_a_dragged_scroll_bar_asks_only_for_where_it_stopped(
    numbers: Numbers, qtbot: QtBot
) -> None:
    for position in range(0, 1000, numbers.PAGE_ROWS):
        numbers.row_at(position)
    wait_for(qtbot, numbers, 999, "999 v1")
    assert len(numbers.read) == 1
    assert len(numbers.read[0]) == sum(
        len(range(p * 64, min(1000, p * 64 + 64))) for p in range(12, 16)
    )


def test_pages_out_of_sight_are_forgotten(numbers: Numbers, qtbot: QtBot) -> None:
    numbers.KEPT_PAGES = 3
    for page in range(6):
        text_of(numbers, page * 64)
        wait_for(qtbot, numbers, page * 64, f"{page * 64} v1")
    assert numbers.row_at(0) is None


def test_the_same_ids_again_refresh_the_rows_in_place(numbers: Numbers, qtbot: QtBot) -> None:
    text_of(numbers, 3)
    wait_for(qtbot, numbers, 3, "3 v1")
    resets = []
    numbers.modelReset.connect(lambda: resets.append(True))
    numbers.version = 2
    with qtbot.waitSignal(numbers.refreshed):
        numbers.refresh()
    assert text_of(numbers, 3) == "3 v1"  # until the newer has come
    wait_for(qtbot, numbers, 3, "3 v2")
    assert resets == []


def test_other_ids_reset_and_a_slow_answer_of_the_old_list_is_dropped(
    numbers: Numbers, qtbot: QtBot
) -> None:
    numbers.row_at(0)
    numbers.first, numbers.count = 5000, 10
    with qtbot.waitSignals([numbers.modelReset, numbers.refreshed]):
        numbers.refresh()
    assert numbers.rowCount() == 10
    text_of(numbers, 0)
    wait_for(qtbot, numbers, 0, "5000 v1")


def test_a_row_that_is_gone_stays_a_placeholder(numbers: Numbers, qtbot: QtBot) -> None:
    numbers.missing = {2}
    text_of(numbers, 1)
    wait_for(qtbot, numbers, 1, "1 v1")
    assert numbers.row_at(2) is None
    assert text_of(numbers, 3) == "3 v1"


def test_only_the_last_of_two_questions_counts(lanes: Lanes, qtbot: QtBot) -> None:
    model = Numbers(lanes, 10)
    model.refresh()
    model.count = 20
    with qtbot.waitSignal(model.refreshed):
        model.refresh()
    assert model.rowCount() == 20


def test_a_failure_is_told(lanes: Lanes, qtbot: QtBot) -> None:
    model = Numbers(lanes, 10)
    model.error = RuntimeError("no")
    with qtbot.waitSignal(model.refresh_failed) as failed:
        model.refresh()
    assert failed.args == [model.error]
    assert model.rowCount() == 0


def test_the_model_keeps_qts_rules(
    numbers: Numbers, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(numbers)
    text_of(numbers, 0)
    wait_for(qtbot, numbers, 0, "0 v1")
    qtmodeltester.check(numbers)


def test_a_view_of_100_000_rows_reads_what_it_shows(lanes: Lanes, qtbot: QtBot) -> None:
    model = Numbers(lanes, 100_000)
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    view.resize(300, 400)
    view.show()
    with qtbot.waitSignal(model.refreshed):
        model.refresh()
    view.scrollToBottom()
    wait_for(qtbot, model, 99_999, "99999 v1")
    assert sum(len(ids) for ids in model.read) <= 4 * model.PAGE_ROWS


def test_the_first_pages_may_come_along_with_the_ids(lanes: Lanes, qtbot: QtBot) -> None:
    model = Numbers(lanes, 100)
    model.FIRST_PAGES = 2
    with qtbot.waitSignal(model.refreshed):
        model.refresh()
    assert text_of(model, 0) == "0 v1"
    assert text_of(model, 99) == "99 v1"
    assert [len(ids) for ids in model.read] == [100]
    model.version, model.missing = 2, {1}
    with qtbot.waitSignal(model.refreshed), qtbot.assertNotEmitted(model.modelReset):
        model.refresh()
    assert text_of(model, 0) == "0 v2"
    assert text_of(model, 1) is None
    model.count = 0
    with qtbot.waitSignal(model.refreshed):
        model.refresh()
    assert model.rowCount() == 0
    assert list(model.ids(0, 10)) == []
