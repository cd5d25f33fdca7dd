"""The top list as a file for spreadsheets."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import Cancelled
from crm_desktop.base.jobs import JobContext, Progress
from crm_desktop.domain.interactions import InvalidWindow, NoSelfPerson
from crm_desktop.domain.top import TopFilter
from crm_desktop.services.interactions import aggregate_features
from crm_desktop.services.top import top_relationships
from crm_desktop.services.top_table import HEADERS, export_top
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


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_everyone_in_order_with_all_addresses(access, archive, me, tmp_path):
    ben = archive.contact("Ben", email="ben@example.org", phone="+4912345", company="Boats Ltd")
    archive.identifier(ben, "email", "ben@home.example")
    cleo = archive.contact('=HYPERLINK("x")')
    now = now_seconds()
    archive.message(archive.conversation(), me, [ben], now - 8 * DAY_S)
    archive.message(archive.conversation(), cleo, [me], now - 40 * DAY_S)
    aggregate_features(access)
    path = tmp_path / "top.csv"
    assert export_top(access, path) == 2
    first, second = read(path)
    assert tuple(first) == HEADERS
    [row, _] = top_relationships(access).relationships
    assert first == {
        "rank": "1",
        "name": "Ben",
        "organization": "Boats Ltd",
        "score": str(round(row.score, 2)),
        "last_contact_at": "2026-04-23T09:00:00Z",
        "decay": "past month",
        "emails": "ben@example.org; ben@home.example",
        "phones": "'+4912345",
    }
    assert (second["rank"], second["name"], second["decay"]) == (
        "2",
        '\'=HYPERLINK("x")',
        "past quarter",
    )
    chosen = TopFilter(decay_buckets=frozenset({3}))
    assert export_top(access, path, wanted=chosen) == 1
    assert [row["rank"] for row in read(path)] == ["1"]
    assert export_top(access, path, self_person_id=cleo) == 1
    assert read(path)[0]["name"] == "Me"


def test_a_long_list_is_whole_and_tells_how_far_it_is(access, archive, me, tmp_path):
    archive.execute(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1199)"
        " INSERT INTO contacts (id, name, name_key, kind, created_at, updated_at)"
        " SELECT 1000 + i, 'person ' || i, 'person ' || i, 'person', 0, 0 FROM n"
    )
    archive.execute(
        "INSERT INTO crm_relationships SELECT ?, id, id - 1000, ?, 0, ?, 0 FROM contacts"
        " WHERE id >= 1000",
        *(me, now_seconds() - 9, FEATURES),
    )
    told: list[Progress] = []
    path = tmp_path / "top.csv"
    assert export_top(access, path, ctx=JobContext(told.append)) == 1_200
    assert [row["name"] for row in read(path)] == [f"person {n}" for n in range(1_199, -1, -1)]
    assert (told[-1].done, told[-1].total) == (1_200, 1_200)


FEATURES = (
    '{"days_since_last_message":0.0,"messages_30d":1,"distinct_threads_90d":1,'
    '"attachments_30d":0,"avg_reply_latency_seconds":null}'
)


def test_a_cancelled_export_leaves_no_file(access, archive, me, tmp_path):
    archive.message(archive.conversation(), me, [archive.contact("Ben")], now_seconds())
    aggregate_features(access)
    ctx = JobContext()
    ctx.token.cancel()
    with pytest.raises(Cancelled):
        export_top(access, tmp_path / "top.csv", ctx=ctx)
    assert list(tmp_path.glob("*.csv")) == []


def test_what_cannot_be_listed_cannot_be_written(access, tmp_path):
    with pytest.raises(NoSelfPerson):
        export_top(access, tmp_path / "top.csv")
    with pytest.raises(InvalidWindow):
        export_top(access, tmp_path / "top.csv", window="x")
    assert list(tmp_path.glob("*.csv")) == []
