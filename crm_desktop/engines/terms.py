"""What two people talk about: the terms of their conversations' subjects that stand out.

A term is a word or two neighbouring words. A pair's terms are ranked by the number of shared
conversations that name them times their rarity in the whole archive (tf-idf).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

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

    `parts` are the word numbers of each term, one for a word and two for a pair of words.
    """

    labels: Sequence[str]
    parts: Sequence[tuple[int, ...]]
    words: Sequence[str]
    rarities: Floats
    matrix: sparse.csr_array


def vocabulary(
    subjects: Mapping[int, str], conversation_ids: Ints, ctx: JobContext | None = None
) -> Vocabulary:
    """The terms of all `subjects` (by conversation id), as a matrix with one row for each of
    `conversation_ids`. Pairs of words count only when at least two subjects hold them."""
    ctx = ctx or JobContext()
    numbers: dict[str, int] = {}
    spellings: Counter[str] = Counter()
    sequences: dict[str, tuple[int, ...]] = {}
    for done, subject in enumerate(subjects.values()):
        if done % 2_000 == 0:
            ctx.tick(done, len(subjects), "Reading subjects")
        if subject not in sequences:
            sequences[subject] = _word_numbers(subject, numbers, spellings)
    words = list(numbers)
    document_counts: Counter[tuple[int, ...]] = Counter()
    named = {subject: _terms(sequence) for subject, sequence in sequences.items()}
    for subject in subjects.values():
        document_counts.update(named[subject])
    kept = [term for term, count in document_counts.items() if len(term) == 1 or count > 1]
    columns = {term: column for column, term in enumerate(kept)}
    lists = {
        subject: [columns[term] for term in terms if term in columns]
        for subject, terms in named.items()
    }
    rows = [lists.get(subjects.get(id_, ""), []) for id_ in conversation_ids.tolist()]
    pointers = np.cumsum([0, *map(len, rows)])
    indices = np.fromiter((column for row in rows for column in row), np.int64, pointers[-1])
    shown = _shown_spellings(words, spellings)
    counts = np.array([document_counts[term] for term in kept], np.float64)
    return Vocabulary(
        [" ".join(shown[number] for number in term) for term in kept],
        kept,
        words,
        _rarities(kept, words, counts, len(subjects)),
        sparse.csr_array((np.ones(len(indices)), indices, pointers), shape=(len(rows), len(kept))),
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


def _word_numbers(
    subject: str, numbers: dict[str, int], spellings: Counter[str]
) -> tuple[int, ...]:
    """The numbers of a subject's words in order; -1 stands where a word says nothing."""
    sequence: list[int] = []
    # Words of a shouted subject do not tell how they are written.
    tells_spelling = not subject.isupper()
    for match in _WORD.finditer(unicodedata.normalize("NFC", subject)):
        written = match.group()
        word = written.casefold().replace("’", "'")
        if word in STOP_WORDS or _says_nothing(word):
            sequence.append(-1)
            continue
        sequence.append(numbers.setdefault(word, len(numbers)))
        if tells_spelling and not (len(sequence) == 1 and written.istitle()):
            spellings[written] += 1
    return tuple(sequence)


def _says_nothing(word: str) -> bool:
    if len(word) > _LONGEST_WORD or not any(character.isalpha() for character in word):
        return True
    return len(word) == 1 and word.isascii()


def _terms(sequence: Sequence[int]) -> set[tuple[int, ...]]:
    terms: set[tuple[int, ...]] = {(number,) for number in sequence if number >= 0}
    terms.update(pair for pair in pairwise(sequence) if min(pair) >= 0 and pair[0] != pair[1])
    return terms


def _shown_spellings(words: Sequence[str], spellings: Mapping[str, int]) -> list[str]:
    """Each word as it is most often written; in lower case when that is not known."""
    best: dict[str, tuple[int, str]] = {}
    for written, count in spellings.items():
        key = written.casefold().replace("’", "'")
        if key not in best or (count, written.islower()) > (
            best[key][0],
            best[key][1].islower(),
        ):
            best[key] = (count, written)
    return [best[word][1] if word in best else word for word in words]


def _rarities(
    terms: Sequence[tuple[int, ...]], words: Sequence[str], counts: Floats, documents: int
) -> Floats:
    rarities = np.log((1 + documents) / (1 + counts)) + 1.0 / math.e
    rarities[counts == 1] *= _ONCE_FACTOR
    rarities[np.array([len(term) > 1 for term in terms], np.bool_)] *= _PHRASE_FACTOR
    has_digits = np.array([any(c.isdigit() for c in word) for word in words], np.bool_)
    with_digits = np.array([any(has_digits[number] for number in term) for term in terms], np.bool_)
    rarities[with_digits] *= _DIGITS_FACTOR
    return rarities


def _incidence_blocks(
    edges: InferredEdges, folded: FoldedConversations
) -> Iterator[tuple[int, sparse.csr_array]]:
    """Which conversations each edge shares, for runs of edges that together share a bounded
    number of them: the first edge's number, and a matrix of edges by conversations."""
    if not len(edges):
        return
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
        flat = np.concatenate(rows)
        yield (
            begin,
            sparse.csr_array(
                (np.ones(len(flat)), (flat, np.concatenate(columns))),
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
    for candidate in candidates:
        parts = terms.parts[candidate]
        if not used.isdisjoint(parts):
            continue
        if any(terms.words[part] in known for part in parts for known in names):
            continue
        used.update(parts)
        chosen.append(terms.labels[candidate])
        if len(chosen) == TERMS_SHOWN:
            break
    return tuple(chosen)
