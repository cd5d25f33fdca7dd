"""A refresh of measures from what changed leaves the rows of a full run, whatever changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.base.clock import from_seconds
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.derived import Derived
from crm_desktop.services.interactions import measure_all, refresh_features
from crm_desktop.services.refresh import stale_kinds
from tests.changing_archive import STEPS, ChangingArchive

if TYPE_CHECKING:
    from crm_desktop.services.access import DirectAccess

ROWS = "SELECT * FROM crm_relationships ORDER BY 1, 2"
STATE = (
    "SELECT key, value FROM system_settings WHERE key = 'interactions_state'",
    "SELECT kind, entity_id FROM pending WHERE kind LIKE '%interactions%' ORDER BY 1, 2",
    "SELECT * FROM interactions_before",
)


def refresh(archive: ChangingArchive, access: DirectAccess, monkeypatch: Any) -> None:
    monkeypatch.setenv("CRM_DESKTOP_NOW", from_seconds(archive.now).isoformat())
    refresh_features(access)


def state_of(archive: ChangingArchive) -> list[Any]:
    return [archive.rows(sql) for sql in STATE]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.lists(STEPS, min_size=1, max_size=8), min_size=2, max_size=6))
def test_a_refresh_equals_a_full_run(database, access, rounds):
    with pytest.MonkeyPatch.context() as monkeypatch:
        archive = ChangingArchive(database)
        refresh(archive, access, monkeypatch)
        for steps in rounds:
            archive.do(steps)
            refresh(archive, access, monkeypatch)
            assert Derived.INTERACTIONS not in stale_kinds(access)
            refreshed, state = archive.rows(ROWS), state_of(archive)
            access.write(lambda store: store.pending.mark(Derived.INTERACTIONS))
            refresh_features(access)
            assert archive.rows(ROWS) == refreshed
            assert state_of(archive) == state
        # And a run that knows nothing of the former ones finds the same, but for plain ages.
        with database.write() as store:
            as_of = store.interactions_state.state().as_of
            store.connection.exec_driver_sql("DELETE FROM crm_relationships")
            store.settings.delete("interactions_state")
        measure_all(access, archive.now, as_of, JobContext(), is_exact=True)
        anew = archive.rows(ROWS)
        assert [row[:2] for row in anew] == [row[:2] for row in refreshed]
        for row, before in zip(anew, refreshed, strict=True):
            assert row[2] == pytest.approx(before[2], abs=0.01)
            assert row[3:5] == before[3:5]
            features, known = json.loads(row[5]), json.loads(before[5])
            days, known_days = (f.pop("days_since_last_message") for f in (features, known))
            assert features == known
            assert days >= known_days
