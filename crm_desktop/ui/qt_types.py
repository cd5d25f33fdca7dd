"""Making Qt's Python types before lanes import modules that use them.

PySide6 makes a class when it is first asked for, and two threads that ask at once crash the
process (WORKAROUND PySide6 6.11: 4 of 60 runs in which two threads walk through its modules die).
Pages are imported on a lane; so the GUI thread makes every type first, a few at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from importlib import import_module

from PySide6.QtCore import QObject, QTimer, Signal, Slot

MODULES = ("QtCore", "QtGui", "QtWidgets", "QtSvg", "QtTest", "QtOpenGL", "QtOpenGLWidgets")
"""Ours and pyqtgraph's."""
SLICE_S = 0.004


def make_types() -> Iterator[None]:
    """Make one type after the other, as the iterator is advanced; about 50 ms in all."""
    for name in MODULES:
        try:
            module = import_module(f"PySide6.{name}")
        except ImportError:
            # A bundle may leave out what only pyqtgraph would use, which then does without.
            continue
        yield
        for type_name in dir(module):
            getattr(module, type_name)
            yield


class QtTypes(QObject):
    """Makes every type in slices between the events of the GUI thread. One per process.

    Signals:
        ready(): lanes may import anything from now on.
    """

    ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.are_ready = False
        self._work = make_types()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._make_some)

    @Slot()
    def start(self) -> None:
        """Begin, unless that is done."""
        if not self.are_ready:
            self._timer.start()

    def when_ready(self, function: Callable[[], object]) -> None:
        """Call `function` once the types are made: now, if they are."""
        if self.are_ready:
            function()
        else:
            self.ready.connect(function)

    @Slot()
    def _make_some(self) -> None:
        until = time.monotonic() + SLICE_S
        for _made in self._work:
            if time.monotonic() >= until:
                return
        self._timer.stop()
        self.are_ready = True
        self.ready.emit()
