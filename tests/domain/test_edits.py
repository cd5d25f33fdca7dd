"""The marks by which a person's edits are remembered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.domain.contacts import IdentifierKind
from crm_desktop.domain.edits import (
    PRIMARY,
    edited_columns,
    former_domain,
    former_name,
    marks_json,
    marks_of,
    removed_identifier,
    removed_tag,
)

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


@given(st.frozensets(TEXT, max_size=6))
def test_marks_are_kept_as_they_are_and_in_one_order(marks: frozenset[str]) -> None:
    assert marks_of(marks_json(marks)) == marks
    assert marks_json(sorted(marks, reverse=True)) == marks_json(marks)


@given(TEXT)
def test_no_tag_name_or_address_passes_for_something_the_person_set(text: str) -> None:
    taken_away = {
        removed_tag(text),
        removed_identifier(IdentifierKind.HANDLE, text),
        former_name(text),
        former_domain(text),
    }
    assert edited_columns(taken_away | {"name", PRIMARY}) == {"name", PRIMARY}
    # As the statements look for columns.
    assert '"company_id"' not in marks_json(taken_away)


def test_capitals_make_no_difference_to_a_tag_or_a_name() -> None:
    assert removed_tag("Choir") == removed_tag("choir")
    assert former_name(" ACME  Ltd ") == former_name("Acme ltd")
