"""Inference end to end: what is written, what survives, and what is never touched."""

from __future__ import annotations

import math

import pytest

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import Cancelled
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import ChangeKind
from crm_desktop.domain.derived import Derived
from crm_desktop.domain.relationships import KNOWS_TYPE_ID, EntityKind, RelationshipSource
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.inference import infer_relationships, refresh_relationships
from crm_desktop.services.refresh import stale_kinds
from crm_desktop.services.relationships import load_relationships
from tests.archive_builder import ArchiveBuilder, two_friends

pytestmark = pytest.mark.usefixtures("frozen_now")
DAY_S = 86_400


@pytest.fixture
def archive(database) -> ArchiveBuilder:
    return ArchiveBuilder(database)


def all_rows(archive: ArchiveBuilder, source: str) -> list[tuple]:
    return archive.execute("SELECT * FROM relationships WHERE source = ? ORDER BY id", source)


def pairs(access) -> set[tuple[int, int]]:
    return {(row.from_entity_id, row.to_entity_id) for row in load_relationships(access)}


def mark(access) -> None:
    access.write(lambda store: store.pending.mark("inference"))


def is_pending(access) -> bool:
    return Derived.INFERENCE in stale_kinds(access)


def test_an_edge_with_its_measures_and_explanation(access, archive):
    ada, ben, _ = two_friends(archive)
    mark(access)
    report = infer_relationships(access)
    assert (report.pairs, report.inserted, report.updated, report.deleted) == (1, 1, 0, 0)
    assert report.changes.kinds == {ChangeKind.RELATIONSHIPS}
    assert report.changes.ids == {ada, ben}
    assert not is_pending(access)
    [edge] = load_relationships(access)
    assert (edge.from_entity_id, edge.from_name, edge.to_entity_id, edge.to_name) == (
        *(ada, "Ada"),
        *(ben, "Ben"),
    )
    assert (edge.type, edge.source) == ("KNOWS", RelationshipSource.INFERRED)
    assert (edge.shared_conversations, edge.shared_messages) == (1, 2)
    assert edge.first_interaction == now_seconds() - 10 * DAY_S
    assert edge.last_interaction == now_seconds() - 5 * DAY_S
    strength = 0.4 / math.log2(51) + 0.3 * math.log2(3) / math.log2(201) + 0.3
    assert edge.strength == pytest.approx(strength)
    assert edge.description is not None
    assert edge.description.startswith("Talk about")
    assert "Golf" in edge.description or "golf" in edge.description
    assert edge.label_for(EntityKind.CONTACT, ben) == "Knows"


def test_a_second_run_writes_nothing_and_keeps_ids(access, archive):
    two_friends(archive)
    infer_relationships(access)
    before = all_rows(archive, "inferred")
    report = infer_relationships(access)
    assert (report.pairs, report.inserted, report.updated, report.deleted) == (1, 0, 0, 0)
    assert not report.changes
    assert all_rows(archive, "inferred") == before


def test_new_traffic_updates_in_place_and_vanished_pairs_go(access, archive):
    ada, ben, conversation = two_friends(archive)
    cy = archive.contact("Cy")
    other = archive.conversation("Boats")
    archive.message(other, cy, [ada], now_seconds() - DAY_S)
    infer_relationships(access)
    ids = {(row[3], row[5]): row[0] for row in all_rows(archive, "inferred")}
    assert set(ids) == {(ada, ben), (ada, cy)}
    archive.message(conversation, ben, [ada], now_seconds())
    archive.execute("DELETE FROM conversations WHERE id = ?", other)
    report = infer_relationships(access)
    assert (report.inserted, report.updated, report.deleted) == (0, 1, 1)
    assert {(row[3], row[5]): row[0] for row in all_rows(archive, "inferred")} == {
        (ada, ben): ids[ada, ben]
    }


def test_no_conversations_clear_stale_rows(access, archive):
    two_friends(archive)
    infer_relationships(access)
    archive.execute("DELETE FROM conversations")
    report = infer_relationships(access)
    assert (report.pairs, report.deleted) == (0, 1)
    assert load_relationships(access) == ()


def test_manual_and_imported_rows_stay_byte_identical(access, archive):
    ada, ben, conversation = two_friends(archive)
    cy = archive.contact("Cy")
    archive.message(conversation, cy, [ada, ben], now_seconds())
    with archive.database.write() as store:
        store.relationships.add(
            KNOWS_TYPE_ID, ben, ada, source=RelationshipSource.MANUAL, description="From school"
        )
        store.relationships.add(KNOWS_TYPE_ID, ada, cy, source=RelationshipSource.IMPORTED)
        store.relationships.add("rt-reports-to", ben, cy, source=RelationshipSource.MANUAL)
    before = all_rows(archive, "manual"), all_rows(archive, "imported")
    report = infer_relationships(access)
    assert (report.inserted, report.suppressed) == (1, 2)
    assert (all_rows(archive, "manual"), all_rows(archive, "imported")) == before
    [inferred] = load_relationships(access, source=RelationshipSource.INFERRED)
    assert (inferred.from_entity_id, inferred.to_entity_id) == (ben, cy)


