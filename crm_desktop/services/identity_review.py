"""The review of contacts that may be one person."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.duplicates import DuplicateGroup, DuplicateMember, DuplicateReason
from crm_desktop.domain.marks import tokens

if TYPE_CHECKING:
    from crm_desktop.engines.duplicates import LikelyPair
    from crm_desktop.services.access import Access

MIN_SCORE = 0.4
PHONE_DIGITS = 9
"""Numbers that end in the same nine digits are one, whether written with the country or not."""


def duplicate_groups(
    access: Access, *, ctx: JobContext | None = None
) -> tuple[DuplicateGroup, ...]:
    """The people who are likely one, best first; pairs that a decision parts are left out.

    Everyone of one name is one group; what else is alike comes pair by pair.
    """
    from crm_desktop.engines.duplicates import Candidate, likely_pairs

    ctx = ctx or JobContext()
    with access.read(ctx.token) as store:
        people = {person.contact_id: person for person in store.duplicates.people()}
        card_phones = store.duplicates.card_phones()
        decided = store.duplicates.decided_pairs()
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
        if pair.score >= MIN_SCORE and (pair.low_id, pair.high_id) not in decided
    ]
    return tuple(_grouped(pairs, people))


def _grouped(pairs: list[LikelyPair], people: dict[int, DuplicateMember]) -> list[DuplicateGroup]:
    same = [pair for pair in pairs if DuplicateReason.SAME_NAME in pair.reasons]
    root: dict[int, int] = {}

    def find(id_: int) -> int:
        while root.setdefault(id_, id_) != id_:
            id_ = root[id_]
        return id_

    for pair in same:
        root[find(pair.high_id)] = find(pair.low_id)
    together: dict[int, list[LikelyPair]] = defaultdict(list)
    for pair in same:
        together[find(pair.low_id)].append(pair)
    groups = [_group(members, people) for members in together.values()]
    groups += [_group([pair], people) for pair in pairs if pair not in same]
    groups.sort(key=lambda group: (-group.score, -group.members[0].message_count))
    return groups


def _group(pairs: list[LikelyPair], people: dict[int, DuplicateMember]) -> DuplicateGroup:
    ids = {id_ for pair in pairs for id_ in (pair.low_id, pair.high_id)}
    members = sorted(
        (people[id_] for id_ in ids),
        key=lambda member: (-member.message_count, member.contact_id),
    )
    reasons = frozenset(reason for pair in pairs for reason in pair.reasons)
    return DuplicateGroup(tuple(members), reasons, max(pair.score for pair in pairs))


def _words(name: str) -> tuple[str, ...]:
    return tuple(token.folded for token in tokens(name))


def _digits(phone: str) -> str:
    digits = "".join(character for character in phone if character.isdigit())
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else ""


def _local_part(address: str) -> str:
    return address.partition("@")[0].partition("+")[0].casefold()
