"""The database files that this process has open, which nothing else in it may open and close.

On POSIX, closing any descriptor of a file drops every lock the process has on it: SQLite would
lose its own without a word, and another process could write into the middle of a transaction.
Nothing here opens a file. Safe to call from any thread.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from pathlib import Path

_SUFFIXES = ("", "-wal", "-shm", "-journal")

_Identity = tuple[int, int]

_lock = threading.Lock()
_holds: Counter[str] = Counter()
_identities: dict[str, set[_Identity]] = {}


def hold(path: Path) -> None:
    """Count the database at `path`, with the files SQLite keeps beside it, as open."""
    name = _resolved(path)
    with _lock:
        _holds[name] += 1
        _identities.setdefault(name, set()).update(_present(name))


def release(path: Path) -> None:
    """Take one `hold` of `path` back; what is not held is left alone."""
    name = _resolved(path)
    with _lock:
        if _holds[name] > 1:
            _holds[name] -= 1
            return
        del _holds[name]
        _identities.pop(name, None)


def is_held(path: Path) -> bool:
    """Whether `path` is a file of an open database, under this or any other name."""
    with _lock:
        if not _holds:
            return False
        names = {held + suffix for held in _holds for suffix in _SUFFIXES}
        known = set().union(*_identities.values())
        # The log and its index may have come since, and under another number.
        known.update(*(_present(held) for held in _holds))
    if _identity(os.fspath(path)) in known:
        return True
    tail = os.path.normcase(os.path.basename(path))
    return any(os.path.basename(name) == tail for name in names) and _resolved(path) in names


def _resolved(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def _identity(name: str) -> _Identity | None:
    try:
        status = os.stat(name)
    except (OSError, ValueError):
        return None
    return (status.st_dev, status.st_ino) if status.st_ino else None


def _present(held: str) -> set[_Identity]:
    found = (_identity(held + suffix) for suffix in _SUFFIXES)
    return {identity for identity in found if identity is not None}
