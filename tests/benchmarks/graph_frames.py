"""How long the map of relationships takes to draw a frame, to find a dot, and to pause the window.

`python -m tests.benchmarks.graph_frames [PEOPLE [LINES]]`, by default 2,000 and 8,000, in software
at 1280 × 800. Frames are process CPU time of moving the camera and painting the whole widget into
an image. The gap is the longest CPU time between two beats of a 1 ms timer while lines, glow and
names are drawn anew between events; the loop never sleeps, so on an idle machine that is also the
time of the wall clock.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.ui.graph.camera import Camera
from crm_desktop.ui.graph.data import GraphFilter, build_data
from crm_desktop.ui.graph.view import MapView
from crm_desktop.ui.theme import ThemeManager
from tests.ui.graph.graphs import social_graph

WIDTH, HEIGHT = 1280, 800
FRAMES = 60
TARGET_FRAME_MS = 12.0
TARGET_HIT_MS = 0.1
TARGET_GAP_MS = 30.0


def run_events(view: MapView) -> float:
    """Let events run until the backdrop is current; the longest gap between two beats,
    in CPU milliseconds."""
    last = time.process_time()
    longest = 0.0

    def beat() -> None:
        nonlocal last, longest
        now = time.process_time()
        longest = max(longest, now - last)
        last = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    until = time.perf_counter() + 5.0
    quiet_until = time.perf_counter() + 0.3
    loop = QEventLoop()

    def leave_when_quiet() -> None:
        nonlocal quiet_until
        now_s = time.perf_counter()
        if not view.backdrop.is_current:
            quiet_until = now_s + 0.3
        if now_s > min(quiet_until, until):
            loop.quit()

    timer.timeout.connect(leave_when_quiet)
    timer.start(1)
    loop.exec()
    timer.stop()
    return longest * 1000


def frame_times(view: MapView, cameras: list[Camera]) -> list[float]:
    """CPU milliseconds to look from each camera and paint the widget."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32_Premultiplied)
    times = []
    for camera in cameras:
        start = time.process_time()
        view.mover.look_from(camera)
        QWidget.render(view, image, QPoint())
        times.append((time.process_time() - start) * 1000)
    return times


def hit_times(view: MapView, count: int = 2000) -> list[float]:
    """Milliseconds to say who is under each of `count` random pixels."""
    random = np.random.default_rng(1)
    points = [
        QPointF(x, y)
        for x, y in zip(
            random.uniform(0, WIDTH, count), random.uniform(0, HEIGHT, count), strict=True
        )
    ]
    times = []
    for point in points:
        start = time.perf_counter()
        view.node_at(point)
        times.append((time.perf_counter() - start) * 1000)
    return times


def main() -> int:
    """Print one JSON object of figures; 1 when a target is missed."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    lines = int(sys.argv[2]) if len(sys.argv) > 2 else people * 4
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    theme = ThemeManager("light")
    theme.apply(application)
    graph = social_graph(people, lines)
    start = time.process_time()
    data = build_data(graph)
    build_ms = (time.process_time() - start) * 1000
    view = MapView(theme.current, lambda _ms: 0)
    view.resize(WIDTH, HEIGHT)
    view.show()
    run_events(view)
    start = time.process_time()
    view.set_data(data)
    set_ms = (time.process_time() - start) * 1000
    gaps = {"first": run_events(view)}

    home = view.stage.camera
    pans = [home.moved(140 * math.sin(i / 6), 90 * math.cos(i / 7)) for i in range(FRAMES)]
    middle = (WIDTH / 2 + 90, HEIGHT / 2 - 40)
    zooms = [home.zoomed(1.025**i, middle, view.stage.size) for i in range(FRAMES)]
    close = home.zoomed(4.0, middle, view.stage.size)
    close_pans = [close.moved(140 * math.sin(i / 6), 90 * math.cos(i / 7)) for i in range(FRAMES)]
    frames = {}
    for name, cameras in (("pan", pans), ("zoom", zooms), ("pan_close", close_pans)):
        view.mover.look_from(cameras[0])
        gaps[name] = run_events(view)
        frames[name] = frame_times(view, cameras)
        gaps[f"after_{name}"] = run_events(view)
    view.fit(is_smooth=False)
    run_events(view)
    view.emphasis.hover(int(data.importance[0]))
    frames["pan_hovered"] = frame_times(view, pans)
    view.emphasis.hover(-1)
    view.set_filter(GraphFilter(min_strength=0.3))
    gaps["filter"] = run_events(view)
    view.set_filter(GraphFilter())
    run_events(view)
    theme.set_appearance("dark")
    view.set_theme(theme.current)
    gaps["theme"] = run_events(view)
    hits = hit_times(view)
    result = {
        "people": len(graph.nodes),
        "lines": len(graph.edges),
        "build_ms": round(build_ms, 1),
        "set_ms": round(set_ms, 1),
        "frame_median_ms": {k: round(statistics.median(v), 2) for k, v in frames.items()},
        "frame_p95_ms": {k: round(sorted(v)[int(len(v) * 0.95)], 2) for k, v in frames.items()},
        "hit_test_median_ms": round(statistics.median(hits), 4),
        "longest_gap_ms": {k: round(v, 1) for k, v in gaps.items()},
    }
    print(json.dumps(result, indent=2))
    slowest = max(statistics.median(times) for times in frames.values())
    is_met = (
        slowest <= TARGET_FRAME_MS
        and statistics.median(hits) <= TARGET_HIT_MS
        and max(gaps.values()) <= TARGET_GAP_MS
    )
    return 0 if is_met else 1


if __name__ == "__main__":
    raise SystemExit(main())
