"""Inference of KNOWS: hand-computed strengths, aliases, limits, and a plain reference."""

from __future__ import annotations

import dataclasses
import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_desktop.base.clock import DAY_S
from crm_desktop.engines import inference as engine
from crm_desktop.engines.folding import MISSING, Participants, canonical_contacts
from crm_desktop.engines.inference import (
    Contacts,
    infer,
    recencies,
    strengths,
)

NOW = 1_700_000_000
Row = tuple[int, int, int, int | None, int | None]


def participants(rows: list[Row]) -> Participants:
    """From (conversation, contact, messages sent, first seen, last seen) tuples."""
    filled = [[MISSING if value is None else value for value in row] for row in rows]
    columns = np.array(filled, np.int64).reshape(-1, 5).T
    return Participants(*(np.ascontiguousarray(column) for column in columns))


def contacts(names: dict[int, str], others: frozenset[int] = frozenset()) -> Contacts:
    return Contacts(
        np.array(list(names), np.int64),
        list(names.values()),
        np.array([id_ not in others for id_ in names], np.bool_),
    )


def edges_of(result) -> dict[tuple[int, int], tuple]:
    edges = result.edges
    columns = (
        edges.shared_conversations,
        edges.shared_messages,
        edges.first_interaction,
        edges.last_interaction,
        strengths(edges.shared_conversations, edges.shared_messages, edges.last_interaction, NOW),
    )
    pairs = zip(edges.low_ids.tolist(), edges.high_ids.tolist(), strict=True)
    values = zip(*(column.tolist() for column in columns), strict=True)
    return dict(zip(pairs, values, strict=True))


def plain_strength(conversations: int, messages: int, last: int | None) -> float:
    if last is None:
        recency = 0.1
    else:
        days = (NOW - last) / 86_400
        if days <= 30:
            recency = 1.0
        elif days >= 365:
            recency = 0.1
        else:
            recency = 1.0 - 0.9 * (days - 30) / 335
    return (
        0.4 * min(1.0, math.log2(1 + conversations) / math.log2(51))
        + 0.3 * min(1.0, math.log2(1 + messages) / math.log2(201))
        + 0.3 * recency
    )


def plain_inference(
    rows: list[Row],
    names: dict[int, str],
    others: frozenset[int],
    different: list[tuple[int, int]],
    limit: int,
) -> dict[tuple[int, int], tuple]:
    """The design's words in plain Python."""
    rows = [row for row in rows if row[1] not in others]
    counts = {id_: sum(row[1] == id_ for row in rows) for id_ in names}
    canonical: dict[int, int] = {}
    for name in {name for name in names.values() if name}:
        group = [id_ for id_ in names if names[id_] == name and id_ not in others]
        clusters: list[list[int]] = []
        for id_ in sorted(group, key=lambda id_: (-counts[id_], id_)):
            for cluster in clusters:
                if not any(
                    (id_, member) in different or (member, id_) in different for member in cluster
                ):
                    cluster.append(id_)
                    break
            else:
                clusters.append([id_])
        canonical |= {id_: cluster[0] for cluster in clusters for id_ in cluster}
    folded: dict[int, dict[int, list]] = {}
    for conversation, contact, sent, first, last in rows:
        person = canonical.get(contact, contact)
        entry = folded.setdefault(conversation, {}).setdefault(person, [0, [], []])
        entry[0] += sent
        if first is not None:
            entry[1].append(min(first, NOW))
        if last is not None:
            entry[2].append(min(last, NOW))
    pairs: dict[tuple[int, int], list] = {}
    for people in folded.values():
        if len(people) > limit:
            continue
        for low, high in combinations(sorted(people), 2):
            entry = pairs.setdefault((low, high), [0, 0, [], []])
            entry[0] += 1
            for person in (low, high):
                entry[1] += people[person][0]
                entry[2] += people[person][1]
                entry[3] += people[person][2]
    return {
        pair: (
            conversations,
            messages,
            min(first, default=MISSING),
            max(last, default=MISSING),
            plain_strength(conversations, messages, max(last, default=None)),
        )
        for pair, (conversations, messages, first, last) in pairs.items()
    }


