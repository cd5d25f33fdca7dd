"""Why a relationship is believed to be: the conversations behind it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SharedConversation:
    """A conversation in which both ends of a relationship take part. `from_messages` and
    `to_messages` are what each end sent in it; times are when either of the two first and last
    took part, epoch seconds UTC, None without any date."""

    id: int
    subject: str
    first_at: int | None
    last_at: int | None
    from_messages: int
    to_messages: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """All shared conversations of a relationship in numbers, and one page of them, latest first.

    `description` is the sentence that was generated for it, or what a person wrote.
    """

    relationship_id: int
    description: str | None
    conversation_count: int
    from_messages: int
    to_messages: int
    first_interaction: int | None
    last_interaction: int | None
    conversations: tuple[SharedConversation, ...]
