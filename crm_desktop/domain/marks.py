"""Where the words of a query stand in a text, whatever their case and diacritics."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_ASCII_WORD = re.compile("[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters and digits: folded, and the (start, end) of each folded character's
    original in the text."""

    folded: str
    spans: tuple[tuple[int, int], ...]


def tokens(text: str) -> list[Token]:
    """The words of a text as the search knows them, in order."""
    if text.isascii():  # most texts: several times faster
        return [
            Token(match[0].casefold(), tuple((i, i + 1) for i in range(*match.span())))
            for match in _ASCII_WORD.finditer(text)
        ]
    found: list[Token] = []
    letters: list[str] = []
    spans: list[tuple[int, int]] = []

    def close() -> None:
        if letters:
            found.append(Token("".join(letters), tuple(spans)))
            letters.clear()
            spans.clear()

    for index, character in enumerate(text):
        category = unicodedata.category(character)
        if category[0] == "M" and letters:  # belongs to the letter before
            spans[-1] = (spans[-1][0], index + 1)
        elif category[0] in "LN":
            for part in folded(character) or character:
                letters.append(part)
                spans.append((index, index + 1))
        else:
            close()
    close()
    return found


def folded(text: str) -> str:
    """The text without diacritics and case."""
    if text.isascii():
        return text.casefold()
    parts = unicodedata.normalize("NFKD", text)
    return "".join(c for c in parts if not unicodedata.combining(c)).casefold()


def name_order(name: str) -> str:
    """The form in which names sort: letters without marks, case or leading punctuation; "" for a
    name without letters."""
    letters = folded(name)
    if letters[:1].isalpha():
        return letters
    start = next((index for index, c in enumerate(letters) if c.isalpha()), None)
    return "" if start is None else letters[start:]


def name_orders(keys: Sequence[str]) -> list[str]:
    """`name_order` of many names, given in the form in which they compare; several times faster
    than one by one."""
    orders = list(keys)
    strange = [index for index, key in enumerate(keys) if not key.isascii()]
    if strange:
        # Compared names have no line breaks, and marks never join across one.
        text = unicodedata.normalize("NFKD", "\n".join(keys[index] for index in strange))
        for mark in [c for c in set(text) if unicodedata.combining(c)]:
            text = text.replace(mark, "")
        for index, letters in zip(strange, text.split("\n"), strict=True):
            orders[index] = letters.casefold()
    return [order if order[:1].isalpha() else name_order(order) for order in orders]


def folded_words(words: Iterable[str]) -> list[list[str]]:
    """Each word of a query as the folded tokens that it consists of."""
    return [[token.folded for token in tokens(word)] for word in words]


def matched_words(text: str, words: Sequence[Sequence[str]]) -> set[int]:
    """Which of the folded words (by index) begin somewhere in the text."""
    if text.isascii():
        own = _ASCII_WORD.findall(text.casefold())
    else:
        own = [token.folded for token in tokens(text)]
    return {index for index, word in enumerate(words) if _places(own, word)}


def marks(text: str, words: Sequence[Sequence[str]]) -> tuple[tuple[int, int], ...]:
    """The (start, length) ranges of the text that the folded words match, in order and apart."""
    own = tokens(text)
    folded = [token.folded for token in own]
    ranges: set[tuple[int, int]] = set()
    for word in words:
        for place in _places(folded, word):
            for offset, part in enumerate(word):
                spans = own[place + offset].spans
                ranges.add((spans[0][0], spans[len(part) - 1][1]))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple((start, end - start) for start, end in merged)


def _places(own: Sequence[str], word: Sequence[str]) -> list[int]:
    """Where the tokens of a word follow each other in a text, the last as a beginning."""
    if not word:
        return []
    return [
        place
        for place in range(len(own) - len(word) + 1)
        if list(own[place : place + len(word) - 1]) == list(word[:-1])
        and own[place + len(word) - 1].startswith(word[-1])
    ]


def excerpt(text: str, words: Sequence[Sequence[str]], *, length: int = 80) -> str:
    """A piece of the text, on one line, around the first match, cut at blanks with "…"."""
    flat = " ".join(text.split())
    if len(flat) <= length:
        return flat
    found = marks(flat, words)
    start = max(0, found[0][0] - length // 3) if found else 0
    if start:
        blank = flat.find(" ", start, start + length // 3)
        start = blank + 1 if blank >= 0 else start
    end = min(len(flat), start + length)
    if end < len(flat):
        blank = flat.rfind(" ", start + length // 2, end)
        end = blank if blank >= 0 else end
    return ("…" if start else "") + flat[start:end] + ("…" if end < len(flat) else "")
