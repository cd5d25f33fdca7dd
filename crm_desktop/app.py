"""The composition root: builds theme, lanes and window, shows it, then opens the database.

The window is painted before anything heavy is imported; the database and what it needs load on a
lane. Each open database has one window with its own lanes: changing databases opens a new window
and lets the old one's work come to rest behind it.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFileOpenEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop import __version__
from crm_desktop.base import log, paths
from crm_desktop.base.errors import UserError
from crm_desktop.ui.context import WindowContext
from crm_desktop.ui.main_window import MainWindow
from crm_desktop.ui.memory import WindowMemory
from crm_desktop.ui.pages import PAGES
from crm_desktop.ui.theme import Appearance, ThemeManager
from crm_desktop.workers.access import LaneAccess
from crm_desktop.workers.bus import ChangeBus
from crm_desktop.workers.job import USER
from crm_desktop.workers.lanes import Lanes
from crm_desktop.workers.pipeline import Pipeline

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.model.database import Database

EXIT_FAULT = 70
SELFTEST_LIMIT_MS = 60_000
SELFTEST_STEP_MS = 20


def run(*, database: Path | None = None, files: Sequence[Path] = ()) -> int:
    """Show the window on `database` (the person's own by default) and import `files`; the exit
    code once the last window is closed. Raises UserError when our folders cannot be written."""
    application = make_application()
    with _our_folders():
        log.configure(to_stderr=False)
        _log_crashes()
        desktop = Desktop(application)
    desktop.catch_faults()
    desktop.catch_signals()
    desktop.open(database or paths.default_database(), files)
    return application.exec()


def make_application() -> QApplication:
    """The one QApplication, named and set up, without any style yet."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    application = QApplication(["crm-desktop"])
    application.setApplicationName("crm-desktop")
    application.setApplicationDisplayName("CRM Desktop")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("crm-desktop")
    # The last window may close while its lanes still write.
    application.setQuitOnLastWindowClosed(False)
    return application


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
        test = SelfTest(desktop, begun_at_ns)
        test.start(Path(folder, "selftest.sqlite"))
        application.exec()
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
        QTimer.singleShot(SELFTEST_LIMIT_MS, self, self._give_up)

    def start(self, path: Path) -> None:
        """Open the window."""
        session = self._desktop.open(path)
        FirstPaint(session.window).painted.connect(partial(self._note, "first_paint_ms"))
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
        QTimer.singleShot(SELFTEST_STEP_MS, self, self._visit_next)

    def _give_up(self) -> None:
        self._fail(TimeoutError(f"not through after {SELFTEST_LIMIT_MS} ms"))

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


class FirstPaint(QObject):
    """Tells once when a window has been painted for the first time.

    Signals:
        painted(): what was painted is on its way to the screen.
    """

    painted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """See QObject."""
        if watched is self._window and event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self.painted.emit)
        return False


def open_database(path: Path, _ctx: JobContext) -> Database:
    """The database at `path`, opened on a lane; loads the model on the way."""
    from crm_desktop.model.database import Database

    return Database.open(path)


