"""Who knows whom, from shared conversations: co-occurrence counts and the strength of each pair.

Everything is arrays. Times are epoch seconds UTC; a missing time is `MISSING`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crm_desktop.base.clock import DAY_S
from crm_desktop.base.jobs import JobContext

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MISSING = int(np.iinfo(np.int64).min)
_LATEST = int(np.iinfo(np.int64).max)
DEFAULT_MAX_PARTICIPANTS = 30
CONVERSATIONS_CAP = 50
MESSAGES_CAP = 200
FRESH_DAYS = 30.0
STALE_DAYS = 365.0
STALE_RECENCY = 0.1
PAIRS_PER_CHUNK = 1 << 20
_ROWS_BEFORE_MERGE = 1 << 22


@dataclass(frozen=True, slots=True)
class Participants:
    """Rows of `conversation_participants` as parallel arrays, in any order."""

    conversation_ids: Ints
    contact_ids: Ints
    communication_counts: Ints
    first_seen_at: Ints
    last_seen_at: Ints


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contacts that may take part: their comparable names and whether each is a person."""

    ids: Ints
    name_keys: Sequence[str]
    is_person: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FoldedConversations:
    """Who took part in which conversation, once each: sorted by conversation, then person.

    `conversations` and `people` are indices into the ascending `conversation_ids` and
    `person_ids`. Rows `starts[i]` to `starts[i] + sizes[i]` are one conversation of 2 or more.
    """

    conversation_ids: Ints
    person_ids: Ints
    conversations: Ints
    people: Ints
    communication_counts: Ints
    first_seen_at: Ints
    last_seen_at: Ints
    starts: Ints
    sizes: Ints


@dataclass(frozen=True, slots=True)
class InferredEdges:
    """One row per pair, ordered by (low_ids, high_ids); the low id is always the smaller."""

    low_ids: Ints
    high_ids: Ints
    shared_conversations: Ints
    shared_messages: Ints
    first_interaction: Ints
    last_interaction: Ints
    strengths: Floats

    def __len__(self) -> int:
        return len(self.low_ids)


@dataclass(frozen=True, slots=True)
class Inference:
    """The edges, what they were counted from, and what was left out.

    `canonical` maps the contacts that are aliases to the contact they count as; everyone else
    counts as themselves.
    """

    edges: InferredEdges
    folded: FoldedConversations
    canonical: Mapping[int, int]
    skipped_large: int
    skipped_kinds: int
    clamped: int


def canonical_contacts(
    ids: Sequence[int],
    name_keys: Sequence[str],
    row_counts: Sequence[int],
    different: Iterable[tuple[int, int]] = (),
) -> dict[int, int]:
    """Alias → the contact it counts as, for contacts with the same non-blank name.

    That contact has the most participant rows of its group, at a tie the lowest id. Contacts that
    a person said are `different` never share a group: in the order of that same preference each
    contact joins the first group that holds nobody it differs from.
    """
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for position, key in enumerate(name_keys):
        if key:
            groups[key].append(position)
    apart: defaultdict[int, set[int]] = defaultdict(set)
    for first, second in different:
        apart[first].add(second)
        apart[second].add(first)
    canonical: dict[int, int] = {}
    for positions in groups.values():
        if len(positions) < 2:
            continue
        positions.sort(key=lambda position: (-row_counts[position], ids[position]))
        clusters: list[list[int]] = []
        for position in positions:
            contact = ids[position]
            cluster = next(
                (c for c in clusters if apart[contact].isdisjoint(c))
                if contact in apart
                else iter(clusters),
                None,
            )
            if cluster is None:
                clusters.append([contact])
            else:
                cluster.append(contact)
                canonical[contact] = cluster[0]
    return canonical


