from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.ui.style import restyle, style_sheet
from crm_desktop.ui.theme import Appearance, ThemeManager, font, palette
from crm_desktop.ui.tokens import DARK, LIGHT, Theme


@pytest.fixture
def manager(qapp: QApplication) -> Iterator[ThemeManager]:
    before = qapp.style().objectName(), qapp.palette(), qapp.styleSheet(), qapp.font()
    made = ThemeManager(Appearance.LIGHT)
    yield made
    made.set_appearance(Appearance.SYSTEM)
    qapp.setStyle(before[0])
    qapp.setPalette(before[1])
    qapp.setStyleSheet(before[2])
    qapp.setFont(before[3])


def test_applies_style_palette_and_sheet(qapp: QApplication, manager: ThemeManager) -> None:
    manager.apply(qapp)
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == LIGHT.paper
    assert LIGHT.hairline in qapp.styleSheet()
    assert qapp.font().pixelSize() == 13


def test_changes_live(qtbot: QtBot, qapp: QApplication, manager: ThemeManager) -> None:
    manager.apply(qapp)
    with qtbot.waitSignals([manager.changed, manager.preferences_changed]):
        manager.set_appearance("dark")
    assert manager.current is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.paper
    with qtbot.assertNotEmitted(manager.changed):
        manager.set_appearance(Appearance.DARK)


def test_follows_the_system_only_when_asked_to(
    qtbot: QtBot, qapp: QApplication, manager: ThemeManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.apply(qapp)
    manager.set_appearance(Appearance.SYSTEM)
    hints = QGuiApplication.styleHints()
    seen = {"scheme": Qt.ColorScheme.Dark}

    class Hints:
        def colorScheme(self) -> Qt.ColorScheme:
            return seen["scheme"]

        def unsetColorScheme(self) -> None:
            return None

        def setColorScheme(self, _scheme: Qt.ColorScheme) -> None:
            return None

    monkeypatch.setattr(QGuiApplication, "styleHints", staticmethod(Hints))
    with qtbot.waitSignal(manager.changed):
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert manager.current is DARK
    manager.set_appearance(Appearance.LIGHT)
    with qtbot.assertNotEmitted(manager.changed):
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    seen["scheme"] = Qt.ColorScheme.Unknown
    assert ThemeManager(Appearance.SYSTEM).current is LIGHT


def test_an_unknown_appearance_is_refused(manager: ThemeManager) -> None:
    with pytest.raises(ValueError, match="sepia"):
        manager.set_appearance("sepia")


def test_reduced_motion_stops_every_movement(qtbot: QtBot, manager: ThemeManager) -> None:
    assert 0 < manager.motion_ms() <= 200
    assert manager.motion_ms(5000) == 200
    with qtbot.waitSignal(manager.preferences_changed):
        manager.set_reduced_motion(True)
    assert manager.motion_ms() == 0
    assert manager.wants_reduced_motion


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_sheet_is_complete_and_names_no_foreign_colour(theme: Theme) -> None:
    sheet = style_sheet(theme)
    assert "$" not in sheet
    known = {getattr(theme, name) for name in theme.__slots__ if name not in ("is_dark",)}
    words = sheet.replace(";", " ").replace("{", " ").split()
    assert {
        word
        for word in words
        if word.startswith("#")
        and len(word) == 7
        and word[1:].isalnum()
        and any(c.isdigit() for c in word)
    } <= known


def test_a_disabled_text_is_paler_than_an_enabled_one() -> None:
    made = palette(DARK)
    disabled = made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled.name() == DARK.outline


def test_restyle_follows_a_property(
    qtbot: QtBot, qapp: QApplication, manager: ThemeManager
) -> None:
    manager.apply(qapp)
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    widget.resize(4, 4)
    widget.setProperty("role", "surface")
    restyle(widget)
    assert widget.grab().toImage().pixelColor(1, 1).name() == LIGHT.surface


def test_fonts_have_tabular_figures(qapp: QApplication) -> None:
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(font(15, 600))
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000")
    assert font(15, 600).pixelSize() == 15
