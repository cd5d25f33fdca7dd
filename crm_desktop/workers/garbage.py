"""Collecting garbage on the GUI thread only, in pieces too short to notice.

Python collects on whichever thread happens to allocate, and stops every thread meanwhile. On a
lane that would end widgets on the wrong thread; and a collection of everything, with the libraries
loaded, stops the window for 100 ms.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Slot

TICK_MS = 100
YOUNG_OBJECTS = 2_000
"""Fewer than this are not worth a look."""
TOO_MANY_OBJECTS = 30_000
"""More than this take longer to look through than a person should wait (about 15 ms)."""
IDLE_S = 5.0
FULL_EVERY_S = 60.0


class GarbageCollector(QObject):
    """Replaces the automatic collection as long as it runs. One per process, on the GUI thread.

    Young objects are looked through ten times a second; where there are too many for that, they
    are put by. Old ones, and what was put by, are looked through when `is_busy` has said no for
    IDLE_S, except what is there the first time: libraries, which stay. `clock` is monotonic, in
    seconds.
    """

    def __init__(
        self,
        is_busy: Callable[[], bool],
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._is_busy = is_busy
        self._clock = clock
        self._has_put_by = False
        self._has_settled = False
        self._busy_at = self._full_at = clock()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        """Take over from the automatic collection."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Give back to the automatic collection."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    @Slot()
    def tick(self) -> None:
        """Do what is due."""
        now = self._clock()
        if self._is_busy():
            self._busy_at = now
        young = gc.get_count()[0]
        if young > TOO_MANY_OBJECTS:
            gc.freeze()
            self._has_put_by = True
        elif young > YOUNG_OBJECTS:
            gc.collect(0)
        if now - self._busy_at < IDLE_S:
            return
        if not self._has_settled:
            self._has_settled = True
            self._has_put_by = False
            gc.freeze()
        elif self._has_put_by or now - self._full_at >= FULL_EVERY_S:
            self._collect_all(now)

    def _collect_all(self, now: float) -> None:
        if self._has_put_by:
            gc.unfreeze()
        gc.collect()
        if self._has_put_by:
            gc.freeze()
        self._has_put_by = False
        self._full_at = now
