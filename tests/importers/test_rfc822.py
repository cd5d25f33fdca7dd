"""One message to one draft: identities, threads, people and what cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.domain.imports import Reject
from crm_desktop.domain.messages import Draft, Mailbox
from crm_desktop.importers import rfc822
from crm_desktop.importers.rfc822 import NO_HEADERS, context, message_id, parse_message

BASE = """\
From: Ada Lovelace <ada@e.example>
To: Bo Berg <bo@e.example>, cy@e.example
Cc: Di <di@e.example>, bo@e.example
Date: Mon, 3 May 2021 10:00:00 +0000
Subject: Re: Engines
Message-ID: <one@e.example>

See you on Friday.
"""


def parse(text: str | bytes, *, keep_text: bool = False, folder: str = "") -> Draft | Reject:
    raw = text.encode() if isinstance(text, str) else text
    return parse_message(raw, context(folder, keep_text=keep_text), name="x.eml", next_offset=7)


def draft(text: str | bytes, **options: bool) -> Draft:
    item = parse(text, **options)
    assert isinstance(item, Draft), item
    return item


def test_a_plain_message():
    item = draft(BASE)
    assert item.source_type == "email"
    assert item.external_id == "one@e.example"
    assert item.sent_at == int(datetime(2021, 5, 3, 10, tzinfo=UTC).timestamp())
    assert item.sender == Mailbox("ada@e.example", "Ada Lovelace")
    assert item.recipients == (Mailbox("bo@e.example", "Bo Berg"), Mailbox("cy@e.example"))
    assert item.cc == (Mailbox("di@e.example", "Di"),)
    assert (item.subject, item.preview) == ("Re: Engines", "See you on Friday.")
    assert (item.body, item.next_offset, item.attachment_count) == (None, 7, 0)


@pytest.mark.parametrize("line_break", ["\r\n", "\r"])
def test_line_ends_make_no_difference(line_break: str):
    assert draft(BASE.replace("\n", line_break)) == draft(BASE)


@pytest.mark.parametrize(
    "before", ["\n\n", "\ufeff", "From ada@e.example Mon May  3 10:00:00 2021\n"]
)
def test_what_stands_before_the_headers_is_passed_over(before: str):
    assert draft(before + BASE) == draft(BASE)


def test_the_whole_text_is_kept_only_on_request():
    text = BASE + "\nOn Monday Bo wrote:\n> When?\n"
    assert draft(text).body is None
    kept = draft(text, keep_text=True)
    assert kept.body is not None
    assert "> When?" in kept.body
    html = BASE.replace("Message-ID", "Content-Type: text/html\nMessage-ID") + "<p>a</p><p>b</p>"
    assert (draft(html, keep_text=True).body or "").split()[-2:] == ["a", "b"]


@pytest.mark.parametrize(
    ("value", "identity"),
    [
        ("<one@e.example>", "one@e.example"),
        ("  < one@e.example > trailing", "one@e.example"),
        ("one@e.example", "one@e.example"),
        ("<one@e.example", "one@e.example"),
        ("<", ""),
        ("<>", ""),
        ("", ""),
        ("<no-at-sign>", "no-at-sign"),
    ],
)
def test_message_ids_however_malformed(value: str, identity: str):
    assert message_id(value) == identity


@pytest.mark.parametrize(
    ("head", "references"),
    [
        ("References: <a@x> <b@x>\nIn-Reply-To: <b@x>", ("a@x", "b@x")),
        ("References: <a@x>\n\t<b@x>\nIn-Reply-To: <c@x>", ("a@x", "b@x", "c@x")),
        ("In-Reply-To: <c@x>", ("c@x",)),
        ("In-Reply-To: Your message of Monday <c@x>", ("c@x",)),
        ("References: a@x b@x", ("a@x", "b@x")),
        ("References: <a@x><b@x><a@x>", ("a@x", "b@x")),
        ("References: <one@e.example>", ()),
        ("In-Reply-To: garbage", ()),
        (
            "References: " + " ".join(f"<{number}@x>" for number in range(30)),
            ("0@x", *(f"{number}@x" for number in range(21, 30))),
        ),
    ],
)
def test_references_end_with_the_parent(head: str, references: tuple[str, ...]):
    assert draft(f"{head}\n{BASE}").references == references


def test_copies_in_two_mailboxes_have_one_content_key():
    copy = """\
Received: by b.example; Tue, 4 May 2021 10:00:00 +0000
Message-ID: <other@b.example>
Subject: [engines] Re: Re:  engines
Date: Mon, 3 May 2021 12:00:00 +0200
From: "Lovelace, Ada" <ADA@e.example>
To: Bo Berg <bo@e.example>, cy@e.example

