"""Inferred edges as rows: the JSON of their measures and the sentence that explains them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from crm_desktop.engines.folding import MISSING
from crm_desktop.engines.inference import InferredEdges, strengths

Ints = npt.NDArray[np.int64]
EdgeRow = tuple[int, int, str, str]
"""Lower contact id, higher contact id, the text of `properties`, description."""

_EDGES_PER_SLICE = 2_000
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS_PER_YEAR = 12
_EPOCH_YEAR = 1970
_NO_MONTH = -(1 << 40)
_SENTENCE = re.compile(
    r"(Talk about .+; )?[0-9,]+ conversations?( in \w{3} \d+| from \w{3} \d+ to \w{3} \d+)?\.",
    re.DOTALL,
)


def edge_rows(
    edges: InferredEdges,
    topics: Sequence[str],
    conversation_ids: Ints,
    *,
    as_of: int,
    which: Ints | None = None,
) -> Iterator[list[EdgeRow]]:
    """The rows of all edges, or of those numbered `which`, in slices: more at once would hold up
    the window. Strengths are as of `as_of`; `edges.recent` are indices into `conversation_ids`."""
    writer = _Writer(edges, topics, conversation_ids, as_of)
    count = len(edges) if which is None else len(which)
    for begin in range(0, count, _EDGES_PER_SLICE):
        end = min(begin + _EDGES_PER_SLICE, count)
        yield writer.rows(np.arange(begin, end) if which is None else which[begin:end])


def properties_text(
    strength: float,
    conversations: int,
    messages: int,
    first: int | None,
    last: int | None,
    recent: str,
) -> str:
    """The text of `properties`; `recent` are conversation ids with commas between them."""
    return (
        f'{{"strength":{strength!r},"shared_conversations":{conversations},'
        f'"shared_messages":{messages},'
        f'"first_interaction":{"null" if first is None else first},'
        f'"last_interaction":{"null" if last is None else last},'
        f'"recent_conversations":[{recent}]}}'
    )


def restrengthened(rows: Sequence[tuple[int, int, int, str, str | None]], as_of: int) -> list[str]:
    """The text of `properties` of stored rows (id, lower and higher contact id, properties,
    description) with their strength as of another instant."""
    values = [json.loads(row[3]) for row in rows]
    last = [value["last_interaction"] for value in values]
    now = strengths(
        np.array([value["shared_conversations"] for value in values], np.int64),
        np.array([value["shared_messages"] for value in values], np.int64),
        np.array([MISSING if time is None else time for time in last], np.int64),
        as_of,
    )
    return [
        properties_text(
            strength,
            value["shared_conversations"],
            value["shared_messages"],
            value["first_interaction"],
            value["last_interaction"],
            ",".join(map(str, value["recent_conversations"])),
        )
        for strength, value in zip(now.tolist(), values, strict=True)
    ]


def sentence(topics: str, conversations: int, first: int, last: int) -> str:
    """The sentence that explains an edge, such as "Talk about ISDA, swap agreements;
    12 conversations from Mar 2000 to Feb 2002." Times may be missing."""
    begins, ends = months(np.array([first, last])).tolist()
    return _sentence(topics, _extent(conversations, begins, ends))


def is_sentence(description: str | None) -> bool:
    """Whether a description is such a sentence, and not what a person wrote in its place."""
    return description is not None and _SENTENCE.fullmatch(description) is not None


def months(times: Ints) -> Ints:
    """The UTC months of the times, counted from January 1970."""
    known = times != MISSING
    seconds = np.where(known, times, 0).astype("datetime64[s]")
    return np.where(known, seconds.astype("datetime64[M]").astype(np.int64), _NO_MONTH)


def _sentence(topics: str, extent: str) -> str:
    return f"Talk about {topics}; {extent}" if topics else extent


def _extent(conversations: int, begins: int, ends: int) -> str:
    count = f"{conversations:,} conversation{'' if conversations == 1 else 's'}"
    if begins == ends == _NO_MONTH:
        return f"{count}."
    if _NO_MONTH in (begins, ends) or begins == ends:
        return f"{count} in {_month(max(begins, ends))}."
    return f"{count} from {_month(begins)} to {_month(ends)}."


def _month(month: int) -> str:
    year, place = divmod(month, _MONTHS_PER_YEAR)
    return f"{_MONTHS[place]} {_EPOCH_YEAR + year}"


class _Writer:
    """Writes rows; what many have in common is worked out once."""

    def __init__(
        self, edges: InferredEdges, topics: Sequence[str], conversation_ids: Ints, as_of: int
    ) -> None:
        self._edges = edges
        self._topics = topics
        self._ids = conversation_ids
        self._as_of = as_of
        self._extents: dict[tuple[int, int, int], str] = {}

    def rows(self, which: Ints) -> list[EdgeRow]:
        edges = self._edges
        conversations = edges.shared_conversations[which]
        messages = edges.shared_messages[which]
        first, last = edges.first_interaction[which], edges.last_interaction[which]
        values = strengths(conversations, messages, last, self._as_of)
        topics = map(self._topics.__getitem__, which.tolist())
        extents = map(
            self._extent, conversations.tolist(), months(first).tolist(), months(last).tolist()
        )
        texts = map(
            properties_text,
            values.tolist(),
            conversations.tolist(),
            messages.tolist(),
            _nones(first),
            _nones(last),
            self._recent(which),
        )
        return list(
            zip(
                edges.low_ids[which].tolist(),
                edges.high_ids[which].tolist(),
                texts,
                map(_sentence, topics, extents),
                strict=True,
            )
        )

    def _recent(self, which: Ints) -> list[str]:
        ends = self._edges.recent_ends
        begins = np.where(which > 0, ends[which - 1], 0).tolist()
        texts = []
        for begin, end in zip(begins, ends[which].tolist(), strict=True):
            if end - begin == 1:
                texts.append(str(self._ids[self._edges.recent[begin]]))
            else:
                ids = self._ids[self._edges.recent[begin:end]].tolist()
                texts.append(",".join(map(str, ids)))
        return texts

    def _extent(self, conversations: int, begins: int, ends: int) -> str:
        key = conversations, begins, ends
        known = self._extents.get(key)
        if known is None:
            known = self._extents[key] = _extent(*key)
        return known


def _nones(times: Ints) -> list[int | None]:
    return [None if time == MISSING else time for time in times.tolist()]
