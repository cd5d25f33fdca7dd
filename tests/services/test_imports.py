"""Importing as a person sees it: counts that add up, nothing twice, nothing lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from crm_desktop.base.errors import Cancelled, UserError
from crm_desktop.base.jobs import CancelToken, JobContext
from crm_desktop.domain.derived import Derived
from crm_desktop.domain.messages import ACTIVE_KINDS, Draft
from crm_desktop.importers import registry
from crm_desktop.model.database import Database
from crm_desktop.services import imports
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.imports import (
    import_paths,
    list_imports,
    list_rejects,
    propose_self,
    set_self,
)
from crm_desktop.services.refresh import refresh_derived, stale_kinds
from crm_desktop.services.removal import remove_import
from tests.contents import adds_up, contents, mailbox, rows
from tests.mail_samples import START, as_mbox, correspondence, message, people, write_mbox


class CountingAccess(DirectAccess):
    """Counts the writes and does something just before the one with the number `at`."""

    def __init__(
        self, database: Database, at: int = 0, action: Callable[[], object] = lambda: None
    ) -> None:
        super().__init__(database)
        self.writes = 0
        self._at = at
        self._action = action

    def write(self, function):
        self.writes += 1
        if self.writes == self._at:
            self._action()
        return super().write(function)


def test_counts_add_up_and_a_second_import_adds_nothing(access: DirectAccess, tmp_path: Path):
    path = write_mbox(tmp_path / "box.mbox", correspondence(300))
    first = import_paths(access, [path])
    before = contents(access, ("messages", "contacts", "message_people", "conversations"))
    second = import_paths(access, [path])
    assert adds_up(first)
    assert first.imported == 300
    assert first.duplicates == first.read - 300
    assert adds_up(second)
    assert (second.read, second.imported) == (first.read, 0)
    assert second.contacts == second.conversations == 0
    assert contents(access, tuple(before)) == before


def test_where_batches_end_makes_no_difference(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = write_mbox(tmp_path / "box.mbox", correspondence(260, seed=5))
    found = []
    for size in (1, 7, 5000):
        monkeypatch.setattr(imports, "FIRST_BATCH", size)
        monkeypatch.setattr(imports, "MIN_BATCH", size)
        monkeypatch.setattr(imports, "MAX_BATCH", size)
        other = Database.open(tmp_path / f"batches{size}.sqlite")
        import_paths(DirectAccess(other), [path])
        found.append(contents(DirectAccess(other)))
        other.close()
    assert found[0] == found[1] == found[2]


def test_copies_are_recognised_by_content_and_reused_ids_are_kept_apart(
    access: DirectAccess, tmp_path: Path
):
    base = {"sender": "Ada <ada@north.example>", "to": "boris@north.example", "date": START}
    texts = [
        message(**base, subject="Plans for May", message_id="1@north.example", body="Same words"),
        message(**base, subject="Plans for May", message_id="2@north.example", body="Same words"),
        message(**base, subject="Plans for May", body="Same words"),
        message(
            sender="Chen <chen@north.example>",
            to="ada@north.example",
            date=START + timedelta(days=1),
            subject="Another thing",
            message_id="1@north.example",
            body="Different words",
        ),
    ]
    path = mailbox(tmp_path, *texts)
    report = import_paths(access, [path])
    again = import_paths(access, [path])
    assert (report.read, report.imported, report.duplicates) == (4, 2, 2)
    assert (again.imported, again.duplicates) == (0, 4)


def test_a_cancelled_import_goes_on_where_it_stopped(
    database: Database, access: DirectAccess, tmp_path: Path
):
    texts = correspondence(400, seed=8)
    path = write_mbox(tmp_path / "box.mbox", texts)
    token = CancelToken()
    with pytest.raises(Cancelled):
        import_paths(CountingAccess(database, 3, token.cancel), [path], ctx=JobContext(token=token))
    ((partial,),) = rows(access, "SELECT count(*) FROM messages")
    assert 0 < partial < 400
    report = import_paths(access, [path])
    assert adds_up(report)
    assert report.imported == 400
    assert len(list_imports(access)) == 1

    other = Database.open(tmp_path / "undisturbed.sqlite")
    import_paths(DirectAccess(other), [path])
    assert contents(DirectAccess(other)) == contents(access)
    other.close()


CHILD = """
import sys
from pathlib import Path
from crm_desktop.importers import registry
from crm_desktop.model.database import Database
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.imports import import_paths
access = DirectAccess(Database.open(Path(sys.argv[1])))
print("ready", flush=True)
import_paths(access, [Path(sys.argv[2])])
"""


def test_killed_imports_end_like_an_undisturbed_one(tmp_path: Path):
    path = write_mbox(tmp_path / "box.mbox", correspondence(1500, seed=21, crowd=90))
    undisturbed = Database.open(tmp_path / "undisturbed.sqlite")
    started = time.monotonic()
    import_paths(DirectAccess(undisturbed), [path])
    duration_s = time.monotonic() - started
    expected = contents(DirectAccess(undisturbed))
    undisturbed.close()

    choice = random.Random(4)
    interrupted = 0
    for attempt in range(10):
        target = tmp_path / f"killed{attempt}.sqlite"
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(target), str(path)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        try:
            child.wait(choice.uniform(0.02, 0.9) * duration_s)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            interrupted += 1
        child.wait()
        child.stdout.close()
        database = Database.open(target)
        access = DirectAccess(database)
        report = import_paths(access, [path])
        assert adds_up(report)
        found = contents(access)
        if len(found["imports"]) == 1:
            assert found == expected
        else:  # it had finished before the kill: the second run is an import of its own
            assert found["messages"] == expected["messages"]
        database.close()
    assert interrupted >= 5


def test_a_rehearsal_changes_nothing(access: DirectAccess, tmp_path: Path):
    path = write_mbox(tmp_path / "box.mbox", correspondence(120))
    before = contents(access)
    rehearsed = import_paths(access, [path], dry_run=True)
    assert contents(access) == before
    report = import_paths(access, [path])
    assert (rehearsed.read, rehearsed.imported, rehearsed.contacts, rehearsed.conversations) == (
        report.read,
        report.imported,
        report.contacts,
        report.conversations,
    )


def test_rejects_are_listed_with_place_and_reason(access: DirectAccess, tmp_path: Path):
    good = message(sender="ada@north.example", to="b@north.example", subject="Hi", date=START)
    text = as_mbox([good]) + "From x@y.example Mon Jan  6 08:00:00 2025\nX-Nothing: here\n\nbody\n"
    path = tmp_path / "box.mbox"
    path.write_text(text)
    report = import_paths(access, [path])
    assert adds_up(report)
    assert len(report.rejected) == 1
    (reject,) = list_rejects(access, report.import_ids[0])
    assert "box.mbox" in reject.where
    assert reject.reason


def test_missing_and_empty_paths_are_the_persons_to_put_right(access: DirectAccess, tmp_path: Path):
    with pytest.raises(UserError, match="nothing at"):
        import_paths(access, [tmp_path / "absent.mbox"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="holds no mail"):
        import_paths(access, [tmp_path / "empty"])
    assert list_imports(access) == ()


def test_full_texts_are_kept_only_when_asked(access: DirectAccess, tmp_path: Path):
    path = write_mbox(tmp_path / "box.mbox", correspondence(5))
    import_paths(access, [path])
    assert rows(access, "SELECT count(*) FROM message_texts") == [(0,)]
    other = write_mbox(tmp_path / "other.mbox", correspondence(5, seed=2))
    import_paths(access, [other], keep_text=True)
    assert rows(access, "SELECT count(*) FROM message_texts") == [(5,)]


def test_self_is_proposed_and_chosen(access: DirectAccess, tmp_path: Path):
    me = "Ada Abel <ada@north.example>"
    texts = []
    for index, (name, address) in enumerate(people(12)[1:]):
        other = f"{name} <{address}>"
        date = START + timedelta(days=index)
        texts.append(message(sender=me, to=other, subject=f"Question {index} to you", date=date))
        texts.append(message(sender=other, to=me, subject=f"Word {index} for you", date=date))
    import_paths(access, [mailbox(tmp_path, *texts)])
    best = propose_self(access)[0]
    assert (best.email, best.name, best.sent, best.delivered) == (
        "ada@north.example",
        "Ada Abel",
        11,
        11,
    )
    contact_id = set_self(access, " Ada@North.example ")
    assert rows(access, f"SELECT name FROM contacts WHERE id = {contact_id}") == [("Ada Abel",)]
    with pytest.raises(UserError, match="not an e-mail address"):
        set_self(access, "nobody")


def test_undated_messages_are_imported_without_a_date(access: DirectAccess, tmp_path: Path):
    text = "From: ada@north.example\nTo: boris@north.example\nSubject: Undated words\n\nHello\n"
    path = tmp_path / "letter.eml"
    path.write_text(text)
    report = import_paths(access, [path])
    assert report.imported == 1
    assert rows(access, "SELECT sent_at FROM messages") == [(None,)]
    assert rows(access, "SELECT DISTINCT first_seen_at FROM conversation_participants") == [(None,)]


@pytest.mark.corpus
def test_the_corpora_are_accounted_for(access: DirectAccess, corpora: Path):
    for name in ("mail", "mail-bounce", "mbox", "vcard"):
        folder = corpora / name
        files = {path for path in folder.rglob("*") if path.is_file()}
        report = import_paths(access, [folder])
        assert adds_up(report), name
        read = [item for source in registry.detect(folder) for item in registry.read(source)]
        assert len(read) == report.read
        assert report.read >= len(files) * 0.5, name
    reports = [item.kind for item in read_all(corpora / "mail-bounce")]
    automatic = [kind for kind in reports if kind not in ACTIVE_KINDS]
    assert len(automatic) >= 0.99 * len(reports)


def read_all(folder: Path) -> list[Draft]:
    items = [item for source in registry.detect(folder) for item in registry.read(source)]
    return [item for item in items if isinstance(item, Draft)]


def test_what_a_stopped_import_brought_is_settled(
    database: Database, access: DirectAccess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(imports, "FIRST_BATCH", 20)
    path = write_mbox(tmp_path / "box.mbox", correspondence(60, seed=2))
    token = CancelToken()
    with pytest.raises(Cancelled):
        import_paths(CountingAccess(database, 3, token.cancel), [path], ctx=JobContext(token=token))
    assert Derived.CONTACTS in stale_kinds(access)
    assert rows(access, "SELECT count(*) FROM companies") == [(0,)]
    refresh_derived(access)
    assert rows(access, "SELECT count(*) > 0 FROM companies") == [(1,)]
    assert stale_kinds(access) == ()


def test_a_file_that_comes_before_the_interrupted_one_is_read_when_going_on(
    database: Database, access: DirectAccess, tmp_path: Path
):
    folder = tmp_path / "mail"
    folder.mkdir()
    write_mbox(folder / "b.mbox", correspondence(120, seed=3))
    token = CancelToken()
    with pytest.raises(Cancelled):
        import_paths(
            CountingAccess(database, 2, token.cancel), [folder], ctx=JobContext(token=token)
        )
    write_mbox(folder / "a.mbox", correspondence(30, seed=4))
    report = import_paths(access, [folder])
    assert adds_up(report)
    assert report.imported == 150


def test_an_import_that_is_removed_while_it_runs_stops_with_a_sentence(
    database: Database, access: DirectAccess, tmp_path: Path
):
    path = write_mbox(tmp_path / "box.mbox", correspondence(300))
    removing = CountingAccess(database, 3, lambda: remove_import(access, 1))
    with pytest.raises(UserError, match="removed while it was running"):
        import_paths(removing, [path])
    refresh_derived(access)
    assert rows(access, "SELECT count(*) FROM messages") == [(0,)]


def test_file_names_that_are_not_text_are_kept_readable(access: DirectAccess, tmp_path: Path):
    folder = os.fsencode(tmp_path / "odd")
    os.mkdir(folder)
    text = message(sender="ada@north.example", to="b@x.example", subject="Odd", date=START)
    with open(os.path.join(folder, b"caf\xe9.eml"), "w") as file:
        file.write(text)
    with open(os.path.join(folder, b"\xff.bin"), "wb") as file:
        file.write(b"\0\1\2")
    report = import_paths(access, [tmp_path / "odd"])
    assert (report.imported, len(report.rejected)) == (1, 1)


def test_many_small_files_are_written_together(
    database: Database, access: DirectAccess, tmp_path: Path
):
    for index in range(60):
        card = f"BEGIN:VCARD\nVERSION:4.0\nFN:Person {index}\nEMAIL:p{index}@x.example\nEND:VCARD\n"
        (tmp_path / f"{index}.vcf").write_text(card)
    counting = CountingAccess(database)
    assert import_paths(counting, [tmp_path]).imported == 60
    assert counting.writes < 20
