"""How long the window leaves a 10 ms timer waiting while it imports 10,000 messages.

The real window with the real import job, its refresh jobs and the views that follow, in a process
of its own. A gap is the time between two ticks of the timer, which are due every 10 ms.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from crm_desktop.base import preflight
from tests.benchmarks import Figure, show
from tests.mail_samples import correspondence, write_mbox

if TYPE_CHECKING:
    from crm_desktop.app import Desktop

MESSAGES = 10_000
ROUNDS = 3
PEOPLE = 120
TICK_MS = 10
MAX_GAP_MS = 50.0
QUIET_TICKS = 50
ROOT = Path(__file__).resolve().parents[2]


class Gaps:
    """Collects the times between ticks, apart for each phase of the work."""

    def __init__(self) -> None:
        self.phase = "import"
        self.imported = 0
        self.by_phase: dict[str, list[float]] = {}
        self._last_ns = time.monotonic_ns()

    def tick(self) -> None:
        """Note the time since the tick before."""
        now_ns = time.monotonic_ns()
        self.by_phase.setdefault(self.phase, []).append((now_ns - self._last_ns) / 1e6)
        self._last_ns = now_ns

    def report(self) -> dict[str, dict[str, float]]:
        """Greatest gap, 99th percentile and number of ticks of each phase."""
        return {
            phase: {
                "max_ms": max(gaps),
                "p99_ms": sorted(gaps)[int(len(gaps) * 0.99)],
                "ticks": len(gaps),
            }
            for phase, gaps in self.by_phase.items()
        }


def watch(desktop: Desktop, source: Path) -> Gaps:
    """Import `source` in the window and watch the timer until all that follows is done."""
    from PySide6.QtCore import Qt, QTimer

    session, gaps = desktop.session, Gaps()
    quiet = 0

    def tick() -> None:
        nonlocal quiet
        gaps.tick()
        if any(lane.handles() for lane in session.lanes.all()):
            quiet = 0
        else:
            quiet += 1
        if quiet > QUIET_TICKS:
            timer.stop()
            desktop.close()

    def begin() -> None:
        session.window.start_import([source])
        (handle,) = session.lanes.importing.handles()
        handle.succeeded.connect(lambda report: setattr(gaps, "imported", report.imported))
        handle.finished.connect(lambda: setattr(gaps, "phase", "refresh"))
        gaps.tick()
        gaps.by_phase.clear()
        timer.start()

    timer = QTimer(desktop)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(TICK_MS)
    timer.timeout.connect(tick)
    # Once the pages of the empty window stand.
    session.opened.connect(lambda: QTimer.singleShot(1000, desktop, begin))
    return gaps


def child(folder: Path, source: Path) -> None:
    """The measured process: prints the report as JSON."""
    from crm_desktop import app

    sys.setswitchinterval(app.SWITCH_INTERVAL_S)
    application = app.make_application()
    desktop = app.Desktop(application)
    desktop.painted.connect(desktop.settle_in)
    desktop.ended.connect(application.quit)
    desktop.open(folder / "people.sqlite")
    gaps = watch(desktop, source)
    application.exec()
    assert gaps.imported, "the import failed"
    print(json.dumps(gaps.report()))


def measure(
    platform: str, messages: int = MESSAGES, rounds: int = ROUNDS
) -> dict[str, dict[str, float]]:
    """The report of importing `messages` on a Qt platform: of each number the median of `rounds`,
    since other programs stop ours as well."""
    if platform == "xcb":
        assert preflight.screen_answers()
    with tempfile.TemporaryDirectory() as compiled:
        _import_once(platform, 200, compiled)  # compiles, as an installed program is
        reports = [_import_once(platform, messages, compiled) for _ in range(rounds)]
    return {
        phase: {key: statistics.median(report[phase][key] for report in reports) for key in values}
        for phase, values in reports[0].items()
    }


def _import_once(platform: str, messages: int, compiled: str) -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = write_mbox(folder / "box.mbox", correspondence(messages, crowd=PEOPLE))
        environment = os.environ | {
            "QT_QPA_PLATFORM": platform,
            "XDG_DATA_HOME": name,
            "XDG_CONFIG_HOME": name,
            "XDG_STATE_HOME": name,
            "PYTHONPYCACHEPREFIX": compiled,
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        result = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.gui_gap", str(folder), str(source)],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    report: dict[str, dict[str, float]] = json.loads(result.stdout)
    return report


def main() -> None:
    """Measure offscreen and, where there is an X11 display, on it."""
    figures = []
    for platform in ("offscreen", *(["xcb"] if os.environ.get("DISPLAY") else [])):
        for phase, values in measure(platform).items():
            figures += [
                Figure(f"{platform}, {phase}: greatest gap", values["max_ms"], "ms", MAX_GAP_MS),
                Figure(f"{platform}, {phase}: p99", values["p99_ms"], "ms"),
                Figure(f"{platform}, {phase}: ticks", values["ticks"], ""),
            ]
    show(figures)


if __name__ == "__main__":
    child(Path(sys.argv[1]), Path(sys.argv[2])) if len(sys.argv) > 1 else main()
