"""The top list: window bounds, order, pages, and errors that say what is accepted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm_desktop.base.clock import now_seconds
from crm_desktop.domain.interactions import InvalidPage, InvalidWindow, NoSelfPerson, UnknownPerson
from crm_desktop.domain.top import TopFilter
from crm_desktop.services.interactions import aggregate_features
from crm_desktop.services.top import top_people, top_relationships, top_rows
from tests.archive_builder import ArchiveBuilder

pytestmark = pytest.mark.usefixtures("frozen_now")
DAY_S = 86_400


@pytest.fixture
def archive(database) -> ArchiveBuilder:
    return ArchiveBuilder(database)


@pytest.fixture
def me(access, archive) -> int:
    contact_id = archive.contact("Me")
    access.write(lambda store: store.settings.set("self_person_id", str(contact_id)))
    return contact_id


def put(archive: ArchiveBuilder, owner: int, person: int, score: float, last: int) -> None:
    archive.execute(
        "INSERT INTO crm_relationships VALUES (?, ?, ?, ?, 0, ?, 0)",
        *(owner, person, score, last),
        '{"days_since_last_message":0.0,"messages_30d":1,"distinct_threads_90d":1,'
        '"attachments_30d":0,"avg_reply_latency_seconds":null}',
    )


def test_a_row_says_who_and_why(access, archive, me):
    ben = archive.contact("Ben", email="ben@example.org", phone="+4912345", company="Boats Ltd")
    archive.identifier(ben, "email", "ben@home.example")
    now = now_seconds()
    archive.message(archive.conversation(), me, [ben], now - 8 * DAY_S)
    aggregate_features(access)
    page = top_relationships(access)
    assert (page.window_start, page.window_end, page.total_count) == (now - 90 * DAY_S, now, 1)
    [row] = page.relationships
    assert (row.person_id, row.display_name, row.organization) == (ben, "Ben", "Boats Ltd")
    assert row.emails == ("ben@example.org", "ben@home.example")
    assert row.phones == ("+4912345",)
    assert (row.last_contact_at, row.decay_bucket) == (now - 8 * DAY_S, 2)
    assert row.trend == (*[0] * 11, 1, 0)
    assert row.breakdown is not None
    assert row.breakdown.score == pytest.approx(row.score)


def test_the_bucket_is_counted_to_the_moment_asked_for(access, archive, me):
    ben = archive.contact("Ben")
    now = now_seconds()
    archive.message(archive.conversation(), me, [ben], now)
    aggregate_features(access)
    [row] = top_relationships(access, window="365d", now=now + 100 * DAY_S).relationships
    assert row.features.days_since_last_message == 100.0
    assert row.decay_bucket == 4


def test_window_bounds_are_inclusive(access, archive, me):
    now = now_seconds()
    start = now - 30 * DAY_S
    inside = [archive.contact(name) for name in ("Start", "End")]
    for person, last in zip(inside, (start, now), strict=True):
        put(archive, me, person, 1.0, last)
    put(archive, me, archive.contact("Before"), 9.0, start - 1)
    put(archive, me, archive.contact("After"), 9.0, now + 1)
    page = top_relationships(access, window="30d")
    assert {row.person_id for row in page.relationships} == set(inside)
    assert page.total_count == 2


def test_order_and_pages(access, archive, me):
    now = now_seconds()
    people = [archive.contact(f"Person {number}") for number in range(5)]
    for person, score, last in zip(
        people, (5.0, 9.0, 5.0, 5.0, 7.0), (now - 9, now - 99, now - 1, now - 9, now), strict=True
    ):
        put(archive, me, person, score, last)
    expected = [people[1], people[4], people[2], people[0], people[3]]
    everyone = top_relationships(access)
    assert [row.person_id for row in everyone.relationships] == expected
    page = top_relationships(access, limit=2, offset=3)
    assert [row.person_id for row in page.relationships] == expected[3:]
    assert page.total_count == 5
    assert top_relationships(access, offset=5).relationships == ()


def test_only_other_persons(access, archive, me):
    now = now_seconds()
    for kind in ("role", "list", "bot"):
        put(archive, me, archive.contact(kind, kind=kind), 50.0, now)
    put(archive, me, me, 50.0, now)
    assert top_relationships(access).total_count == 0


def test_another_persons_list(access, archive, me):
    ben = archive.contact("Ben")
    put(archive, ben, me, 3.0, now_seconds())
    assert top_relationships(access).total_count == 0
    [row] = top_relationships(access, self_person_id=ben).relationships
    assert row.person_id == me


def test_a_newsletter_never_outranks_a_friend(access, archive, me):
    friend, newsletter = archive.contact("Friend"), archive.contact("Letter")
    now = now_seconds()
    archive.message(archive.conversation(), me, [friend], now - 40 * DAY_S)
    archive.message(archive.conversation(), friend, [me], now - 39 * DAY_S)
    for day in range(60):
        archive.message(archive.conversation(), newsletter, [me], now - day * DAY_S // 2)
    aggregate_features(access)
    assert [row.person_id for row in top_relationships(access).relationships] == [
        friend,
        newsletter,
    ]


def test_without_a_self_person(access):
    with pytest.raises(NoSelfPerson, match="settings"):
        top_relationships(access)


@pytest.mark.usefixtures("me")
@pytest.mark.parametrize("window", ["", "90", "d", "0d", "3651d", "-1d", "1.5d", "90 d", "3m"])
def test_bad_windows(access, window):
    with pytest.raises(InvalidWindow, match="1 to 3650"):
        top_relationships(access, window=window)


@pytest.mark.usefixtures("me")
@pytest.mark.parametrize(
    ("limit", "offset", "accepted"),
    [(0, 0, "1 to 500"), (501, 0, "1 to 500"), (10, -1, "0 or more")],
)
def test_bad_pages(access, limit, offset, accepted):
    with pytest.raises(InvalidPage, match=accepted):
        top_relationships(access, limit=limit, offset=offset)


@pytest.mark.usefixtures("me")
def test_limits_themselves_are_accepted(access):
    assert top_relationships(access, limit=500, window="3650d").total_count == 0
    assert top_relationships(access, limit=1, window="1d").total_count == 0


def test_an_unknown_person(access):
    with pytest.raises(UnknownPerson, match="77"):
        top_relationships(access, self_person_id=77)


def test_an_old_archive_is_looked_at_from_its_own_time(access, archive, me):
    ben = archive.contact("Ben")
    long_ago = now_seconds() - 5_000 * DAY_S
    archive.message(archive.conversation(), me, [ben], long_ago - DAY_S)
    aggregate_features(access)
    assert top_relationships(access).total_count == 0
    moment = datetime.fromtimestamp(long_ago, UTC).isoformat()
    access.write(lambda store: store.settings.set("as_of", moment))
    aggregate_features(access)
    page = top_relationships(access)
    assert page.window_end == long_ago
    assert [(row.person_id, row.decay_bucket) for row in page.relationships] == [(ben, 0)]


def test_another_address_of_ones_own_is_not_a_contact(access, archive, me):
    other_me = archive.contact(" me ")
    namesake = archive.contact("Me")
    now = now_seconds()
    for person in (other_me, namesake):
        put(archive, me, person, 50.0, now)
    assert top_relationships(access).total_count == 0
    archive.execute("INSERT INTO identity_decisions VALUES (?, ?, 'different', 0)", me, namesake)
    assert [row.person_id for row in top_relationships(access).relationships] == [namesake]
    nickname = archive.contact("Myself")
    put(archive, me, nickname, 60.0, now)
    assert top_relationships(access).total_count == 2
    archive.execute("INSERT INTO identity_decisions VALUES (?, ?, 'same', 0)", me, nickname)
    assert [row.person_id for row in top_relationships(access).relationships] == [namesake]


def names(page) -> list[str]:
    return [row.display_name for row in page.relationships]


def test_narrowed_to_a_company_a_tag_or_a_type(access, archive, me):
    now = now_seconds()
    ben = archive.contact("Ben", company="Boats Ltd")
    cleo, dan = archive.contact("Cleo"), archive.contact("Dan")
    for person, score in ((ben, 3.0), (cleo, 2.0), (dan, 1.0)):
        put(archive, me, person, score, now - DAY_S)
    archive.execute("INSERT INTO contact_tags (contact_id, tag) VALUES (?, 'choir')", cleo)
    archive.execute(
        "INSERT INTO relationships (relationship_type_id, from_entity_id, to_entity_id, source,"
        " created_at, updated_at) VALUES ('rt-reports-to', ?, ?, 'manual', 0, 0)",
        *(dan, me),
    )
    archive.execute(
        "INSERT INTO relationships (relationship_type_id, from_entity_type, from_entity_id,"
        " to_entity_id, source, created_at, updated_at)"
        " VALUES ('rt-employee', 'company', ?, ?, 'manual', 0, 0)",
        *(me, ben),  # a company that happens to have the same number as me
    )
    with access.read() as store:
        company = store.connection.exec_driver_sql("SELECT id FROM companies").scalar_one()
    assert names(top_relationships(access, wanted=TopFilter(company_id=company))) == ["Ben"]
    assert names(top_relationships(access, wanted=TopFilter(tag="choir"))) == ["Cleo"]
    by_type = TopFilter(relationship_type_id="rt-reports-to")
    assert names(top_relationships(access, wanted=by_type)) == ["Dan"]
    assert names(top_relationships(access, wanted=TopFilter(tag="choir", company_id=company))) == []
    employee = TopFilter(relationship_type_id="rt-employee")
    assert top_relationships(access, wanted=employee).total_count == 0


@pytest.mark.parametrize(
    ("age_s", "bucket"),
    [(DAY_S, 0), (DAY_S + 1, 1), (7 * DAY_S, 1), (30 * DAY_S, 2), (30 * DAY_S + 1, 3)],
)
def test_decay_chips_agree_with_the_bucket_shown(access, archive, me, age_s, bucket):
    put(archive, me, archive.contact("Ben"), 3.0, now_seconds() - age_s)
    for chip in range(6):
        page = top_relationships(access, wanted=TopFilter(decay_buckets=frozenset({chip})))
        assert [row.decay_bucket for row in page.relationships] == [bucket] * (chip == bucket)
    chips = TopFilter(decay_buckets=frozenset())
    assert top_relationships(access, wanted=chips).total_count == 0


@pytest.mark.parametrize("buckets", [None, frozenset(), frozenset({0, 3}), frozenset({1})])
def test_the_whole_list_at_once_agrees_with_its_pages(access, archive, me, buckets):
    now = now_seconds()
    ages = (0, DAY_S, DAY_S + 1, 7 * DAY_S, 30 * DAY_S + 1, 89 * DAY_S, 91 * DAY_S)
    for number, age_s in enumerate(ages):
        put(archive, me, archive.contact(f"Person {number}"), float(number % 3), now - age_s)
    wanted = TopFilter(decay_buckets=buckets)
    page = top_relationships(access, wanted=wanted)
    people = top_people(access, wanted=wanted)
    assert list(people.ids) == [row.person_id for row in page.relationships]
    assert people.bucket_counts == (2, 2, 0, 2, 0, 0)
    assert (people.window_start, people.window_end) == (page.window_start, page.window_end)
    assert top_rows(access, people.ids) == page.relationships


def test_rows_come_in_the_order_asked_for(access, archive, me):
    ben, cleo = archive.contact("Ben", phone="+4912345"), archive.contact("Cleo")
    stranger = archive.contact("Stranger")
    for person in (ben, cleo):
        put(archive, me, person, 1.0, now_seconds() - 8 * DAY_S)
    rows = top_rows(access, [cleo, stranger, ben, 999])
    assert [row.display_name for row in rows] == ["Cleo", "Ben"]
    assert (rows[1].phones, rows[1].decay_bucket) == (("+4912345",), 2)
    assert top_rows(access, [ben], now=now_seconds() + 100 * DAY_S)[0].decay_bucket == 4
    assert top_rows(access, [me], self_person_id=ben) == ()
