"""A relationship type as it stands in the form."""

from __future__ import annotations

from dataclasses import replace

from crm_desktop.domain.relationships import SEED_TYPES, EntityKind
from crm_desktop.ui.models.type_draft import FORWARD, NAME, REVERSE, TypeDraft, free_colour

EMPLOYEE = next(type_ for type_ in SEED_TYPES if type_.id == "rt-employee")


def test_what_is_missing_is_said_with_examples_for_the_kinds() -> None:
    nothing = TypeDraft(from_kind=EntityKind.COMPANY)
    assert nothing.blanks().keys() == {NAME, FORWARD, REVERSE}
    assert "Employs" in nothing.blanks()[FORWARD]
    assert "Works at" in nothing.blanks()[REVERSE]
    assert TypeDraft.of(EMPLOYEE).blanks() == {}
    assert TypeDraft("  ", forward_label="A", reverse_label="B").blanks().keys() == {NAME}


def test_a_taken_name_is_said_as_the_list_writes_it() -> None:
    draft = TypeDraft(" works with")
    [(field, problem)] = draft.clash(["KNOWS", "WORKS_WITH"]).items()
    assert field == NAME
    assert "“Works with”" in problem
    assert draft.clash(["KNOWS"]) == {}
    assert TypeDraft("").clash(["", "KNOWS"]) == {}


def test_only_what_is_other_is_changed() -> None:
    before = TypeDraft.of(EMPLOYEE)
    draft = replace(before, forward_label="  Pays ", description="Employment ", color_index=3)
    assert draft.changes_from(before) == {"forward_label": "Pays", "color_index": 3}
    assert replace(before, description=" ").changes_from(before) == {"description": ""}


def test_a_new_type_gets_a_colour_that_few_have() -> None:
    assert free_colour((), 12) == 0
    assert free_colour(SEED_TYPES, 12) == 6
    assert free_colour(SEED_TYPES, 6) == 0
