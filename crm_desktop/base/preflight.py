"""Before Qt loads on Linux: which system libraries are missing and the line that installs them.

Qt itself ends the process with an abort that names plugins; people need the name of a package.
Standard library only.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Loader = Callable[[str], object]

OS_RELEASE = Path("/etc/os-release")


@dataclass(frozen=True, slots=True)
class Library:
    """A shared library and the packages that hold it."""

    soname: str
    debian: str
    fedora: str


# What QtGui itself is linked to, so even a window nobody sees needs it.
_EVERY_PLATFORM = (
    Library("libEGL.so.1", "libegl1", "libglvnd-egl"),
    Library("libGL.so.1", "libgl1", "libglvnd-glx"),
    Library("libX11.so.6", "libx11-6", "libX11"),
    Library("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
    Library("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    Library("libdbus-1.so.3", "libdbus-1-3", "dbus-libs"),
    Library("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
)
_PLATFORMS: Mapping[str, tuple[Library, ...]] = {
    "xcb": (
        Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
        Library("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
        Library("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
        Library("libxcb-image.so.0", "libxcb-image0", "xcb-util-image"),
        Library("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
        Library("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil"),
        Library("libxcb-shape.so.0", "libxcb-shape0", "libxcb"),
    ),
    "wayland": (
        Library("libwayland-client.so.0", "libwayland-client0", "libwayland-client"),
        Library("libwayland-cursor.so.0", "libwayland-cursor0", "libwayland-cursor"),
    ),
}

NO_SCREEN = (
    "There is no screen to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set. "
    "Start CRM Desktop in a desktop session, or use one of its commands (crm-desktop --help)."
)
SCREEN_REFUSES = (
    "The screen {display} does not answer or does not let us in. "
    "Start CRM Desktop in a desktop session, or use one of its commands (crm-desktop --help)."
)


def screen_answers() -> bool:
    """Whether the X server of `DISPLAY` lets us in. Where it does, the connection stays open as
    long as the process lives: a server without other clients starts anew when its last one goes,
    and Qt would find it closed."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    return bool(x11.XOpenDisplay(None))


def platforms(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The Qt platforms that may show the window, in the order Qt tries them; () without a screen.

    `QT_QPA_PLATFORM` decides where it is set, as for Qt.
    """
    asked = environment.get("QT_QPA_PLATFORM", "")
    if asked:
        return tuple(name.partition(":")[0] for name in asked.split(";"))
    found = []
    if environment.get("WAYLAND_DISPLAY"):
        found.append("wayland")
    if environment.get("DISPLAY"):
        found.append("xcb")
    return tuple(found)


def missing_libraries(
    wanted: tuple[str, ...], load: Loader = ctypes.CDLL, *, is_bundle: bool = False
) -> tuple[Library, ...]:
    """The libraries without which none of the platforms `wanted` can show a window.

    One platform that is complete is enough. A bundle brings its own platform libraries.
    """

    def missing(libraries: tuple[Library, ...]) -> tuple[Library, ...]:
        absent = []
        for library in libraries:
            try:
                load(library.soname)
            except OSError:
                absent.append(library)
        return tuple(absent)

    always = missing(_EVERY_PLATFORM)
    per_platform = [missing(_PLATFORMS.get(name, ())) for name in wanted]
    if is_bundle or not per_platform or not all(per_platform):
        return always
    return always + min(per_platform, key=len)


def install_line(libraries: tuple[Library, ...], os_release: str) -> str | None:
    """The command that installs `libraries` on the system that `os_release` describes, or None
    for one whose packages we do not know."""
    fields = dict(line.split("=", 1) for line in os_release.splitlines() if "=" in line)
    family = f"{fields.get('ID', '')} {fields.get('ID_LIKE', '')}".replace('"', "").split()
    if "debian" in family or "ubuntu" in family:
        return "sudo apt install " + " ".join(library.debian for library in libraries)
    if "fedora" in family or "rhel" in family:
        return "sudo dnf install " + " ".join(library.fedora for library in libraries)
    return None


def check(
    *,
    environment: Mapping[str, str] | None = None,
    load: Loader = ctypes.CDLL,
    screen_answers: Callable[[], bool] = screen_answers,
    os_release: Path = OS_RELEASE,
    system: str = sys.platform,
    is_bundle: bool | None = None,
) -> str | None:
    """What keeps a window from opening and what to do about it, in words; None if nothing does.

    Takes about a millisecond. Systems other than Linux bring what Qt needs.
    """
    if not system.startswith("linux"):
        return None
    environment = os.environ if environment is None else environment
    if is_bundle is None:
        is_bundle = hasattr(sys, "_MEIPASS")
    wanted = platforms(environment)
    if not wanted:
        return NO_SCREEN
    libraries = missing_libraries(wanted, load, is_bundle=is_bundle)
    if libraries:
        try:
            description = os_release.read_text(encoding="utf-8", errors="replace")
        except OSError:
            description = ""
        return _sentence(libraries, install_line(libraries, description))
    if wanted == ("xcb",) and not screen_answers():
        return SCREEN_REFUSES.format(display=environment.get("DISPLAY") or "(none)")
    return None


def _sentence(libraries: tuple[Library, ...], command: str | None) -> str:
    names = ", ".join(library.soname for library in libraries)
    what = "a system library is" if len(libraries) == 1 else "system libraries are"
    if command is None:
        how = "Install the packages that hold them with your system’s package manager."
    else:
        how = f"Install what is needed with:\n\n    {command}\n"
    return f"The window cannot open because {what} missing: {names}. {how}"