def test_hand_computed_strength():
    result = infer(
        participants(
            [
                (1, 7, 2, NOW - 400 * DAY_S, NOW - 60 * DAY_S),
                (1, 9, 1, NOW - 390 * DAY_S, NOW - 70 * DAY_S),
                (2, 9, 0, None, None),
                (2, 7, 4, NOW - 90 * DAY_S, NOW - 90 * DAY_S),
            ]
        ),
        contacts({7: "ada", 9: "ben"}),
        now=NOW,
    )
    conversations, messages, first, last, strength = edges_of(result)[7, 9]
    assert (conversations, messages) == (2, 7)
    assert (first, last) == (NOW - 400 * DAY_S, NOW - 60 * DAY_S)
    recency = 1 - 0.9 * 30 / 335
    assert strength == pytest.approx(
        0.4 * math.log2(3) / math.log2(51) + 0.3 * 3 / math.log2(201) + 0.3 * recency
    )


@pytest.mark.parametrize(
    ("age_days", "recency"),
    [(-5, 1.0), (0, 1.0), (30, 1.0), (197.5, 0.55), (365, 0.1), (4_000, 0.1), (None, 0.1)],
)
def test_recency_of_exact_ages(age_days, recency):
    last = MISSING if age_days is None else NOW - round(age_days * DAY_S)
    assert recencies(np.array([last]), NOW).tolist() == pytest.approx([recency])


def test_strength_is_full_at_the_caps_and_no_higher():
    many = np.array([50, 500])
    assert strengths(many, 4 * many, np.array([NOW, NOW]), NOW).tolist() == pytest.approx([1, 1])


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, NOW), st.integers(0, 10**8))
def test_strength_is_bounded_and_monotonic(conversations, messages, last, more):
    def one(c, m, at):
        return strengths(np.array([c]), np.array([m]), np.array([at]), NOW)[0]

    here = one(conversations, messages, last)
    assert 0.0 < here <= 1.0 + 1e-12
    assert one(conversations + 1, messages, last) >= here
    assert one(conversations, messages + 1, last) >= here
    assert one(conversations, messages, min(NOW, last + more)) >= here


def test_aliases_count_a_conversation_once_and_make_no_self_pair():
    rows = [
        (1, 1, 1, NOW, NOW),
        (1, 2, 2, NOW, NOW),
        (1, 3, 4, NOW, NOW),
        (2, 2, 1, NOW, NOW),
        (2, 1, 1, NOW, NOW),
        (3, 2, 1, NOW, NOW),
    ]
    result = infer(participants(rows), contacts({1: "ada", 2: "ada", 3: "ben"}), now=NOW)
    assert result.counted_as == {1: 2}
    assert {pair: values[:2] for pair, values in edges_of(result).items()} == {(2, 3): (1, 7)}


def test_a_tie_makes_the_lowest_id_canonical():
    assert canonical_contacts([5, 4, 6], ["ada"] * 3, {5: 1, 4: 1, 6: 1}) == {5: 4, 6: 4}


def test_nameless_contacts_are_nobodys_alias():
    assert canonical_contacts([1, 2], ["", ""], {1: 1, 2: 1}) == {}


def test_people_said_to_differ_are_split():
    ids, names, rows = [1, 2, 3], ["ada"] * 3, {1: 3, 2: 2, 3: 1}
    assert canonical_contacts(ids, names, rows, [(1, 2)]) == {3: 1}
    assert canonical_contacts(ids, names, rows, [(1, 2), (1, 3)]) == {3: 2}
    assert canonical_contacts(ids, names, rows, [(1, 2), (1, 3), (2, 3)]) == {}


def test_the_limit_counts_people_after_folding():
    rows = [(1, person, 1, NOW, NOW) for person in range(1, 5)]
    names = {1: "ada", 2: "ada", 3: "ben", 4: "cy"}
    within = infer(participants(rows), contacts(names), now=NOW, max_participants=3)
    assert len(within.edges) == 3
    assert within.skipped_large == 0
    beyond = infer(participants(rows), contacts(names), now=NOW, max_participants=2)
    assert len(beyond.edges) == 0
    assert beyond.skipped_large == 1


