from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from crm_desktop.ui.memory import RECENT_LIMIT, WindowMemory


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "window.ini"


def test_what_is_kept_is_there_next_time(path: Path) -> None:
    memory = WindowMemory(path)
    memory.keep("page", "people")
    memory.keep("inspector", True)
    memory.keep("width", 360)
    memory.keep("geometry", QByteArray(b"\x00\xff,;="))
    memory.save()
    again = WindowMemory(path)
    assert again.text("page") == "people"
    assert again.flag("inspector")
    assert again.number("width", 0) == 360
    assert again.bytes("geometry") == QByteArray(b"\x00\xff,;=")


def test_nonsense_reads_as_not_set(path: Path) -> None:
    path.write_text("[General]\nwidth=wide\ninspector=perhaps\ngeometry=a, b\npage=a, b\n")
    memory = WindowMemory(path)
    assert memory.number("width", 7) == 7
    assert memory.flag("inspector", True)
    assert memory.bytes("geometry").isEmpty()
    assert memory.text("page", "today") == "today"


def test_the_file_is_private(path: Path) -> None:
    memory = WindowMemory(path)
    memory.keep("page", "people")
    memory.save()
    # Windows has no mode bits.
    assert sys.platform == "win32" or stat.S_IMODE(path.stat().st_mode) == 0o600


def test_recent_databases_are_latest_first_and_exist(path: Path, tmp_path: Path) -> None:
    memory = WindowMemory(path)
    files = [tmp_path / f"{number}.sqlite" for number in range(RECENT_LIMIT + 2)]
    for file in files:
        file.touch()
        memory.add_recent_database(file)
    memory.add_recent_database(files[-2])
    recent = WindowMemory(path).recent_databases()
    assert recent[:2] == (files[-2], files[-1])
    assert len(recent) == RECENT_LIMIT
    files[-1].unlink()
    assert files[-1] not in memory.recent_databases()
