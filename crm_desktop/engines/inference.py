"""Who knows whom, from shared conversations: co-occurrence counts and the strength of each pair.

Everything is arrays. Times are epoch seconds UTC; a missing time is `MISSING`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crm_desktop.base.clock import DAY_S
from crm_desktop.base.jobs import JobContext
from crm_desktop.engines.folding import (
    LATEST,
    MISSING,
    NOBODY,
    FoldedConversations,
    Participants,
    canonical_contacts,
    fold,
)
from crm_desktop.engines.ordering import (
    group_starts,
    numbered,
    reduce_groups,
    spread,
    stable_order,
)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

DEFAULT_MAX_PARTICIPANTS = 30
CONVERSATIONS_CAP = 50
MESSAGES_CAP = 200
FRESH_DAYS = 30.0
STALE_DAYS = 365.0
STALE_RECENCY = 0.1
RECENT_CONVERSATIONS = 32
"""So many of the conversations that two people share, the latest, say what they talk about."""
PAIRS_PER_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contacts that may take part: their comparable names and whether each is a person."""

    ids: Ints
    name_keys: Sequence[str]
    is_person: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class InferredEdges:
    """One row per pair, ordered by (low_ids, high_ids); the low id is always the smaller.

    The latest conversations of pair i, at most RECENT_CONVERSATIONS, are `recent` from
    `recent_ends[i - 1]` (0 for the first) to `recent_ends[i]`: ascending indices into the
    conversation ids that the edges were counted from.
    """

    low_ids: Ints
    high_ids: Ints
    shared_conversations: Ints
    shared_messages: Ints
    first_interaction: Ints
    last_interaction: Ints
    recent: Ints
    recent_ends: Ints

    def __len__(self) -> int:
        return len(self.low_ids)


@dataclass(frozen=True, slots=True)
class Inference:
    """The edges, what they were counted from, and what was left out.

    `counted_as` maps aliases to the contact they count as and contacts that are no persons to
    NOBODY; everyone else counts as themselves.
    """

    edges: InferredEdges
    conversation_ids: Ints
    person_ids: Ints
    counted_as: Mapping[int, int]
    skipped_large: int
    skipped_kinds: int
    clamped: int


_COUNT_TERMS = 0.4 * np.minimum(
    1.0, np.log2(1.0 + np.arange(CONVERSATIONS_CAP + 1)) / np.log2(1.0 + CONVERSATIONS_CAP)
)
_MESSAGE_TERMS = 0.3 * np.minimum(
    1.0, np.log2(1.0 + np.arange(MESSAGES_CAP + 1)) / np.log2(1.0 + MESSAGES_CAP)
)


def strengths(conversations: Ints, messages: Ints, last_interaction: Ints, now: int) -> Floats:
    """Strength 0-1 of pairs: 0.4 conversations (log, full at 50), 0.3 messages (log, full at
    200), 0.3 recency. The caps are fixed, so nobody's score moves by other people's traffic."""
    combined: Floats = (
        _COUNT_TERMS[np.minimum(conversations, CONVERSATIONS_CAP)]
        + _MESSAGE_TERMS[np.minimum(messages, MESSAGES_CAP)]
        + 0.3 * recencies(last_interaction, now)
    )
    return combined


def recencies(last_interaction: Ints, now: int) -> Floats:
    """1.0 up to 30 days of age, 0.1 from 365 days or when unknown, linear between."""
    known = last_interaction != MISSING
    # Unknown times are replaced before subtracting: the sentinel would overflow.
    ages_days = np.where(known, now - np.where(known, last_interaction, 0), 0) / DAY_S
    slope = (1.0 - STALE_RECENCY) / (STALE_DAYS - FRESH_DAYS)
    linear = 1.0 - slope * (ages_days - FRESH_DAYS)
    fading = np.where(ages_days >= STALE_DAYS, STALE_RECENCY, linear)
    recency = np.where(ages_days <= FRESH_DAYS, 1.0, fading)
    return np.where(known, recency, STALE_RECENCY)


