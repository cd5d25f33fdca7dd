"""How an edge changes when some of the conversations behind it do, from what it was before.

An edge is a sum over conversations, so that a refresh takes away what the changed ones said before
and adds what they say now. Only where that cannot tell, since an earliest or latest date has gone
or too many of the latest conversations have, an edge must be counted anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crm_desktop.engines.folding import MISSING
from crm_desktop.engines.inference import RECENT_CONVERSATIONS, InferredEdges, Ints, Meetings

Pair = tuple[int, int]
Meeting = tuple[int, int, int, int]
"""What two people share in one conversation: its id, messages, first and last time."""


@dataclass(frozen=True, slots=True)
class Edge:
    """What two people share in all. `recent` are conversation ids, ascending; times may be
    MISSING."""

    conversations: int
    messages: int
    first: int
    last: int
    recent: tuple[int, ...]


NO_EDGE = Edge(0, 0, MISSING, MISSING, ())


class CountAnewError(Exception):
    """What is known of an edge does not tell what it has become."""


def by_pair(meetings: Meetings) -> dict[Pair, list[Meeting]]:
    """The meetings of each pair, by conversation."""
    found: dict[Pair, list[Meeting]] = {}
    for low, high, *meeting in zip(
        meetings.low_ids.tolist(),
        meetings.high_ids.tolist(),
        meetings.conversation_ids.tolist(),
        meetings.messages.tolist(),
        meetings.first.tolist(),
        meetings.last.tolist(),
        strict=True,
    ):
        found.setdefault((low, high), []).append((meeting[0], *meeting[1:]))
    return found


def counted(meetings: Sequence[Meeting], ended_at: Callable[[int], int]) -> Edge:
    """The edge that has all these meetings. `ended_at` tells when a conversation had its last
    message, or MISSING."""
    return Edge(
        len(meetings),
        sum(meeting[1] for meeting in meetings),
        _first(meetings),
        _last(meetings),
        _latest([meeting[0] for meeting in meetings], ended_at),
    )


def changed(
    edge: Edge,
    old: Sequence[Meeting],
    new: Sequence[Meeting],
    dirty: Collection[int],
    ended_at: Callable[[int], int],
) -> Edge:
    """What `edge` becomes when the `dirty` conversations, which said `old` of it, now say `new`.

    Raises CountAnewError when that cannot be told.
    """
    conversations = edge.conversations + len(new) - len(old)
    rest = edge.conversations - len(old)
    if rest < 0:
        raise CountAnewError
    if not rest:
        return counted(new, ended_at) if new else NO_EDGE
    return Edge(
        conversations,
        edge.messages + sum(m[1] for m in new) - sum(m[1] for m in old),
        _moved(edge.first, _first(old), _first(new), min),
        _moved(edge.last, _last(old), _last(new), max),
        _recent(edge, new, dirty, conversations, ended_at),
    )


def _first(meetings: Iterable[Meeting]) -> int:
    return min((m[2] for m in meetings if m[2] != MISSING), default=MISSING)


def _last(meetings: Iterable[Meeting]) -> int:
    return max((m[3] for m in meetings if m[3] != MISSING), default=MISSING)


def _moved(bound: int, old: int, new: int, better: Callable[[int, int], int]) -> int:
    """The bound of the rest and of `new`, where `bound` was that of the rest and of `old`."""
    if new != MISSING and (bound == MISSING or better(new, bound) == new):
        return new
    if old != MISSING and old == bound:
        # Whether the rest has a date as far out is not known.
        raise CountAnewError
    return bound


def _recent(
    edge: Edge,
    new: Sequence[Meeting],
    dirty: Collection[int],
    conversations: int,
    ended_at: Callable[[int], int],
) -> tuple[int, ...]:
    kept = [id_ for id_ in edge.recent if id_ not in dirty]
    added = [meeting[0] for meeting in new]
    if len(edge.recent) == edge.conversations:
        return _latest(kept + added, ended_at)
    if not kept:
        raise CountAnewError
    # Those that are not listed ended before all of these.
    cutoff = min((ended_at(id_), id_) for id_ in kept)
    certain = kept + [id_ for id_ in added if (ended_at(id_), id_) > cutoff]
    if len(certain) < min(conversations, RECENT_CONVERSATIONS):
        raise CountAnewError
    return _latest(certain, ended_at)


def _latest(ids: Sequence[int], ended_at: Callable[[int], int]) -> tuple[int, ...]:
    if len(ids) > RECENT_CONVERSATIONS:
        ids = sorted(ids, key=lambda id_: (ended_at(id_), id_))[-RECENT_CONVERSATIONS:]
    return tuple(sorted(ids))


def as_arrays(edges: Mapping[Pair, Edge]) -> tuple[InferredEdges, Ints]:
    """The edges in order of their pairs, and the conversation ids that their `recent` are
    indices into."""
    pairs = sorted(edges)
    rows = [edges[pair] for pair in pairs]
    ids = np.array([id_ for row in rows for id_ in row.recent], np.int64)
    conversation_ids, recent = np.unique(ids, return_inverse=True)
    columns = np.array(
        [
            (*pair, row.conversations, row.messages, row.first, row.last, len(row.recent))
            for pair, row in zip(pairs, rows, strict=True)
        ],
        np.int64,
    ).reshape(-1, 7)
    low, high, conversations, messages, first, last, sizes = columns.T
    return (
        InferredEdges(low, high, conversations, messages, first, last, recent, np.cumsum(sizes)),
        conversation_ids,
    )


def differing(
    old: Mapping[Pair, list[Meeting]], new: Mapping[Pair, list[Meeting]], marked: Collection[int]
) -> set[Pair]:
    """The pairs that conversations say something else of than before, or that have met in one of
    those `marked`."""
    return {
        pair
        for pair in old.keys() | new.keys()
        if old.get(pair) != new.get(pair)
        or any(meeting[0] in marked for meeting in (*old.get(pair, ()), *new.get(pair, ())))
    }
