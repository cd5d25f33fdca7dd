"""The graph page with real lanes and the real navigator; the graph itself is planted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QListView, QSlider, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.graph import Graph
from crm_desktop.ui.graph.data import NEVER, GraphData, build_data
from crm_desktop.ui.graph.people import NODE_ROLE
from crm_desktop.ui.tokens import DARK
from crm_desktop.ui.views import graph_page
from crm_desktop.ui.views.graph_page import GraphPage
from tests.ui.graph.graphs import SELF, social_graph
from tests.ui.page_sample import window_context

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.model.database import Database
    from crm_desktop.services.access import Access
    from crm_desktop.workers.lanes import Lanes


class Source:
    """Stands in for the service: what is read, and how often."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.reads = 0

    def load(self, _access: Access, _ctx: JobContext) -> GraphData:
        self.reads += 1
        return build_data(self.graph)


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Source:
    made = Source(social_graph(200, companies=3))
    monkeypatch.setattr(graph_page, "load_graph", made.load)
    return made


@pytest.fixture
def page(qtbot: QtBot, lanes: Lanes, database: Database, source: Source) -> GraphPage:
    """The page, not yet shown."""
    host = QWidget()
    qtbot.addWidget(host)
    context = window_context(database, lanes, host)
    context.theme.set_reduced_motion(True)
    made = GraphPage(context)
    qtbot.addWidget(made)
    made.resize(1000, 640)
    return made


def _show(qtbot: QtBot, page: GraphPage) -> GraphData:
    with qtbot.waitExposed(page):
        page.show()
    qtbot.waitUntil(lambda: page.view.stage.data is not None)
    data = page.view.stage.data
    assert data is not None
    return data


def test_a_skeleton_stands_until_the_graph_is_there(qtbot: QtBot, page: GraphPage) -> None:
    assert page._stack.currentWidget() is page._skeleton
    assert not page.finder.isEnabled()
    data = _show(qtbot, page)
    assert page._stack.currentWidget() is page._map
    assert page.finder.isEnabled()
    assert page.facts.full_text() == f"200 people · 3 companies · {len(data.source)} relationships"


def test_nobody_yet_is_one_sentence_and_one_button(
    qtbot: QtBot, page: GraphPage, source: Source
) -> None:
    source.graph = Graph((), ())
    with qtbot.waitExposed(page):
        page.show()
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.empty)
    assert page.empty.title() == ("No relationships yet")
    button = page.empty.findChild(QAbstractButton)
    assert button is not None
    with qtbot.waitSignal(page.context.navigate.run_action) as asked:
        button.click()
    assert asked.args == ["import-mail"]


def test_a_failure_is_told_and_leaves_the_page_usable(
    qtbot: QtBot, page: GraphPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[BaseException] = []

    def fail(_access: Access, _ctx: JobContext) -> GraphData:
        raise OSError("no")

    monkeypatch.setattr(graph_page, "load_graph", fail)
    monkeypatch.setattr(page.context.messages, "error", told.append)
    with qtbot.waitExposed(page):
        page.show()
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], OSError)


def test_selecting_on_the_map_moves_card_and_list(qtbot: QtBot, page: GraphPage) -> None:
    data = _show(qtbot, page)
    page.list_button.click()
    person = int(data.importance[0])
    frame = page.view.stage.frame()
    at = QPoint(round(frame.px[person]), round(frame.py[person]))
    with qtbot.waitSignal(page.context.navigate.select_contact) as told:
        qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told.args == [data.nodes[page.view.stage.selected].id]
    assert page.list.currentIndex().data(NODE_ROLE) == page.view.stage.selected
    company = int(data.is_company.argmax())
    with qtbot.waitSignal(page.context.navigate.show_company) as told:
        page._choose(company)
    assert told.args == [data.nodes[company].id]


