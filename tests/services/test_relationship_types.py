"""The catalogue of types: making, listing, changing and deleting them."""

from __future__ import annotations

import pytest

from crm_desktop.base.errors import InvalidInput, UserError
from crm_desktop.domain.changes import ChangeKind
from crm_desktop.domain.relationships import SEED_TYPES, EntityKind, RelationshipType
from crm_desktop.model.database import Database, UnitOfWork
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.relationship_edits import create_relationship, delete_relationships
from crm_desktop.services.relationship_types import (
    create_relationship_type,
    delete_relationship_type,
    get_relationship_type,
    get_relationship_type_by_name,
    list_relationship_types,
    relationship_type_uses,
    update_relationship_type,
)
from crm_desktop.services.relationships import load_relationships
from crm_desktop.services.undo import redo, undo
from tests.life import Life

CONTACT, COMPANY = EntityKind.CONTACT, EntityKind.COMPANY


@pytest.fixture
def people(access: DirectAccess) -> tuple[int, int, int]:
    def make(store: UnitOfWork) -> tuple[int, int, int]:
        life = Life(store)
        return life.contact("Ada King"), life.contact("Bob Ray"), life.contact("Cy Fox")

    return access.write(make)


def new_type(access: DirectAccess, name: str, *labels: str) -> RelationshipType:
    return create_relationship_type(access, name, CONTACT, CONTACT, *labels).value


def test_a_new_type(access: DirectAccess):
    done = create_relationship_type(
        access,
        " Mentor\n of ",
        "contact",
        CONTACT,
        " Mentors ",
        "Is  mentored by",
        description=" Guidance \n",
    )
    assert done.value == RelationshipType(
        *("rt-mentor-of", "Mentor of", CONTACT, CONTACT, "Mentors", "Is mentored by"),
        description="Guidance",
        color_index=6,
    )
    assert done.changes.kinds == {ChangeKind.RELATIONSHIP_TYPES}
    assert get_relationship_type(access, "rt-mentor-of") == done.value
    assert get_relationship_type_by_name(access, "MENTOR  OF") == done.value
    assert access.undo_status.undo_label == "Create type Mentor of"
    undo(access)
    assert get_relationship_type(access, "rt-mentor-of") is None
    redo(access)
    assert get_relationship_type(access, "rt-mentor-of") == done.value


@pytest.mark.parametrize("taken", ["knows", " KNOWS ", "FREUNDSCHAFT ÄÖ", "freundschaft a\u0308ö"])
def test_a_taken_name_is_refused_in_any_case_and_alphabet(access: DirectAccess, taken: str):
    new_type(access, "Freundschaft äö", "a", "b")
    before = list_relationship_types(access)
    with pytest.raises(ValueError, match=r"There is already a relationship type “(KNOWS|Freund)"):
        new_type(access, taken, "a", "b")
    assert list_relationship_types(access) == before


@pytest.mark.parametrize(
    ("name", "forward", "reverse"),
    [("", "a", "b"), (" \u00a0\n", "a", "b"), ("X", " ", "b"), ("X", "a", "\0")],
)
def test_blanks_are_refused(access: DirectAccess, name: str, forward: str, reverse: str):
    with pytest.raises(ValueError, match="needs a name and a label for each side"):
        new_type(access, name, forward, reverse)


def test_other_inputs_that_are_refused(access: DirectAccess):
    with pytest.raises(ValueError, match=r"“robot” is no kind of end.*contact or company"):
        create_relationship_type(access, "X", "robot", CONTACT, "a", "b")
    with pytest.raises(InvalidInput, match="The name is 61 characters long"):
        new_type(access, "x" * 61, "a", "b")
    with pytest.raises(InvalidInput, match="The label is 61"):
        new_type(access, "x", "a", "b" * 61)
    with pytest.raises(InvalidInput, match="colour must be from 0 to 11; it was 12"):
        create_relationship_type(access, "X", CONTACT, CONTACT, "a", "b", color_index=12)
    with pytest.raises(InvalidInput, match="no user 7"):
        create_relationship_type(access, "X", CONTACT, CONTACT, "a", "b", created_by=7)
    assert len(list_relationship_types(access)) == len(SEED_TYPES)
    assert access.undo_status.undo_label is None


def test_new_types_get_colours_that_few_types_have(access: DirectAccess):
    made = [new_type(access, f"T{number}", "a", "b").color_index for number in range(8)]
    assert made == [6, 7, 8, 9, 10, 11, 0, 1]
    delete_relationship_type(access, "rt-t3")
    assert new_type(access, "T9", "a", "b").color_index == 9


def test_listing_by_name_and_by_ends(access: DirectAccess):
    create_relationship_type(access, "émigré", COMPANY, CONTACT, "a", "b")
    names = [type_.name for type_ in list_relationship_types(access)]
    assert names == sorted(names, key=str.casefold)
    assert names[-1] == "émigré"

    def listed(*ends: EntityKind | str | None) -> list[str]:
        return [type_.name for type_ in list_relationship_types(access, *ends)]

    assert listed(COMPANY) == ["EMPLOYEE", "PARTNER", "VENDOR", "émigré"]
    assert listed(None, "contact") == ["EMPLOYEE", "KNOWS", "REPORTS_TO", "WORKS_WITH", "émigré"]
    assert listed(CONTACT, COMPANY) == []
    with pytest.raises(ValueError, match="no kind of end"):
        listed("people")
    assert get_relationship_type(access, "rt-nothing") is None
    assert get_relationship_type_by_name(access, "nothing") is None


