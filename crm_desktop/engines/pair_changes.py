"""How the totals of pairs change when some of the conversations behind them do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from crm_desktop.base.clock import DAY_S
from crm_desktop.domain.interactions import DECAY_LIMITS_DAYS
from crm_desktop.engines import scoring
from crm_desktop.engines.interaction_rows import LEAST_DIFFERENCE
from crm_desktop.engines.interactions import SUMS, TREND_S, WINDOWS, Ints, PairTotals

_MILLION = 1_000_000
LONG_AGO = int(np.iinfo(np.int64).min)


def aligned(totals: PairTotals, pairs: Ints) -> PairTotals:
    """The totals of these pairs (rows of low and high id, ascending), which are among them or have
    none: then the sums are 0 and the last contact is LONG_AGO."""
    places = _places(pairs, np.stack((totals.low_ids, totals.high_ids), axis=1))
    last = np.full(len(pairs), LONG_AGO)
    last[places] = totals.last_contact_at
    sums = []
    for name in SUMS:
        values = getattr(totals, name)
        column = np.zeros((len(pairs), *values.shape[1:]), np.int64)
        column[places] = values
        sums.append(column)
    return PairTotals(pairs[:, 0], pairs[:, 1], last, *sums)


def pairs_of(*parts: PairTotals | Ints) -> Ints:
    """The pairs that are in any of the parts, as rows of low and high id, ascending."""
    keys = [
        np.stack((part.low_ids, part.high_ids), axis=1) if isinstance(part, PairTotals) else part
        for part in parts
    ]
    return np.unique(np.concatenate(keys), axis=0)


def changed(stored: PairTotals, old: PairTotals, new: PairTotals) -> tuple[PairTotals, Ints]:
    """The totals when conversations that said `old` of the pairs now say `new`, all three of the
    same pairs; and the numbers of the pairs of which that does not tell: their last contact has
    gone, or what is stored does not hold what is taken away."""
    sums = {name: getattr(stored, name) - getattr(old, name) + getattr(new, name) for name in SUMS}
    rest = stored.low_ever + stored.high_ever - old.low_ever - old.high_ever
    is_lost = (rest > 0) & (old.last_contact_at == stored.last_contact_at)
    is_lost &= new.last_contact_at < stored.last_contact_at
    for name in SUMS:
        lacking = getattr(stored, name) < getattr(old, name)
        is_lost |= lacking.any(axis=1) if lacking.ndim > 1 else lacking
    last = np.where(
        rest > 0, np.maximum(stored.last_contact_at, new.last_contact_at), new.last_contact_at
    )
    return (
        PairTotals(stored.low_ids, stored.high_ids, last, *(sums[name] for name in SUMS)),
        np.flatnonzero(is_lost),
    )


def with_windows(totals: PairTotals, windows: PairTotals) -> PairTotals:
    """The totals with all that lies in windows taken from `windows`, which has the same pairs."""
    return replace(totals, **{name: getattr(windows, name) for name in WINDOWS})


def kept(totals: PairTotals, rows: Ints | npt.NDArray[np.bool_]) -> PairTotals:
    """These rows alone."""
    return PairTotals(
        *(getattr(totals, name)[rows] for name in ("low_ids", "high_ids", "last_contact_at", *SUMS))
    )


def without(totals: PairTotals, people: Collection[int]) -> PairTotals:
    """The totals of pairs that none of these people is of."""
    ids = np.array(sorted(people), np.int64)
    return kept(totals, ~(np.isin(totals.low_ids, ids) | np.isin(totals.high_ids, ids)))


def kept_among(totals: PairTotals, pairs: Ints) -> PairTotals:
    """The rows of `totals` that are of these pairs."""
    wanted = set(map(tuple, pairs.tolist()))
    own = zip(totals.low_ids.tolist(), totals.high_ids.tolist(), strict=True)
    return kept(totals, np.array([pair in wanted for pair in own], np.bool_))


def moved_pairs(ages: tuple[Ints, ...], before: int, after: int) -> Ints:
    """The pairs that may look otherwise at instant `after` than they did at `before`, as rows of
    low and high id: those with messages in a window, and those whose bucket or score shows the
    time. `ages` are self person, person, last contact, decay bucket, and score in millionths."""
    selves, others, last, buckets, scores = ages
    days = np.maximum(0, after - last) / DAY_S
    # Whoever has been silent for longer than all windows has nothing but recency left.
    silent = scoring.RECENCY_POINTS * np.exp2(-days / scoring.HALF_LIFE_DAYS)
    difference = np.abs(silent - scores / _MILLION)
    is_moved = last >= before - TREND_S
    is_moved |= np.searchsorted(DECAY_LIMITS_DAYS, days) != buckets
    is_moved |= difference >= LEAST_DIFFERENCE - 2 / _MILLION
    low, high = np.minimum(selves, others)[is_moved], np.maximum(selves, others)[is_moved]
    return np.unique(np.stack((low, high), axis=1), axis=0)


def merged(first: PairTotals, second: PairTotals) -> PairTotals:
    """The rows of both, those of the second in place of those of the same pairs."""
    pairs = pairs_of(first, second)
    own = np.zeros(len(pairs), np.bool_)
    own[_places(pairs, np.stack((second.low_ids, second.high_ids), axis=1))] = True
    one, other = aligned(first, pairs), aligned(second, pairs)
    columns = []
    for name in ("last_contact_at", *SUMS):
        a, b = getattr(one, name), getattr(other, name)
        columns.append(np.where(own[:, np.newaxis] if a.ndim > 1 else own, b, a))
    return PairTotals(pairs[:, 0], pairs[:, 1], *columns)


def _places(pairs: Ints, wanted: Ints) -> Ints:
    """Where the rows of `wanted` are in `pairs`, which holds them all, ascending."""
    numbers = {pair: place for place, pair in enumerate(map(tuple, pairs.tolist()))}
    return np.array([numbers[pair] for pair in map(tuple, wanted.tolist())], np.int64)
