"""The program's own trial: does the window open here, with everything it needs, and how fast?

For bundles and packages, whose missing parts only show when something asks for them.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import traceback
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from crm_desktop import __version__
from crm_desktop.app import Desktop, make_application
from crm_desktop.ui.pages import PAGES

EXIT_FAULT = 70
LIMIT_MS = 60_000
STEP_MS = 20


def selftest(*, entered_at_ns: int) -> int:
    """Open the window on a new database in a folder of its own, visit every page, and leave.

    Prints JSON with `first_paint_ms` and `ready_ms` since the process began (where the system does
    not say when that was, since the entry at `entered_at_ns`, monotonic). The exit code is 70 when
    anything at all failed.
    """
    begun_at_ns = min(entered_at_ns, _process_began_at_ns() or entered_at_ns)
    with tempfile.TemporaryDirectory(prefix="crm-desktop-selftest-") as folder:
        for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"):
            os.environ[variable] = folder
        application = make_application()
        desktop = Desktop(application)
        desktop.ended.connect(application.quit)
        test = SelfTest(desktop, begun_at_ns)
        test.start(Path(folder, "selftest.sqlite"))
        application.exec()
        desktop.end()
    print(json.dumps(test.report))
    return EXIT_FAULT if test.has_failed else 0


class SelfTest(QObject):
    """Drives a window as `selftest` says; any exception on the way is a failure."""

    def __init__(self, desktop: Desktop, begun_at_ns: int) -> None:
        super().__init__(desktop)
        self._desktop = desktop
        self._begun_at_ns = begun_at_ns
        self._pages = [page.name for page in PAGES]
        self.report: dict[str, float | str] = {"version": __version__}
        self.has_failed = False
        sys.excepthook = lambda _kind, error, _traceback: self._fail(error)
        QTimer.singleShot(LIMIT_MS, self, self._give_up)

    def start(self, path: Path) -> None:
        """Open the window."""
        self._desktop.painted.connect(partial(self._note, "first_paint_ms"))
        session = self._desktop.open(path)
        session.failed.connect(self._fail)
        session.lanes.unhandled.connect(lambda _handle, error: self._fail(error))
        session.opened.connect(partial(self._note, "ready_ms"))
        session.opened.connect(self._visit_next)

    def _note(self, name: str) -> None:
        self.report[name] = round((time.monotonic_ns() - self._begun_at_ns) / 1e6, 1)

    @Slot()
    def _visit_next(self) -> None:
        if not self._pages:
            self._desktop.close()
            return
        window, name = self._desktop.session.window, self._pages[0]
        window.pages.show_page(name)
        if window.pages.widget_of(name) is not None:
            del self._pages[0]
        QTimer.singleShot(STEP_MS, self, self._visit_next)

    def _give_up(self) -> None:
        self._fail(TimeoutError(f"not through after {LIMIT_MS} ms"))

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        # The frames are gone once the signal is delivered.
        traceback.print_exception(error)
        self.has_failed = True
        self._pages.clear()
        self._desktop.close()


def _process_began_at_ns() -> int | None:
    """When this process began on the monotonic clock, to 10 ms; None where that is not known."""
    try:
        fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks_per_s = os.sysconf("SC_CLK_TCK")
        age_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME) - int(fields[19]) * 10**9 // ticks_per_s
    except (OSError, AttributeError, ValueError):
        return None
    return time.monotonic_ns() - age_ns
