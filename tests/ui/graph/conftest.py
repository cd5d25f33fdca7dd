"""A map of 300 people in a window of 1,000 × 700, with motion reduced."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.ui.graph.data import GraphData, build_data
from crm_desktop.ui.graph.view import MapView
from crm_desktop.ui.tokens import LIGHT
from tests.ui.graph.graphs import social_graph


@pytest.fixture(scope="session")
def social_data() -> GraphData:
    """A graph of 300 people and four companies."""
    return build_data(social_graph(300, companies=4))


@pytest.fixture
def map_view(qtbot: QtBot, social_data: GraphData) -> MapView:
    """The map, drawn to the end."""
    view = MapView(LIGHT, lambda _ms: 0)
    qtbot.addWidget(view)
    view.resize(1000, 700)
    with qtbot.waitExposed(view):
        view.show()
    view.set_data(social_data)
    qtbot.waitUntil(lambda: view.backdrop.is_current and not view.labels.is_incomplete)
    return view
