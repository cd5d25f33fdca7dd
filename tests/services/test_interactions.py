"""Feature aggregation end to end: which messages count, what is written, what is removed."""

from __future__ import annotations

import json

import pytest

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import Cancelled
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import ChangeKind
from crm_desktop.domain.derived import Derived
from crm_desktop.engines.interactions import Event, summarize_events
from crm_desktop.engines.scoring import score_breakdown
from crm_desktop.services import interactions as service
from crm_desktop.services import interactions_changes as changes
from crm_desktop.services.interactions import aggregate_features, refresh_features, self_features
from crm_desktop.services.refresh import stale_kinds
from tests.archive_builder import ArchiveBuilder

pytestmark = pytest.mark.usefixtures("frozen_now")
DAY_S = 86_400


@pytest.fixture
def archive(database) -> ArchiveBuilder:
    return ArchiveBuilder(database)


def stored(archive: ArchiveBuilder) -> dict[tuple[int, int], tuple]:
    return {
        (row[0], row[1]): row[2:]
        for row in archive.execute("SELECT * FROM crm_relationships ORDER BY 1, 2")
    }


def become(access, contact_id: int) -> None:
    access.write(lambda store: store.settings.set("self_person_id", str(contact_id)))


def is_pending(access) -> bool:
    return Derived.INTERACTIONS in stale_kinds(access)


def test_both_directions_with_features_score_and_bucket(access, archive):
    ada, ben = archive.contact("Ada"), archive.contact("Ben")
    now = now_seconds()
    thread = archive.conversation()
    archive.message(thread, ben, [ada], now - 3 * DAY_S, attachments=2)
    archive.message(thread, ada, [], now - 2 * DAY_S, cc=(ben,))
    access.write(lambda store: store.pending.mark("interactions"))
    report = aggregate_features(access)
    assert (report.pairs, report.inserted, report.updated, report.deleted) == (2, 2, 0, 0)
    assert report.changes.kinds == {ChangeKind.INTERACTIONS}
    assert not is_pending(access)
    rows = stored(archive)
    assert set(rows) == {(ada, ben), (ben, ada)}
    expected = summarize_events(
        [Event(1, thread, now - 3 * DAY_S, False, 2), Event(2, thread, now - 2 * DAY_S, True)],
        now,
    )
    score, last_contact_at, bucket, text, _ = rows[ada, ben]
    assert score == pytest.approx(score_breakdown(expected).score)
    assert (last_contact_at, bucket) == (now - 2 * DAY_S, 1)
    values = json.loads(text)
    assert values == {
        "days_since_last_message": 2.0,
        "messages_30d": 2,
        "distinct_threads_90d": 1,
        "attachments_30d": 2,
        "avg_reply_latency_seconds": float(DAY_S),
        "messages_90d_in": 1,
        "messages_90d_out": 1,
        "messages_out": 1,
        "replies": 1,
        "reply_seconds": DAY_S,
        "trend": [0] * 12 + [2],
    }
    assert json.loads(rows[ben, ada][3])["avg_reply_latency_seconds"] is None
    with access.read() as store:
        assert store.settings.get("aggregated_at") == str(now)


def test_only_sent_dated_active_mail_between_people_counts(access, archive):
    ada, ben = archive.contact("Ada"), archive.contact("Ben")
    news = archive.contact("News", kind="list")
    thread, now = archive.conversation(), now_seconds()
    archive.message(thread, ada, [ben], now, status="failed")
    archive.message(thread, ada, [ben], now, is_active=False)
    archive.message(thread, ada, [ben], None)
    archive.message(thread, ada, [ada, news], now)
    archive.message(thread, news, [ada], now)
    assert aggregate_features(access).pairs == 0
    archive.message(thread, ada, [ben], now + 5)
    report = aggregate_features(access)
    assert (report.pairs, report.clamped) == (2, 1)
    assert {row[1] for row in stored(archive).values()} == {now}


def test_a_second_run_writes_nothing(access, archive, monkeypatch):
    ada, ben = archive.contact("Ada"), archive.contact("Ben")
    archive.message(archive.conversation(), ada, [ben], now_seconds() - DAY_S)
    aggregate_features(access)
    before = stored(archive)
    report = aggregate_features(access)
    assert (report.inserted, report.updated, report.deleted) == (0, 0, 0)
    assert not report.changes
    assert stored(archive) == before
    monkeypatch.setenv("CRM_DESKTOP_NOW", "2026-05-02T09:00:00Z")
    assert aggregate_features(access).updated == 2
    assert stored(archive)[ada, ben][0] < before[ada, ben][0]