def strengths(conversations: Ints, messages: Ints, last_interaction: Ints, now: int) -> Floats:
    """Strength 0-1 of pairs: 0.4 conversations (log, full at 50), 0.3 messages (log, full at
    200), 0.3 recency. The caps are fixed, so nobody's score moves by other people's traffic."""
    combined: Floats = (
        0.4 * np.minimum(1.0, np.log2(1.0 + conversations) / np.log2(1 + CONVERSATIONS_CAP))
        + 0.3 * np.minimum(1.0, np.log2(1.0 + messages) / np.log2(1 + MESSAGES_CAP))
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
    ctx: JobContext | None = None,
) -> Inference:
    """The pairs of people who share conversations, with counts, dates and strength.

    Only persons count. Aliases are folded first, so a conversation counts once and nobody pairs
    with themselves; then conversations with more than `max_participants` people are left out.
    """
    ctx = ctx or JobContext()
    is_person, skipped_kinds = _persons_only(participants, contacts)
    rows = _take(participants, is_person)
    clamped = int(np.count_nonzero((rows.first_seen_at > now) | (rows.last_seen_at > now)))
    canonical = _canonical(rows, contacts, different)
    folded, skipped_large = _fold(rows, canonical, now, max_participants)
    edges = _count(folded, now, ctx)
    return Inference(edges, folded, canonical, skipped_large, skipped_kinds, clamped)


