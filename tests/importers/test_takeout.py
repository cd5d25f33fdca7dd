"""Archives of Google Takeout, honest and hostile."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from crm_desktop.base.errors import UserError
from crm_desktop.domain.contacts import CardDraft
from crm_desktop.domain.imports import Reject, Source
from crm_desktop.domain.messages import Draft, MessageKind
from crm_desktop.importers import takeout

MBOX = "".join(
    f"From 16000000000000000{number:02d}@xxx Mon May 03 10:00:{number:02d} +0000 2021\r\n"
    f"X-GM-THRID: 16000000000000000{number:02d}\r\nX-Gmail-Labels: {label}\r\n"
    f"From: Ada <ada@e.example>\r\nTo: bo@e.example\r\nSubject: {number}\r\n"
    f"Date: Mon, 3 May 2021 10:00:{number:02d} +0000\r\n\r\nHello {number}\r\n\r\n"
    for number, label in enumerate(["Inbox", '"Spam"', "=?UTF-8?Q?Gesendet,Wichtig?="] * 20)
)
CARDS = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Lovelace\r\nEMAIL:ada@e.example\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n"
)


def archive(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in members.items():
            opened.writestr(name, data)
    return path


def test_mail_and_address_books_are_found_and_read(tmp_path: Path):
    path = archive(
        tmp_path / "takeout.zip",
        {
            "Takeout/archive_browser.html": "<html>",
            "Takeout/Mail/All mail.mbox": MBOX,
            "Takeout/Contacts/All Contacts/All Contacts.vcf": CARDS,
            "Takeout/Photos/x.jpg": b"\xff\xd8",
            "Takeout/Mail/inner.zip": b"PK\x03\x04",
        },
    )
    cards, mail = takeout.sources(path)
    assert cards.path == path / "Takeout" / "Contacts" / "All Contacts" / "All Contacts.vcf"
    assert (mail.path.name, mail.format, mail.total) == ("All mail.mbox", "takeout", len(MBOX))
    card, reject = takeout.read(cards)
    assert isinstance(card, CardDraft)
    assert isinstance(reject, Reject)
    assert reject.where.startswith("All Contacts.vcf")
    drafts = [item for item in takeout.read(mail) if isinstance(item, Draft)]
    assert [item.subject for item in drafts] == [str(number) for number in range(60)]
    assert drafts[0].thread_id == "1600000000000000000"
    kinds = [item.kind for item in drafts[:3]]
    assert kinds == [MessageKind.PERSONAL, MessageKind.JUNK, MessageKind.PERSONAL]


def test_reading_goes_on_from_any_place(tmp_path: Path):
    (source,) = takeout.sources(archive(tmp_path / "t.zip", {"All mail.mbox": MBOX}))
    whole = list(takeout.read(source))
    for index in (0, 17, 58, 59):
        assert list(takeout.read(source, start=whole[index].next_offset)) == whole[index + 1 :]


def test_names_in_the_archive_are_never_used_as_paths(tmp_path: Path):
    names = ["../../evil.mbox", "/etc/evil.mbox", "a/../b.mbox", "c\\d.mbox", "x/./../.mbox"]
    folder = tmp_path / "only"
    folder.mkdir()
    path = archive(folder / "t.zip", dict.fromkeys(names, MBOX))
    found = takeout.sources(path)
    assert len(found) == 4
    for source in found:
        assert source.path.is_relative_to(path)
        assert ".." not in source.path.parts
        assert len(list(takeout.read(source))) == 60
    assert [child.name for child in folder.iterdir()] == ["t.zip"]
    assert not list(tmp_path.glob("evil*"))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_both_read(tmp_path: Path):
    path = tmp_path / "t.zip"
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("a.mbox", MBOX)
        opened.writestr("a.mbox", MBOX)
    assert [len(list(takeout.read(source))) for source in takeout.sources(path)] == [60, 60]


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path):
    path = archive(tmp_path / "t.zip", {"a.mbox": b"\0" * 40_000_000})
    assert path.stat().st_size < 100_000
    with pytest.raises(UserError, match="unpack to 40 MB"):
        takeout.sources(path)


def test_sizes_that_lie_are_noticed_while_reading(tmp_path: Path):
    path = archive(tmp_path / "t.zip", {"a.mbox": MBOX * 4_000})
    raw = bytearray(path.read_bytes())
    directory = raw.rindex(b"PK\x01\x02")
    struct.pack_into("<I", raw, directory + 24, 5_000)
    path.write_bytes(raw)
    (source,) = takeout.sources(path)
    assert source.total == 5_000
    with pytest.raises(UserError, match="damaged"):
        list(takeout.read(source))


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
def test_an_archive_cut_short_is_the_persons_to_mend(tmp_path: Path, keep: float):
    path = archive(tmp_path / "t.zip", {"a.mbox": MBOX})
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * keep)])
    with pytest.raises(UserError, match="damaged"):
        takeout.sources(path)


def test_damage_within_is_told(tmp_path: Path):
    path = archive(tmp_path / "t.zip", {"a.mbox": MBOX})
    raw = bytearray(path.read_bytes())
    raw[200:260] = bytes(60)
    path.write_bytes(raw)
    (source,) = takeout.sources(path)
    with pytest.raises(UserError, match="damaged"):
        list(takeout.read(source))


def test_a_password_is_asked_for_in_words(tmp_path: Path):
    path = archive(tmp_path / "t.zip", {"a.mbox": MBOX})
    raw = bytearray(path.read_bytes())
    raw[raw.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    with pytest.raises(UserError, match="password"):
        takeout.sources(path)


def test_an_archive_replaced_during_an_import_is_told(tmp_path: Path):
    path = archive(tmp_path / "t.zip", {"a.mbox": MBOX})
    (source,) = takeout.sources(path)
    archive(path, {"b.mbox": MBOX})
    with pytest.raises(UserError, match="changed"):
        list(takeout.read(source))


def test_enormous_address_books_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(takeout, "MAX_CARDS_BYTES", 50)
    (source,) = takeout.sources(archive(tmp_path / "t.zip", {"a.vcf": CARDS}))
    with pytest.raises(UserError, match=r"a\.vcf"):
        list(takeout.read(source))


def test_a_member_is_streamed(tmp_path: Path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as opened:
        opened.writestr("a.mbox", MBOX * 100)
    path = tmp_path / "t.zip"
    path.write_bytes(buffer.getvalue())
    (source,) = takeout.sources(path)
    first = next(iter(takeout.read(source)))
    assert isinstance(first, Draft)
    assert 0 < first.next_offset < source.total


def test_thousands_of_cards_are_read_with_one_look_at_the_contents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada {}\r\nEND:VCARD\r\n"
    path = archive(
        tmp_path / "t.zip", {f"Takeout/Contacts/{n:04}.vcf": card.format(n) for n in range(300)}
    )
    looks: list[str] = []
    real = zipfile.ZipFile.infolist
    monkeypatch.setattr(
        zipfile.ZipFile, "infolist", lambda opened: looks.append("look") or real(opened)
    )
    names = [item.name for source in takeout.sources(path) for item in takeout.read(source)]
    assert names == [f"Ada {number}" for number in range(300)]
    assert len(looks) <= 2


def test_readers_of_one_archive_do_not_disturb_each_other(tmp_path: Path):
    path = archive(tmp_path / "t.zip", {"a.mbox": MBOX * 50, "b.mbox": MBOX * 50})
    both = [takeout.read(source) for source in takeout.sources(path)]
    assert all(left == right for left, right in zip(*both, strict=True))


def test_a_source_known_only_by_its_path_is_read(tmp_path: Path):
    (found,) = takeout.sources(archive(tmp_path / "t.zip", {"Mail/a.mbox": MBOX}))
    source = Source(found.path, "takeout", found.total, found.fingerprint)
    assert len(list(takeout.read(source))) == 60
    (tmp_path / "t.zip").unlink()
    with pytest.raises(UserError, match="could not be opened"):
        list(takeout.read(source))


@pytest.mark.parametrize("name", ["a/" * 20_000 + "b.mbox", "x" * 60_000 + ".mbox"])
def test_absurdly_long_names_are_shortened(tmp_path: Path, name: str):
    path = archive(tmp_path / "t.zip", {name: MBOX, "y/" + name: MBOX})
    for source in takeout.sources(path):
        assert len(str(source.path)) < 3_000
        assert len(list(takeout.read(source))) == 60
        plain = Source(source.path, "takeout", source.total, source.fingerprint)
        assert len(list(takeout.read(plain))) == 60


def test_a_second_address_book_of_one_name_is_an_address_book(tmp_path: Path):
    path = archive(tmp_path / "t.zip", {"/a.vcf": CARDS, "./a.vcf": CARDS})
    for source in takeout.sources(path):
        assert [type(item) for item in takeout.read(source)] == [CardDraft, Reject]
