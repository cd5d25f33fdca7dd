"""The labelled set in `data/retrieval.json`: made-up relationships, questions in people's own
words, and how well each relationship answers each question (1 a little - 3 exactly)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from crm_desktop.domain.embedding import unified_text

PATH = Path(__file__).with_name("data") / "retrieval.json"


@dataclass(frozen=True, slots=True)
class LabelledRelationship:
    """A relationship to be found; its ends are names."""

    id: str
    from_name: str
    to_name: str
    type: str
    description: str
    attitude: int | None
    proximity: int | None
    notes: tuple[str, ...]

    @property
    def text(self) -> str:
        """What is embedded."""
        return unified_text(self.description, self.type, self.attitude, self.proximity, self.notes)


@dataclass(frozen=True, slots=True)
class LabelledQuery:
    """A question, with the gain of each relationship that answers it."""

    text: str
    gains: Mapping[str, int]


@cache
def labelled() -> tuple[tuple[LabelledRelationship, ...], tuple[LabelledQuery, ...]]:
    """The relationships and the questions."""
    content = json.loads(PATH.read_text(encoding="utf-8"))
    relationships = tuple(
        LabelledRelationship(
            row["id"],
            row["from"],
            row["to"],
            row["type"],
            row["description"],
            row["attitude"],
            row["proximity"],
            tuple(row["notes"]),
        )
        for row in content["relationships"]
    )
    queries = tuple(LabelledQuery(row["query"], row["relevant"]) for row in content["queries"])
    return relationships, queries


def ndcg(ranked: Sequence[str], gains: Mapping[str, int], depth: int = 10) -> float:
    """The normalised discounted cumulative gain of the first `depth` ids, from 0 to 1."""
    ideal = sorted(gains.values(), reverse=True)[:depth]
    return _dcg([gains.get(id_, 0) for id_ in ranked[:depth]]) / _dcg(ideal)


def _dcg(gains: Sequence[int]) -> float:
    return sum((2**gain - 1) / math.log2(place + 2) for place, gain in enumerate(gains))
