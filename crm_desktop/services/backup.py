"""Backups."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crm_desktop.base.jobs import JobContext

if TYPE_CHECKING:
    from crm_desktop.services.access import Access


def backup_database(access: Access, target: Path, *, ctx: JobContext | None = None) -> None:
    """Put a verified copy of the database, as it is now, at `target` (mode 0600).

    Others may read and write meanwhile. An older backup there is replaced in one step. Raises
    UserError when the place is unsuitable or the copy cannot be made; what was there then stays.
    """
    ctx = ctx or JobContext()
    ctx.tick(0, 1, "Backing up")
    with access.read(ctx.token) as store:
        store.backup.copy_to(target)
    ctx.tick(1, 1, "Backed up")
