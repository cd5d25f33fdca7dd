"""What a job is given: a cancel token and one call that is both progress and cancel point."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from crm_desktop.base.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `done` of `total` units (0 when unknown), and what it is doing."""

    done: int
    total: int
    label: str = ""


class CancelToken:
    """A flag that any thread may set once and any thread may read. True when cancelled."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the holder to stop at its next checkpoint."""
        self._event.set()

    def __bool__(self) -> bool:
        return self._event.is_set()

    def raise_if_set(self) -> None:
        """Raise Cancelled when the token is set."""
        if self._event.is_set():
            raise Cancelled


def _ignore(_progress: Progress) -> None:
    return None


class JobContext:
    """The context of a running job; used by one thread at a time.

    `sink` receives Progress on the job's own thread. `clock` is monotonic, in seconds.
    """

    PERIOD_S = 0.1

    def __init__(
        self,
        sink: Callable[[Progress], None] = _ignore,
        token: CancelToken | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        # Not `or`: a token that is not set is false.
        self.token = CancelToken() if token is None else token
        self._sink = sink
        self._clock = clock
        self._last = float("-inf")

    def tick(self, done: int, total: int = 0, label: str = "") -> None:
        """Checkpoint: raise Cancelled if asked, else report at most ten times a second.

        The end (`done == total > 0`) is always reported.
        """
        self.token.raise_if_set()
        now = self._clock()
        finished = total > 0 and done >= total
        if not finished and now - self._last < self.PERIOD_S:
            return
        self._last = now
        self._sink(Progress(done, total, label))
