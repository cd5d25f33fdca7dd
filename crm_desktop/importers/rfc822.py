"""One message, from its bytes to a Draft. Whatever is wrong with it is a Reject, never a crash."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from crm_desktop.base.clock import now_seconds
from crm_desktop.domain.imports import Reject
from crm_desktop.domain.keys import stable_key
from crm_desktop.domain.messages import Draft, Mailbox, MessageKind
from crm_desktop.domain.threads import bare_subject
from crm_desktop.importers.addresses import parse_addresses, unique
from crm_desktop.importers.charsets import clean_lines
from crm_desktop.importers.classify import classify, is_junk_folder, list_address
from crm_desktop.importers.dates import header_date, sent_at
from crm_desktop.importers.exchange import with_names
from crm_desktop.importers.headers import Headers, decode_value, parse_headers
from crm_desktop.importers.mime import Body, read_body
from crm_desktop.importers.names import split_via
from crm_desktop.importers.quoting import html_to_text, preview

SOURCE_TYPE: Final = "email"
"""One for all formats of mail, so that copies in different archives are known for the same."""
MAX_SUBJECT: Final = 500
MAX_MESSAGE_ID: Final = 250
MAX_REFERENCES: Final = 10
MAX_BODY: Final = 1_000_000
MAX_RECIPIENTS: Final = 2_000

NO_HEADERS: Final = "It has no headers that we can read."
_BODY_KEY_CHARACTERS = 200
_MESSAGE_ID = re.compile(r"<\s*([^<>\s]{1,250})\s*>")
_BARE_ID = re.compile(r"[^\s<>,;\"]{1,200}@[^\s<>,;\"]{1,200}")
_LEADING = b"\r\n\xef\xbb\xbf"
_SEEN_FIELDS = ("from", "date", "to", "cc", "subject", "sender", "message-id", "received")


@dataclass(frozen=True, slots=True)
class Context:
    """What is the same for every message of a source.

    `is_junk` says that the whole mailbox is spam or trash; `now` is epoch seconds.
    """

    is_junk: bool
    keep_text: bool
    now: int


def context(folder: str = "", *, keep_text: bool = False) -> Context:
    """The context of a mailbox of this name that is read now."""
    return Context(is_junk_folder(folder), keep_text, now_seconds())


def parse_message(
    raw: bytes, where: Context, *, name: str, next_offset: int, envelope: str = ""
) -> Draft | Reject:
    """The message in `raw`, or why it could not be read.

    `name` says in words where it stands ("Inbox.mbox, message 12"); `envelope` is its From_
    line, if it had one.
    """
    try:
        return _parse(raw, where, name, next_offset, envelope)
    except (
        ValueError,
        LookupError,
        TypeError,
        RecursionError,
        ArithmeticError,
        MemoryError,
    ) as error:
        reason = f"We could not read it ({type(error).__name__})."
        return Reject(name, reason, next_offset)


def _parse(
    raw: bytes, where: Context, name: str, next_offset: int, envelope: str
) -> Draft | Reject:
    if raw[:1] in _LEADING:
        raw = raw.lstrip(_LEADING)
    line_feed = raw.find(b"\n", 0, 65_536)
    carriage = raw.find(b"\r", 0, 65_536)
    if carriage >= 0 and (line_feed < 0 or carriage < line_feed - 1):
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    headers, body_start = parse_headers(raw)
    if not any(field in headers for field in _SEEN_FIELDS):
        return Reject(name, NO_HEADERS, next_offset)
    if envelope:
        headers.envelope = envelope
    body = read_body(headers, raw, body_start, full=where.keep_text)
    headers.charset = body.charset

    sender, recipients, copied = _people(headers)
    subject = decode_value(headers.raw("subject"), headers.charset)[:MAX_SUBJECT]
    dated = header_date(headers, where.now)
    when = dated if dated is not None else sent_at(headers, headers.envelope, where.now)
    is_empty = sender is None and not recipients and not copied and not subject and when is None
    if is_empty:
        return Reject(name, NO_HEADERS, next_offset)
    is_junk = where.is_junk or _has_junk_label(headers)
    kind = classify(
        headers, sender, subject, body.text, recipients=recipients + copied, is_junk=is_junk
    )
    posted_to = list_address(headers, recipients + copied) if kind is MessageKind.LIST else ""
    sender = _person_behind(headers, sender, posted_to)
    text = html_to_text(body.text) if body.is_html and where.keep_text else body.text
    return Draft(
        source_type=SOURCE_TYPE,
        external_id=message_id(headers.raw("message-id")),
        content_key=_content_key(dated, when, headers, subject, body),
        sent_at=when,
        subject=subject,
        preview=preview(body.text, is_html=body.is_html),
        kind=kind,
        sender=sender,
        recipients=recipients,
        cc=copied,
        references=_references(headers),
        next_offset=next_offset,
        body=clean_lines(text)[:MAX_BODY] if where.keep_text else None,
        attachment_count=body.attachment_count,
        list_address=posted_to,
        delivered_to=_delivered_to(headers),
        thread_id=headers.raw("x-gm-thrid")[:64],
    )


def _people(
    headers: Headers,
) -> tuple[Mailbox | None, tuple[Mailbox, ...], tuple[Mailbox, ...]]:
    """Sender, recipients and copied, with the names of an Exchange export where there are any."""
    charset = headers.charset
    senders = parse_addresses(headers.raw("from"), charset)
    if not senders:
        senders = parse_addresses(headers.raw("sender"), charset)
    recipients = _joined(headers, "to", charset)
    copied = _joined(headers, "cc", charset)
    hidden = _joined(headers, "bcc", charset)
    if "x-from" in headers:
        senders = with_names(senders, headers.raw("x-from"), charset)
        recipients = with_names(recipients, headers.raw("x-to"), charset)
        copied = with_names(copied, headers.raw("x-cc"), charset)
        hidden = with_names(hidden, headers.raw("x-bcc") or headers.raw("x-cc"), charset)
    sender = senders[0] if senders else None
    to_list = unique(recipients)[:MAX_RECIPIENTS]
    seen = {box.address for box in to_list}
    cc_list = tuple(box for box in unique(copied + hidden) if box.address not in seen)
    return sender, to_list, cc_list[:MAX_RECIPIENTS]


def _joined(headers: Headers, field: str, charset: str) -> tuple[Mailbox, ...]:
    values = headers.all(field)
    if len(values) == 1:
        return parse_addresses(values[0], charset)
    return tuple(box for value in values[:50] for box in parse_addresses(value, charset))


def _person_behind(headers: Headers, sender: Mailbox | None, posted_to: str) -> Mailbox | None:
    """The person who wrote through a list that put its own address into From."""
    if sender is None or not sender.name:
        return sender
    person, _ = split_via(sender.name)
    if not person:
        return sender
    own = {sender.address, posted_to}
    for field in ("x-original-from", "reply-to", "x-original-sender"):
        for box in parse_addresses(headers.raw(field), headers.charset):
            if box.address not in own:
                return Mailbox(box.address, person)
    return sender


def _has_junk_label(headers: Headers) -> bool:
    value = headers.raw("x-gmail-labels")
    if not value:
        return False
    labels = decode_value(value, "utf-8").split(",")
    return any(is_junk_folder(label.strip('" ')) for label in labels)


def message_id(value: str) -> str:
    """The identity in a Message-ID value without brackets, however malformed, or ""."""
    if not value:
        return ""
    match = _MESSAGE_ID.search(value)
    if match:
        return match.group(1)
    stripped = value.strip("<> \t").split(None, 1)
    return stripped[0][:MAX_MESSAGE_ID] if stripped else ""


def _references(headers: Headers) -> tuple[str, ...]:
    """The Message-IDs a message refers to, oldest first, the direct parent last, ten at most."""
    value = headers.raw("references")
    found = _MESSAGE_ID.findall(value) if value else []
    if value and not found:
        found = _BARE_ID.findall(value)
    parent = headers.raw("in-reply-to")
    if parent:
        ids = _MESSAGE_ID.findall(parent) or (_BARE_ID.findall(parent) if "<" not in parent else [])
        if len(ids) > 1:
            ids = ids[-1:]
        # In-Reply-To of old programs holds the sender's address: without brackets it is no id.
        found += [one for one in ids if one not in found]
    own = message_id(headers.raw("message-id"))
    chain = [one for one in dict.fromkeys(found) if one != own]
    if len(chain) > MAX_REFERENCES:
        chain = chain[:1] + chain[1 - MAX_REFERENCES :]
    return tuple(chain)


def _delivered_to(headers: Headers) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for field in (
        "delivered-to",
        "x-original-to",
        "envelope-to",
        "x-delivered-to",
        "x-envelope-to",
    ):
        for value in headers.all(field)[:20]:
            for box in parse_addresses(value):
                found.setdefault(box.address)
    return tuple(found)


def _content_key(
    dated: int | None, when: int | None, headers: Headers, subject: str, body: Body
) -> int:
    """The same 63 bits for every copy of a message: what its writer fixed, nothing of its way.

    Without a date that says too little, so the Message-ID and the way it came count as well.
    """
    sender = parse_addresses(headers.raw("from"), headers.charset)
    address = sender[0].address if sender else headers.raw("from")
    fixed = str(dated) if dated is not None else f"{headers.raw('message-id')} {when}"
    return content_key(fixed, address, subject, body.text)


def content_key(fixed: str, sender: str, subject: str, text: str) -> int:
    """The key of a message of which `fixed` says when it was written (epoch seconds)."""
    start = "".join(text[: 8 * _BODY_KEY_CHARACTERS].split())[:_BODY_KEY_CHARACTERS]
    return stable_key("\x1f".join((fixed, sender, bare_subject(subject).casefold(), start)))
