"""Address books: every dialect, every kind of damage, and where reading goes on."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.base.errors import Cancelled, UserError
from crm_desktop.base.jobs import CancelToken, JobContext, Progress
from crm_desktop.domain.contacts import CardDraft, PartialDate
from crm_desktop.domain.imports import Reject, Source
from crm_desktop.importers import vcard, vcard_lines
from crm_desktop.importers.vcard_values import MAX_PHOTO_BYTES, partial_date

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(200))


def source_of(folder: Path, content: bytes, name: str = "book.vcf") -> Source:
    path = folder / name
    path.write_bytes(content)
    return Source(path, "vcard", len(content), "")


def read_all(folder: Path, content: bytes, start: int = 0) -> list[CardDraft | Reject]:
    return list(vcard.read(source_of(folder, content), start=start))


def read_card(folder: Path, *lines: str | bytes, version: str = "3.0") -> CardDraft:
    body = [line if isinstance(line, bytes) else line.encode() for line in lines]
    content = b"\r\n".join(
        [b"BEGIN:VCARD", b"VERSION:" + version.encode(), *body, b"END:VCARD", b""]
    )
    (item,) = read_all(folder, content)
    assert isinstance(item, CardDraft), item
    return item


def test_a_whole_card(tmp_path: Path) -> None:
    card = read_card(
        tmp_path,
        "UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1",
        "N:Öztürk;Ayşe;;Dr.;",
        "FN:Dr. Ayşe Öztürk",
        "ORG:Halden Werke;Research",
        "TITLE:Head of Research\\, Europe",
        "EMAIL;TYPE=HOME:ayse@home.example",
        "EMAIL;TYPE=WORK,PREF:Ayse.Oeztuerk@Halden.example",
        "TEL;TYPE=CELL:+49 170 5550123",
        "TEL;TYPE=FAX:+49 30 555 99",
        "IMPP;X-SERVICE-TYPE=Jabber:xmpp:ayse@chat.example",
        "X-SKYPE:ayse.oe",
        "BDAY:1985-04-12",
        "NOTE:Met in Lund\\nLikes hiking\\; no phone calls",
        "CATEGORIES:Friends,Climbing,myContacts",
        "RELATED;TYPE=spouse;VALUE=text:Emre Öztürk",
        "item1.X-ABRELATEDNAMES:Can",
        "item1.X-ABLabel:_$!<Child>!$_",
        "REV:20240102T030405Z",
    )
    assert card.uid == "4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"
    assert (card.name, card.given_name, card.family_name) == ("Dr. Ayşe Öztürk", "Ayşe", "Öztürk")
    assert (card.organization, card.title) == ("Halden Werke", "Head of Research, Europe")
    assert card.emails == ("ayse.oeztuerk@halden.example", "ayse@home.example")
    assert card.phones == ("+49 170 5550123",)
    assert card.handles == ("xmpp:ayse@chat.example", "skype:ayse.oe")
    assert card.birthday == PartialDate(1985, 4, 12)
    assert card.notes == "Met in Lund\nLikes hiking; no phone calls"
    assert card.categories == ("Friends", "Climbing")
    assert card.related == (("spouse", "Emre Öztürk"), ("child", "Can"))


def test_an_unescaped_comma_cuts_nothing(tmp_path: Path) -> None:
    card = read_card(
        tmp_path, "FN:John Q., Public", "NOTE:one, two, three", "ORG:Company, The;Dept"
    )
    assert card.name == "John Q., Public"
    assert card.notes == "one, two, three"
    assert card.organization == "Company, The"


def test_folds_inside_a_character_are_joined_before_decoding(tmp_path: Path) -> None:
    name = "FN:Søren Kjærgård 王小明".encode()
    folded = b"\r\n ".join(name[i : i + 4] for i in range(0, len(name), 4))
    assert read_card(tmp_path, folded).name == "Søren Kjærgård 王小明"


def test_a_fold_in_21_keeps_its_blank(tmp_path: Path) -> None:
    assert read_card(tmp_path, "FN:Maria\r\n Lund", version="2.1").name == "Maria Lund"


class TestQuotedPrintable:
    def test_soft_line_breaks_and_charset(self, tmp_path: Path) -> None:
        card = read_card(
            tmp_path,
            "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC=\r\nller;J=C3=B6rg;;;",
            "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Gr=FC=DFe=0D=0Aaus =\r\nUlm",
            "EMAIL;INTERNET;PREF:joerg@mueller.example",
            version="2.1",
        )
        assert card.name == "Jörg Müller"
        assert card.notes == "Grüße\naus Ulm"
        assert card.emails == ("joerg@mueller.example",)

    def test_an_encoded_semicolon_stays_in_its_part(self, tmp_path: Path) -> None:
        card = read_card(tmp_path, "FN:X", "ORG;QUOTED-PRINTABLE:Salt =3B Co;Sales", version="2.1")
        assert card.organization == "Salt ; Co"

    def test_a_dangling_soft_break_does_not_eat_the_next_property(self, tmp_path: Path) -> None:
        card = read_card(
            tmp_path,
            "NOTE;ENCODING=QUOTED-PRINTABLE:hello=",
            "FN:Ada Example",
            "TEL;CELL:+46 70 555 01 02",
            version="2.1",
        )
        assert (card.name, card.notes) == ("Ada Example", "hello")

    def test_shift_jis_with_a_backslash_byte(self, tmp_path: Path) -> None:
        encoded = "".join(f"={byte:02X}" for byte in "表示;能".encode("cp932"))
        line = f"FN;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:{encoded}"
        assert read_card(tmp_path, line, version="2.1").name == "表示;能"


class TestCharsets:
    @pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
    def test_unicode_files(self, tmp_path: Path, codec: str) -> None:
        text = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë 山田\r\nEMAIL:z@x.example\r\nEND:VCARD\r\n"
        content = (text * 3).encode(codec)
        items = read_all(tmp_path, content)
        assert [item.name for item in items if isinstance(item, CardDraft)] == ["Zoë 山田"] * 3
        assert items[-1].next_offset == len(content)
        assert read_all(tmp_path, content, items[0].next_offset) == items[1:]

    def test_bytes_that_are_not_utf8_are_latin(self, tmp_path: Path) -> None:
        card = read_card(tmp_path, "FN:Søren Brøgger".encode("cp1252"))
        assert card.name == "Søren Brøgger"

    def test_utf8_declared_latin_is_utf8(self, tmp_path: Path) -> None:
        assert read_card(tmp_path, "FN;CHARSET=ISO-8859-1:Søren").name == "Søren"

    def test_another_lines_charset_serves_the_undeclared(self, tmp_path: Path) -> None:
        card = read_card(
            tmp_path,
            "FN:Олена Шевчук".encode("cp1251"),
            "LABEL;CHARSET=Windows-1251;ENCODING=QUOTED-PRINTABLE:=CA=E8",
            version="2.1",
        )
        assert card.name == "Олена Шевчук"

    @pytest.mark.parametrize(
        ("name", "codec"), [("רותם אלמוג", "cp1255"), ("Анастасия Воронцова", "cp1251")]
    )
    def test_undeclared_foreign_names(self, tmp_path: Path, name: str, codec: str) -> None:
        assert read_card(tmp_path, b"FN:" + name.encode(codec)).name == name

    def test_an_unknown_charset_is_passed_over(self, tmp_path: Path) -> None:
        assert read_card(tmp_path, "FN;CHARSET=x-nonsense:Zoë").name == "Zoë"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\r\r\n"])
def test_every_line_end(tmp_path: Path, ending: str) -> None:
    lines = ["BEGIN:VCARD", "VERSION:2.1", "FN:Ada", "EMAIL:ada@x.example", "END:VCARD"]
    content = (ending.join(lines * 2) + ending).encode()
    items = read_all(tmp_path, content)
    assert [item.name for item in items if isinstance(item, CardDraft)] == ["Ada", "Ada"]
    assert items[1].next_offset == len(content)


class TestDamage:
    def test_an_unterminated_card_is_rejected_and_the_next_is_read(self, tmp_path: Path) -> None:
        lost, kept = read_all(tmp_path, b"BEGIN:VCARD\nFN:Lost\nBEGIN:VCARD\nFN:Kept\nEND:VCARD\n")
        assert isinstance(lost, Reject)
        assert lost.reason == vcard_lines.UNTERMINATED
        assert lost.where == "book.vcf, card 1"
        assert isinstance(kept, CardDraft)
        assert kept.name == "Kept"

    def test_a_cut_file_rejects_its_last_card(self, tmp_path: Path) -> None:
        items = read_all(tmp_path, b"BEGIN:VCARD\nFN:Kept\nEND:VCARD\nBEGIN:VCARD\nFN:Los")
        assert [type(item) for item in items] == [CardDraft, Reject]

    def test_text_outside_cards_is_accounted_for(self, tmp_path: Path) -> None:
        items = read_all(
            tmp_path, b"hello\nthere\n\nBEGIN:VCARD\nFN:A\nEND:VCARD\n\nFN:B\nEND:VCARD"
        )
        assert [type(item) for item in items] == [Reject, CardDraft, Reject]
        assert {item.reason for item in items if isinstance(item, Reject)} == {vcard_lines.OUTSIDE}

    def test_blank_files_hold_nothing(self, tmp_path: Path) -> None:
        assert read_all(tmp_path, b"") == []
        assert read_all(tmp_path, b"\xef\xbb\xbf\r\n \r\n\x1a") == []

    def test_nested_agents_belong_to_their_card(self, tmp_path: Path) -> None:
        content = (
            b"BEGIN:VCARD\nVERSION:2.1\nFN:Boss\nAGENT:\nBEGIN:VCARD\nFN:Helper\n"
            b"EMAIL:helper@x.example\nEND:VCARD\nEMAIL:boss@x.example\nEND:VCARD\n"
        )
        (card,) = read_all(tmp_path, content)
        assert isinstance(card, CardDraft)
        assert (card.name, card.emails) == ("Boss", ("boss@x.example",))
        assert card.related == (("agent", "Helper"),)

    def test_a_folded_agent_is_a_value(self, tmp_path: Path) -> None:
        card = read_card(
            tmp_path, "FN:Boss", "AGENT:BEGIN:VCARD", " FN:Helper", " END:VCARD", "ROLE:Chief"
        )
        assert (card.name, card.title) == ("Boss", "Chief")

    def test_deep_nesting_is_rejected_without_recursion(self, tmp_path: Path) -> None:
        depth = 5000
        content = b"BEGIN:VCARD\nAGENT:\n" * depth + b"FN:x\n" + b"END:VCARD\n" * depth
        content += b"BEGIN:VCARD\nFN:Kept\nEND:VCARD\n"
        deep, kept = read_all(tmp_path, content)
        assert isinstance(deep, Reject)
        assert deep.reason == vcard_lines.TOO_DEEP
        assert isinstance(kept, CardDraft)

    def test_5000_cards_opened_and_never_closed(self, tmp_path: Path) -> None:
        items = read_all(tmp_path, b"BEGIN:VCARD\n" * 5000)
        assert len(items) == 5000
        assert all(isinstance(item, Reject) for item in items)

    def test_a_note_with_bare_line_ends(self, tmp_path: Path) -> None:
        card = read_card(tmp_path, "FN:A", "NOTE:first line", "second line", "TITLE:Cook")
        assert (card.notes, card.title) == ("first line\nsecond line", "Cook")


class TestLimits:
    def test_a_line_over_the_limit_rejects_its_card(self, tmp_path: Path) -> None:
        content = b"BEGIN:VCARD\nFN:A\nNOTE:" + b"x" * 5_000_000 + b"\nEND:VCARD\n"
        items = read_all(tmp_path, content + b"BEGIN:VCARD\nFN:B\nEND:VCARD\n")
        assert isinstance(items[0], Reject)
        assert items[0].reason == vcard_lines.LINE_TOO_LONG
        assert isinstance(items[1], CardDraft)

    def test_a_folded_line_counts_whole(self, tmp_path: Path) -> None:
        content = b"BEGIN:VCARD\nFN:A\nNOTE:x" + b"\n yyyyyyyyy" * 120_000 + b"\nEND:VCARD\n"
        (item,) = read_all(tmp_path, content)
        assert isinstance(item, Reject)
        assert item.reason == vcard_lines.LINE_TOO_LONG

    def test_a_card_over_the_limit_is_rejected(self, tmp_path: Path) -> None:
        line = b"X-THING:" + b"y" * 900_000 + b"\n"
        (item,) = read_all(tmp_path, b"BEGIN:VCARD\nFN:A\n" + line * 5 + b"END:VCARD\n")
        assert isinstance(item, Reject)
        assert item.reason == vcard_lines.TOO_LARGE

    @pytest.mark.parametrize("fold", [b"", b"\r\n "])
    def test_a_huge_picture_is_left_out_and_the_person_kept(
        self, tmp_path: Path, fold: bytes
    ) -> None:
        encoded = base64.b64encode(JPEG[:4] + bytes(4_000_000))
        pieces = fold.join(encoded[i : i + 70_000] for i in range(0, len(encoded), 70_000))
        card = read_card(tmp_path, b"PHOTO;ENCODING=b:" + pieces, "FN:Ada", "ROLE:Cook")
        assert (card.name, card.title, card.photo) == ("Ada", "Cook", None)

    def test_a_picture_just_over_the_limit_is_left_out(self, tmp_path: Path) -> None:
        encoded = base64.b64encode(JPEG[:4] + bytes(MAX_PHOTO_BYTES))
        assert read_card(tmp_path, b"PHOTO;ENCODING=b:" + encoded, "FN:Ada").photo is None


class TestPictures:
    @pytest.mark.parametrize(
        "head",
        ["PHOTO;ENCODING=b;TYPE=JPEG:", "PHOTO;BASE64:", "PHOTO;ENCODING=BASE64;JPEG:\r\n "],
    )
    def test_base64(self, tmp_path: Path, head: str) -> None:
        assert read_card(tmp_path, head + base64.b64encode(JPEG).decode(), "FN:A").photo == JPEG

    def test_lines_that_are_not_folded(self, tmp_path: Path) -> None:
        encoded = base64.b64encode(JPEG).decode()
        lines = [encoded[i : i + 60] for i in range(0, len(encoded), 60)]
        card = read_card(
            tmp_path, "PHOTO;ENCODING=BASE64:" + lines[0], *lines[1:], "", "FN:A", version="2.1"
        )
        assert (card.name, card.photo) == ("A", JPEG)

    def test_data_uri(self, tmp_path: Path) -> None:
        line = "PHOTO:data:image/jpeg;base64," + base64.b64encode(JPEG).decode()
        assert read_card(tmp_path, line, "FN:A", version="4.0").photo == JPEG

    @pytest.mark.parametrize(
        "line",
        [
            "PHOTO;VALUE=uri:https://pictures.example/ada.jpg",
            "PHOTO;ENCODING=b:" + base64.b64encode(b"MZ not a picture").decode(),
            "PHOTO;ENCODING=b:A",
        ],
    )
    def test_what_is_no_picture(self, tmp_path: Path, line: str) -> None:
        assert read_card(tmp_path, line, "FN:A").photo is None


class TestWhoItIs:
    def test_a_name_from_its_parts(self, tmp_path: Path) -> None:
        assert read_card(tmp_path, "N:Lindqvist;Nora;Maria;Dr.;").name == "Dr. Nora Maria Lindqvist"

    def test_ideographic_names_run_family_first(self, tmp_path: Path) -> None:
        assert read_card(tmp_path, "N:山田;太郎;;;").name == "山田太郎"

    def test_an_organisation_alone_is_a_company(self, tmp_path: Path) -> None:
        card = read_card(tmp_path, "ORG:Car Service", "TEL:+46 8 555 010")
        assert (card.name, card.organization) == ("", "Car Service")

    @pytest.mark.parametrize(
        "lines",
        [
            ("KIND:org", "FN:Halden Werke"),
            ("X-ABShowAs:COMPANY", "FN:Halden Werke", "ORG:Halden Werke;", "N:Old;Name;;;"),
            ("FN:Halden Werke", "ORG:Halden Werke", "N:;;;;"),
        ],
    )
    def test_a_company_has_no_persons_name(self, tmp_path: Path, lines: tuple[str, ...]) -> None:
        card = read_card(tmp_path, *lines)
        assert (card.name, card.given_name, card.organization) == ("", "", "Halden Werke")

    def test_an_address_names_a_card_as_a_last_resort(self, tmp_path: Path) -> None:
        assert read_card(tmp_path, "EMAIL:Ada@X.example").name == "ada@x.example"

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("KIND:group\nFN:Family", vcard.GROUP),
            ("X-ADDRESSBOOKSERVER-KIND:group\nFN:Family", vcard.GROUP),
            ("KIND:location\nFN:Room 4", vcard.PLACE),
            ("TEL:+46 70 555 01 02", vcard.NAMELESS),
        ],
    )
    def test_who_is_nobody(self, tmp_path: Path, line: str, reason: str) -> None:
        (item,) = read_all(tmp_path, f"BEGIN:VCARD\n{line}\nEND:VCARD\n".encode())
        assert isinstance(item, Reject)
        assert item.reason == reason


class TestAddresses:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("mailto:Ada%2Bx@x.example", ("ada+x@x.example",)),
            ("Ada <ada@x.example>", ("ada@x.example",)),
            ("ada@x.example; ada@y.example", ("ada@x.example", "ada@y.example")),
            ("not an address", ()),
            ("@x.example", ()),
        ],
    )
    def test_mail(self, tmp_path: Path, written: str, expected: tuple[str, ...]) -> None:
        assert read_card(tmp_path, "FN:A", f"EMAIL:{written}").emails == expected

    def test_grouped_and_lower_case_properties(self, tmp_path: Path) -> None:
        card = read_card(
            tmp_path, "fn:A", "item1.email;type=internet:a@x.example", "item2.tel:08-555 01 02"
        )
        assert (card.emails, card.phones) == (("a@x.example",), ("08-555 01 02",))

    def test_numbers(self, tmp_path: Path) -> None:
        card = read_card(
            tmp_path,
            "FN:A",
            "TEL;HOME:08-555 01 02",
            "TEL;VALUE=uri;PREF=1:tel:+46-8-555-0103;ext=7",
            "TEL;WORK;FAX:08-555 01 99",
            "TEL:ask Ben",
            version="2.1",
        )
        assert card.phones == ("+46-8-555-0103 ext. 7", "08-555 01 02")

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("X-AIM:Ada", "aim:ada"),
            ("IMPP:skype:ada?chat", "skype:ada"),
            ("IMPP;X-SERVICE-TYPE=GoogleTalk:ada@x.example", "xmpp:ada@x.example"),
            ("X-SOCIALPROFILE;type=mastodon:https://social.example/@ada", "mastodon:ada"),
            ("X-MS-IMADDRESS:ada@x.example", "im:ada@x.example"),
        ],
    )
    def test_handles(self, tmp_path: Path, line: str, expected: str) -> None:
        assert read_card(tmp_path, "FN:A", line).handles == (expected,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1985-04-12", "1985-04-12"),
        ("19850412", "1985-04-12"),
        ("1985-04-12T00:00:00Z", "1985-04-12"),
        ("19850412T102200", "1985-04-12"),
        ("--0412", "--04-12"),
        ("--04-12", "--04-12"),
        ("--02-29", "--02-29"),
        ("1985-04", "1985-04"),
        ("1985", "1985"),
        ("12.4.1985", "1985-04-12"),
        ("0000-04-12", "--04-12"),
        ("1985-02-30", None),
        ("19723101", None),
        ("circa 1800", None),
        ("", None),
        ("4/12/85", None),
    ],
)
def test_dates(text: str, expected: str | None) -> None:
    parsed = partial_date(text)
    assert (str(parsed) if parsed else None) == expected


@pytest.mark.parametrize("line", ["BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-09", "BDAY:1604-03-09"])
def test_apples_year_1604_is_no_year(tmp_path: Path, line: str) -> None:
    assert read_card(tmp_path, "FN:A", line).birthday == PartialDate(None, 3, 9)


class TestReading:
    CONTENT = b"".join(
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Card %d\r\nEND:VCARD\r\n%b"
        % (i, b"stray\n" * (i % 3 == 0))
        for i in range(12)
    )

    def test_goes_on_at_every_offset(self, tmp_path: Path) -> None:
        items = read_all(tmp_path, self.CONTENT)
        assert len(items) == 16
        for position, item in enumerate(items, start=1):
            assert read_all(tmp_path, self.CONTENT, item.next_offset) == items[position:]

    def test_progress_and_cancel(self, tmp_path: Path) -> None:
        seen: list[Progress] = []
        token = CancelToken()
        reading = vcard.read(source_of(tmp_path, self.CONTENT), ctx=JobContext(seen.append, token))
        next(reading)
        assert (seen[0].total, seen[0].label) == (len(self.CONTENT), "book.vcf")
        token.cancel()
        with pytest.raises(Cancelled):
            next(reading)

    def test_a_missing_file_is_the_worlds_fault(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match=r"gone\.vcf"):
            list(vcard.read(Source(tmp_path / "gone.vcf", "vcard", 0, "")))


FRAGMENTS = st.sampled_from(
    [
        b"BEGIN:VCARD\r\n",
        b"END:VCARD\r\n",
        b"VERSION:2.1\n",
        b"VERSION:4.0\n",
        b"FN:A\\",
        b"N;ENCODING=QUOTED-PRINTABLE:=C3=\r\n",
        b"AGENT:\n",
        b"AGENT:BEGIN:VCARD\n",
        b"item1.EMAIL;PREF:a@b.example\n",
        b"PHOTO;BASE64:",
        b"BDAY:19850412\n",
        b"IMPP:\n",
        b"TEL:tel:;\n",
        b'X-"A;B=":c\n',
        b"FN;CHARSET=utf-7:+\n",
        b"NOTE:\n",
        b"\r",
        b" ",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\0",
    ]
)


@settings(
    max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.one_of(FRAGMENTS, st.binary(max_size=12)), max_size=40).map(b"".join))
def test_any_bytes_are_read_and_reading_goes_on_anywhere(tmp_path: Path, content: bytes) -> None:
    items = read_all(tmp_path, content)
    offsets = [item.next_offset for item in items]
    assert offsets == sorted(offsets)
    assert all(0 < offset <= len(content) for offset in offsets)
    for position, offset in enumerate(offsets, start=1):
        assert read_all(tmp_path, content, offset) == items[position:]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from([b"ab", b"\r", b"\n", b"\r\n", b"\r\r\n"]), max_size=30).map(b"".join)
)
def test_blocks_of_any_size_give_the_same_lines(content: bytes) -> None:
    import io

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 1))

    def lines(stream: io.BytesIO) -> list[vcard_lines.Line]:
        return list(vcard_lines.physical_lines(stream, "", 0))

    expected = lines(io.BytesIO(content))
    assert lines(Slow(content)) == expected
    assert [line.start for line in expected[1:]] == [line.end for line in expected[:-1]]


@pytest.mark.corpus
def test_every_shared_card_is_read_or_rejected_with_a_reason() -> None:
    checkout = Path(__file__).resolve().parents[2]
    root = Path(os.environ.get("CRM_DESKTOP_CORPORA", checkout.parent / "shared" / "data"))
    files = sorted((root / "vcard").rglob("*.vcf"))
    if not files:
        pytest.skip(f"no corpora at {root}: name their folder by CRM_DESKTOP_CORPORA")
    cards = rejects = 0
    for path in files:
        for item in vcard.read(Source(path, "vcard", path.stat().st_size, "")):
            if isinstance(item, Reject):
                rejects += 1
                assert item.reason
            else:
                cards += 1
                assert item.name or item.organization
                assert "\ufffd" not in item.name + item.organization
    assert cards > 1100
    assert rejects < 40


def test_halves_of_characters_never_get_through(tmp_path: Path) -> None:
    card = read_card(
        tmp_path,
        "FN;CHARSET=utf-7:Ada +2AA- Byron",
        "NOTE;CHARSET=utf-7:+2AA- met in Lund",
        "ORG;CHARSET=utf-7:+2AA-",
        "EMAIL;CHARSET=utf-7:+2AA-ada@e.example",
        "X-SKYPE;CHARSET=utf-7:+2AA-ada",
        version="2.1",
    )
    repr(card).encode("utf-8", "strict")
    for text in (card.name, card.notes, card.organization, *card.emails, *card.handles):
        text.encode()
    assert "Byron" in card.name
    assert "met in Lund" in card.notes


def test_control_characters_go(tmp_path: Path) -> None:
    card = read_card(
        tmp_path,
        "FN:Ada\x1b[31m\\nLovelace\u202e",
        "N:Love\x07lace;Ada\\n;;;",
        "ORG:Halden\x1b]0;x",
        "TITLE:Head\x00 of\\nResearch\x9b",
        "EMAIL:mailto:a%0A%1Bx@e.example",
        "EMAIL:ada@e.example",
        "TEL:tel:+49%0A170 5550123",
        "NOTE:one\\ntwo\x1b[2J",
        "CATEGORIES:Fri\x1bends",
        "RELATED;TYPE=spouse:Em\x08re",
    )
    assert card.name == "Ada [31m Lovelace"
    assert (card.given_name, card.family_name) == ("Ada", "Love lace")
    assert (card.organization, card.title) == ("Halden ]0", "Head of Research")
    assert card.emails == ("ada@e.example",)
    assert card.phones == ("+49 170 5550123",)
    assert card.notes == "one\ntwo [2J"
    assert card.categories == ("Fri ends",)
    assert card.related == (("spouse", "Em re"),)


def test_long_values_are_cut(tmp_path: Path) -> None:
    long = "x" * 30_000
    card = read_card(
        tmp_path,
        f"FN:{long}",
        f"N:{long};{long}",
        f"ORG:{long}",
        f"TITLE:{long}",
        f"NOTE:{long}",
        "NOTE:more",
        f"CATEGORIES:{long}",
        f"RELATED;TYPE={long}:{long}",
    )
    short = [card.name, card.given_name, card.family_name, card.organization, card.title]
    # A name that repeats the organisation's is the organisation's alone.
    assert {len(text) for text in short} <= {0, 200}
    assert {len(text) for text in (*card.categories, *card.related[0])} == {200}
    assert len(card.notes) == 20_000
