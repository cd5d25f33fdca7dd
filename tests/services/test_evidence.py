"""The conversations behind a relationship: all that inference counted, and no others."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.base.clock import from_seconds, now_seconds
from crm_desktop.domain.interactions import InvalidPage
from crm_desktop.domain.relationships import RelationshipSource
from crm_desktop.services.evidence import relationship_evidence
from crm_desktop.services.inference import infer_relationships
from crm_desktop.services.relationships import load_relationships
from tests.archive_builder import DAY_S, ArchiveBuilder, two_friends
from tests.changing_archive import STEPS, ChangingArchive

pytestmark = pytest.mark.usefixtures("frozen_now")


@pytest.fixture
def archive(database) -> ArchiveBuilder:
    return ArchiveBuilder(database)


def test_what_two_friends_share(access, archive):
    ada, ben, conversation = two_friends(archive)
    now = now_seconds()
    other = archive.conversation("Boats")
    archive.message(other, ben, [ada], now + DAY_S)
    archive.message(other, ben, [ada], None)
    alone = archive.conversation("Notes to myself")
    archive.message(alone, ada, [], now)
    infer_relationships(access)
    [edge] = load_relationships(access)
    evidence = relationship_evidence(access, edge.id)
    assert evidence is not None
    assert evidence.description == edge.description
    assert (evidence.conversation_count, evidence.from_messages, evidence.to_messages) == (2, 1, 3)
    assert (evidence.first_interaction, evidence.last_interaction) == (now - 10 * DAY_S, now)
    boats, golf = evidence.conversations
    assert (boats.id, boats.subject, boats.last_at) == (other, "Boats", now)
    assert (boats.from_messages, boats.to_messages) == (0, 2)
    assert (golf.id, golf.subject) == (conversation, "Re: Golf on Sunday")
    assert (golf.first_at, golf.last_at) == (now - 10 * DAY_S, now - 5 * DAY_S)
    assert (golf.from_messages, golf.to_messages) == (1, 1)


def test_pages(access, archive):
    ada, ben = archive.contact("Ada"), archive.contact("Ben")
    now = now_seconds()
    ids = []
    for days in range(5):
        ids.append(archive.conversation(f"Day {days}"))
        archive.message(ids[-1], ada, [ben], now - days * DAY_S)
    infer_relationships(access)
    [edge] = load_relationships(access)
    page = relationship_evidence(access, edge.id, limit=2, offset=1)
    assert page is not None
    assert [row.id for row in page.conversations] == ids[1:3]
    assert page.conversation_count == 5
    beyond = relationship_evidence(access, edge.id, offset=5)
    assert beyond is not None
    assert beyond.conversations == ()
    with pytest.raises(InvalidPage, match="1 to 500"):
        relationship_evidence(access, edge.id, limit=0)


def test_undated_conversations_come_last(access, archive):
    ada, ben = archive.contact("Ada"), archive.contact("Ben")
    undated, dated = archive.conversation("Undated"), archive.conversation("Dated")
    archive.message(undated, ada, [ben], None)
    archive.message(dated, ada, [ben], -5)
    infer_relationships(access)
    [edge] = load_relationships(access)
    evidence = relationship_evidence(access, edge.id)
    assert evidence is not None
    assert [(row.id, row.last_at) for row in evidence.conversations] == [
        (dated, -5),
        (undated, None),
    ]


def test_entered_relationships_show_what_there_is(access, archive):
    ada, ben, _ = two_friends(archive)
    acme, cy = archive.company("Acme"), archive.contact("Cy")
    with archive.database.write() as store:
        boss = store.relationships.add("rt-reports-to", ben, ada, source=RelationshipSource.MANUAL)
        stranger = store.relationships.add(
            "rt-works-with", ada, cy, source=RelationshipSource.MANUAL
        )
        job = store.relationships.add("rt-employee", acme, ada, source=RelationshipSource.MANUAL)
    evidence = relationship_evidence(access, boss)
    assert evidence is not None
    assert (evidence.conversation_count, evidence.from_messages, evidence.to_messages) == (1, 1, 1)
    for without in (stranger, job):
        nothing = relationship_evidence(access, without)
        assert nothing is not None
        assert (nothing.conversation_count, nothing.last_interaction) == (0, None)
    assert relationship_evidence(access, 999) is None


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(STEPS, max_size=20))
def test_it_adds_up_to_the_measures_of_every_edge(database, access, steps):
    with pytest.MonkeyPatch.context() as monkeypatch:
        archive = ChangingArchive(database)
        archive.do(steps)
        monkeypatch.setenv("CRM_DESKTOP_NOW", from_seconds(archive.now).isoformat())
        infer_relationships(access)
        for edge in load_relationships(access, source=RelationshipSource.INFERRED):
            evidence = relationship_evidence(access, edge.id)
            assert evidence is not None
            assert (
                evidence.conversation_count,
                evidence.from_messages + evidence.to_messages,
                evidence.first_interaction,
                evidence.last_interaction,
            ) == (
                edge.shared_conversations,
                edge.shared_messages,
                edge.first_interaction,
                edge.last_interaction,
            )
