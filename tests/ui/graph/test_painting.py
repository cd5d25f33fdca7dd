"""What is painted: lines, glow, dots and names, in numbers and pixels."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from crm_desktop.domain.graph import Graph, GraphNode
from crm_desktop.domain.relationships import EntityKind
from crm_desktop.ui.graph.atlas import LEVELS, DotAtlas, levels_of
from crm_desktop.ui.graph.camera import Camera, fitting
from crm_desktop.ui.graph.data import GraphData, GraphFilter, build_data
from crm_desktop.ui.graph.edges import LINES_PER_CHUNK, batch_lines, draw_batches
from crm_desktop.ui.graph.glow import Glow, glow_image, measure_glow
from crm_desktop.ui.graph.labels import MOST_LABELS, LabelCache, Occupancy
from crm_desktop.ui.graph.palette import Palette
from crm_desktop.ui.graph.stage import LARGEST_DOT_PX, SMALLEST_DOT_PX, dot_radius
from crm_desktop.ui.graph.view import MapView
from crm_desktop.ui.tokens import DARK, LIGHT
from tests.ui.graph.graphs import social_graph

PICTURE = (900, 600)


def _finish(steps: Generator[None, None, Glow | None]) -> Glow | None:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def _camera(data: GraphData) -> Camera:
    return fitting(data.bounds(np.ones(len(data.x), dtype=bool)), PICTURE)


def test_runs_cover_every_line_in_the_picture_once() -> None:
    data = build_data(social_graph(300))
    shown = data.filtered(GraphFilter())
    batches = batch_lines(data, shown, _camera(data), PICTURE, 1.0)
    assert len(batches.lines) == shown.edge_count
    ends = [0]
    for first, last, _colour, alpha in batches.runs:
        assert first == ends[-1]
        assert 0 < alpha < 1
        ends.append(last)
    assert ends[-1] == len(batches.lines)


def test_lines_outside_the_picture_are_left_out() -> None:
    data = build_data(social_graph(300))
    shown = data.filtered(GraphFilter())
    home = _camera(data)
    close = Camera(home.x, home.y, home.scale * 8)
    assert 0 < len(batch_lines(data, shown, close, PICTURE, 1.0).lines) < shown.edge_count
    away = Camera(home.x + 1e4, home.y, home.scale)
    assert batch_lines(data, shown, away, PICTURE, 1.0).runs == ()


def test_stronger_lines_are_drawn_at_least_as_opaque() -> None:
    graph = social_graph(60)
    edge = next(
        e
        for e in graph.edges
        if graph.nodes[e.source_index].community == graph.nodes[e.target_index].community
    )
    alphas = []
    for strength in (0.05, 0.3, 0.6, 1.0):
        data = build_data(Graph(graph.nodes, (replace(edge, strength=strength),)))
        batches = batch_lines(data, data.filtered(GraphFilter()), _camera(data), PICTURE, 1.0)
        alphas.append(batches.runs[0][3])
    assert alphas == sorted(alphas)
    assert alphas[0] < alphas[-1]


def test_drawing_stops_after_every_chunk(qapp: object) -> None:
    data = build_data(social_graph(900, 5000))
    batches = batch_lines(data, data.filtered(GraphFilter()), _camera(data), PICTURE, 1.0)
    image = QImage(*PICTURE, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.paper))
    painter = QPainter(image)
    painter.setClipRect(0, 0, *PICTURE)
    steps = sum(1 for _ in draw_batches(painter, batches, Palette(LIGHT)))
    painter.end()
    assert steps >= len(batches.lines) // (2 * LINES_PER_CHUNK)
    blank = QImage(*PICTURE, QImage.Format.Format_RGB32)
    blank.fill(QColor(LIGHT.paper))
    assert image != blank


def _crowd(count: int, community: int = 0) -> list[GraphNode]:
    random = np.random.default_rng(3)
    places = random.normal(0, 1.0, (count, 2))
    return [
        GraphNode(EntityKind.CONTACT, i, "Ada", float(x), float(y), 0.3, community)
        for i, (x, y) in enumerate(places)
    ]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_glow_lies_behind_a_crowd_and_not_behind_a_lone_member(theme: object) -> None:
    lone = GraphNode(EntityKind.CONTACT, 999, "Zoe", 40.0, 0.0, 0.3, 0)
    data = build_data(Graph((*_crowd(60), lone), ()))
    glow = _finish(measure_glow(data, data.filtered(GraphFilter())))
    assert glow is not None
    image = glow_image(glow, Palette(theme))

    def colour_at(x: float, y: float) -> QColor:
        column = (x - glow.area.x()) / glow.area.width() * image.width()
        row = (y - glow.area.y()) / glow.area.height() * image.height()
        return image.pixelColor(int(column), int(row))

    assert colour_at(0, 0) != QColor(theme.paper)
    assert colour_at(40, 0) == QColor(theme.paper)
    for corner in ((0, 0), (image.width() - 1, 0), (0, image.height() - 1)):
        assert image.pixelColor(*corner) == QColor(theme.paper)


def test_a_single_member_has_a_density_of_one() -> None:
    nodes = [*_crowd(30), GraphNode(EntityKind.CONTACT, 77, "Ben", 60.0, 0.0, 0.3, 1)]
    data = build_data(Graph(tuple(nodes), ()))
    glow = _finish(measure_glow(data, data.filtered(GraphFilter())))
    assert glow is not None
    assert glow.density[1].max() == pytest.approx(1.0, rel=0.02)


def test_without_communities_nothing_glows() -> None:
    data = build_data(Graph(tuple(_crowd(5, community=-1)), ()))
    assert _finish(measure_glow(data, data.filtered(GraphFilter()))) is None


def test_dots_grow_with_weight_and_stay_within_bounds() -> None:
    weight = np.linspace(0, 1, 20)
    for spacing_px in (0.5, 12.0, 45.0, 4000.0):
        radius = dot_radius(weight, spacing_px)
        assert (np.diff(radius) > 0).all()
        assert radius.min() >= SMALLEST_DOT_PX
        assert radius.max() <= LARGEST_DOT_PX


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_the_atlas_holds_each_colour_in_each_size(qapp: object, ratio: float) -> None:
    palette = Palette(LIGHT)
    atlas = DotAtlas(palette, ratio, with_companies=True)
    image = atlas.pixmap.toImage()
    level = np.array([LEVELS // 2, LEVELS - 1])
    for is_company in (False, True):
        for colour in range(len(palette.dots)):
            left, top, side = atlas.source(
                level, np.full(2, colour, dtype=np.int8), np.full(2, is_company)
            )
            for x, y, extent in zip(left, top, side, strict=True):
                middle = image.pixelColor(int(x + extent / 2), int(y + extent / 2))
                assert middle == palette.dots[colour]
                assert image.pixelColor(int(x), int(y)).alpha() == 0


def test_the_nearest_drawn_size_is_taken() -> None:
    assert levels_of(np.array([SMALLEST_DOT_PX, LARGEST_DOT_PX, 1e-3])).tolist() == [
        0,
        LEVELS - 1,
        0,
    ]


@pytest.mark.parametrize(
    "name", ["Ada", "Ada " * 60, "  ", "محمد بن علي", "山田太郎", "<b>Ada</b>\nKing"]
)
def test_any_name_becomes_a_label_of_bounded_width(qapp: object, name: str) -> None:
    label = LabelCache().get(name, 13, Palette(LIGHT), 2.0)
    assert label.width <= 195
    assert label.pixmap.devicePixelRatio() == 2.0


def test_labels_are_drawn_once(qapp: object) -> None:
    cache, palette = LabelCache(), Palette(LIGHT)
    assert cache.get("Ada", 13, palette, 1.0) is cache.get("Ada", 13, palette, 1.0)
    assert cache.made == 1
    cache.get("Ada", 15, palette, 1.0)
    assert cache.made == 2


def test_occupancy_refuses_what_is_taken_or_outside() -> None:
    occupancy = Occupancy((200, 100))
    assert occupancy.covered((20, 20, 60, 32)) == 0
    occupancy.take((20, 20, 60, 32))
    assert occupancy.covered((50, 25, 90, 37)) is None
    assert occupancy.covered((80, 60, 120, 72)) == 0
    assert occupancy.covered((-5, 60, 40, 72)) is None
    assert occupancy.covered((180, 60, 240, 72)) is None


def test_names_do_not_cover_each_other_and_the_weightiest_have_one(map_view: MapView) -> None:
    placed = map_view.labels.placed
    assert 10 <= len(placed) <= MOST_LABELS
    areas = [map_view.labels._area(label) for label in placed]
    for index, area in enumerate(areas):
        for other in areas[index + 1 :]:
            assert not area.intersects(other)
    named = {label.node for label in placed}
    data = map_view.stage.data
    assert data is not None
    assert data.self_index in named
    assert len(named & set(data.importance[:6].tolist())) >= 4


def test_names_can_be_hidden_but_for_oneself(map_view: MapView) -> None:
    map_view.set_label_density(0.0)
    data = map_view.stage.data
    assert data is not None
    assert [label.node for label in map_view.labels.placed] == [data.self_index]
    calm = len(map_view.labels.placed)
    map_view.set_label_density(2.5)
    assert len(map_view.labels.placed) > calm
