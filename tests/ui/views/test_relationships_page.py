"""The page of relationships, through the real lanes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from crm_desktop.domain.relationships import KNOWS_TYPE_ID
from crm_desktop.ui.models import relationships as columns
from crm_desktop.ui.views.relationships_page import RelationshipsPage
from tests.ui.page_sample import SELF, contact_id_of, small_life, store_life

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.context import WindowContext

Place = Callable[[QWidget, int, int], None]


@pytest.fixture
def page(
    context: WindowContext, access: DirectAccess, place: Place, qtbot: QtBot
) -> RelationshipsPage:
    store_life(access, small_life())
    made = RelationshipsPage(context)
    with qtbot.waitSignal(made.model.loaded):
        place(made, 1000, 600)
    return made


def test_the_list_and_the_types_to_choose_from(page: RelationshipsPage) -> None:
    assert page.count.text() == "6 relationships"
    assert page.table.isVisible()
    assert page.type_box.findData(KNOWS_TYPE_ID) > 0
    assert not page.grab().isNull()


def test_filters_narrow_and_clear(page: RelationshipsPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.model.loaded):
        page.type_box.setCurrentIndex(page.type_box.findData("rt-vendor"))
    assert page.empty.title() == "Nothing matches these filters"
    with qtbot.waitSignal(page.model.loaded):
        page.type_box.setCurrentIndex(page.type_box.findData(KNOWS_TYPE_ID))
    assert page.count.text() == "6 relationships found"
    with qtbot.waitSignal(page.model.loaded):
        page.source_box.setCurrentIndex(page.source_box.findData("inferred"))
    with qtbot.waitSignal(page.model.loaded):
        page.filter.setText("layla or nobody")
    assert page.empty.isVisible()


def test_either_end_opens_its_card(
    page: RelationshipsPage, context: WindowContext, qtbot: QtBot
) -> None:
    row = page.model.row_at(0)
    assert row is not None
    for column, identity in ((columns.FROM, row.from_entity_id), (columns.TO, row.to_entity_id)):
        with qtbot.waitSignal(context.navigate.show_contact) as shown:
            page.table.opened.emit(page.model.index(0, column))
        assert shown.args == [identity]


def test_the_own_relationships_are_about_the_others(
    page: RelationshipsPage, context: WindowContext, access: DirectAccess, qtbot: QtBot
) -> None:
    mine = contact_id_of(access, SELF)
    rows = [page.model.row_at(position) for position in range(page.model.rowCount())]
    position = next(i for i, row in enumerate(rows) if row and row.from_entity_id == mine)
    row = rows[position]
    assert row is not None
    with qtbot.waitSignal(context.navigate.select_contact) as selected:
        page.table.selectRow(position)
    assert selected.args == [row.to_entity_id]
    for signal, column, identity in (
        (page.table.opened, columns.FROM, row.to_entity_id),
        (page.table.clicked, columns.STRENGTH, row.to_entity_id),
        (page.table.clicked, columns.FROM, mine),
    ):
        with qtbot.waitSignal(context.navigate.show_contact) as shown:
            signal.emit(page.model.index(position, column))
        assert shown.args == [identity]


def test_without_any_it_says_how_they_come_about(
    context: WindowContext, place: Place, qtbot: QtBot
) -> None:
    page = RelationshipsPage(context)
    with qtbot.waitSignal(page.model.loaded):
        place(page, 1000, 600)
    assert page.empty.title() == "No relationships yet"
