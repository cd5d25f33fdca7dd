"""Large archives for benchmarks: who wrote to whom in which conversation, straight to the tables.

People come in circles, a few of them take part in very much, and conversations have a long tail:
mostly two to five people, a few up to two hundred.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from crm_desktop.model.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterable

Ints = npt.NDArray[np.int64]

NOW = 1_777_626_000  # 2026-05-01T09:00:00Z
DAY_S = 86_400
SPAN_DAYS = 10 * 365
_SIZES = np.concatenate((np.arange(2, 31), np.arange(31, 201)))
_SHARES = np.concatenate(
    (
        [0.5, 0.2, 0.1, 0.07],
        np.full(5, 0.08 / 5),
        np.full(20, 0.04 / 20),
        np.full(170, 0.01 / 170),
    )
)
_WORDS = 20_000
_NAMES = 4_000
_MESSAGES_PER_CONVERSATION = 3.3


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is."""

    conversations: int
    people: int
    has_messages: bool = True


def write_archive(path: Path, size: Size, *, seed: int = 1) -> None:
    """A new database at `path` with an archive of this size."""
    database = Database.open(path)
    try:
        fill(database, size, seed=seed)
    finally:
        database.close()


def fill(database: Database, size: Size, *, seed: int = 1) -> None:
    """Put an archive of this size into an empty database."""
    chance = np.random.default_rng(seed)
    sizes = chance.choice(_SIZES, size.conversations, p=_SHARES / _SHARES.sum())
    conversation = np.repeat(np.arange(1, size.conversations + 1), sizes)
    people = _circles(chance, sizes, size.people)
    distinct = np.unique(np.stack((conversation, people), axis=1), axis=0)
    conversation, people = distinct[:, 0], distinct[:, 1]
    started = NOW - (chance.random(size.conversations) * SPAN_DAYS * DAY_S).astype(np.int64)
    # As in life, what is stored later mostly happened later.
    started.sort()
    subjects = _subjects(chance, size.conversations)
    with database.write() as store:
        raw = store.connection.connection.cursor()
        raw.executemany(
            "INSERT INTO contacts (id, name, name_key, created_at, updated_at)"
            " VALUES (?, ?, ?, 0, 0)",
            _contacts(chance, size.people),
        )
        raw.executemany(
            "INSERT INTO contact_identifiers (id, contact_id, home_contact_id, kind, value, raw)"
            " VALUES (?1, ?1, ?1, 'email', 'p' || ?1 || '@example.org', '')",
            ((id_,) for id_ in range(1, size.people + 1)),
        )
        raw.execute("INSERT OR REPLACE INTO system_settings VALUES ('self_person_id', '1')")
        raw.executemany(
            "INSERT INTO conversations (id, source, subject, first_message_at, last_message_at)"
            " VALUES (?, 'mail', ?, ?, ?)",
            zip(
                range(1, size.conversations + 1),
                subjects,
                started.tolist(),
                (started + DAY_S).tolist(),
                strict=True,
            ),
        )
        if size.has_messages:
            _write_messages(raw, chance, conversation, people, started)
        else:
            sent = chance.integers(0, 4, len(people))
            first = started[conversation - 1]
            raw.executemany(
                "INSERT INTO conversation_participants VALUES (?, ?, ?, ?, ?)",
                _rows(
                    conversation, people, sent, first, first + chance.integers(0, DAY_S, len(first))
                ),
            )


