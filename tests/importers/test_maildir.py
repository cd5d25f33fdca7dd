"""Maildir mailboxes, their names and the order of their messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_desktop.domain.imports import Reject
from crm_desktop.domain.messages import Draft, MessageKind
from crm_desktop.importers import maildir


def mailbox(path: Path, **messages: list[str]) -> Path:
    for part in ("cur", "new", "tmp"):
        (path / part).mkdir(parents=True)
        for name in messages.get(part, []):
            subject = name.partition(":")[0]
            text = f"From: ada@e.example\nSubject: {subject}\n\nHello\n"
            (path / part / name).write_text(text)
    return path


def subjects(path: Path, start: int = 0) -> list[str]:
    found = list(maildir.read(maildir.source(path), start=start))
    return [item.subject for item in found if isinstance(item, Draft)]


def test_messages_come_in_the_order_of_their_names(tmp_path: Path):
    path = mailbox(tmp_path / "box", cur=["3.x:2,S", "1.x:2,"], new=["2.x"], tmp=["0.x"])
    (path / "cur" / ".hidden").write_text("x")
    assert subjects(path) == ["1.x", "2.x", "3.x"]
    assert subjects(path, start=1) == ["2.x", "3.x"]
    assert maildir.source(path).total == 3


def test_flags_and_having_been_seen_change_nothing(tmp_path: Path):
    path = mailbox(tmp_path / "box", cur=["1.x:2,", "3.x:2,"], new=["2.x"])
    before = maildir.source(path)
    (path / "new" / "2.x").rename(path / "cur" / "2.x:2,RS")
    (path / "cur" / "1.x:2,").rename(path / "cur" / "1.x:2,F")
    assert maildir.source(path) == before
    (path / "new" / "4.x").write_text("Subject: 4\n\n")
    assert maildir.source(path) != before


@pytest.mark.parametrize(
    ("folders", "is_mailbox"),
    [
        (["cur", "new", "tmp"], True),
        (["cur", "new"], True),
        (["cur"], True),
        (["new"], False),
        (["inbox"], False),
        ([], False),
    ],
)
def test_a_mailbox_is_known_by_its_folders(tmp_path: Path, folders: list[str], is_mailbox: bool):
    for name in folders:
        (tmp_path / name).mkdir()
    assert maildir.is_maildir(tmp_path) is is_mailbox


@pytest.mark.parametrize(
    ("encoded", "name"),
    [
        (".Sent", "Sent"),
        (".Lists.chess", "Lists/chess"),
        (".Entw&APw-rfe", "Entwürfe"),
        ("R&-D", "R&D"),
        (".&ZeVnLIqe-", "日本語"),
        ("&broken", "&broken"),
        ("&AA-", "&AA-"),
        ("Inbox", "Inbox"),
    ],
)
def test_names_are_decoded(encoded: str, name: str):
    assert maildir.folder_name(Path("/mail") / encoded) == name


def test_what_lay_in_the_trash_is_junk(tmp_path: Path):
    path = mailbox(tmp_path / ".Trash", cur=["1.x:2,S"])
    (item,) = maildir.read(maildir.source(path))
    assert isinstance(item, Draft)
    assert item.kind is MessageKind.JUNK


def test_a_message_that_cannot_be_opened_is_a_reject(tmp_path: Path):
    path = mailbox(tmp_path / "box", cur=["1.x", "3.x"])
    (path / "cur" / "2.x").symlink_to(tmp_path / "nowhere")
    one, two, three = maildir.read(maildir.source(path))
    assert isinstance(two, Reject)
    assert (one.next_offset, two.next_offset, three.next_offset) == (1, 2, 3)
    assert two.where == "2.x"
