"""Shapes that lists and widgets share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from crm_desktop.ui.theme import DARK, LIGHT, Theme, font
from crm_desktop.ui.widgets.avatar import photo_pixmap
from crm_desktop.ui.widgets.painting import (
    avatar_colours,
    paint_avatar,
    paint_bar,
    paint_sparkline,
    paint_text,
    smooth_path,
    spark_points,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("qapp")
SIZE = 64
RECT = QRectF(0, 0, SIZE, SIZE)


def picture(paint: Callable[[QPainter], object]) -> QImage:
    image = QImage(SIZE, SIZE, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return image


def share_of(image: QImage, colour: str) -> float:
    hits = sum(image.pixelColor(x, y).name() == colour for x in range(SIZE) for y in range(SIZE))
    return hits / SIZE**2


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_an_avatar_keeps_its_colour(theme: Theme) -> None:
    assert avatar_colours(theme, 7) == avatar_colours(theme, 7)
    assert avatar_colours(theme, 7) != avatar_colours(theme, 8)
    image = picture(lambda p: paint_avatar(p, RECT, theme, 7, "Ada Lovelace", font()))
    assert share_of(image, theme.community(7)) > 0.4


def test_letters_stay_inside_the_circle() -> None:
    image = picture(lambda p: paint_avatar(p, RECT, LIGHT, 7, "山田 太郎", font()))
    outside = [image.pixelColor(x, 2).name() for x in (1, SIZE - 2)]
    assert outside == ["#ffffff", "#ffffff"]


def test_a_photo_fills_the_circle() -> None:
    photo = QImage(40, 20, QImage.Format.Format_RGB32)
    photo.fill(Qt.GlobalColor.red)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    photo.save(buffer, "PNG")
    pixmap = photo_pixmap(buffer.data().data(), SIZE)
    assert pixmap is not None
    image = picture(lambda p: paint_avatar(p, RECT, LIGHT, 7, "Ada", font(), pixmap))
    assert share_of(image, "#ff0000") > 0.7
    assert image.pixelColor(0, 0).name() == "#ffffff"


@pytest.mark.parametrize("data", [None, b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_picture_is_no_photo(data: bytes | None) -> None:
    assert photo_pixmap(data, SIZE) is None


@pytest.mark.parametrize(("share", "least", "most"), [(0, 0, 0), (0.5, 0.4, 0.6), (7, 0.9, 1)])
def test_a_bar_is_filled_to_its_share(share: float, least: float, most: float) -> None:
    rect = QRectF(0, SIZE / 2 - 2, SIZE, 4)
    image = picture(lambda p: paint_bar(p, rect, share, "#000000", "#ffffff"))
    filled = sum(image.pixelColor(x, SIZE // 2).name() == "#000000" for x in range(SIZE)) / SIZE
    assert least <= filled <= most


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60))
def test_a_curve_never_leaves_its_frame(values: list[int]) -> None:
    rect = QRectF(10, 10, 200, 40)
    bounds = smooth_path(spark_points(values, rect)).boundingRect()
    assert bounds.top() >= rect.top() - 0.01
    assert bounds.bottom() <= rect.bottom() + 0.01
    assert bounds.right() <= rect.right() + 0.01


def test_points_reach_from_edge_to_edge() -> None:
    points = spark_points([0, 5, 10], QRectF(0, 0, 100, 50))
    assert points == [QPointF(0, 50), QPointF(50, 25), QPointF(100, 0)]
    assert spark_points([], RECT) == []


@pytest.mark.parametrize("values", [(), (0, 0, 0), (3,), (1, 9, 0, 4)])
def test_sparklines_of_any_length_paint(values: tuple[int, ...]) -> None:
    image = picture(lambda p: paint_sparkline(p, RECT, values, "#3553cf", "#e3dfd6"))
    assert not image.isNull()


def test_long_text_is_cut_to_its_place() -> None:
    widths: list[float] = []
    picture(
        lambda p: widths.append(
            paint_text(p, RECT, "A name\nthat is far too long", font(), "#000000")
        )
    )
    assert widths[0] <= SIZE
