"""From process start to the first paint of our window, against an empty PySide6 QMainWindow.

Both in processes of their own, in turn, so that whatever else the machine does meets both.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from crm_desktop.base import preflight
from tests.benchmarks import Figure, show

ROUNDS = 9
MAX_RATIO = 2.5
ROOT = Path(__file__).resolve().parents[2]

_REPORT = """
import os, time
def report():
    print(time.monotonic_ns(), flush=True)
    os._exit(0)
"""

EMPTY = (
    _REPORT
    + """
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, report)
        return False
application = QApplication([])
window = QMainWindow()
window.resize(1280, 800)
first = FirstPaint(window)
window.installEventFilter(first)
window.show()
application.exec()
"""
)

OURS = (
    _REPORT
    + """
import gc, sys
from crm_desktop.__main__ import main
gc.disable()  # as main does before it imports the application
from crm_desktop import app
app.Desktop.settle_in = lambda desktop: report()
sys.exit(main(["--db", sys.argv[1]]))
"""
)


def first_paint_ms(script: str, database: Path, environment: dict[str, str]) -> float:
    """Milliseconds from before the process is started to its first paint."""
    begun_at_ns = time.monotonic_ns()
    result = subprocess.run(
        [sys.executable, "-c", script, str(database)],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    return (int(result.stdout) - begun_at_ns) / 1e6


def measure(platform: str, rounds: int = ROUNDS) -> tuple[float, float]:
    """Median milliseconds of (empty window, our window) on a Qt platform."""
    if platform == "xcb":
        # A server that nobody else uses must not start anew between two windows.
        assert preflight.screen_answers()
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "QT_QPA_PLATFORM": platform,
            "XDG_DATA_HOME": folder,
            "XDG_CONFIG_HOME": folder,
            "XDG_STATE_HOME": folder,
            # An installed program is compiled; a checkout may not be allowed to be.
            "PYTHONPYCACHEPREFIX": folder,
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        database = Path(folder, "people.sqlite")
        for script in (EMPTY, OURS):  # compiles
            first_paint_ms(script, database, environment)
        pairs = [
            (
                first_paint_ms(EMPTY, database, environment),
                first_paint_ms(OURS, database, environment),
            )
            for _ in range(rounds)
        ]
    return (
        statistics.median(empty for empty, _ours in pairs),
        statistics.median(ours for _empty, ours in pairs),
    )


def main() -> None:
    """Measure offscreen and, where there is an X11 display, on it."""
    figures = []
    for platform in ("offscreen", *(["xcb"] if os.environ.get("DISPLAY") else [])):
        empty, ours = measure(platform)
        figures += [
            Figure(f"{platform}: empty window", empty, "ms"),
            Figure(f"{platform}: our window", ours, "ms"),
            Figure(f"{platform}: ratio", ours / empty, "x", MAX_RATIO),
        ]
    show(figures)


if __name__ == "__main__":
    main()