def test_changing_a_type(access: DirectAccess):
    done = update_relationship_type(access, "rt-employee", forward_label=" Gives work to ")
    assert done.value is not None
    assert (done.value.forward_label, done.value.reverse_label) == ("Gives work to", "Works at")
    assert done.value.description == "Employment"
    done = update_relationship_type(access, "rt-employee", description=" ", color_index=11)
    assert done.value is not None
    assert (done.value.description, done.value.color_index) == (None, 11)
    assert done.value.forward_label == "Gives work to"
    assert undo(access).value == "Edit type EMPLOYEE"
    assert undo(access).value == "Edit type EMPLOYEE"
    assert get_relationship_type(access, "rt-employee") in SEED_TYPES
    assert update_relationship_type(access, "rt-nothing", forward_label="x").value is None
    with pytest.raises(InvalidInput, match="needs a label for each side"):
        update_relationship_type(access, "rt-employee", reverse_label=" ")
    assert not update_relationship_type(access, "rt-employee", forward_label="Employs").changes


def test_the_system_type_may_be_worded_otherwise_but_has_no_direction(access: DirectAccess):
    with pytest.raises(InvalidInput, match="“KNOWS” has no direction: its two labels must be the"):
        update_relationship_type(access, "rt-knows", forward_label="Is known to")
    done = update_relationship_type(
        access, "rt-knows", forward_label="Kennt", reverse_label="Kennt", color_index=3
    )
    assert done.value is not None
    assert (done.value.forward_label, done.value.is_symmetric) == ("Kennt", True)


def test_labels_that_become_equal_put_the_lower_end_first(
    access: DirectAccess, people: tuple[int, int, int]
):
    ada, bob, cy = people
    create_relationship(access, "rt-reports-to", bob, ada)
    create_relationship(access, "rt-reports-to", ada, cy)
    update_relationship_type(access, "rt-reports-to", forward_label="Reports to")
    rows = load_relationships(access)
    assert {(row.from_entity_id, row.to_entity_id) for row in rows} == {(ada, bob), (ada, cy)}
    with pytest.raises(InvalidInput, match="already there"):
        create_relationship(access, "rt-reports-to", bob, ada)
    undo(access)
    rows = load_relationships(access)
    assert {(row.from_entity_id, row.to_entity_id) for row in rows} == {(bob, ada), (ada, cy)}


def test_labels_may_not_become_equal_while_pairs_are_related_both_ways(
    access: DirectAccess, people: tuple[int, int, int]
):
    ada, bob, cy = people
    for pair in ((ada, bob), (bob, ada), (cy, bob)):
        create_relationship(access, "rt-reports-to", *pair)
    with pytest.raises(InvalidInput, match="Ada King and Bob Ray are related by “REPORTS_TO” in"):
        update_relationship_type(access, "rt-reports-to", forward_label="Reports to")
    create_relationship(access, "rt-reports-to", bob, cy)
    with pytest.raises(InvalidInput, match="Ada King and Bob Ray, and 2 pairs in all, are related"):
        update_relationship_type(access, "rt-reports-to", forward_label="Reports to")
    assert len(load_relationships(access)) == 4


def test_labels_may_not_become_different_while_nobody_knows_which_side_is_which(
    access: DirectAccess, people: tuple[int, int, int]
):
    ada, bob, _ = people
    pair = create_relationship(access, "rt-works-with", ada, bob).value
    with pytest.raises(InvalidInput, match="of 1 relationship nobody knows which side is which"):
        update_relationship_type(access, "rt-works-with", forward_label="Leads")
    delete_relationships(access, [pair])
    done = update_relationship_type(access, "rt-works-with", forward_label="Leads")
    assert done.value is not None
    assert not done.value.is_symmetric


def test_a_type_in_use_or_needed_is_not_deleted(access: DirectAccess, people: tuple[int, int, int]):
    ada, bob, cy = people
    mentor = new_type(access, "Mentor", "Mentors", "Is mentored by").id
    first = create_relationship(access, mentor, ada, bob).value
    with pytest.raises(ValueError, match="1 relationship uses “Mentor”"):
        delete_relationship_type(access, mentor)
    second = create_relationship(access, mentor, ada, cy).value
    assert relationship_type_uses(access)[mentor] == 2
    with pytest.raises(ValueError, match="2 relationships use “Mentor”"):
        delete_relationship_type(access, mentor)
    with pytest.raises(UserError, match="“KNOWS” is needed"):
        delete_relationship_type(access, "rt-knows")
    with pytest.raises(ValueError, match="no relationship type “rt-nothing”"):
        delete_relationship_type(access, "rt-nothing")
    delete_relationships(access, [first, second])
    assert relationship_type_uses(access)[mentor] == 0
    delete_relationship_type(access, mentor)
    assert get_relationship_type(access, mentor) is None
    assert undo(access).value == "Delete type Mentor"
    assert get_relationship_type(access, mentor) is not None


def test_a_deleted_seed_stays_deleted(access: DirectAccess, database: Database):
    delete_relationship_type(access, "rt-vendor")
    database.close()
    again = Database.open(database.path)
    names = [type_.name for type_ in list_relationship_types(DirectAccess(again))]
    again.close()
    assert "VENDOR" not in names
    assert len(names) == len(SEED_TYPES) - 1
