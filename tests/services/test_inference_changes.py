"""A refresh from what changed leaves the rows of a full run, whatever changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.base.clock import from_seconds
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.derived import Derived
from crm_desktop.engines import edge_changes, vocabulary
from crm_desktop.engines import inference as engine
from crm_desktop.services.inference import infer_all, refresh_relationships
from crm_desktop.services.refresh import stale_kinds
from tests.changing_archive import STEPS, ChangingArchive

if TYPE_CHECKING:
    from crm_desktop.services.access import DirectAccess

KEPT = (
    "SELECT id, relationship_type_id, from_entity_id, to_entity_id, source, properties,"
    " description, created_at, updated_at FROM relationships ORDER BY from_entity_id, to_entity_id,"
    " relationship_type_id"
)
STATE = (
    "SELECT * FROM inference_people ORDER BY 1",
    "SELECT * FROM inference_blocked ORDER BY 1, 2",
    "SELECT * FROM inference_terms ORDER BY 1",
    "SELECT key, value FROM system_settings WHERE key = 'inference_state'",
    "SELECT kind, entity_id FROM pending WHERE kind LIKE '%inference%' ORDER BY 1, 2",
    "SELECT * FROM inference_before",
)


@pytest.fixture
def small_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few conversations are many here: the latest of a pair, and those that terms count in."""
    for module in (engine, edge_changes):
        monkeypatch.setattr(module, "RECENT_CONVERSATIONS", 3)
    monkeypatch.setattr(vocabulary, "MILESTONE_BITS", 1)


def refresh(archive: ChangingArchive, access: DirectAccess, monkeypatch: Any) -> None:
    monkeypatch.setenv("CRM_DESKTOP_NOW", from_seconds(archive.now).isoformat())
    refresh_relationships(access)


def state_of(archive: ChangingArchive) -> list[Any]:
    return [archive.rows(sql) for sql in STATE]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.lists(STEPS, min_size=1, max_size=8), min_size=2, max_size=6))
@pytest.mark.usefixtures("small_scale")
def test_a_refresh_equals_a_full_run(database, access, rounds):
    with pytest.MonkeyPatch.context() as monkeypatch:
        archive = ChangingArchive(database)
        refresh(archive, access, monkeypatch)
        for steps in rounds:
            archive.do(steps)
            refresh(archive, access, monkeypatch)
            assert Derived.INFERENCE not in stale_kinds(access)
            refreshed, state = archive.rows(KEPT), state_of(archive)
            access.write(lambda store: store.pending.mark(Derived.INFERENCE))
            refresh_relationships(access)
            assert archive.rows(KEPT) == refreshed
            assert state_of(archive) == state
        # And a run that knows nothing of the former ones finds the same.
        archive.do([])
        with database.write() as store:
            as_of = store.inference_state.state().as_of
            store.connection.exec_driver_sql(
                "DELETE FROM relationships WHERE source = 'inferred' AND updated_by IS NULL"
            )
            store.settings.delete("inference_state")
        infer_all(access, archive.now, as_of, JobContext())
        assert [(*row[1:7],) for row in archive.rows(KEPT)] == [(*row[1:7],) for row in refreshed]