def test_only_persons_count():
    rows = [(1, person, 1, NOW, NOW) for person in (1, 2, 3)]
    names = {1: "ada", 2: "list", 3: "ben"}
    result = infer(participants(rows), contacts(names, frozenset({2})), now=NOW)
    assert set(edges_of(result)) == {(1, 3)}
    assert result.skipped_kinds == 1


def test_future_dates_are_read_as_now():
    rows = [(1, 1, 1, NOW + 99, NOW + 99), (1, 2, 1, NOW - 5, NOW - 5)]
    result = infer(participants(rows), contacts({1: "a", 2: "b"}), now=NOW)
    assert edges_of(result)[1, 2][2:4] == (NOW - 5, NOW)
    assert result.clamped == 1


def test_one_sided_and_missing_dates():
    rows = [
        (1, 1, 1, None, None),
        (1, 2, 1, NOW - 9, None),
        (2, 3, 1, None, None),
        (2, 4, 1, None, None),
    ]
    result = infer(participants(rows), contacts({1: "a", 2: "b", 3: "c", 4: "d"}), now=NOW)
    found = edges_of(result)
    assert found[1, 2][2:4] == (NOW - 9, MISSING)
    assert found[3, 4][2:4] == (MISSING, MISSING)
    assert found[3, 4][4] == pytest.approx(plain_strength(1, 2, None))


@pytest.mark.parametrize("rows", [[], [(1, 1, 5, NOW, NOW)]], ids=["none", "one person"])
def test_no_pairs(rows):
    result = infer(participants(rows), contacts({1: "ada"}), now=NOW)
    assert len(result.edges) == 0


moments = st.one_of(st.none(), st.integers(NOW - 500 * DAY_S, NOW + 50 * DAY_S))


@st.composite
def archives(draw):
    people = draw(st.integers(1, 8))
    names = {
        id_: draw(st.sampled_from(["", "ada", "ben", "cy", "dee", f"only {id_}"]))
        for id_ in range(1, people + 1)
    }
    others = draw(st.frozensets(st.integers(1, people), max_size=2))
    keys = draw(st.sets(st.tuples(st.integers(1, 8), st.integers(1, people)), max_size=40))
    rows = [
        (conversation, contact, draw(st.integers(0, 5)), draw(moments), draw(moments))
        for conversation, contact in keys
    ]
    apart = st.tuples(st.integers(1, people), st.integers(1, people)).filter(lambda p: p[0] != p[1])
    different = draw(st.lists(apart, max_size=3)) if people > 1 else []
    return rows, names, others, different, draw(st.integers(2, 6))


@settings(max_examples=300)
@given(archives())
def test_agrees_with_the_plain_reference(archive):
    rows, names, others, different, limit = archive
    result = infer(
        participants(rows),
        contacts(names, others),
        now=NOW,
        max_participants=limit,
        different=different,
    )
    expected = plain_inference(rows, names, others, different, limit)
    found = edges_of(result)
    assert list(found) == sorted(expected)
    for pair, values in found.items():
        assert values[:4] == expected[pair][:4]
        assert values[4] == pytest.approx(expected[pair][4], abs=1e-12)


def test_blocks_of_any_size_give_the_same_edges(monkeypatch: pytest.MonkeyPatch):
    generator = np.random.default_rng(5)
    rows = [
        (conversation, int(person), 1, NOW - conversation, NOW - conversation)
        for conversation in range(200)
        for person in generator.choice(40, generator.integers(2, 9), replace=False)
    ]
    names = {id_: f"p{id_}" for id_ in range(40)}
    whole = infer(participants(rows), contacts(names), now=NOW).edges
    monkeypatch.setattr(engine, "PAIRS_PER_BLOCK", 7)
    pieces = infer(participants(rows), contacts(names), now=NOW).edges
    for field in dataclasses.fields(whole):
        assert getattr(pieces, field.name).tolist() == getattr(whole, field.name).tolist()
