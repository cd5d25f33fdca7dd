"""The composition root: builds theme, lanes and window, shows it, then opens the database.

The window is painted before anything heavy is imported; the database and what it needs load on a
lane. Each open database has one window with its own lanes: changing databases opens a new window
and lets the old one's work come to rest behind it.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
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
from crm_desktop.ui.first_paint import FirstPaint
from crm_desktop.ui.main_window import MainWindow
from crm_desktop.ui.memory import WindowMemory
from crm_desktop.ui.qt_types import QtTypes
from crm_desktop.ui.theme import Appearance, ThemeManager
from crm_desktop.workers.bus import ChangeBus
from crm_desktop.workers.garbage import GarbageCollector
from crm_desktop.workers.job import USER
from crm_desktop.workers.lanes import Lanes

if TYPE_CHECKING:
    import socket

    from crm_desktop.base.jobs import JobContext
    from crm_desktop.model.database import Database
    from crm_desktop.workers.pipeline import Pipeline

EXIT_FAULT = 70
PATIENCE_MS = 400
SWITCH_INTERVAL_S = 0.0005
"""How long a lane may keep the interpreter while the window waits for it. Python's 5 ms leave a
10 ms timer waiting for up to 32 ms while an import runs, this for up to 18."""


def run(*, database: Path | None = None, files: Sequence[Path] = ()) -> int:
    """Show the window on `database` (the person's own by default) and import `files`; the exit
    code once the last window is closed. Raises UserError when our folders cannot be written."""
    application = make_application()
    with _our_folders():
        desktop = Desktop(application)
        path = database or paths.default_database()
    desktop.catch_faults()
    desktop.painted.connect(desktop.settle_in)
    desktop.ended.connect(application.quit)
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    try:
        desktop.open(path, files)
        return application.exec()
    finally:
        desktop.end()


class Application(QApplication):
    """The Qt application.

    Signals:
        file_opened(Path): the system asks to open a file, as macOS does.
    """

    file_opened = Signal(object)

    def event(self, event: QEvent) -> bool:
        """See QObject. Only events of the application itself come here."""
        if isinstance(event, QFileOpenEvent):
            self.file_opened.emit(Path(event.file()))
            return True
        return super().event(event)


def make_application() -> Application:
    """The one application, named and set up, without any style yet."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    application = Application(["crm-desktop"])
    application.setApplicationName("crm-desktop")
    application.setApplicationDisplayName("CRM Desktop")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("crm-desktop")
    # The last window may close while its lanes still write.
    application.setQuitOnLastWindowClosed(False)
    return application


def open_database(path: Path, _ctx: JobContext) -> Database:
    """The database at `path`, opened on a lane; loads the model on the way."""
    from crm_desktop.model.database import Database

    return Database.open(path)


class Session(QObject):
    """One window, its lanes and bus, and its database once that is open.

    Signals:
        painted(): the window is on the screen.
        opened(): the database is open and the window shows it.
        failed(exception): the database could not be opened; the window says why.
        switch_ready(Database, Path): another database, asked for in the window, is open.
        ended(): the window is closed and every lane has come to rest.
    """

    painted = Signal()
    opened = Signal()
    failed = Signal(object)
    switch_ready = Signal(object, object)
    ended = Signal()

    def __init__(
        self, theme: ThemeManager, memory: WindowMemory, types: QtTypes, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self._types = types
        self.lanes = Lanes(self)
        self.bus = ChangeBus(self)
        self.database: Database | None = None
        try:
            self.window = MainWindow(theme, self.lanes, self.bus, memory=memory)
        except BaseException:
            # Qt aborts when a running thread is forgotten.
            self.lanes.close()
            raise
        self._pipeline: Pipeline | None = None
        self._is_switching = False
        self._is_ending = False
        self._is_at_rest = False
        self._note: QWidget | None = None
        FirstPaint(self.window).painted.connect(self.painted)
        self.window.closing.connect(self._end)
        self.window.open_requested.connect(self._open_other)
        self.lanes.closed.connect(self._on_rest)

    def open(self, path: Path, files: Sequence[Path]) -> None:
        """Open the database at `path` on a lane, show it, and import `files`."""
        self.lanes.writer.submit(
            partial(open_database, path),
            priority=USER,
            done=partial(self._attach_when_ready, path=path, files=files),
            failed=self._on_open_failed,
        )

    def _attach_when_ready(self, database: Database, path: Path, files: Sequence[Path]) -> None:
        # With a database the window begins to import its pages on a lane.
        self._types.when_ready(partial(self.attach, database, path, files))

    def attach(self, database: Database, path: Path, files: Sequence[Path] = ()) -> None:
        """Show a database that is open already, and keep its derived data fresh. `path` is what
        was asked for, which may be a link to the file."""
        if self._is_ending:
            # The window was closed while the database opened.
            database.close()
            return
        from crm_desktop.ui.editing import Editing
        from crm_desktop.workers.access import LaneAccess
        from crm_desktop.workers.pipeline import Pipeline

        self.database = database
        self.lanes.at_the_end(database.close)
        access = LaneAccess(database, self.lanes.writer)
        messages = self.window.messages
        context = WindowContext(
            access,
            self.lanes,
            self.bus,
            self.theme,
            messages,
            self.window.navigate,
            self.window.memory,
            Editing(access, self.lanes, self.bus, messages, self),
        )
        self.window.attach(context, path)
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
        is_open = self.database is not None and self.database.path == path.resolve()
        if self._is_switching or is_open:
            return
        self._is_switching = True
        self.lanes.writer.submit(
            partial(open_database, path),
            priority=USER,
            done=partial(self._hand_over, path=path),
            failed=self.window.messages.error,
            finished=self._end_switching,
        )

    def _hand_over(self, database: Database, path: Path) -> None:
        if self._is_ending:
            database.close()
        else:
            self.switch_ready.emit(database, path)

    def _end_switching(self) -> None:
        self._is_switching = False

    @Slot()
    def _end(self) -> None:
        self._is_ending = True
        if self._pipeline is not None:
            self._pipeline.stop()
        QTimer.singleShot(PATIENCE_MS, self, self._say_that_we_finish)
        self.lanes.begin_close()

    @Slot()
    def _say_that_we_finish(self) -> None:
        if not self._is_at_rest:
            from crm_desktop.ui.finishing import FinishingNote

            self._note = FinishingNote(self.window.geometry().center())
            self._note.show()

    @Slot()
    def _on_rest(self) -> None:
        self._is_at_rest = True
        if self._note is not None:
            self._note.close()
        self.window.deleteLater()
        self.ended.emit()


class Desktop(QObject):
    """The running program: its sessions, its faults and its end.

    Signals:
        painted(): the first window is on the screen.
        ended(): the last window is closed and its work is done.
    """

    painted = Signal()
    ended = Signal()
    _fault = Signal(object)

    def __init__(self, application: Application) -> None:
        super().__init__(application)
        self._application = application
        self._memory = WindowMemory()
        self.theme = ThemeManager(_appearance(self._memory))
        self.theme.apply(application)
        self._sessions: list[Session] = []
        self._types = QtTypes(self)
        self._collector = GarbageCollector(self._is_busy, self)
        self._is_interrupted = False
        self._sockets: tuple[socket.socket, socket.socket] | None = None
        self._fault.connect(self._show_fault)
        application.file_opened.connect(self._import_file)

    @property
    def session(self) -> Session:
        """The session in front."""
        return self._sessions[-1]

    def open(self, path: Path, files: Sequence[Path] = ()) -> Session:
        """Show a window, and after its first paint the database at `path` in it."""
        session = self._begin()
        session.painted.connect(self.painted)
        session.painted.connect(self._types.start)
        session.painted.connect(partial(session.open, path, tuple(files)))
        session.window.show()
        return session

    @Slot()
    def settle_in(self) -> None:
        """What can wait until the window is there: garbage, signals, the log."""
        self._collector.start()
        self.catch_signals()
        with _our_folders():
            log.configure(to_stderr=False)
            log.log_crashes()

    def catch_faults(self) -> None:
        """Log exceptions that nobody caught, from any thread, and show them in the window."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception

    def catch_signals(self) -> None:
        """Close the windows at the first Ctrl+C or SIGTERM; the second ends the program."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        import socket

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

    def end(self) -> None:
        """Bring to rest whatever still runs when the event loop has ended without `close`."""
        self._collector.stop()
        sessions, self._sessions = self._sessions, []
        stuck = [session for session in sessions if not session.lanes.close()]
        if stuck:
            # A lane hangs; it is logged. Everything it wrote was in transactions, and going on
            # would have Qt abort.
            logging.shutdown()
            os._exit(EXIT_FAULT)

    def _begin(self) -> Session:
        session = Session(self.theme, self._memory, self._types, self)
        session.switch_ready.connect(partial(self._switch, session))
        session.ended.connect(partial(self._forget, session))
        self._sessions.append(session)
        return session

    def _switch(self, old: Session, database: Database, path: Path) -> None:
        # The old window keeps its place in the memory, from where the new one takes it.
        old.window.close()
        new = self._begin()
        new.painted.connect(partial(new.attach, database, path))
        new.window.show()

    def _forget(self, session: Session) -> None:
        if session not in self._sessions:
            return
        self._sessions.remove(session)
        session.deleteLater()
        if not self._sessions:
            self.ended.emit()

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

    @Slot(object)
    def _import_file(self, path: Path) -> None:
        if self._sessions:
            self.session.window.start_import([path])

    def _is_busy(self) -> bool:
        lanes = (lane for session in self._sessions for lane in session.lanes.all())
        return any(lane.handles() for lane in lanes)

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
