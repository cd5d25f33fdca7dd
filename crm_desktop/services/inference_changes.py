"""Bringing inferred relationships up to date from what changed since they were last found.

The database notes what changes: the participants of conversations as they were, and who is called
or counted otherwise. What the changed conversations said of each pair is taken away, what they say
now is added; everyone else's rows are not even read. The result is that of a full run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from crm_desktop.base.clock import DAY_S, now_seconds
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import Changes
from crm_desktop.model.inference_state import MOST_CONVERSATIONS
from crm_desktop.services.inference import (
    INFERRED_AT,
    canonical_pairs,
    max_participants,
    taken_snapshot,
    what_changed,
)
from crm_desktop.services.inference_topics import subjects_of_some
from crm_desktop.services.instant import day_of

if TYPE_CHECKING:
    from crm_desktop.engines.edge_changes import Edge, Meeting, Pair
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.model.inference_state import State
    from crm_desktop.model.inferred import InferredRow, StoredRow
    from crm_desktop.services.access import Access

MAX_SHARE = 0.25
"""From such a share of changed conversations on a full run is quicker."""
FEW = 1_000
"""... but for so few it never is."""
MAX_ROWS_ANEW = 200_000
"""So many participants may be looked at to count edges anew that changes alone do not tell of."""
ROWS_PER_SLICE = 2_000


class NotFromChangesError(Exception):
    """All relationships must be found anew, with strengths as of `as_of`."""

    def __init__(self, as_of: int) -> None:
        super().__init__("relationships must be found anew")
        self.as_of = as_of


@dataclass(slots=True)
class _Work:
    """What a run found: the rows to write, and what to keep for the next one."""

    state: State
    counted_as: dict[int, int]
    blocked: set[Pair]
    ahead: list[int] = field(default_factory=list)
    inserts: list[InferredRow] = field(default_factory=list)
    updates: list[tuple[int, InferredRow]] = field(default_factory=list)
    deletes: list[int] = field(default_factory=list)
    faded: list[tuple[int, InferredRow]] = field(default_factory=list)


def infer_changes(access: Access, now: int, ctx: JobContext) -> Changes:
    """Write what changed since the last run. Raises NotFromChangesError when that is unknown, or
    so much that it is quicker to find everything anew."""
    with taken_snapshot(access, ctx) as store:
        ctx.tick(0, 0, "Finding changed relationships")
        work = _Refresh(store, now, ctx).work()

    def save(store: UnitOfWork) -> None:
        written_at = now_seconds()
        inferred = store.relationships.inferred
        inferred.delete(work.deletes)
        inferred.update(work.updates, written_at)
        there = inferred.existing({id_ for row in work.inserts for id_ in row[:2]})
        inferred.insert([[row for row in work.inserts if there.issuperset(row[:2])]], written_at)
        blocked = canonical_pairs(inferred.blocked_pairs(), work.counted_as)
        inferred.delete_pairs(blocked - work.blocked)
        store.inference_state.save_people(work.counted_as)
        store.inference_state.save_blocked(blocked | work.blocked)
        store.inference_state.finish(work.state, work.ahead)
        store.settings.set(INFERRED_AT, str(written_at))

    # Bit by bit: these may be many, and written twice they are the same.
    for begin in range(0, len(work.faded), ROWS_PER_SLICE):
        ctx.tick(begin, len(work.faded), "Letting relationships fade")
        part = work.faded[begin : begin + ROWS_PER_SLICE]
        access.write(partial(_fade, rows=part))
    ctx.tick(0, 0, "Saving relationships")
    access.write(save)
    written = [*work.inserts, *(row for _, row in (*work.updates, *work.faded))]
    return what_changed(len(work.deletes), [row[:2] for row in written])


def _fade(store: UnitOfWork, *, rows: Sequence[tuple[int, InferredRow]]) -> None:
    store.relationships.inferred.update(rows, now_seconds())


class _Refresh:
    """One run, within one snapshot."""

    def __init__(self, store: UnitOfWork, now: int, ctx: JobContext) -> None:
        self._store = store
        self._inferred = store.relationships.inferred
        self._ctx = ctx
        self._taken = store.inference_state.taken()
        self._before, self._after = self._states(now)
        self._counted_before = store.inference_state.people()
        self._counted_as = self._who_counts_as_whom()
        blocked = canonical_pairs(self._inferred.blocked_pairs(), self._counted_as)
        self._work = _Work(self._after, self._counted_as, blocked)
        self._times: dict[int, int] = {}
        self._rows: dict[Pair, StoredRow] = {}

    def work(self) -> _Work:
        """Everything to be written."""
        edges = self._changed_edges()
        for pair, row in self._inferred.rows_of_people(self._taken.renamed).items():
            if pair not in edges and pair not in self._work.blocked:
                edges[pair], self._rows[pair] = edge_of(row), row
        self._write(edges)
        if self._after.as_of != self._before.as_of:
            self._age(edges)
        return self._work

    def _states(self, now: int) -> tuple[State, State]:
        """What the last run was made with, and what this one is."""
        from crm_desktop.engines.vocabulary import milestone

        state = self._store.inference_state.state()
        if state is None or now < state.now:
            raise NotFromChangesError(now)
        as_of = state.as_of if day_of(state.as_of) == day_of(now) else now
        if (
            self._taken.is_everything
            or max_participants(self._store) != state.max_participants
            or milestone(self._inferred.highest_conversation_id()) != state.milestone
            or any(id_ <= state.milestone for id_ in self._taken.subjects)
        ):
            raise NotFromChangesError(as_of)
        return state, replace(state, as_of=as_of, now=now)

    def _who_counts_as_whom(self) -> dict[int, int]:
        """What contacts count as now, of those that do not count as themselves."""
        from crm_desktop.engines.folding import NOBODY, canonical_contacts

        ids, name_keys, is_person = self._inferred.contacts()
        persons = [place for place, flag in enumerate(is_person) if flag]
        same = self._inferred.decided("same")
        namesakes: dict[str, list[int]] = {}
        for place in persons:
            if name_keys[place]:
                namesakes.setdefault(name_keys[place], []).append(ids[place])
        in_doubt = {id_ for group in namesakes.values() if len(group) > 1 for id_ in group}
        in_doubt.update(id_ for pair in same for id_ in pair)
        canonical = canonical_contacts(
            [ids[place] for place in persons],
            [name_keys[place] for place in persons],
            self._inferred.row_counts(in_doubt),
            self._inferred.decided("different"),
            same,
        )
        others = {id_: NOBODY for id_, flag in zip(ids, is_person, strict=True) if not flag}
        return others | canonical

    def _changed_edges(self) -> dict[Pair, Edge]:
        """What has become of the pairs that changes concern, those without anything in common
        any more included."""
        from crm_desktop.engines import edge_changes as engine

        dirty = self._dirty_conversations()
        old, new = self._meetings(dirty)
        blocked = self._work.blocked
        freed = self._store.inference_state.blocked() - blocked
        concerned = engine.differing(old, new, set(self._taken.conversations))
        self._rows = self._inferred.rows_of_pairs(sorted(concerned | freed | blocked))
        self._work.deletes += [row[0] for pair, row in self._rows.items() if pair in blocked]
        before = {pair: edge_of(row) for pair, row in self._rows.items()}
        self._read_times(
            [
                *before.get(pair, engine.NO_EDGE).recent,
                *(meeting[0] for meeting in new.get(pair, ())),
            ]
            for pair in concerned
        )
        edges: dict[Pair, Edge] = {}
        anew = set(freed)
        for pair in concerned - freed - blocked:
            try:
                if pair in old and pair not in before:
                    raise engine.CountAnewError
                edges[pair] = engine.changed(
                    before.get(pair, engine.NO_EDGE),
                    old.get(pair, ()),
                    new.get(pair, ()),
                    dirty,
                    self._ended_at,
                )
            except engine.CountAnewError:
                anew.add(pair)
        return edges | self._count_anew(anew)

    def _dirty_conversations(self) -> set[int]:
        """The conversations that say something else than before, or may."""
        before, after = self._counted_before, self._counted_as
        moved = [
            id_
            for id_ in before.keys() | after.keys()
            if before.get(id_, id_) != after.get(id_, id_)
        ]
        dirty = set(self._taken.conversations).union(
            self._taken.ahead,
            self._inferred.conversations_of(moved),
            (conversation_id for conversation_id, _ in self._taken.before),
        )
        count = self._inferred.conversation_count()
        if len(dirty) > max(FEW, min(MOST_CONVERSATIONS, int(MAX_SHARE * count))):
            raise NotFromChangesError(self._after.as_of)
        return dirty

    def _meetings(
        self, dirty: set[int]
    ) -> tuple[dict[Pair, list[Meeting]], dict[Pair, list[Meeting]]]:
        """What the dirty conversations said of each pair at the last run, and what they say
        now."""
        import numpy as np

        from crm_desktop.engines import edge_changes as engine
        from crm_desktop.engines.folding import Participants, fold
        from crm_desktop.engines.inference import meetings

        columns = self._inferred.participants(sorted(dirty))
        current = Participants(*columns)
        now = self._after.now
        is_ahead = (current.first_seen_at > now) | (current.last_seen_at > now)
        self._work.ahead = np.unique(current.conversation_ids[is_ahead]).tolist()
        images = self._taken.before
        rows = [
            row
            for row in zip(*(column.tolist() for column in columns), strict=True)
            if row[:2] not in images
        ]
        rows += [row for row in images.values() if row is not None]
        former = Participants(*np.array(rows, np.int64).reshape(-1, 5).T)
        limit = self._after.max_participants
        old, _ = fold(former, self._counted_before, self._before.now, limit)
        new, _ = fold(current, self._counted_as, now, limit)
        return engine.by_pair(meetings(old)), engine.by_pair(meetings(new))

    def _read_times(self, conversations: Iterable[Sequence[int]]) -> None:
        """Look up when conversations ended, for the pairs that share so many of them that only
        the latest count."""
        from crm_desktop.engines.inference import RECENT_CONVERSATIONS

        wanted = {id_ for ids in conversations if len(ids) >= RECENT_CONVERSATIONS for id_ in ids}
        self._times |= self._inferred.last_times(wanted - self._times.keys())

    def _ended_at(self, conversation_id: int) -> int:
        return self._times[conversation_id]

    def _count_anew(self, pairs: set[Pair]) -> dict[Pair, Edge]:
        """These edges from all conversations that they come from."""
        from crm_desktop.engines import edge_changes as engine
        from crm_desktop.engines.folding import Participants, fold
        from crm_desktop.engines.inference import meetings

        if not pairs:
            return {}
        members: dict[int, list[int]] = {id_: [id_] for pair in pairs for id_ in pair}
        for id_, to in self._counted_as.items():
            if to in members:
                members[to].append(id_)
        counts = self._inferred.row_counts({id_ for group in members.values() for id_ in group})
        sizes = {person: sum(counts[id_] for id_ in group) for person, group in members.items()}
        if sum(min(sizes[low], sizes[high]) for low, high in pairs) > MAX_ROWS_ANEW:
            raise NotFromChangesError(self._after.as_of)
        shared: set[int] = set()
        for pair in sorted(pairs):
            few, many = sorted(pair, key=sizes.__getitem__)
            shared.update(self._inferred.shared_conversations(members[few], members[many]))
        rows = Participants(*self._inferred.participants(sorted(shared)))
        folded, _ = fold(rows, self._counted_as, self._after.now, self._after.max_participants)
        found = engine.by_pair(meetings(folded))
        self._read_times([m[0] for m in found.get(pair, ())] for pair in pairs)
        return {pair: engine.counted(found.get(pair, ()), self._ended_at) for pair in pairs}

    def _write(self, edges: dict[Pair, Edge]) -> None:
        """Note which rows these edges make different."""
        from crm_desktop.engines.edge_changes import as_arrays
        from crm_desktop.engines.edge_rows import edge_rows, is_sentence
        from crm_desktop.engines.terms import topics

        gone = [pair for pair, edge in edges.items() if not edge.conversations]
        self._work.deletes += [self._rows[pair][0] for pair in gone if pair in self._rows]
        arrays, conversation_ids = as_arrays(
            {pair: edge for pair, edge in edges.items() if edge.conversations}
        )
        people = {*arrays.low_ids.tolist(), *arrays.high_ids.tolist()}
        about = subjects_of_some(self._store, conversation_ids, self._before, self._ctx)
        words = topics(arrays, about, self._inferred.name_keys(people), self._ctx)
        for part in edge_rows(arrays, words, conversation_ids, as_of=self._after.as_of):
            for row in part:
                stored = self._rows.get(row[:2])
                if stored is None:
                    self._work.inserts.append(row)
                    continue
                # What a person wrote in place of our sentence stays.
                description = row[3] if is_sentence(stored[4]) else stored[4]
                if stored[3:] != (row[2], description):
                    self._work.updates.append((stored[0], (*row[:3], description)))

    def _age(self, edges: dict[Pair, Edge]) -> None:
        """Note which of the other rows have another strength than when they were written."""
        from crm_desktop.engines.edge_rows import restrengthened
        from crm_desktop.engines.inference import FRESH_DAYS, STALE_DAYS

        fading = self._inferred.rows_last_seen(
            self._before.as_of - int(STALE_DAYS * DAY_S),
            self._after.as_of - int(FRESH_DAYS * DAY_S),
        )
        deleted = set(self._work.deletes)
        rows = [row for row in fading if row[1:3] not in edges and row[0] not in deleted]
        for begin in range(0, len(rows), ROWS_PER_SLICE):
            self._ctx.tick(begin, len(rows), "Finding changed relationships")
            part = rows[begin : begin + ROWS_PER_SLICE]
            for row, text in zip(part, restrengthened(part, self._after.as_of), strict=True):
                if text != row[3]:
                    self._work.faded.append((row[0], (row[1], row[2], text, row[4])))


def edge_of(row: StoredRow) -> Edge:
    """The edge that a stored row tells of."""
    from crm_desktop.engines.edge_changes import Edge
    from crm_desktop.engines.folding import MISSING

    values = json.loads(row[3])
    first, last = values["first_interaction"], values["last_interaction"]
    return Edge(
        values["shared_conversations"],
        values["shared_messages"],
        MISSING if first is None else first,
        MISSING if last is None else last,
        tuple(values["recent_conversations"]),
    )
