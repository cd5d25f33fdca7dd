"""When two messages without references belong to one conversation: subject, people and time."""

from __future__ import annotations

import re
import unicodedata

from crm_desktop.base.clock import DAY_S
from crm_desktop.domain.keys import stable_key

REPLY_WINDOW_S = 30 * DAY_S
REPEAT_WINDOW_S = 7 * DAY_S
MIN_SUBJECT_LETTERS = 6

# How the common mail programs begin the subject of a reply or a forward, in their languages, and
# the counter some put behind it: "Re[2]:".
_REPLY_WORDS = "re|aw|antw|antwort|sv|vs|rif|res|odp|ynt|回复|回覆|返信|отв"
_OTHER_WORDS = "r|ref|fwd|fw|wg|tr|rv|enc|i|vb|doorst|转发|轉寄|答复|転送|ha|пересл"
_COUNTER_AND_COLON = r"\s*(?:\[\d+\]|\(\d+\))?\s*[:：]"
_TAG = r"\[[^\]]{1,40}\]"
_PREFIX = re.compile(
    rf"\s*(?:(?:{_REPLY_WORDS}|{_OTHER_WORDS}){_COUNTER_AND_COLON}|{_TAG})\s*", re.IGNORECASE
)
_REPLY = re.compile(rf"\s*(?:{_TAG}\s*)?(?:{_REPLY_WORDS}){_COUNTER_AND_COLON}", re.IGNORECASE)
_CONTINUED = re.compile(rf"\s*(?:{_REPLY_WORDS}|{_OTHER_WORDS}){_COUNTER_AND_COLON}", re.IGNORECASE)
_GENERIC = frozenset(
    [
        "attached",
        "attachment",
        "bonjour",
        "call",
        "confirmation",
        "danke",
        "dinner",
        "document",
        "documents",
        "follow",
        "followup",
        "frage",
        "fyi",
        "good",
        "gracias",
        "hallo",
        "hello",
        "help",
        "hey",
        "hi",
        "hola",
        "info",
        "invitation",
        "lunch",
        "meeting",
        "merci",
        "morning",
        "news",
        "no",
        "none",
        "question",
        "questions",
        "reminder",
        "report",
        "request",
        "schedule",
        "subject",
        "termin",
        "test",
        "thank",
        "thanks",
        "today",
        "tomorrow",
        "untitled",
        "up",
        "update",
        "updates",
        "you",
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


def is_continued_subject(subject: str) -> bool:
    """Whether the subject says that the message answers another or passes it on."""
    return _CONTINUED.match(subject) is not None


def subject_key(subject: str) -> int | None:
    """A key equal for the subjects of one conversation; None for short and generic subjects,
    which say nothing about belonging together."""
    text = unicodedata.normalize("NFC", bare_subject(subject)).casefold().strip(" .!?…-")
    letters = sum(1 for character in text if character.isalnum())
    if letters < MIN_SUBJECT_LETTERS or all(word in _GENERIC for word in text.split()):
        return None
    return stable_key(text)
