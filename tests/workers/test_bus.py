"""The bus of changes."""

from __future__ import annotations

from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.workers.bus import ChangeBus


def test_changes_are_published_and_nothing_is_not(qtbot):
    bus, heard = ChangeBus(), []
    bus.changed.connect(heard.append)
    changes = Changes.of(ChangeKind.CONTACTS)
    bus.publish(Changes())
    bus.publish(changes)
    assert heard == [changes]
