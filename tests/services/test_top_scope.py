"""Whose list it is and what it is narrowed to, by name, as long as it is there."""

from __future__ import annotations

import pytest

from crm_desktop.domain.relationships import EntityKind, Suggestion
from crm_desktop.services.relationship_types import create_relationship_type
from crm_desktop.services.top_scope import top_scope, types_between_people
from tests.archive_builder import ArchiveBuilder


@pytest.fixture
def archive(database) -> ArchiveBuilder:
    return ArchiveBuilder(database)


def test_everything_by_its_name(access, archive):
    company, ben = archive.company("Boats Ltd"), archive.contact("Ben")
    scope = top_scope(
        access, centre_id=ben, company_id=company, relationship_type_id="rt-works-with"
    )
    assert scope.centre == Suggestion(EntityKind.CONTACT, ben, "Ben", "")
    assert scope.company == Suggestion(EntityKind.COMPANY, company, "Boats Ltd", "")
    assert scope.relationship_type is not None
    assert scope.relationship_type.name == "WORKS_WITH"


def test_what_is_gone_is_none(access):
    scope = top_scope(access, centre_id=7, company_id=7, relationship_type_id="rt-gone")
    assert (scope.centre, scope.company, scope.relationship_type) == (None, None, None)
    assert top_scope(access).centre is None


def test_self_at_the_centre_is_nothing_special(access, archive):
    me = archive.contact("Me")
    access.write(lambda store: store.settings.set("self_person_id", str(me)))
    assert top_scope(access, centre_id=me).centre is None


def test_types_of_two_people_only(access):
    create_relationship_type(access, "Mentor", "contact", "contact", "Mentors", "Learns from")
    names = {type_.name for type_ in types_between_people(access)}
    assert {"KNOWS", "Mentor", "WORKS_WITH"} <= names
    assert not names & {"EMPLOYEE", "PARTNER"}