class Session(QObject):
    """One window, its lanes and bus, and its database once that is open.

    Signals:
        opened(): the database is open and the window shows it.
        failed(exception): the database could not be opened; the window says why.
        switch_ready(Database): another database, asked for in the window, is open.
        ended(): the window is closed and every lane has come to rest.
    """

    opened = Signal()
    failed = Signal(object)
    switch_ready = Signal(object)
    ended = Signal()

    def __init__(self, theme: ThemeManager, memory: WindowMemory, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme
        self.lanes = Lanes(self)
        self.bus = ChangeBus(self)
        self.database: Database | None = None
        self.window = MainWindow(theme, self.lanes, self.bus, memory=memory)
        self._pipeline: Pipeline | None = None
        self._is_switching = False
        self._is_ending = False
        self.window.closing.connect(self._end)
        self.window.open_requested.connect(self._open_other)
        self.lanes.closed.connect(self._on_rest)

    def show(self, then: Callable[[], object]) -> None:
        """Show the window, and call `then` once it is painted."""
        FirstPaint(self.window).painted.connect(then)
        self.window.show()

    def open(self, path: Path, files: Sequence[Path]) -> None:
        """Open the database at `path` on a lane, show it, and import `files`."""
        self.lanes.writer.submit(
            partial(open_database, path),
            priority=USER,
            done=partial(self.attach, files=files),
            failed=self._on_open_failed,
        )

    def attach(self, database: Database, files: Sequence[Path] = ()) -> None:
        """Show a database that is open already, and keep its derived data fresh."""
        if self._is_ending:
            # The window was closed while the database opened.
            database.close()
            return
        self.database = database
        self.lanes.at_the_end(database.close)
        access = LaneAccess(database, self.lanes.writer)
        context = WindowContext(
            access, self.lanes, self.bus, self.theme, self.window.messages, self.window.navigate
        )
        self.window.attach(context, database.path)
        self._pipeline = Pipeline(access, self.lanes, self.bus, parent=self)
        self._pipeline.start()
        self.opened.emit()
        if files:
            self.window.start_import(files)

    def _on_open_failed(self, error: BaseException) -> None:
        self.window.open_failed(error)
        self.failed.emit(error)

    @Slot(object)
    def _open_other(self, path: Path) -> None:
        """Open another database before this one is let go, so that a failure loses nothing."""
        if self._is_switching or (self.database is not None and self.database.path == path):
            return
        self._is_switching = True
        self.lanes.writer.submit(
            partial(open_database, path),
            priority=USER,
            done=self.switch_ready.emit,
            failed=self.window.messages.error,
            finished=self._end_switching,
        )

    def _end_switching(self) -> None:
        self._is_switching = False

    @Slot()
    def _end(self) -> None:
        self._is_ending = True
        if self._pipeline is not None:
            self._pipeline.stop()
        self.lanes.begin_close()

    @Slot()
    def _on_rest(self) -> None:
        self.window.deleteLater()
        self.ended.emit()


class Desktop(QObject):
    """The running program: its sessions, its faults and its end."""

    _fault = Signal(object)

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._memory = WindowMemory()
        self.theme = ThemeManager(_appearance(self._memory))
        self.theme.apply(application)
        self._sessions: list[Session] = []
        self._is_interrupted = False
        self._sockets: tuple[socket.socket, socket.socket] | None = None
        self._fault.connect(self._show_fault)
        application.installEventFilter(self)

    @property
    def session(self) -> Session:
        """The session in front."""
        return self._sessions[-1]

    def open(self, path: Path, files: Sequence[Path] = ()) -> Session:
        """Show a window, and after its first paint the database at `path` in it."""
        session = self._begin()
        session.show(partial(session.open, path, tuple(files)))
        return session

    def catch_faults(self) -> None:
        """Log exceptions that nobody caught, from any thread, and show them in the window."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception

    def catch_signals(self) -> None:
        """Close the windows at the first Ctrl+C or SIGTERM; the second ends the program."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        # Python runs its handlers between byte codes, of which an idle event loop runs none: the
        # wake-up socket makes it run some.
        self._sockets = socket.socketpair()
        for end in self._sockets:
            end.setblocking(False)
        signal.set_wakeup_fd(self._sockets[1].fileno())
        notifier = QSocketNotifier(
            self._sockets[0].fileno(), QSocketNotifier.Type.Read, self._application
        )
        notifier.activated.connect(self._drain_wakeup)

    def close(self) -> None:
        """Close every window; the program ends when their work is done."""
        for session in list(self._sessions):
            session.window.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Import the file that macOS asks us to open."""
        if isinstance(event, QFileOpenEvent) and self._sessions:
            self.session.window.start_import([Path(event.file())])
            return True
        return super().eventFilter(watched, event)

    def _begin(self) -> Session:
        session = Session(self.theme, self._memory, self)
        session.switch_ready.connect(partial(self._switch, session))
        session.ended.connect(partial(self._forget, session))
        self._sessions.append(session)
        return session

    def _switch(self, old: Session, database: Database) -> None:
        # The old window keeps its place in the memory, from where the new one takes it.
        old.window.close()
        new = self._begin()
        new.show(partial(new.attach, database))

    def _forget(self, session: Session) -> None:
        self._sessions.remove(session)
        session.deleteLater()
        if not self._sessions:
            self._application.quit()

    def _on_exception(
        self,
        kind: type[BaseException],
        error: BaseException,
        frames: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self.close()
            return
        self._fault.emit(error.with_traceback(frames))

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._fault.emit(arguments.exc_value)

    @Slot(object)
    def _show_fault(self, error: BaseException) -> None:
        if self._sessions:
            self.session.window.messages.error(error)
        else:
            log.report(error)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._is_interrupted:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        self._is_interrupted = True
        self.close()

    @Slot()
    def _drain_wakeup(self) -> None:
        if self._sockets is not None:
            self._sockets[0].recv(64)


def _appearance(memory: WindowMemory) -> Appearance:
    kept = memory.text("appearance")
    return Appearance(kept) if kept in set(Appearance) else Appearance.SYSTEM


@contextmanager
def _our_folders() -> Iterator[None]:
    """Turn trouble with the program's own folders into a sentence for the person."""
    try:
        yield
    except OSError as error:
        raise UserError(
            f"“{error.filename}” cannot be written ({error.strerror}). "
            "Allow writing to it and start again."
        ) from error


def _log_crashes() -> None:
    """Have Python write where it stood when a library crashes the process: code, no data."""
    path = paths.log_directory() / "crash.log"
    paths.create_private_file(path)
    # Open as long as the process lives.
    faulthandler.enable(os.open(path, os.O_WRONLY | os.O_APPEND))
