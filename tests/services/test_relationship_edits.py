"""Entering, changing, judging and deleting relationships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.changes import ChangeKind
from crm_desktop.domain.relationships import (
    Decision,
    EntityKind,
    Relationship,
    RelationshipDetail,
    RelationshipSource,
)
from crm_desktop.model.database import Database, UnitOfWork
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.inference import infer_relationships
from crm_desktop.services.relationship_edits import (
    MAX_DESCRIPTION,
    confirm_relationships,
    create_relationship,
    delete_relationships,
    reject_relationships,
    retype_relationships,
    update_relationship,
)
from crm_desktop.services.relationship_notes import MAX_NOTE
from crm_desktop.services.relationship_types import create_relationship_type
from crm_desktop.services.relationships import load_relationships, relationship_detail
from crm_desktop.services.undo import redo, undo
from tests.archive_builder import ArchiveBuilder, two_friends
from tests.life import NOW, Life

pytestmark = pytest.mark.usefixtures("frozen_now")

MANUAL, INFERRED = RelationshipSource.MANUAL, RelationshipSource.INFERRED


@dataclass(frozen=True)
class World:
    """Four people, one of them twice, two companies, and what was found between Ada and Bob."""

    ada: int
    bob: int
    cy: int
    alias: int  # of Cy
    acme: int
    beta: int
    found: int


@pytest.fixture
def world(access: DirectAccess) -> World:
    def make(store: UnitOfWork) -> World:
        life = Life(store)
        people = [life.contact(name) for name in ("Ada King", "Bob Ray", "Cy Fox", "cy  fox")]
        companies = [life.company(name) for name in ("Acme", "Beta")]
        found = life.relationship("rt-knows", people[0], people[1], "inferred", 0.7)
        return World(*people, *companies, found)

    return access.write(make)


def only(access: DirectAccess, id_: int) -> Relationship:
    return next(row for row in load_relationships(access) if row.id == id_)


def detail(access: DirectAccess, id_: int) -> RelationshipDetail:
    found = relationship_detail(access, id_)
    assert found is not None
    return found


def ends(row: Relationship) -> tuple[str, str, str]:
    return row.from_name, row.type, row.to_name


def decisions(access: DirectAccess) -> dict[tuple[str, int, int], str]:
    with access.read() as store:
        rows = store.connection.exec_driver_sql("SELECT * FROM relationship_decisions")
        return {(row[2], row[0], row[1]): row[3] for row in rows}


def test_every_combination_of_ends_can_be_related(access: DirectAccess, world: World):
    adviser = create_relationship_type(
        access, "ADVISER", EntityKind.CONTACT, EntityKind.COMPANY, "Advises", "Is advised by"
    ).value
    made = [
        create_relationship(access, *given).value
        for given in (
            ("rt-works-with", world.bob, world.ada),
            ("rt-reports-to", world.bob, world.ada),
            ("rt-reports-to", world.ada, world.bob),
            ("rt-employee", world.acme, world.ada),
            ("rt-vendor", world.beta, world.acme),
            ("rt-partner", world.beta, world.acme),
            (adviser.id, world.ada, world.acme),
        )
    ]
    rows = [only(access, id_) for id_ in made]
    assert [row.sentence for row in rows] == [
        "Ada King works with Bob Ray",
        "Bob Ray has direct report Ada King",
        "Ada King has direct report Bob Ray",
        "Acme employs Ada King",
        "Beta is a vendor of Acme",
        "Acme partners with Beta",
        "Ada King advises Acme",
    ]
    assert {(row.source, row.strength, row.last_interaction) for row in rows} == {
        (MANUAL, None, None)
    }
    with access.read() as store:
        assert store.connection.exec_driver_sql(
            "SELECT count(*) FROM relationships WHERE source = 'manual' AND properties IS NULL"
        ).scalar() == len(made)


def test_everything_said_on_entering_is_kept(access: DirectAccess, world: World):
    done = create_relationship(
        access,
        "rt-works-with",
        world.ada,
        world.cy,
        description=" Same desk ",
        attitude=4,
        proximity=5,
        started_on="2020",
        ended_on="2021-3",
        note="Lends books\n",
    )
    assert done.changes.kinds == {ChangeKind.RELATIONSHIPS}
    found = detail(access, done.value)
    row = found.relationship
    assert (row.description, row.attitude, row.proximity) == ("Same desk", 4, 5)
    assert (found.started_on, found.ended_on, found.decision) == ("2020", "2021-03", None)
    assert [(note.content, note.created_at) for note in found.notes] == [("Lends books", NOW)]
    assert found.created_at == found.updated_at == NOW
    assert undo(access).value == "Add relationship"
    assert relationship_detail(access, done.value) is None
    redo(access)
    assert detail(access, done.value) == found


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"attitude": 0}, "attitude must be from 1 to 5; it was 0"),
        ({"proximity": 6}, "proximity must be from 1 to 5; it was 6"),
        ({"started_on": "May"}, "“May” is no start that we can read"),
        ({"ended_on": "2021-02-30"}, "“2021-02-30” is no end that we can read"),
        ({"started_on": "2021", "ended_on": "2020-05"}, "before the start"),
        ({"description": "x" * (MAX_DESCRIPTION + 1)}, "The description is 2,001 characters"),
        ({"note": "x" * (MAX_NOTE + 1)}, "The note is 20,001 characters"),
    ],
)
def test_values_that_are_refused(
    access: DirectAccess, world: World, fields: dict[str, Any], words: str
):
    with pytest.raises(InvalidInput, match=words):
        create_relationship(access, "rt-works-with", world.ada, world.bob, **fields)
    if "note" not in fields:
        with pytest.raises(InvalidInput, match=words):
            update_relationship(access, world.found, **fields)
    assert len(load_relationships(access)) == 1
    assert access.undo_status.undo_label is None


def test_ends_that_are_refused(access: DirectAccess, world: World):
    def refused(words: str, *given: Any) -> None:
        with pytest.raises(InvalidInput, match=words):
            create_relationship(access, *given)

    refused("no relationship type “rt-x”", "rt-x", world.ada, world.bob)
    refused("two different ends", "rt-works-with", world.ada, world.ada)
    refused("two different ends", "rt-partner", world.acme, world.acme)
    refused("count as the same person", "rt-works-with", world.cy, world.alias)
    refused("person is no longer there", "rt-works-with", world.ada, 99)
    refused("company is no longer there", "rt-employee", 99, world.ada)
    assert len(load_relationships(access)) == 1


def test_what_is_there_is_not_entered_twice_whichever_way_round_or_alias(
    access: DirectAccess, world: World
):
    create_relationship(access, "rt-works-with", world.ada, world.cy)
    create_relationship(access, "rt-employee", world.acme, world.alias)
    words = "“Ada King works with Cy Fox” is already there. Change that one"
    for first, second in ((world.ada, world.cy), (world.cy, world.ada), (world.alias, world.ada)):
        with pytest.raises(InvalidInput, match=words):
            create_relationship(access, "rt-works-with", first, second)
    with pytest.raises(InvalidInput, match="“Acme employs cy  fox” is already there"):
        create_relationship(access, "rt-employee", world.acme, world.cy)
    # Another type, or the same one from the other side where sides differ, is something else.
    create_relationship(access, "rt-reports-to", world.ada, world.cy)
    create_relationship(access, "rt-reports-to", world.cy, world.ada)
    assert len(load_relationships(access)) == 5


def test_entering_what_was_found_makes_it_the_persons_own(access: DirectAccess, world: World):
    id_ = create_relationship(access, "rt-knows", world.bob, world.ada, attitude=2).value
    assert id_ == world.found
    row = only(access, id_)
    assert (row.source, row.strength, row.attitude) == (MANUAL, None, 2)
    assert decisions(access) == {}
    undo(access)
    assert (only(access, id_).source, only(access, id_).strength) == (INFERRED, 0.7)
    reject_relationships(access, [id_])
    create_relationship(access, "rt-knows", world.bob, world.ada)
    assert decisions(access) == {}


def test_changing_what_is_said(access: DirectAccess, world: World):
    done = update_relationship(
        access, world.found, description="From school", attitude=5, started_on="2001-09"
    )
    assert done.changes.kinds == {ChangeKind.RELATIONSHIPS}
    found = detail(access, world.found)
    assert found.relationship.source is INFERRED
    assert found.relationship.strength == 0.7
    assert (found.relationship.description, found.started_on) == ("From school", "2001-09")
    update_relationship(access, world.found, attitude=None, description=None, ended_on="2001-10")
    found = detail(access, world.found)
    assert (found.relationship.attitude, found.relationship.description) == (None, None)
    assert (found.started_on, found.ended_on) == ("2001-09", "2001-10")
    with pytest.raises(InvalidInput, match="before the start"):
        update_relationship(access, world.found, ended_on="2000")
    assert not update_relationship(access, world.found, ended_on="2001-10").changes
    with pytest.raises(InvalidInput, match="no longer there"):
        update_relationship(access, 99, attitude=1)
    undo(access)
    assert undo(access).value == "Edit relationship"
    assert detail(access, world.found).relationship.attitude is None


def test_a_long_description_that_was_there_does_not_stand_in_the_way(
    access: DirectAccess, world: World
):
    text = "x" * (MAX_DESCRIPTION + 1)
    access.write(lambda store: store.relationships.update(world.found, description=text))
    update_relationship(access, world.found, attitude=5)
    assert only(access, world.found).description == text


def test_confirming_and_deleting_what_was_found(access: DirectAccess, world: World):
    with pytest.raises(
        InvalidInput, match=r"“Ada King knows Bob Ray” was found in conv.*Reject it"
    ):
        delete_relationships(access, [world.found])
    update_relationship(access, world.found, proximity=3)
    assert confirm_relationships(access, [world.found]).value == 1
    found = detail(access, world.found)
    assert found.decision is Decision.CONFIRMED
    assert (found.relationship.source, found.relationship.strength) == (MANUAL, None)
    assert found.relationship.proximity == 3
    with pytest.raises(InvalidInput, match="Only what was found"):
        confirm_relationships(access, [world.found])
    with pytest.raises(InvalidInput, match=r"“Ada King knows Bob Ray” was entered.*Delete it"):
        reject_relationships(access, [world.found])
    assert delete_relationships(access, [world.found]).value == 1
    assert decisions(access) == {}
    undo(access)
    assert detail(access, world.found) == found
    assert undo(access).value == "Confirm relationship"
    assert only(access, world.found).strength == 0.7
    assert decisions(access) == {}


def test_rejecting_what_was_found(access: DirectAccess, world: World):
    assert reject_relationships(access, [world.found]).value == 1
    assert load_relationships(access) == ()
    assert decisions(access) == {("rt-knows", world.ada, world.bob): "rejected"}
    assert undo(access).value == "Reject relationship"
    assert only(access, world.found).source is INFERRED
    assert decisions(access) == {}
    with pytest.raises(InvalidInput, match="This relationship is no longer there"):
        reject_relationships(access, [99])
    with pytest.raises(InvalidInput, match="None of these relationships is there any more"):
        delete_relationships(access, [98, 99])


def test_several_at_once_are_all_or_nothing(access: DirectAccess, world: World):
    own = [
        create_relationship(access, "rt-works-with", world.ada, other).value
        for other in (world.bob, world.cy)
    ]
    with pytest.raises(InvalidInput, match="“Ada King knows Bob Ray” was found"):
        delete_relationships(access, [*own, world.found])
    with pytest.raises(
        InvalidInput,
        match=r"“Ada King works with Bob Ray”, “Ada King works with Cy Fox” was entered.*them",
    ):
        reject_relationships(access, [*own, world.found])
    assert len(load_relationships(access)) == 3
    assert confirm_relationships(access, [*own, world.found]).value == 1
    assert delete_relationships(access, [*own, world.found, 99]).value == 3
    assert access.undo_status.undo_label == "Delete 4 relationships"
    undo(access)
    assert len(load_relationships(access)) == 3


def test_an_imported_one_that_is_deleted_stays_away(access: DirectAccess, world: World):
    def bring(store: UnitOfWork) -> int:
        return store.relationships.add(
            "rt-employee", world.acme, world.ada, source=RelationshipSource.IMPORTED
        )

    imported = access.write(bring)
    delete_relationships(access, [imported])
    assert decisions(access) == {("rt-employee", world.acme, world.ada): "rejected"}
    undo(access)
    assert decisions(access) == {}


def test_changing_the_type(access: DirectAccess, world: World):
    id_ = create_relationship(
        access, "rt-reports-to", world.cy, world.ada, attitude=3, note="Since May"
    ).value
    assert retype_relationships(access, [id_], "rt-works-with").value == 1
    assert ends(only(access, id_)) == ("Ada King", "WORKS_WITH", "Cy Fox")
    found = detail(access, id_)
    assert found.relationship.attitude == 3
    assert [note.content for note in found.notes] == ["Since May"]
    assert not retype_relationships(access, [id_], "rt-works-with").changes
    assert undo(access).value == "Change type of relationship"
    assert ends(only(access, id_)) == ("Cy Fox", "REPORTS_TO", "Ada King")
    redo(access)
    assert ends(only(access, id_)) == ("Ada King", "WORKS_WITH", "Cy Fox")


def test_a_type_of_the_other_direction_swaps_the_ends(access: DirectAccess, world: World):
    adviser = create_relationship_type(
        access, "ADVISER", EntityKind.CONTACT, EntityKind.COMPANY, "Advises", "Is advised by"
    ).value
    id_ = create_relationship(access, "rt-employee", world.acme, world.ada).value
    retype_relationships(access, [id_], adviser.id)
    assert only(access, id_).sentence == "Ada King advises Acme"
    retype_relationships(access, [id_], "rt-employee")
    assert only(access, id_).sentence == "Acme employs Ada King"


def test_types_that_do_not_fit_are_refused_with_names(access: DirectAccess, world: World):
    own = [
        create_relationship(access, "rt-works-with", world.ada, world.cy).value,
        create_relationship(access, "rt-employee", world.acme, world.bob).value,
    ]
    with pytest.raises(InvalidInput, match="“Acme employs Bob Ray” cannot be of the type “REPORTS"):
        retype_relationships(access, own, "rt-reports-to")
    assert only(access, own[0]).type == "WORKS_WITH"
    with pytest.raises(InvalidInput, match="no relationship type “x”"):
        retype_relationships(access, own, "x")


def test_a_change_of_type_to_what_is_there_is_refused_with_names(
    access: DirectAccess, world: World
):
    create_relationship(access, "rt-works-with", world.ada, world.cy)
    own = [
        create_relationship(access, "rt-reports-to", world.alias, world.ada).value,
        create_relationship(access, "rt-reports-to", world.bob, world.ada).value,
        create_relationship(access, "rt-reports-to", world.ada, world.bob).value,
    ]
    with pytest.raises(
        InvalidInput,
        match=r"^“Ada King works with Cy Fox” would be there twice. Nothing was changed",
    ):
        retype_relationships(access, own[:2], "rt-works-with")
    # Both directions would become one and the same.
    with pytest.raises(InvalidInput, match=r"^“Ada King works with Bob Ray” would be there twice"):
        retype_relationships(access, own[1:], "rt-works-with")
    assert [only(access, id_).type for id_ in own] == ["REPORTS_TO"] * 3


def test_what_was_found_does_not_come_back_when_its_type_is_changed(
    access: DirectAccess, world: World
):
    update_relationship(access, world.found, attitude=4)
    retype_relationships(access, [world.found], "rt-works-with")
    row = only(access, world.found)
    assert (row.type, row.source, row.strength, row.attitude) == ("WORKS_WITH", MANUAL, None, 4)
    assert decisions(access) == {("rt-knows", world.ada, world.bob): "rejected"}
    retype_relationships(access, [world.found], "rt-knows")
    assert decisions(access) == {}
    undo(access)
    undo(access)
    assert only(access, world.found).source is INFERRED
    assert decisions(access) == {}


def test_a_confirmed_one_does_not_come_back_either(access: DirectAccess, world: World):
    confirm_relationships(access, [world.found])
    retype_relationships(access, [world.found], "rt-works-with")
    assert decisions(access) == {("rt-knows", world.ada, world.bob): "rejected"}


def test_what_is_found_meanwhile_does_not_stand_in_the_way_of_undo(
    access: DirectAccess, database: Database
):
    two_friends(ArchiveBuilder(database))
    infer_relationships(access)
    [found] = load_relationships(access)
    confirm_relationships(access, [found.id])
    delete_relationships(access, [found.id])
    infer_relationships(access)
    [again] = load_relationships(access)
    assert again.id != found.id
    undo(access)
    assert only(access, found.id).source is MANUAL
    infer_relationships(access)
    assert len(load_relationships(access)) == 1
    undo(access)
    infer_relationships(access)
    assert load_relationships(access) == (found,)


def test_rejected_and_retyped_ones_stay_away_from_inference(
    access: DirectAccess, database: Database
):
    two_friends(ArchiveBuilder(database))
    infer_relationships(access)
    [found] = load_relationships(access)
    reject_relationships(access, [found.id])
    infer_relationships(access)
    assert load_relationships(access) == ()
    undo(access)
    retype_relationships(access, [found.id], "rt-works-with")
    infer_relationships(access)
    assert [row.type for row in load_relationships(access)] == ["WORKS_WITH"]
