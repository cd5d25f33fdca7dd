"""Mailboxes made for tests: invented people who write to each other in threads."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

FIRST = [
    "Ada",
    "Boris",
    "Chen",
    "Dilip",
    "Elif",
    "Farid",
    "Greta",
    "Hana",
    "Ivo",
    "Jara",
    "Kofi",
    "Lena",
    "Mira",
    "Noor",
    "Otto",
    "Pia",
]
LAST = ["Abel", "Brandt", "Costa", "Duarte", "Eriksen", "Fischer", "Grewal", "Haas"]
TOPICS = (
    "Roof garden plans",
    "Budget for the spring fair",
    "Chapter three draft",
    "Bicycle repair evening",
    "Notes from the archive visit",
    "Choir rehearsal room",
    "Survey of the north slope",
    "Translation of the preface",
)
START = datetime(2025, 1, 6, 8, 0, tzinfo=UTC)


def people(count: int) -> list[tuple[str, str]]:
    """`count` distinct (name, address) pairs."""
    names = [f"{first} {last}" for last in LAST for first in FIRST]
    return [
        (name, f"{name.lower().replace(' ', '.')}@{'north' if index % 3 else 'south'}.example")
        for index, name in enumerate(names[:count])
    ]


def message(
    *,
    sender: str,
    to: str,
    subject: str,
    date: datetime | str,
    message_id: str | None = None,
    references: str = "",
    body: str = "See you there.",
    extra: str = "",
) -> str:
    """One RFC 822 message as text; `extra` is further header lines, each ending in a newline."""
    when = date if isinstance(date, str) else format_datetime(date)
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}"]
    if when:
        lines.append(f"Date: {when}")
    if message_id:
        lines.append(f"Message-ID: <{message_id}>")
    if references:
        lines.append(f"References: {references}")
    return "\n".join(lines) + "\n" + extra + "\n" + body + "\n"


def as_mbox(messages: list[str]) -> str:
    """Messages as one mboxrd text."""
    envelope = "From someone@north.example Mon Jan  6 08:00:00 2025\n"
    return "".join(envelope + text.replace("\nFrom ", "\n>From ") + "\n" for text in messages)


def correspondence(count: int, *, seed: int = 1, crowd: int = 40) -> list[str]:
    """`count` messages of threads with replies, copies without Message-ID, list and bulk mail."""
    choice = random.Random(seed)
    everyone = people(crowd)
    texts: list[str] = []
    thread: list[str] = []
    parties = everyone[:3]
    topic = TOPICS[0]
    when = START
    for index in range(count):
        when += timedelta(minutes=choice.randrange(5, 600))
        if not thread or choice.random() < 0.3:
            thread, topic = [], f"{choice.choice(TOPICS)} {index // 7}"
            parties = choice.sample(everyone, choice.randrange(2, 6))
        name, address = choice.choice(parties)
        others = ", ".join(f'"{n}" <{a}>' for n, a in parties if a != address)
        identifier = f"m{index}.{seed}@north.example"
        extra = ""
        if index % 41 == 0:
            extra = "List-Id: <garden.lists.example>\nList-Post: <mailto:garden@lists.example>\n"
        elif index % 29 == 0:
            name, address = "Weekly Letter", "letter@shop.example"
            extra = "List-Unsubscribe: <https://shop.example/u>\nPrecedence: bulk\n"
        texts.append(
            message(
                sender=f"{name} <{address}>",
                to=others,
                subject=("Re: " if thread else "") + topic,
                date=when,
                message_id=None if index % 17 == 0 else identifier,
                references=" ".join(f"<{t}>" for t in thread[-5:]),
                body=f"Number {index}: {choice.choice(TOPICS)} went well, more on it soon.",
                extra=extra,
            )
        )
        if index % 23 == 0 and index:
            texts.append(texts[-1])
        thread.append(identifier)
    return texts


def write_mbox(path: Path, messages: list[str]) -> Path:
    """`path`, holding the messages as an mbox file."""
    path.write_text(as_mbox(messages), encoding="utf-8")
    return path
