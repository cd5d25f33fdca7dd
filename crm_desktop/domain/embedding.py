"""What is said to the model about a relationship, a person or a company, and by what it is known.

A vector belongs to one text: while `text_hash` stays the same nothing is embedded again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from enum import IntEnum
from types import MappingProxyType

MAX_CHARACTERS = 1_000

ATTITUDE_WORDS: Mapping[int, str] = MappingProxyType(
    {1: "very_negative", 2: "negative", 3: "neutral", 4: "positive", 5: "very_positive"}
)
PROXIMITY_WORDS: Mapping[int, str] = MappingProxyType(
    {1: "distant", 2: "acquainted", 3: "familiar", 4: "close", 5: "very_close"}
)


class VectorKind(IntEnum):
    """What a vector stands for. The numbers are kept in files."""

    RELATIONSHIP = 1
    CONTACT = 2
    COMPANY = 3


_KIND_BITS = 2


def vector_key(kind: VectorKind, entity_id: int) -> int:
    """The one positive number by which a vector is kept, whatever it stands for."""
    return entity_id << _KIND_BITS | kind


def vector_entity(key: int) -> tuple[VectorKind, int]:
    """The kind and the id that `vector_key` was given."""
    return VectorKind(key & (1 << _KIND_BITS) - 1), key >> _KIND_BITS


def unified_text(
    description: str | None,
    relationship_type: str,
    attitude: int | None = None,
    proximity: int | None = None,
    notes: Iterable[str] = (),
) -> str:
    """The one text of a relationship: description, type, attitude and proximity in words, notes;
    what is empty is left out, and it is cut after 1,000 characters.

    `relationship_type` is the type's name, such as KNOWS. Attitude and proximity are 1-5.
    """
    return _joined(
        description,
        relationship_type,
        None if attitude is None else ATTITUDE_WORDS[attitude],
        None if proximity is None else PROXIMITY_WORDS[proximity],
        *notes,
    )


def contact_text(
    name: str,
    *,
    title: str | None = None,
    company: str | None = None,
    tags: Iterable[str] = (),
    notes: str | None = None,
    topics: Iterable[str] = (),
) -> str:
    """The text of a person: name, title, company, tags, notes, and what they talk about; cut
    after 1,000 characters."""
    return _joined(name, title, company, *tags, notes, *topics)


def company_text(
    name: str,
    *,
    domain: str | None = None,
    tags: Iterable[str] = (),
    notes: str | None = None,
    topics: Iterable[str] = (),
) -> str:
    """The text of a company: name, domain, tags, notes, and what people there talk about; cut
    after 1,000 characters."""
    return _joined(name, domain, *tags, notes, *topics)


def text_hash(text: str) -> str:
    """32 hexadecimal digits that are equal for equal texts only, on every machine."""
    # A text from a damaged mail may hold half of a surrogate pair.
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def hash_number(text_hash: str) -> int:
    """The first 63 bits of a `text_hash`, as files of vectors keep it; never 0."""
    return int(text_hash[:16], 16) >> 1 or 1


def _joined(*parts: str | None) -> str:
    present = (part.strip() for part in parts if part)
    return " ".join(part for part in present if part)[:MAX_CHARACTERS]
