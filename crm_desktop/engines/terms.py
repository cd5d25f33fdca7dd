"""What two people talk about: the terms of their conversations' subjects that stand out.

A pair's terms are those that the latest conversations they share name most, each times its rarity
in the whole archive (tf-idf). A conversation counts the less the more people took part: what only
two discuss says most of them. All of it is in whole numbers, so that it comes out the same whether
all pairs are described at once or one alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from crm_desktop.base.jobs import JobContext
from crm_desktop.engines.inference import InferredEdges
from crm_desktop.engines.ordering import spread, stable_order
from crm_desktop.engines.vocabulary import Archive, Terms, Texts, best_spelling, rarities

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TERMS_SHOWN = 3
_CANDIDATES = 8
_INTIMACY_STEPS = 256
_EDGES_PER_BLOCK = 1 << 17
_EDGES_PER_SLICE = 2_000


@dataclass(frozen=True, slots=True)
class Subjects:
    """The subjects of the conversations that edges were counted from: for each, the number of its
    text, or -1 without one, and how much it says of any two who take part."""

    texts: Texts
    terms: Terms
    archive: Archive
    text_of: Ints
    intimacies: Ints


def intimacies(people: Ints) -> Ints:
    """How much a conversation of so many people says of any two of them."""
    steps: Ints = np.rint(_INTIMACY_STEPS / np.maximum(1, people - 1)).astype(np.int64)
    return np.maximum(1, steps)


def topics(
    edges: InferredEdges,
    subjects: Subjects,
    names: Mapping[int, str],
    ctx: JobContext | None = None,
) -> list[str]:
    """For each edge, in order, up to three terms that stand out in its conversations, with commas
    between them.

    `names` are the comparable names of people, whose words say nothing about their topics.
    """
    ctx = ctx or JobContext()
    describer = _Describer(subjects, names)
    found: list[str] = []
    for begin in range(0, len(edges), _EDGES_PER_BLOCK):
        for topics_of_slice in describer.block(
            edges, begin, min(begin + _EDGES_PER_BLOCK, len(edges))
        ):
            ctx.tick(len(found), len(edges), "Describing what people talk about")
            found.extend(topics_of_slice)
    return found


class _Describer:
    """Chooses terms. What belongs to one text alone is worked out once: most pairs have met in
    one conversation only, and all who met there share its terms."""

    def __init__(self, subjects: Subjects, names: Mapping[int, str]) -> None:
        self._subjects = subjects
        texts, terms = subjects.texts, subjects.terms
        nothing = np.full((1, 2), -1)
        self._parts = np.concatenate((terms.parts, nothing))  # the last row is for term -1
        self._rarities = rarities(terms, texts.words, subjects.archive)
        counts = subjects.archive.counts
        self._spellings = [
            known.spelling if (known := counts.get(word)) else None for word in texts.words
        ]
        self._tokens_from = np.searchsorted(texts.texts, np.arange(len(texts) + 1))
        # The last row is for "no text", which -1 finds.
        self._named = sparse.csr_array(
            (np.ones(len(terms.texts), np.int64), (terms.texts, terms.terms)),
            shape=(len(texts) + 1, len(terms.parts)),
        )
        self._of_text = self._best(self._named)
        self._term_texts: dict[int, str] = {}
        self._text_topics: dict[int, str] = {}
        self._name_keys, self._is_name_word = _name_words(names, texts.words)

    def block(self, edges: InferredEdges, begin: int, end: int) -> Iterator[list[str]]:
        """The topics of the edges from `begin` up to `end`, in slices."""
        start = int(edges.recent_ends[begin - 1]) if begin else 0
        offsets = np.concatenate(([start], edges.recent_ends[begin:end])) - start
        recent = edges.recent[start : start + int(offsets[-1])]
        texts_of_recent = self._subjects.text_of[recent]
        is_single = np.diff(offsets) == 1
        texts = np.where(is_single, texts_of_recent[offsets[:-1]], -1)
        candidates = self._of_text[texts]
        several = np.flatnonzero(~is_single)
        candidates[several] = self._of_several(recent, offsets, several)
        maybe_silent = self._is_name_word[self._parts[candidates]].any(axis=2)
        is_own = maybe_silent.any(axis=1) | ~is_single
        self._spell_texts(np.unique(texts[~is_own]))
        own = np.flatnonzero(is_own)
        silent = self._is_silent(
            candidates[own],
            maybe_silent[own],
            edges.low_ids[begin:end][own],
            edges.high_ids[begin:end][own],
        )
        chosen = np.full((end - begin, TERMS_SHOWN), -1)
        chosen[own] = _choose(candidates[own], self._parts, silent)
        for first in range(0, end - begin, _EDGES_PER_SLICE):
            part = slice(first, first + _EDGES_PER_SLICE)
            found = [self._text_topics.get(text, "") for text in texts[part].tolist()]
            for place in np.flatnonzero(is_own[part]).tolist():
                edge = first + place
                shared = texts_of_recent[offsets[edge] : offsets[edge + 1]].tolist()
                found[place] = self._spell(chosen[edge].tolist(), shared)
            yield found

    def _best(self, named: sparse.csr_array) -> Ints:
        """The best candidates of each row, best first, at a tie by term number; -1 where there
        are fewer. Rows say how much each term counts before its rarity."""
        named.sort_indices()
        rows = np.repeat(np.arange(named.shape[0]), np.diff(named.indptr))
        scores = named.data * self._rarities[named.indices]
        order = stable_order(rows, int(scores.max(initial=0)) - scores)
        places = np.arange(len(rows)) - named.indptr[rows]
        is_shown = places < _CANDIDATES
        best = np.full((named.shape[0], _CANDIDATES), -1)
        best[rows[is_shown], places[is_shown]] = named.indices[order][is_shown]
        return best

    def _of_several(self, recent: Ints, offsets: Ints, edges: Ints) -> Ints:
        sizes = offsets[edges + 1] - offsets[edges]
        shared = recent[spread(offsets[edges], sizes)]
        counted = sparse.csr_array(
            (
                self._subjects.intimacies[shared],
                self._subjects.text_of[shared] % self._named.shape[0],
                np.concatenate(([0], np.cumsum(sizes))),
            ),
            shape=(len(edges), self._named.shape[0]),
        )
        return self._best(counted @ self._named)

    def _is_silent(self, candidates: Ints, maybe: Flags, low_ids: Ints, high_ids: Ints) -> Flags:
        """Which candidates contain a word of the name of one of the two people."""
        silent = np.zeros(candidates.shape, np.bool_)
        rows, places = np.nonzero(maybe)
        words = self._parts[candidates[rows, places]]
        is_named = np.zeros(len(rows), np.bool_)
        for people in (low_ids[rows], high_ids[rows]):
            for word in words.T:
                key = people * len(self._is_name_word) + word
                is_named |= _contains(self._name_keys, key) & (word >= 0)
        silent[rows, places] = is_named
        return silent

    def _spell_texts(self, texts: Ints) -> None:
        missing = [text for text in texts.tolist() if text >= 0 and text not in self._text_topics]
        rows = self._of_text[missing]
        chosen = _choose(rows, self._parts, np.zeros(rows.shape, np.bool_))
        for text, row in zip(missing, chosen.tolist(), strict=True):
            self._text_topics[text] = self._spell(row, [text])

    def _spell(self, terms: Sequence[int], texts: Sequence[int]) -> str:
        return ", ".join(
            [
                self._term_texts.get(term) or self._term_text(term, texts)
                for term in terms
                if term >= 0
            ]
        )

    def _term_text(self, term: int, texts: Sequence[int]) -> str:
        words = [word for word in self._parts[term].tolist() if word >= 0]
        known = [self._spellings[word] for word in words]
        if None not in known:
            text = self._term_texts[term] = " ".join(filter(None, known))
            return text
        return " ".join(
            spelling or self._spelling_in(word, texts)
            for word, spelling in zip(words, known, strict=True)
        )

    def _spelling_in(self, word: int, texts: Sequence[int]) -> str:
        """How the texts write a word of which the archive does not tell yet."""
        known = self._subjects.texts
        votes: dict[str, int] = {}
        for text in texts:
            if text >= 0:
                tokens = slice(self._tokens_from[text], self._tokens_from[text + 1])
                for place in np.flatnonzero(known.numbers[tokens] == word).tolist():
                    spelling = known.spellings[known.written[tokens][place]]
                    votes[spelling] = votes.get(spelling, 0) + int(known.votes[tokens][place])
        return best_spelling(votes) or known.words[word]


def _name_words(names: Mapping[int, str], words: Sequence[str]) -> tuple[Ints, Flags]:
    """Person and word packed into one number, for each word of a person's name that is among
    `words`, ascending; and for each word, and for -1, whether it is anybody's."""
    number = {word: place for place, word in enumerate(words)}
    width = len(words) + 1
    keys = [
        person * width + number[word]
        for person, name in names.items()
        for word in set(name.split())
        if word in number
    ]
    packed = np.sort(np.array(keys, np.int64))
    is_name_word = np.zeros(width, np.bool_)
    is_name_word[packed % width] = True
    return packed, is_name_word


