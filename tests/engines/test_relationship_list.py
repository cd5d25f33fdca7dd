"""Filtering and sorting long lists of relationships."""

from __future__ import annotations

import numpy as np
import pytest

from crm_desktop.engines.relationship_list import (
    MISSING,
    name_places,
    places_of,
    sorted_rows,
    type_places,
    with_words,
)


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_every_word_must_be_at_one_of_the_ends() -> None:
    from_ends, to_ends = ints(2, 4, 6), ints(4, 9, 2)
    grace, hopper = (ints(4), ints(9)), (ints(2, 2, 500),)
    assert with_words(from_ends, to_ends, [grace]).tolist() == [True, True, False]
    assert with_words(from_ends, to_ends, [grace, hopper]).tolist() == [True, False, False]
    assert with_words(from_ends, to_ends, [()]).tolist() == [False] * 3
    assert with_words(ints(), ints(), [grace]).tolist() == []


@pytest.mark.parametrize(
    ("descending", "expected"), [(False, [1, 4, 0, 2, 3, 5]), (True, [0, 2, 1, 4, 3, 5])]
)
def test_equal_rows_keep_their_order_and_missing_ones_come_last(
    descending: bool, expected: list[int]
) -> None:
    keys = ints(7, 0, 7, MISSING, 0, MISSING)
    assert sorted_rows(keys, descending=descending).tolist() == expected


def test_names_are_placed_by_their_letters_and_nameless_ones_nowhere() -> None:
    names = ["", "“zoë”", "ada", "zoe", "élodie"]
    places = name_places(names, ints(2, 4, 6, 8, 11))
    assert places_of(ints(6, 11, 8, 4), places).tolist() == [0, 1, 2, 3]
    assert places_of(ints(2, 3, 12, 500), places).tolist() == [MISSING] * 4
    nobody = name_places([], ints())
    assert places_of(ints(0, 3), nobody).tolist() == [MISSING] * 2
    assert places_of(ints(), nobody).tolist() == []


def test_types_that_read_the_same_are_not_told_apart() -> None:
    places = type_places({3: "works with", 1: "knows", 5: "knows"})
    assert (places[1], places[5], places[3]) == (0, 0, 1)
    assert type_places({}).tolist() == [MISSING]
