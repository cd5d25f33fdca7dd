"""Bringing derived data up to date: whatever `pending` says is stale, or a new day has made so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import Changes
from crm_desktop.services.instant import reference_instant

if TYPE_CHECKING:
    from crm_desktop.services.access import Access

AGGREGATED_AT = "aggregated_at"


def stale_kinds(access: Access) -> tuple[str, ...]:
    """Which derived data is out of date, in the order to refresh it: inference, interactions."""
    with access.read() as store:
        marked = {kind for kind in ("inference", "interactions") if store.pending.peek(kind)}
        aggregated_at = store.settings.get(AGGREGATED_AT)
    today = reference_instant(access).date()
    if aggregated_at is None or _day_of(aggregated_at) != today:
        marked.add("interactions")
        if aggregated_at is not None:
            marked.add("inference")
    return tuple(kind for kind in ("inference", "interactions") if kind in marked)


def _day_of(value: str) -> object:
    return datetime.fromtimestamp(int(value), UTC).date() if value.isdigit() else None


def refresh_derived(access: Access, *, ctx: JobContext | None = None) -> Changes:
    """Run what is stale, so that a reader sees edges and scores of all that is stored."""
    from crm_desktop.services.interactions import aggregate_features
    from crm_desktop.services.relationships import infer_relationships

    changes = Changes()
    for kind in stale_kinds(access):
        if kind == "inference":
            changes |= infer_relationships(access, ctx=ctx).changes
        else:
            changes |= aggregate_features(access, ctx=ctx).changes
    return changes
