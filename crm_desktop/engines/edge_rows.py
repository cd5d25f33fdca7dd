"""Inferred edges as rows: the JSON of their measures and the sentence that explains them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import add
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from crm_desktop.engines.folding import MISSING
from crm_desktop.engines.inference import InferredEdges, strengths

Ints = npt.NDArray[np.int64]
_Key = TypeVar("_Key")
EdgeRow = tuple[int, int, str, str | None]
"""Lower contact id, higher contact id, the text of `properties`, description."""

_EDGES_PER_SLICE = 2_000
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS_PER_YEAR = 12
_EPOCH_YEAR = 1970
_MONTH_BITS = 20
_NO_MONTH = -(1 << _MONTH_BITS) // 2
_PROPERTIES = (
    '{"strength":%s,"shared_conversations":%d,"shared_messages":%d,"first_interaction":%s,'
    '"last_interaction":%s,"recent_conversations":[%s]}'
)
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
    return _PROPERTIES % (
        repr(strength),
        conversations,
        messages,
        "null" if first is None else first,
        "null" if last is None else last,
        recent,
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
    return _lead(topics) + _extent(conversations, begins, ends)


def is_sentence(description: str | None) -> bool:
    """Whether a description is such a sentence, and not what a person wrote in its place."""
    return description is not None and _SENTENCE.fullmatch(description) is not None


def months(times: Ints) -> Ints:
    """The UTC months of the times, counted from January 1970."""
    known = times != MISSING
    seconds = np.where(known, times, 0).astype("datetime64[s]")
    return np.where(known, seconds.astype("datetime64[M]").astype(np.int64), _NO_MONTH)


def _lead(topics: str) -> str:
    return f"Talk about {topics}; " if topics else ""


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


class _Known(dict[_Key, str]):
    """The text for a key, made once."""

    def __init__(self, make: Callable[[_Key], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: _Key) -> str:
        text = self[key] = self._make(key)
        return text


def _packed_extent(packed: int) -> str:
    rest, ends = divmod(packed, 1 << _MONTH_BITS)
    conversations, begins = divmod(rest, 1 << _MONTH_BITS)
    return _extent(conversations, begins + _NO_MONTH, ends + _NO_MONTH)


class _Writer:
    """Writes rows with as few steps of Python a row as may be: there are millions. What many have
    in common is worked out once."""

    def __init__(
        self, edges: InferredEdges, topics: Sequence[str], conversation_ids: Ints, as_of: int
    ) -> None:
        self._edges = edges
        self._topics = topics
        self._ids = conversation_ids
        self._as_of = as_of
        self._leads = _Known(_lead)
        self._extents = _Known(_packed_extent)
        self._numbers: _Known[float] = _Known(repr)
        self._times: _Known[int] = _Known(lambda time: "null" if time == MISSING else str(time))

    def rows(self, which: Ints) -> list[EdgeRow]:
        """The rows of these edges."""
        edges = self._edges
        conversations = edges.shared_conversations[which]
        messages = edges.shared_messages[which]
        first, last = edges.first_interaction[which], edges.last_interaction[which]
        extents = conversations << _MONTH_BITS | (months(first) - _NO_MONTH)
        extents = extents << _MONTH_BITS | (months(last) - _NO_MONTH)
        values = zip(
            map(
                self._numbers.__getitem__,
                strengths(conversations, messages, last, self._as_of).tolist(),
            ),
            conversations.tolist(),
            messages.tolist(),
            self._time_texts(first),
            self._time_texts(last),
            self._recent(which),
            strict=True,
        )
        leads = map(self._leads.__getitem__, map(self._topics.__getitem__, which.tolist()))
        return list(
            zip(
                edges.low_ids[which].tolist(),
                edges.high_ids[which].tolist(),
                map(_PROPERTIES.__mod__, values),
                map(add, leads, map(self._extents.__getitem__, extents.tolist())),
                strict=True,
            )
        )

    def _time_texts(self, times: Ints) -> Iterable[int | str]:
        if (times == MISSING).any():
            return map(self._times.__getitem__, times.tolist())
        plain: list[int] = times.tolist()
        return plain

    def _recent(self, which: Ints) -> list[str]:
        ends = self._edges.recent_ends[which]
        begins = np.where(which > 0, self._edges.recent_ends[which - 1], 0)
        texts = list(map(str, self._ids[self._edges.recent[begins]].tolist()))
        several = np.flatnonzero(ends - begins > 1)
        for place, begin, end in zip(
            several.tolist(), begins[several].tolist(), ends[several].tolist(), strict=True
        ):
            texts[place] = ",".join(map(str, self._ids[self._edges.recent[begin:end]].tolist()))
        return texts
