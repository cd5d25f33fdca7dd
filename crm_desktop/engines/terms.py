"""What two people talk about: the terms of their conversations' subjects that stand out.

A term is a word or two neighbouring words. A pair's terms are ranked by the number of shared
conversations that name them times their rarity in the whole archive (tf-idf). A conversation
counts the less for a pair the more people took part: what only two discuss says most of them.
"""

from __future__ import annotations

import math
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
from scipy import sparse

from crm_desktop.base.jobs import JobContext
from crm_desktop.engines.inference import (
    MISSING,
    FoldedConversations,
    InferredEdges,
    edge_keys,
    pair_chunks,
    pair_keys,
)
from crm_desktop.engines.stopwords import STOP_WORDS

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

TERMS_SHOWN = 3
_CANDIDATES = 8
_SURE = 1_000
"""What a spelling inside a subject weighs against a capital at its start, which may mean
nothing."""
_INSTANCES_PER_BLOCK = 1 << 22
_LONGEST_WORD = 24
_ONCE_FACTOR = 0.6
_PHRASE_FACTOR = 1.15
_DIGITS_FACTOR = 0.4
_WORD = re.compile(r"[^\W_]+(?:['’&-][^\W_]+)*")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of an archive. Row i of `matrix` says which terms conversation i names.

    `parts` has a row per term: the number of its first word, and of its second or -1. `words`
    are the words by number, casefolded, and `spellings` as they are shown.
    """

    parts: Ints
    words: Sequence[str]
    spellings: Sequence[str]
    rarities: Floats
    matrix: sparse.csr_array


def vocabulary(
    subjects: Mapping[int, str], conversation_ids: Ints, ctx: JobContext | None = None
) -> Vocabulary:
    """The terms of all `subjects` (by conversation id), as a matrix with one row for each of
    `conversation_ids`. Pairs of words count only when at least two conversations hold them."""
    texts = _number_words(subjects.values(), ctx or JobContext())
    parts, rows, columns, counts = _terms(texts)
    named = sparse.csr_array(
        (np.ones(len(rows)), (rows, columns)), shape=(len(texts.frequencies) + 1, len(parts))
    )
    nothing = len(texts.frequencies)
    chosen = [texts.places.get(subjects.get(id_, ""), nothing) for id_ in conversation_ids.tolist()]
    return Vocabulary(
        parts,
        texts.words,
        _shown_spellings(texts.words, texts.spellings),
        _rarities(parts, texts.words, counts, len(subjects)),
        named[np.array(chosen, np.int64)],
    )


def edge_terms(
    edges: InferredEdges,
    folded: FoldedConversations,
    terms: Vocabulary,
    names: Mapping[int, Collection[str]],
    ctx: JobContext | None = None,
) -> Iterator[tuple[str, ...]]:
    """For each edge, in order, up to three terms that stand out in its conversations.

    `names` are the words of each person's name, which say nothing about their topics.
    """
    ctx = ctx or JobContext()
    low_ids, high_ids = edges.low_ids.tolist(), edges.high_ids.tolist()
    for begin, incidence in _incidence_blocks(edges, folded):
        best = _best_terms(incidence @ terms.matrix, terms.rarities)
        for offset, candidates in enumerate(best):
            edge = begin + offset
            if edge % 1_000 == 0:
                ctx.tick(edge, len(edges), "Describing what people talk about")
            silent = (names.get(low_ids[edge], ()), names.get(high_ids[edge], ()))
            yield _choose(candidates, terms, silent)


def describe(
    terms: Sequence[str], conversations: int, first_interaction: int, last_interaction: int
) -> str:
    """The sentence that explains an edge, such as "Talk about ISDA, swap agreements;
    12 conversations from Mar 2000 to Feb 2002." Times may be missing."""
    count = f"{conversations:,} conversation{'' if conversations == 1 else 's'}"
    begins = _month(first_interaction)
    ends = _month(last_interaction)
    if begins and ends and begins != ends:
        count += f" from {begins} to {ends}"
    elif ends or begins:
        count += f" in {ends or begins}"
    return f"Talk about {', '.join(terms)}; {count}." if terms else f"{count}."


