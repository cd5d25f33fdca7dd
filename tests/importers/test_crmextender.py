"""Reading CRMExtender's databases: every record once, and not a trace in the file."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.base.errors import UserError
from crm_desktop.domain.contacts import CardDraft
from crm_desktop.domain.imports import Reject
from crm_desktop.domain.messages import Draft, MessageKind
from crm_desktop.domain.records import (
    CompanyDraft,
    ConversationDraft,
    RelationshipDraft,
    TypeDraft,
)
from crm_desktop.importers import crmextender, registry
from crm_desktop.importers.mbox import read as read_mbox
from crm_desktop.importers.sources import file_source
from crm_desktop.model.crmextender import migrate_to_v4
from crm_desktop.model.database import Database
from tests.crmextender_builder import CrmExtender, small_life, uuid
from tests.mail_samples import START, message, write_mbox
from tests.mounts import read_only

FIRST, LAST = "2026-01-02T10:00:00+00:00", "2026-02-03T11:30:00.250000+00:00"


def items(path: Path, **options: Any) -> list[Any]:
    """Everything that the registry reads from a file."""
    [source] = registry.detect(path)
    assert source.format == "crmextender"
    return list(registry.read(source, **options))


def of(kind: type, found: list[Any]) -> list[Any]:
    return [item for item in found if isinstance(item, kind)]


@contextmanager
def building(tmp_path: Path, version: int = 3) -> Iterator[tuple[CrmExtender, Path]]:
    folder = tmp_path / "crm"
    folder.mkdir(exist_ok=True)
    with CrmExtender(folder / "crm.db", version) as made:
        yield made, folder / "crm.db"


def test_everything_of_version_3(tmp_path: Path):
    found = items(small_life(tmp_path / "crm.db"))
    assert [item.next_offset for item in found] == list(range(1, len(found) + 1))
    assert [(c.name, c.domain) for c in of(CompanyDraft, found)] == [("Acme", "acme.example")]
    cards = {card.name: card for card in of(CardDraft, found)}
    assert cards["Bob Bond"].emails == ("bob@acme.example",)
    assert cards["Bob Bond"].phones == ("+49 89 123456",)
    assert cards["Bob Bond"].organization == "Acme"
    assert cards["Cy Cole"].organization == ""
    [conversation] = of(ConversationDraft, found)
    assert conversation.subject == "Plans for the garden"
    assert [(p.address, p.sent) for p in conversation.participants] == [
        ("ada@acme.example", 3),
        ("bob@acme.example", 2),
    ]
    assert conversation.participants[0].first_seen_at == 1_767_261_600
    assert conversation.participants[0].last_seen_at == 1_769_940_000
    ada, bob, cy = (cards[name].uid for name in ("Ada Abel", "Bob Bond", "Cy Cole"))
    # KNOWS is left to our own inference.
    assert {(r.type_name, r.from_key, r.to_key) for r in of(RelationshipDraft, found)} == {
        ("MENTOR_OF", ada, bob),
        ("Friend of the family", cy, ada),
    }
    assert {(t.name, t.forward_label, t.reverse_label) for t in of(TypeDraft, found)} == {
        ("MENTOR_OF", "Mentor of", "Mentor of (reverse)"),
        ("Friend of the family", "Friend of the family", "Friend of the family (reverse)"),
    }
    assert not of(Reject, found)


def without_places(found: list[Any]) -> list[str]:
    return sorted(repr(item).partition("next_offset")[0] for item in found)


def test_a_migrated_file_says_the_same(tmp_path: Path):
    path = small_life(tmp_path / "crm.db")
    before = items(path)
    migrate_to_v4(path)
    assert without_places(items(path)) == without_places(before)


def test_version_4_has_its_own_types_and_sources(tmp_path: Path):
    with building(tmp_path, 4) as (made, path):
        firm, other = made.company("Firm"), made.company("Other")
        ada, bob = made.contact("Ada"), made.contact("Bob")
        mentor = made.type("MENTOR", forward="Mentors", reverse="Is mentored by")
        made.type("UNUSED", "company", "contact", "Sponsors", "Is sponsored by")
        made.relationship(ada, bob, mentor, source="manual")
        made.relationship(ada, bob, "rt-knows", source="inferred")
        made.relationship(bob, ada, "rt-knows", source="manual")
        made.relationship(firm, other, "rt-vendor", source="manual", kinds=("company", "company"))
        made.relationship(firm, ada, "rt-employee", source="inferred", kinds=("company", "contact"))
    found = items(path)
    assert {(t.name, t.forward_label, t.reverse_label) for t in of(TypeDraft, found)} == {
        ("MENTOR", "Mentors", "Is mentored by"),
        ("UNUSED", "Sponsors", "Is sponsored by"),
        ("KNOWS", "Knows", "Knows"),
        ("VENDOR", "Is a vendor of", "Is a client of"),
        ("EMPLOYEE", "Employs", "Works at"),
    }
    relationships = of(RelationshipDraft, found)
    assert [r.type_name for r in relationships] == ["MENTOR", "KNOWS", "VENDOR", "EMPLOYEE"]
    assert (relationships[2].from_key, relationships[2].to_key) == ("Firm", "Other")


def test_mail_is_read_as_messages_and_counted_once(tmp_path: Path):
    with building(tmp_path) as (made, path):
        ada = made.contact("Ada Abel", "ada@north.example")
        made.insert(
            "provider_accounts",
            id="a1",
            provider="gmail",
            email_address="Me@South.example",
            created_at="",
            updated_at="",
        )
        talk = made.conversation(
            "Garden",
            [
                ("ada@north.example", ada, 1, FIRST, LAST),
                ("me@south.example", None, 1, FIRST, LAST),
                ("+49 89 1", None, 4, FIRST, LAST),
            ],
        )
        first = made.communication(
            talk,
            "Ada@North.example",
            "me@south.example",
            at=FIRST,
            subject="Re: Garden",
            content="Come on Sunday.\n",
            sender_name="Ada Abel",
            header_message_id="<1@north.example>",
            header_references="<0@north.example>",
            account_id="a1",
            direction="inbound",
        )
        made.insert(
            "attachments", id="x", communication_id=first, filename="plan.pdf", created_at=""
        )
        made.communication(talk, "me@south.example", "ada@north.example", at=LAST, content="Yes")
        made.communication(
            talk, "letter@shop.example", at=LAST, triage_result="marketing", subject="Sale"
        )
        made.communication(talk, "old@north.example", at=LAST, is_current=0)
        call = made.conversation("Call", [("+49 89 123456", ada, 2, FIRST, LAST)])
        made.communication(call, "+49 89 123456", at=FIRST, channel="phone")
    found = items(path, keep_text=True)
    mails = of(Draft, found)
    assert [mail.sender.address for mail in mails] == [
        "ada@north.example",
        "me@south.example",
        "letter@shop.example",
    ]
    assert mails[0].external_id == "1@north.example"
    assert mails[0].references == ("0@north.example",)
    assert mails[0].preview == "Come on Sunday."
    assert mails[0].body == "Come on Sunday.\n"
    assert mails[0].attachment_count == 1
    assert mails[0].delivered_to == ("me@south.example",)
    assert mails[0].sent_at == 1_767_348_000
    assert mails[0].sender.name == "Ada Abel"
    assert mails[0].thread_id == mails[1].thread_id == f"crmextender:{talk}"
    assert mails[2].kind is MessageKind.BULK
    # Whom messages name is not counted again.
    by_number, calls = of(ConversationDraft, found)
    assert [p.address for p in by_number.participants] == ["+49 89 1"]
    assert by_number.content_key in {mail.content_key for mail in mails}
    assert calls.content_key is None
    assert [(p.address, p.sent) for p in calls.participants] == [("+49 89 123456", 2)]
    assert not of(Reject, found)
    assert {mail.body for mail in of(Draft, items(path))} == {None}


def test_a_message_is_known_in_any_archive(tmp_path: Path):
    box = write_mbox(
        tmp_path / "box.mbox",
        [
            message(
                sender="Ada <ada@north.example>",
                to="bo@south.example",
                subject="Re: Plans",
                date=START,
                body="As we said,\nSunday it is.",
            )
        ],
    )
    [archived] = read_mbox(file_source(box, "mbox"))
    with building(tmp_path) as (made, path):
        talk = made.conversation("Plans")
        made.communication(
            talk,
            "ada@north.example",
            "bo@south.example",
            at=START.isoformat(),
            subject="Plans",
            content="As we said,\r\nSunday it is.",
        )
    [kept] = of(Draft, items(path))
    assert kept.content_key == archived.content_key


def test_what_cannot_be_read_is_listed_with_its_reason(tmp_path: Path):
    with building(tmp_path) as (made, path):
        made.connection.execute("PRAGMA foreign_keys=OFF")
        ada = made.contact("Ada")
        made.contact(None)
        made.contact("  \x00 ")
        made.company("\t")
        made.relationship(ada, uuid("nobody"), "MENTOR")
        made.relationship(ada, "p1", "LEADS", kinds=("contact", "project"))
        made.conversation("Empty")
        made.conversation("Nobody", [("  ", None, 1, FIRST, LAST)])
        made.insert("conversation_participants", conversation_id="lost", address="x@y.example")
    rejects = of(Reject, items(path))
    assert sorted(reject.reason for reject in rejects) == sorted(
        [
            "a contact without a name, an address or a number",
            "a contact without a name, an address or a number",
            "a company without a name",
            "a relationship of somebody who is not in the database",
            "a relationship with something that is neither a person nor a company",
            "a conversation in which nobody takes part",
            "a conversation whose people could not be read",
            "people of a conversation that is not in the database",
        ]
    )
    assert all(reject.where.startswith("crm.db, ") for reject in rejects)


def test_a_contact_without_a_name_is_called_by_its_address(tmp_path: Path):
    with building(tmp_path) as (made, path):
        made.contact(None, "ADA@North.example")
        made.contact("", phone="+49 89 5")
    assert [card.name for card in of(CardDraft, items(path))] == ["ada@north.example", "+49 89 5"]


def test_hostile_and_huge_contents(tmp_path: Path):
    with building(tmp_path) as (made, path):
        a = made.contact("A" * 300_000 + "\x1b[2J", "a@b.example'; DROP TABLE contacts")
        b = made.contact("'); DROP TABLE contacts;--\n\u202e", "b@c.example")
        made.company("C" * 300_000)
        made.relationship(a, b, "x" * 300_000)
        made.relationship(a, b, "x" * 300_000 + "y")
        made.connection.execute("UPDATE conversations SET title = 1")
        talk = made.conversation(
            "T" * 300_000, [("b@c.example", b, 10**15, "not a date", "9999-99-99T99:99:99")]
        )
        made.connection.execute(
            "UPDATE conversation_participants SET name = CAST(x'fffe41' AS TEXT)"
        )
        made.communication(talk, "b@c.example", at="never", content="z" * 300_000)
    found = items(path)
    cards = of(CardDraft, found)
    assert all(0 < len(card.name) <= 200 and card.name.isprintable() for card in cards)
    assert cards[0].emails == ()
    types = of(TypeDraft, found)
    assert len({type_.name for type_ in types}) == 2
    assert all(len(type_.name) <= 200 for type_ in types)
    [mail] = of(Draft, found)
    assert mail.sent_at is None


def test_ids_that_are_no_uuids_mean_nothing_outside_their_file(tmp_path: Path):
    uids = []
    for number, name in enumerate(("Ada", "Bob", "Ada")):
        path = tmp_path / f"{number}.db"
        with CrmExtender(path) as made:
            made.contact(name, f"{name}@x.example", id_="1")
        uids += [card.uid for card in of(CardDraft, items(path))]
    assert uids[0] == uids[2]
    assert uids[0] != uids[1]


def test_reading_goes_on_from_any_place(tmp_path: Path):
    path = small_life(tmp_path / "crm.db")
    whole = items(path)
    for place in range(len(whole) + 1):
        assert items(path, start=place) == whole[place:]


def test_a_file_with_few_tables_and_columns(tmp_path: Path):
    path = tmp_path / "crm.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            """
            CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, email TEXT, company TEXT);
            INSERT INTO contacts VALUES (1, 'Ada', 'ada@x.example', 'Firm'), (2, 'Bob', NULL, NULL);
            CREATE TABLE conversations (id INTEGER PRIMARY KEY);
            INSERT INTO conversations VALUES (7);
            CREATE TABLE conversation_participants (conversation_id, contact_id,
                communication_count, first_seen_at, last_seen_at);
            INSERT INTO conversation_participants VALUES (7, 1, 3, 1767261600, '2026-01-02'),
                (7, 2, '2', NULL, NULL);
            CREATE TABLE relationships (id INTEGER PRIMARY KEY, from_contact_id, to_contact_id,
                relationship_type);
            INSERT INTO relationships VALUES (1, 1, 2, 'FRIEND'), (2, 1, 2, 'KNOWS');
            """
        )
    found = items(path)
    [ada, bob] = of(CardDraft, found)
    assert (ada.emails, ada.organization) == (("ada@x.example",), "Firm")
    [conversation] = of(ConversationDraft, found)
    assert [(p.uid, p.sent, p.first_seen_at) for p in conversation.participants] == [
        (ada.uid, 3, 1_767_261_600),
        (bob.uid, 2, None),
    ]
    [friend] = of(RelationshipDraft, found)
    assert (friend.type_name, friend.from_key, friend.to_key) == ("FRIEND", ada.uid, bob.uid)


def test_a_log_is_read_along_and_nothing_is_written(tmp_path: Path):
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    with building(tmp_path) as (made, path):
        made.contact("Ada")
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{path}{suffix}", crashed / f"crm.db{suffix}")
    before = {item.name: item.read_bytes() for item in crashed.iterdir()}
    assert before["crm.db-wal"]
    with read_only(crashed):
        found = items(crashed / "crm.db")
    assert [card.name for card in of(CardDraft, found)] == ["Ada"]
    assert {item.name: item.read_bytes() for item in crashed.iterdir()} == before


def test_a_closed_file_in_a_read_only_folder(tmp_path: Path):
    folder = tmp_path / "crm"
    folder.mkdir()
    path = small_life(folder / "crm.db")
    before = path.read_bytes()
    with read_only(folder):
        assert len(items(path)) == 9
    assert path.read_bytes() == before
    assert [item.name for item in folder.iterdir()] == ["crm.db"]


def test_a_file_that_changes_while_it_is_read_is_given_up(tmp_path: Path):
    path = small_life(tmp_path / "crm.db")
    [source] = registry.detect(path)
    reading = registry.read(source)
    next(reading)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("UPDATE contacts SET name = name || '!'")
    with pytest.raises(UserError, match="being changed by another program"):
        list(reading)


def test_only_its_own_databases_are_recognised(tmp_path: Path):
    ours = tmp_path / "people.sqlite"
    Database.open(ours).close()
    with pytest.raises(UserError, match="a database of CRM Desktop; open it"):
        registry.detect(ours)
    foreign = tmp_path / "foreign.db"
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE contacts (id, name)")
    with pytest.raises(UserError, match="a database of another program"):
        registry.detect(foreign)
    with pytest.raises(UserError, match="a database of another program"):
        registry.detect(foreign, "crmextender")
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    with pytest.raises(UserError, match="damaged or not a database"):
        registry.detect(damaged)
    text = tmp_path / "text.db"
    text.write_text("x" * 3000)
    with pytest.raises(UserError, match="not a database"):
        registry.detect(text, "crmextender")


def test_the_open_database_is_never_read(database: Database):
    with pytest.raises(UserError, match="open database itself"):
        registry.detect(database.path)


def test_in_a_folder_among_other_things(tmp_path: Path):
    folder = tmp_path / "things"
    folder.mkdir()
    small_life(folder / "crm.db")
    with closing(sqlite3.connect(folder / "foreign.db")) as connection:
        connection.execute("CREATE TABLE t (a)")
    write_mbox(
        folder / "box.mbox",
        [message(sender="a@b.example", to="c@d.example", subject="Hello", date=START)],
    )
    sources = registry.detect(folder)
    assert [(source.path.name, source.format) for source in sources] == [
        ("box.mbox", "mbox"),
        ("crm.db", "crmextender"),
        ("foreign.db", "unknown"),
    ]
    [reject] = registry.read(sources[2])
    assert "a database of another program" in reject.reason
    assert [source.path.name for source in registry.detect(folder, "crmextender")] == ["crm.db"]


def test_the_source_changes_with_its_log(tmp_path: Path):
    with building(tmp_path) as (made, path):
        first = crmextender.source(path)
        made.contact("Ada")
        second = crmextender.source(path)
    assert first.fingerprint != second.fingerprint
    assert second.total == 1
