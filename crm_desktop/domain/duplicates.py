"""Contacts that may be one person, and why one might think so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class DuplicateReason(StrEnum):
    """What speaks for two contacts being one person."""

    SAME_NAME = "same_name"
    SIMILAR_NAME = "similar_name"
    SAME_PHONE = "same_phone"
    SAME_LOCAL_PART = "same_local_part"  # what stands before the @ of their addresses


_WORDS = {
    DuplicateReason.SAME_NAME: "same name",
    DuplicateReason.SIMILAR_NAME: "similar name",
    DuplicateReason.SAME_PHONE: "same number",
    DuplicateReason.SAME_LOCAL_PART: "similar address",
}


def reason_words(reasons: Iterable[DuplicateReason]) -> str:
    """Reasons as people read them, the strongest first: "Same name, same number"."""
    given = frozenset(reasons)
    words = ", ".join(words for reason, words in _WORDS.items() if reason in given)
    return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class DuplicateMember:
    """A contact as the review shows it: messages sent, and the last one they took part in
    (epoch seconds UTC)."""

    contact_id: int
    name: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    organization: str | None
    message_count: int
    last_message_at: int | None


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Contacts that are likely one person, the one who sent most messages first; `score` is 0–1."""

    members: tuple[DuplicateMember, ...]
    reasons: frozenset[DuplicateReason]
    score: float