See you
on   Friday.
"""
    assert draft(copy).content_key == draft(BASE).content_key


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("10:00:00", "10:00:01"),
        ("ada@e.example", "eve@e.example"),
        ("Re: Engines", "Re: Looms"),
        ("See you", "Not see you"),
    ],
)
def test_other_content_has_another_key(old: str, new: str):
    changed = draft(BASE.replace(old, new))
    assert changed.content_key != draft(BASE).content_key
    assert 0 <= changed.content_key < 1 << 63


def test_undated_messages_are_the_same_only_with_the_same_id():
    first = draft("From: a@e.example\nSubject: x\nMessage-ID: <1@e>\n\n")
    second = draft("From: a@e.example\nSubject: x\nMessage-ID: <2@e>\n\n")
    assert first.content_key != second.content_key


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        (
            "From: Ada via Chess <chess@l.example>\nReply-To: Ada <ada@e.example>\n"
            "List-Post: <mailto:chess@l.example>",
            Mailbox("ada@e.example", "Ada"),
        ),
        (
            "From: \"'Ada' via Chess\" <chess@l.example>\n"
            "Reply-To: chess@l.example, ada@e.example\n"
            "List-Post: <mailto:chess@l.example>",
            Mailbox("ada@e.example", "Ada"),
        ),
        (
            "From: Ada via Chess <chess@l.example>\nX-Original-From: Ada <ada@e.example>",
            Mailbox("ada@e.example", "Ada"),
        ),
        (
            "From: Ada via Chess <chess@l.example>\nReply-To: chess@l.example",
            Mailbox("chess@l.example", "Ada via Chess"),
        ),
        ("From: Ada <ada@e.example>\nReply-To: x@e.example", Mailbox("ada@e.example", "Ada")),
        ("Sender: Ada <ada@e.example>", Mailbox("ada@e.example", "Ada")),
        ("From: root\nSubject: x", None),
    ],
)
def test_the_sender_is_the_person(head: str, sender: Mailbox | None):
    assert draft(f"{head}\nDate: Mon, 3 May 2021 10:00:00 +0000\n\nHello").sender == sender


def test_names_of_an_exchange_export():
    item = draft(
        "From: legal <.grey@acme.example>\nTo: k@acme.example\nCc: e-mail <.lee@acme.example>\n"
        "X-From: Grey, Jo (Legal) </O=ACME/CN=JGREY>\nX-To: Ray, Kim </O=ACME/CN=KRAY>\n"
        "X-cc: Lee Poe (E-mail) <lee@poe.example>\n\nHello"
    )
    assert item.sender == Mailbox(".grey@acme.example", "Jo Grey")
    assert item.recipients == (Mailbox("k@acme.example", "Kim Ray"),)
    assert item.cc == (Mailbox("lee@poe.example", "Lee Poe"),)


def test_where_it_was_delivered_and_to_which_thread():
    item = draft(
        "Delivered-To: me@e.example\nX-Original-To: Me <alias@e.example>\n"
        "Envelope-To: me@e.example\nX-GM-THRID: 1234567890\n" + BASE
    )
    assert item.delivered_to == ("me@e.example", "alias@e.example")
    assert item.thread_id == "1234567890"


def test_raw_eight_bit_headers_follow_the_body():
    raw = (
        "From: Józef <j@e.example>\nSubject: Żółw\nDate: Mon, 3 May 2021 10:00:00 +0000\n"
        "Content-Type: text/plain; charset=iso-8859-2\n\nŻółw\n"
    ).encode("iso-8859-2")
    item = draft(raw)
    assert (item.subject, item.preview) == ("Żółw", "Żółw")
    assert item.sender == Mailbox("j@e.example", "Józef")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        b"just some text\nof no kind",
        b"Content-Type: text/plain\n\nhello",
        b"X-Something: else\n\n",
        b"From:\nTo: undisclosed-recipients:;\nSubject:\n\nhello",
    ],
)
def test_what_has_no_headers_is_rejected(raw: bytes):
    assert parse(raw) == Reject("x.eml", NO_HEADERS, 7)


@pytest.mark.parametrize("error", [RecursionError, ValueError, LookupError, MemoryError])
def test_a_failure_is_one_reject(error: type[Exception], monkeypatch: pytest.MonkeyPatch):
    def fail(*_arguments: object, **_options: object) -> None:
        raise error("not for the log: ada@e.example")

    monkeypatch.setattr(rfc822, "read_body", fail)
    item = parse(BASE)
    assert isinstance(item, Reject)
    assert error.__name__ in item.reason
    assert "ada" not in item.reason


NAMES = [
    "From",
    "To",
    "Cc",
    "Date",
    "Subject",
    "Message-ID",
    "References",
    "Content-Type",
    "X-From",
]


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.binary(max_size=60))), st.binary(max_size=200))
def test_any_message_is_a_draft_or_a_reject(fields: list[tuple[str, bytes]], body: bytes):
    raw = b"".join(name.encode() + b": " + value + b"\n" for name, value in fields) + b"\n" + body
    for keep_text in (False, True):
        item = parse(raw, keep_text=keep_text)
        assert isinstance(item, Draft | Reject)
        assert item.next_offset == 7
        if isinstance(item, Draft):
            (item.subject + item.preview + item.external_id + (item.body or "")).encode("utf-8")


@given(st.binary(max_size=400))
def test_any_bytes_are_a_draft_or_a_reject(raw: bytes):
    assert isinstance(parse(raw), Draft | Reject)


def test_halves_of_characters_never_get_through():
    raw = (
        b"From: =?utf-7?Q?Ada_+2AA-?= <ada@e.example>\nSubject: =?utf-7?Q?+2AA-_one?=\n"
        b"Content-Type: text/plain; charset=utf-7\n\nHello +2AA- there\n"
    )
    draft = parse_message(raw, context(keep_text=True), name="x", next_offset=1)
    assert isinstance(draft, Draft)
    assert draft.sender is not None
    for text in (draft.subject, draft.preview, draft.body or "", draft.sender.name):
        assert text.encode()
    assert "there" in draft.preview
