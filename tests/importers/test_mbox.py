"""Mailbox files: where one message ends and the next begins, in any dialect and any size."""

from __future__ import annotations

import io
import re
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_desktop.base.errors import Cancelled, UserError
from crm_desktop.base.jobs import CancelToken, JobContext, Progress
from crm_desktop.domain.messages import Draft
from crm_desktop.importers import mbox
from crm_desktop.importers.mbox import Item, read_items
from crm_desktop.importers.sources import file_source

FROM = b"From ada@e.example Mon May  3 10:00:00 2021\n"


def mail(subject: str, body: str = "Hello", head: str = "") -> bytes:
    return (
        f"{head}From: Ada <ada@e.example>\nTo: bo@e.example\n"
        f"Date: Mon, 3 May 2021 10:00:00 +0000\nSubject: {subject}\n\n{body}\n"
    ).encode()


def items(data: bytes, start: int = 0) -> list[Item]:
    stream = io.BytesIO(data)
    stream.seek(start)
    return list(read_items(stream.read, start))


def subjects(data: bytes) -> list[str]:
    found = [re.search(rb"(?:^|[\r\n])Subject: (\w+)", item.raw) for item in items(data)]
    return [match.group(1).decode() if match else "" for match in found]


TWO = FROM + mail("one") + b"\n" + FROM + mail("two")


@pytest.mark.parametrize(
    "data",
    [
        TWO,
        TWO.rstrip(b"\n"),
        TWO + b"\n\n\n",
        b"\n\n" + TWO,
        b"\xef\xbb\xbf" + TWO,
        TWO.replace(b"\n", b"\r\n"),
        TWO.replace(b"\n", b"\r"),
        TWO.replace(FROM, b"From - \n"),
        TWO.replace(FROM, b"From - Mon May 03 10:00:00 2021\n"),
        TWO.replace(FROM, b"From 1600000000000000001@xxx Mon May 03 10:00:00 +0000 2021\n"),
        TWO.replace(FROM, b"From 1600000000000000001@xxx\n"),
        TWO.replace(FROM, b"From ada at e.example  Mon May  3 10:00:00 2021\n"),
        TWO.replace(FROM, b"From MAILER-DAEMON Mon May 3 10:00 2021\n"),
        TWO.replace(FROM, b"From  Mon May  3 10:00:00 2021\n"),
        TWO.replace(FROM, b"From ada@e.example Mon May  3 10:00:00 CEST 2021 remote from x\n"),
        TWO.replace(FROM, b"From ada@e.example Mon, 3 May 2021 10:00:00 +0000\n"),
        TWO.replace(FROM, b"From ada@e.example 2021-05-03T10:00:00+00:00\n"),
        TWO.replace(b"\n\nFrom ada", b"\nFrom ada"),
        TWO.replace(FROM, b"From - \n").replace(b"\n\nFrom -", b"\nFrom -"),
        TWO.replace(FROM, b"=" * 73 + b"\n"),
        TWO.replace(FROM, FROM + b">From bo@e.example Mon May  3 10:00:00 2021\n"),
    ],
)
def test_dialects_of_separators(data: bytes):
    assert subjects(data) == ["one", "two"]
    assert items(data)[-1].next_offset == len(data)


@pytest.mark.parametrize(
    "body",
    [
        "From there we went home.",
        "\nFrom Russia with love\nYear: 1963\n",
        "\nFrom ada@e.example\n",
        "\nFrom the Mon 3 onwards: nothing\n",
        "From ada@e.example Mon May  3 10:00:00 2021\nand no field",
        "\nFrom ada@e.example Mon May  3 10:00:00 2021\n\nno field",
        "From ada@e.example Mon May  3 10:00:00 2021\n\nSubject: quoted",
        "\n>From ada@e.example Mon May  3 10:00:00 2021\nSubject: quoted",
    ],
)
def test_text_that_begins_with_from_is_text(body: str):
    data = FROM + mail("one", body) + b"\n" + FROM + mail("two")
    assert len(items(data)) == 2


def test_quoting_is_taken_back():
    data = FROM + mail("one", ">From here\n>>From there\n> From where\nnot >From") + b"\n"
    text = items(data)[0].raw
    for line in (b"\nFrom here\n", b"\n>From there\n", b"\n> From where\n", b"not >From\n"):
        assert line in text


def test_a_content_length_protects_unquoted_text():
    body = "Hello\n\n" + (FROM + mail("inner")).decode()
    inner = mail("one", body, head=f"Content-Length: {len(body) + 1}\n")
    data = FROM + inner + b"\n" + FROM + mail("two")
    assert subjects(data) == ["one", "two"]


@pytest.mark.parametrize("length", [0, 3, 10_000, 99_999_999_999])
def test_a_wrong_content_length_is_not_believed(length: int):
    data = FROM + mail("one", head=f"Content-Length: {length}\n") + b"\n" + FROM + mail("two")
    assert subjects(data) == ["one", "two"]


def test_what_stands_before_the_first_separator_is_an_item_of_its_own():
    found = items(b"left over from a cut\n\n" + TWO)
    assert len(found) == 3
    assert found[0].envelope == ""


@pytest.mark.parametrize("data", [b"", b"\n\n\n", b"\r\n"])
def test_an_empty_mailbox_holds_nothing(data: bytes):
    assert items(data) == []


