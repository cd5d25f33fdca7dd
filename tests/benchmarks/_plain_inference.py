"""Inference as one would write it first: dictionaries, one pair at a time, one upsert a row.

The rows are the same, character for character, which the benchmark checks.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from itertools import combinations, pairwise
from typing import Any

from crm_desktop.domain.relationships import KNOWS_TYPE_ID
from crm_desktop.engines.stopwords import STOP_WORDS

DAY_S = 86_400
LIMIT = 30
RECENT = 32
_WORD = re.compile(r"[^\W_]+(?:['’&-][^\W_]+)*")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Pair:
    """What two people share."""

    __slots__ = ("conversations", "first", "last", "messages")

    def __init__(self) -> None:
        self.conversations: list[int] = []
        self.messages = 0
        self.first: int | None = None
        self.last: int | None = None


def infer(connection: Any, now: int) -> int:
    """Find and store all relationships of the database; how many there are.

    The names of everybody are taken to differ, everybody to be a person.
    """
    names = dict(connection.execute("SELECT id, name_key FROM contacts"))
    ended = dict(connection.execute("SELECT id, last_message_at FROM conversations"))
    subjects = dict(connection.execute("SELECT id, subject FROM conversations"))
    pairs, sizes = _count(connection, now)
    terms, rarities, spellings = _terms(subjects)
    weights = {id_: max(1, round(256 / max(1, size - 1))) for id_, size in sizes.items()}
    rows = (
        (
            low,
            high,
            *_row(pair, now, ended, terms, rarities, spellings, weights, names[low], names[high]),
        )
        for (low, high), pair in pairs.items()
    )
    connection.executemany(
        "INSERT INTO relationships (relationship_type_id, from_entity_type, from_entity_id,"
        " to_entity_type, to_entity_id, source, properties, description, created_at, updated_at)"
        f" VALUES ('{KNOWS_TYPE_ID}', 'contact', ?1, 'contact', ?2, 'inferred', ?3, ?4, 0, 0)"
        " ON CONFLICT (from_entity_id, to_entity_id, relationship_type_id) DO UPDATE SET"
        " properties = excluded.properties, description = excluded.description"
        " WHERE source = 'inferred'",
        rows,
    )
    return len(pairs)


def _count(connection: Any, now: int) -> tuple[dict[tuple[int, int], Pair], dict[int, int]]:
    conversations: dict[int, list[tuple[int, int, int | None, int | None]]] = defaultdict(list)
    for conversation, contact, count, first, last in connection.execute(
        "SELECT conversation_id, contact_id, communication_count, first_seen_at, last_seen_at"
        " FROM conversation_participants"
    ):
        if first is not None and first > now:
            first = now
        if last is not None and last > now:
            last = now
        conversations[conversation].append((contact, count, first, last))
    pairs: dict[tuple[int, int], Pair] = defaultdict(Pair)
    for conversation, people in conversations.items():
        if len(people) > LIMIT:
            continue
        people.sort()
        for one, other in combinations(people, 2):
            pair = pairs[one[0], other[0]]
            pair.conversations.append(conversation)
            pair.messages += one[1] + other[1]
            for first in (one[2], other[2]):
                if first is not None and (pair.first is None or first < pair.first):
                    pair.first = first
            for last in (one[3], other[3]):
                if last is not None and (pair.last is None or last > pair.last):
                    pair.last = last
    return pairs, {conversation: len(people) for conversation, people in conversations.items()}


def _terms(
    subjects: dict[int, str],
) -> tuple[dict[int, list[tuple[str, ...]]], dict[tuple[str, ...], int], dict[str, str]]:
    """The terms that each conversation names, how rare each is, and how words are written."""
    highest = max(subjects)
    shift = max(0, highest.bit_length() - 4)
    counted = highest >> shift << shift
    documents = sum(1 for id_, subject in subjects.items() if subject and id_ <= counted)
    frequencies: Counter[tuple[str, ...]] = Counter()
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    found: dict[int, list[tuple[str, ...]]] = {}
    for id_, subject in subjects.items():
        words: list[str] = []
        for place, written in enumerate(_WORD.findall(subject)):
            word = written.casefold()
            is_silent = word in STOP_WORDS or len(word) == 1 or len(word) > 24 or not word.isalpha()
            words.append("" if is_silent else word)
            if not is_silent and id_ <= counted and not subject.isupper():
                votes[word][written] += 1 if place == 0 and written.istitle() else 1_000
        terms = {(word,) for word in words if word}
        terms.update(
            (one, other) for one, other in pairwise(words) if one and other and one != other
        )
        found[id_] = sorted(terms)
        if id_ <= counted:
            frequencies.update(terms)
    rarities = {}
    for id_, terms_of in found.items():
        kept = []
        for term in terms_of:
            count = frequencies.get(term, 0)
            if len(term) == 2 and count < 2:
                continue
            kept.append(term)
            if term not in rarities:
                rarity = math.log((1 + documents) / (1 + max(1, count))) + 1 / math.e
                rarity *= 0.6 if count <= 1 else 1.0
                rarity *= 1.15 if len(term) == 2 else 1.0
                rarities[term] = round(rarity * 64)
        found[id_] = kept
    spellings = {
        word: min(
            written, key=lambda spelling: (-written[spelling], not spelling.islower(), spelling)
        )
        for word, written in votes.items()
    }
    return found, rarities, spellings


def _row(
    pair: Pair,
    now: int,
    ended: dict[int, int],
    terms: dict[int, list[tuple[str, ...]]],
    rarities: dict[tuple[str, ...], int],
    spellings: dict[str, str],
    weights: dict[int, int],
    low_name: str,
    high_name: str,
) -> tuple[str, str]:
    count = len(pair.conversations)
    if pair.last is None:
        recency = 0.1
    else:
        days = (now - pair.last) / DAY_S
        recency = 1.0 - (1.0 - 0.1) / (365.0 - 30.0) * (days - 30.0)
        recency = 0.1 if days >= 365 else recency
        recency = 1.0 if days <= 30 else recency
    strength = (
        0.4 * min(1.0, math.log2(1 + count) / math.log2(51))
        + 0.3 * min(1.0, math.log2(1 + pair.messages) / math.log2(201))
        + 0.3 * recency
    )
    recent = sorted(pair.conversations, key=lambda id_: (ended[id_], id_))[-RECENT:]
    recent.sort()
    scores: Counter[tuple[str, ...]] = Counter()
    for id_ in recent:
        for term in terms[id_]:
            scores[term] += weights[id_]
    best = sorted(scores, key=lambda term: (-scores[term] * rarities[term], term))[:8]
    names = set(low_name.split()) | set(high_name.split())
    used: set[str] = set()
    chosen = []
    for term in best:
        if len(chosen) < 3 and used.isdisjoint(term) and names.isdisjoint(term):
            used.update(term)
            chosen.append(" ".join(spellings.get(word, word) for word in term))
    properties = (
        f'{{"strength":{strength!r},"shared_conversations":{count},'
        f'"shared_messages":{pair.messages},'
        f'"first_interaction":{"null" if pair.first is None else pair.first},'
        f'"last_interaction":{"null" if pair.last is None else pair.last},'
        f'"recent_conversations":[{",".join(map(str, recent))}]}}'
    )
    extent = f"{count:,} conversation{'' if count == 1 else 's'}"
    begins, ends = _month(pair.first), _month(pair.last)
    extent += f" from {begins} to {ends}." if begins != ends else f" in {ends}." if ends else "."
    return properties, f"Talk about {', '.join(chosen)}; {extent}" if chosen else extent


def _month(seconds: int | None) -> str:
    if seconds is None:
        return ""
    import time

    moment = time.gmtime(seconds)
    return f"{_MONTHS[moment.tm_mon - 1]} {moment.tm_year}"
