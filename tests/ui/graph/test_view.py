"""The map in a real widget: pointer, keys, filters, themes and resolutions."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.domain.graph import Graph
from crm_desktop.ui.graph.data import NEVER, GraphData, GraphFilter, build_data
from crm_desktop.ui.graph.view import MapView
from crm_desktop.ui.tokens import DARK, LIGHT
from tests.ui.graph.graphs import social_graph

LEFT = Qt.MouseButton.LeftButton


def _data(view: MapView) -> GraphData:
    assert view.stage.data is not None
    return view.stage.data


def _pixel(view: MapView, node: int) -> QPoint:
    frame = view.stage.frame()
    return QPoint(round(frame.px[node]), round(frame.py[node]))


def _clear_node(view: MapView) -> int:
    """Someone weighty with neighbours, in view, under no other dot."""
    for node in _data(view).importance[1:].tolist():
        at = _pixel(view, node)
        is_inside = view.viewport().rect().adjusted(60, 60, -60, -60).contains(at)
        few = 3 <= len(_data(view).neighbours(node, view.stage.shown)) <= 40
        if is_inside and few and view.node_at(QPointF(at)) == node:
            return int(node)
    raise AssertionError("nobody is clear of the others")


def _empty_pixel(view: MapView) -> QPoint:
    for x in range(20, view.width(), 12):
        for y in range(20, view.height(), 12):
            if view.node_at(QPointF(x, y)) == NEVER:
                return QPoint(x, y)
    raise AssertionError("the map is full")


def _picture(view: MapView) -> QImage:
    view.backdrop.finish()
    return view.grab().toImage()


def test_everybody_is_in_view_to_begin_with(map_view: MapView) -> None:
    data = _data(map_view)
    assert len(map_view.stage.frame().in_view) == len(data.x)
    picture = _picture(map_view)
    assert picture.pixelColor(2, 2) == QColor(LIGHT.paper)
    node = _clear_node(map_view)
    assert (
        picture.pixelColor(_pixel(map_view, node)) == map_view.stage.palette.dots[data.colour[node]]
    )


def test_hovering_lights_the_neighbours_and_shows_who_it_is(
    qtbot: QtBot, map_view: MapView
) -> None:
    node = _clear_node(map_view)
    data, stage = _data(map_view), map_view.stage
    qtbot.mouseMove(map_view.viewport(), _pixel(map_view, node))
    qtbot.waitUntil(lambda: stage.hovered == node)
    assert stage.lit is not None
    expected = {*data.neighbours(node, stage.shown).tolist(), node}
    assert set(np.flatnonzero(stage.lit).tolist()) == expected
    assert stage.dimming == 1.0
    assert map_view.card.isVisible()
    person = data.nodes[node]
    count = len(expected) - 1
    assert map_view.card.text == (
        person.name,
        person.organization,
        f"{count} connection{'s' * (count != 1)}",
    )
    assert map_view.viewport().rect().contains(map_view.card.geometry())
    qtbot.mouseMove(map_view.viewport(), _empty_pixel(map_view))
    qtbot.waitUntil(lambda: stage.hovered == NEVER)
    assert stage.dimming == 0.0
    assert stage.lit is None
    assert not map_view.card.isVisible()


def test_those_who_are_not_lit_fade(map_view: MapView) -> None:
    node = _clear_node(map_view)
    before = _picture(map_view)
    map_view.emphasis.hover(node)
    after = _picture(map_view)
    stage = map_view.stage
    assert stage.lit is not None
    others = [n for n in stage.frame().in_view.tolist() if not stage.lit[n]]
    paper = QColor(LIGHT.paper)

    def difference(colour: QColor) -> int:
        return sum(abs(a - b) for a, b in zip(colour.getRgb()[:3], paper.getRgb()[:3], strict=True))

    heavy = max(others, key=lambda n: stage.frame().radius[n])
    at = _pixel(map_view, heavy)
    assert difference(after.pixelColor(at)) < 0.5 * difference(before.pixelColor(at))
    own = _pixel(map_view, node)
    assert after.pixelColor(own) == before.pixelColor(own)


def test_a_click_selects_and_a_click_on_paper_lets_go(qtbot: QtBot, map_view: MapView) -> None:
    node = _clear_node(map_view)
    with qtbot.waitSignal(map_view.selected) as chosen:
        qtbot.mouseClick(map_view.viewport(), LEFT, pos=_pixel(map_view, node))
    assert chosen.args == [node]
    assert map_view.stage.selected == node
    assert _data(map_view).nodes[node].name in map_view.accessibleDescription()
    with qtbot.waitSignal(map_view.selected) as chosen:
        qtbot.mouseClick(map_view.viewport(), LEFT, pos=_empty_pixel(map_view))
    assert chosen.args == [NEVER]


def test_a_name_can_be_clicked_like_its_dot(qtbot: QtBot, map_view: MapView) -> None:
    label = map_view.labels.placed[0]
    middle = map_view.labels._area(label).center().toPoint()
    assert map_view.labels.at(middle.x(), middle.y()) == label.node


def test_dragging_pans_and_selects_nobody(qtbot: QtBot, map_view: MapView) -> None:
    node = _clear_node(map_view)
    start = _pixel(map_view, node)
    viewport = map_view.viewport()
    qtbot.mousePress(viewport, LEFT, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(viewport, start + QPoint(12 * step, 8 * step))
    qtbot.mouseRelease(viewport, LEFT, pos=start + QPoint(60, 40))
    assert _pixel(map_view, node) == start + QPoint(60, 40)
    assert map_view.stage.selected == NEVER


def _wheel(view: MapView, at: QPoint, notches: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def test_the_wheel_zooms_to_the_pointer(map_view: MapView) -> None:
    node = _clear_node(map_view)
    at = _pixel(map_view, node)
    before = map_view.stage.camera.scale
    _wheel(map_view, at, 2)
    assert map_view.stage.camera.scale == pytest.approx(before * 1.25**2)
    assert (_pixel(map_view, node) - at).manhattanLength() <= 2
    for _ in range(60):
        _wheel(map_view, at, 3)
    assert map_view.stage.frame().spacing_px < 1000
    for _ in range(60):
        _wheel(map_view, at, -3)
    assert map_view.stage.zoom == pytest.approx(0.5)


def test_zooming_moves_smoothly_where_motion_is_wanted(
    qtbot: QtBot, social_data: GraphData
) -> None:
    view = MapView(LIGHT, lambda ms: ms)
    qtbot.addWidget(view)
    view.resize(700, 500)
    with qtbot.waitExposed(view):
        view.show()
    view.set_data(social_data)
    qtbot.waitUntil(lambda: not view.mover.is_flying)
    start = view.stage.camera.scale
    seen = []
    view._box.sigRangeChanged.connect(lambda *_args: seen.append(view.stage.camera.scale))
    _wheel(view, QPoint(200, 200), 1)
    qtbot.waitUntil(lambda: not view.mover.is_flying, timeout=2000)
    assert view.stage.camera.scale == pytest.approx(start * 1.25)
    assert seen == sorted(seen)
    assert len(set(seen)) > 2


def test_a_double_click_centres_and_escape_leads_back(qtbot: QtBot, map_view: MapView) -> None:
    node = _clear_node(map_view)
    home = map_view.stage.camera
    at = _pixel(map_view, node)
    viewport = map_view.viewport()
    qtbot.mouseClick(viewport, LEFT, pos=at)
    qtbot.mouseDClick(viewport, LEFT, pos=at)
    data, stage = _data(map_view), map_view.stage
    assert map_view.emphasis.focused == node
    assert (stage.camera.x, stage.camera.y) == pytest.approx((data.x[node], data.y[node]))
    inside = viewport.rect()
    neighbours = data.neighbours(node, stage.shown).tolist()
    are_in_view = all(inside.contains(_pixel(map_view, each)) for each in neighbours)
    # Never smaller than the whole map, even where a neighbour lies at its far end.
    assert are_in_view or stage.zoom == pytest.approx(1.0)
    assert stage.lit is not None
    qtbot.keyClick(map_view, Qt.Key.Key_Escape)
    assert stage.camera == home
    assert map_view.emphasis.focused == NEVER
    assert stage.selected == node
    qtbot.keyClick(map_view, Qt.Key.Key_Escape)
    assert stage.selected == NEVER
    assert map_view.step_back() is False


def test_arrow_keys_walk_to_neighbours(qtbot: QtBot, map_view: MapView) -> None:
    chosen: list[int] = []
    map_view.selected.connect(chosen.append)
    qtbot.keyClick(map_view, Qt.Key.Key_Right)
    assert chosen == [int(_data(map_view).importance[0])]
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up) * 3:
        before, count = map_view.stage.selected, len(chosen)
        qtbot.keyClick(map_view, key)
        after = map_view.stage.selected
        if len(chosen) > count:
            assert after in _data(map_view).neighbours(before, map_view.stage.shown)
            dx = _data(map_view).x[after] - _data(map_view).x[before]
            dy = _data(map_view).y[after] - _data(map_view).y[before]
            along = {
                Qt.Key.Key_Right: dx,
                Qt.Key.Key_Left: -dx,
                Qt.Key.Key_Down: dy,
                Qt.Key.Key_Up: -dy,
            }
            assert along[key] > 0
    assert len(set(chosen)) > 2


def test_keys_zoom_fit_open_and_leave_the_rest_to_the_window(
    qtbot: QtBot, map_view: MapView
) -> None:
    home = map_view.stage.camera
    qtbot.keyClick(map_view, Qt.Key.Key_Plus)
    assert map_view.stage.camera.scale > home.scale
    qtbot.keyClick(map_view, Qt.Key.Key_Minus)
    assert map_view.stage.camera.scale == pytest.approx(home.scale)
    map_view.pan(300, 100)
    qtbot.keyClick(map_view, Qt.Key.Key_F)
    assert map_view.stage.camera == home
    map_view.select(_clear_node(map_view))
    with qtbot.waitSignal(map_view.opened):
        qtbot.keyClick(map_view, Qt.Key.Key_Return)
    with qtbot.assertNotEmitted(map_view.opened):
        qtbot.keyClick(map_view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_the_context_menu_is_for_whoever_is_there(qtbot: QtBot, map_view: MapView) -> None:
    node = _clear_node(map_view)
    at = _pixel(map_view, node)
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, at, map_view.viewport().mapToGlobal(at)
    )
    with qtbot.waitSignal(map_view.menu_requested) as asked:
        QApplication.sendEvent(map_view.viewport(), event)
    assert asked.args[0] == node
    empty = _empty_pixel(map_view)
    with qtbot.assertNotEmitted(map_view.menu_requested):
        map_view.contextMenuEvent(
            QContextMenuEvent(QContextMenuEvent.Reason.Mouse, empty, QPoint(0, 0))
        )


def test_a_selection_from_elsewhere_flies_there_and_tells_nobody(
    qtbot: QtBot, map_view: MapView
) -> None:
    map_view.pan(4000, 0)
    node = _clear_node_anywhere(map_view)
    with qtbot.assertNotEmitted(map_view.selected):
        map_view.select(node)
    assert map_view.stage.selected == node
    assert map_view.viewport().rect().contains(_pixel(map_view, node))


def _clear_node_anywhere(view: MapView) -> int:
    return int(_data(view).importance[5])


def test_a_filter_takes_people_from_the_map_and_the_pointer(map_view: MapView) -> None:
    node = _clear_node(map_view)
    data = _data(map_view)
    map_view.set_filter(GraphFilter(hidden_communities=frozenset({int(data.community[node])})))
    assert node not in map_view.stage.frame().in_view
    assert map_view.node_at(QPointF(_pixel(map_view, node))) != node
    map_view.backdrop.finish()
    map_view.set_filter(GraphFilter())
    assert map_view.node_at(QPointF(_pixel(map_view, node))) == node


def test_another_theme_repaints_everything(map_view: MapView) -> None:
    node = _clear_node(map_view)
    map_view.set_theme(DARK)
    picture = _picture(map_view)
    assert picture.pixelColor(2, 2) == QColor(DARK.paper)
    own = DARK.communities[_data(map_view).colour[node]]
    assert picture.pixelColor(_pixel(map_view, node)) == QColor(own)


def test_the_picture_is_drawn_again_when_the_camera_rests(qtbot: QtBot, map_view: MapView) -> None:
    first = map_view.backdrop.picture
    map_view.zoom_at(3.0, QPointF(500, 350))
    qtbot.waitUntil(lambda: map_view.backdrop.is_current, timeout=3000)
    assert map_view.backdrop.picture is not first
    second = map_view.backdrop.picture
    map_view.pan(30, 10)
    qtbot.waitUntil(lambda: map_view.backdrop.is_current, timeout=3000)
    assert map_view.backdrop.picture is second, "a short pan stays inside the picture"
    assert map_view.backdrop.overview is first


def test_a_resize_keeps_the_whole_map_in_view_until_the_camera_moved(
    qtbot: QtBot, map_view: MapView
) -> None:
    map_view.resize(640, 480)
    qtbot.waitUntil(lambda: map_view.stage.size == (640, 480))
    assert len(map_view.stage.frame().in_view) == len(_data(map_view).x)
    map_view.zoom_at(4.0, QPointF(100, 100))
    scale = map_view.stage.camera.scale
    map_view.resize(900, 600)
    qtbot.waitUntil(lambda: map_view.stage.size == (900, 600))
    assert map_view.stage.camera.scale == scale


def test_a_new_graph_keeps_selection_and_camera(map_view: MapView) -> None:
    node = _clear_node(map_view)
    person = _data(map_view).nodes[node]
    map_view.select(node)
    map_view.zoom_at(2.0, QPointF(300, 300))
    camera = map_view.stage.camera
    graph = social_graph(300, companies=4)
    nodes = (*graph.nodes[150:], *graph.nodes[:150])
    moved = build_data(Graph(nodes, ()))
    map_view.set_data(moved)
    assert moved.nodes[map_view.stage.selected].id == person.id
    assert map_view.stage.camera == camera
    map_view.set_data(build_data(Graph((), ())))
    assert map_view.stage.selected == NEVER
    assert map_view.node_at(QPointF(100, 100)) == NEVER
    map_view.walk(1, 0)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_handful_of_people_is_drawn_at_a_sensible_size(qtbot: QtBot, count: int) -> None:
    graph = social_graph(40)
    view = MapView(LIGHT, lambda _ms: 0)
    qtbot.addWidget(view)
    view.resize(800, 600)
    with qtbot.waitExposed(view):
        view.show()
    view.set_data(build_data(Graph(graph.nodes[:count], ())))
    frame = view.stage.frame()
    assert len(frame.in_view) == count
    assert frame.radius.max() < 27
    view.backdrop.finish()
    view.grab()


def test_at_200_per_cent_all_is_drawn_with_twice_the_pixels(
    map_view: MapView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_view, "devicePixelRatioF", lambda: 2.0)
    map_view._take_size(map_view.viewport().size())
    map_view.backdrop.finish()
    picture = map_view.backdrop.picture
    assert picture is not None
    assert picture.ratio == 2.0
    assert picture.image.width() == round(1000 * 1.25 * 2)
    assert map_view._nodes.atlas().ratio == 2.0
    assert {label.label.pixmap.devicePixelRatio() for label in map_view.labels.placed} == {2.0}
    image = QImage(2000, 1400, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(2.0)
    QWidget.render(map_view, image, QPoint())
    node = _clear_node(map_view)
    middle = _pixel(map_view, node) * 2
    own = map_view.stage.palette.dots[_data(map_view).colour[node]]
    assert image.pixelColor(middle) == own
