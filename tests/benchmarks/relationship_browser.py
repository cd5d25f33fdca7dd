"""How soon 100,000 relationships of 100,000 people are on the screen: opened, filtered, sorted,
scrolled.

The real window over a database in a file, in a process of its own. A time ends when every row in
view has been painted with what it says, none as a placeholder.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_desktop.base import preflight
from tests.benchmarks import Figure

if TYPE_CHECKING:
    from crm_desktop.app import Desktop
    from crm_desktop.ui.views.relationships_page import RelationshipsPage

PEOPLE = RELATIONSHIPS = 100_000
ROUNDS = 5
MAX_OPEN_MS = 150.0
MAX_FILTER_MS = 100.0
MAX_SCROLL_MS = 100.0
JUMPS = 40
TICK_MS = 10
QUIET_TICKS = 60
GIVE_UP_S = 20.0
NOW = "2026-05-01T09:00:00Z"
SIZE = (1280, 800)
ROOT = Path(__file__).resolve().parents[2]

NEARING, POINTING = "come to the filters", "point at the titles"
SCROLLING = "scroll to anywhere"
WITHOUT_QUESTION = (NEARING, POINTING, SCROLLING)
"""The steps after which the same rows are there."""

Step = tuple[str, Callable[[], object]]
"""What is measured, and what begins it."""


class Painted:
    """Notes when the table has painted every row in view, by looking over its delegate's
    shoulder."""

    def __init__(self) -> None:
        from crm_desktop.ui.models.paging import ROW_ROLE
        from crm_desktop.ui.views.relationships_table import RelationshipDelegate

        self.cells = self.placeholders = 0
        self.last_ns = 0
        original = RelationshipDelegate.paint_cell

        def paint_cell(delegate: Any, painter: Any, rect: Any, theme: Any, index: Any) -> None:
            original(delegate, painter, rect, theme, index)
            self.cells += 1
            self.placeholders += index.data(ROW_ROLE) is None
            self.last_ns = time.perf_counter_ns()

        RelationshipDelegate.paint_cell = paint_cell  # type: ignore[method-assign]

    def begin(self) -> None:
        """Forget what was painted before."""
        self.cells = self.placeholders = 0


class Watch:
    """Works off the steps, one after the other, and keeps how long each took, in ms."""

    def __init__(self, desktop: Desktop, painted: Painted) -> None:
        self._desktop = desktop
        self._painted = painted
        self._steps: Iterator[Step] = iter(())
        self._name = ""
        self._begun_ns = 0
        self.times: dict[str, list[float]] = {}
        self.problem = ""
        self._is_answered = self._is_following = False

    def start(self) -> None:
        """Begin with the first step."""
        self._desktop.session.window.activateWindow()
        self._steps = self._all_steps()
        self._go_on()

    def look(self) -> bool:
        """Whether the step is over, and then begin the next; False at the end."""
        painted = self._painted
        took_ms = (painted.last_ns - self._begun_ns) / 1e6
        if (time.perf_counter_ns() - self._begun_ns) / 1e9 > GIVE_UP_S:
            self.problem = f"{self._name}: nothing to be seen after {GIVE_UP_S:g} s"
            return False
        self._follow()
        if not self._is_answered or not painted.cells or painted.placeholders:
            # Only a pass without placeholders counts; what was painted before is forgotten.
            if painted.placeholders:
                painted.begin()
            return True
        if self._desktop.session.lanes.reader.handles():
            return True  # what is read ahead
        self.times.setdefault(self._name, []).append(took_ms)
        return self._go_on()

    def _go_on(self) -> bool:
        step = next(self._steps, None)
        if step is None:
            return False
        self._name, begin = step
        self._is_answered = self._name in WITHOUT_QUESTION
        self._painted.begin()
        self._begun_ns = time.perf_counter_ns()
        begin()
        return True

    def _change(self) -> None:
        """Write something, after which whatever was read ahead is old."""
        database = self._desktop.session.database
        assert database is not None
        with database.write() as store:
            store.settings.set("benchmark", str(time.perf_counter_ns()))

    def _follow(self) -> None:
        """Hear when the page has its answers, as soon as there is a page."""
        page = self._page()
        if page is not None and not self._is_following:
            self._is_following = True
            page.model.refreshed.connect(self._on_answer)
            self._is_answered = page.model.is_loaded

    def _on_answer(self) -> None:
        self._is_answered = True
        self._painted.begin()

    def _page(self) -> RelationshipsPage | None:
        page: Any = self._desktop.session.window.pages.widget_of("relationships")
        return page

    def _all_steps(self) -> Iterator[Step]:
        window = self._desktop.session.window
        yield "open", lambda: window.show_page("relationships")
        page = self._page()
        assert page is not None
        filters, table = page.filters, page.table

        def ask(change: Callable[[], object]) -> Callable[[], object]:
            """The change and its effect at once, without the wait for the typing to pause."""

            def run() -> None:
                filters._is_filling = True
                change()
                filters._is_filling = False
                self._begun_ns = time.perf_counter_ns()
                filters._on_changed()

            return run

        boxes = filters.type_box, filters.source_box
        # As the person does who is going to filter.
        yield NEARING, lambda: (filters.text.setFocus(), table.viewport().update())
        for text in ("g", "grace", "grace hop", "muller", "a e"):
            yield "filter by text", ask(lambda text=text: filters.text.setText(text))
        yield "clear the filters", filters.clear
        self._change()
        yield "filter after a change", ask(lambda: filters.text.setText("ruth"))
        yield "clear the filters", filters.clear
        yield NEARING, lambda: (filters.nears.emit(), table.viewport().update())
        for type_id in ("rt-employee", "rt-knows"):
            place = boxes[0].findData(type_id)
            yield "filter by type", ask(lambda place=place: boxes[0].setCurrentIndex(place))
        yield "filter by source", ask(lambda: boxes[1].setCurrentIndex(1))
        for strength in (30, 60, 90):
            yield "filter by strength", ask(lambda value=strength: filters.strength.setValue(value))
        yield "clear the filters", filters.clear
        yield "filter by person", ask(lambda: filters.person.set_entity(_owner()))
        yield "clear the filters", filters.clear
        # As the person does who is going to sort.
        yield POINTING, lambda: (table.sorting_nears.emit(), table.viewport().update())
        for column in range(page.model.columnCount()):
            for _ in range(2):
                yield (
                    f"sort by {page.model.headerData(column, _horizontal())}",
                    (lambda column=column: table.sort_by(column)),
                )
        bar, chance = table.verticalScrollBar(), random.Random(7)
        for _ in range(JUMPS):
            place = chance.randint(0, bar.maximum())
            yield SCROLLING, lambda place=place: bar.setValue(place)


def _owner() -> Any:
    from crm_desktop.domain.relationships import EntityKind, Suggestion

    return Suggestion(EntityKind.CONTACT, 1, "Me", "")


def _horizontal() -> Any:
    from PySide6.QtCore import Qt

    return Qt.Orientation.Horizontal


def watch(desktop: Desktop) -> Watch:
    """The watch, which works as soon as the window has come to rest."""
    from PySide6.QtCore import Qt, QTimer

    made = Watch(desktop, Painted())
    quiet = 0
    is_started = False

    def tick() -> None:
        nonlocal quiet, is_started
        if is_started:
            if not made.look():
                timer.stop()
                desktop.close()
            return
        is_idle = not any(lane.handles() for lane in desktop.session.lanes.all())
        quiet = quiet + 1 if is_idle else 0
        if quiet > QUIET_TICKS:
            is_started = True
            timer.setInterval(1)
            made.start()

    timer = QTimer(desktop)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(TICK_MS)
    timer.timeout.connect(tick)
    desktop.session.opened.connect(timer.start)
    return made


def child(path: Path) -> None:
    """The measured process: prints the times as JSON."""
    from crm_desktop import app

    sys.setswitchinterval(app.SWITCH_INTERVAL_S)
    application = app.make_application()
    desktop = app.Desktop(application)
    desktop.painted.connect(desktop.settle_in)
    desktop.ended.connect(application.quit)
    desktop.open(path)
    desktop.session.window.resize(*SIZE)
    made = watch(desktop)
    application.exec()
    assert not made.problem, made.problem
    print(json.dumps(made.times))


def measure(platform: str, path: Path, rounds: int = ROUNDS) -> dict[str, float]:
    """How long each step took on a Qt platform, in ms: of its repetitions the longest, and of
    these the best of `rounds`, since other programs stop ours as well."""
    if platform == "xcb":
        assert preflight.screen_answers()
    with tempfile.TemporaryDirectory() as name:
        _run(platform, path, name)  # compiles, as an installed program is
        reports = [_run(platform, path, name) for _ in range(rounds)]
    return {step: min(max(report[step]) for report in reports) for step in reports[0]}


def _run(platform: str, path: Path, folder: str) -> dict[str, list[float]]:
    environment = os.environ | {
        "QT_QPA_PLATFORM": platform,
        "CRM_DESKTOP_NOW": NOW,
        "PYTHONPYCACHEPREFIX": folder,
    }
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        # Every run is a first one: nothing is remembered of the one before.
        environment[variable] = tempfile.mkdtemp(dir=folder)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    result = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.relationship_browser", str(path)],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    report: dict[str, list[float]] = json.loads(result.stdout)
    return report


def _limit(step: str) -> float:
    if step == "open":
        return MAX_OPEN_MS
    return MAX_SCROLL_MS if step == SCROLLING else MAX_FILTER_MS


def main() -> None:
    """Measure offscreen and, where there is an X11 display, on it; print JSON."""
    from crm_desktop.model.database import Database
    from tests.crowd import store_crowd

    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "crowd.sqlite"
        database = Database.open(path)
        store_crowd(database, PEOPLE, RELATIONSHIPS)
        database.close()
        for platform in ("offscreen", *(["xcb"] if os.environ.get("DISPLAY") else [])):
            figures += [
                Figure(f"{platform}: {step}", took_ms, "ms", _limit(step))
                for step, took_ms in measure(platform, path).items()
            ]
    print(
        json.dumps(
            {
                figure.name: {"ms": round(figure.value, 1), "limit_ms": figure.limit}
                for figure in figures
            },
            indent=1,
        )
    )
    broken = [figure.name for figure in figures if not figure.holds]
    assert not broken, f"over the limit: {', '.join(broken)}"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        child(Path(sys.argv[1]))
    else:
        try:
            main()
        except AssertionError as error:
            sys.exit(f"BROKEN: {error}")
