"""Inferring who knows whom from shared conversations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.derived import Derived
from crm_desktop.domain.relationships import InferenceReport
from crm_desktop.services.instant import reference_seconds

if TYPE_CHECKING:
    from crm_desktop.engines.inference import Inference
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.model.inferred import InferredChanges, InferredRow
    from crm_desktop.services.access import Access

INFERRED_AT = "inferred_at"
MAX_PARTICIPANTS_SETTING = "inference_max_participants"
MAX_NAMED_IDS = 500
ROWS_PER_SLICE = 2_000


@dataclass(frozen=True, slots=True)
class _Found:
    inference: Inference
    rows: list[InferredRow]
    changes: InferredChanges
    suppressed: int


def infer_relationships(access: Access, *, ctx: JobContext | None = None) -> InferenceReport:
    """Bring the inferred KNOWS relationships in line with the conversations, in one transaction.

    What a person entered, imported or rejected is never touched, unchanged rows keep their ids,
    and with no conversations left the stale rows go. The computing happens on a snapshot; when
    something was written meanwhile, the result still goes in, but the work stays pending.
    """
    ctx = ctx or JobContext()
    now = reference_seconds(access)
    stamp = access.write(lambda store: store.relationships.inferred.change_stamp())
    found = _find(access, now, ctx)
    ctx.tick(0, 0, "Saving relationships")

    def save(store: UnitOfWork) -> tuple[InferredChanges, int]:
        changes, suppressed = found.changes, found.suppressed
        inferred = store.relationships.inferred
        is_current = inferred.change_stamp() == stamp
        if not is_current:
            wanted = _unblocked(found.rows, found.inference, inferred.blocked_pairs())
            changes = inferred.changes(wanted)
            suppressed = len(found.rows) - len(wanted)
        inferred.apply(changes, now_seconds())
        store.settings.set(INFERRED_AT, str(now_seconds()))
        if is_current:
            store.pending.clear(Derived.INFERENCE)
        return changes, suppressed

    changes, suppressed = access.write(save)
    inference = found.inference
    return InferenceReport(
        pairs=len(found.rows) - suppressed,
        inserted=len(changes.inserts),
        updated=len(changes.updates),
        deleted=len(changes.deletes),
        suppressed=suppressed,
        skipped_large=inference.skipped_large,
        skipped_kinds=inference.skipped_kinds,
        clamped=inference.clamped,
        changes=_what_changed(changes),
    )


def _find(access: Access, now: int, ctx: JobContext) -> _Found:
    import numpy as np

    from crm_desktop.engines import inference as engine

    with access.read(ctx.token) as store:
        ctx.tick(0, 0, "Reading conversations")
        participants = engine.Participants(*store.relationships.inferred.participants())
        ids, name_keys, is_person = store.relationships.inferred.participating_contacts()
        different = store.relationships.inferred.different_people()
        blocked = store.relationships.inferred.blocked_pairs()
        subjects = dict(zip(*store.relationships.inferred.subjects(), strict=True))
        setting = store.settings.get(MAX_PARTICIPANTS_SETTING)
    contacts = engine.Contacts(np.array(ids, np.int64), name_keys, np.array(is_person, np.bool_))
    inference = engine.infer(
        participants,
        contacts,
        now=now,
        max_participants=int(setting) if setting else engine.DEFAULT_MAX_PARTICIPANTS,
        different=different,
        ctx=ctx,
    )
    names = dict(zip(ids, name_keys, strict=True))
    rows = list(_rows(inference, subjects, names, ctx))
    wanted = _unblocked(rows, inference, blocked)
    with access.read(ctx.token) as store:
        ctx.tick(0, 0, "Comparing with what is known")
        changes = store.relationships.inferred.changes(wanted)
    return _Found(inference, rows, changes, len(rows) - len(wanted))


def _rows(
    inference: Inference, subjects: dict[int, str], names: dict[int, str], ctx: JobContext
) -> Iterator[InferredRow]:
    from crm_desktop.engines import terms
    from crm_desktop.engines.inference import MISSING

    edges, folded = inference.edges, inference.folded
    words = {id_: frozenset(names[id_].split()) for id_ in folded.person_ids.tolist()}
    vocabulary = terms.vocabulary(subjects, folded.conversation_ids, ctx)
    topics = terms.edge_terms(edges, folded, vocabulary, words, ctx)
    # In slices: turning a whole archive into Python numbers at once would hold up the window.
    for begin in range(0, len(edges), ROWS_PER_SLICE):
        part = slice(begin, begin + ROWS_PER_SLICE)
        for low, high, shared, messages, first, last, strength in zip(
            edges.low_ids[part].tolist(),
            edges.high_ids[part].tolist(),
            edges.shared_conversations[part].tolist(),
            edges.shared_messages[part].tolist(),
            edges.first_interaction[part].tolist(),
            edges.last_interaction[part].tolist(),
            edges.strengths[part].tolist(),
            strict=True,
        ):
            yield (
                low,
                high,
                f'{{"strength":{strength!r},"shared_conversations":{shared},'
                f'"shared_messages":{messages},'
                f'"first_interaction":{"null" if first == MISSING else first},'
                f'"last_interaction":{"null" if last == MISSING else last}}}',
                terms.describe(next(topics), shared, first, last),
            )


def _unblocked(
    rows: Iterable[InferredRow], inference: Inference, blocked: set[tuple[int, int]]
) -> list[InferredRow]:
    """The rows whose two people are not joined by another row or parted by a decision, whichever
    of their aliases that names."""
    canonical = inference.canonical
    people = {
        tuple(sorted((canonical.get(low, low), canonical.get(high, high)))) for low, high in blocked
    }
    return [row for row in rows if row[:2] not in people]


def _what_changed(changes: InferredChanges) -> Changes:
    if not (changes.inserts or changes.updates or changes.deletes):
        return Changes()
    ids: set[int] = set()
    # A deleted row is known by its own id only, so its contacts cannot be named.
    if not changes.deletes and len(changes.inserts) + len(changes.updates) <= MAX_NAMED_IDS:
        for row in (*changes.inserts, *(row for _, row in changes.updates)):
            ids.update(row[:2])
    return Changes(frozenset({ChangeKind.RELATIONSHIPS}), frozenset(ids))
