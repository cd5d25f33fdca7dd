"""Who counts as whom, and who took part in which conversation once aliases are folded.

Everything is arrays. Times are epoch seconds UTC; a missing time is `MISSING`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crm_desktop.engines.ordering import group_starts, numbered, reduce_groups, stable_order

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MISSING = int(np.iinfo(np.int64).min)
LATEST = int(np.iinfo(np.int64).max)
NOBODY = 0
"""What a contact counts as that is no person: a list, a bot or a role."""


@dataclass(frozen=True, slots=True)
class Participants:
    """Rows of `conversation_participants` as parallel arrays, in any order."""

    conversation_ids: Ints
    contact_ids: Ints
    communication_counts: Ints
    first_seen_at: Ints
    last_seen_at: Ints

    def __len__(self) -> int:
        return len(self.contact_ids)

    def take(self, rows: Flags | Ints) -> Participants:
        """These rows alone."""
        return Participants(
            self.conversation_ids[rows],
            self.contact_ids[rows],
            self.communication_counts[rows],
            self.first_seen_at[rows],
            self.last_seen_at[rows],
        )


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


def canonical_contacts(
    ids: Sequence[int],
    name_keys: Sequence[str],
    row_counts: Mapping[int, int],
    different: Iterable[tuple[int, int]] = (),
    same: Iterable[tuple[int, int]] = (),
) -> dict[int, int]:
    """Alias → the contact it counts as: contacts with the same non-blank name, and those that a
    person said are the `same`, whatever they are called.

    That contact has the most participant rows (`row_counts` by id) of its group, at a tie the
    lowest id. Contacts that a person said are `different` never share a group: in the order of
    that same preference each joins the first group of its name that holds nobody it differs from.
    What was said to be the same is joined before names are looked at.
    """
    by_name: defaultdict[str, list[int]] = defaultdict(list)
    for id_, key in zip(ids, name_keys, strict=True):
        if key:
            by_name[key].append(id_)
    known = set(ids)
    links = sorted({(min(pair), max(pair)) for pair in same if known.issuperset(pair)})
    apart: defaultdict[int, set[int]] = defaultdict(set)
    for first, second in different:
        apart[first].add(second)
        apart[second].add(first)
    said = _said_groups(links, apart)
    canonical: dict[int, int] = {}
    bridged = {id_ for group in said for id_ in group}
    names = dict(zip(ids, name_keys, strict=True)) if bridged else {}
    reached: set[str] = set()
    for component in _components(said, names, by_name):
        reached.update(names[id_] for group in component for id_ in group)
        canonical |= _elect(component, names, row_counts, apart)
    for key, namesakes in by_name.items():
        if len(namesakes) > 1 and key not in reached:
            canonical |= _elect([[id_] for id_ in namesakes], None, row_counts, apart)
    return canonical


def _said_groups(
    links: Iterable[tuple[int, int]], apart: Mapping[int, set[int]]
) -> list[list[int]]:
    """Contacts joined by what a person said, unless that would join two said to be different."""
    group_of: dict[int, list[int]] = {}
    for first, second in links:
        one, other = group_of.get(first, [first]), group_of.get(second, [second])
        if one is other or any(not apart.get(id_, set()).isdisjoint(other) for id_ in one):
            continue
        joined = one + other
        group_of.update((id_, joined) for id_ in joined)
    return list({id(group): group for group in group_of.values()}.values())


def _components(
    said: Sequence[list[int]], names: Mapping[int, str], by_name: Mapping[str, list[int]]
) -> Iterable[list[list[int]]]:
    """What was said to be the same, together with all that a shared name may add to it."""
    group_of = {id_: group for group in said for id_ in group}
    seen: set[int] = set()
    for group in said:
        if group[0] in seen:
            continue
        component: dict[int, list[int]] = {}
        waiting = [group]
        while waiting:
            current = waiting.pop()
            if min(current) in component:
                continue
            component[min(current)] = current
            seen.update(current)
            for key in {names[id_] for id_ in current if names[id_]}:
                waiting.extend(group_of.get(id_, [id_]) for id_ in by_name[key])
        yield [component[key] for key in sorted(component)]


def _elect(
    groups: Sequence[list[int]],
    names: Mapping[int, str] | None,
    row_counts: Mapping[int, int],
    apart: Mapping[int, set[int]],
) -> dict[int, int]:
    """Alias → canonical contact among groups that share names (`names` None: all the same)."""

    def preference(id_: int) -> tuple[int, int]:
        return -row_counts.get(id_, 0), id_

    def may_join(group: Iterable[int], cluster: set[int]) -> bool:
        return all(apart[id_].isdisjoint(cluster) for id_ in group if id_ in apart)

    clusters: list[set[int]] = []
    for group in sorted(groups, key=lambda group: min(map(preference, group))):
        joined: set[int] | None = None
        keys = None if names is None else {names[id_] for id_ in group if names[id_]}
        for cluster in list(clusters):
            if keys is not None and keys.isdisjoint(names[id_] for id_ in cluster):  # type: ignore[index]
                continue
            if joined is None:
                if may_join(group, cluster):
                    cluster.update(group)
                    joined = cluster
            elif may_join(joined, cluster):
                # This one is called as two others are, who are the same person through it.
                joined |= cluster
                clusters.remove(cluster)
        if joined is None:
            clusters.append(set(group))
    canonical: dict[int, int] = {}
    for cluster in clusters:
        chosen = min(cluster, key=preference)
        canonical.update((id_, chosen) for id_ in sorted(cluster) if id_ != chosen)
    return canonical


def count_as(contact_ids: Ints, counted_as: Mapping[int, int]) -> Ints:
    """What each contact counts as: itself unless `counted_as` says otherwise."""
    if not counted_as or not len(contact_ids):
        return contact_ids
    known = np.array(sorted(counted_as), np.int64)
    targets = np.array([counted_as[id_] for id_ in known.tolist()], np.int64)
    place = np.minimum(np.searchsorted(known, contact_ids), len(known) - 1)
    return np.where(known[place] == contact_ids, targets[place], contact_ids)


def fold(
    rows: Participants, counted_as: Mapping[int, int], now: int, max_participants: int
) -> tuple[FoldedConversations, int]:
    """One row per conversation and person, times after `now` read as now. Who counts as NOBODY is
    left out; conversations of one or too many people are dropped, the latter counted."""
    person_ids = count_as(rows.contact_ids, counted_as)
    is_person = person_ids != NOBODY
    if not is_person.all():
        rows, person_ids = rows.take(is_person), person_ids[is_person]
    conversation_ids, conversations = numbered(rows.conversation_ids)
    unique_people, people = numbered(person_ids)
    order = stable_order(conversations, people)
    conversations, people = conversations[order], people[order]
    starts = group_starts(conversations, people)
    first = np.where(rows.first_seen_at == MISSING, LATEST, np.minimum(rows.first_seen_at, now))
    last = np.minimum(rows.last_seen_at, now)
    counts = reduce_groups(np.add, rows.communication_counts[order], starts)
    first = reduce_groups(np.minimum, first[order], starts)
    last = reduce_groups(np.maximum, last[order], starts)
    conversations, people = conversations[starts], people[starts]
    conversation_starts = group_starts(conversations)
    sizes = np.diff(np.append(conversation_starts, len(conversations)))
    wanted = (sizes >= 2) & (sizes <= max_participants)
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
        int(np.count_nonzero(sizes > max_participants)),
    )
