"""The look in force: which set of colours, the palette and the style sheet made from it.

Tokens live in `ui.tokens`, the sheet in `ui.style`, the icons in `ui.icons`; this module brings
them to the application and follows the system's light and dark.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from crm_desktop.base.paths import resource
from crm_desktop.ui.icons import icon
from crm_desktop.ui.style import style_sheet
from crm_desktop.ui.tokens import (
    BODY,
    CAPTION,
    DARK,
    DISPLAY,
    LEAD,
    LIGHT,
    MOTION_MS,
    TITLE,
    Theme,
)

__all__ = [
    "BODY",
    "CAPTION",
    "DARK",
    "DISPLAY",
    "LEAD",
    "LIGHT",
    "TITLE",
    "Appearance",
    "Theme",
    "ThemeManager",
    "font",
    "icon",
    "palette",
]

FAMILY = "Inter"
WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")


class Appearance(StrEnum):
    """What the person chose in Settings."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@lru_cache(maxsize=1)
def _family() -> str:
    """Inter, which ships with the program, or else the system's own interface font."""
    try:
        files = [resource("fonts", f"Inter-{weight}.otf") for weight in WEIGHTS]
    except FileNotFoundError:
        files = []
    if files and all(QFontDatabase.addApplicationFont(str(file)) >= 0 for file in files):
        return FAMILY
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()


def font(size: int = BODY, weight: int | QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The interface font at `size` pixels (see the five sizes in tokens), with tabular figures."""
    made = QFont(_family())
    made.setPixelSize(size)
    made.setWeight(QFont.Weight(weight))
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


class ThemeManager(QObject):
    """Holds the theme in force and applies it to the application.

    Signals:
        changed: the colours are others now; views that paint or hold icons fetch them again.
        preferences_changed: the person chose another appearance, or more or less motion.
    """

    changed = Signal()
    preferences_changed = Signal()

    def __init__(
        self, appearance: Appearance | str = Appearance.SYSTEM, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = Appearance(appearance)
        self._application: QApplication | None = None
        self._reduce_motion = False
        self.current: Theme = self._wanted()

    @property
    def appearance(self) -> Appearance:
        """What was chosen: system, light or dark."""
        return self._appearance

    def set_appearance(self, appearance: Appearance | str) -> None:
        """Follow the system, or stay light or dark whatever the system does."""
        if self._appearance is Appearance(appearance):
            return
        self._appearance = Appearance(appearance)
        if self._application is not None:
            self._tell_native_frames()
        self._refresh()
        self.preferences_changed.emit()

    @property
    def motion_is_reduced(self) -> bool:
        """Whether nothing may move: chosen in Settings, or animations are off in the system.

        Only Windows tells Qt; elsewhere the same flag is off on every plain desktop.
        """
        is_off = sys.platform == "win32" and not QApplication.isEffectEnabled(
            Qt.UIEffect.UI_General
        )
        return self._reduce_motion or is_off

    def set_reduced_motion(self, is_reduced: bool) -> None:
        """Stop all movement, or leave it to the system."""
        if self._reduce_motion != is_reduced:
            self._reduce_motion = is_reduced
            self.preferences_changed.emit()

    @property
    def wants_reduced_motion(self) -> bool:
        """What was chosen in Settings, whatever the system says."""
        return self._reduce_motion

    def motion_ms(self, duration_ms: int = MOTION_MS) -> int:
        """`duration_ms`, at most 200, or 0 where motion is reduced."""
        return 0 if self.motion_is_reduced else min(duration_ms, 200)

    def apply(self, application: QApplication) -> None:
        """Give the application its style, font and colours, and follow the system from now on."""
        first = self._application is None
        self._application = application
        if first:
            application.setStyle("Fusion")
            application.setFont(font())
            QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)
            self._tell_native_frames()
            self.current = self._wanted()
        application.setPalette(palette(self.current))
        application.setStyleSheet(style_sheet(self.current))

    def icon(self, name: str, role: str = "muted", active_role: str = "accent") -> QIcon:
        """The icon `name` in the current theme's colour of `role` (a field of Theme), and of
        `active_role` where its control is on or selected."""
        return icon(name, getattr(self.current, role), getattr(self.current, active_role))

    def _tell_native_frames(self) -> None:
        # Window frames and native dialogs follow where the platform can; where it cannot this does
        # nothing at all, which is why the colours never depend on it.
        hints = QGuiApplication.styleHints()
        if self._appearance is Appearance.SYSTEM:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(
                Qt.ColorScheme.Dark if self._appearance is Appearance.DARK else Qt.ColorScheme.Light
            )

    def _wanted(self) -> Theme:
        if self._appearance is Appearance.SYSTEM:
            hints = QGuiApplication.styleHints()
            is_dark = hints is not None and hints.colorScheme() is Qt.ColorScheme.Dark
        else:
            is_dark = self._appearance is Appearance.DARK
        return DARK if is_dark else LIGHT

    @Slot()
    def _on_system_changed(self) -> None:
        self._refresh()

    def _refresh(self) -> None:
        wanted = self._wanted()
        if wanted is self.current:
            return
        self.current = wanted
        if self._application is not None:
            self.apply(self._application)
        self.changed.emit()


def palette(theme: Theme) -> QPalette:
    """The Qt palette of `theme`, for everything that the style sheet does not reach."""
    roles = QPalette.ColorRole
    colours = {
        roles.Window: theme.paper,
        roles.WindowText: theme.text,
        roles.Base: theme.paper,
        roles.AlternateBase: theme.surface,
        roles.Text: theme.text,
        roles.PlaceholderText: theme.muted,
        roles.Button: theme.raised,
        roles.ButtonText: theme.text,
        roles.BrightText: theme.danger,
        roles.ToolTipBase: theme.raised,
        roles.ToolTipText: theme.text,
        roles.Highlight: theme.accent_soft,
        roles.HighlightedText: theme.text,
        roles.Accent: theme.accent,
        roles.Link: theme.accent,
        roles.LinkVisited: theme.accent,
        roles.Light: theme.raised,
        roles.Midlight: theme.hover,
        roles.Mid: theme.hairline,
        roles.Dark: theme.outline,
        roles.Shadow: theme.outline,
    }
    made = QPalette()
    for role, colour in colours.items():
        made.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.outline))
    return made
