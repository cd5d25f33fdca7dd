"""What the list of top contacts can be narrowed to, and who moved in it."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from crm_desktop.domain.relationships import RelationshipType, Suggestion


@dataclass(frozen=True, slots=True)
class TopFilter:
    """Whom the list shows: people of a company, with a tag, with a relationship of a type to the
    person at the centre, and with a decay bucket among these. None: any."""

    company_id: int | None = None
    tag: str | None = None
    relationship_type_id: str | None = None
    decay_buckets: frozenset[int] | None = None


EVERYBODY = TopFilter()


@dataclass(frozen=True, slots=True)
class TopPeople:
    """Everyone on a top list, as person ids, best first; and how many people each decay bucket
    holds (0-5), whichever buckets are wanted. Instants are epoch seconds UTC."""

    ids: array[int]
    bucket_counts: tuple[int, ...]
    window_start: int
    window_end: int


@dataclass(frozen=True, slots=True)
class TopScope:
    """Whose list it is and what it is narrowed to, by name. None: self, and any."""

    centre: Suggestion | None = None
    company: Suggestion | None = None
    relationship_type: RelationshipType | None = None


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody with whom contact changed: messages in the window and in the one before it."""

    person_id: int
    display_name: str
    organization: str | None
    messages_now: int
    messages_before: int


@dataclass(frozen=True, slots=True)
class Movement:
    """Who rose and who faded most, the greatest change first. Instants are epoch seconds UTC; the
    window before is as long and ends at `window_start`."""

    risers: tuple[Mover, ...]
    faders: tuple[Mover, ...]
    window_start: int
    window_end: int
