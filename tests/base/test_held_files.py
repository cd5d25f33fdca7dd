"""The register of files that must not be opened a second time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crm_desktop.base.held_files import hold, is_held, release


def test_a_held_database_is_known_with_its_companions_and_under_other_names(tmp_path: Path):
    path = tmp_path / "people.sqlite"
    other = tmp_path / "other.sqlite"
    for file in (path, other):
        file.write_bytes(b"x")
    hold(path)
    try:
        (tmp_path / "people.sqlite-wal").write_bytes(b"x")
        (tmp_path / "link").symlink_to(path)
        os.link(tmp_path / "people.sqlite-wal", tmp_path / "hard")
        for name in ("people.sqlite", "people.sqlite-wal", "people.sqlite-shm", "link", "hard"):
            assert is_held(tmp_path / name), name
        assert is_held(tmp_path / "sub" / ".." / "people.sqlite-journal")
        assert not is_held(other)
        assert not is_held(tmp_path / "people.sqlite.bak")
        path.rename(tmp_path / "moved")
        assert is_held(tmp_path / "moved")
    finally:
        release(path)
    assert not is_held(tmp_path / "moved")


def test_a_file_held_twice_is_released_twice(tmp_path: Path):
    path = tmp_path / "people.sqlite"
    hold(path)
    hold(path)
    release(path)
    assert is_held(path)
    release(path)
    assert not is_held(path)
    release(path)
    assert not is_held(path)


@pytest.mark.parametrize("name", ["nowhere", "with\0null"])
def test_what_does_not_exist_is_not_held(tmp_path: Path, name: str):
    hold(tmp_path / "people.sqlite")
    try:
        assert not is_held(tmp_path / name)
    finally:
        release(tmp_path / "people.sqlite")
