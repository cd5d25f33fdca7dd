from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from crm_desktop.domain.search import Hit, HitKind, SearchResults
from crm_desktop.ui.actions import all_actions
from crm_desktop.ui.matching import rank
from crm_desktop.ui.search_rows import ROW_ROLE, SearchRows, command_rows, result_rows


def test_the_model_keeps_qts_rules_and_reads_aloud(
    qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    model = SearchRows()
    hit = Hit(HitKind.PERSON, 1, "Ada", "Engines", "name")
    model.set_rows(result_rows(SearchResults("ada", (hit,))))
    qtmodeltester.check(model)
    title, person = model.index(0), model.index(1)
    assert title.data() == "People"
    assert not title.flags() & Qt.ItemFlag.ItemIsSelectable
    assert person.flags() & Qt.ItemFlag.ItemIsSelectable
    assert person.data(Qt.ItemDataRole.AccessibleTextRole) == "Ada, Engines, name"
    assert person.data(ROW_ROLE).hit is hit


def test_keys_tell_rows_apart() -> None:
    rows = command_rows(rank("", all_actions()), "")
    assert len({row.key for row in rows}) == len(rows)
