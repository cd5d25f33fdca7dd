"""Filtering and sorting long lists of relationships."""

from __future__ import annotations

import numpy as np
import pytest

from crm_desktop.domain.relationship_list import ListColumn
from crm_desktop.engines.relationship_list import (
    MISSING,
    Conditions,
    name_places,
    places_of,
    sorted_rows,
    type_places,
)


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def columns(**values: np.ndarray) -> dict[ListColumn, np.ndarray]:
    rows = {ListColumn(name): column for name, column in values.items()}
    return {ListColumn.ID: np.arange(len(next(iter(rows.values())))), **rows}


def test_every_word_must_be_at_one_of_the_ends() -> None:
    table = columns(from_end=ints(2, 4, 6), to_end=ints(4, 9, 2))
    grace, hopper = (ints(4), ints(9)), (ints(2, 2, 500),)
    assert Conditions(words=[grace]).met(table).tolist() == [True, True, False]
    assert Conditions(words=[grace, hopper]).met(table).tolist() == [True, False, False]
    assert Conditions(words=[()]).met(table).tolist() == [False] * 3
    nothing = columns(from_end=ints(), to_end=ints())
    assert Conditions(words=[grace]).met(nothing).tolist() == []


def test_a_person_is_at_one_of_the_ends() -> None:
    table = columns(from_end=ints(2, 4, 6), to_end=ints(4, 9, 2))
    assert Conditions(ends=frozenset({2, 700})).met(table).tolist() == [True, False, True]
    assert Conditions(ends=frozenset()).met(table).tolist() == [False] * 3


def test_conditions_name_the_columns_they_take_and_hold_together() -> None:
    table = columns(type=ints(1, 1, 2, 1), source=ints(0, 1, 1, 1), strength=ints(9, -1, 9, 5))
    assert Conditions().columns() == frozenset()
    assert Conditions().met(table).tolist() == [True] * 4
    conditions = Conditions(type_number=1, source_place=1, least_strength=5)
    assert conditions.columns() == {ListColumn.TYPE, ListColumn.SOURCE, ListColumn.STRENGTH}
    assert conditions.met(table).tolist() == [False, False, False, True]


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