def pair_chunks(
    folded: FoldedConversations, pairs_per_chunk: int = PAIRS_PER_CHUNK
) -> Iterator[tuple[Ints, Ints]]:
    """Every pair of every conversation as two arrays of row numbers in `folded`, in chunks of
    bounded size. The first row's person has the lower id."""
    for size in np.unique(folded.sizes).tolist():
        first, second = np.triu_indices(size, 1)
        starts = folded.starts[folded.sizes == size]
        step = max(1, pairs_per_chunk // len(first))
        for begin in range(0, len(starts), step):
            chunk = starts[begin : begin + step, np.newaxis]
            yield (chunk + first).ravel(), (chunk + second).ravel()


def pair_keys(folded: FoldedConversations, low_rows: Ints, high_rows: Ints) -> Ints:
    """One integer per pair of rows, ordered as (low id, high id)."""
    return folded.people[low_rows] * len(folded.person_ids) + folded.people[high_rows]


def edge_keys(folded: FoldedConversations, edges: InferredEdges) -> Ints:
    """The keys of `pair_keys` for each edge, ascending."""
    low = np.searchsorted(folded.person_ids, edges.low_ids)
    high = np.searchsorted(folded.person_ids, edges.high_ids)
    return low * len(folded.person_ids) + high


def _take(participants: Participants, rows: npt.NDArray[np.bool_] | Ints) -> Participants:
    return Participants(
        participants.conversation_ids[rows],
        participants.contact_ids[rows],
        participants.communication_counts[rows],
        participants.first_seen_at[rows],
        participants.last_seen_at[rows],
    )


def _persons_only(
    participants: Participants, contacts: Contacts
) -> tuple[npt.NDArray[np.bool_], int]:
    """Which rows are a person's, and how many contacts that are not persons took part."""
    persons = np.sort(contacts.ids[contacts.is_person])
    is_person = np.isin(participants.contact_ids, persons)
    return is_person, len(np.unique(participants.contact_ids[~is_person]))


def _canonical(
    rows: Participants, contacts: Contacts, different: Iterable[tuple[int, int]]
) -> dict[int, int]:
    taking_part, counts = np.unique(rows.contact_ids, return_counts=True)
    row_counts = dict(zip(taking_part.tolist(), counts.tolist(), strict=True))
    chosen = np.flatnonzero(contacts.is_person).tolist()
    ids = contacts.ids.tolist()
    return canonical_contacts(
        [ids[i] for i in chosen],
        [contacts.name_keys[i] for i in chosen],
        [row_counts.get(ids[i], 0) for i in chosen],
        different,
    )


def _fold(
    rows: Participants, canonical: Mapping[int, int], now: int, max_participants: int
) -> tuple[FoldedConversations, int]:
    """One row per conversation and person; conversations of one or too many people are dropped,
    the latter counted."""
    person_ids = rows.contact_ids
    if canonical:
        aliases = np.array(sorted(canonical), np.int64)
        targets = np.array([canonical[alias] for alias in aliases.tolist()], np.int64)
        place = np.minimum(np.searchsorted(aliases, person_ids), len(aliases) - 1)
        person_ids = np.where(aliases[place] == person_ids, targets[place], person_ids)
    conversation_ids, conversations = np.unique(rows.conversation_ids, return_inverse=True)
    unique_people, people = np.unique(person_ids, return_inverse=True)
    key = conversations * max(1, len(unique_people)) + people
    order = np.argsort(key, kind="stable")
    starts = _group_starts(key[order])
    first = np.where(rows.first_seen_at == MISSING, _LATEST, np.minimum(rows.first_seen_at, now))
    last = np.minimum(rows.last_seen_at, now)
    counts = _reduce(np.add, rows.communication_counts[order], starts)
    first = _reduce(np.minimum, first[order], starts)
    last = _reduce(np.maximum, last[order], starts)
    conversations = conversations[order][starts]
    people = people[order][starts]

    conversation_starts = _group_starts(conversations)
    sizes = np.diff(np.append(conversation_starts, len(conversations)))
    wanted = (sizes >= 2) & (sizes <= max_participants)
    skipped_large = int(np.count_nonzero(sizes > max_participants))
    return (
        FoldedConversations(
            conversation_ids,
            unique_people,
            conversations,
            people,
            counts,
            first,
            last,
            conversation_starts[wanted],
            sizes[wanted],
        ),
        skipped_large,
    )


@dataclass(frozen=True, slots=True)
class _Counts:
    keys: Ints
    conversations: Ints
    messages: Ints
    first: Ints
    last: Ints


def _count(folded: FoldedConversations, now: int, ctx: JobContext) -> InferredEdges:
    parts: list[_Counts] = []
    waiting = 0
    done = 0
    total = int(np.sum(folded.sizes * (folded.sizes - 1) // 2))
    for low, high in pair_chunks(folded):
        ctx.tick(done, total, "Counting shared conversations")
        part = _merge(
            _Counts(
                pair_keys(folded, low, high),
                np.ones(len(low), np.int64),
                folded.communication_counts[low] + folded.communication_counts[high],
                np.minimum(folded.first_seen_at[low], folded.first_seen_at[high]),
                np.maximum(folded.last_seen_at[low], folded.last_seen_at[high]),
            )
        )
        parts.append(part)
        waiting += len(part.keys)
        if waiting > _ROWS_BEFORE_MERGE and len(parts) > 1:
            parts = [_concatenate(parts)]
            waiting = 0
        done += len(low)
    counts = _concatenate(parts)
    low_people, high_people = np.divmod(counts.keys, max(1, len(folded.person_ids)))
    return InferredEdges(
        folded.person_ids[low_people],
        folded.person_ids[high_people],
        counts.conversations,
        counts.messages,
        np.where(counts.first == _LATEST, MISSING, counts.first),
        counts.last,
        strengths(counts.conversations, counts.messages, counts.last, now),
    )


def _concatenate(parts: Sequence[_Counts]) -> _Counts:
    if not parts:
        empty = np.empty(0, np.int64)
        return _Counts(empty, empty, empty, empty, empty)
    return _merge(
        _Counts(
            np.concatenate([part.keys for part in parts]),
            np.concatenate([part.conversations for part in parts]),
            np.concatenate([part.messages for part in parts]),
            np.concatenate([part.first for part in parts]),
            np.concatenate([part.last for part in parts]),
        )
    )


def _merge(counts: _Counts) -> _Counts:
    """One row per key, ascending."""
    order = np.argsort(counts.keys, kind="stable")
    keys = counts.keys[order]
    starts = _group_starts(keys)
    return _Counts(
        keys[starts],
        _reduce(np.add, counts.conversations[order], starts),
        _reduce(np.add, counts.messages[order], starts),
        _reduce(np.minimum, counts.first[order], starts),
        _reduce(np.maximum, counts.last[order], starts),
    )


def _group_starts(values: Ints) -> Ints:
    """Where each run of equal values begins in a sorted array."""
    if not len(values):
        return np.empty(0, np.int64)
    return np.concatenate(([0], np.flatnonzero(values[1:] != values[:-1]) + 1))


def _reduce(operation: np.ufunc, values: Ints, starts: Ints) -> Ints:
    if not len(starts):
        return np.empty(0, np.int64)
    reduced: Ints = operation.reduceat(values, starts)
    return reduced
