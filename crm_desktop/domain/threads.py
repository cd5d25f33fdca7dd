"""When two messages without references belong to one conversation: subject, people and time."""

from __future__ import annotations

import re
import unicodedata

from crm_desktop.base.clock import DAY_S
from crm_desktop.domain.keys import stable_key

REPLY_WINDOW_S = 30 * DAY_S
REPEAT_WINDOW_S = 7 * DAY_S
MIN_SUBJECT_LETTERS = 6

# Reply and forward prefixes of the common mail programs' languages, with counters: "Re[2]:".
_PREFIX = re.compile(
    r"""^\s*(?:
        (?:re|aw|antw|antwort|sv|vs|rif|res|odp|ynt|r|ref|fwd|fw|wg|tr|rv|enc|i|vb|doorst|
           回复|回覆|转发|轉寄|答复|返信|転送|отв|ha|пересл)
        \s*(?:\[\d+\]|\(\d+\))?\s*[:：]
      | \[[^\]]{1,40}\]
    )\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_REPLY = re.compile(
    r"^\s*(?:\[[^\]]{1,40}\]\s*)?(?:re|aw|antw|antwort|sv|vs|rif|res|odp|ynt|回复|回覆|返信|отв)"
    r"\s*(?:\[\d+\]|\(\d+\))?\s*[:：]",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    [
        "hello",
        "hi",
        "hey",
        "thanks",
        "thank",
        "you",
        "question",
        "questions",
        "update",
        "updates",
        "meeting",
        "lunch",
        "dinner",
        "test",
        "fyi",
        "help",
        "info",
        "news",
        "reminder",
        "request",
        "schedule",
        "invitation",
        "confirmation",
        "hallo",
        "danke",
        "frage",
        "termin",
        "bonjour",
        "merci",
        "hola",
        "gracias",
        "no",
        "subject",
        "none",
        "untitled",
        "good",
        "morning",
        "follow",
        "up",
        "followup",
        "documents",
        "document",
        "attached",
        "attachment",
        "call",
        "today",
        "tomorrow",
        "report",
    ]
)


def bare_subject(subject: str) -> str:
    """The subject without reply and forward prefixes and list tags, blanks collapsed."""
    text = " ".join(subject.split())
    while (match := _PREFIX.match(text)) and match.end():
        text = text[match.end() :]
    return text


def is_reply_subject(subject: str) -> bool:
    """Whether the subject says that the message answers another."""
    return _REPLY.match(subject) is not None


def subject_key(subject: str) -> int | None:
    """A key equal for the subjects of one conversation; None for short and generic subjects,
    which say nothing about belonging together."""
    text = unicodedata.normalize("NFC", bare_subject(subject)).casefold().strip(" .!?…-")
    letters = sum(1 for character in text if character.isalnum())
    if letters < MIN_SUBJECT_LETTERS or all(word in _GENERIC for word in text.split()):
        return None
    return stable_key(text)
