"""Importing as a person sees it: counts that add up, nothing twice, nothing lost, taken back."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.base.errors import Cancelled, UserError
from crm_desktop.base.jobs import CancelToken, JobContext
from crm_desktop.domain.contacts import CardDraft, ContactKind
from crm_desktop.domain.imports import ImportReport
from crm_desktop.domain.messages import Draft
from crm_desktop.importers import registry
from crm_desktop.model.database import Database
from crm_desktop.services import imports
from crm_desktop.services.access import Access, DirectAccess
from crm_desktop.services.imports import (
    import_items,
    import_paths,
    list_imports,
    list_rejects,
    propose_self,
    set_self,
)
from crm_desktop.services.removal import remove_import
from tests.contents import contents
from tests.mail_samples import START, as_mbox, correspondence, message, people, write_mbox


def rows(access: Access, sql: str) -> list[tuple[object, ...]]:
    with access.read() as store:
        return [tuple(row) for row in store.connection.exec_driver_sql(sql)]


def names(access: Access) -> dict[str, str]:
    return {
        str(address): str(name)
        for address, name in rows(
            access,
            "SELECT i.value, c.name FROM contact_identifiers i JOIN contacts c"
            " ON c.id = i.contact_id WHERE i.kind = 'email'",
        )
    }


def kinds(access: Access) -> dict[str, str]:
    return {
        str(address): str(kind)
        for address, kind in rows(
            access,
            "SELECT i.value, c.kind FROM contact_identifiers i JOIN contacts c"
            " ON c.id = i.contact_id WHERE i.kind = 'email'",
        )
    }


def adds_up(report: ImportReport) -> bool:
    return report.read == report.imported + report.duplicates + len(report.rejected)


def mailbox(folder: Path, *messages: str, name: str = "box.mbox") -> Path:
    return write_mbox(folder / name, list(messages))


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


def test_one_conversation_by_references_whatever_the_order(access: DirectAccess, tmp_path: Path):
    ada, boris = "Ada <ada@north.example>", "Boris <boris@north.example>"
    question = message(
        sender=ada, to=boris, subject="Roof garden", date=START, message_id="q@north.example"
    )
    answer = message(
        sender=boris,
        to=ada,
        subject="Something else entirely",
        date=START + timedelta(days=90),
        message_id="a@north.example",
        references="<q@north.example>",
        body="Gladly.",
    )
    import_paths(access, [mailbox(tmp_path, answer, question)])
    assert rows(access, "SELECT message_count FROM conversations") == [(2,)]


def test_one_conversation_by_subject_people_and_time(access: DirectAccess, tmp_path: Path):
    ada, boris, chen = (f"{n} <{n.lower()}@north.example>" for n in ("Ada", "Boris", "Chen"))
    texts = [
        message(sender=ada, to=boris, subject="Roof garden plans", date=START, body="One"),
        message(
            sender=boris,
            to=ada,
            subject="AW: Re: Roof garden plans",
            date=START + timedelta(days=3),
            body="Two",
        ),
        # The same words among other people, and long after, are something else.
        message(sender=chen, to="dilip@north.example", subject="Roof garden plans", date=START),
        message(
            sender=ada,
            to=boris,
            subject="Roof garden plans",
            date=START + timedelta(days=200),
            body="Again",
        ),
        message(sender=ada, to=boris, subject="Hello", date=START, body="a"),
        message(sender=ada, to=boris, subject="Hello", date=START + timedelta(hours=1), body="b"),
    ]
    import_paths(access, [mailbox(tmp_path, *texts)])
    counts = sorted(row[0] for row in rows(access, "SELECT message_count FROM conversations"))
    assert counts == [1, 1, 1, 1, 2]


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


def test_display_names_are_elected(access: DirectAccess, tmp_path: Path):
    texts = [
        message(
            sender=f"{name} <ada@north.example>",
            to="boris.brandt@north.example",
            subject=f"Letter number {index}",
            date=START + timedelta(days=index),
        )
        for index, name in enumerate(["Ada", "Ada Abel", "Ada Abel", "A."])
    ]
    import_paths(access, [mailbox(tmp_path, *texts)])
    assert names(access)["ada@north.example"] == "Ada Abel"
    assert names(access)["boris.brandt@north.example"] == "Boris Brandt"


def test_lists_newsletters_roles_and_bounces_are_not_people(access: DirectAccess, tmp_path: Path):
    me = "ada@north.example"
    texts = [
        message(
            sender="Boris Brandt <boris@north.example>",
            to="garden@lists.example",
            subject="[garden] Seeds",
            date=START,
            extra="List-Id: <garden.lists.example>\nList-Post: <mailto:garden@lists.example>\n",
        ),
        message(
            sender="Riverbank <riverbank@shop.example>",
            to=me,
            subject="Everything must go",
            date=START,
            extra="List-Unsubscribe: <https://shop.example/u>\nPrecedence: bulk\n",
        ),
        message(sender="no-reply@bank.example", to=me, subject="Your statement", date=START),
        message(sender="support@shop.example", to=me, subject="Ticket seven", date=START),
        message(
            sender="Mail Delivery System <MAILER-DAEMON@north.example>",
            to=me,
            subject="Undelivered Mail Returned to Sender",
            date=START,
            extra=(
                "Auto-Submitted: auto-replied\n"
                'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n'
            ),
            body="--b\nContent-Type: text/plain\n\nlost@nowhere.example failed\n--b--",
        ),
    ]
    import_paths(access, [mailbox(tmp_path, *texts)])
    found = kinds(access)
    assert found["boris@north.example"] == ContactKind.PERSON
    assert found["garden@lists.example"] == ContactKind.LIST
    assert found["riverbank@shop.example"] == ContactKind.BOT
    assert found["no-reply@bank.example"] == ContactKind.BOT
    assert found["support@shop.example"] == ContactKind.ROLE
    assert not any("mailer-daemon" in address or "nowhere" in address for address in found)


VCARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u1\r\nFN:Ada Abel\r\nN:Abel;Ada;;;\r\n"
    "EMAIL:ada@north.example\r\nEMAIL:ada@home.example\r\nTEL:+49 89 123456\r\n"
    "ORG:Abel & Sons\r\nTITLE:Architect\r\nCATEGORIES:choir,garden\r\nBDAY:--0412\r\nEND:VCARD\r\n"
)


def ada_twice(folder: Path) -> Path:
    return mailbox(
        folder,
        message(
            sender="ada@north.example", to="boris@south.example", subject="From work", date=START
        ),
        message(
            sender="A. <ada@home.example>", to="boris@south.example", subject="At home", date=START
        ),
    )


def test_a_card_joins_the_addresses_it_names(access: DirectAccess, tmp_path: Path):
    import_paths(access, [ada_twice(tmp_path)])
    assert rows(access, "SELECT count(*) FROM contacts") == [(3,)]
    card = tmp_path / "ada.vcf"
    card.write_text(VCARD, newline="")
    report = import_paths(access, [card])
    assert (report.read, report.imported, report.contacts) == (1, 1, 0)
    assert rows(
        access,
        "SELECT c.name, c.title, c.birthday, k.name, count(DISTINCT m.message_id) FROM contacts c"
        " JOIN companies k ON k.id = c.company_id JOIN message_people m ON m.contact_id = c.id"
        " WHERE c.name = 'Ada Abel'",
    ) == [("Ada Abel", "Architect", "--04-12", "Abel & Sons", 2)]
    assert rows(access, "SELECT tag FROM contact_tags ORDER BY tag") == [("choir",), ("garden",)]
    again = import_paths(access, [card])
    assert (again.imported, again.duplicates) == (0, 1)


def test_removing_the_card_import_parts_what_it_joined(access: DirectAccess, tmp_path: Path):
    import_paths(access, [ada_twice(tmp_path)])
    before = contents(access)
    card = tmp_path / "ada.vcf"
    card.write_text(VCARD, newline="")
    report = import_paths(access, [card])
    assert contents(access) != before
    remove_import(access, report.import_ids[0])
    assert contents(access) == before


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=st.integers(0, 10**6), second=st.integers(0, 10**6), overlap=st.integers(0, 40))
def test_removing_an_import_leaves_the_database_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, first: int, second: int, overlap: int
):
    folder = tmp_path_factory.mktemp("removal")
    kept = correspondence(60, seed=first, crowd=14)
    added = kept[:overlap] + correspondence(60, seed=second, crowd=20)
    database = Database.open(folder / "people.sqlite")
    access = DirectAccess(database)
    import_paths(access, [write_mbox(folder / "kept.mbox", kept)])
    before = contents(access)
    report = import_paths(access, [write_mbox(folder / "added.mbox", added)])
    remove_import(access, report.import_ids[0])
    after = contents(access)
    database.close()
    assert after == before


def test_removing_the_first_of_two_imports_keeps_what_both_contain(
    access: DirectAccess, tmp_path: Path
):
    texts = correspondence(80, seed=3)
    first = import_paths(access, [write_mbox(tmp_path / "a.mbox", texts)])
    import_paths(access, [write_mbox(tmp_path / "b.mbox", texts[:50])])
    remove_import(access, first.import_ids[0])
    alone = Database.open(tmp_path / "alone.sqlite")
    import_paths(DirectAccess(alone), [write_mbox(tmp_path / "b.mbox", texts[:50])])
    assert rows(access, "SELECT external_id FROM messages ORDER BY 1") == rows(
        DirectAccess(alone), "SELECT external_id FROM messages ORDER BY 1"
    )
    alone.close()


def test_removing_what_is_gone_says_so(access: DirectAccess):
    with pytest.raises(UserError, match="already been removed"):
        remove_import(access, 99)


def test_a_cancelled_import_goes_on_where_it_stopped(
    database: Database, access: DirectAccess, tmp_path: Path
):
    texts = correspondence(400, seed=8)
    path = write_mbox(tmp_path / "box.mbox", texts)
    token = CancelToken()

    class CancellingAccess(DirectAccess):
        """Cancels the job while the second batch is written."""

        writes = 0

        def write(self, function):
            self.writes += 1
            if self.writes == 3:
                token.cancel()
            return super().write(function)

    with pytest.raises(Cancelled):
        import_paths(CancellingAccess(database), [path], ctx=JobContext(token=token))
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


def test_cards_that_share_an_office_number_stay_two_people(access: DirectAccess):
    cards = [
        CardDraft(
            "", name, index, emails=(f"{name[0].lower()}@north.example",), phones=("555 0100",)
        )
        for index, name in enumerate(["Ada Abel", "Boris Brandt"])
    ]
    report = import_items(access, "vcard", "cards", cards)
    assert (report.imported, report.contacts) == (2, 2)


def test_a_card_of_another_name_does_not_take_a_shared_address(access: DirectAccess):
    cards = [
        CardDraft("", "Ada Abel", 1, emails=("abels@home.example", "ada@north.example")),
        CardDraft("", "Bob Abel", 2, emails=("abels@home.example", "bob@north.example")),
    ]
    import_items(access, "vcard", "cards", cards)
    assert names(access) == {
        "abels@home.example": "Ada Abel",
        "ada@north.example": "Ada Abel",
        "bob@north.example": "Bob Abel",
    }


def test_colleagues_share_a_company_and_public_providers_are_none(
    access: DirectAccess, tmp_path: Path
):
    texts = [
        message(
            sender="ada.abel@big-sky.example",
            to="boris.brandt@mail.big-sky.example, chen@gmail.com, dilip@gmail.com",
            subject="Company matters",
            date=START,
        )
    ]
    import_paths(access, [mailbox(tmp_path, *texts)])
    assert rows(
        access,
        "SELECT c.name, k.name, k.domain FROM contacts c JOIN companies k ON k.id = c.company_id"
        " ORDER BY c.name",
    ) == [
        ("Ada Abel", "Big Sky", "big-sky.example"),
        ("Boris Brandt", "Big Sky", "big-sky.example"),
    ]


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
    bounced = {item.kind.value for item in read_all(corpora / "mail-bounce")}
    assert bounced <= {"bounce", "auto_reply"}


def read_all(folder: Path) -> list[Draft]:
    items = [item for source in registry.detect(folder) for item in registry.read(source)]
    return [item for item in items if isinstance(item, Draft)]


def test_a_relay_that_writes_under_many_names_is_a_machine(access: DirectAccess, tmp_path: Path):
    texts = [
        message(
            sender=f"{name} <gateway@feeds.example>",
            to="ada@north.example",
            subject=f"Story number {index}",
            date=START + timedelta(hours=index),
        )
        for index, (name, _) in enumerate(people(12))
    ]
    import_paths(access, [mailbox(tmp_path, *texts)])
    assert kinds(access)["gateway@feeds.example"] == ContactKind.BOT


def test_one_bulk_message_does_not_make_a_correspondent_a_machine(
    access: DirectAccess, tmp_path: Path
):
    boris, ada = "Boris <boris@north.example>", "Ada <ada@north.example>"
    texts = [
        message(
            sender=boris,
            to=ada,
            subject="To everybody here",
            date=START,
            extra="Precedence: bulk\nList-Unsubscribe: <https://north.example/u>\n",
        ),
        message(sender=ada, to=boris, subject="Just for you", date=START),
        message(sender=ada, to=boris, subject="And once more", date=START),
    ]
    import_paths(access, [mailbox(tmp_path, *texts)])
    assert kinds(access)["boris@north.example"] == ContactKind.PERSON
