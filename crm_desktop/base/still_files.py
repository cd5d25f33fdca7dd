"""Reading another program's SQLite database as it is now, without leaving a trace beside it.

SQLite itself would create a log and its index next to the file, fold a log into it, or need to
write into the folder. Where nothing is waiting beside the file it can be opened as immutable. Where
a log or a journal is, the files are copied together and the copy is opened, in which SQLite then
does its repairs. Nothing here waits for locks: what changes while it is copied is copied again.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crm_desktop.base import held_files
from crm_desktop.base.errors import UserError
from crm_desktop.base.paths import create_private_file

MAGIC: Final = b"SQLite format 3\x00"
WAITING_FILES: Final = ("-wal", "-journal")
_HEAD_BYTES: Final = 100
_ATTEMPTS: Final = 8
_NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}

_Stamp = tuple[tuple[int, int, int, bytes] | None, ...]


def is_sqlite(path: Path) -> bool:
    """Whether a file begins like an unencrypted SQLite database. Raises OSError."""
    _refuse_held(path)
    with path.open("rb") as stream:
        return stream.read(len(MAGIC)) == MAGIC


@dataclass(frozen=True, slots=True)
class StillFile:
    """A database to be opened at `path` with `options` (SQLite's URI parameters)."""

    original: Path
    path: Path
    options: str
    _stamp: _Stamp

    @property
    def is_copy(self) -> bool:
        """Whether `path` is a private copy, in which SQLite may do what it needs to."""
        return self.path != self.original

    def check(self) -> None:
        """Raise UserError when what is read is not certain to be whole any more."""
        if not self.is_copy and _stamp(self.original) != self._stamp:
            raise changed(self.original)

    def hide(self) -> None:
        """Take the name of an opened copy away, where that is possible: a process that is killed
        then leaves nothing behind. Its log must have been folded into it."""
        if self.is_copy and sys.platform != "win32":
            shutil.rmtree(self.path.parent, ignore_errors=True)


def _refuse_held(path: Path) -> None:
    if held_files.is_held(path):
        raise UserError(f"“{path.name}” is the open database itself. Choose another file.")


def changed(path: Path) -> UserError:
    """The error for a database that another program keeps writing to."""
    return UserError(
        f"“{path.name}” is being changed by another program. Close it there and try again."
    )


@contextmanager
def still(path: Path) -> Iterator[StillFile]:
    """The database at `path` as it is now, its log included; the file itself is only read.

    Raises OSError when it cannot be read, UserError when it keeps changing or when there is no
    room for a copy.
    """
    _refuse_held(path)
    stamp = _stamp(path)
    if stamp[0] is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    if not any(stamp[1:]):
        yield StillFile(path, path, "mode=ro&immutable=1", stamp)
        return
    folder = Path(tempfile.mkdtemp(prefix="crm-desktop-"))
    try:
        copy = folder / "copy.db"
        yield StillFile(path, copy, "mode=rw", _copied(path, copy))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copied(path: Path, copy: Path) -> _Stamp:
    for _ in range(_ATTEMPTS):
        before = _stamp(path)
        try:
            for suffix, known in zip(("", *WAITING_FILES), before, strict=True):
                target = copy.with_name(copy.name + suffix)
                target.unlink(missing_ok=True)
                if known is not None:
                    create_private_file(target)
                    shutil.copyfile(f"{path}{suffix}", target)
        except FileNotFoundError:
            continue  # a log that was folded in at this moment
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            raise UserError(
                f"There is no room for a temporary copy of “{path.name}” in "
                f"“{copy.parent.parent}”. Free some space and try again."
            ) from error
        if _stamp(path) == before and before[0] is not None:
            return before
    raise changed(path)


def _stamp(path: Path) -> _Stamp:
    """What tells that a file or what waits beside it has changed; None for what is not there."""
    return tuple(_state(f"{path}{suffix}", bool(suffix)) for suffix in ("", *WAITING_FILES))


def _state(name: str, may_be_empty: bool) -> tuple[int, int, int, bytes] | None:
    try:
        status = os.stat(name)
        if may_be_empty and status.st_size == 0:
            return None
        with open(name, "rb") as stream:
            return status.st_size, status.st_mtime_ns, status.st_ino, stream.read(_HEAD_BYTES)
    except FileNotFoundError:
        return None
