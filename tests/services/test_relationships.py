"""Relationships as they are listed: by end, strength, type and source."""

from __future__ import annotations

import pytest

from crm_desktop.base.clock import now_seconds
from crm_desktop.domain.relationships import EntityKind, RelationshipSource
from crm_desktop.services.inference import infer_relationships
from crm_desktop.services.relationship_types import list_relationship_types
from crm_desktop.services.relationships import load_relationships, same_person
from tests.archive_builder import ArchiveBuilder, two_friends

pytestmark = pytest.mark.usefixtures("frozen_now")


@pytest.fixture
def archive(database) -> ArchiveBuilder:
    return ArchiveBuilder(database)


def pairs(access) -> set[tuple[int, int]]:
    return {(row.from_entity_id, row.to_entity_id) for row in load_relationships(access)}


def test_filters(access, archive):
    ada, ben, conversation = two_friends(archive)
    cy = archive.contact("Cy")
    archive.message(conversation, cy, [ada], now_seconds())
    other = archive.conversation()
    archive.message(other, ada, [ben], now_seconds())
    acme = archive.company("Acme")
    with archive.database.write() as store:
        store.relationships.add("rt-employee", acme, cy, source=RelationshipSource.MANUAL)
    infer_relationships(access)
    everything = load_relationships(access)
    assert len(everything) == 4
    assert [row.strength or 0 for row in everything] == sorted(
        (row.strength or 0 for row in everything), reverse=True
    )
    best = everything[0].strength
    assert best is not None
    assert [row.to_entity_id for row in load_relationships(access, min_strength=best)] == [ben]
    assert len(load_relationships(access, min_strength=0.0)) == 4
    assert len(load_relationships(access, source=RelationshipSource.MANUAL)) == 1
    [employment] = load_relationships(access, relationship_type_id="rt-employee")
    assert employment.label_for(EntityKind.CONTACT, cy) == "Works at"
    assert employment.other_end(EntityKind.CONTACT, cy) == (EntityKind.COMPANY, acme, "Acme")
    assert {row.id for row in load_relationships(access, contact_id=cy)} == {
        row.id for row in everything if cy in (row.from_entity_id, row.to_entity_id)
    }
    assert load_relationships(access, contact_id=999) == ()


def test_an_alias_shows_the_relationships_of_the_person(access, archive):
    ada, ben, _ = two_friends(archive)
    archive.message(archive.conversation(), ada, [ben], now_seconds())
    alias = archive.contact("ada")
    cy = archive.contact("Cy")
    archive.message(archive.conversation(), alias, [cy], now_seconds())
    infer_relationships(access)
    assert pairs(access) == {(ada, ben), (ada, cy)}
    assert load_relationships(access, contact_id=alias) == load_relationships(
        access, contact_id=ada
    )
    assert same_person(access, alias) == same_person(access, ada) == {ada, alias}
    assert same_person(access, ben) == {ben}
    assert same_person(access, archive.contact("")) == {cy + 1}
    boss = archive.contact("Dee")
    with archive.database.write() as store:
        store.relationships.add("rt-reports-to", ada, boss, source=RelationshipSource.MANUAL)
    [direct_report] = load_relationships(access, relationship_type_id="rt-reports-to")
    people = same_person(access, alias)
    assert direct_report.label_for(EntityKind.CONTACT, *people) == "Has direct report"
    assert direct_report.other_end(EntityKind.CONTACT, *people)[1:] == (boss, "Dee")
    assert direct_report.other_end(EntityKind.CONTACT, boss)[1:] == (ada, "Ada")


def test_types_are_listed_by_name(access):
    names = [row.name for row in list_relationship_types(access)]
    assert names == ["EMPLOYEE", "KNOWS", "PARTNER", "REPORTS_TO", "VENDOR", "WORKS_WITH"]