def test_a_rejected_edge_stays_away_whoever_is_canonical(access, archive):
    ada, ben, _ = two_friends(archive)
    infer_relationships(access)
    with archive.database.write() as store:
        store.relationships.decide(KNOWS_TYPE_ID, ada, ben, "rejected")
    assert infer_relationships(access).deleted == 1
    namesake = archive.contact("  ADA ")
    for subject in ("Golf", "Boats", "Trains"):
        other = archive.conversation(subject)
        archive.message(other, namesake, [ben], now_seconds())
    report = infer_relationships(access)
    assert (report.pairs, report.suppressed) == (0, 1)


def test_a_confirmed_edge_is_inferred_as_ever(access, archive):
    ada, ben, _ = two_friends(archive)
    with archive.database.write() as store:
        store.relationships.decide(KNOWS_TYPE_ID, ada, ben, "confirmed")
    assert infer_relationships(access).pairs == 1


def test_people_said_to_differ_are_told_apart(access, archive):
    ada, ben, conversation = two_friends(archive)
    twin = archive.contact("Ada")
    archive.message(conversation, twin, [ben], now_seconds())
    infer_relationships(access)
    assert pairs(access) == {(ada, ben)}
    archive.execute("INSERT INTO identity_decisions VALUES (?, ?, 'different', 0)", ada, twin)
    infer_relationships(access)
    assert pairs(access) == {(ada, ben), (ada, twin), (ben, twin)}


def test_lists_and_large_conversations_are_left_out_and_counted(access, archive):
    ada, ben, conversation = two_friends(archive)
    newsletter = archive.contact("News", kind="list")
    archive.participant(conversation, newsletter, 1, now_seconds(), now_seconds())
    crowd = archive.conversation("All hands")
    for number in range(31):
        archive.participant(crowd, archive.contact(f"Guest {number}"))
    report = infer_relationships(access)
    assert pairs(access) == {(ada, ben)}
    assert (report.skipped_kinds, report.skipped_large) == (1, 1)


def test_the_limit_of_people_is_a_setting(access, archive):
    ada, ben, conversation = two_friends(archive)
    archive.message(conversation, archive.contact("Cy"), [ada, ben], now_seconds())
    with archive.database.write() as store:
        store.settings.set("inference_max_participants", "2")
    assert infer_relationships(access).pairs == 0
    with archive.database.write() as store:
        store.settings.set("inference_max_participants", "3")
    assert infer_relationships(access).pairs == 3


class InterruptingAccess(DirectAccess):
    """Runs `between` once, just before the second write: after the snapshot was read."""

    def __init__(self, database, between) -> None:
        super().__init__(database)
        self.between = between
        self.writes = 0

    def write(self, function):
        self.writes += 1
        if self.writes == 2:
            self.between()
        return super().write(function)


def test_what_a_person_enters_meanwhile_stands(archive, database, access):
    ada, ben, _ = two_friends(archive)
    mark(access)

    def enter_by_hand() -> None:
        with database.write() as store:
            store.relationships.add(KNOWS_TYPE_ID, ada, ben, source=RelationshipSource.MANUAL)

    infer_relationships(InterruptingAccess(database, enter_by_hand))
    assert [row.source for row in load_relationships(access)] == [RelationshipSource.MANUAL]


def test_what_a_person_rejects_meanwhile_stays_away(archive, database, access):
    ada, ben, _ = two_friends(archive)

    def reject() -> None:
        with database.write() as store:
            store.relationships.decide(KNOWS_TYPE_ID, ada, ben, "rejected")

    infer_relationships(InterruptingAccess(database, reject))
    assert load_relationships(access) == ()
    assert infer_relationships(access).suppressed == 1


def test_conversations_that_change_meanwhile_stay_pending(archive, database, access):
    ada, ben, conversation = two_friends(archive)
    infer_relationships(access)
    cy = archive.contact("Cy")

    def write_to_cy() -> None:
        archive.message(conversation, ben, [cy], now_seconds())

    infer_relationships(InterruptingAccess(database, write_to_cy))
    assert pairs(access) == {(ada, ben)}
    assert is_pending(access)
    refresh_relationships(access)
    assert pairs(access) == {(ada, ben), (ada, cy), (ben, cy)}
    assert not is_pending(access)


def test_a_contact_that_went_meanwhile_gets_no_edge(archive, database, access):
    _, ben, _ = two_friends(archive)

    def leave() -> None:
        with database.write() as store:
            store.connection.exec_driver_sql("DELETE FROM contacts WHERE id = ?", (ben,))

    infer_relationships(InterruptingAccess(database, leave))
    assert archive.execute("SELECT count(*) FROM relationships") == [(0,)]


def test_cancel_leaves_everything_as_it_was(archive, access):
    two_friends(archive)
    mark(access)
    ctx = JobContext()
    ctx.token.cancel()
    with pytest.raises(Cancelled):
        infer_relationships(access, ctx=ctx)
    assert load_relationships(access) == ()
    assert is_pending(access)
