"""How two may be connected, from the side of the first."""

from __future__ import annotations

from crm_desktop.domain.relationships import SEED_TYPES, EntityKind, RelationshipType
from crm_desktop.ui.dialogs.phrases import Phrase, phrases, words_of

PERSON, COMPANY = EntityKind.CONTACT, EntityKind.COMPANY


def labels(first: EntityKind | None, second: EntityKind | None) -> list[str]:
    return words_of(phrase for phrase in phrases(SEED_TYPES) if phrase.fits(first, second))


def test_both_directions_are_offered_where_the_kinds_fit() -> None:
    assert labels(PERSON, PERSON) == ["Has direct report", "Knows", "Reports to", "Works with"]
    assert labels(PERSON, COMPANY) == ["Works at"]
    assert labels(COMPANY, PERSON) == ["Employs"]
    assert labels(COMPANY, COMPANY) == ["Is a client of", "Is a vendor of", "Partners with"]
    assert labels(COMPANY, None) == [
        "Employs",
        "Is a client of",
        "Is a vendor of",
        "Partners with",
    ]
    assert len(labels(None, None)) == 9


def test_read_from_the_second_end_the_ends_are_put_in_order() -> None:
    employee = next(kind for kind in SEED_TYPES if kind.name == "EMPLOYEE")
    works_at = Phrase(employee, False)
    assert (works_at.label, works_at.kinds) == ("Works at", (PERSON, COMPANY))
    assert works_at.ends(1, 2) == (2, 1)
    assert Phrase(employee, True).ends(1, 2) == (1, 2)


def test_one_label_for_two_kinds_of_ends_is_two_phrases() -> None:
    kind = RelationshipType("x", "ADVISES", COMPANY, PERSON, "Works with", "Works with")
    assert [phrase.kinds for phrase in phrases([kind])] == [(COMPANY, PERSON), (PERSON, COMPANY)]


def test_types_that_read_the_same_are_told_apart_by_their_names() -> None:
    kinds = [
        RelationshipType("a", "FRIEND_OF", PERSON, PERSON, "Knows", "Knows"),
        *(kind for kind in SEED_TYPES if kind.name in ("KNOWS", "WORKS_WITH")),
    ]
    assert words_of(phrases(kinds)) == ["Knows (Friend of)", "Knows (Knows)", "Works with"]
