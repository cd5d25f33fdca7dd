"""Which commands answer what was typed in the palette, and in which order."""

from __future__ import annotations

from collections.abc import Iterable

from crm_desktop.ui.actions import Action

Marks = tuple[tuple[int, int], ...]


def _word_starts(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if c.isalnum() and (i == 0 or not text[i - 1].isalnum())]


def match(query: str, text: str) -> tuple[float, Marks] | None:
    """How well `text` answers `query`, higher is better, and the (start, length) ranges that
    matched; None when it does not.

    Best is the whole query at the start of a word, then anywhere, then its letters in order.
    """
    wanted, lower = query.casefold().strip(), text.lower()
    if not wanted:
        return 0.0, ()
    position = lower.find(wanted)
    if position >= 0:
        starts = _word_starts(lower)
        start = next((s for s in starts if lower.startswith(wanted, s)), None)
        if start is not None:
            return 3.0 - start / 1000, ((start, len(wanted)),)
        return 2.0 - position / 1000, ((position, len(wanted)),)
    return _letters_in_order(wanted.replace(" ", ""), lower)


def _letters_in_order(wanted: str, text: str) -> tuple[float, Marks] | None:
    marks: list[tuple[int, int]] = []
    at = 0
    for letter in wanted:
        found = text.find(letter, at)
        if found < 0:
            return None
        if marks and sum(marks[-1]) == found:
            marks[-1] = (marks[-1][0], marks[-1][1] + 1)
        else:
            marks.append((found, 1))
        at = found + 1
    # Letters strewn over the whole text answer nothing.
    if len(marks) > max(2, len(wanted) // 2):
        return None
    return 1.0 - len(marks) / 10, tuple(marks)


def rank(query: str, actions: Iterable[Action]) -> list[tuple[Action, Marks]]:
    """The actions that answer `query`, best first, with the ranges of their text that matched.

    An action found by its keywords alone comes after those found by their text.
    """
    found: list[tuple[float, int, Action, Marks]] = []
    for order, action in enumerate(actions):
        hit = match(query, action.plain_text)
        if hit is not None:
            found.append((hit[0], order, action, hit[1]))
            continue
        words = query.casefold().split()
        keywords = action.keywords.split()
        if words and all(any(k.startswith(word) for k in keywords) for word in words):
            found.append((0.1, order, action, ()))
    found.sort(key=lambda entry: (-entry[0], entry[1]))
    return [(action, marks) for _, _, action, marks in found]