def _month(seconds: int) -> str:
    if seconds == MISSING:
        return ""
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{_MONTHS[moment.month - 1]} {moment.year}"


@dataclass(frozen=True, slots=True)
class _Texts:
    """The distinct subjects as word numbers: those of text i are `numbers` where `texts` is i,
    in order; -1 stands where a word says nothing. `frequencies` count each text's uses."""

    places: Mapping[str, int]
    frequencies: Ints
    numbers: Ints
    texts: Ints
    words: Sequence[str]
    spellings: Mapping[str, int]


def _number_words(subjects: Iterable[str], ctx: JobContext) -> _Texts:
    frequencies = Counter(subjects)
    numbers: dict[str, int] = {}
    spellings: Counter[str] = Counter()
    # Flat arrays: a container per subject would make the garbage collector stop everyone.
    flat, lengths = array("q"), array("q")
    for done, subject in enumerate(frequencies):
        if done % 500 == 0:
            ctx.tick(done, len(frequencies), "Reading subjects")
        before = len(flat)
        # Words of a shouted subject do not tell how they are written.
        tells_spelling = not subject.isupper()
        for written in _WORD.findall(unicodedata.normalize("NFC", subject)):
            word = _folded(written)
            if word in STOP_WORDS or _says_nothing(word):
                flat.append(-1)
                continue
            if tells_spelling:
                is_first = len(flat) == before and written.istitle()
                spellings[written] += 1 if is_first else _SURE
            flat.append(numbers.setdefault(word, len(numbers)))
        lengths.append(len(flat) - before)
    return _Texts(
        {subject: place for place, subject in enumerate(frequencies)},
        np.fromiter(frequencies.values(), np.int64, len(frequencies)),
        np.array(flat, np.int64),
        np.repeat(np.arange(len(lengths)), np.array(lengths, np.int64)),
        list(numbers),
        spellings,
    )


def _folded(written: str) -> str:
    return written.casefold().replace("’", "'")


def _terms(texts: _Texts) -> tuple[Ints, Ints, Ints, Floats]:
    """The terms' parts; which text (row) names which term (column), once each; and in how many
    conversations each term is named."""
    known = texts.numbers >= 0
    single_texts, single_terms = _distinct(texts.texts[known], texts.numbers[known])
    first, second = texts.numbers[:-1], texts.numbers[1:]
    joined = (texts.texts[:-1] == texts.texts[1:]) & (first >= 0) & (second >= 0)
    joined &= first != second
    count = max(1, len(texts.words))
    keys, pair_terms = np.unique(first[joined] * count + second[joined], return_inverse=True)
    pair_texts, pair_terms = _distinct(texts.texts[:-1][joined], pair_terms)
    uses = np.bincount(pair_terms, texts.frequencies[pair_texts], len(keys))
    often = uses > 1
    number = np.cumsum(often) - 1 + len(texts.words)
    kept = often[pair_terms]
    rows = np.concatenate((single_texts, pair_texts[kept]))
    columns = np.concatenate((single_terms, number[pair_terms[kept]]))
    parts = np.full((len(texts.words) + int(often.sum()), 2), -1, np.int64)
    parts[: len(texts.words), 0] = np.arange(len(texts.words))
    parts[len(texts.words) :, 0], parts[len(texts.words) :, 1] = np.divmod(keys[often], count)
    counts = np.bincount(columns, texts.frequencies[rows], len(parts))
    return parts, rows, columns, counts.astype(np.float64)


def _distinct(first: Ints, second: Ints) -> tuple[Ints, Ints]:
    """Each (first, second) pair once."""
    width = int(second.max(initial=0)) + 1
    distinct_first, distinct_second = np.divmod(np.unique(first * width + second), width)
    return distinct_first, distinct_second


