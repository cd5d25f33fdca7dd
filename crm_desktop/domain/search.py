"""What the search box finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class HitKind(StrEnum):
    """The group a hit is listed under."""

    PERSON = "person"
    COMPANY = "company"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `why` says what matched, in plain text; `marks` are the (start, length)
    ranges of `title` that matched."""

    kind: HitKind
    id: int
    title: str
    subtitle: str
    why: str
    marks: tuple[tuple[int, int], ...] = ()
    contact_id: int | None = None  # whom to show: the person, or a conversation's chief other


@dataclass(frozen=True, slots=True)
class SearchResults:
    """Hits, best first within each kind, and the query they answer."""

    query: str
    hits: tuple[Hit, ...]
