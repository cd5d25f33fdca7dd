"""The camera's arithmetic."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.ui.graph.camera import Camera, fitting

SIZE = (800.0, 600.0)
coordinates = st.floats(-1e3, 1e3)
scales = st.floats(0.01, 1e3)
cameras = st.builds(Camera, coordinates, coordinates, scales)
pixels = st.tuples(st.floats(0, 800), st.floats(0, 600))


@given(cameras, pixels)
def test_a_pixel_leads_to_a_place_and_back(camera: Camera, at: tuple[float, float]) -> None:
    there = camera.to_layout(*at, SIZE)
    assert camera.to_screen(*there, SIZE) == pytest.approx(at, abs=1e-4)


@given(cameras, pixels, st.floats(0.2, 5.0), st.floats(0.0, 1.0))
def test_zooming_holds_still_under_the_pointer_all_the_way(
    camera: Camera, at: tuple[float, float], factor: float, part: float
) -> None:
    place = camera.to_layout(*at, SIZE)
    goal = camera.zoomed(factor, at, SIZE)
    between = camera.towards(goal, part)
    assert goal.scale == pytest.approx(camera.scale * factor)
    assert between.to_screen(*place, SIZE) == pytest.approx(at, abs=0.05)


def test_dragging_moves_the_map_with_the_hand() -> None:
    camera = Camera(3.0, 4.0, 10.0)
    x, y = camera.to_screen(1.0, 1.0, SIZE)
    assert camera.moved(25, -40).to_screen(1.0, 1.0, SIZE) == pytest.approx((x + 25, y - 40))


def test_a_flight_between_equal_scales_is_a_straight_line() -> None:
    half = Camera(0, 0, 2).towards(Camera(10, -6, 2), 0.5)
    assert (half.x, half.y, half.scale) == (5, -3, 2)
    assert Camera(0, 0, 2).towards(Camera(10, -6, 8), 1.0) == Camera(10, -6, 8)


def test_fitting_shows_everything_with_a_margin() -> None:
    camera = fitting((-10, -2, 30, 6), SIZE, margin_px=(50, 50))
    left, top = camera.to_screen(-10, -2, SIZE)
    right, bottom = camera.to_screen(30, 6, SIZE)
    assert left == pytest.approx(50)
    assert right == pytest.approx(750)
    assert top >= 50
    assert bottom <= 550


def test_fitting_a_single_place_does_not_come_closer_than_allowed() -> None:
    assert fitting((1, 1, 1, 1), SIZE, max_scale=40).scale == 40