def _contains(ascending: Ints, values: Ints) -> Flags:
    if not len(ascending):
        return np.zeros(len(values), np.bool_)
    places = np.minimum(np.searchsorted(ascending, values), len(ascending) - 1)
    found: Flags = ascending[places] == values
    return found


def _choose(candidates: Ints, parts: Ints, silent: Flags) -> Ints:
    """Of each row's candidates the first TERMS_SHOWN that are not silent and share no word."""
    count = len(candidates)
    chosen = np.full((count, TERMS_SHOWN), -1)
    used = np.full((count, TERMS_SHOWN, 2), -2)
    sizes = np.zeros(count, np.int64)
    for place in range(candidates.shape[1]):
        terms = candidates[:, place]
        words = parts[terms]
        words[words < 0] = -1
        first, second = words[:, 0], np.where(words[:, 1] < 0, words[:, 0], words[:, 1])
        is_free = (terms >= 0) & ~silent[:, place] & (sizes < TERMS_SHOWN)
        for word in (first, second):
            is_free &= (used != word[:, np.newaxis, np.newaxis]).all(axis=(1, 2))
        rows = np.flatnonzero(is_free)
        chosen[rows, sizes[rows]] = terms[rows]
        used[rows, sizes[rows], 0] = first[rows]
        used[rows, sizes[rows], 1] = second[rows]
        sizes[rows] += 1
    return chosen
