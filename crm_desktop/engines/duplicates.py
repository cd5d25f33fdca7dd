"""Finding contacts that may be one person: by name, number, and what stands before the @.

Names are compared by the similarity of their sorted words (rapidfuzz's token_sort_ratio, the
normalised indel similarity). Only names that share a word are compared, so the cost grows with
the sizes of such blocks, which are cut down by further letters where they are large.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from rapidfuzz import fuzz, process

from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.duplicates import DuplicateReason

SIMILAR_PERCENT = 90
RELATED_PERCENT = 60
"""Below this, two names with a number or local part in common are those of different people."""
MAX_BLOCK = 300
MAX_SHARING = 6
"""A number or local part that more contacts have belongs to an office, not to a person."""
MIN_LOCAL_PART = 5

_WEIGHTS = {
    DuplicateReason.SAME_NAME: 0.9,
    DuplicateReason.SAME_PHONE: 0.8,
    DuplicateReason.SIMILAR_NAME: 0.7,
    DuplicateReason.SAME_LOCAL_PART: 0.6,
}
_ONE_WORD = 0.5
"""Of what a full name is worth, a single word is worth so much: there are many Annas."""

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person to compare. `words` are the folded words of the name, none for someone known only
    by an address; `phones` and `local_parts` in a form in which equal ones are equal."""

    contact_id: int
    words: tuple[str, ...]
    phones: frozenset[str] = frozenset()
    local_parts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Two contacts, lower id first, that may be one person; `score` is 0–1."""

    low_id: int
    high_id: int
    reasons: frozenset[DuplicateReason]
    score: float


def likely_pairs(
    candidates: Sequence[Candidate], *, ctx: JobContext | None = None
) -> list[LikelyPair]:
    """The pairs of candidates for which something speaks, best first, then by id.

    The score is 1 − Π(1 − weight) over the reasons: more reasons, more certainty.
    """
    ctx = ctx or JobContext()
    by_id = {candidate.contact_id: candidate for candidate in candidates}
    reasons: dict[Pair, set[DuplicateReason]] = defaultdict(set)
    for pair in _same(candidates, lambda c: [tuple(sorted(c.words))] if c.words else []):
        reasons[pair].add(DuplicateReason.SAME_NAME)
    for pair in _similar(candidates, ctx):
        if pair not in reasons:
            reasons[pair].add(DuplicateReason.SIMILAR_NAME)
    for reason, keys in (
        (DuplicateReason.SAME_PHONE, lambda c: c.phones),
        (DuplicateReason.SAME_LOCAL_PART, _telling_local_parts),
    ):
        for pair in _same(candidates, keys, MAX_SHARING):
            if _may_be_one(by_id[pair[0]].words, by_id[pair[1]].words):
                reasons[pair].add(reason)
    found = [
        LikelyPair(*pair, frozenset(why), _score(why, by_id[pair[0]].words))
        for pair, why in reasons.items()
    ]
    return sorted(found, key=lambda pair: (-pair.score, pair.low_id, pair.high_id))


def _score(reasons: Iterable[DuplicateReason], words: Sequence[str]) -> float:
    doubt = 1.0
    for reason in reasons:
        weight = _WEIGHTS[reason]
        if reason is DuplicateReason.SAME_NAME and len(words) < 2:
            weight *= _ONE_WORD
        doubt *= 1 - weight
    return 1 - doubt


def _telling_local_parts(candidate: Candidate) -> Iterator[str]:
    return (part for part in candidate.local_parts if len(part) >= MIN_LOCAL_PART)


def _may_be_one(first: Sequence[str], second: Sequence[str]) -> bool:
    if not first or not second:
        return True
    return fuzz.token_sort_ratio(" ".join(first), " ".join(second)) >= RELATED_PERCENT or (
        _initials_fit(first, second)
    )


def _initials_fit(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether one is the other with the given name cut to its initial: "a lovelace"."""
    if len(first) != 2 or len(second) != 2 or first[1] != second[1]:
        return False
    short, long = sorted((first[0], second[0]), key=len)
    return len(short) == 1 and long.startswith(short)


def _same(
    candidates: Sequence[Candidate],
    keys: object,
    most: int = MAX_BLOCK,
) -> Iterator[Pair]:
    """The pairs that have one of the keys in common; keys that very many have are passed over."""
    assert callable(keys)
    blocks: dict[Hashable, list[int]] = defaultdict(list)
    for candidate in candidates:
        for key in keys(candidate):
            blocks[key].append(candidate.contact_id)
    for ids in blocks.values():
        if 2 <= len(ids) <= most:
            yield from combinations(sorted(ids), 2)


def _similar(candidates: Sequence[Candidate], ctx: JobContext) -> Iterator[Pair]:
    """The pairs of full names that share a word and are alike, or alike but for an initial."""
    named = [candidate for candidate in candidates if len(candidate.words) >= 2]
    blocks: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in named:
        for word in set(candidate.words):
            if len(word) > 1:
                blocks[word].append(candidate)
    for number, block in enumerate(blocks.values()):
        if number % 200 == 0:
            ctx.tick(number, len(blocks), "Comparing names")
        for part in _parts(block):
            yield from _alike(part)


def _parts(block: list[Candidate]) -> Iterator[list[Candidate]]:
    """The block, or what of it shares the first two letters of any other word."""
    if len(block) <= MAX_BLOCK:
        yield block
        return
    parts: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in block:
        for beginning in {word[:2] for word in candidate.words}:
            parts[beginning].append(candidate)
    yield from (part for part in parts.values() if len(part) <= MAX_BLOCK)


def _alike(block: list[Candidate]) -> Iterator[Pair]:
    if len(block) < 2:
        return
    names = [" ".join(sorted(candidate.words)) for candidate in block]
    percent = process.cdist(
        names, names, scorer=fuzz.ratio, score_cutoff=SIMILAR_PERCENT, dtype=np.uint8, workers=1
    )
    for row, column in np.argwhere(np.triu(percent, 1) > 0).tolist():
        yield _ordered(block[row], block[column])
    for first in block:
        if len(first.words[0]) == 1:
            for second in block:
                if first is not second and _initials_fit(first.words, second.words):
                    yield _ordered(first, second)


def _ordered(first: Candidate, second: Candidate) -> Pair:
    low, high = sorted((first.contact_id, second.contact_id))
    return low, high