def test_places_follow_each_other():
    data = b"".join(FROM + mail(str(number), "x" * number) + b"\n" for number in range(200))
    found = items(data)
    assert len(found) == 200
    assert [item.offset for item in found[1:]] == [item.next_offset for item in found[:-1]]
    assert all(data[item.offset :].startswith(FROM) for item in found)
    assert found[0].envelope == FROM.decode().strip()


LINES = st.sampled_from(
    [
        b"text",
        b"",
        b"",
        b"From here on",
        b">From quoted",
        FROM.strip(),
        b"From - ",
        b"Subject: x",
        b"From: ada@e.example",
        b"Content-Length: 40",
        b"Content-Length: 9",
        b"=" * 73,
    ]
)


@settings(max_examples=300)
@given(
    st.lists(LINES, max_size=60),
    st.sampled_from([b"\n", b"\r\n", b"\r"]),
    st.sampled_from([5_000, 6_000, 1 << 20]),
)
def test_reading_goes_on_from_any_place_as_if_never_stopped(
    lines: list[bytes], line_break: bytes, block_bytes: int
):
    data = line_break.join([FROM.strip(), b"Subject: first", *lines])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mbox, "BLOCK_BYTES", block_bytes)
        whole = items(data)
        for index, item in enumerate(whole):
            assert items(data, item.next_offset) == whole[index + 1 :]


def test_the_size_of_blocks_makes_no_difference(monkeypatch: pytest.MonkeyPatch):
    data = b"".join(
        FROM + mail(str(number), "From x\n\n" * (number * 37 % 400)) + b"\n"
        for number in range(150)
    )
    whole = items(data)
    for size in (4_097, 5_001, 8_192, 70_000):
        monkeypatch.setattr(mbox, "BLOCK_BYTES", size)
        assert items(data) == whole


def test_only_the_beginning_of_an_enormous_message_is_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mbox, "BLOCK_BYTES", 8_192)
    monkeypatch.setattr(mbox, "MAX_MESSAGE_BYTES", 40_000)
    data = FROM + mail("big", "line of text\n" * 50_000) + b"\n" + FROM + mail("small")
    big, small = items(data)
    assert 30_000 < len(big.raw) <= 40_000
    assert big.next_offset == small.offset
    assert small.raw == mail("small")
    assert items(data, small.offset) == [small]


def generated(count: int, size: int) -> Callable[[int], bytes]:
    """`read` of a mailbox of `count` messages that never exists as a whole."""

    def pieces() -> Iterator[bytes]:
        filler = b"some words of no meaning " * 40 + b"\n"
        for number in range(count):
            yield FROM + mail(str(number))
            for _ in range(size // len(filler)):
                yield filler
            yield b"\n"

    source = pieces()
    left = b""

    def read(wanted: int) -> bytes:
        nonlocal left
        parts = [left]
        length = len(left)
        for piece in source:
            parts.append(piece)
            length += len(piece)
            if length >= wanted:
                break
        data = b"".join(parts)
        left = data[wanted:]
        return data[:wanted]

    return read


@pytest.mark.parametrize(
    ("count", "size"), [(12_000, 4_004), (2, 25_000_000)], ids=["many", "long"]
)
def test_fifty_megabytes_are_read_in_constant_memory(count: int, size: int):
    tracemalloc.start()
    try:
        total = sum(1 for _ in read_items(generated(count, size)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total == count
    # The long message costs its own size a few times over; many short ones cost two blocks.
    assert peak < (6 if size < 1_000_000 else 110) * 1_048_576


def write(folder: Path, data: bytes, name: str = "Inbox.mbox") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_drafts_come_with_their_places(tmp_path: Path):
    data = TWO + b"\n" + FROM + b"X-Nothing: x\n\nbody\n"
    source = file_source(write(tmp_path, data), "mbox")
    one, two, reject = mbox.read(source)
    assert isinstance(one, Draft)
    assert isinstance(two, Draft)
    assert (one.subject, two.subject) == ("one", "two")
    assert list(mbox.read(source, start=one.next_offset)) == [two, reject]
    assert not isinstance(reject, Draft)
    assert reject.where == f"Inbox.mbox, at byte {two.next_offset}"
    assert source.total == reject.next_offset == len(data)


def test_the_envelope_dates_a_message_without_a_date(tmp_path: Path):
    data = FROM + b"From: a@e.example\nSubject: x\n\nHello\n"
    (item,) = mbox.read(file_source(write(tmp_path, data), "mbox"))
    assert isinstance(item, Draft)
    assert item.sent_at == 1_620_036_000


def test_a_mailbox_called_trash_is_junk(tmp_path: Path):
    (item, _) = mbox.read(file_source(write(tmp_path, TWO, "Trash.mbox"), "mbox"))
    assert isinstance(item, Draft)
    assert item.kind.value == "junk"


def test_progress_is_told_in_bytes_and_reading_can_be_cancelled(tmp_path: Path):
    source = file_source(write(tmp_path, TWO), "mbox")
    told: list[Progress] = []
    list(mbox.read(source, ctx=JobContext(told.append, clock=iter(range(9)).__next__)))
    assert [progress.done for progress in told] == [len(TWO) // 2 + 1, len(TWO)]
    assert {progress.total for progress in told} == {len(TWO)}
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        list(mbox.read(source, ctx=JobContext(token=token)))


def test_a_mailbox_that_went_away_is_the_persons_to_mend(tmp_path: Path):
    source = file_source(write(tmp_path, TWO), "mbox")
    source.path.unlink()
    with pytest.raises(UserError, match=r"Inbox\.mbox"):
        list(mbox.read(source))
