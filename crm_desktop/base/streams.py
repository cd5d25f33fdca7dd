"""Standard output and error as whoever started the program left them."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress

_OUTPUT_ERRORS = {errno.EPIPE, errno.ENOSPC, errno.EIO, errno.EBADF}


def make_printable() -> None:
    """Let every character be written, whatever the encoding: one it lacks appears as its code."""
    for stream in (sys.stdout, sys.stderr):
        # None without a console; a test's or a library's stream may have no such method.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def output_problem(error: OSError | None = None) -> str | None:
    """Why standard output does not take what was written to it, or None when it does.

    `error` was raised meanwhile; where output is not buffered nothing else tells of it. A reader
    that has seen enough (head, a pager) is no problem.

    What it did not take is dropped, so that Python does not try again when it ends.
    """
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        drop_output()
        return None
    except OSError as flush_error:
        error = flush_error
    else:
        # Errors of files named by the program carry the name.
        if error is None or error.filename is not None or error.errno not in _OUTPUT_ERRORS:
            return None
    drop_output()
    return f"The output could not be written ({error.strerror})."


def drop_output() -> None:
    """Send to nowhere what standard output still holds and all that follows."""
    with suppress(OSError, ValueError):  # a stream without a file behind it
        null = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(null, sys.stdout.fileno())
        finally:
            os.close(null)