def test_selecting_in_the_list_moves_the_map(qtbot: QtBot, page: GraphPage) -> None:
    data = _show(qtbot, page)
    page.list_button.click()
    assert page.list.isVisible()
    page.list.setFocus()
    with qtbot.waitSignal(page.context.navigate.select_contact) as told:
        qtbot.keyClick(page.list, Qt.Key.Key_Down)
    node = page.view.stage.selected
    assert told.args == [data.nodes[node].id]
    with qtbot.waitSignal(page.context.navigate.show_contact) as told:
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert told.args == [data.nodes[node].id]


def test_the_list_is_sorted_by_weight_and_readable(qtbot: QtBot, page: GraphPage) -> None:
    data = _show(qtbot, page)
    model = page.model
    assert model.rowCount() == 203
    nodes = [model.index(row, 0).data(NODE_ROLE) for row in range(model.rowCount())]
    weights = [data.weight[node] for node in nodes]
    assert weights == sorted(weights, reverse=True)
    assert model.index(0, 0).data() == f"{SELF} (you)"
    read_out = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    count = len(data.neighbours(0, page.view.stage.shown))
    assert read_out == f"{SELF}, Circle 0 Ltd, {count} connections"


def test_a_selection_from_elsewhere_is_followed_without_an_echo(
    qtbot: QtBot, page: GraphPage
) -> None:
    data = _show(qtbot, page)
    node = int(data.importance[3])
    told: list[int] = []
    page.context.navigate.select_contact.connect(told.append)
    page.context.navigate.select_contact.emit(data.nodes[node].id)
    assert page.view.stage.selected == node
    assert told == [data.nodes[node].id]
    page.context.navigate.select_contact.emit(987_654)
    assert page.view.stage.selected == NEVER


def test_a_request_to_show_someone_waits_for_the_graph(qtbot: QtBot, page: GraphPage) -> None:
    contact_id = 42
    page.show_contact(contact_id)
    data = _show(qtbot, page)
    assert data.nodes[page.view.stage.selected].id == contact_id
    assert page.view.emphasis.focused == page.view.stage.selected


