"""What a path holds, and reading it by the name of its format."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from crm_desktop.base.errors import UserError
from crm_desktop.domain.contacts import CardDraft
from crm_desktop.domain.imports import Reject, Source
from crm_desktop.domain.messages import Draft
from crm_desktop.importers import registry
from crm_desktop.importers.registry import FORMATS, detect, format_names, read
from crm_desktop.model.database import Database

MESSAGE = "From: ada@e.example\nTo: bo@e.example\nSubject: {}\n\nHello\n"
ENVELOPE = "From ada@e.example Mon May  3 10:00:00 2021\n"
MBOX = f"{ENVELOPE}{MESSAGE.format('one')}\n{ENVELOPE}{MESSAGE.format('two')}"
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Ada Lovelace\nEND:VCARD\n"


def put(folder: Path, **files: str | bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(data.encode() if isinstance(data, str) else data)


def found(path: Path, format: str | None = None) -> list[tuple[str, str, int]]:
    base = path if path.is_dir() else path.parent
    return [
        (str(source.path.relative_to(base)), source.format, source.total)
        for source in detect(path, format)
    ]


def refuse(monkeypatch: pytest.MonkeyPatch, function: str, refused: Path) -> None:
    """Let `os.function` refuse one path, as it would anyone but the superuser."""
    real = getattr(os, function)

    def guarded(name: str | Path = ".", *arguments: object, **more: object) -> object:
        if name == refused or name == os.fspath(refused):
            raise PermissionError(13, "Permission denied", os.fspath(name))
        return real(name, *arguments, **more)

    monkeypatch.setattr(os, function, guarded)


def test_the_formats_have_names_and_patterns():
    assert format_names() == ("mbox", "maildir", "eml", "takeout", "vcard", "crmextender")
    assert "*.mbox" in FORMATS[0].patterns


@pytest.mark.parametrize(
    ("name", "data", "format"),
    [
        ("Inbox.mbox", MBOX, "mbox"),
        ("Inbox", MBOX, "mbox"),
        ("Inbox.txt", MBOX, "mbox"),
        ("empty.mbox", "", "mbox"),
        ("chess.log", "=" * 73 + "\nDate: Mon, 3 May 2021\nFrom: a@e.example\n\nHello\n", "mbox"),
        ("x.eml", MESSAGE, "eml"),
        ("x.eml", ENVELOPE + MESSAGE, "eml"),
        ("1.", MESSAGE, "eml"),
        ("x.txt", MESSAGE, "eml"),
        ("mac", MESSAGE.replace("\n", "\r"), "eml"),
        ("x.vcf", CARD, "vcard"),
        ("contacts", "\ufeff" + CARD, "vcard"),
        ("contacts", CARD.encode("utf-16"), "vcard"),
    ],
)
def test_a_file_is_known_by_its_content(tmp_path: Path, name: str, data: str | bytes, format: str):
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    (source,) = detect(path)
    assert (source.path, source.format) == (path, format)


@pytest.mark.parametrize("data", ["some notes", "", "\x00\x01\x02", "key: value\nother: value\n"])
def test_a_file_of_no_format_is_the_persons_to_mend(tmp_path: Path, data: str):
    path = tmp_path / "notes.txt"
    path.write_text(data)
    with pytest.raises(UserError, match=r"notes\.txt.*not a format we can read"):
        detect(path)


def test_a_missing_path_and_a_wrong_format_are_named(tmp_path: Path):
    with pytest.raises(UserError, match="nothing at"):
        detect(tmp_path / "nowhere")
    with pytest.raises(UserError, match="mbox, maildir, eml, takeout, vcard"):
        detect(tmp_path, "outlook")
    put(tmp_path, **{"box__mbox": MBOX})
    with pytest.raises(UserError, match="folder"):
        detect(tmp_path / "box.mbox", "maildir")


def test_a_zip_without_mail_is_the_persons_to_mend(tmp_path: Path):
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.jpg", b"x")
    with pytest.raises(UserError, match="no mail and no contacts"):
        detect(path)


def test_a_folder_is_searched_to_its_depths(tmp_path: Path):
    put(tmp_path, Inbox__mbox=MBOX, people__vcf=CARD, __DS_Store="x", Inbox__msf="// index")
    put(tmp_path / "letters", b__eml=MESSAGE, a__eml=MESSAGE, notes__md="# notes")
    put(tmp_path / "deep" / "er", Sent=MBOX)
    put(tmp_path / ".git", config="x")
    assert found(tmp_path) == [
        ("Inbox.mbox", "mbox", len(MBOX)),
        ("deep/er/Sent", "mbox", len(MBOX)),
        ("letters", "eml", 2),
        ("letters/notes.md", "unknown", 1),
        ("people.vcf", "vcard", len(CARD)),
    ]


def test_maildirs_and_the_folders_within_them(tmp_path: Path):
    root = tmp_path / "Maildir"
    for box in (root, root / ".Sent", root / ".Entw&APw-rfe", root / "plain"):
        put(box / "cur", **{"1__x": MESSAGE})
        put(box / "new")
        put(box / "tmp", half="From: unfinished")
    put(root, **{"dovecot-uidlist": "3 V1"})
    assert found(root) == [
        (".", "maildir", 1),
        (".Entw&APw-rfe", "maildir", 1),
        (".Sent", "maildir", 1),
        ("plain", "maildir", 1),
    ]


def test_an_unpacked_takeout_passes_over_its_other_files(tmp_path: Path):
    put(tmp_path / "Takeout", archive_browser__html="<html>")
    put(tmp_path / "Takeout" / "Mail", **{"All mail__mbox": MBOX, "User Settings__json": "{}"})
    put(tmp_path / "Takeout" / "Contacts", all__vcf=CARD, Ada__jpg=b"\xff\xd8")
    for path in (tmp_path, tmp_path / "Takeout"):
        for format in (None, "takeout"):
            assert [kind for _, kind, _ in found(path, format)] == ["vcard", "mbox"]


def test_a_named_format_leaves_the_rest_alone(tmp_path: Path):
    put(tmp_path, Inbox__mbox=MBOX, people__vcf=CARD, a__eml=MESSAGE, notes__md="x")
    assert [kind for _, kind, _ in found(tmp_path, "vcard")] == ["vcard"]
    assert [kind for _, kind, _ in found(tmp_path, "eml")] == ["eml"]
    assert [kind for _, kind, _ in found(tmp_path / "notes.md", "mbox")] == ["mbox"]


def test_messages_with_a_from_line_in_files_of_their_own_are_one_source(tmp_path: Path):
    put(tmp_path, **{f"{number:05}": ENVELOPE + MESSAGE for number in range(5)})
    assert found(tmp_path) == [(".", "eml", 5)]


def test_links_do_not_lead_in_circles(tmp_path: Path):
    put(tmp_path / "a", Inbox__mbox=MBOX)
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    assert len(detect(tmp_path)) == 1


def test_what_may_not_be_read_is_the_persons_to_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    put(tmp_path, Inbox__mbox=MBOX, people__vcf=CARD)

    refuse(monkeypatch, "open", tmp_path / "Inbox.mbox")
    with pytest.raises(UserError, match=r"Inbox\.mbox.*Permission denied"):
        detect(tmp_path / "Inbox.mbox")
    closed, cards = detect(tmp_path)
    assert cards.format == "vcard"
    assert list(read(closed)) == [
        Reject("Inbox.mbox", "it could not be opened: Permission denied", 1)
    ]
    assert closed in detect(tmp_path, "mbox")


@pytest.mark.parametrize("closed", ["locked", "box/cur"])
def test_a_closed_folder_within_is_one_reject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: str
):
    put(tmp_path, Inbox__mbox=MBOX)
    put(tmp_path / "locked", Sent=MBOX)
    put(tmp_path / "box" / "cur", **{"1__x": MESSAGE})
    put(tmp_path / "box" / "new")
    refuse(monkeypatch, "scandir", tmp_path / closed)
    refuse(monkeypatch, "listdir", tmp_path / closed)
    sources = detect(tmp_path)
    assert len(sources) == 3
    (unknown,) = (source for source in sources if source.format == registry.UNKNOWN)
    reason = "it could not be opened: Permission denied"
    assert list(read(unknown)) == [Reject(closed.partition("/")[0], reason, 1)]
    refuse(monkeypatch, "scandir", tmp_path)
    with pytest.raises(UserError, match="Permission denied"):
        detect(tmp_path)


def test_the_open_database_is_never_opened_beside_itself(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
):
    with database.write() as store:
        store.settings.set("kept", "yes")
    put(tmp_path, Inbox__mbox=MBOX, old__sqlite="x", **{"other__db-wal": "x"})
    put(tmp_path / "box" / "cur", **{"1__x": MESSAGE})
    (tmp_path / "linked").symlink_to(database.path)
    os.link(database.path, tmp_path / "box" / "cur" / "hard")
    opened: list[str] = []
    real = os.open

    def noted(name: str | Path, *arguments: int, **more: int | None) -> int:
        opened.append(os.path.realpath(name))
        return real(name, *arguments, **more)

    monkeypatch.setattr(os, "open", noted)
    sources = [source for source in detect(tmp_path) if "private" not in source.path.parts]
    assert [source.format for source in sources] == ["mbox", "maildir"]
    assert [len(list(read(source))) for source in sources] == [2, 1]
    for name in ("people.sqlite", "people.sqlite-wal", "people.sqlite-shm", "linked"):
        for format in (None, *format_names()):
            with pytest.raises(UserError, match=r"open database itself|a Maildir is a folder"):
                detect(tmp_path / name, format)
        for format in ("mbox", "vcard", "takeout"):
            with pytest.raises(UserError, match="open database itself"):
                list(read(Source(tmp_path / name, format, 1, "")))
    assert opened
    assert not [name for name in opened if "sqlite" in name or name.endswith("hard")]


def test_the_locks_on_the_open_database_outlive_an_import_from_its_folder(
    tmp_path: Path, database: Database
):
    program = (
        "import sys; from sqlcipher3 import dbapi2\n"
        "base = dbapi2.connect(sys.argv[1], timeout=0)\n"
        "try: base.execute('BEGIN IMMEDIATE')\n"
        "except dbapi2.OperationalError as error: print(error)\n"
        "base.close()"
    )

    def other_program_says() -> str:
        command = [sys.executable, "-c", program, str(database.path)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    with database.write() as store:
        store.settings.set("kept", "yes")
        assert other_program_says() == "database is locked"
        for source in detect(tmp_path):
            list(read(source))
        assert other_program_says() == "database is locked"
    assert other_program_says() == ""


def test_pipes_are_never_waited_for(tmp_path: Path):
    put(tmp_path / "box" / "cur", **{"1__x": MESSAGE})
    put(tmp_path, Inbox__mbox=MBOX)
    for pipe in (tmp_path / "pipe.mbox", tmp_path / "box" / "cur" / "2.x"):
        os.mkfifo(pipe)
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(os.fspath(tmp_path / "s"))
        for path in (tmp_path / "pipe.mbox", tmp_path / "s", Path(os.devnull)):
            for format in (None, "mbox", "eml", "takeout", "vcard"):
                with pytest.raises(UserError, match="is not an ordinary file"):
                    detect(path, format)
            for format in ("mbox", "takeout", "vcard"):
                with pytest.raises(UserError, match="is not an ordinary file"):
                    list(read(Source(path, format, 1, "")))
        items = {source.path.name: list(read(source)) for source in detect(tmp_path)}
    assert items["pipe.mbox"] == [Reject("pipe.mbox", "not an ordinary file", 1)]
    assert items["s"] == [Reject("s", "not an ordinary file", 1)]
    draft, reject = items["box"]
    assert isinstance(draft, Draft)
    assert isinstance(reject, Reject)
    assert "ordinary file" in reject.reason
    assert len(items["Inbox.mbox"]) == 2


def test_links_to_themselves_are_passed_over(tmp_path: Path):
    put(tmp_path, Inbox__mbox=MBOX)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "lost.mbox").symlink_to(tmp_path / "nowhere")
    (tmp_path / "here").symlink_to(tmp_path)
    assert found(tmp_path) == [("Inbox.mbox", "mbox", len(MBOX))]
    with pytest.raises(UserError, match="nothing at"):
        detect(tmp_path / "loop")


def test_every_source_is_read_by_its_format(tmp_path: Path):
    put(tmp_path, Inbox__mbox=MBOX, people__vcf=CARD, a__eml=MESSAGE, notes__md="x")
    put(tmp_path / "box" / "cur", **{"1__x": MESSAGE})
    with zipfile.ZipFile(tmp_path / "takeout.zip", "w") as archive:
        archive.writestr("Takeout/Mail/All mail.mbox", MBOX)
    kinds = {source.format: [type(item) for item in read(source)] for source in detect(tmp_path)}
    assert kinds == {
        "eml": [Draft],
        "maildir": [Draft],
        "mbox": [Draft, Draft],
        "takeout": [Draft, Draft],
        "unknown": [Reject],
        "vcard": [CardDraft],
    }
    (unknown,) = (source for source in detect(tmp_path) if source.format == registry.UNKNOWN)
    assert list(read(unknown)) == [Reject("notes.md", "not a format we can read", 1)]
    assert list(read(unknown, start=1)) == []
    with pytest.raises(ValueError, match="no importer"):
        read(Source(tmp_path, "telegram", 0, ""))


def test_sources_notice_a_change(tmp_path: Path):
    put(tmp_path, Inbox__mbox=MBOX)
    (before,) = detect(tmp_path)
    assert detect(tmp_path) == [before]
    put(tmp_path, Inbox__mbox=MBOX + "\n")
    assert detect(tmp_path)[0].fingerprint != before.fingerprint


def test_a_damaged_archive_in_a_folder_says_so(tmp_path: Path):
    path = tmp_path / "takeout.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Takeout/Mail/All mail.mbox", MBOX)
    path.write_bytes(path.read_bytes()[:-30])
    (source,) = detect(tmp_path)
    (reject,) = read(source)
    assert isinstance(reject, Reject)
    assert "damaged" in reject.reason
    put(tmp_path, **{"takeout__zip": b"PK\x05\x06" + bytes(18)})
    (source,) = detect(tmp_path)
    assert list(read(source)) == [Reject("takeout.zip", "not a format we can read", 1)]


def test_a_calendar_is_named_as_what_it_is(tmp_path):
    calendar = tmp_path / "work.ics"
    calendar.write_text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", newline="")
    [source] = registry.detect(tmp_path)
    [reject] = registry.read(source)
    assert reject.reason == "a calendar; calendars cannot be read yet"
    with pytest.raises(UserError, match="cannot be read yet"):
        registry.detect(calendar)
