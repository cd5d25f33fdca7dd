"""What a write changed, so that views know whether they are concerned."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Keep(Enum):
    """Stands for a value that an edit leaves as it is, where None would clear it."""

    KEEP = "keep"


KEEP = Keep.KEEP


class ChangeKind(StrEnum):
    """The nouns whose rows may have changed."""

    CONTACTS = "contacts"
    COMPANIES = "companies"
    MESSAGES = "messages"
    RELATIONSHIPS = "relationships"
    RELATIONSHIP_TYPES = "relationship_types"
    INTERACTIONS = "interactions"
    IMPORTS = "imports"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Changes:
    """The kinds of rows a write touched and, where it was few, the contacts concerned."""

    kinds: frozenset[ChangeKind] = frozenset()
    ids: frozenset[int] = field(default=frozenset())

    def __or__(self, other: Changes) -> Changes:
        return Changes(self.kinds | other.kinds, self.ids | other.ids)

    def __bool__(self) -> bool:
        return bool(self.kinds)

    @classmethod
    def of(cls, *kinds: ChangeKind) -> Changes:
        """Changes of these kinds without naming single rows."""
        return cls(frozenset(kinds))


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What a command gave, and what it changed."""

    value: T
    changes: Changes
