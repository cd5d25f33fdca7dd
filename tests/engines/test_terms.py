"""The sentence that explains an edge: which terms stand out and how it reads."""

from __future__ import annotations

import calendar

import numpy as np
import pytest

from crm_desktop.engines import terms as engine
from crm_desktop.engines import vocabulary
from crm_desktop.engines.edge_rows import sentence
from crm_desktop.engines.folding import MISSING, Participants
from crm_desktop.engines.inference import Contacts, infer
from crm_desktop.engines.terms import Subjects, intimacies

NOW = 1_700_000_000


def topics(
    conversations: list[tuple[str, set[int]]], names: dict[int, str], counted: int | None = None
) -> dict[tuple[int, int], str]:
    """The topics of each pair, from (subject, people) conversations, the terms counted in the
    first `counted` of them."""
    rows = np.array(
        [
            (number, person, 1, NOW, NOW)
            for number, (_, people) in enumerate(conversations)
            for person in people
        ],
        np.int64,
    ).T
    people = Contacts(
        np.array(list(names), np.int64), list(names.values()), np.ones(len(names), np.bool_)
    )
    result = infer(Participants(*rows), people, now=NOW)
    texts = vocabulary.read_texts(subject for subject, _ in conversations if subject)
    text_of = [texts.places.get(subject, -1) for subject, _ in conversations]
    known = [text for text in text_of[:counted] if text >= 0]
    uses = np.bincount(np.array(known, np.int64), minlength=len(texts))
    terms = vocabulary.name_terms(texts, None, uses)
    subjects = Subjects(
        texts,
        terms,
        vocabulary.count_terms(texts, terms, uses, len(known)),
        np.array(text_of),
        intimacies(np.array([len(people) for _, people in conversations])),
    )
    found = engine.topics(result.edges, subjects, names)
    pairs = zip(result.edges.low_ids.tolist(), result.edges.high_ids.tolist(), strict=True)
    return dict(zip(pairs, found, strict=True))


NAMES = {1: "ada bell", 2: "ben cole", 3: "cy dow", 4: "dee eng"}
ARCHIVE = [
    ("Re: ISDA swap agreements", {1, 2}),
    ("FW: the ISDA schedule for Ada", {1, 2}),
    ("draft swap agreements", {1, 2}),
    ("Meeting on Monday", {1, 2}),
    ("Meeting on Monday", {3, 4}),
    ("Meeting on pipelines", {3, 4}),
    ("AW: Gas pipelines", {3, 4}),
    ("Meeting on Friday", {1, 3}),
    ("Meeting", {2, 4}),
    ("", {1, 4}),
]


def test_terms_stand_out_against_the_whole_archive():
    found = topics(ARCHIVE, NAMES)
    assert set(found[1, 2].split(", ")[:2]) == {"swap agreements", "ISDA"}
    assert found[3, 4].split(", ")[0] == "pipelines"
    assert found[2, 4].casefold() == "meeting"
    assert found[1, 4] == ""


def test_reply_marks_small_words_and_own_names_are_silent():
    every = ", ".join(topics(ARCHIVE, NAMES).values()).casefold()
    words = set(every.replace(",", "").split())
    assert words.isdisjoint({"re", "fw", "aw", "the", "for", "on", "ada", "bell"})


def test_blocks_of_any_size_give_the_same_terms(monkeypatch: pytest.MonkeyPatch):
    whole = topics(ARCHIVE, NAMES)
    monkeypatch.setattr(engine, "_EDGES_PER_BLOCK", 2)
    assert topics(ARCHIVE, NAMES) == whole


def test_words_keep_their_usual_spelling():
    conversations = [
        ("URGENT ISDA THINGS", {1, 2}),
        ("about ISDA things", {1, 2}),
        ("Zürich plans", {3, 4}),
        ("our Zürich plans", {3, 4}),
    ]
    found = topics(conversations, NAMES)
    assert found[1, 2].split(", ")[0] == "ISDA things"
    assert found[3, 4].split(", ")[0] == "Zürich plans"


def test_subjects_of_numbers_and_signs_have_no_terms():
    found = topics([("12/03 — 2001 ???", {1, 2}), ("<<<>>>", {1, 2})], NAMES)
    assert found == {(1, 2): ""}


@pytest.mark.parametrize(
    ("terms", "count", "first", "last", "expected"),
    [
        (
            "ISDA, swap agreements",
            12,
            calendar.timegm((2000, 3, 1, 0, 0, 0)),
            calendar.timegm((2002, 2, 28, 23, 59, 59)),
            "Talk about ISDA, swap agreements; 12 conversations from Mar 2000 to Feb 2002.",
        ),
        ("golf", 1, 0, 86_400, "Talk about golf; 1 conversation in Jan 1970."),
        ("", 1_200, MISSING, 0, "1,200 conversations in Jan 1970."),
        ("", 2, MISSING, MISSING, "2 conversations."),
    ],
)
def test_the_sentence(terms, count, first, last, expected):
    assert sentence(terms, count, first, last) == expected
