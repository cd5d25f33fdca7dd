"""The review of contacts that may be one person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from crm_desktop.base.errors import InvalidInput
from crm_desktop.base.jobs import CancelToken, JobContext
from crm_desktop.domain.changes import Done
from crm_desktop.domain.contacts import short_name
from crm_desktop.domain.duplicates import DuplicateGroup, DuplicateMember, DuplicateReason
from crm_desktop.domain.marks import tokens
from crm_desktop.services.undo import record

if TYPE_CHECKING:
    from crm_desktop.engines.duplicates import LikelyPair
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access

MIN_SCORE = 0.4
PHONE_DIGITS = 9
"""Numbers that end in the same nine digits are one, whether written with the country or not."""

Pair = tuple[int, int]


def keep_apart(access: Access, contact_ids: Sequence[int]) -> Done[int]:
    """How many pairs are now said to be different people: every two of these contacts.

    One step to undo. Raises InvalidInput for fewer than two, and UserError when one is gone.
    """
    ids = sorted(set(contact_ids))
    if len(ids) < 2:
        raise InvalidInput("Telling people apart needs two different contacts. Choose another one.")

    def keep(store: UnitOfWork) -> int:
        store.contact_edits.names(ids)
        pairs = list(combinations(ids, 2))
        for low, high in pairs:
            store.contact_edits.decide(low, high, "different")
        return len(pairs)

    with access.read() as store:
        names = [short_name(name) for name in store.contact_edits.names(contact_ids).values()]
    who = f"{names[0]} and {names[1]}" if len(names) == 2 else f"{len(names):,} contacts"
    return record(access, f"Say that {who} are different people", keep)


def review_members(
    access: Access, contact_ids: Sequence[int], *, token: CancelToken | None = None
) -> tuple[DuplicateMember, ...]:
    """These contacts as the review shows them, who sent most messages first."""
    with access.read(token) as store:
        return _in_order(store.duplicates.members(contact_ids))


def duplicate_groups(
    access: Access, *, ctx: JobContext | None = None
) -> tuple[DuplicateGroup, ...]:
    """The people who are likely one, best first.

    Everyone of one name is one group; what else is alike comes pair by pair. Left out are pairs
    that the person has decided, and those that follow from it: who is the same as one of two
    different people is not the other. Nobody shares a group with someone said to be different.
    """
    from crm_desktop.engines.duplicates import Candidate, likely_pairs

    ctx = ctx or JobContext()
    with access.read(ctx.token) as store:
        people = {person.contact_id: person for person in store.duplicates.people()}
        card_phones = store.duplicates.card_phones()
        decisions = _Decisions(store.duplicates.decisions())
        named = store.duplicates.named()
    candidates = [
        Candidate(
            id_,
            _words(person.name) if id_ in named else (),
            frozenset(filter(None, map(_digits, (*person.phones, *card_phones.get(id_, ()))))),
            frozenset(_local_part(address) for address in person.emails),
        )
        for id_, person in people.items()
    ]
    pairs = [
        pair
        for pair in likely_pairs(candidates, ctx=ctx)
        if pair.score >= MIN_SCORE and not decisions.settle(pair.low_id, pair.high_id)
    ]
    return tuple(_grouped(pairs, people, decisions))


class _Decisions:
    """What the person said of pairs, and what follows from it."""

    def __init__(self, decisions: Mapping[Pair, str]) -> None:
        self._said = decisions
        self._same: dict[int, int] = {}
        self._apart: dict[int, set[int]] = defaultdict(set)
        for (low, high), decision in decisions.items():
            if decision == "same":
                self._same[self._one(high)] = self._one(low)
        for (low, high), decision in decisions.items():
            if decision == "different":
                self._apart[self._one(low)].add(self._one(high))
                self._apart[self._one(high)].add(self._one(low))

    def settle(self, low: int, high: int) -> bool:
        """Whether nothing is left to ask about two contacts."""
        one, other = self._one(low), self._one(high)
        return (low, high) in self._said or one == other or other in self._apart.get(one, ())

    def part(self, some: Iterable[int], others: Iterable[int]) -> bool:
        """Whether anybody of `some` is different from anybody of `others`."""
        if not self._apart:
            return False
        reached = {self._one(id_) for id_ in others}
        return any(not reached.isdisjoint(self._apart.get(self._one(id_), ())) for id_ in some)

    def _one(self, id_: int) -> int:
        while (next_ := self._same.get(id_, id_)) != id_:
            id_ = next_
        return id_


def _grouped(
    pairs: Sequence[LikelyPair], people: Mapping[int, DuplicateMember], decisions: _Decisions
) -> list[DuplicateGroup]:
    group_of: dict[int, list[int]] = {}
    same, others = [], []
    for pair in pairs:
        if DuplicateReason.SAME_NAME not in pair.reasons:
            others.append(pair)
            continue
        one = group_of.setdefault(pair.low_id, [pair.low_id])
        other = group_of.setdefault(pair.high_id, [pair.high_id])
        if one is not other:
            if decisions.part(one, other):
                continue  # asked again once it is clear who of them is who
            one.extend(other)
            group_of.update(dict.fromkeys(other, one))
        same.append(pair)
    together: dict[int, list[LikelyPair]] = defaultdict(list)
    for pair in same:
        together[id(group_of[pair.low_id])].append(pair)
    groups = [_group(members, people) for members in together.values()]
    groups += [_group([pair], people) for pair in others]
    groups.sort(key=lambda group: (-group.score, -group.members[0].message_count))
    return groups


def _group(pairs: Sequence[LikelyPair], people: Mapping[int, DuplicateMember]) -> DuplicateGroup:
    ids = {id_ for pair in pairs for id_ in (pair.low_id, pair.high_id)}
    reasons = frozenset(reason for pair in pairs for reason in pair.reasons)
    members = _in_order(people[id_] for id_ in ids)
    return DuplicateGroup(members, reasons, max(pair.score for pair in pairs))


def _in_order(members: Iterable[DuplicateMember]) -> tuple[DuplicateMember, ...]:
    return tuple(sorted(members, key=lambda one: (-one.message_count, one.contact_id)))


def _words(name: str) -> tuple[str, ...]:
    return tuple(token.folded for token in tokens(name))


def _digits(phone: str) -> str:
    digits = "".join(character for character in phone if character.isdigit())
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else ""


def _local_part(address: str) -> str:
    return address.partition("@")[0].partition("+")[0].casefold()