def test_someone_who_is_not_on_the_map_is_said_so(
    qtbot: QtBot, page: GraphPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    _show(qtbot, page)
    told: list[str] = []
    monkeypatch.setattr(page.context.messages, "toast", told.append)
    page.show_contact(987_654)
    assert len(told) == 1
    assert "not on the map" in told[0]


def test_someone_filtered_away_is_shown_again_on_request(qtbot: QtBot, page: GraphPage) -> None:
    data = _show(qtbot, page)
    node = next(n for n in data.importance[1:].tolist() if data.community[n] == 1)
    box = page.canvas.filters._circles[int(data.community[node])]
    box.setChecked(False)
    assert not page.view.stage.shown.nodes[node]
    page.show_contact(data.nodes[node].id)
    assert page.view.stage.selected == node
    assert box.isChecked()


def test_the_filters_move_map_list_and_facts(qtbot: QtBot, page: GraphPage) -> None:
    data = _show(qtbot, page)
    page.filter_button.click()
    filters = page.canvas.filters
    assert filters.isVisible()
    assert page.canvas.rect().contains(filters.geometry())
    filters.strength.setValue(40)
    assert page.view.stage.shown.edge_count == int((data.strength >= 0.4).sum())
    assert page.model.rowCount() == page.view.stage.shown.node_count < 203
    assert f"{page.view.stage.shown.edge_count} relationships" in page.facts.full_text()
    filters.companies.setChecked(False)
    assert not (page.view.stage.shown.nodes & data.is_company).any()
    filters._types["KNOWS"].setChecked(False)
    knows = next(i for i, kind in enumerate(data.kinds) if kind.name == "KNOWS")
    assert not (data.edge_kind[page.view.stage.shown.edges] == knows).any()
    filters.reset_button.click()
    assert page.model.rowCount() == 203
    filters.names._buttons["none"].click()
    assert len(page.view.labels.placed) == 1


def test_a_hidden_type_stays_hidden_when_the_graph_is_read_again(
    qtbot: QtBot, page: GraphPage, source: Source
) -> None:
    _show(qtbot, page)
    page.canvas.filters._types["KNOWS"].setChecked(False)
    shown = page.view.stage.shown.edge_count
    page.context.bus.publish(Changes.of(ChangeKind.RELATIONSHIPS))
    qtbot.waitUntil(lambda: source.reads == 2)
    qtbot.waitUntil(lambda: page._latest.current is None)
    assert page.view.stage.shown.edge_count == shown


def test_changes_are_followed_when_seen_and_remembered_when_not(
    qtbot: QtBot, page: GraphPage, source: Source
) -> None:
    _show(qtbot, page)
    page.hide()
    page.context.bus.publish(Changes.of(ChangeKind.RELATIONSHIPS))
    page.context.bus.publish(Changes.of(ChangeKind.MESSAGES))
    assert page.is_stale
    assert source.reads == 1
    page.show()
    qtbot.waitUntil(lambda: source.reads == 2)


def test_slash_leads_to_the_finder_and_enter_to_the_person(qtbot: QtBot, page: GraphPage) -> None:
    data = _show(qtbot, page)
    page.activateWindow()
    page.view.setFocus()
    qtbot.waitUntil(page.view.hasFocus)
    qtbot.keyClick(page.view, "/")
    qtbot.waitUntil(page.finder.hasFocus)
    assert page.finder.text() == ""
    node = int(data.importance[7])
    page.finder.setText(data.nodes[node].name.upper())
    qtbot.keyClick(page.finder, Qt.Key.Key_Return)
    assert data.nodes[page.view.stage.selected].name == data.nodes[node].name
    assert page.view.hasFocus()
    page.finder.setFocus()
    qtbot.keyClick(page.finder, Qt.Key.Key_Escape)
    assert page.finder.text() == ""
    qtbot.keyClick(page.finder, Qt.Key.Key_Escape)
    assert page.view.hasFocus()


def test_tools_zoom_and_fit(qtbot: QtBot, page: GraphPage) -> None:
    _show(qtbot, page)
    home = page.view.stage.camera
    page.canvas.zoom_in.click()
    assert page.view.stage.camera.scale > home.scale
    page.canvas.fit.click()
    assert page.view.stage.camera == home
    page.canvas.zoom_out.click()
    assert page.view.stage.camera.scale < home.scale


def test_the_menu_opens_centres_and_copies(qtbot: QtBot, page: GraphPage) -> None:
    data = _show(qtbot, page)
    node = int(data.importance[4])
    opens, centres, copies = page.menu_of(node).actions()
    with qtbot.waitSignal(page.context.navigate.show_contact) as told:
        opens.trigger()
    assert told.args == [data.nodes[node].id]
    centres.trigger()
    assert page.view.emphasis.focused == node
    copies.trigger()
    assert QGuiApplication.clipboard().text() == data.nodes[node].name


def test_the_theme_is_followed_live(qtbot: QtBot, page: GraphPage) -> None:
    _show(qtbot, page)
    page.context.theme.set_appearance("dark")
    page.view.backdrop.finish()
    picture = page.view.grab().toImage()
    assert picture.pixelColor(2, 2) == QColor(DARK.paper)


def test_every_control_has_a_name_and_is_reached_by_keys(qtbot: QtBot, page: GraphPage) -> None:
    _show(qtbot, page)
    page.filter_button.click()
    page.list_button.click()
    controls = [
        widget
        for kind in (QAbstractButton, QLineEdit, QListView, QSlider)
        for widget in page.findChildren(kind)
        if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert len(controls) > 8
    for control in (*controls, page.view):
        assert control.accessibleName(), control
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control
    assert "relationships" in page.view.accessibleDescription()


def test_the_page_fits_the_smallest_window(qtbot: QtBot, page: GraphPage) -> None:
    page.list_button.setChecked(True)
    _show(qtbot, page)
    assert page.minimumSizeHint().width() <= 560


def test_escape_without_anything_to_undo_goes_on_to_the_window(
    qtbot: QtBot, page: GraphPage
) -> None:
    _show(qtbot, page)
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(page.view, event)
    assert not event.isAccepted()
