"""Fixtures and guards for every test: private folders, no network, no stray warnings or threads."""

from __future__ import annotations

import gc
import logging
import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QObject, QSettings, QThread
from shiboken6 import isValid

if TYPE_CHECKING:
    from crm_desktop.model.database import Database
    from crm_desktop.services.access import DirectAccess
    from crm_desktop.workers.lanes import Lanes

FROZEN_NOW = "2026-05-01T09:00:00Z"
CORPORA_VARIABLE = "CRM_DESKTOP_CORPORA"
THREAD_GRACE_S = 2.0

_PRIVATE_FOLDERS = {
    "XDG_DATA_HOME": "data",
    "XDG_CONFIG_HOME": "config",
    "XDG_STATE_HOME": "state",
    "XDG_CACHE_HOME": "cache",
    # What platformdirs reads on macOS (HOME) and Windows.
    "HOME": "home",
    "USERPROFILE": "home",
    "WIN_PD_OVERRIDE_APPDATA": "data",
    "WIN_PD_OVERRIDE_LOCAL_APPDATA": "data",
}

# Before the first test there are session fixtures (the QApplication); they get folders as well.
_session_folder = tempfile.TemporaryDirectory(prefix="crm-desktop-tests-")
for _variable, _name in _PRIVATE_FOLDERS.items():
    _folder = Path(_session_folder.name, _name)
    _folder.mkdir(exist_ok=True)
    os.environ[_variable] = str(_folder)
os.environ.pop("CRM_DESKTOP_NOW", None)

# With their parents, and as long as they run: Qt aborts when a running thread is forgotten, and
# that would take the report of a failed test along.
_started_threads: list[tuple[QThread, QObject | None]] = []
_start_thread = QThread.start


def _recorded_start(thread: QThread, *args: Any) -> None:
    _started_threads.append((thread, thread.parent()))
    _start_thread(thread, *args)


QThread.start = _recorded_start


def pytest_configure(config: pytest.Config) -> None:
    # What the offscreen platform says of every window with a smallest size.
    config.addinivalue_line("qt_log_ignore", "This plugin does not support propagateSizeHints")
    # And of every list that pops up.
    config.addinivalue_line("qt_log_ignore", "This plugin does not support (raise|grabbing)")


def pytest_unconfigure() -> None:
    _session_folder.cleanup()


@pytest.fixture(autouse=True)
def private_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder under which this test's data, settings, logs and home are; nobody's own."""
    root = tmp_path / "private"
    for variable, name in _PRIVATE_FOLDERS.items():
        folder = root / name
        folder.mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv(variable, str(folder))
    for settings_format in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(settings_format, QSettings.Scope.UserScope, str(root / "config"))
    return root


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail the test on any attempt to reach the network, whichever thread makes it."""
    attempts: list[str] = []

    def refuse(kind: str) -> None:
        attempts.append(kind)
        raise PermissionError(f"tests do not use the network ({kind})")

    def guarded(name: str) -> Any:
        original = getattr(socket.socket, name)

        def method(self: socket.socket, *args: Any) -> Any:
            if self.family != getattr(socket, "AF_UNIX", None):
                refuse(name)
            return original(self, *args)

        return method

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, guarded(name))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: refuse("getaddrinfo"))
    yield
    assert not attempts, f"the test tried to use the network: {attempts}"


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.split(".")[0] == "crm_desktop":
            self.records.append(record)


@pytest.fixture
def _log_records() -> Iterator[list[logging.LogRecord]]:
    # At the root: `log.configure` replaces the handlers of the program's own logger.
    collector = _Collector()
    root, logger = logging.getLogger(), logging.getLogger("crm_desktop")
    handlers, level = list(logger.handlers), logger.level
    root.addHandler(collector)
    yield collector.records
    root.removeHandler(collector)
    for handler in set(logger.handlers) - set(handlers):
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(level)


@pytest.fixture
def expected_log(_log_records: list[logging.LogRecord]) -> list[logging.LogRecord]:
    """The warnings and errors logged so far, for a test that causes some on purpose."""
    return _log_records


@pytest.fixture(autouse=True)
def no_stray_log(
    request: pytest.FixtureRequest, _log_records: list[logging.LogRecord]
) -> Iterator[None]:
    """Fail the test on a warning or error in the program's log that it did not ask for."""
    yield
    messages = [f"{record.levelname} {record.getMessage()}" for record in _log_records]
    if "expected_log" in request.fixturenames:
        assert messages, "the test expected a warning or an error in the log; there was none"
    else:
        assert not messages, f"unexpected in the log: {messages}"


def _running_qthreads() -> list[QThread]:
    _started_threads[:] = [
        (thread, parent)
        for thread, parent in _started_threads
        if isValid(thread) and thread.isRunning()
    ]
    return [thread for thread, _parent in _started_threads]


@pytest.fixture(autouse=True)
def garbage_on_this_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """With Qt, collect garbage here and not on a lane, as the program does: a timer that dies on
    the wrong thread takes the process along."""
    if "qapp" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail the test when a lane or a Python thread that it started outlives it."""
    before = set(threading.enumerate())
    running_before = set(_running_qthreads())
    yield
    leaked = [
        thread.objectName() or type(thread).__name__
        for thread in _running_qthreads()
        if thread not in running_before and not thread.wait(int(THREAD_GRACE_S * 1000))
    ]
    for thread in set(threading.enumerate()) - before:
        if not thread.daemon:
            thread.join(THREAD_GRACE_S)
            if thread.is_alive():
                leaked.append(thread.name)
    assert not leaked, f"threads outlived the test: {leaked}"


@pytest.fixture
def frozen_now(monkeypatch: pytest.MonkeyPatch) -> str:
    """The instant (ISO 8601, UTC) at which the program's clock stands still."""
    monkeypatch.setenv("CRM_DESKTOP_NOW", FROZEN_NOW)
    return FROZEN_NOW


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A fresh database with the current schema."""
    from crm_desktop.model.database import Database

    opened = Database.open(tmp_path / "people.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def access(database: Database) -> DirectAccess:
    """Services' access to `database` on the test's own thread."""
    from crm_desktop.services.access import DirectAccess

    return DirectAccess(database)


@pytest.fixture(scope="session")
def qapp_cls() -> type:
    """The application that pytest-qt makes: the program's own."""
    from crm_desktop.app import Application
    from crm_desktop.ui.qt_types import make_types

    # Windows made by tests load their pages on lanes at once.
    for _made in make_types():
        pass
    return Application


@pytest.fixture
def lanes(qapp: object) -> Iterator[Lanes]:
    """The real lanes, closed at the end, which must succeed."""
    from crm_desktop.workers.lanes import Lanes

    opened = Lanes()
    yield opened
    assert opened.close(), "a lane did not stop"


@pytest.fixture
def corpora() -> Path:
    """The folder of shared mail and address books, or a skip that says where it was looked for."""
    named = os.environ.get(CORPORA_VARIABLE)
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no corpora at {folder}: name their folder by {CORPORA_VARIABLE}")
    return folder
