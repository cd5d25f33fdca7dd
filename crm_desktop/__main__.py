"""The entry: a command goes to the command line, everything else opens the window.

Standard library only up to there, so that the window is on the screen before anything heavy loads
and so that a missing system library is told in words.
"""

from __future__ import annotations

import gc
import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crm_desktop import __version__

ENTERED_AT_NS = time.monotonic_ns()
EXIT_USER, EXIT_FAULT = 1, 70

_COMMAND = re.compile(r"[a-z][a-z0-9-]*")
_WINDOW_HELP = """
The window:
  crm-desktop [--db FILE] [FILE]...  Open it, and import the files named.
  crm-desktop --selftest             Open it once, measure it, and leave.
"""


class WrongUsage(Exception):  # noqa: N818 - what the person did, in a sentence
    """The arguments make no sense; the text says what to give instead."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the arguments ask for. `command` is everything for the command line, else None."""

    command: tuple[str, ...] | None = None
    database: Path | None = None
    files: tuple[Path, ...] = ()
    wants_version: bool = False
    wants_help: bool = False
    wants_selftest: bool = False


def parse(arguments: Sequence[str]) -> Request:
    """Tell a command from files to open.

    A command is a bare lower-case word such as `top`; a file named like one is given as `./top`.
    Raises WrongUsage.
    """
    database: Path | None = None
    files: list[Path] = []
    remaining = list(arguments)
    while remaining:
        argument = remaining.pop(0)
        if argument == "--version":
            return Request(wants_version=True)
        if argument in ("--help", "-h"):
            return Request(wants_help=True)
        if argument == "--selftest":
            return Request(wants_selftest=True)
        if argument == "--":
            files += [_file(name) for name in remaining]
            break
        if argument == "--db" or argument.startswith("--db="):
            name = argument[5:] or (remaining.pop(0) if remaining and argument == "--db" else "")
            if not name:
                raise WrongUsage("--db wants the name of a database file after it.")
            database = _file(name)
        elif argument.startswith("-psn_") and sys.platform == "darwin":
            continue  # what the macOS Finder adds
        elif argument.startswith("-"):
            raise WrongUsage(f"There is no option {argument}. See crm-desktop --help.")
        elif _COMMAND.fullmatch(argument) and not files:
            return Request(command=tuple(arguments))
        else:
            files.append(_file(argument))
    absent = next((path for path in files if not os.path.exists(path)), None)
    if absent is not None:
        raise WrongUsage(f"There is nothing at “{absent}”. Check the name and try again.")
    return Request(database=database, files=tuple(files))


def _file(name: str) -> Path:
    """The path of a file name or of a file:// address, as file managers pass either."""
    if name.startswith("file://"):
        from urllib.parse import unquote, urlsplit

        name = unquote(urlsplit(name).path)
        if os.name == "nt":
            name = name.lstrip("/")
    return Path(name).expanduser()


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0, 1 for what the person can put right, 2 for wrong usage of a command, 70
    for a fault of ours (its reference is on standard error and in the log)."""
    from crm_desktop.base import streams

    streams.make_printable()
    exit_code = EXIT_USER
    try:
        exit_code = _run(tuple(sys.argv[1:] if arguments is None else arguments))
        problem = streams.output_problem()
    except BrokenPipeError:
        streams.drop_output()
        return 0
    except OSError as error:
        problem = streams.output_problem(error)
        if problem is None:
            raise
    if problem is None:
        return exit_code
    print(problem, file=sys.stderr)
    return exit_code or EXIT_USER


def _run(given: tuple[str, ...]) -> int:
    try:
        request = parse(given)
    except WrongUsage as error:
        print(error, file=sys.stderr)
        return EXIT_USER
    if request.wants_version:
        print(f"crm-desktop, version {__version__}")
        return 0
    if request.wants_help:
        return _command_line(("--help",), _WINDOW_HELP)
    if request.command is not None:
        return _command_line(request.command)
    return _open_window(request)


def _command_line(arguments: Sequence[str], addition: str = "") -> int:
    from crm_desktop import cli

    exit_code = cli.main(arguments)
    print(addition, end="")
    return exit_code


def _open_window(request: Request) -> int:
    from crm_desktop.base import preflight

    problem = preflight.check()
    if problem is not None:
        print(problem, file=sys.stderr)
        return EXIT_USER

    from crm_desktop.base.errors import UserError

    # Loading allocates much and frees nothing: collecting meanwhile is time lost. The application
    # takes it up again after the first paint.
    gc.disable()
    try:
        if request.wants_selftest:
            from crm_desktop.selftest import selftest

            return selftest(entered_at_ns=ENTERED_AT_NS)
        from crm_desktop import app

        return app.run(database=request.database, files=request.files)
    except UserError as error:
        print(error, file=sys.stderr)
        return EXIT_USER
    except Exception as error:
        from crm_desktop.base import log

        log.configure(to_stderr=False)
        print(
            "Something went wrong inside the program. Your data is safe; the log has the details "
            f"under {log.report(error)}.",
            file=sys.stderr,
        )
        return EXIT_FAULT


if __name__ == "__main__":
    sys.exit(main())
