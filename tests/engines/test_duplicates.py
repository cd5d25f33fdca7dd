"""Which contacts may be one person."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_desktop.domain.duplicates import DuplicateReason
from crm_desktop.engines.duplicates import Candidate, LikelyPair, likely_pairs


def person(id_: int, name: str = "", phone: str = "", local: str = "") -> Candidate:
    return Candidate(
        id_,
        tuple(name.split()),
        frozenset([phone] if phone else ()),
        frozenset([local] if local else ()),
    )


def reasons(*people: Candidate) -> set[str]:
    pairs = likely_pairs(people)
    assert len(pairs) <= 1
    return {reason.value for pair in pairs for reason in pair.reasons}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("ada lovelace", "ada lovelace", {"same_name"}),
        ("ada lovelace", "lovelace ada", {"same_name"}),
        ("ada lovelace", "ada lovelance", {"similar_name"}),
        ("a lovelace", "ada lovelace", {"similar_name"}),
        ("b lovelace", "ada lovelace", set()),
        ("ada lovelace", "ida loveless", set()),
        ("ada lovelace", "bob lovelace", set()),
        ("ada", "ada", {"same_name"}),
        ("", "", set()),
    ],
)
def test_names(first: str, second: str, expected: set[str]) -> None:
    assert reasons(person(1, first), person(2, second)) == expected


def test_a_number_counts_among_names_that_may_be_one() -> None:
    assert reasons(person(1, "ada king", "1"), person(2, "a king", "1")) >= {"same_phone"}
    assert reasons(person(1, "ada king", "1"), person(2, phone="1")) == {"same_phone"}
    assert reasons(person(1, "ada king", "1"), person(2, "bob ray", "1")) == set()
    office = [person(id_, phone="1") for id_ in range(20)]
    assert likely_pairs(office) == []


def test_what_stands_before_the_at() -> None:
    one, other = person(1, "ada king", local="ada.king"), person(2, local="ada.king")
    assert reasons(one, other) == {"same_local_part"}
    assert reasons(person(1, local="info"), person(2, local="info")) == set()


def test_more_reasons_make_more_certain_and_a_single_word_less() -> None:
    def score(*people: Candidate) -> float:
        (pair,) = likely_pairs(people)
        return pair.score

    alone = score(person(1, "ada king"), person(2, "ada king"))
    both = score(person(1, "ada king", "1"), person(2, "ada king", "1"))
    assert 0 < score(person(1, "ada"), person(2, "ada")) < alone < both <= 1


def test_a_block_too_large_is_cut_by_further_letters() -> None:
    people = [person(id_, f"john {chr(97 + id_ % 26)}x{id_:04d}") for id_ in range(900)]
    people.append(person(5000, "john smithson"))
    people.append(person(5001, "john smithsen"))
    assert LikelyPair(5000, 5001, frozenset({DuplicateReason.SIMILAR_NAME}), 0.7) in [
        LikelyPair(p.low_id, p.high_id, p.reasons, round(p.score, 6)) for p in likely_pairs(people)
    ]


words = st.sampled_from(["ada", "king", "bob", "ray", "lovelace", "a"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda names, phone, local: (tuple(names), phone, local),
            st.lists(words, max_size=3),
            st.sampled_from(["", "1", "2"]),
            st.sampled_from(["", "ada.king", "bob.ray"]),
        ),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_order_does_not_matter_and_pairs_are_apart(
    drawn: list[tuple[tuple[str, ...], str, str]], shuffler: random.Random
) -> None:
    people = [
        person(id_, " ".join(names), phone, local)
        for id_, (names, phone, local) in enumerate(drawn, 1)
    ]
    pairs = likely_pairs(people)
    assert all(pair.low_id < pair.high_id and 0 < pair.score <= 1 for pair in pairs)
    assert len({(pair.low_id, pair.high_id) for pair in pairs}) == len(pairs)
    shuffler.shuffle(people)
    assert likely_pairs(people) == pairs
