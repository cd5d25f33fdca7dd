"""The JSON of edge features as it is read."""

from __future__ import annotations

from crm_desktop.domain.interactions import EdgeFeatures
from crm_desktop.model.interactions import edge_features_from_json


def test_unknown_and_missing_keys_are_tolerated():
    text = (
        '{"days_since_last_message":1.5,"messages_30d":2,"distinct_threads_90d":3,'
        '"attachments_30d":4,"avg_reply_latency_seconds":null,"mood":"good"}'
    )
    features, trend = edge_features_from_json(text)
    assert features == EdgeFeatures(1.5, 2, 3, 4, None)
    assert trend == (0,) * 13
