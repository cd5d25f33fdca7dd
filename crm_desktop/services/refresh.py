"""Bringing derived data up to date: whatever `pending` says is stale, or a new day has made so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import Changes
from crm_desktop.domain.derived import STALE_KINDS, Derived
from crm_desktop.services.identity import settle_contacts
from crm_desktop.services.inference import refresh_relationships
from crm_desktop.services.instant import day_of, reference_seconds
from crm_desktop.services.interactions import refresh_features

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access


def mark_stale(store: UnitOfWork, import_id: int | None = None) -> None:
    """Say, within a running write, that everything derived is to be worked out anew; or, with an
    import, that it has brought something, and that its contacts are to be settled."""
    if import_id is None:
        store.pending.mark(Derived.INFERENCE)
        store.pending.mark(Derived.INTERACTIONS)
        return
    store.pending.mark(Derived.CONTACTS, [import_id])
    mark_changes(store)


def mark_changes(store: UnitOfWork) -> None:
    """Say, within a running write, that messages or who takes part in them have changed. Which
    ones the database notes by itself."""
    store.inference_state.mark_changes()
    store.interactions_state.mark_changes()


def mark_people(store: UnitOfWork, contact_ids: Iterable[int]) -> None:
    """Say, within a running write, that a person decided something about these contacts or edited
    them: which relationships they have, who counts as the same person. What such an edit does to
    messages, names and kinds the database notes by itself."""
    store.pending.mark(Derived.INFERENCE, contact_ids)


def request_inference(access: Access) -> None:
    """Say that all relationships shall be found anew, whatever has changed."""
    access.write(lambda store: store.pending.mark(Derived.INFERENCE))


def is_inference_requested(access: Access) -> bool:
    """Whether relationships are still to be found anew, wholly or in part."""
    with access.read() as store:
        return Derived.INFERENCE in store.pending.kinds()


def stale_kinds(access: Access) -> tuple[Derived, ...]:
    """Which derived data is out of date, in the order to renew it."""
    with access.read() as store:
        found = set(store.pending.kinds())
        inferred, measured = store.inference_state.state(), store.interactions_state.state()
    stale = {kind for kind in Derived if not STALE_KINDS[kind].isdisjoint(found)}
    today = day_of(reference_seconds(access))
    if inferred is not None and day_of(inferred.as_of) != today:
        stale.add(Derived.INFERENCE)
    if measured is None or day_of(measured.as_of) != today:
        stale.add(Derived.INTERACTIONS)
    return tuple(kind for kind in Derived if kind in stale)


def refresh_derived(access: Access, *, ctx: JobContext | None = None) -> Changes:
    """Run what is stale, so that a reader sees names, edges and scores of all that is stored."""
    changes = Changes()
    for kind in stale_kinds(access):
        if kind is Derived.CONTACTS:
            changes |= settle_contacts(access, ctx=ctx)
        elif kind is Derived.INFERENCE:
            changes |= refresh_relationships(access, ctx=ctx)
        else:
            changes |= refresh_features(access, ctx=ctx)
    return changes
