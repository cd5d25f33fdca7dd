"""The JSON of edge features, and columns read in bulk."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.domain.interactions import EdgeFeatures
from crm_desktop.model.bulk import MISSING, integer_columns
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


def test_columns_of_no_rows_are_empty_arrays(database):
    with database.read() as store:
        columns = integer_columns(store.connection, "SELECT 1, 2 WHERE 0", 2)
    assert [len(column) for column in columns] == [0, 0]


def test_columns_hold_the_whole_integer_range(database):
    with database.read() as store:
        [first, second] = integer_columns(
            store.connection, "SELECT coalesce(NULL, ?), 9223372036854775807", 2, (MISSING,)
        )
    assert (first[0], second[0]) == (np.iinfo(np.int64).min, np.iinfo(np.int64).max)
