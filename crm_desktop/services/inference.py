"""Inferring who knows whom from shared conversations: all of it, or what changed since."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.relationships import InferenceReport
from crm_desktop.services.inference_topics import subjects_of_all
from crm_desktop.services.instant import reference_seconds

if TYPE_CHECKING:
    from crm_desktop.engines.edge_rows import EdgeRow
    from crm_desktop.engines.inference import Inference, Ints
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.model.inference_state import State
    from crm_desktop.services.access import Access

INFERRED_AT = "inferred_at"
MAX_PARTICIPANTS_SETTING = "inference_max_participants"
MAX_NAMED_IDS = 500
MAX_TRIES = 100
MANY_ROWS = 20_000


def infer_relationships(access: Access, *, ctx: JobContext | None = None) -> InferenceReport:
    """Bring the inferred KNOWS relationships in line with all conversations as of now, in one
    transaction.

    What a person entered, imported or rejected is never touched, unchanged rows keep their ids,
    and with no conversations left the stale rows go. The computing happens on a snapshot; what is
    written meanwhile stays pending.
    """
    now = reference_seconds(access)
    return infer_all(access, now, now, ctx or JobContext())


def refresh_relationships(access: Access, *, ctx: JobContext | None = None) -> Changes:
    """The same for what is stale: the pairs of conversations that changed since the last run, and
    on a new day those whose strength has faded. The rows are those of a full run.

    Strengths are as of the first refresh of a day (UTC) or the last full run since.
    """
    from crm_desktop.services.inference_changes import NotFromChangesError, infer_changes

    ctx = ctx or JobContext()
    now = reference_seconds(access)
    try:
        return infer_changes(access, now, ctx)
    except NotFromChangesError as reason:
        return infer_all(access, now, reason.as_of, ctx).changes


@contextmanager
def taken_snapshot(access: Access, ctx: JobContext) -> Iterator[UnitOfWork]:
    """A snapshot of exactly what the marks taken for this run tell of."""
    for _ in range(MAX_TRIES):
        access.write(lambda store: store.inference_state.take())
        with access.read(ctx.token) as store:
            if store.inference_state.is_all_taken():
                yield store
                return
    raise RuntimeError("the database changed at every look")


def max_participants(store: UnitOfWork) -> int:
    """The most people a conversation may have that counts."""
    from crm_desktop.engines.inference import DEFAULT_MAX_PARTICIPANTS

    setting = store.settings.get(MAX_PARTICIPANTS_SETTING)
    return int(setting) if setting else DEFAULT_MAX_PARTICIPANTS


def canonical_pairs(
    pairs: set[tuple[int, int]], counted_as: dict[int, int]
) -> set[tuple[int, int]]:
    """The pairs of people, lower id first, that pairs of contacts stand for."""
    people = ((counted_as.get(low, low), counted_as.get(high, high)) for low, high in pairs)
    return {(min(pair), max(pair)) for pair in people}


def what_changed(deletes: int, pairs: list[tuple[int, int]]) -> Changes:
    """What to tell views of so many deleted rows, and of others written for these pairs."""
    if not (deletes or pairs):
        return Changes()
    ids: set[int] = set()
    # A deleted row is known by its own id only, so its contacts cannot be named.
    if not deletes and len(pairs) <= MAX_NAMED_IDS:
        ids.update(id_ for pair in pairs for id_ in pair)
    return Changes(frozenset({ChangeKind.RELATIONSHIPS}), frozenset(ids))


@dataclass(frozen=True, slots=True)
class _Found:
    """All edges, with what is kept for the next refresh. `wanted` are the edges not blocked."""

    inference: Inference
    topics: list[str]
    wanted: Ints
    blocked: set[tuple[int, int]]
    counted_as: dict[int, int]
    terms: dict[str, tuple[int, str | None]]
    state: State
    ahead: list[int]


@dataclass(frozen=True, slots=True)
class _Difference:
    """Which of the wanted edges to add or to write in place of which rows, and which to delete.
    `own` are the descriptions that a person wrote, by the ids of the rows updated."""

    inserts: Ints
    updates: Ints
    updated_ids: Ints
    deletes: list[int]
    own: dict[int, str | None]


def infer_all(access: Access, now: int, as_of: int, ctx: JobContext) -> InferenceReport:
    """Find all relationships anew, with strengths as of `as_of`."""
    from crm_desktop.engines.edge_rows import edge_rows

    found = _find(access, now, as_of, ctx)
    inference, edges = found.inference, found.inference.edges
    with access.read(ctx.token) as store:
        ctx.tick(0, 0, "Comparing with what is known")
        difference = _difference(store, found, ctx)

    def rows(which: Ints) -> Iterator[list[EdgeRow]]:
        done = 0
        for part in edge_rows(
            edges, found.topics, inference.conversation_ids, as_of=as_of, which=which
        ):
            ctx.tick(done, len(which), "Saving relationships")
            done += len(part)
            yield part

    def save(store: UnitOfWork) -> None:
        written_at = now_seconds()
        inferred = store.relationships.inferred
        inferred.delete(difference.deletes)
        ids = iter(difference.updated_ids.tolist())
        for part in rows(difference.updates):
            inferred.update(
                (
                    (id_, (*row[:3], difference.own.get(id_, row[3])))
                    for id_, row in zip(islice(ids, len(part)), part, strict=True)
                ),
                written_at,
            )
        added = _of_existing(store, found, difference.inserts)
        is_many = len(added) >= max(MANY_ROWS, inferred.count())
        with inferred.without_list_index() if is_many else nullcontext():
            inferred.insert(rows(added), written_at)
        blocked = canonical_pairs(inferred.blocked_pairs(), found.counted_as)
        inferred.delete_pairs(blocked - found.blocked)
        state = store.inference_state
        state.save_people(found.counted_as)
        state.save_blocked(blocked | found.blocked)
        state.save_terms(found.terms)
        state.finish(found.state, found.ahead)
        store.settings.set(INFERRED_AT, str(written_at))

    access.write(save)
    touched = [*difference.inserts.tolist(), *difference.updates.tolist()][: MAX_NAMED_IDS + 1]
    return InferenceReport(
        pairs=len(found.wanted),
        inserted=len(difference.inserts),
        updated=len(difference.updates),
        deleted=len(difference.deletes),
        suppressed=len(edges) - len(found.wanted),
        skipped_large=inference.skipped_large,
        skipped_kinds=inference.skipped_kinds,
        clamped=inference.clamped,
        changes=what_changed(
            len(difference.deletes),
            [(int(edges.low_ids[edge]), int(edges.high_ids[edge])) for edge in touched],
        ),
    )


def _find(access: Access, now: int, as_of: int, ctx: JobContext) -> _Found:
    import numpy as np

    from crm_desktop.engines import inference as engine
    from crm_desktop.engines.folding import Participants
    from crm_desktop.engines.terms import topics
    from crm_desktop.engines.vocabulary import milestone
    from crm_desktop.model.inference_state import State

    with taken_snapshot(access, ctx) as store:
        ctx.tick(0, 0, "Reading conversations")
        inferred = store.relationships.inferred
        participants = Participants(*inferred.participants())
        ids, name_keys, is_person = inferred.contacts()
        different, same = inferred.decided("different"), inferred.decided("same")
        blocked = inferred.blocked_pairs()
        conversation_ids, ended_at = inferred.conversations()
        subjects = inferred.subjects()
        limit = max_participants(store)
    inference = engine.infer(
        participants,
        engine.Contacts(np.array(ids, np.int64), name_keys, np.array(is_person, np.bool_)),
        now=now,
        max_participants=limit,
        different=different,
        same=same,
        ended_at=(conversation_ids, ended_at),
        ctx=ctx,
    )
    last_counted = milestone(int(conversation_ids.max(initial=0)))
    about = subjects_of_all(inference, participants, subjects, last_counted, ctx)
    names = dict(zip(ids, name_keys, strict=True))
    edges, counted_as = inference.edges, dict(inference.counted_as)
    kept_away = canonical_pairs(blocked, counted_as)
    is_ahead = (participants.first_seen_at > now) | (participants.last_seen_at > now)
    return _Found(
        inference,
        topics(edges, about, {id_: names[id_] for id_ in inference.person_ids.tolist()}, ctx),
        np.flatnonzero(~engine.is_among(edges, kept_away)),
        kept_away,
        counted_as,
        {name: (term.conversations, term.spelling) for name, term in about.archive.counts.items()},
        State(as_of, now, limit, last_counted, about.archive.documents),
        np.unique(participants.conversation_ids[is_ahead]).tolist(),
    )


def _difference(store: UnitOfWork, found: _Found, ctx: JobContext) -> _Difference:
    """How the stored rows differ from those wanted."""
    import numpy as np

    from crm_desktop.engines.edge_rows import edge_rows, is_sentence

    deletes = store.relationships.inferred.strays()
    if not store.relationships.inferred.count():
        nothing = np.empty(0, np.int64)
        return _Difference(found.wanted, nothing, nothing, deletes, {})
    inserts, updates, updated_ids = array("q"), array("q"), array("q")
    own: dict[int, str | None] = {}
    stored = store.relationships.inferred.stored()
    row = next(stored, None)
    edge_numbers = iter(found.wanted.tolist())
    done = 0
    for part in edge_rows(
        found.inference.edges,
        found.topics,
        found.inference.conversation_ids,
        as_of=found.state.as_of,
        which=found.wanted,
    ):
        ctx.tick(done, len(found.wanted), "Comparing with what is known")
        done += len(part)
        for wanted, edge in zip(part, edge_numbers, strict=False):
            while row is not None and row[1:3] < wanted[:2]:
                deletes.append(row[0])
                row = next(stored, None)
            if row is None or row[1:3] != wanted[:2]:
                inserts.append(edge)
                continue
            if row[4] != wanted[3] and not is_sentence(row[4]):
                own[row[0]] = row[4]
            if row[3] != wanted[2] or (row[4] != wanted[3] and row[0] not in own):
                updates.append(edge)
                updated_ids.append(row[0])
            row = next(stored, None)
    if row is not None:
        deletes.append(row[0])
    deletes.extend(row[0] for row in stored)
    return _Difference(np.array(inserts), np.array(updates), np.array(updated_ids), deletes, own)


def _of_existing(store: UnitOfWork, found: _Found, which: Ints) -> Ints:
    """Those of the edges whose two contacts are there (still)."""
    import numpy as np

    edges = found.inference.edges
    people = np.unique(np.concatenate((edges.low_ids[which], edges.high_ids[which])))
    there = np.array(sorted(store.relationships.inferred.existing(people.tolist())), np.int64)
    if len(there) == len(people):
        return which
    return which[np.isin(edges.low_ids[which], there) & np.isin(edges.high_ids[which], there)]
