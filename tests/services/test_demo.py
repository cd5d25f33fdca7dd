"""The sample database: what a new person sees, and that nothing of theirs is overwritten."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_desktop.base.errors import Cancelled, UserError
from crm_desktop.base.jobs import CancelToken, JobContext, Progress
from crm_desktop.base.paths import sample_database
from crm_desktop.model.database import Database
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.demo import create_demo
from crm_desktop.services.imports import list_imports
from crm_desktop.services.relationships import load_relationships
from crm_desktop.services.top import top_relationships

NOW = "2026-05-01T09:00:00Z"
SIDE_FILES = ("-wal", "-shm")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_DESKTOP_NOW", NOW)
        yield create_demo(tmp_path_factory.mktemp("sample") / "sample.sqlite")


@pytest.fixture
def access(sample: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DirectAccess]:
    monkeypatch.setenv("CRM_DESKTOP_NOW", NOW)
    database = Database.open(sample)
    yield DirectAccess(database)
    database.close()


def rows(access: DirectAccess, query: str) -> list[tuple[object, ...]]:
    with access.read() as store:
        return [tuple(row) for row in store.connection.exec_driver_sql(query)]


class TestContents:
    def test_the_closest_people_lead_the_top_list(self, access: DirectAccess) -> None:
        top = top_relationships(access, limit=200)
        names = [row.display_name for row in top.relationships]
        assert set(names[:6]) >= {
            "Elias Nyström",
            "Jonas Brandvold",
            "Maja Ekholt",
            "Leila Farahani",
            "Amara Okonkwo",
        }
        assert "Karin Lindqvist" in names[:25]
        assert "Nora Lindqvist" not in names
        assert not {"Sundial Press Weekly", "Build robot", "Chart talk"} & set(names)
        assert top.total_count > 80

    def test_there_are_risers_and_faders(self, access: DirectAccess) -> None:
        trends = {
            row.display_name: row.trend
            for row in top_relationships(access, limit=200).relationships
        }
        for name in ("Eleanor Ashdown", "Rupert Finchingfield"):
            assert sum(trends[name][:6]) > 2 * sum(trends[name][-4:])
            assert sum(trends[name][-2:]) == 0
        risers = [name for name, trend in trends.items() if sum(trend[-4:]) > 2 * sum(trend[:6])]
        assert len(risers) >= 5

    def test_machines_and_lists_are_no_people(self, access: DirectAccess) -> None:
        kinds = dict(rows(access, "SELECT name, kind FROM contacts WHERE kind <> 'person'"))
        assert {"Chart talk", "Build robot", "Cloudberry Hosting"} <= set(kinds)
        assert rows(access, "SELECT count(*) FROM contacts WHERE kind = 'person'") == [(149,)]

    def test_self_is_one_contact_with_every_address(self, access: DirectAccess) -> None:
        with access.read() as store:
            owner = store.settings.self_person_id
        found = rows(access, f"SELECT kind FROM contact_identifiers WHERE contact_id = {owner}")
        assert sorted(str(kind) for (kind,) in found) == ["email", "email", "email", "phone"]

    def test_companies_are_not_doubled(self, access: DirectAccess) -> None:
        names = [str(name) for (name,) in rows(access, "SELECT name FROM companies")]
        assert 22 <= len(names) <= 30
        assert len({name.casefold() for name in names}) == len(names)

    def test_relationships_of_every_kind(self, access: DirectAccess) -> None:
        found = load_relationships(access)
        types = {row.type for row in found if row.source == "manual"}
        assert types == {
            *("KNOWS", "EMPLOYEE", "REPORTS_TO", "WORKS_WITH", "PARTNER", "VENDOR"),
            *("MENTOR", "FAMILY"),
        }
        inferred = [row for row in found if row.source == "inferred"]
        assert len(inferred) > 600
        assert all(row.description for row in inferred)
        mentors = [row for row in found if row.type == "MENTOR" and row.to_name == "Nora Lindqvist"]
        assert {row.forward_label for row in mentors} == {"Mentors"}
        assert all(row.attitude and row.proximity for row in mentors)

    def test_notes_tags_rhythms_and_tips(self, access: DirectAccess) -> None:
        def count(query: str) -> object:
            return rows(access, query)[0][0]

        assert count("SELECT count(*) FROM relationship_notes") == 21
        assert count("SELECT count(DISTINCT tag) FROM contact_tags") == 11
        assert count("SELECT count(*) FROM contacts WHERE cadence_days > 0") == 13
        assert count("SELECT count(*) FROM tips WHERE status = 'open'") == 8
        assert int(str(count("SELECT count(*) FROM contacts WHERE birthday LIKE '--%'"))) >= 3
        assert int(str(count("SELECT count(*) FROM contacts WHERE notes <> ''"))) >= 15

    def test_everything_was_imported_and_derived(self, access: DirectAccess) -> None:
        imports = list_imports(access)
        assert {record.source for record in imports} == {"vcard", "email", "chat", "meeting"}
        assert all(record.read == record.imported for record in imports)
        assert rows(access, "SELECT kind FROM pending") == []
        assert rows(access, "SELECT count(*) FROM messages WHERE sent_at > 1777626000") == [(0,)]
        assert rows(access, "PRAGMA foreign_key_check") == []


class TestFile:
    def test_it_is_private_and_alone(self, sample: Path) -> None:
        assert [path.name for path in sample.parent.iterdir()] == [sample.name]
        if sys.platform != "win32":
            assert stat.S_IMODE(sample.stat().st_mode) == 0o600

    def test_an_older_sample_is_replaced(self, sample: Path, frozen_now: str) -> None:
        seen: list[Progress] = []
        # Held open, so that the new file cannot be given the same inode again.
        with sample.open("rb") as before:
            assert create_demo(sample, ctx=JobContext(seen.append)) == sample
            assert sample.stat().st_ino != os.fstat(before.fileno()).st_ino
        assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)
        assert seen[-1].done == seen[-1].total

    def test_a_stopped_job_leaves_the_older_one(self, sample: Path, frozen_now: str) -> None:
        before = sample.read_bytes()
        token = CancelToken()

        def stop(progress: Progress) -> None:
            if progress.done > 20:
                token.cancel()

        ticks = iter(range(10**9))
        with pytest.raises(Cancelled):
            create_demo(sample, ctx=JobContext(stop, token, clock=lambda: float(next(ticks))))
        assert sample.read_bytes() == before
        assert [path.name for path in sample.parent.iterdir()] == [sample.name]

    def test_the_persons_own_database_is_not_touched(
        self, database: Database, frozen_now: str
    ) -> None:
        path = database.path
        database.close()
        before = path.read_bytes()
        with pytest.raises(UserError, match="not a sample"):
            create_demo(path)
        assert path.read_bytes() == before

    def test_other_files_and_folders_are_not_touched(self, tmp_path: Path) -> None:
        letter = tmp_path / "letter.txt"
        letter.write_text("dear Ada")
        for path in (letter, tmp_path):
            with pytest.raises(UserError, match="not a sample"):
                create_demo(path)
        assert letter.read_text() == "dear Ada"

    def test_a_damaged_sample_in_its_usual_place_is_replaced(self, frozen_now: str) -> None:
        path = sample_database()
        path.write_bytes(b"not a database")
        for suffix in SIDE_FILES:
            path.with_name(path.name + suffix).write_bytes(b"stale")
        create_demo(path)
        database = Database.open(path)
        with database.read() as store:
            assert store.settings.get("is_sample") == "1"
        database.close()