def infer(
    participants: Participants,
    contacts: Contacts,
    *,
    now: int,
    max_participants: int = DEFAULT_MAX_PARTICIPANTS,
    different: Iterable[tuple[int, int]] = (),
    same: Iterable[tuple[int, int]] = (),
    ended_at: tuple[Ints, Ints] | None = None,
    ctx: JobContext | None = None,
) -> Inference:
    """The pairs of people who share conversations, with counts and dates.

    Only persons count. Aliases are folded first, so a conversation counts once and nobody pairs
    with themselves; then conversations with more than `max_participants` people are left out.
    `ended_at` are conversation ids, ascending, and when each had its last message (or MISSING), to
    tell the latest.
    """
    ctx = ctx or JobContext()
    counted_as = who_counts_as_whom(participants, contacts, different, same)
    strangers = np.array([id_ for id_, to in counted_as.items() if to == NOBODY], np.int64)
    skipped_kinds = len(np.intersect1d(strangers, participants.contact_ids))
    clamped = int(
        np.count_nonzero(
            ((participants.first_seen_at > now) | (participants.last_seen_at > now))
            & ~np.isin(participants.contact_ids, strangers)
        )
    )
    folded, skipped_large = fold(participants, counted_as, now, max_participants)
    ends = np.full(len(folded.conversation_ids), MISSING)
    if ended_at is not None:
        ends = ended_at[1][np.searchsorted(ended_at[0], folded.conversation_ids)]
    return Inference(
        count_pairs(folded, ends, ctx),
        folded.conversation_ids,
        folded.person_ids,
        counted_as,
        skipped_large,
        skipped_kinds,
        clamped,
    )


def is_among(edges: InferredEdges, pairs: Iterable[tuple[int, int]]) -> npt.NDArray[np.bool_]:
    """Which edges are those of the given pairs, lower id first."""
    found = np.zeros(len(edges), np.bool_)
    for low, high in pairs:
        begin, end = np.searchsorted(edges.low_ids, [low, low + 1]).tolist()
        place = begin + int(np.searchsorted(edges.high_ids[begin:end], high))
        if place < end and edges.high_ids[place] == high:
            found[place] = True
    return found


def who_counts_as_whom(
    participants: Participants,
    contacts: Contacts,
    different: Iterable[tuple[int, int]] = (),
    same: Iterable[tuple[int, int]] = (),
) -> dict[int, int]:
    """See `Inference.counted_as`."""
    ids, is_person = contacts.ids.tolist(), contacts.is_person.tolist()
    taking_part, places = numbered(participants.contact_ids)
    counts = np.bincount(places, minlength=len(taking_part))
    row_counts = dict(zip(taking_part.tolist(), counts.tolist(), strict=True))
    persons = [place for place, flag in enumerate(is_person) if flag]
    canonical = canonical_contacts(
        [ids[place] for place in persons],
        [contacts.name_keys[place] for place in persons],
        row_counts,
        different,
        same,
    )
    others = {id_: NOBODY for id_, flag in zip(ids, is_person, strict=True) if not flag}
    # Whoever is not among the contacts is unknown, and no person.
    strangers = dict.fromkeys(row_counts.keys() - set(ids), NOBODY)
    return others | strangers | canonical


