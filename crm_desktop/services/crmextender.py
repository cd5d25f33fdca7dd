"""Bringing a database of CRMExtender from its version 3 to its version 4."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_desktop.domain.crmextender import MigrationReport


def migrate_to_v4(path: Path, *, dry_run: bool = False) -> MigrationReport:
    """Migrate the file in one step, with a backup of it as it was beside it; what was done.

    A file of version 4 stays as it is. `dry_run` works on a copy that is removed again. Raises
    UserError, and leaves the file as it was, when it cannot be done.
    """
    from crm_desktop.model.crmextender import migrate_to_v4 as migrate
    from crm_desktop.model.engine import check_sqlite_version

    check_sqlite_version()
    return migrate(path, dry_run=dry_run)
