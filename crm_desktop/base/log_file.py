"""The log's file: rotating, and private from birth."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from io import TextIOWrapper
from pathlib import Path

from crm_desktop.base.paths import create_private_file


class PrivateRotatingHandler(logging.handlers.RotatingFileHandler):
    """A rotating file whose every generation is born with mode 0600."""

    def _open(self) -> TextIOWrapper:
        create_private_file(Path(self.baseFilename))
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Go without a line that cannot be written, rather than show a traceback for it."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)
