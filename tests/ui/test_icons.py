from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QIcon
from pytestqt.qtbot import QtBot

from crm_desktop.base.paths import resource
from crm_desktop.ui.actions import all_actions
from crm_desktop.ui.icons import SIZES, app_pixmap, icon, icon_pixmap
from crm_desktop.ui.pages import PAGES

NAMES = sorted(path.stem for path in Path(resource("icons")).glob("*.svg"))


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_draws_something_inside_its_frame(qtbot: QtBot, name: str) -> None:
    image = icon_pixmap(name, "#3553cf", 48).toImage()
    inked = [
        (x, y) for x in range(48) for y in range(48) if QColor(image.pixelColor(x, y)).alpha() > 40
    ]
    assert len(inked) > 30
    if name != "crm-desktop":
        assert min(min(x, y) for x, y in inked) >= 1


def test_an_icon_takes_the_colour_asked_for(qtbot: QtBot) -> None:
    image = icon_pixmap("stop", "#ff0000", 64).toImage()
    solid = {
        image.pixelColor(x, y).name()
        for x in range(64)
        for y in range(64)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert solid == {"#ff0000"}


def test_an_icon_is_lit_where_its_control_is_on(qtbot: QtBot) -> None:
    drawn = icon("today", "#000000", "#ff0000")
    off = drawn.pixmap(20, 20, QIcon.Mode.Normal, QIcon.State.Off).toImage()
    lit = drawn.pixmap(20, 20, QIcon.Mode.Normal, QIcon.State.On).toImage()
    assert off != lit


def test_an_icon_is_crisp_on_dense_screens(qtbot: QtBot) -> None:
    ratio = QGuiApplication.primaryScreen().devicePixelRatio()
    available = {size.width() for size in icon("search", "#000000").availableSizes()}
    assert {round(size * ratio) for size in SIZES} <= available
    assert app_pixmap(72, 2.0).width() == 144


def test_every_icon_that_is_named_exists() -> None:
    named = {action.icon for action in all_actions()} | {page.icon for page in PAGES}
    assert named <= set(NAMES)


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon", "#000000")
