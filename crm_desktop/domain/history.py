"""The history of a contact or company: what the person changed about it, command by command."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value before and after, as text; None where there was or is nothing.

    `table` and `field` are those of the database; `subject` says which one of several is meant:
    an identifier as it was written, or a relationship as "id kind:id kind:id type", its first end
    before its second.
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


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change in words: `what` changed, and how it is shown before and after; None where there
    was or is nothing."""

    what: str
    before: str | None
    after: str | None

    @property
    def text(self) -> str:
        """The change in one line: Title: “Engineer” → “Director”."""
        if self.after is None:
            return f"{self.what}: “{self.before}” removed"
        if self.before is None:
            return f"{self.what}: “{self.after}”"
        return f"{self.what}: “{self.before}” → “{self.after}”"


@dataclass(frozen=True, slots=True)
class HistoryRecord:
    """What one command changed about a contact or company, in words. `label` is the command's
    name in the menu; `changed_at` is in epoch seconds UTC."""

    id: int
    label: str
    changed_at: int
    lines: tuple[HistoryLine, ...]
