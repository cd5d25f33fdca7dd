"""Backups as a job."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_desktop.base.errors import Cancelled
from crm_desktop.base.jobs import CancelToken, JobContext, Progress
from crm_desktop.model.database import Database
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.backup import backup_database
from crm_desktop.services.cards import contact_card
from tests.life import Life


def test_backup_opens_with_everything_in_it(access: DirectAccess, tmp_path: Path) -> None:
    ada = access.write(lambda store: Life(store).contact("Ada", notes="Met in Turin"))
    seen: list[Progress] = []
    target = tmp_path / "backup.sqlite"
    backup_database(access, target, ctx=JobContext(seen.append))
    copy = Database.open(target)
    assert contact_card(DirectAccess(copy), ada).notes == "Met in Turin"
    copy.close()
    assert seen[-1].done == seen[-1].total == 1


def test_a_cancelled_backup_leaves_nothing(access: DirectAccess, tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        backup_database(access, tmp_path / "backup.sqlite", ctx=JobContext(token=token))
    assert not list(tmp_path.glob("*backup*"))
