"""Folders that are full or cannot be written to, for real: also for root, whom permission bits
do not stop."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _mount(*arguments: str) -> str | None:
    """Why `mount` with these arguments did not work, or None."""
    tool = shutil.which("mount")
    if sys.platform != "linux" or tool is None:
        return "there is no Linux mount here"
    done = subprocess.run([tool, *arguments], capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else done.stderr.strip() or f"exit {done.returncode}"


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", str(folder)], capture_output=True, check=True)


@contextmanager
def small_disk(folder: Path, size_kb: int) -> Iterator[Path]:
    """`folder` as a disk of its own with this much room."""
    folder.mkdir(exist_ok=True)
    problem = _mount("-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", str(folder))
    if problem is not None:
        pytest.skip(f"NOT TESTED: a full disk. A small disk could not be mounted: {problem}")
    try:
        yield folder
    finally:
        _unmount(folder)


@contextmanager
def read_only(folder: Path) -> Iterator[Path]:
    """`folder`, into which nobody can write: by its permissions, for root by a mount."""
    if os.name != "posix":
        pytest.skip("NOT TESTED: a read-only folder. This system has no permission bits for it")
    if os.geteuid() != 0:
        folder.chmod(0o500)
        try:
            yield folder
        finally:
            folder.chmod(0o700)
        return
    problem = _mount("--bind", str(folder), str(folder))
    if problem is not None:
        pytest.skip(f"NOT TESTED: a read-only folder. It could not be mounted: {problem}")
    try:
        problem = _mount("-o", "remount,ro,bind", str(folder))
        assert problem is None, problem
        yield folder
    finally:
        _unmount(folder)
