"""Every Qt type is made on the GUI thread, in slices, before a lane imports a page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from crm_desktop.ui.qt_types import MODULES, QtTypes

ROOT = Path(__file__).resolve().parents[2]


def test_it_says_when_it_is_ready_and_calls_who_waits(qtbot):
    types, called = QtTypes(), []
    types.when_ready(lambda: called.append("waited"))
    assert not called
    with qtbot.waitSignal(types.ready):
        types.start()
    assert called == ["waited"]
    types.when_ready(lambda: called.append("at once"))
    types.start()
    assert called == ["waited", "at once"]


def test_pages_use_no_module_of_qt_whose_types_are_not_made():
    script = """
import sys
from importlib import import_module
from crm_desktop.ui.pages import PAGES
for page in PAGES:
    import_module(page.module)
print(*sorted(m.partition(".")[2] for m in sys.modules if m.startswith("PySide6.Qt")))
"""
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(result.stdout.split()) <= set(MODULES)


def test_two_threads_may_ask_for_types_that_are_made():
    script = """
import os, sys, threading
from importlib import import_module
from crm_desktop.ui.qt_types import MODULES, make_types
sys.setswitchinterval(0.00001)
for _made in make_types():
    pass
modules = [import_module(f"PySide6.{name}") for name in MODULES]
together = threading.Barrier(2)
def ask(step):
    together.wait()
    for module in modules[::step]:
        for name in dir(module)[::step]:
            getattr(module, name)
thread = threading.Thread(target=ask, args=(1,))
thread.start()
ask(-1)
thread.join()
"""
    for _round in range(3):
        subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=60)
