"""The terms of an archive's subjects: words and pairs of neighbouring words, how rare they are,
and how they are written.

How rare a term is follows from the conversations up to a milestone of their ids, at least seven
eighths of them: the same for everyone who looks at the same archive, and unchanged by the few
conversations that come in between. Otherwise each new message would move the rarity of all terms,
and with it every description there is.
"""

from __future__ import annotations

import math
import re
import unicodedata
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crm_desktop.base.jobs import JobContext
from crm_desktop.engines.ordering import group_starts, stable_order
from crm_desktop.engines.stopwords import STOP_WORDS

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MILESTONE_BITS = 4
_SURE = 1_000
"""What a spelling inside a subject weighs against a capital at its start, which may mean
nothing."""
_RARITY_STEPS = 64
"""Rarities count in whole 64ths: sums of whole numbers come out the same in any order."""
_LONGEST_WORD = 24
_ONCE_FACTOR = 0.6
_PHRASE_FACTOR = 1.15
_DIGITS_FACTOR = 0.4
_WORD = re.compile(r"[^\W_]+(?:['’&-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class TermCount:
    """In how many conversations a term is named, and how it is mostly written (words only)."""

    conversations: int
    spelling: str | None


@dataclass(frozen=True, slots=True)
class Archive:
    """What is known of an archive's terms: the number of conversations they were counted in,
    and the counts by term, casefolded, the two words of a pair joined by a space."""

    documents: int
    counts: Mapping[str, TermCount]


@dataclass(frozen=True, slots=True)
class Texts:
    """The distinct subjects as word numbers: those of text i are `numbers` where `texts` is i,
    in order; -1 stands where a word says nothing. Words are numbered alphabetically.

    `written` says which of `spellings` stands there, and `votes` how much that tells of the way
    the word is written.
    """

    subjects: Sequence[str]
    places: Mapping[str, int]
    texts: Ints
    numbers: Ints
    words: Sequence[str]  # casefolded
    written: Ints
    votes: Ints
    spellings: Sequence[str]

    def __len__(self) -> int:
        return len(self.subjects)


@dataclass(frozen=True, slots=True)
class Terms:
    """Which text names which term. Terms are numbered by first word, then second.

    `parts` has a row per term: the number of its first word, and of its second or -1. The terms
    named are `terms` where `texts` is i, each once, ascending.
    """

    parts: Ints
    texts: Ints
    terms: Ints


def milestone(highest_id: int) -> int:
    """The conversations up to this id are those that rarities are counted in."""
    shift = max(0, highest_id.bit_length() - MILESTONE_BITS)
    return highest_id >> shift << shift


def read_texts(subjects: Iterable[str], ctx: JobContext | None = None) -> Texts:
    """The words of all distinct subjects."""
    ctx = ctx or JobContext()
    distinct = list(dict.fromkeys(subjects))
    spellings = _Numbering()
    # Flat arrays: a container per subject would make the garbage collector stop everyone.
    flat, lengths = array("q"), array("q")
    is_shouted = bytearray()
    for done, subject in enumerate(distinct):
        if done % 500 == 0:
            ctx.tick(done, len(distinct), "Reading subjects")
        text = subject if subject.isascii() else unicodedata.normalize("NFC", subject)
        before = len(flat)
        flat.extend(map(spellings.__getitem__, _WORD.findall(text)))
        lengths.append(len(flat) - before)
        is_shouted.append(text.isupper())
    texts = np.repeat(np.arange(len(distinct)), np.array(lengths, np.int64))
    written = np.array(flat, np.int64)
    words, word_of = _number_words(spellings)
    # Words of a shouted subject do not tell how they are written.
    votes = np.where(np.frombuffer(is_shouted, np.bool_)[texts], 0, _SURE)
    starts = group_starts(texts)
    is_title = np.array([spelling.istitle() for spelling in spellings], np.bool_)
    votes[starts] = np.where(is_title[written[starts]], np.minimum(votes[starts], 1), votes[starts])
    return Texts(
        distinct,
        {subject: place for place, subject in enumerate(distinct)},
        texts,
        word_of[written],
        words,
        written,
        votes,
        list(spellings),
    )


class _Numbering(dict[str, int]):
    """Numbers whatever is looked up, in the order of the first look."""

    def __missing__(self, key: str) -> int:
        self[key] = number = len(self)
        return number


def _number_words(spellings: Iterable[str]) -> tuple[list[str], Ints]:
    """The words that say something, in alphabetical order, and the number of each spelling's
    word, or -1."""
    folded = [folded_word(spelling) for spelling in spellings]
    words = sorted({word for word in folded if word not in STOP_WORDS and not _says_nothing(word)})
    number = {word: place for place, word in enumerate(words)}
    return words, np.array([number.get(word, -1) for word in folded], np.int64)


def folded_word(written: str) -> str:
    """A word without regard to case and kind of apostrophe."""
    return written.casefold().replace("’", "'")


def usual_spellings(texts: Texts, uses: Ints) -> dict[str, str]:
    """How each word is mostly written in texts that occur so often: by the votes for it, at a tie
    in lower case, then in the first way. Words of which no text tells are missing."""
    known = (texts.numbers >= 0) & (texts.votes > 0) & (uses[texts.texts] > 0)
    written = texts.written[known]
    votes = np.bincount(
        written, texts.votes[known] * uses[texts.texts[known]], len(texts.spellings)
    )
    by_word: dict[str, dict[str, int]] = {}
    for spelling, vote in zip(texts.spellings, votes.astype(np.int64).tolist(), strict=True):
        if vote:
            by_word.setdefault(folded_word(spelling), {})[spelling] = vote
    return {word: best_spelling(found) or word for word, found in by_word.items()}


def best_spelling(votes: Mapping[str, int]) -> str | None:
    """Of spellings of one word the one with most votes; at a tie lower case, then the first. None
    when nothing tells."""
    told = [spelling for spelling, vote in votes.items() if vote]
    return min(told, key=lambda told: (-votes[told], not told.islower(), told), default=None)


def name_terms(texts: Texts, archive: Archive | None, uses: Ints) -> Terms:
    """The terms of the texts. Pairs of words count only when at least two conversations of the
    archive hold them: of `archive`, or, where that is None, by how often each text is used."""
    keys, named_by = _term_keys(texts)
    distinct, terms = np.unique(keys, return_inverse=True)
    order = stable_order(named_by, terms)
    order = order[group_starts(named_by[order], terms[order])]
    named_by, terms = named_by[order], terms[order]
    parts = _parts(distinct, texts)
    is_phrase = parts[:, 1] >= 0
    if archive is None:
        is_kept = ~is_phrase | (np.bincount(terms, uses[named_by], len(distinct)) >= 2)
    else:
        is_kept = ~is_phrase
        names = term_names(parts[is_phrase], texts.words)
        is_kept[is_phrase] = [name in archive.counts for name in names]
    number = np.cumsum(is_kept) - 1
    kept = is_kept[terms]
    return Terms(parts[is_kept], named_by[kept], number[terms[kept]])


def possible_terms(texts: Texts) -> list[str]:
    """Every word and every pair of neighbouring words of the texts, as text."""
    return term_names(_parts(np.unique(_term_keys(texts)[0]), texts), texts.words)


def _term_keys(texts: Texts) -> tuple[Ints, Ints]:
    """One number for each term named, ordered as terms are, and the text that names it."""
    known = texts.numbers >= 0
    width = len(texts.words) + 1
    first, second = texts.numbers[:-1], texts.numbers[1:]
    joined = (texts.texts[:-1] == texts.texts[1:]) & (first >= 0) & (second >= 0)
    joined &= first != second
    singles = texts.numbers[known] * width
    pairs = first[joined] * width + second[joined] + 1
    named_by = np.concatenate((texts.texts[known], texts.texts[:-1][joined]))
    return np.concatenate((singles, pairs)), named_by


def _parts(keys: Ints, texts: Texts) -> Ints:
    width = len(texts.words) + 1
    return np.stack((keys // width, keys % width - 1), axis=1)


def term_names(parts: Ints, words: Sequence[str]) -> list[str]:
    """The terms as text."""
    return [
        words[first] if second < 0 else f"{words[first]} {words[second]}"
        for first, second in parts.tolist()
    ]


def count_terms(texts: Texts, terms: Terms, uses: Ints, documents: int) -> Archive:
    """The archive of `documents` conversations in which each text is used so often. Phrases that
    fewer than two conversations hold have been left out of `terms`."""
    counts = np.bincount(terms.terms, uses[terms.texts], len(terms.parts)).astype(np.int64)
    spellings = usual_spellings(texts, uses)
    names = term_names(terms.parts, texts.words)
    return Archive(
        documents,
        {
            name: TermCount(count, None if second >= 0 else spellings.get(name, name))
            for name, (_, second), count in zip(
                names, terms.parts.tolist(), counts.tolist(), strict=True
            )
            if count
        },
    )


def rarities(terms: Terms, words: Sequence[str], archive: Archive) -> Ints:
    """How rare each term is, in whole steps: the logarithm of the share of conversations that
    name it, less for what is named once and for numbers, more for phrases."""
    names = term_names(terms.parts, words)
    known = archive.counts
    counts = np.array([known[name].conversations if name in known else 1 for name in names])
    floats: Floats = np.log((1 + archive.documents) / (1 + counts.astype(np.float64))) + 1 / math.e
    # A last entry for "no word", which -1 finds.
    has_digits = np.array([*(not word.isalpha() and _has_digit(word) for word in words), False])
    floats[counts <= 1] *= _ONCE_FACTOR
    floats[terms.parts[:, 1] >= 0] *= _PHRASE_FACTOR
    floats[has_digits[terms.parts].any(axis=1)] *= _DIGITS_FACTOR
    return np.rint(floats * _RARITY_STEPS).astype(np.int64)


def _says_nothing(word: str) -> bool:
    if len(word) == 1:
        return word.isascii()
    if len(word) > _LONGEST_WORD:
        return True
    return not word.isalpha() and not any(character.isalpha() for character in word)


def _has_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)
