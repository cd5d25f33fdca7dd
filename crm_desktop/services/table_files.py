"""Writing lists as CSV files that spreadsheets open without harm."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from crm_desktop.base.errors import UserError

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes spreadsheets run a cell (OWASP, CSV injection), the full-width forms included."""


def write_csv(path: Path, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """How many rows were written to a new file at `path`, as UTF-8 with a mark that spreadsheets
    know; a file that is there is replaced, once all is written. Raises UserError when it cannot
    be written.

    Text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    count = 0
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8-sig", newline="", dir=path.parent, delete=False
        ) as file:
            try:
                writer = csv.writer(file)
                writer.writerow(headers)
                for row in rows:
                    writer.writerow([_harmless(value) for value in row])
                    count += 1
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                file.close()
                os.unlink(file.name)
                raise
        os.replace(file.name, path)
    except OSError as error:
        raise UserError(
            f"“{path.name}” cannot be written ({error.strerror}). Choose another place."
        ) from error
    return count


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.lstrip(" \u00a0").startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
