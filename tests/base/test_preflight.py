"""The preflight names exactly what is missing and the line that installs it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from crm_desktop.base import preflight

DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n'
UBUNTU_LIKE = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n'
FEDORA = "ID=fedora\nVERSION_ID=42\n"
ROCKY = 'ID="rocky"\nID_LIKE="rhel centos fedora"\n'
ARCH = "ID=arch\n"
X11 = {"DISPLAY": ":0"}
WAYLAND = {"WAYLAND_DISPLAY": "wayland-0"}


def lacking(*sonames: str):
    """A loader on a system where only `sonames` are missing."""

    def load(soname: str) -> object:
        if soname in sonames:
            raise OSError(f"{soname}: cannot open shared object file")
        return object()

    return load


@pytest.fixture
def check(tmp_path: Path):
    def run(environment, load, os_release=DEBIAN, **more):
        file = tmp_path / "os-release"
        file.write_text(os_release)
        more = {"screen_answers": lambda: True, "system": "linux", "is_bundle": False} | more
        return preflight.check(environment=environment, load=load, os_release=file, **more)

    return run


def test_nothing_missing_is_nothing_said(check):
    assert check(X11, lacking()) is None


def test_the_missing_library_and_the_exact_line_are_named(check):
    text = check(X11, lacking("libxcb-cursor.so.0"))
    assert "libxcb-cursor.so.0." in text
    assert "    sudo apt install libxcb-cursor0\n" in text


@pytest.mark.parametrize(
    ("os_release", "line"),
    [
        (DEBIAN, "sudo apt install libegl1 libxcb-icccm4"),
        (UBUNTU_LIKE, "sudo apt install libegl1 libxcb-icccm4"),
        (FEDORA, "sudo dnf install libglvnd-egl xcb-util-wm"),
        (ROCKY, "sudo dnf install libglvnd-egl xcb-util-wm"),
    ],
)
def test_each_family_gets_its_own_line(check, os_release, line):
    text = check(X11, lacking("libEGL.so.1", "libxcb-icccm.so.4"), os_release)
    assert f"    {line}\n" in text


def test_an_unknown_system_gets_the_names(check):
    text = check(X11, lacking("libEGL.so.1"), ARCH)
    assert "libEGL.so.1" in text
    assert "sudo" not in text


def test_a_missing_description_of_the_system_is_an_unknown_system(tmp_path):
    text = preflight.check(
        environment=X11,
        load=lacking("libEGL.so.1"),
        os_release=tmp_path / "none",
        system="linux",
        is_bundle=False,
    )
    assert "libEGL.so.1" in text


def test_x11_libraries_matter_only_on_x11(check):
    load = lacking("libxcb-cursor.so.0")
    assert check({"QT_QPA_PLATFORM": "offscreen"}, load) is None
    assert check({"QT_QPA_PLATFORM": "offscreen:size=800x600"}, load) is None
    assert check({"QT_QPA_PLATFORM": "wayland", **X11}, load) is None
    assert check(WAYLAND, load) is None
    assert "libxcb-cursor0" in check({"QT_QPA_PLATFORM": "xcb", **X11}, load)


def test_one_complete_platform_is_enough(check):
    both = WAYLAND | X11
    assert check(both, lacking("libxcb-cursor.so.0", "libxcb-shape.so.0")) is None
    assert check(both, lacking("libwayland-cursor.so.0")) is None
    text = check(both, lacking("libwayland-cursor.so.0", "libxcb-cursor.so.0", "libxcb-shape.so.0"))
    assert "libwayland-cursor0" in text
    assert "libxcb" not in text


def test_even_an_unseen_window_needs_what_qt_is_linked_to(check):
    assert "libegl1" in check({"QT_QPA_PLATFORM": "offscreen"}, lacking("libEGL.so.1"))


def test_a_bundle_brings_its_own_platform_libraries(check):
    load = lacking("libxcb-cursor.so.0", "libEGL.so.1")
    text = check(X11, load, is_bundle=True)
    assert "libegl1" in text
    assert "xcb" not in text


def test_without_a_screen_one_sentence_says_so(check):
    assert check({}, lacking()) == preflight.NO_SCREEN
    assert check({"DISPLAY": ""}, lacking()) == preflight.NO_SCREEN


def test_a_screen_that_does_not_answer_is_named(check):
    text = check({"DISPLAY": ":77"}, lacking(), screen_answers=lambda: False)
    assert ":77" in text
    assert check(WAYLAND | X11, lacking(), screen_answers=lambda: False) is None


def test_other_systems_bring_what_qt_needs(check):
    assert check({}, lacking("libEGL.so.1"), system="darwin") is None
    assert check({}, lacking("libEGL.so.1"), system="win32") is None


def test_it_takes_no_time():
    best_s = min(_timed() for _ in range(5))
    assert best_s < 0.05


def _timed() -> float:
    begun = time.perf_counter()
    preflight.check(environment={"QT_QPA_PLATFORM": "xcb"}, screen_answers=lambda: True)
    return time.perf_counter() - begun
