"""What a check of the database found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckReport:
    """One plain sentence for each problem; `checked` counts the rows looked at, by noun."""

    problems: tuple[str, ...]
    checked: tuple[tuple[str, int], ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems
