"""Logging: a rotating private file and, for commands, standard error. Never anything personal."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
from contextlib import suppress

from crm_desktop.base.paths import create_private_file, log_directory

LOGGER = logging.getLogger("crm_desktop")
MAX_BYTES = 1_000_000
BACKUPS = 3


def configure(*, to_stderr: bool, level: int = logging.INFO) -> None:
    """Send the program's log to its private file and, if asked, to standard error as well.

    Without a folder for the file there is no file.
    """
    LOGGER.setLevel(level)
    for handler in list(LOGGER.handlers):
        LOGGER.removeHandler(handler)
        handler.close()
    with suppress(OSError):  # the log must not keep anyone from the help or their data
        LOGGER.addHandler(_file_handler())
    if to_stderr:
        stderr_handler = logging.StreamHandler(sys.stderr)
        stderr_handler.setLevel(logging.WARNING)
        # The command itself says in one sentence that there was a fault; the file has the rest.
        stderr_handler.addFilter(lambda record: not getattr(record, "is_fault", False))
        stderr_handler.setFormatter(logging.Formatter("%(message)s"))
        LOGGER.addHandler(stderr_handler)


def _file_handler() -> logging.Handler:
    # Brings sockets and pickles along, which a first paint does without.
    from crm_desktop.base.log_file import PrivateRotatingHandler

    handler = PrivateRotatingHandler(
        log_directory() / "crm-desktop.log",
        maxBytes=MAX_BYTES,
        backupCount=BACKUPS,
        encoding="utf-8",
        delay=True,
    )
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
    )
    return handler


def report(error: BaseException) -> str:
    """Log a fault of ours with its traceback; the short reference to quote comes back.

    Only the exception's type and the code's own lines are written: its text may hold a
    person's data.
    """
    import traceback

    reference = os.urandom(4).hex()
    frames = "".join(traceback.format_tb(error.__traceback__))
    LOGGER.error(
        "fault %s: %s\n%s", reference, type(error).__name__, frames, extra={"is_fault": True}
    )
    return reference


def log_crashes() -> None:
    """Have Python write where it stood when a library crashes the process: code, no data."""
    path = log_directory() / "crash.log"
    create_private_file(path)
    # Open as long as the process lives.
    faulthandler.enable(os.open(path, os.O_WRONLY | os.O_APPEND))