def pair_rows(folded: FoldedConversations, rows: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Two arrays of row numbers in `folded`: each of `rows` with every later row of its
    conversation, which ends before row `ends[i]`. The first one's person has the lower id."""
    sizes = ends - rows - 1
    return np.repeat(rows, sizes), spread(rows + 1, sizes)


def conversation_ends(folded: FoldedConversations) -> tuple[Ints, Ints]:
    """The rows of all conversations that count, and for each the row behind its conversation."""
    rows = spread(folded.starts, folded.sizes)
    return rows, np.repeat(folded.starts + folded.sizes, folded.sizes)


def count_pairs(folded: FoldedConversations, ended_at: Ints, ctx: JobContext) -> InferredEdges:
    """Every pair of people with what they share, counted person by person in blocks of bounded
    size. `ended_at` has the last time of each of `folded.conversation_ids`, or MISSING."""
    order_of_conversations = np.lexsort((np.arange(len(ended_at)), ended_at))
    rank = np.empty(len(ended_at), np.int64)
    rank[order_of_conversations] = np.arange(len(ended_at))
    rows, ends = conversation_ends(folded)
    order = stable_order(folded.people[rows], rank[folded.conversations[rows]])
    rows, ends = rows[order], ends[order]
    parts: list[_Part] = []
    total = int(np.sum(ends - rows - 1))
    done = 0
    for begin, end in _blocks(folded.people[rows], ends - rows - 1):
        ctx.tick(done, total, "Counting shared conversations")
        low, high = pair_rows(folded, rows[begin:end], ends[begin:end])
        done += len(low)
        parts.append(_count_block(folded, low, high))
    return _edges(folded, parts)


def _blocks(people: Ints, sizes: Ints) -> Iterator[tuple[int, int]]:
    """Runs of whole persons in sorted `people` with about PAIRS_PER_BLOCK pairs each."""
    if not len(people):
        return
    starts = group_starts(people)
    blocks = np.cumsum(reduce_groups(np.add, sizes, starts)) // PAIRS_PER_BLOCK
    begins = starts[group_starts(blocks)]
    yield from zip(begins.tolist(), [*begins[1:].tolist(), len(people)], strict=True)


@dataclass(frozen=True, slots=True)
class _Part:
    """Edges of one block; `low` and `high` are indices of persons. In the smallest types that
    hold them, for a lifetime has millions."""

    low: npt.NDArray[np.int32]
    high: npt.NDArray[np.int32]
    conversations: npt.NDArray[np.int32]
    messages: Ints
    first: Ints
    last: Ints
    recent: npt.NDArray[np.int32]
    recent_sizes: npt.NDArray[np.int8]


def _count_block(folded: FoldedConversations, low: Ints, high: Ints) -> _Part:
    low_people, high_people = folded.people[low], folded.people[high]
    least = int(low_people.min(initial=0))
    order = stable_order(low_people - least, high_people)
    low, high = low[order], high[order]
    low_people, high_people = low_people[order], high_people[order]
    starts = group_starts(low_people, high_people)
    sizes = np.diff(np.append(starts, len(low)))
    recent_sizes = np.minimum(sizes, RECENT_CONVERSATIONS)
    # The rows of a person run from the earliest conversation to the latest.
    recent = folded.conversations[low[spread(starts + sizes - recent_sizes, recent_sizes)]]
    pair = np.repeat(np.arange(len(starts)), recent_sizes)
    recent = recent[stable_order(pair, recent)]
    counts = folded.communication_counts
    first, last = folded.first_seen_at, folded.last_seen_at
    return _Part(
        low_people[starts].astype(np.int32),
        high_people[starts].astype(np.int32),
        sizes.astype(np.int32),
        reduce_groups(np.add, counts[low] + counts[high], starts),
        reduce_groups(np.minimum, np.minimum(first[low], first[high]), starts),
        reduce_groups(np.maximum, np.maximum(last[low], last[high]), starts),
        recent.astype(np.int32),
        recent_sizes.astype(np.int8),
    )


def _edges(folded: FoldedConversations, parts: Sequence[_Part]) -> InferredEdges:
    def joined(name: str) -> Ints:
        columns = [getattr(part, name) for part in parts]
        return np.concatenate(columns).astype(np.int64) if columns else np.empty(0, np.int64)

    first = joined("first")
    first[first == LATEST] = MISSING
    return InferredEdges(
        folded.person_ids[joined("low")],
        folded.person_ids[joined("high")],
        joined("conversations"),
        joined("messages"),
        first,
        joined("last"),
        joined("recent"),
        np.cumsum(joined("recent_sizes")),
    )


@dataclass(frozen=True, slots=True)
class Meetings:
    """One row per pair and shared conversation, ordered by (low id, high id, conversation id)."""

    low_ids: Ints
    high_ids: Ints
    conversation_ids: Ints
    messages: Ints
    first: Ints
    last: Ints

    def __len__(self) -> int:
        return len(self.low_ids)


def meetings(folded: FoldedConversations) -> Meetings:
    """Every pair of every conversation on its own; for a part of an archive."""
    low, high = pair_rows(folded, *conversation_ends(folded))
    order = stable_order(folded.people[low], folded.people[high], folded.conversations[low])
    low, high = low[order], high[order]
    first = np.minimum(folded.first_seen_at[low], folded.first_seen_at[high])
    return Meetings(
        folded.person_ids[folded.people[low]],
        folded.person_ids[folded.people[high]],
        folded.conversation_ids[folded.conversations[low]],
        folded.communication_counts[low] + folded.communication_counts[high],
        np.where(first == LATEST, MISSING, first),
        np.maximum(folded.last_seen_at[low], folded.last_seen_at[high]),
    )