def add_messages(database: Database, count: int, *, seed: int = 2) -> None:
    """Write so many new messages as an import does: half of them in conversations that are there,
    half in new ones, between people who know each other."""
    chance = np.random.default_rng(seed)
    with database.write() as store:
        execute = store.connection.exec_driver_sql
        last = execute("SELECT max(id) FROM conversations").scalar_one()
        number = execute("SELECT max(id) FROM messages").scalar_one()
        chosen = last - np.unique(chance.integers(0, last // 4, count))
        new = last
        for place in range(count):
            number += 1
            known = int(chosen[place % len(chosen)])
            members = [
                row[0]
                for row in execute(
                    "SELECT contact_id FROM conversation_participants WHERE conversation_id = ?"
                    " LIMIT 6",
                    (known,),
                )
            ]
            target = known
            if place % 2:
                new += 1
                target = new
                execute(
                    "INSERT INTO conversations (id, source, subject) SELECT ?, 'mail', subject"
                    " FROM conversations WHERE id = ?",
                    (new, known),
                )
            chance.shuffle(members)
            sent_at = NOW - int(chance.integers(0, DAY_S))
            execute(
                "INSERT INTO messages (id, conversation_id, source_type, external_id, content_key,"
                " sent_at) VALUES (?1, ?2, 'mail', 'n' || ?1, ?1, ?3)",
                (number, target, sent_at),
            )
            roles = [
                (member, "recipient" if place else "sender") for place, member in enumerate(members)
            ]
            store.messages.insert_people([(number, id_, role, id_) for id_, role in roles])
            store.messages.add_participation(
                [(target, id_, int(role == "sender"), sent_at) for id_, role in roles]
            )
            execute(
                "UPDATE conversations SET message_count = message_count + 1,"
                " last_message_at = max(coalesce(last_message_at, 0), ?) WHERE id = ?",
                (sent_at, target),
            )


def _circles(chance: np.random.Generator, sizes: Ints, people: int) -> Ints:
    """Who takes part: a host, drawn so that some host very much, and people near the host."""
    rank = np.arange(people)
    weights = 1.0 / (rank + 10.0) ** 0.9
    hosts = chance.choice(people, len(sizes), p=weights / weights.sum())
    host = np.repeat(hosts, sizes)
    reach = np.repeat(np.maximum(20, 2 * sizes), sizes)
    near = (host + (chance.standard_normal(len(host)) * reach).astype(np.int64)) % people
    stranger = chance.choice(people, len(host), p=weights / weights.sum())
    chosen = np.where(chance.random(len(host)) < 0.8, near, stranger)
    firsts = np.cumsum(sizes) - sizes
    chosen[firsts] = hosts
    # The person whose archive it is takes part in half of all.
    own = firsts + 1
    chosen[own[chance.random(len(own)) < 0.5]] = 0
    return chosen + 1


def _contacts(chance: np.random.Generator, people: int) -> Iterable[tuple[int, str, str]]:
    first, last = (
        chance.integers(0, _NAMES, people).tolist(),
        chance.integers(0, _NAMES, people).tolist(),
    )
    for id_, (one, other) in enumerate(zip(first, last, strict=True), start=1):
        # Some names are words that subjects use, as Mark and Bill are.
        name = f"{_word(_WORDS - 500 + one)} {_word(_WORDS + _NAMES + other)}"
        yield id_, name.title(), name


def _word(number: int) -> str:
    """A pronounceable word for a number."""
    letters = []
    for place in range(3):
        number, vowel = divmod(number, 5)
        number, consonant = divmod(number, 14)
        letters.append("bdfghklmnprstv"[(consonant + place) % 14] + "aeiou"[vowel])
    return "".join(letters)


def _subjects(chance: np.random.Generator, count: int) -> Iterable[str]:
    words = [_word(number) for number in range(_WORDS)]
    lengths = chance.integers(2, 8, count)
    chosen = chance.zipf(1.3, int(lengths.sum())) % _WORDS
    begin = 0
    for length in lengths.tolist():
        yield " ".join(words[word] for word in chosen[begin : begin + length].tolist())
        begin += length


def _rows(*columns: Ints) -> Iterable[tuple[int, ...]]:
    step = 50_000
    for begin in range(0, len(columns[0]), step):
        yield from zip(*(column[begin : begin + step].tolist() for column in columns), strict=True)


def _write_messages(
    raw: object, chance: np.random.Generator, conversation: Ints, people: Ints, started: Ints
) -> None:
    counts = chance.geometric(1 / _MESSAGES_PER_CONVERSATION, len(started))
    counts = np.minimum(counts, 60)
    starts = np.searchsorted(conversation, np.arange(1, len(started) + 2))
    thread = np.repeat(np.arange(1, len(started) + 1), counts)
    total = len(thread)
    message = np.arange(1, total + 1)
    begins = np.cumsum(counts) - counts
    place = message - 1 - np.repeat(begins, counts)
    sent_at = started[thread - 1] + place * chance.integers(600, 3 * DAY_S, total)
    sent_at = np.minimum(sent_at, NOW)
    sizes = np.diff(starts)[thread - 1]
    sender = starts[thread - 1] + chance.integers(0, 1 << 30, total) % sizes
    # To up to eight of those who take part.
    width = np.minimum(sizes - 1, chance.integers(1, 9, total))
    row = np.repeat(np.arange(total), width)
    step = np.arange(len(row)) - np.repeat(np.cumsum(width) - width, width) + 1
    receiver = starts[thread[row] - 1] + (sender[row] - starts[thread[row] - 1] + step) % sizes[row]
    cursor = raw
    cursor.executemany(  # type: ignore[attr-defined]
        "INSERT INTO messages (id, conversation_id, source_type, external_id, content_key, sent_at,"
        " preview, attachment_count) VALUES (?1, ?2, 'mail', 'm' || ?1, ?1, ?3,"
        " substr('We could meet in the garden and talk about all of it again, as we said. ', 1,"
        " 20 + ?1 % 50), ?4)",
        _rows(message, thread, sent_at, (chance.random(total) < 0.15).astype(np.int64)),
    )
    cursor.executemany(  # type: ignore[attr-defined]
        "INSERT INTO message_people (message_id, contact_id, role, identifier_id)"
        " VALUES (?1, ?2, 'sender', ?2)",
        _rows(message, people[sender]),
    )
    cursor.executemany(  # type: ignore[attr-defined]
        "INSERT INTO message_people (message_id, contact_id, role, identifier_id)"
        " VALUES (?1, ?2, 'recipient', ?2)",
        _rows(message[row], people[receiver]),
    )
    cursor.execute(  # type: ignore[attr-defined]
        "INSERT INTO conversation_participants SELECT m.conversation_id, p.contact_id,"
        " sum(p.role = 'sender'), min(m.sent_at), max(m.sent_at) FROM messages m"
        " JOIN message_people p ON p.message_id = m.id GROUP BY 1, 2"
    )
    cursor.execute(  # type: ignore[attr-defined]
        "UPDATE conversations SET (message_count, first_message_at, last_message_at) ="
        " (SELECT count(*), min(sent_at), max(sent_at) FROM messages m"
        " WHERE m.conversation_id = conversations.id)"
    )
