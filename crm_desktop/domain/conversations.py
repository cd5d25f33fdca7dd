"""A conversation as it is read: who took part, and what is known of each message."""

from __future__ import annotations

from dataclasses import dataclass

from crm_desktop.domain.contacts import ContactKind


@dataclass(frozen=True, slots=True)
class ConversationPerson:
    """Someone who takes part, and how many of its messages they sent."""

    contact_id: int
    name: str
    kind: ContactKind
    sent: int


@dataclass(frozen=True, slots=True)
class KnownMessage:
    """What is kept of a message. `sent_at` is epoch seconds UTC, None without a believable date.

    `preview` is the sender's own words, at most 500 characters. Inactive messages are junk,
    delivery reports and automatic answers. Without a sender `sender_id` is None.
    """

    id: int
    sent_at: int | None
    subject: str
    preview: str
    attachment_count: int
    is_active: bool
    sender_id: int | None
    sender: str


@dataclass(frozen=True, slots=True)
class ConversationDetail:
    """A conversation with its last messages, oldest first; `message_count` counts all."""

    id: int
    subject: str
    message_count: int
    people: tuple[ConversationPerson, ...]
    messages: tuple[KnownMessage, ...]
