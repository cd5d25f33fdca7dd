"""Sorting and numbering large integer arrays, faster than NumPy's general ways."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

_SIGNED_BITS = 63
_SPARSE_FACTOR = 8
_SMALL = 1 << 20


def stable_order(*columns: Ints) -> Ints:
    """The order of rows by several columns of whole numbers >= 0, the first column first; rows
    that are equal in all columns keep their order."""
    count = len(columns[0])
    room = _SIGNED_BITS - max(0, count - 1).bit_length()
    order: Ints | None = None
    waiting: list[tuple[Ints, int]] = []
    for column in reversed(columns):
        width = int(column.max(initial=0)).bit_length()
        if waiting and sum(other for _, other in waiting) + width > room:
            order = _ordered(waiting, order, room)
            waiting = []
        waiting.insert(0, (column, width))
    return _ordered(waiting, order, room)


def _ordered(columns: list[tuple[Ints, int]], order: Ints | None, room: int) -> Ints:
    """`order` sorted further by columns, each with the bits it needs."""
    first = columns[0][0] if order is None else columns[0][0][order]
    if sum(width for _, width in columns) > room:
        places: Ints = np.argsort(first, kind="stable")
    else:
        # Sorting values is several times faster than sorting positions by value.
        row_bits = _SIGNED_BITS - room
        key = first.astype(np.int64)
        for column, width in columns[1:]:
            key <<= width
            key |= column if order is None else column[order]
        key <<= row_bits
        key |= np.arange(len(key))
        key.sort()
        key &= (1 << row_bits) - 1
        places = key
    return places if order is None else order[places]


def numbered(values: Ints) -> tuple[Ints, Ints]:
    """The distinct values (>= 0) in ascending order, and for each value its place among them."""
    highest = int(values.max(initial=0))
    if highest > _SPARSE_FACTOR * len(values) + _SMALL:
        distinct, places = np.unique(values, return_inverse=True)
        return distinct, places.astype(np.int64, copy=False)
    is_there = np.zeros(highest + 1, np.bool_)
    is_there[values] = True
    return np.flatnonzero(is_there), (np.cumsum(is_there) - 1)[values]


def group_starts(*columns: npt.NDArray[Any]) -> Ints:
    """Where each run of rows that are equal in all columns begins."""
    count = len(columns[0])
    if not count:
        return np.empty(0, np.int64)
    is_new = np.ones(count, np.bool_)
    is_new[1:] = columns[0][1:] != columns[0][:-1]
    for column in columns[1:]:
        is_new[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(is_new)


def reduce_groups(operation: np.ufunc, values: Ints, starts: Ints) -> Ints:
    """`operation` over each run of values that begins at `starts`."""
    if not len(starts):
        return np.empty(0, values.dtype)
    reduced: Ints = operation.reduceat(values, starts)
    return reduced


def spread(starts: Ints, sizes: Ints) -> Ints:
    """The numbers `starts[i]` to `starts[i] + sizes[i] - 1` of every i, one after the other."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    numbers: Ints = np.arange(total) + np.repeat(starts - (ends - sizes), sizes)
    return numbers
