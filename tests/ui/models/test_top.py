"""The top list as a model, over a real database and real lanes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from crm_desktop.domain.relationships import EntityKind, Suggestion
from crm_desktop.ui.models.paging import ID_ROLE, ROW_ROLE
from crm_desktop.ui.models.top import BLOCK_ROWS, FIRST_ROWS, TopModel, TopPage, TopQuery
from crm_desktop.workers.access import LaneAccess
from tests.ui.page_sample import (
    ADA,
    GRACE,
    NOW,
    SELF,
    contact_id_of,
    many_people,
    small_life,
    store_life,
)

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from crm_desktop.model.database import Database
    from crm_desktop.services.access import DirectAccess
    from crm_desktop.workers.lanes import Lanes

pytestmark = pytest.mark.usefixtures("frozen_now")
QUARTER = TopQuery("90d")


@pytest.fixture
def model(database: Database, lanes: Lanes) -> TopModel:
    return TopModel(LaneAccess(database, lanes.writer), lanes.reader)


def load(qtbot: QtBot, model: TopModel, query: TopQuery = QUARTER, **how: bool) -> TopPage:
    with qtbot.waitSignal(model.loaded) as loaded:
        model.load(query, **how)
    assert loaded.args is not None
    page: TopPage = loaded.args[0]
    return page


def names(model: TopModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


def company_of(access: DirectAccess, person: int) -> int:
    with access.read() as store:
        return int(
            store.connection.exec_driver_sql(
                "SELECT company_id FROM contacts WHERE id = ?", (person,)
            ).scalar_one()
        )


def test_the_page_says_who_how_many_and_as_of_when(
    model: TopModel, access: DirectAccess, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    store_life(access, small_life())
    page = load(qtbot, model)
    assert (page.everyone, page.month_count, page.quarter_count) == (5, 3, 5)
    assert page.people.bucket_counts == (1, 1, 1, 2, 0, 0)
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


def test_every_term_of_the_score_is_said(
    model: TopModel, access: DirectAccess, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    load(qtbot, model)
    said = model.index(0).data(Qt.ItemDataRole.AccessibleDescriptionRole)
    for term in ("Recency", "Frequency", "Breadth", "Give and take", "Attachments"):
        assert f"{term} " in said
    assert " of 35" in said
    assert "Capped" not in said
    invoice = model.index(model.rowCount() - 1)
    row = invoice.data(ROW_ROLE)
    assert ("Capped" in invoice.data(Qt.ItemDataRole.AccessibleDescriptionRole)) == (
        row.breakdown.is_capped
    )


def test_nobody_said_who_they_are(model: TopModel, access: DirectAccess, qtbot: QtBot) -> None:
    store_life(access, small_life(), has_self=False)
    page = load(qtbot, model)
    assert not page.has_self
    assert page.newest_message_at is not None
    assert model.rowCount() == 0


def test_the_length_is_true_and_rows_come_when_they_are_looked_at(
    model: TopModel, access: DirectAccess, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    store_life(access, many_people(FIRST_ROWS + BLOCK_ROWS + 20))
    load(qtbot, model)
    last = model.rowCount() - 1
    assert last == FIRST_ROWS + BLOCK_ROWS + 19
    assert model.index(FIRST_ROWS - 1).data(ROW_ROLE) is not None
    with qtbot.waitSignal(model.dataChanged):
        assert model.index(last).data(ROW_ROLE) is None
    assert model.index(last).data().startswith("Person Number")
    assert model.index(last).data(ROW_ROLE).person_id == model.index(last).data(ID_ROLE)
    # The whole list is known by id, read or not.
    middle = FIRST_ROWS + 10
    assert model.position_of(model.index(middle).data(ID_ROLE)) == middle
    qtmodeltester.check(model)


def test_rows_in_view_come_along_with_a_list_read_again(
    model: TopModel, access: DirectAccess, qtbot: QtBot
) -> None:
    store_life(access, many_people(170))
    load(qtbot, model)
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    model.look_at(150, 160)
    with qtbot.waitSignals([model.dataChanged, model.loaded]):
        model.load(QUARTER)
    assert resets == []
    assert all(model.row_at(position) is not None for position in range(150, 160))
    # What was there before still shows, though it is read anew when it is looked at.
    with qtbot.waitSignal(model.dataChanged):
        assert model.row_at(0) is not None
    assert model.row_at(100) is None


def test_another_window_resets(model: TopModel, access: DirectAccess, qtbot: QtBot) -> None:
    store_life(access, small_life())
    load(qtbot, model)
    with qtbot.waitSignals([model.modelReset, model.loaded]):
        model.load(TopQuery("30d"))
    assert model.rowCount() == 3
    assert model.position_of(contact_id_of(access, ADA)) == 0
    assert model.position_of(-1) == -1


def test_narrowed_to_a_company_a_tag_a_type_and_freshness(
    model: TopModel, access: DirectAccess, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    ada = contact_id_of(access, ADA)
    company = Suggestion(EntityKind.COMPANY, company_of(access, ada), "Analytical Engines", "")
    page = load(qtbot, model, replace(QUARTER, company=company))
    assert names(model) == ["Ada Lovelace"]
    assert (page.everyone, page.people.bucket_counts) == (5, (1, 0, 0, 0, 0, 0))
    load(qtbot, model, replace(QUARTER, tag="Mathematics"))
    assert names(model) == ["Ada Lovelace"]
    page = load(qtbot, model, replace(QUARTER, buckets=frozenset({1, 2})))
    assert set(names(model)) == {"Grace Hopper", "山田 太郎"}
    assert page.people.bucket_counts == (1, 1, 1, 2, 0, 0)
    page = load(qtbot, model, replace(QUARTER, type_id="rt-knows"))
    assert page.relationship_type is not None
    assert page.relationship_type.name == "KNOWS"
    assert model.rowCount() == 5
    page = load(qtbot, model, replace(QUARTER, type_id="rt-works-with"))
    assert (model.rowCount(), page.everyone) == (0, 5)


def test_who_matters_to_somebody_else(model: TopModel, access: DirectAccess, qtbot: QtBot) -> None:
    store_life(access, small_life())
    ada, mira = contact_id_of(access, ADA), contact_id_of(access, SELF)
    load(qtbot, model)
    own = model.row_at(model.position_of(contact_id_of(access, GRACE)))
    asked = replace(QUARTER, centre=Suggestion(EntityKind.CONTACT, ada, "Ada", ""))
    page = load(qtbot, model, asked)
    assert page.query.centre == Suggestion(EntityKind.CONTACT, ada, "Ada Lovelace", "")
    assert {model.id_at(row) for row in range(model.rowCount())} == {
        mira,
        contact_id_of(access, GRACE),
    }
    hers = model.row_at(model.position_of(contact_id_of(access, GRACE)))
    assert own is not None
    assert hers is not None
    assert hers.score != own.score
    page = load(qtbot, model, replace(QUARTER, centre=Suggestion(EntityKind.CONTACT, mira, "", "")))
    assert page.query.centre is None


def test_what_is_gone_narrows_no_more(model: TopModel, access: DirectAccess, qtbot: QtBot) -> None:
    store_life(access, small_life())
    gone = TopQuery(
        "90d",
        centre=Suggestion(EntityKind.CONTACT, 999, "Nobody", ""),
        company=Suggestion(EntityKind.COMPANY, 999, "Nothing", ""),
        type_id="rt-gone",
    )
    assert load(qtbot, model, gone).query == QUARTER
    assert model.rowCount() == 5


def test_what_was_kept_is_meant_only_by_its_name(
    model: TopModel, access: DirectAccess, qtbot: QtBot
) -> None:
    store_life(access, small_life())
    ada = contact_id_of(access, ADA)
    company = company_of(access, ada)
    other = TopQuery(
        "90d",
        centre=Suggestion(EntityKind.CONTACT, ada, "Somebody of another database", ""),
        company=Suggestion(EntityKind.COMPANY, company, "Analytical Engines", ""),
    )
    page = load(qtbot, model, other, is_kept=True)
    assert page.query.centre is None
    assert page.query.company is not None
    assert load(qtbot, model, other).query.centre_id == ada
