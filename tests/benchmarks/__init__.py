"""Speed, measured as ratios within one run: `python -m tests.benchmarks [NAME]...`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number and, where we promise something, the most it may be."""

    name: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.limit is None or self.value <= self.limit


def show(figures: Iterable[Figure]) -> None:
    """Print the figures as a table; AssertionError names those over their limit."""
    figures = tuple(figures)
    width = max(len(figure.name) for figure in figures)
    for figure in figures:
        limit = "" if figure.limit is None else f"  (at most {figure.limit:g})"
        print(f"{figure.name:<{width}}  {figure.value:10.2f} {figure.unit:<3}{limit}".rstrip())
    broken = [figure.name for figure in figures if not figure.holds]
    assert not broken, f"over the limit: {', '.join(broken)}"
