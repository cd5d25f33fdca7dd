"""The log's file: rotating, and private from birth."""

from __future__ import annotations

import logging.handlers
from io import TextIOWrapper
from pathlib import Path

from crm_desktop.base.paths import create_private_file


class PrivateRotatingHandler(logging.handlers.RotatingFileHandler):
    """A rotating file whose every generation is born with mode 0600."""

    def _open(self) -> TextIOWrapper:
        create_private_file(Path(self.baseFilename))
        return super()._open()