def _says_nothing(word: str) -> bool:
    if len(word) == 1:
        return word.isascii()
    if len(word) > _LONGEST_WORD:
        return True
    return not word.isalpha() and not any(character.isalpha() for character in word)


def _shown_spellings(words: Sequence[str], spellings: Mapping[str, int]) -> list[str]:
    """Each word as it is most often written; in lower case when that is not known."""
    best: dict[str, tuple[int, str]] = {}
    for written, count in spellings.items():
        key = _folded(written)
        if key not in best or (count, written.islower()) > (
            best[key][0],
            best[key][1].islower(),
        ):
            best[key] = (count, written)
    return [best[word][1] if word in best else word for word in words]


def _rarities(parts: Ints, words: Sequence[str], counts: Floats, documents: int) -> Floats:
    rarities: Floats = np.log((1 + documents) / (1 + counts)) + 1.0 / math.e
    is_phrase = parts[:, 1] >= 0
    # A last entry for "no word", which -1 finds.
    has_digits = np.array([*(not word.isalpha() and _has_digit(word) for word in words), False])
    rarities[counts == 1] *= _ONCE_FACTOR
    rarities[is_phrase] *= _PHRASE_FACTOR
    rarities[has_digits[parts].any(axis=1)] *= _DIGITS_FACTOR
    return rarities


def _has_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)


def _incidence_blocks(
    edges: InferredEdges, folded: FoldedConversations
) -> Iterator[tuple[int, sparse.csr_array]]:
    """How much each conversation says about each edge, for runs of edges that together share a
    bounded number of them: the first edge's number, and a matrix of edges by conversations."""
    if not len(edges):
        return
    intimacy = 1.0 / np.maximum(1, np.bincount(folded.conversations) - 1)
    keys = edge_keys(folded, edges)
    blocks = np.cumsum(edges.shared_conversations) // _INSTANCES_PER_BLOCK
    for block in np.unique(blocks).tolist():
        begin, end = np.searchsorted(blocks, [block, block + 1]).tolist()
        rows: list[Ints] = []
        columns: list[Ints] = []
        for low, high in pair_chunks(folded):
            place = pair_keys(folded, low, high)
            inside = (place >= keys[begin]) & (place <= keys[end - 1])
            rows.append(np.searchsorted(keys[begin:end], place[inside]))
            columns.append(folded.conversations[low[inside]])
        shared = np.concatenate(columns)
        yield (
            begin,
            sparse.csr_array(
                (intimacy[shared], (np.concatenate(rows), shared)),
                shape=(end - begin, len(folded.conversation_ids)),
            ),
        )


def _best_terms(counts: sparse.csr_array, rarities: Floats) -> Iterator[list[int]]:
    """The best candidates of each row, best first; ties by term number."""
    sizes = np.diff(counts.indptr)
    rows = np.repeat(np.arange(len(sizes)), sizes)
    scores = counts.data * rarities[counts.indices]
    order = np.lexsort((counts.indices, -scores, rows))
    ordered = counts.indices[order]
    starts = counts.indptr[:-1].tolist()
    for start, size in zip(starts, sizes.tolist(), strict=True):
        yield ordered[start : start + min(size, _CANDIDATES)].tolist()


def _choose(
    candidates: Sequence[int], terms: Vocabulary, names: Sequence[Collection[str]]
) -> tuple[str, ...]:
    chosen: list[str] = []
    used: set[int] = set()
    for first, second in terms.parts[candidates].tolist():
        parts = (first,) if second < 0 else (first, second)
        if not used.isdisjoint(parts):
            continue
        if any(terms.words[part] in known for part in parts for known in names):
            continue
        used.update(parts)
        chosen.append(" ".join(terms.spellings[part] for part in parts))
        if len(chosen) == TERMS_SHOWN:
            break
    return tuple(chosen)
