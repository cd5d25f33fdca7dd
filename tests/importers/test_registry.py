"""What a path holds, and reading it by the name of its format."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from crm_desktop.base.errors import UserError
from crm_desktop.domain.contacts import CardDraft
from crm_desktop.domain.imports import Reject, Source
from crm_desktop.domain.messages import Draft
from crm_desktop.importers import registry
from crm_desktop.importers.registry import FORMATS, detect, format_names, read

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


def test_the_formats_have_names_and_patterns():
    assert format_names() == ("mbox", "maildir", "eml", "takeout", "vcard")
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
    put(tmp_path, Inbox__mbox=MBOX)

    def refuse(*_arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UserError, match=r"Inbox\.mbox.*Permission denied"):
        detect(tmp_path / "Inbox.mbox")
    assert found(tmp_path) == [("Inbox.mbox", "unknown", 1)]


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
