"""Messages as importers hand them over, before anyone knows which contact an address is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MessageKind(StrEnum):
    """What a message is, judged from its own headers."""

    PERSONAL = "personal"
    LIST = "list"  # a discussion list; the sender is still a person
    BULK = "bulk"  # a newsletter or a machine; its sender is not a person
    BOUNCE = "bounce"  # a delivery report
    AUTO_REPLY = "auto_reply"  # vacation and other automatic answers
    JUNK = "junk"  # lay in a spam or trash folder


ACTIVE_KINDS = frozenset({MessageKind.PERSONAL, MessageKind.LIST, MessageKind.BULK})
"""Kinds that are correspondence. The others are kept and found again, but name nobody."""


class Role(StrEnum):
    """How someone takes part in a message."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    CC = "cc"
    PARTICIPANT = "participant"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address of a message: `address` canonical (lower case), `name` as shown or ""."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """One message, decoded, that the import service has not yet stored.

    `external_id` is the Message-ID without brackets, or "" when the message has none.
    `content_key` is a 63-bit hash of date, sender, subject and start of the body: equal for two
    copies of one message whatever their Message-ID. `sent_at` is epoch seconds UTC, None when no
    date can be believed. `references` are Message-IDs, oldest first, the direct parent last.
    `preview` is the sender's own words, at most 500 characters. `next_offset` is where reading
    goes on after this item if the import is interrupted (bytes or ordinal; see the source).
    """

    source_type: str
    external_id: str
    content_key: int
    sent_at: int | None
    subject: str
    preview: str
    kind: MessageKind
    sender: Mailbox | None
    recipients: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    references: tuple[str, ...]
    next_offset: int
    body: str | None = None
    attachment_count: int = 0
    list_address: str = ""
    delivered_to: tuple[str, ...] = ()
    thread_id: str = ""  # the source's own conversation id (Gmail's X-GM-THRID), or ""
    participants: tuple[Mailbox, ...] = ()  # of a meeting, where nobody is the sender


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A conversation as cards and search show it. Times are epoch seconds UTC."""

    id: int
    subject: str
    preview: str
    message_count: int
    last_message_at: int | None
    participants: tuple[str, ...]  # display names, most active first, at most four
