"""Bringing derived data up to date: whatever `pending` says is stale, or a new day has made so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crm_desktop.base import clock
from crm_desktop.base.errors import UserError
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import Changes

if TYPE_CHECKING:
    from crm_desktop.services.access import Access

AS_OF = "as_of"
AGGREGATED_AT = "aggregated_at"


def reference_instant(access: Access) -> datetime:
    """The instant that "now" means for this database: the setting `as_of`, with which an old
    archive is looked at from its own time, or the clock."""
    with access.read() as store:
        value = store.settings.get(AS_OF)
    if not value:
        return clock.now()
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise UserError(
            f"The setting as_of is “{value}”, which is not a date and time. Clear it in Settings."
        ) from None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


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
