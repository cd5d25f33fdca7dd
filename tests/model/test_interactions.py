"""The JSON of edge features, and which rows must be written."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.domain.interactions import EdgeFeatures
from crm_desktop.model.interactions import (
    edge_features_from_json,
    edge_features_json,
)
from tests.archive_builder import ArchiveBuilder

counts = st.integers(0, 2**40)
floats = st.floats(0, allow_nan=False, allow_infinity=False)


@given(
    st.builds(
        EdgeFeatures,
        floats,
        counts,
        counts,
        counts,
        st.one_of(st.none(), floats),
        counts,
        counts,
        counts,
    ),
    st.lists(counts, min_size=13, max_size=13),
)
def test_features_survive_the_round_trip(features, trend):
    text = edge_features_json(features, trend)
    assert edge_features_from_json(text) == (features, tuple(trend))
    assert json.loads(text)["days_since_last_message"] == features.days_since_last_message


def test_unknown_and_missing_keys_are_tolerated():
    text = (
        '{"days_since_last_message":1.5,"messages_30d":2,"distinct_threads_90d":3,'
        '"attachments_30d":4,"avg_reply_latency_seconds":null,"mood":"good"}'
    )
    features, trend = edge_features_from_json(text)
    assert features == EdgeFeatures(1.5, 2, 3, 4, None)
    assert trend == (0,) * 13


def test_changes_are_only_what_differs(database):
    archive = ArchiveBuilder(database)
    ada, ben, cy = (archive.contact(name) for name in ("Ada", "Ben", "Cy"))
    kept = (ada, ben, 1.0, 5, 0, "{}")
    moved = (ada, cy, 1.0, 5, 0, "{}")
    gone = (ben, cy, 1.0, 5, 0, "{}")
    unknown = (ada, 999, 1.0, 5, 0, "{}")
    with database.write() as store:
        store.interactions.upsert([kept, moved, gone, unknown], 3)
        new, after = (cy, ada, 2.0, 5, 1, "{}"), (*moved[:2], 4.0, *moved[3:])
        changes = store.interactions.changes([kept, after, new])
    assert (changes.inserts, changes.updates, changes.deletes) == ((new,), (after,), ((ben, cy),))