def test_pairs_whose_messages_are_gone_are_removed(access, archive):
    ada, ben, cy = (archive.contact(name) for name in ("Ada", "Ben", "Cy"))
    archive.message(archive.conversation(), ada, [ben], now_seconds())
    gone = archive.message(archive.conversation(), ada, [cy], now_seconds())
    aggregate_features(access)
    archive.execute("DELETE FROM messages WHERE id = ?", gone)
    report = aggregate_features(access)
    assert (report.pairs, report.deleted) == (2, 2)
    assert set(stored(archive)) == {(ada, ben), (ben, ada)}


def test_small_batches_give_the_same_rows(access, archive, monkeypatch):
    people = [archive.contact(f"Person {number}") for number in range(5)]
    archive.message(archive.conversation(), people[0], people[1:], now_seconds())
    aggregate_features(access)
    whole = stored(archive)
    archive.execute("DELETE FROM crm_relationships")
    access.write(lambda store: store.pending.mark("interactions"))
    monkeypatch.setattr(service, "ROWS_PER_WRITE", 3)
    aggregate_features(access)
    assert stored(archive) == whole
    assert not is_pending(access)
    archive.execute("DELETE FROM messages")
    assert aggregate_features(access).deleted == len(whole)
    assert stored(archive) == {}


def test_messages_that_come_meanwhile_stay_pending(access, archive, monkeypatch):
    ada, ben = archive.contact("Ada"), archive.contact("Ben")
    archive.message(archive.conversation(), ada, [ben], now_seconds())
    access.write(lambda store: store.pending.mark("interactions"))
    read = service._read

    def read_then_write(*arguments):
        deliveries = read(*arguments)
        archive.message(archive.conversation(), ben, [ada], now_seconds())
        return deliveries

    monkeypatch.setattr(service, "_read", read_then_write)
    aggregate_features(access)
    assert is_pending(access)
    assert json.loads(stored(archive)[ada, ben][3])["messages_30d"] == 1
    refresh_features(access)
    assert json.loads(stored(archive)[ada, ben][3])["messages_30d"] == 2
    assert not is_pending(access)


def test_a_run_that_stops_half_way_is_made_up_for(access, archive, monkeypatch):
    people = [archive.contact(f"Person {number}") for number in range(5)]
    thread = archive.conversation()
    archive.message(thread, people[0], people[1:], now_seconds())
    aggregate_features(access)
    archive.message(thread, people[0], people[1:], now_seconds())
    monkeypatch.setattr(service, "ROWS_PER_WRITE", 3)
    monkeypatch.setattr(changes, "ROWS_PER_WRITE", 3)
    upsert, done = service._upsert, []

    def upsert_once(*arguments, **more):
        if done:
            raise ValueError("no power")
        done.append(upsert(*arguments, **more))

    monkeypatch.setattr(service, "_upsert", upsert_once)
    with pytest.raises(ValueError, match="no power"):
        refresh_features(access)
    monkeypatch.setattr(service, "_upsert", upsert)
    assert is_pending(access)
    refresh_features(access)
    assert {json.loads(row[3])["messages_30d"] for row in stored(archive).values()} == {2}
    assert not is_pending(access)


def test_cancel_keeps_the_work_pending(access, archive):
    ada, ben = archive.contact("Ada"), archive.contact("Ben")
    archive.message(archive.conversation(), ada, [ben], now_seconds())
    access.write(lambda store: store.pending.mark("interactions"))
    ctx = JobContext()
    ctx.token.cancel()
    with pytest.raises(Cancelled):
        aggregate_features(access, ctx=ctx)
    assert is_pending(access)
    assert stored(archive) == {}


def test_self_features_age_with_the_clock(access, archive):
    ada, ben = archive.contact("Ada"), archive.contact("Ben")
    now = now_seconds()
    archive.message(archive.conversation(), ada, [ben], now - DAY_S)
    aggregate_features(access)
    assert self_features(access, ben) is None
    become(access, ada)
    found = self_features(access, ben)
    assert found is not None
    features, breakdown, bucket = found
    assert (features.days_since_last_message, features.messages_out, bucket) == (1.0, 1, 0)
    assert breakdown.score == pytest.approx(stored(archive)[ada, ben][0])
    later = self_features(access, ben, now=now + 200 * DAY_S)
    assert later is not None
    assert (later[0].days_since_last_message, later[2]) == (201.0, 5)
    assert self_features(access, ada) is None
