"""Relationship types in words."""

from __future__ import annotations

import pytest

from crm_desktop.domain.relationships import SEED_TYPES, EntityKind
from crm_desktop.domain.wording import label_in_sentence
from crm_desktop.ui.tokens import DARK, LIGHT
from crm_desktop.ui.type_words import (
    COLOUR_NAMES,
    between,
    same_title,
    sentences,
    sentences_of,
    type_colour,
    type_title,
)

PERSON, COMPANY = EntityKind.CONTACT, EntityKind.COMPANY
SEEDS = {type_.id: type_ for type_ in SEED_TYPES}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("KNOWS", "Knows"),
        ("REPORTS_TO", "Reports to"),
        ("Mentor", "Mentor"),
        ("VIP", "VIP"),
        ("Friend of CEO", "Friend of CEO"),
        ("友達", "友達"),
    ],
)
def test_names_are_written_as_people_write_them(name: str, title: str) -> None:
    assert type_title(name) == title


def test_names_that_read_the_same_are_found_however_they_are_written() -> None:
    assert same_title("WORKS_WITH", " works  With ")
    assert same_title("STRASSE", "Straße")
    assert not same_title("WORKS_WITH", "Works at")


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Works at", "works at"),
        ("CEO of", "CEO of"),
        ("Is a vendor of", "is a vendor of"),
        ("  Knows ", "knows"),
        ("", ""),
        ("McKinsey alumni with", "McKinsey alumni with"),
    ],
)
def test_labels_begin_small_between_two_names(label: str, inside: str) -> None:
    assert label_in_sentence(label) == inside


@pytest.mark.parametrize(
    ("type_id", "said"),
    [
        ("rt-employee", ["Acme employs Bob", "Bob works at Acme"]),
        ("rt-knows", ["Alice knows Bob"]),
        ("rt-vendor", ["Acme is a vendor of Globex", "Globex is a client of Acme"]),
        ("rt-reports-to", ["Alice has direct report Bob", "Bob reports to Alice"]),
    ],
)
def test_a_type_is_said_from_both_sides(type_id: str, said: list[str]) -> None:
    assert [sentence.text() for sentence in sentences_of(SEEDS[type_id])] == said


def test_sentences_of_other_kinds_and_of_what_is_not_typed_yet() -> None:
    advising = sentences(PERSON, COMPANY, "Advises", "Is advised by")
    assert [s.text() for s in advising] == ["Alice advises Acme", "Acme is advised by Alice"]
    # The same words between a person and a company still have two sides.
    assert len(sentences(COMPANY, PERSON, "Supports", "Supports")) == 2
    assert len(sentences(PERSON, PERSON, "", "")) == 2


def test_kinds_for_the_eye_and_for_the_ear() -> None:
    assert between(COMPANY, PERSON) == "Company → Person"
    assert between(COMPANY, PERSON, "to") == "Company to Person"


def test_twelve_colours_with_twelve_names() -> None:
    for theme in (LIGHT, DARK):
        assert [type_colour(theme, index) for index in range(12)] == list(theme.communities)
    assert len(set(COLOUR_NAMES)) == len(LIGHT.communities)
