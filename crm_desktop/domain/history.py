"""The history of a contact or company: what the person changed about it, command by command."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value before and after, as text; None where there was or is nothing.

    `table` and `field` are those of the database; `subject` says which one of several is meant,
    such as the identifier or the relationship.
    """

    table: str
    field: str
    before: str | None
    after: str | None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What one command changed. `changed_at` is in epoch seconds UTC."""

    id: int
    label: str
    changed_at: int
    changes: tuple[FieldChange, ...]
